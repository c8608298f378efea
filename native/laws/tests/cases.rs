//! Published mistakes about chains (cases A01, A03, A05, A07, A11, A18, A20, B06, B09, B21, B31), with the right values and others of the kind.
//!
//! Statistical comparisons: four standard errors of our own estimate at one seed, and the tolerance that a case states.

use genloss_laws::cell::{Method, of};
use genloss_laws::markov::count_law;
use genloss_laws::policy::mix_of;
use genloss_laws::prelude::*;
use genloss_laws::special::{digamma, trigamma};
use genloss_laws::stats::count;
use serde_json::json;

fn near(found: Estimate, expected: f64, what: &str) {
    let z = found.z(expected);
    assert!(z.abs() <= 4.0, "{what}: {found:?}, expected {expected}, z {z}");
}

fn far(found: Estimate, wrong: f64, what: &str) {
    assert!(found.z(wrong).abs() > 6.0, "{what}: {found:?} is not far from {wrong}");
}

/// A01: maximum likelihood divides by N, and the decay is exponential. N = 10, 50 fits: E ln v = -11.0283 within 0.1.
#[test]
fn a01_maximum_likelihood_divides_by_n() {
    for method in Method::BOTH {
        let run = gaussian().mle().n(10).generations(49).replicates(20_000).by(method).run("fit_log_variance mean variance");
        let log = mean(&run.at(49, "fit_log_variance"));
        assert!((log.value + 11.028_349_3).abs() < 0.1, "{log:?}");
        near(log, -11.028_349_3, "E ln v");
        near(variance(&run.at(49, "mean")), 0.994_846_224_792_68, "Var m");
        // E v + Var m = 1 at every generation; the mean of v can be seen while generations are few.
        for generation in [0, 1, 2, 4] {
            let kept: Vec<f64> = run.at(generation, "variance").iter().zip(run.at(generation, "mean")).map(|(v, m)| v + m * m).collect();
            near(mean(&kept), 1.0, "E v + Var m");
        }
        near(mean(&run.at(4, "variance")), 0.59049, "E v after 5 fits");
    }
}

/// The same law at other sizes and with the other divisor.
#[test]
fn a01_at_other_sizes() {
    for (n, fits) in [(2, 3), (3, 20), (25, 40), (500, 100), (1_000_000, 50)] {
        let half = 0.5 * (n as f64 - 1.0);
        for (cell, divisor) in [(gaussian(), n as f64 - 1.0), (gaussian().mle(), n as f64)] {
            let run = cell.n(n).generations(fits - 1).replicates(10_000).run("fit_log_variance");
            let log = run.at(fits - 1, "fit_log_variance");
            near(mean(&log), f64::from(fits) * (digamma(half) - f64::ln(0.5 * divisor)), "E ln v");
            near(variance(&log), f64::from(fits) * trigamma(half), "Var ln v");
        }
    }
}

/// A01's other curve: the mean sd of the unbiased fit after 500 fits of 1000 is 0.8824, not sd0 / sqrt(1 + t/N) = 0.8165.
#[test]
fn a01_the_sd_is_not_algebraic() {
    let run = gaussian().n(1000).generations(499).replicates(4000).record(&[499]).run("variance");
    let sd: Vec<f64> = run.at(499, "variance").into_iter().map(f64::sqrt).collect();
    near(mean(&sd), 0.8824, "E sd");
    far(mean(&sd), 0.8165, "E sd");
}

/// A03: ten fresh real records of a hundred hold the variance at 0.949749, neither at 0 nor at 0.1.
#[test]
fn a03_a_fresh_real_share_holds_the_variance() {
    for method in Method::BOTH {
        let run = gaussian().mle().policy(mix(0.1)).n(100).generations(200).replicates(2000).by(method).run("variance mean real_share n");
        // Stationary: each chain's own average over the second half.
        let late = |column: &str, of: fn(f64) -> f64| -> Vec<f64> {
            (0..2000).map(|chain| run.chain(chain, column)[100..].iter().map(|&x| of(x)).sum::<f64>() / 101.0).collect()
        };
        near(mean(&late("variance", |v| v)), 0.949_748_743_718_593, "E v");
        near(mean(&late("mean", |m| m * m)), 0.050_251_256_281_407, "Var m");
        far(mean(&late("variance", |v| v)), 0.1, "E v");
        assert!(run.at(200, "real_share").iter().all(|&share| share == 0.1) && run.at(200, "n").iter().all(|&n| n == 100.0));
    }
}

