//! What is done to records on their way into training sets, policies that draw from sets, schedules, infinity, learners that stop short.

use genloss_laws::cell::Method;
use genloss_laws::policy::{mix, mix_of, subsample, three_way};
use genloss_laws::prelude::*;
use genloss_laws::stats::{self, Estimate};
use serde_json::json;

fn at(run: &Run, generation: u32, column: &str) -> Estimate {
    stats::mean(&run.at(generation, column))
}

#[track_caller]
fn near(found: Estimate, expected: f64, what: &str) {
    assert!(found.z(expected).abs() < 4.0, "{what}: {found:?}, expected {expected}, z {}", found.z(expected));
}

fn records(chains: u64) -> Cell {
    gaussian().mle().by(Method::Draws).replicates(chains)
}

// Policies -------------------------------------------------------------------------------------------------------------------------------

#[test]
fn subsets_of_the_pool_meet_their_recursion() {
    for (replacement, classes) in [(false, true), (false, false), (true, true), (true, false)] {
        let n = 10.0;
        let cell = if classes { categorical(&[0.2; 5]).replicates(20_000) } else { records(20_000) };
        let run = cell.n(10).generations(6).policy(subsample(replacement)).run("heterozygosity_ratio variance_ratio n");
        // Q: heterozygosity of the pool, f: the share that a subset loses.
        let mut pool = 1.0 - 1.0 / n;
        for g in 0..=6u32 {
            let size = n * f64::from(g + 1);
            let lost = if replacement { 1.0 / n } else { (size - n) / (n * (size - 1.0)) };
            let (lost, model) = if g == 0 { (0.0, pool) } else { (lost, pool * (1.0 - lost)) };
            let column = if classes { "heterozygosity_ratio" } else { "variance_ratio" };
            near(at(&run, g, column), model, &format!("{column} at {g}, replacement {replacement}"));
            let left = lost + (1.0 - lost) / n;
            pool *= 1.0 - left / f64::powi(f64::from(g) + 2.0, 2);
        }
        assert!(run.at(4, "n").iter().all(|&n| n == 10.0));
    }
}

/// E[1 - sum q^2] falls by chances that two records of T_{g+1} descend from one: checked by the law of two draws.
#[test]
fn records_of_the_last_set_stay_in_the_family() {
    // All previous: the same set for ever, in another order.
    for cell in [categorical(&[0.5, 0.3, 0.2]), records(1)] {
        let run = cell.clone().n(20).replicates(50).generations(5).policy(three_way(0.0, 1.0, 0.0)).run("heterozygosity variance mean_age");
        for column in ["heterozygosity", "variance"] {
            let (first, last) = (run.at(0, column), run.at(5, column));
            assert!(first.iter().zip(&last).all(|(a, b)| a.is_nan() || (a - b).abs() < 1e-12), "{column}");
        }
        assert_eq!(run.at(5, "mean_age")[0], 5.0);
    }
    // Half previous, half from the model: pairs within the kept half, across, and within the new half.
    let (n, kept) = (20.0, 10.0);
    for cell in [categorical(&[0.25; 4]).replicates(20_000), records(20_000)] {
        let run = cell.n(20).generations(8).policy(three_way(0.5, 0.5, 0.0)).run("heterozygosity_ratio variance_ratio");
        let column = if run.at(0, "heterozygosity_ratio")[0].is_nan() { "variance_ratio" } else { "heterozygosity_ratio" };
        let mut h = 1.0 - 1.0 / n;
        for g in 0..=8 {
            near(at(&run, g, column), h, &format!("{column} at {g}"));
            // Two different records: of the kept half as in T_g (without replacement), else as the model draws them (with it).
            let apart = h * n / (n - 1.0);
            let (within, new) = (kept * (kept - 1.0), n - kept);
            h = (within * apart + 2.0 * kept * new * h + new * (new - 1.0) * h) / (n * n);
        }
    }
}

