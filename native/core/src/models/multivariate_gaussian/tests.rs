//! Tests of the multivariate gaussian family: columns against numpy, laws of chains against closed forms, and hard data.

use std::sync::Arc;

use super::{Fitted, Learning, MultivariateGaussian, columns};
use crate::family::{Death, Family, Source, View};
use crate::math::{self, matrix};
use crate::models::trial::{chains, run};
use crate::plan::{Covariance, Estimator, Method};
use crate::scatter::Scatter;
use crate::simd::Level;

const MLE: Learning = Learning { estimator: Estimator::Mle, covariance: Covariance::Full, method: Method::Exact };
const UNBIASED: Learning = Learning { estimator: Estimator::Unbiased, ..MLE };
const DIAGONAL: Learning = Learning { covariance: Covariance::Diagonal, ..MLE };

const M0: [f64; 3] = [1.0, -2.0, 10.0];
const S0: [[f64; 3]; 3] = [[4.0, 1.2, -0.6], [1.2, 1.0, 0.3], [-0.6, 0.3, 9.0]];
const M: [f64; 3] = [1.5, -1.0, 4.0];
const S: [[f64; 3]; 3] = [[1.0, -0.2, 0.5], [-0.2, 2.0, 0.7], [0.5, 0.7, 3.0]];

fn correlated(learning: Learning) -> MultivariateGaussian {
    let covariance: Vec<Vec<f64>> = S0.iter().map(|row| row.to_vec()).collect();
    MultivariateGaussian::normal(3, Some(&M0), Some(&covariance), learning).unwrap()
}

fn standard(d: usize, learning: Learning) -> MultivariateGaussian {
    MultivariateGaussian::normal(d, None, None, learning).unwrap()
}

/// The columns of a model with mean m and covariance S (or its diagonal) beside the family's origin.
fn seen(family: &MultivariateGaussian, m: [f64; 3], diagonal: bool) -> impl Fn(&str) -> f64 {
    let mut model = family.fitted(1);
    let sd = &family.sd;
    (0..3).for_each(|i| model.law.mean[i] = (m[i] - family.mean[i]) / sd[i]);
    if diagonal {
        (0..3).for_each(|i| model.law.factor[i] = f64::sqrt(S[i][i]) / sd[i]);
    } else {
        let r = &mut model.law.factor[..9];
        (0..9).for_each(|k| r[k] = S[k / 3][k % 3] / (sd[k / 3] * sd[k % 3]));
        matrix::cholesky(Level::best(), r, 3, 0.0).unwrap();
    }
    let training = family.data(1);
    move |name| {
        let mut out = [0.0];
        columns::measure(name).unwrap()(family, &View { training: &training, model: &model, level: Level::best() }, &mut out);
        out[0]
    }
}

/// Values by tools/oracles/multivariate_gaussian.py.
#[test]
fn columns_agree_with_numpy() {
    let names = [
        "variance_ratio",
        "variance_min",
        "variance_max",
        "mean_shift",
        "fit_log_det",
        "partial_variance",
        "support_dimension",
        "participation_ratio",
        "tail_p05",
        "tail_p01",
        "tail_p001",
        "tail_lower_p01",
        "tail_upper_p01",
        "w2",
        "kl_forward",
        "kl_reverse",
        "hellinger",
        "entropy",
    ];
    assert_eq!(columns::list().iter().map(|column| column.name).filter(|name| !name.ends_with("state")).collect::<Vec<_>>(), names);
    let full = [
        1.3787463450292397,
        0.14380115750443367,
        3.569675414385146,
        2.495678831289669,
        1.55814461804655,
        0.2834467120181406,
        3.0,
        1.3219353514642065,
        0.006362505709362582,
        0.00016543247225390292,
        5.976926650278411e-07,
        1.5890696255187696e-06,
        2.271042937048528e-13,
        6.3944428475818125,
        12.228260933040048,
        4.446222893714339,
        0.8510736275267037,
        5.035887908637293,
    ];
    let beside_standard = [
        2.0,
        0.7633413923083865,
        3.4139464328825566,
        6.103277807866851,
        1.55814461804655,
        2.423469387755102,
        3.0,
        2.313624678663239,
        1.5819506832119283,
        2.0004460473822214,
        2.706281809161361,
        0.20991798300169023,
        7.373551510256925e-05,
        6.173093314264036,
        10.047230203760117,
        19.345927690976726,
        0.9749897613789417,
        5.035887908637293,
    ];
    let diagonal = [
        1.3381761695906433,
        0.2341287520880022,
        3.4400498081347126,
        2.495678831289669,
        1.791759469228055,
        0.3508771929824561,
        3.0,
        1.342522292977683,
        0.006362505709362582,
        0.00016543247225390292,
        5.976926650278411e-07,
        1.5890696255187696e-06,
        2.271042937048528e-13,
        6.357178601707824,
        7.9779104638939575,
        4.268560204965691,
        0.82574896406481,
        5.152695334228046,
    ];
    let apart = [M[0] - M0[0], M[1] - M0[1], M[2] - M0[2]];
    let (a, b, c) = (correlated(MLE), standard(3, MLE), correlated(DIAGONAL));
    type Seen<'a> = Box<dyn Fn(&str) -> f64 + 'a>;
    let cases: [(&str, Seen, [f64; 18]); 3] = [
        ("full", Box::new(seen(&a, M, false)), full),
        ("standard", Box::new(seen(&b, apart, false)), beside_standard),
        ("diagonal", Box::new(seen(&c, M, true)), diagonal),
    ];
    for (case, seen, expected) in &cases {
        for (name, expected) in names.iter().zip(expected) {
            let value = seen(name);
            assert!((value - expected).abs() <= 2e-12 * expected.abs(), "{case}, {name}: {value}, numpy {expected}");
        }
    }
}