/// A05: to accumulate is to keep every record ever made, which a mix of the same first size is not.
#[test]
fn a05_accumulating_keeps_every_record() {
    for method in Method::BOTH {
        let cell = gaussian().mle().policy(accumulate()).n(10).generations(300).replicates(10_000).by(method).record(&[19, 300]);
        let run = cell.run("variance n real_share");
        near(mean(&run.at(19, "variance")), 0.847_559_574_369_777_8, "E v after 20 fits");
        near(mean(&run.at(300, "variance")), 0.843_435_857_215_594, "the limit");
        assert!(run.at(19, "n").iter().all(|&n| n == 200.0) && run.at(19, "real_share").iter().all(|&share| share == 0.05));
        let mixed = gaussian().mle().policy(mix(0.5)).n(10).generations(19).replicates(10_000).by(method).run("variance n");
        far(mean(&mixed.at(19, "variance")), 0.847_559_574_369_777_8, "a mix");
        assert!(mixed.at(19, "n").iter().all(|&n| n == 10.0));
    }
}

/// Real records of generation 1 for the two shares of a mix, as the block has them.
fn real_records(synthetic: f64, real: f64, n: u64) -> f64 {
    let policy =
        json!({ "kind": "mix", "synthetic": synthetic, "real": real, "source": "fresh", "composition": "stratified", "recycle": false });
    let run = gaussian().policy(policy).n(n).generations(1).run("real_share n");
    assert_eq!(run.at(1, "n"), [n as f64]);
    (run.at(1, "real_share")[0] * n as f64).round()
}

/// A07: shares are decimals. 1 - 0.9 of 5000 are 500 records and not 499.
#[test]
fn a07_shares_become_exact_counts() {
    for (synthetic, real) in [(0.8, 1000.0), (0.9, 500.0), (0.95, 250.0)] {
        assert_eq!(real_records(synthetic, 1.0 - synthetic, 5000), real);
        assert_eq!(real_records(1.0 - synthetic, synthetic, 5000), 5000.0 - real);
    }
    for (share, n, real) in [(0.7, 10, 7.0), (0.15, 20, 3.0), (0.35, 20, 7.0), (0.35, 1000, 350.0), (0.57, 100, 57.0), (0.29, 100, 29.0)] {
        assert_eq!(real_records(1.0 - share, share, n), real, "{share} of {n}");
    }
    for percent in 0..=100u64 {
        let share = percent as f64 / 100.0;
        for n in [100, 5000, 1_000_000, 9_007_199_254_740_900] {
            assert_eq!(real_records((100 - percent) as f64 / 100.0, share, n), (percent * (n / 100)) as f64, "{share} of {n}");
        }
        for n in [7u64, 33, 999] {
            // Largest remainder; a half goes to the records of the model.
            let expected = (percent * n + 49) / 100;
            assert_eq!(real_records((100 - percent) as f64 / 100.0, share, n), expected as f64, "{share} of {n}");
        }
    }
}

/// Shares that add up to 1 but for rounding are shares still; one above 1 or below 0 is none.
#[test]
fn a07_shares_lie_between_nought_and_one() {
    assert_eq!(real_records(1.0, 0.0, 10_000_000_000), 0.0);
    assert_eq!(real_records(1.0, -0.0, 5000), 0.0);
    for (synthetic, real) in [(0.0, 1.0 + 9e-10), (1.0 + 9e-10, 0.0), (-9e-10, 1.0), (0.5, 0.6)] {
        let policy = json!({ "kind": "mix", "synthetic": synthetic, "real": real, "source": "fresh", "composition": "stratified", "recycle": false });
        let refused = Block::of([gaussian().policy(policy).n(10_000_000_000)]).columns("n").try_run();
        assert_eq!(refused.map(|_| ()).unwrap_err().path, "cells[0].policy", "{synthetic} {real}");
    }
}