#[test]
fn sizes_follow_their_schedule() {
    let rule = json!({ "start": 20, "power": 1.0 });
    for method in Method::BOTH {
        let cell = gaussian().by(method).sizes(rule.clone()).generations(9).replicates(20_000);
        let run = cell.clone().run("n mean fit_log_variance");
        assert_eq!((0..=9).map(|g| run.at(g, "n")[0]).collect::<Vec<_>>(), (1..=10).map(|k| 20.0 * f64::from(k)).collect::<Vec<_>>());
        // Var[m_G] = sum 1/n_j for the unbiased variance.
        let expected: f64 = (1..=10).map(|k| 1.0 / (20.0 * f64::from(k))).sum();
        near(stats::variance(&run.at(9, "mean")), expected, "variance of the mean");
        let pool = cell.policy(genloss_laws::policy::accumulate()).replicates(2).run("n");
        assert_eq!(pool.at(9, "n")[0], 20.0 * 55.0);
    }
}

// Infinity -------------------------------------------------------------------------------------------------------------------------------

#[test]
fn infinitely_many_records_have_no_statistical_error() {
    for cell in [gaussian().origin(5.0, 3.0), gaussian().mle()] {
        for policy in genloss_laws::policy::every() {
            let run = cell.clone().infinite().generations(30).policy(policy.clone()).run("n variance_ratio mean_shift kl_forward");
            assert!((run.at(30, "variance_ratio")[0] - 1.0).abs() < 1e-12, "{policy}");
            assert!(run.at(30, "mean_shift")[0].abs() < 1e-12 && run.at(30, "n")[0].is_infinite());
        }
    }
    // A composition by chance holds its expectation, whatever makes it one by chance.
    let pass = json!({ "filter": { "truePositiveRate": 0.8, "falsePositiveRate": 0.1, "topUp": true } });
    for (policy, stages, real) in
        [(mix_of(0.3, "fresh", "bernoulli"), json!({}), 0.3), (mix(0.1), pass, 0.1 * 0.9 / (0.1 * 0.9 + 0.9 * 0.2))]
    {
        let run = gaussian().infinite().replicates(3).generations(5).policy(policy).stages(stages).run("real_share");
        for g in 1..=5 {
            assert!(run.at(g, "real_share").iter().all(|share| (share / real - 1.0).abs() < 1e-12), "{:?}", run.at(g, "real_share"));
        }
    }
    let shares = [0.5, 0.3, 0.15, 0.05];
    let run = categorical(&shares).infinite().generations(50).run("kl_forward classes_alive");
    assert!(run.at(50, "kl_forward")[0].abs() < 1e-13 && run.at(50, "classes_alive")[0] == 4.0);
}

#[test]
fn temperature_is_a_power_of_the_density() {
    let hot = json!({ "sampling": { "temperature": 0.9 } });
    let run = gaussian().infinite().generations(9).stages(hot.clone()).run("variance");
    assert!((run.at(9, "variance")[0] / f64::powi(0.9, 9) - 1.0).abs() < 1e-12);
    let p = [0.5, 0.3, 0.15, 0.05];
    let classes = categorical(&p).infinite().generations(9).stages(hot.clone());
    let run = Block::of([classes]).follow("share_3", 0, &[3]).run();
    let power = f64::powi(1.0 / 0.9, 9);
    let expected = f64::powf(p[3], power) / p.iter().map(|&p| f64::powf(p, power)).sum::<f64>();
    assert!((run.at(9, "share_3")[0] / expected - 1.0).abs() < 1e-10);
    for method in Method::BOTH {
        let run = gaussian().by(method).n(50).generations(5).replicates(20_000).stages(hot.clone()).run("variance");
        near(at(&run, 5, "variance"), f64::powi(0.9, 5), "E[v] = T^g");
    }
}

