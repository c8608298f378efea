//! The learner against scikit-learn, against plain twins, and on data that break naive code.

use serde::Deserialize;

use super::blocks::Blocks;
use super::em::{Failure, Fit, Settings, fit, mean_log_likelihood};
use super::law::Mixture;
use crate::math;
use crate::plan::{MixtureCovariance as Covariance, MixtureInit as Init};
use crate::random::normal::normal;
use crate::random::stream::Stream;
use crate::simd::Level;

#[derive(Deserialize)]
struct Oracles {
    cases: Vec<Case>,
    densities: Vec<([f64; 2], f64)>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    n: usize,
    d: usize,
    k: usize,
    covariance: String,
    iterations: u32,
    tolerance: f64,
    shift: f64,
    means_start: Vec<f64>,
    lower_bound: f64,
    used: u32,
    converged: bool,
    score: f64,
    weights: Vec<f64>,
    means: Vec<f64>,
    covariances: Vec<f64>,
}

/// Made by tools/oracles/gaussian_mixture.py.
fn oracles() -> Oracles {
    serde_json::from_str(include_str!("oracles.json")).unwrap()
}

/// The records that the oracles' program makes.
fn records(n: usize, d: usize, shift: f64) -> Vec<f64> {
    let step = [2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0].map(f64::sqrt);
    let mut out: Vec<f64> = Vec::new();
    for i in 0..n {
        for j in 0..d {
            let mut value = -1.5;
            for t in 0..3 {
                let product = (i + 1) as f64 * step[(2 * j + t) % 7];
                value += product - product.floor();
            }
            value += if i % 3 == 0 { shift } else { 0.0 };
            value += if j > 0 { 0.6 * out[i * d + j - 1] } else { 0.0 };
            out.push(value);
        }
    }
    out
}

fn blocks(records: &[f64], d: usize) -> Blocks {
    let mut blocks = Blocks::default();
    blocks.fill(records, None, d);
    blocks
}

fn identity(k: usize, d: usize) -> Vec<f64> {
    (0..k * d * d).map(|i| if (i / d) % d == i % d { 1.0 } else { 0.0 }).collect()
}

fn settings(components: usize, covariance: Covariance) -> Settings {
    Settings { components, covariance, iterations: 100, tolerance: 1e-3, init: Init::KMeansPlusPlus, restarts: 1, floor: 1e-6 }
}

fn stream() -> Stream {
    Stream::new([1, 2, 3, 4])
}

fn fitted(records: &[f64], d: usize, settings: &Settings) -> Fit {
    fit(Level::best(), &blocks(records, d), settings, None, &mut stream()).unwrap()
}

fn near(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len());
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() <= 1e-9 * f64::max(e.abs(), 1.0), "{what}: {f}, expected {e}");
    }
}

/// The same start, iterations and rule give scikit-learn's mixture, likelihood and number of iterations, at every level the same bits.
#[test]
fn meets_scikit_learn() {
    for case in oracles().cases {
        let covariance = match case.covariance.as_str() {
            "full" => Covariance::Full,
            "diagonal" => Covariance::Diagonal,
            _ => Covariance::Spherical,
        };
        let settings = Settings { iterations: case.iterations, tolerance: case.tolerance, ..settings(case.k, covariance) };
        let start = Mixture::new(case.d, vec![1.0 / case.k as f64; case.k], case.means_start, identity(case.k, case.d)).unwrap();
        let blocks = blocks(&records(case.n, case.d, case.shift), case.d);
        let fits = Level::available().into_iter().map(|level| fit(level, &blocks, &settings, Some(&start), &mut stream()).unwrap());
        let fits: Vec<Fit> = fits.collect();
        assert!(fits.iter().all(|fit| *fit == fits[0]), "{}", case.name);
        let fit = &fits[0];
        assert_eq!((fit.iterations, fit.converged, fit.floored), (case.used, case.converged, 0), "{}", case.name);
        near(&[fit.log_likelihood], &[case.lower_bound], &case.name);
        near(&fit.mixture.weights, &case.weights, &case.name);
        near(&fit.mixture.means, &case.means, &case.name);
        near(&fit.mixture.covariances, &case.covariances, &case.name);
        near(&[mean_log_likelihood(Level::best(), &blocks, &fit.mixture)], &[case.score], &case.name);
    }
}