/// Both shares of Bernoulli mixes are right on average.
#[test]
fn a07_bernoulli_shares_are_right_on_average() {
    for (share, n) in [(0.7, 10), (0.15, 20), (0.35, 999)] {
        let run = gaussian().policy(mix_of(share, "fresh", "bernoulli")).n(n).generations(1).replicates(20_000).run("real_share");
        let found = run.at(1, "real_share");
        near(mean(&found), share, "real share");
        near(variance(&found), share * (1.0 - share) / n as f64, "its variance");
    }
}

/// A18: a category of 2 in 20 is lost after 1, 2, 10 and 50 generations with these probabilities, whoever resamples it.
#[test]
fn a18_a_rare_category_is_lost() {
    let stated = [(1, 0.121_577), (2, 0.261_613), (10, 0.675_792), (50, 0.880_48)];
    let code: Vec<u32> = (0..20).map(|row| u32::from(row < 2)).collect();
    let origin = json!({ "kind": "table", "table": 0, "columns": [0] });
    let law = categorical(&[0.9, 0.1]);
    let (fitted, rows) = (of(origin, json!({ "kind": "categorical" })), table(&[0]));
    // A table's own rows are generation 0; n draws from the law are.
    let ways = [(&fitted, Method::Exact, 0), (&fitted, Method::Draws, 0), (&rows, Method::Exact, 0), (&rows, Method::Draws, 0)];
    for (cell, method, early) in
        ways.into_iter().chain([(&law, Method::Exact, 1), (&law, Method::Draws, 1), (&resampled(&law), Method::Draws, 1)])
    {
        let cell = cell.clone().n(20).generations(50).replicates(20_000).by(method);
        let run = Block::of([cell.clone()]).table(vec![codes(&code)]).follow("rare", 0, &[1]).run();
        for (generations, stated) in stated {
            let lost = count(&run.at(generations - early, "rare"), |share| share == 0.0);
            let exact = count_law(20, 0.1, generations - 1)[0];
            let share = lost as f64 / 20_000.0;
            assert!((share - stated).abs() < 0.015 && (exact - stated).abs() < 1e-6, "{share} {exact} for {stated}");
            let z = binomial_z(lost, 20_000, exact);
            assert!(z.abs() <= 4.0, "{generations} generations, z {z}, {}", cell.json());
        }
    }
}

/// A20: Scott's rule at N = 100 multiplies the variance by 1.148489 each generation: a loss must be allowed to be negative.
#[test]
fn a20_a_bandwidth_rule_makes_the_variance_grow() {
    let factor: f64 = 1.148_489_319_246_111_4;
    let kde = |bandwidth: serde_json::Value| json!({ "kind": "kde", "bandwidth": bandwidth });
    let scott = gaussian().model(kde(json!("scott"))).by(Method::Draws);
    let run = scott.clone().n(100).generations(9).replicates(20_000).run("variance variance_ratio");
    for generation in [0, 1, 4, 9] {
        near(mean(&run.at(generation, "variance")), factor.powi(generation as i32 + 1), "E variance");
    }
    let grown: Vec<f64> = run.at(1, "variance").iter().zip(run.at(0, "variance")).map(|(next, last)| next / last).collect();
    assert!((mean(&grown).value - factor).abs() < 0.005, "{:?}", mean(&grown));
    far(mean(&run.at(9, "variance_ratio")), 1.0, "a variance that stays");
    // Other rules, sizes and dimensions: 1 - 1/n + c^2 with c = n^(-1/(d+4)) or (n (d+2) / 4)^(-1/(d+4)).
    let space = |d: u32| of(json!({ "kind": "multivariate-gaussian", "dimensions": d }), kde(json!("silverman"))).by(Method::Draws);
    let silverman = |n: f64, d: f64| 1.0 - 1.0 / n + (n * (d + 2.0) / 4.0).powf(-2.0 / (d + 4.0));
    for (cell, n, factor) in [
        (scott.clone(), 10, 0.9 + f64::powf(10.0, -0.4)),
        (scott, 500, 1.0 - 1.0 / 500.0 + f64::powf(500.0, -0.4)),
        (gaussian().model(kde(json!("silverman"))).by(Method::Draws), 50, silverman(50.0, 1.0)),
        (space(2), 50, silverman(50.0, 2.0)),
        (space(5), 30, silverman(30.0, 5.0)),
    ] {
        let run = cell.n(n).generations(3).replicates(4000).run("variance_ratio");
        near(mean(&run.at(3, "variance_ratio")), factor.powi(4), "E variance");
    }
}