#[test]
fn truncation_multiplies_the_variance() {
    for (k, c) in [(1.0, 0.291_125_095), (2.0, 0.773_741_274), (3.0, 0.973_337_007)] {
        let cut = json!({ "sampling": { "truncate": k } });
        let run = gaussian().infinite().generations(3).stages(cut.clone()).run("variance");
        assert!((run.at(3, "variance")[0] / run.at(2, "variance")[0] - c).abs() < 1e-6, "{k}");
        let run = gaussian().by(Method::Draws).n(50).generations(2).replicates(20_000).stages(cut.clone()).run("variance");
        near(at(&run, 2, "variance"), c * c, "E[v] of draws");
        let error = gaussian().n(50).generations(2).stages(cut).try_run("variance");
        assert_eq!(error.unwrap_err().path, "cells[0].method");
    }
}

// Stages ---------------------------------------------------------------------------------------------------------------------------------

#[test]
fn a_detector_thins_the_set() {
    let filter = |top_up: bool| json!({ "filter": { "truePositiveRate": 0.8, "falsePositiveRate": 0.1, "topUp": top_up } });
    for method in Method::BOTH {
        // Stationary heterozygosity, from theory 10 (N = 100, s = 0.9).
        for (top_up, expected) in [(false, 0.9353), (true, 0.9821)] {
            let cell = categorical(&[0.2; 5]).by(method).n(100).generations(150).replicates(4000);
            let run = cell.policy(mix(0.1)).stages(filter(top_up)).record(&[150]).run("heterozygosity_ratio n");
            let found = at(&run, 150, "heterozygosity_ratio");
            assert!((found.value - expected).abs() < 4.0 * found.se + 5e-5, "{top_up} {method:?}: {found:?} {expected}");
            if top_up {
                assert!(run.at(150, "n").iter().all(|&n| n == 100.0));
            } else {
                near(at(&run, 150, "n"), 100.0 * (0.9 * 0.2 + 0.1 * 0.9), "records that pass");
            }
        }
    }
}

#[test]
fn an_empty_set_stops_the_chain_or_keeps_the_model() {
    let stages = json!({ "filter": { "truePositiveRate": 0.9, "falsePositiveRate": 0.0, "topUp": false } });
    for cell in [categorical(&[0.5, 0.5]), gaussian().mle(), records(1)] {
        let cell = cell.n(3).generations(20).replicates(200).stages(stages.clone());
        let column = if cell.json()["model"]["kind"] == "categorical" { "heterozygosity" } else { "mean" };
        let stopped = Block::of([cell.clone()]).columns(column).events().run();
        assert!(stopped.dates("stopped").iter().filter(|&&g| g >= 0).count() == 200);
        let kept = Block::of([cell.keep_on_empty()]).columns(column).columns("n mean_age real_share").events().run();
        assert!(kept.dates("stopped").iter().all(|&g| g < 0));
        let (mut kept_sets, mut kept_real) = (0, 0);
        for chain in 0..200 {
            let [n, age, real, values] = ["n", "mean_age", "real_share", column].map(|name| kept.chain(chain, name));
            assert!(n.iter().all(|&n| n >= 1.0));
            // A set that was made for this generation has age 0; one that is kept is what it was, a generation older.
            for g in (1..=20).filter(|&g| age[g] > 0.0) {
                let is = |at: usize| (values[at].to_bits(), n[at], real[at]);
                assert_eq!((is(g), age[g]), (is(g - 1), age[g - 1] + 1.0), "chain {chain}, generation {g}");
                kept_sets += 1;
                kept_real += usize::from(real[g] == 1.0);
            }
        }
        assert!(kept_sets > 1000 && kept_real > 100, "{kept_sets} sets were kept, {kept_real} of them real");
    }
}