/// 0.3 N((1, -2), A) + 0.7 N(0, I) at three points by scipy.
#[test]
fn densities_meet_scipy() {
    let mixture = Mixture::new(2, vec![0.3, 0.7], vec![1.0, -2.0, 0.0, 0.0], vec![2.0, 0.6, 0.6, 0.5, 1.0, 0.0, 0.0, 1.0]).unwrap();
    for (point, expected) in oracles().densities {
        near(&[mixture.log_density(&point)], &[expected], "log density");
    }
}

/// One plain iteration, written as the formulas stand.
fn plain(records: &[f64], weights: &[f64], start: &Mixture, floor: f64) -> (f64, Mixture) {
    let (d, k) = (start.width, start.components());
    let (mut counts, mut first, mut second) = (vec![0.0; k], vec![0.0; k * d], vec![0.0; k * d * d]);
    let (mut likelihood, total) = (0.0, weights.iter().sum::<f64>());
    let one = |c: usize, x: &[f64]| {
        let alone = Mixture::new(d, vec![1.0], start.mean_of(c).to_vec(), start.covariance_of(c).to_vec()).unwrap();
        start.weights[c] * math::exp(alone.log_density(x))
    };
    let mut shares = Vec::new();
    for (x, weight) in records.chunks(d).zip(weights) {
        let densities: Vec<f64> = (0..k).map(|c| one(c, x)).collect();
        let sum: f64 = densities.iter().sum();
        likelihood += weight * math::ln(sum);
        shares.push(densities.iter().map(|density| weight * density / sum).collect::<Vec<f64>>());
    }
    for (x, share) in records.chunks(d).zip(&shares) {
        for c in 0..k {
            counts[c] += share[c];
            (0..d).for_each(|i| first[c * d + i] += share[c] * x[i]);
        }
    }
    let means: Vec<f64> = (0..k * d).map(|i| first[i] / counts[i / d]).collect();
    for (x, share) in records.chunks(d).zip(&shares) {
        for (at, entry) in second.iter_mut().enumerate() {
            let (c, i, j) = (at / (d * d), at / d % d, at % d);
            *entry += share[c] * (x[i] - means[c * d + i]) * (x[j] - means[c * d + j]) / counts[c];
        }
    }
    second.iter_mut().zip(identity(k, d)).for_each(|(entry, one)| *entry += floor * one);
    (likelihood / total, Mixture::new(d, counts.iter().map(|count| count / total).collect(), means, second).unwrap())
}

/// Kernels for few and for many coordinates against the formulas, with weights; a weight of 2 is the record twice.
#[test]
fn kernels_are_their_plain_twins() {
    for d in [1, 2, 3, 4, 6] {
        let records = records(1045, d, 2.0);
        let weights: Vec<f64> = (0..1045).map(|i| f64::from(i % 3)).collect();
        let start = Mixture::new(d, vec![0.3, 0.7], [vec![1.5; d], vec![-0.5; d]].concat(), identity(2, d)).unwrap();
        let (likelihood, expected) = plain(&records, &weights, &start, 1e-6);
        let settings = Settings { iterations: 1, ..settings(2, Covariance::Full) };
        let mut weighted = Blocks::default();
        weighted.fill(&records, Some(&weights), d);
        let fit_weighted = fit(Level::best(), &weighted, &settings, Some(&start), &mut stream()).unwrap();
        near(&[fit_weighted.log_likelihood], &[likelihood], "likelihood");
        near(&fit_weighted.mixture.weights, &expected.weights, "weights");
        near(&fit_weighted.mixture.means, &expected.means, "means");
        near(&fit_weighted.mixture.covariances, &expected.covariances, "covariances");
        let repeated: Vec<f64> = records.chunks(d).zip(&weights).flat_map(|(x, &weight)| x.repeat(weight as usize)).collect();
        let fit_repeated = fit(Level::best(), &blocks(&repeated, d), &settings, Some(&start), &mut stream()).unwrap();
        near(&fit_repeated.mixture.covariances, &expected.covariances, "repeated");
    }
}