/// B21: a bandwidth rule on equal records is a point at their value, said in a column, and the chain goes on.
#[test]
fn b21_equal_records_are_a_point() {
    let origin = || json!({ "kind": "table", "table": 0, "columns": [0] });
    for bandwidth in ["scott", "silverman"] {
        for policy in [replace(), accumulate(), window_with_real(2), mix(0.5)] {
            let cell = of(origin(), json!({ "kind": "kde", "bandwidth": bandwidth })).by(Method::Draws).policy(policy.clone());
            let block = Block::of([cell.n(20).generations(5).replicates(3)]).table(vec![numbers(&[3.5; 20])]).events();
            let run = block.columns("mean variance fit_bandwidth flat_kernel w1 w2 outside_support").run();
            for generation in 0..=5 {
                let all = |column: &str, value: f64| run.at(generation, column).iter().all(|&x| x == value);
                assert!(all("mean", 3.5) && all("variance", 0.0) && all("fit_bandwidth", 0.0) && all("flat_kernel", 1.0), "{policy}");
                assert!(all("w1", 0.0) && all("w2", 0.0) && all("outside_support", 0.0), "{policy}");
            }
            assert!(run.dates("stopped").iter().all(|&date| date == -1));
        }
    }
    // A histogram and a kernel of a given width take the same records as they are.
    for (model, variance) in
        [(json!({ "kind": "kde", "bandwidth": 0.5 }), 0.25), (json!({ "kind": "histogram", "width": 0.5 }), 0.25 / 12.0)]
    {
        let cell = of(origin(), model).by(Method::Draws).n(20).replicates(3);
        let run = Block::of([cell]).table(vec![numbers(&[3.5; 20])]).columns("variance").run();
        assert!(run.at(0, "variance").iter().all(|v| (v - variance).abs() < 1e-15));
    }
}

/// Normal components with full covariances, as a plan has them by default.
fn mixture_model(components: usize, init: &str) -> serde_json::Value {
    json!({
        "kind": "gaussian-mixture", "components": components, "covariance": "full", "iterations": 100, "tolerance": 1e-3,
        "init": init, "restarts": 1, "floor": 1e-6,
    })
}

/// A11: a component's sd divides the trace by the dimensions, not by the components, and the variance includes the part between components.
#[test]
fn a11_component_sd_and_total_variance() {
    for d in [1, 2] {
        let unit: Vec<Vec<f64>> = (0..d).map(|i| (0..d).map(|j| f64::from(u8::from(i == j))).collect()).collect();
        let part = |mean: f64| json!({ "weight": 0.5, "mean": vec![mean; d], "covariance": unit });
        let origin = json!({ "kind": "mixture", "components": [part(-2.0), part(2.0)] });
        let cell = of(origin, mixture_model(2, "given"));
        if d == 1 {
            let run = cell.infinite().run("fit_component_sd variance components_alive fit_weight_min");
            for (column, expected) in [("fit_component_sd", 1.0), ("variance", 5.0), ("components_alive", 2.0), ("fit_weight_min", 0.5)] {
                assert!((run.at(0, column)[0] - expected).abs() < 2e-6, "{column}");
            }
        }
        let cell = of(json!({ "kind": "mixture", "components": [part(-2.0), part(2.0)] }), mixture_model(2, "given")).by(Method::Draws);
        let run = cell.n(20_000).replicates(20).run("fit_component_sd variance_ratio");
        // Components overlap by 2 %, so that sds of theirs are a little less certain than those of 10,000 records: 0.7 % each, in d coordinates.
        assert!(run.at(0, "fit_component_sd").iter().all(|sd| (sd - 1.0).abs() < 0.04), "{:?}", run.at(0, "fit_component_sd"));
        assert!(run.at(0, "variance_ratio").iter().all(|ratio| (ratio - 1.0).abs() < 0.04));
    }
}