/// ln of each squared pivot of chol(S) of a chain: the variances of the coordinates given the ones before them.
fn log_pivots(law: &Scatter, chain: usize) -> Vec<f64> {
    let d = law.dimensions;
    let (factor, exponent) = (&law.factor[law.factor_at(chain)], &law.exponent[law.at(chain)]);
    (0..d).map(|k| 2.0 * (math::ln(factor[k * d + k]) + exponent[k] * std::f64::consts::LN_2)).collect()
}

/// ln chol(S_g)_ii^2 is a sum of independent ln(chi2_{n-i} / divisor), whatever the correlations of the origin: its rates are the Lyapunov
/// exponents of the eigenvalues. And chol(S_g)_dd^2 has mean ((n - d) / divisor)^(g + 1).
#[test]
fn pivots_have_their_own_laws() {
    for (learning, method, d, n, generations, count) in [
        (UNBIASED, Method::Exact, 3, 20u64, 4, 4000),
        (UNBIASED, Method::Draws, 3, 20, 4, 4000),
        (MLE, Method::Exact, 5, 50, 19, 1000),
        (MLE, Method::Draws, 3, 6, 2, 2000),
    ] {
        let learning = Learning { method, ..learning };
        let family = if d == 3 { correlated(learning) } else { standard(d, learning) };
        let divisor = if learning.estimator == Estimator::Mle { n as f64 } else { n as f64 - 1.0 };
        let start: Vec<f64> = (0..d).map(|k| family.correlation.as_ref().map_or(0.0, |r| 2.0 * math::ln(r[k * d + k]))).collect();
        let mut last = vec![];
        chains(&family, [7, n], (n, generations, count), |generation, _, Fitted { law, .. }| {
            if generation == generations {
                last = (0..count).map(|chain| log_pivots(law, chain)).collect();
            }
        });
        let fits = f64::from(generations) + 1.0;
        for k in 0..d {
            let half = 0.5 * (n as f64 - 1.0 - k as f64);
            let mean = start[k] + fits * (math::digamma(half) - math::ln(0.5 * divisor));
            let sd = f64::sqrt(fits * math::trigamma(half) / count as f64);
            let found = last.iter().map(|pivots: &Vec<f64>| pivots[k]).sum::<f64>() / count as f64;
            assert!((found - mean).abs() < 4.0 * sd, "{learning:?}, pivot {k}: {found}, expected {mean}, sd {sd}");
        }
        if fits > 5.0 {
            continue;
        }
        let ratios: Vec<f64> = last.iter().map(|pivots| math::exp(pivots[d - 1] - start[d - 1])).collect();
        let mean = ratios.iter().sum::<f64>() / count as f64;
        let sd = f64::sqrt(ratios.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>()) / count as f64;
        let expected = f64::powf((n as f64 - d as f64) / divisor, fits);
        assert!((mean - expected).abs() < 4.0 * sd, "{learning:?}: {mean}, expected {expected}, sd {sd}");
    }
}