/// More than one task of blocks: sums in a fixed order at one thread and at four.
#[test]
fn threads_move_no_bit() {
    let blocks = blocks(&records(50_000, 1, 3.0), 1);
    let fits = [1, 4].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fit(Level::best(), &blocks, &settings(2, Covariance::Full), None, &mut stream()).unwrap())
    });
    assert_eq!(fits[0], fits[1]);
    assert!((fits[0].mixture.weights.iter().cloned().fold(1.0, f64::min) - 1.0 / 3.0).abs() < 0.02);
}

/// Twenty scattered records and five equal ones: the floor is applied and said, and the likelihood is finite.
#[test]
fn a_component_on_equal_records_is_floored_and_marked() {
    let group = [0.153, 1.644, 1.237, -0.282, -1.779, 1.621, 0.237, -0.577, 0.367, 0.676];
    let other = [9.24, 10.076, 9.5, 9.584, 10.881, 8.361, 10.153, 9.969, 9.554, 8.918];
    let records = [&group[..], &other, &[50.0; 5]].concat();
    let fit = fitted(&records, 1, &settings(3, Covariance::Full));
    let mut found: Vec<_> = (0..3).map(|k| (fit.mixture.means[k], fit.mixture.weights[k], fit.degenerate[k])).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    near(&found.iter().map(|c| c.1).collect::<Vec<_>>(), &[0.4, 0.4, 0.2], "weights");
    assert!((found[0].0 - 0.33).abs() < 0.005 && (found[1].0 - 9.62).abs() < 0.005 && found[2].0 == 50.0);
    assert_eq!((found[0].2, found[1].2, found[2].2, fit.floored), (false, false, true, 1));
    assert!(fit.log_likelihood.is_finite() && fit.mixture.log_density(&[50.0]) > 4.0);
}

#[test]
fn equal_records_leave_one_component() {
    for d in [1, 3, 5] {
        let fit = fitted(&vec![7.25; 40 * d], d, &settings(3, Covariance::Full));
        assert_eq!((fit.mixture.alive().count(), fit.floored as usize), (1, d));
        assert_eq!(fit.degenerate, [true; 3]);
        let k = fit.mixture.alive().next().unwrap();
        assert_eq!((fit.mixture.mean_of(k), fit.mixture.sd_of(k)), (&vec![7.25; d][..], f64::sqrt(1e-6)));
        assert!(fit.log_likelihood.is_finite() && fit.log_likelihood > 0.0);
    }
}

/// A lost component never comes back, and those that are left are fitted as if it were not there.
#[test]
fn a_lost_component_stays_lost() {
    let records = records(300, 1, 4.0);
    let start = Mixture::new(1, vec![0.5, 0.0, 0.5], vec![0.0, 1.0, 4.0], vec![1.0; 3]).unwrap();
    let without = Mixture::new(1, vec![0.5, 0.5], vec![0.0, 4.0], vec![1.0; 2]).unwrap();
    let blocks = blocks(&records, 1);
    let kept = fit(Level::best(), &blocks, &settings(3, Covariance::Full), Some(&start), &mut stream()).unwrap();
    let other = fit(Level::best(), &blocks, &settings(2, Covariance::Full), Some(&without), &mut stream()).unwrap();
    assert_eq!((kept.mixture.weights[1], kept.mixture.means[1], kept.degenerate[1]), (0.0, 1.0, true));
    near(&[kept.mixture.weights[0], kept.mixture.means[2]], &[other.mixture.weights[0], other.mixture.means[1]], "the others");
    // One whose records all lie out of reach loses its weight.
    let far = Mixture::new(1, vec![0.5, 0.5], vec![0.0, 1e6], vec![1.0; 2]).unwrap();
    let fit = fit(Level::best(), &blocks, &settings(2, Covariance::Full), Some(&far), &mut stream()).unwrap();
    assert_eq!((fit.mixture.weights[0], fit.mixture.weights[1], fit.degenerate[1]), (1.0, 0.0, true));
}