/// B06: a component on five equal records: a finite likelihood, the floor applied and said, weights 0.4, 0.4, 0.2.
#[test]
fn b06_a_collapsed_component_is_floored_and_said() {
    let group = [0.153, 1.644, 1.237, -0.282, -1.779, 1.621, 0.237, -0.577, 0.367, 0.676];
    let other = [9.24, 10.076, 9.5, 9.584, 10.881, 8.361, 10.153, 9.969, 9.554, 8.918];
    let rows = [&group[..], &other, &[50.0; 5]].concat();
    let origin = json!({ "kind": "table", "table": 0, "columns": [0] });
    let columns = "fit_log_likelihood fit_floored fit_component_sd fit_weight_min components_alive mean kl_forward stopped";
    let cell = of(origin, mixture_model(3, "k-means++")).by(Method::Draws).n(25).generations(20).replicates(10);
    let run = Block::of([cell]).table(vec![numbers(&rows)]).columns(columns).events().run();
    for (column, expected) in [("fit_floored", 1.0), ("fit_weight_min", 0.2), ("components_alive", 3.0)] {
        assert_eq!(run.at(0, column), [expected; 10], "{column}");
    }
    assert!(run.at(0, "fit_component_sd").iter().all(|sd| (sd - 1e-3).abs() < 1e-9));
    // Mean of the records: 0.4 * 0.3297 + 0.4 * 9.6236 + 0.2 * 50.
    assert!(run.at(0, "mean").iter().all(|mean| (mean - 13.981_32).abs() < 1e-9));
    for generation in 0..=20 {
        assert!(run.at(generation, "fit_log_likelihood").iter().all(|x| x.is_finite()), "{generation}");
    }
    assert_eq!(run.dates("stopped"), [-1; 10]);
}

/// B09: a positive log density is right.
#[test]
fn b09_a_positive_log_density_is_no_error() {
    use genloss_core::models::gaussian_mixture::law::Mixture;
    let narrow = Mixture::new(1, vec![1.0], vec![0.0], vec![1e-4]).expect("a mixture");
    assert!((narrow.log_density(&[0.0]) - 3.686_231_652_783_418_2).abs() < 1e-14);
    let origin = json!({ "kind": "gaussian", "mean": 0.0, "sd": 0.01 });
    let model = json!({ "kind": "gaussian-mixture", "components": 1, "covariance": "full", "iterations": 100, "tolerance": 1e-3,
        "init": "k-means++", "restarts": 1, "floor": 1e-12 });
    let found = of(origin, model).infinite().run("fit_log_likelihood").at(0, "fit_log_likelihood")[0];
    // -ln(sd) - ln(2 pi e) / 2
    assert!((found - 3.186_231_652_783_418_2).abs() < 1e-7, "{found}");
}

/// B31: shares of log weights 1000, 1000, 999, and of the same a thousand times as far down.
#[test]
fn b31_the_greatest_log_weight_is_subtracted() {
    use genloss_core::models::gaussian_mixture::blocks::Blocks;
    use genloss_core::models::gaussian_mixture::em::{Settings, fit};
    use genloss_core::models::gaussian_mixture::law::Mixture;
    use genloss_core::plan::{MixtureCovariance, MixtureInit};
    use genloss_core::random::stream::Stream;
    use genloss_core::simd::Level;
    let settings = Settings {
        components: 3,
        covariance: MixtureCovariance::Full,
        iterations: 1,
        tolerance: 0.0,
        init: MixtureInit::Given,
        restarts: 1,
        floor: 1e-6,
    };
    for depth in [0.0, 1e3, 1e6] {
        // A record at 0 has ln density -m^2 / 2 + c under a component of sd 1 at m: depth, depth and depth + 1 below c.
        let means = [0.0, 0.0, 1.0].map(|more: f64| f64::sqrt(2.0 * (depth + more)));
        let start = Mixture::new(1, vec![1.0 / 3.0; 3], means.to_vec(), vec![1.0; 3]).expect("a mixture");
        let mut blocks = Blocks::default();
        blocks.fill(&[0.0; 3], None, 1);
        for level in Level::available() {
            let shares = fit(level, &blocks, &settings, Some(&start), &mut Stream::new([1, 2, 3, 4])).expect("a fit").mixture.weights;
            for (share, expected) in shares.iter().zip([0.422_318_8, 0.422_318_8, 0.155_362_4]) {
                assert!((share - expected).abs() < 1e-7, "{depth}: {share}");
            }
        }
    }
}
