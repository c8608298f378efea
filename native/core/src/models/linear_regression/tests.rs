//! Tests of the linear regression family: fits and columns against numpy, the same features, few records, long chains.

use super::{Learning, LinearRegression, list};
use crate::family::{Death, Family, Law, Lives, Source, View};
use crate::math::{self, matrix};
use crate::models::trial::chains;
use crate::plan::{Features, Method, Noise};
use crate::rows::{Recorded, Rows};
use crate::scatter::Scatter;
use crate::simd::Level;

const FITTED: Learning = Learning { features: Features::Fresh, ridge: 0.0, noise: Noise::Fitted, method: Method::Exact };
const KNOWN: Learning = Learning { noise: Noise::Known, ..FITTED };

fn family(d: usize, noise: f64, learning: Learning) -> LinearRegression {
    LinearRegression::new(d, noise, learning).unwrap()
}

/// A column of one model.
fn value(family: &LinearRegression, model: &<LinearRegression as Source>::Fitted, name: &str) -> f64 {
    let (mut out, training) = ([0.0], family.data(1));
    family.measure(name).unwrap()(family, &View { training: &training, model, level: Level::best() }, &mut out);
    out[0]
}

const X: [[f64; 2]; 5] = [[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0], [0.1, 0.3], [-2.0, -0.5]];
const Y: [f64; 5] = [1.0, 2.5, -1.25, 0.4, -3.0];

/// Values by tools/oracles/linear_regression.py.
#[test]
fn fits_agree_with_numpy() {
    let values: Vec<f64> = X.iter().zip(Y).flat_map(|(x, y)| [x[0], x[1], y]).collect();
    let weights = vec![1.0, 2.0, 1.0, 3.0, 2.0];
    let cases = [
        (0.0, vec![], [1.582607224081924, -0.05800068517746509], 0.20895496462354307),
        (0.7, vec![], [1.4395171541701375, -0.0652990238867297], 0.30267659132451186),
        (0.0, weights, [1.5805520476276385, -0.03692344699019785], 0.20736795565926586),
    ];
    for (ridge, weights, w, sd) in cases {
        let family = family(2, 1.0, Learning { ridge, ..FITTED });
        let (mut data, mut model, mut lives) = (family.data(1), family.fitted(1), Lives::new(1));
        // The same records at once, and in two parts.
        for cut in [5, 2] {
            let part = |range: std::ops::Range<usize>| Rows {
                values: values[3 * range.start..3 * range.end].to_vec(),
                weights: if weights.is_empty() { vec![] } else { weights[range].to_vec() },
            };
            family.learn(&part(0..cut), 0, &mut data);
            let mut rest = family.data(1);
            family.learn(&part(cut..5), 0, &mut rest);
            data.join(0, &rest, 0);
            family.fit(&data, &mut model, Level::best(), &mut lives);
            assert!(lives.alive(0));
            let risk = w[0] * w[0] + w[1] * w[1];
            assert!((value(&family, &model, "excess_risk") / risk - 1.0).abs() < 1e-13, "{ridge} {cut}");
            assert!((value(&family, &model, "fit_noise") / sd - 1.0).abs() < 1e-12, "{ridge} {cut}");
        }
    }
}

#[test]
fn columns_agree_with_numpy() {
    let family = family(2, 2.0, FITTED);
    // Nine records of y = x'w + 0.8 e, in units of the noise 2, whose sums are those of the law itself.
    let n = 9.0f64;
    let mut data = family.data(1);
    data.n[0] = n;
    let root = n.sqrt();
    data.factor[..9].copy_from_slice(&[root, 0.0, 0.15 * root, 0.0, root, -0.2 * root, 0.0, 0.0, 0.4 * f64::sqrt(n - 2.0)]);
    let (mut model, mut lives) = (family.fitted(1), Lives::new(1));
    family.fit(&data, &mut model, Level::best(), &mut lives);
    let expected = [
        ("excess_risk", 0.25),
        ("fit_noise", 0.8),
        ("fit_variance", 0.64),
        ("fit_log_variance", -0.4462871026284195),
        ("variance_ratio", 0.16),
        ("mean_shift", 0.25),
        ("tail_p05", 0.000650246989834109),
        ("tail_p01", 4.741347868534332e-06),
        ("tail_p001", 3.0391297676934325e-09),
        ("w2", 1.1483225544795121),
        ("kl_forward", 1.904021768125845),
        ("kl_reverse", 0.527540731874155),
        ("hellinger", 0.42486495458363926),
        ("entropy", 1.195794981890463),
    ];
    assert_eq!(
        list().iter().map(|column| column.name).filter(|name| !name.ends_with("state")).collect::<Vec<_>>(),
        expected.map(|(name, _)| name)
    );
    for (name, expected) in expected {
        let value = value(&family, &model, name);
        assert!((value / expected - 1.0).abs() < 1e-11, "{name}: {value}, expected {expected}");
    }
    // At the origin itself nothing is lost to rounding.
    let origin = family.fitted(1);
    for name in ["excess_risk", "mean_shift", "w2", "kl_forward", "kl_reverse", "hellinger"] {
        assert_eq!(value(&family, &origin, name), 0.0, "{name}");
    }
}