/// The greatest log weight is subtracted: records 1e6 sds away leave responsibilities and likelihood finite.
#[test]
fn far_records_keep_the_likelihood_finite() {
    let records = [&records(100, 1, 0.0)[..], &[2e6, 2e6 + 1.0]].concat();
    let start = Mixture::new(1, vec![0.5, 0.5], vec![0.0, 1.0], vec![1.0; 2]).unwrap();
    let fit = fit(Level::best(), &blocks(&records, 1), &settings(2, Covariance::Full), Some(&start), &mut stream()).unwrap();
    assert!(fit.log_likelihood.is_finite() && fit.mixture.means.iter().any(|mean| (mean - 2e6).abs() < 1.0));
}

/// Means of 1e8 give the variances of means about 0, and collinear records of any scale a real factor.
#[test]
fn large_means_and_collinear_records() {
    let near_zero = records(600, 1, 3.0);
    let far: Vec<f64> = near_zero.iter().map(|x| x + 1e8).collect();
    let (a, b) = (fitted(&near_zero, 1, &settings(2, Covariance::Full)), fitted(&far, 1, &settings(2, Covariance::Full)));
    for k in 0..2 {
        assert!((a.mixture.covariances[k] - b.mixture.covariances[k]).abs() < 1e-6);
    }
    for scale in [1e-3, 1.0, 1e9] {
        let line: Vec<f64> = records(200, 1, 3.0).iter().flat_map(|x| [scale * x, 2.0 * scale * x, -scale * x]).collect();
        let fit = fitted(&line, 3, &settings(2, Covariance::Full));
        assert!(fit.log_likelihood.is_finite() && fit.mixture.factors.iter().all(|x| x.is_finite()), "{scale}");
    }
}

#[test]
fn what_cannot_be_fitted_says_why() {
    let settings = settings(2, Covariance::Full);
    let try_fit = |records: &[f64], weights: Option<&[f64]>| {
        let mut blocks = Blocks::default();
        blocks.fill(records, weights, 1);
        fit(Level::best(), &blocks, &settings, None, &mut stream()).unwrap_err()
    };
    assert_eq!(try_fit(&[], None), Failure::Empty);
    assert_eq!(try_fit(&[1.0, 2.0], Some(&[0.0, 0.0])), Failure::Empty);
    assert_eq!(try_fit(&[1.0], None), Failure::TooFew);
    assert_eq!(try_fit(&[1.0, f64::NAN, 2.0], None), Failure::NotFinite);
    assert_eq!(try_fit(&[1.0, 2.0, 1e200], None), Failure::NotFinite);
}

/// Each start finds three clear clusters; the best of several starts is no worse than the first.
#[test]
fn starts_find_clusters() {
    let mut stream = stream();
    let records: Vec<f64> = (0..3000).flat_map(|i| [f64::from(i % 3) * 20.0 + normal(&mut stream), normal(&mut stream)]).collect();
    for (init, restarts) in [(Init::KMeansPlusPlus, 1), (Init::Random, 20)] {
        let settings = Settings { init, restarts, ..settings(3, Covariance::Full) };
        let fit = fitted(&records, 2, &settings);
        let mut means: Vec<f64> = (0..3).map(|k| fit.mixture.means[2 * k]).collect();
        means.sort_by(f64::total_cmp);
        // Standard errors are 1 / sqrt 1000.
        assert!(means.iter().enumerate().all(|(k, mean)| (mean - 20.0 * k as f64).abs() < 0.16), "{init:?}: {means:?}");
        let first = fitted(&records, 2, &Settings { restarts: 1, ..settings });
        assert!(fit.log_likelihood >= first.log_likelihood);
    }
}