/// Once they are far apart, eigenvalues decay at the rates of the pivots: oracles mvn.lyapunov.unbiased and mvn.lyapunov.mle.
#[test]
fn eigenvalues_decay_at_their_own_rates() {
    let three = [-0.053553922203545934, -0.11065032065088554, -0.17120098102707537];
    let five = [-0.04074967851489264, -0.06179997868289311, -0.08330287000425463, -0.10527823955245852, -0.12774731444869936];
    for (learning, d, n, rates) in [(UNBIASED, 3, 20u64, &three[..]), (MLE, 5, 50, &five[..])] {
        let (family, from, to, count) = (standard(d, learning), 300, 800, 64);
        let mut slopes = vec![0.0; d];
        chains(&family, [7, n], (n, to, count), |generation, _, Fitted { law, .. }| {
            let sign = if generation == from {
                -1.0
            } else if generation == to {
                1.0
            } else {
                return;
            };
            for chain in 0..count {
                let mut r = law.factor[law.factor_at(chain)].to_vec();
                let axes = matrix::singular_values(Level::best(), &mut r, d);
                slopes.iter_mut().zip(axes.iter().rev()).for_each(|(sum, s)| *sum += sign * 2.0 * math::ln(*s) / f64::from(to - from));
            }
        });
        for (k, (slope, rate)) in slopes.iter().zip(rates).enumerate() {
            let half = 0.5 * (n as f64 - 1.0 - k as f64);
            let sd = f64::sqrt(math::trigamma(half) / f64::from(to - from) / count as f64);
            assert!((slope / count as f64 - rate).abs() < 4.0 * sd, "{d}, {k}: {}, expected {rate}, sd {sd}", slope / count as f64);
        }
    }
}

/// Chains of 10,000 generations at n = 10: variances underflow, their logarithms do not, and stay linear.
#[test]
fn long_chains_keep_their_logarithms() {
    for covariance in [Covariance::Full, Covariance::Diagonal] {
        let columns = run(
            &cell(
                "exact",
                "unbiased",
                if covariance == Covariance::Full { "full" } else { "diagonal" },
                4,
                10,
                10_000,
                16,
                "[0,5000,10000]",
            ),
            &["fit_log_det", "variance_ratio", "variance_max", "tail_p01", "entropy", "hellinger", "kl_reverse", "kl_forward"],
            &[],
        );
        let degrees = |k: f64| if covariance == Covariance::Full { 9.0 - k } else { 9.0 };
        let rate: f64 = (0..4).map(|k| math::digamma(0.5 * degrees(f64::from(k))) - math::ln(4.5)).sum();
        let spread: f64 = (0..4).map(|k| math::trigamma(0.5 * degrees(f64::from(k)))).sum();
        for (at, fits) in [(1, 5001.0), (2, 10_001.0)] {
            let found = (0..16).map(|chain| columns.values[0][3 * chain + at]).sum::<f64>() / 16.0;
            assert!((found - fits * rate).abs() < 4.0 * f64::sqrt(fits * spread / 16.0), "{covariance:?}: {found} {}", fits * rate);
        }
        let end = |column: usize, chain: usize| columns.values[column][3 * chain + 2];
        for chain in 0..16 {
            assert_eq!([end(1, chain), end(2, chain), end(3, chain), end(5, chain), end(7, chain)], [0.0, 0.0, 0.0, 1.0, f64::INFINITY]);
            assert!(end(4, chain).is_finite() && end(6, chain).is_finite());
        }
        assert!(columns.events[4].iter().all(|&stopped| stopped < 0));
    }
}