#[test]
fn poison_grows_as_its_law_says() {
    let (rho, x0): (f64, f64) = (0.05, 0.01);
    let poison = json!({ "poison": { "share": rho, "from": 1, "until": null, "record": 1 } });
    for method in Method::BOTH {
        let cell = categorical(&[1.0 - x0, x0]).by(method).n(100).generations(12).replicates(8000).stages(poison.clone());
        let follow = |cell: Cell| Block::of([cell]).columns("poison_share").follow("share_1", 0, &[1]).run();
        let run = follow(cell.clone());
        near(at(&run, 12, "share_1"), 1.0 - (1.0 - x0) * f64::powi(1.0 - rho, 12), "replace");
        assert!((run.at(12, "poison_share")[0] - rho).abs() < 1e-12);
        let a = 0.2;
        let run = follow(cell.clone().policy(mix(a)));
        let limit = (a * x0 + rho) / (a + rho);
        near(at(&run, 12, "share_1"), limit + (x0 - limit) * f64::powi(1.0 - a - rho, 12), "mix");
        let some = json!({ "poison": { "share": rho, "from": 2, "until": 4, "record": 1 } });
        let run = follow(cell.stages(some));
        let shares: Vec<f64> = (0..=6).map(|g| run.at(g, "poison_share")[0]).collect();
        assert_eq!(shares, [0.0, 0.0, 0.05, 0.05, 0.05, 0.0, 0.0]);
    }
    // A number as the poison of a continuous model moves its mean; a pool of all that was made dilutes it.
    let poison = json!({ "poison": { "share": 0.1, "from": 1, "until": null, "record": 4.0 } });
    for (cell, pooled) in [(gaussian(), false), (gaussian().by(Method::Draws), false), (records(1).policy(subsample(false)), true)] {
        let run = cell.n(50).replicates(8000).generations(3).stages(poison.clone()).run("mean");
        let next = |x: f64, g: i32| {
            let new = 0.1 * 4.0 + 0.9 * x;
            if pooled { (x * f64::from(g) + new) / f64::from(g + 1) } else { new }
        };
        near(at(&run, 3, "mean"), (1..=3).fold(0.0, next), "mean");
    }
}

#[test]
fn weights_count_records_as_often() {
    // T_0 of 10 with weight 2 is T_0 twice: exactly the fit of the doubled set.
    let weights = json!({ "weights": { "real": 2.0, "synthetic": 1.0 } });
    for method in Method::BOTH {
        let cell = gaussian().mle().by(method).n(10).replicates(20_000).generations(1).policy(genloss_laws::policy::accumulate());
        let run = cell.stages(weights.clone()).run("variance mean");
        // Var[m_1]: weights 2/3 and 1/3 of batches whose means share their ancestor.
        let gamma = 0.1;
        let v0 = 1.0 - gamma;
        let m = (4.0 * gamma + 2.0 * 2.0 * gamma + gamma + v0 / 10.0) / 9.0;
        near(stats::variance(&run.at(1, "mean")), m, "variance of the mean");
        near(at(&run, 1, "variance"), 1.0 - m, "mean of the variance");
    }
}

#[test]
fn selection_moves_the_mean() {
    let by = |by: &str, keep: f64| json!({ "selection": { "keep": keep, "by": by } });
    let run = |stages: serde_json::Value| records(8000).n(40).generations(1).stages(stages).run("mean variance n");
    let (high, low, central) = (run(by("highest", 0.5)), run(by("lowest", 0.5)), run(by("central", 0.5)));
    // The upper half of a normal law has mean sqrt(2 / pi) and variance 1 - 2 / pi.
    let mean = at(&high, 1, "mean");
    assert!((mean.value - f64::sqrt(2.0 / std::f64::consts::PI)).abs() < 0.03, "{mean:?}");
    assert!((mean.value + at(&low, 1, "mean").value).abs() < 6.0 * mean.se);
    assert!(at(&high, 1, "variance").value < 0.5 && at(&central, 1, "variance").value < 0.25);
    assert!(high.at(1, "n").iter().all(|&n| n == 40.0));
    // All kept: nothing is selected.
    near(at(&run(by("highest", 1.0)), 1, "mean"), 0.0, "all kept");
}