/// X'X of a chain.
fn gram(data: &Scatter, chain: usize) -> Vec<f64> {
    let mut out = vec![0.0; data.dimensions * data.dimensions];
    matrix::square(&data.factor[data.factor_at(chain)], data.dimensions, &mut out);
    out
}

#[test]
fn the_same_features_are_in_every_batch() {
    for (method, n) in [(Method::Exact, 12), (Method::Draws, 12), (Method::Draws, 5), (Method::Draws, 20_000)] {
        for features in [Features::Same, Features::Fresh] {
            let family = family(3, 1.0, Learning { features, method, ..FITTED });
            let mut first = vec![];
            chains(&family, [8, n], (n, 2, 2), |generation, data, _| {
                let (a, b) = (gram(data, 0), gram(data, 1));
                let (response, explained) = (a[15], a[3]);
                if generation == 0 {
                    assert!((a[0] - b[0]).abs() > 1e-9 * a[0], "chains have features of their own");
                    first = a;
                    return;
                }
                for k in [0, 1, 2, 5, 6, 10] {
                    assert_eq!((a[k] - first[k]).abs() < 1e-9 * n as f64, features == Features::Same, "{method:?} {n} {features:?} {k}");
                }
                assert!((response - first[15]).abs() > 1e-6 && (explained - first[3]).abs() > 1e-6, "the noise is new");
            });
        }
    }
}

#[test]
fn few_records_stop_a_chain_unless_there_is_a_ridge() {
    for method in [Method::Exact, Method::Draws] {
        let lives = |n, learning: Learning| {
            let lives = chains(&family(3, 1.0, Learning { method, ..learning }), [8, n], (n, 3, 2), |_, _, _| {});
            (lives.stopped[0], lives.reason[0])
        };
        let few = (0, Death::TooFewRecords as i32);
        assert_eq!([lives(2, KNOWN), lives(3, FITTED), lives(2, FITTED)], [few; 3]);
        assert_eq!([lives(3, KNOWN), lives(4, FITTED), lives(2, Learning { ridge: 0.1, ..KNOWN })], [(-1, -1); 3]);
    }
}

/// ln of a fitted noise variance is a sum of independent ln(chi2_{n-d} / (n - d)); it stays finite where the variance itself underflows.
#[test]
fn long_chains_keep_the_logarithm_of_the_noise() {
    let (family, generations, count) = (family(3, 1.0, FITTED), 5000, 32);
    let fits = f64::from(generations) + 1.0;
    let mut logs = vec![];
    let lives = chains(&family, [8, 8], (8, generations, count), |generation, _, model| {
        if generation == generations {
            let training = family.data(count);
            let read = |name: &str| {
                let mut out = vec![0.0; count];
                family.measure(name).unwrap()(&family, &View { training: &training, model, level: Level::best() }, &mut out);
                out
            };
            assert!(read("fit_variance").iter().all(|v| *v == 0.0) && read("excess_risk").iter().all(|risk| risk.is_finite()));
            assert!(read("kl_forward").iter().all(|kl| *kl == f64::INFINITY) && read("kl_reverse").iter().all(|kl| kl.is_finite()));
            logs = read("fit_log_variance");
        }
    });
    assert!(lives.all_alive());
    let (rate, spread) = (math::digamma(2.5) - math::ln(2.5), math::trigamma(2.5));
    let mean = logs.iter().sum::<f64>() / count as f64;
    assert!((mean - fits * rate).abs() < 4.0 * f64::sqrt(fits * spread / count as f64), "{mean} {}", fits * rate);
}