/// n <= d: the support has n - 1 dimensions, exactly and for good; nothing is NaN.
#[test]
fn few_records_leave_a_support_of_fewer_dimensions() {
    for method in ["exact", "draws"] {
        for (policy, n) in [
            (r#"{"kind":"replace"}"#, 4u64),
            (r#"{"kind":"accumulate"}"#, 4),
            (r#"{"kind":"window","batches":2,"keepReal":true}"#, 4),
            (r#"{"kind":"replace"}"#, 1),
        ] {
            let text = cell(method, "mle", "full", 6, n, 30, 16, "\"all\"").replace(r#"{"kind":"replace"}"#, policy);
            let all: Vec<&str> = columns::list().iter().map(|column| column.name).collect();
            let columns = run(&text, &all, &[]);
            let column = |name: &str| &columns.values[columns.names.iter().position(|other| other == name).unwrap()];
            for (name, values) in columns.names.iter().zip(&columns.values) {
                assert!(values.iter().all(|x| !x.is_nan()), "{policy} by {method}: {name}");
            }
            assert!(column("support_dimension").iter().all(|&k| k == n as f64 - 1.0), "{policy} by {method}");
            assert!(column("fit_log_det").iter().all(|&x| x == f64::NEG_INFINITY) && column("variance_min").iter().all(|&x| x == 0.0));
            assert!(column("kl_forward").iter().all(|&x| x == f64::INFINITY) && column("hellinger").iter().all(|&x| x == 1.0));
            assert!(columns.events[4].iter().all(|&stopped| stopped < 0));
        }
    }
}

/// E[tr S] / d + E|m|^2 / d is the origin's variance for the mle, full or diagonal, correlated or not, by every method.
#[test]
fn the_moment_budget_holds() {
    for (method, covariance) in [("exact", "full"), ("draws", "full"), ("exact", "diagonal"), ("draws", "diagonal")] {
        let text = cell(method, "mle", covariance, 3, 8, 5, 4000, "[0,1,5]");
        let correlated = text.replace(
            "\"dimensions\":3",
            "\"dimensions\":3,\"covariance\":[[4.0,1.2,-0.6],[1.2,1.0,0.3],[-0.6,0.3,9.0]],\"mean\":[1.0,-2.0,10.0]",
        );
        // A diagonal fit keeps the budget of each coordinate, not that of the whole.
        for text in if covariance == "full" { vec![text, correlated] } else { vec![text] } {
            let columns = run(&text, &["variance_ratio", "mean_shift"], &[]);
            for (at, fits) in [(0, 1.0), (1, 2.0), (2, 6.0)] {
                let of = |column: usize, chain: usize| columns.values[column][3 * chain + at];
                let ratios: Vec<f64> = (0..4000).map(|chain| of(0, chain)).collect();
                let budget: Vec<f64> = (0..4000).map(|chain| of(0, chain) + of(1, chain) * of(1, chain) / 3.0).collect();
                let what = format!("{method} {covariance}, {fits} fits");
                near_mean(&budget, 1.0, &what);
                near_mean(&ratios, f64::powf(7.0 / 8.0, fits), &what);
            }
        }
    }
}

fn near_mean(values: &[f64], expected: f64, what: &str) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let sd = f64::sqrt(values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n / n);
    assert!((mean - expected).abs() < 4.5 * sd, "{what}: {mean}, expected {expected}, standard error {sd}");
}

/// Two-dimensional data whose columns have very different means and sds.
fn table() -> Vec<Arc<[f64]>> {
    let x: Vec<f64> = (0..40).map(|i| 1e8 + f64::from(i * i % 17)).collect();
    let y: Vec<f64> = (0..40).map(|i| -3.0 + 1e-3 * f64::from(i * 7 % 11) + 1e-4 * f64::from(i * i % 17)).collect();
    vec![x.into(), y.into()]
}

#[test]
fn a_table_is_its_own_law() {
    let family = MultivariateGaussian::rows(&table(), MLE).unwrap();
    let columns = run(
        &cell("exact", "mle", "full", 2, 40, 1, 500, "\"all\"").replace(ORIGIN_2, "{\"kind\":\"table\",\"table\":0,\"columns\":[0,1]}"),
        &["variance_ratio", "mean_shift", "variance_min", "fit_log_det", "w2", "tail_p05"],
        &table().iter().map(|values| &values[..]).collect::<Vec<_>>(),
    );
    // Generation 0 is fitted to all rows; distances to rows are not defined.
    for (value, expected) in columns.values.iter().map(|column| column[0]).zip([1.0, 0.0, 1.0]) {
        assert!((value - expected).abs() < 1e-9, "{value} {expected}");
    }
    let log_det: f64 = family.sd.iter().map(|s| 2.0 * math::ln(*s)).sum::<f64>() + matrix::log_det(family.correlation.as_ref().unwrap(), 2);
    assert!((columns.values[3][0] - log_det).abs() < 1e-9 && columns.values[4][0].is_nan() && columns.values[5][0] > 0.0);
    let second: Vec<f64> = columns.values[0].iter().skip(1).step_by(2).copied().collect();
    near_mean(&second, 39.0 / 40.0, "variance ratio after one round");
}

#[test]
fn hard_data_is_refused_by_name() {
    let refused = |columns: Vec<Vec<f64>>| {
        let columns: Vec<Arc<[f64]>> = columns.into_iter().map(Arc::from).collect();
        MultivariateGaussian::rows(&columns, MLE).err().unwrap()
    };
    let x: Vec<f64> = (0..20).map(|i| f64::from(i * i % 13)).collect();
    let collinear = refused(vec![x.clone(), x.iter().map(|x| 3.0 * x - 1e6).collect()]);
    assert_eq!((collinear.code, collinear.path.as_str()), ("data", "origin.columns[1]"));
    assert!(refused(vec![vec![0.1; 20], x.clone()]).rule.contains("varies"));
    // More columns than rows: the third of two points is determined.
    let few = refused(vec![vec![1.0, 2.0], vec![3.0, 5.0]]);
    assert_eq!(few.path, "origin.columns[1]");
    let missing = refused(vec![x.clone(), x.iter().map(|x| if *x == 0.0 { f64::NAN } else { *x }).collect()]);
    assert!(missing.value == "NaN" && missing.hint.contains("row 1"));
    let law = |covariance: &[Vec<f64>]| MultivariateGaussian::normal(2, None, Some(covariance), MLE).err().unwrap().path;
    assert_eq!(law(&[vec![1.0, 2.0], vec![2.0, 1.0]]), "origin.covariance");
    assert_eq!(law(&[vec![1.0, 0.5], vec![0.4, 1.0]]), "origin.covariance[0][1]");
    assert_eq!(law(&[vec![1.0, 0.0], vec![0.0, 0.0]]), "origin.covariance[1][1]");
    assert_eq!(law(&[vec![1.0]]), "origin.covariance");
    assert_eq!(MultivariateGaussian::normal(2, Some(&[1.0]), None, MLE).err().unwrap().path, "origin.mean");
}

#[test]
fn too_few_records_stop_a_chain() {
    let family = standard(2, UNBIASED);
    let lives = chains(&family, [7, 1], (1, 0, 3), |_, _, _| {});
    assert_eq!((lives.stopped, lives.reason), (vec![0; 3], vec![Death::TooFewRecords as i32; 3]));
}

/// The signals of the loop are those of the columns.
#[test]
fn signals_and_columns_agree() {
    let columns = run(
        &cell("exact", "mle", "full", 3, 6, 60, 50, "\"all\""),
        &["variance_max", "tail_lower_p01", "tail_upper_p01", "early_state", "late_state"],
        &[],
    );
    let [largest, lower, upper, early, late] = [0, 1, 2, 3, 4].map(|i| &columns.values[i]);
    let mut turns = 0;
    for i in 0..largest.len() {
        assert_eq!(late[i] == 1.0, largest[i] <= 0.01, "row {i}: {}", largest[i]);
        assert_eq!(early[i] == 1.0, f64::min(lower[i], upper[i]) <= 0.1, "row {i}: {} {}", lower[i], upper[i]);
        turns += usize::from(late[i] == 1.0) + usize::from(early[i] == 0.0);
    }
    assert!(turns > 100);
}

const ORIGIN_2: &str = "{\"kind\":\"multivariate-gaussian\",\"dimensions\":2}";

/// The text of a cell under replace.
#[allow(clippy::too_many_arguments)]
fn cell(method: &str, estimator: &str, covariance: &str, d: usize, n: u64, generations: u32, replicates: u64, record: &str) -> String {
    format!(
        r#"{{"generations":{generations},"index":0,"initial":{n},"law":"0000000000000000000000000000000{d}","method":"{method}",
        "model":{{"covariance":"{covariance}","estimator":"{estimator}","kind":"multivariate-gaussian"}},"n":{n},
        "origin":{{"kind":"multivariate-gaussian","dimensions":{d}}},"policy":{{"kind":"replace"}},
        "record":{record},"replicates":[0,{replicates}],"seed":"7","sustain":1}}"#
    )
}