#[test]
fn classes_are_ruled_out_or_favoured() {
    let p = [0.4, 0.3, 0.2, 0.1];
    for method in [Method::Exact, Method::Draws, Method::Population] {
        let cell =
            if method == Method::Population { categorical(&p).infinite() } else { categorical(&p).n(1000).by(method).replicates(500) };
        let share = |sampling: serde_json::Value, class: u32| {
            let cell = cell.clone().generations(1).stages(json!({ "sampling": sampling }));
            at(&Block::of([cell]).follow("share", 0, &[class]).run(), 1, "share")
        };
        assert_eq!(share(json!({ "topK": 3 }), 3).value, 0.0);
        assert_eq!(share(json!({ "topP": 0.6 }), 2).value, 0.0);
        let biased = share(json!({ "bias": [1.0, 1.0, 1.0, 0.5] }), 3);
        let se = if method == Method::Population { 0.0 } else { biased.se };
        assert!((biased.value - 0.05 / 0.95).abs() < 4.0 * se + 1e-12, "{method:?} {biased:?}");
    }
}

// Learners -------------------------------------------------------------------------------------------------------------------------------

#[test]
fn a_learner_that_stops_short_goes_a_share_of_the_way() {
    let model = |start: &str| json!({ "kind": "gaussian", "estimator": "mle", "steps": 2, "rate": 0.3, "start": start });
    let cell = gaussian().origin(3.0, 1.0).infinite().generations(8);
    let eta: f64 = 1.0 - 0.49;
    let fresh = cell.clone().model(model("fresh")).run("mean");
    (0..=8).for_each(|g| assert!((fresh.at(g, "mean")[0] - 3.0 * f64::powi(eta, g as i32 + 1)).abs() < 1e-12));
    let warm = cell.model(model("warm")).run("mean variance");
    assert!((warm.at(8, "mean")[0] - 3.0 * eta).abs() < 1e-12 && (warm.at(0, "variance")[0] - warm.at(8, "variance")[0]).abs() < 1e-12);
    let classes = json!({ "kind": "categorical", "steps": 1, "rate": 0.25, "start": "fresh" });
    let run = categorical(&[0.7, 0.3]).infinite().generations(4).model(classes);
    let run = Block::of([run]).follow("share_0", 0, &[0]).run();
    (0..=4).for_each(|g| assert!((run.at(g, "share_0")[0] - (0.5 + 0.2 * f64::powi(0.25, g as i32 + 1))).abs() < 1e-12));
}

// Rules ----------------------------------------------------------------------------------------------------------------------------------

#[test]
fn what_has_no_meaning_is_refused() {
    let stages = |stages: serde_json::Value| gaussian().generations(1).stages(stages);
    for (cell, path) in [
        (stages(json!({ "sampling": { "topK": 2 } })), "stages.sampling.topK"),
        (categorical(&[0.5, 0.5]).stages(json!({ "sampling": { "truncate": 1.0 } })), "stages.sampling.truncate"),
        (categorical(&[0.5, 0.5]).stages(json!({ "sampling": { "bias": [1.0] } })), "stages.sampling.bias"),
        (stages(json!({ "sampling": { "temperature": 0.0 } })), "stages.sampling.temperature"),
        (stages(json!({ "poison": { "share": 0.1, "from": 0, "until": null, "record": 1 } })), "stages.poison.from"),
        (gaussian().policy(subsample(false)), "method"),
        (gaussian().policy(mix_of(0.1, "fixed", "stratified")).sizes(json!({ "start": 10, "power": 1.0 })), "n"),
        (
            gaussian().policy(subsample(false)).by(Method::Draws).stages(json!({ "weights": { "real": 2, "synthetic": 1 } })),
            "stages.weights",
        ),
        (gaussian().sizes(json!("inf")), "n"),
        (gaussian().policy(three_way(0.0, 1.0, 0.0)).by(Method::Draws).initial(5), "policy.previous"),
    ] {
        let error = cell.clone().try_run("mean").unwrap_err();
        assert_eq!(error.path.trim_start_matches("cells[0]."), path, "{}", cell.json());
    }
}
