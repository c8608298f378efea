//! Tests of kernel density estimates: fits beside scipy (tools/oracles/kde.py), chains beside closed forms, and hard data.

use std::sync::Arc;

use super::{Kde, Origin, rule_factor};
use crate::columns::Columns;
use crate::family::{Family, Lives, Source};
use crate::math::matrix::square;
use crate::models::multivariate_gaussian::{Learning, MultivariateGaussian};
use crate::models::trial;
use crate::plan::{Bandwidth, Rule, Sampling};
use crate::rows::Rows;
use crate::simd::Level;

const X: [f64; 10] = [1.0, 2.5, 0.5, 4.0, 3.0, 2.0, 1.5, 5.0, 0.0, 2.2];
const Y: [f64; 10] = [2.0, 1.0, 3.5, 0.5, 2.5, 2.0, 4.0, 1.5, 3.0, 1.8];

/// A run of one cell; `more` are further settings of it.
fn run(
    origin: &str,
    model: &str,
    policy: &str,
    (n, generations, replicates): (&str, u32, u32),
    more: &str,
    columns: &[&str],
    table: &[&[f64]],
) -> Columns {
    let method = if n.contains("inf") { "population" } else { "draws" };
    let cell = format!(
        r#"{{"generations":{generations},"index":0,"initial":{n},"law":"00000000000000000000000000000001","method":"{method}",
        "model":{model},"n":{n},"origin":{origin},"policy":{policy},"record":"all","replicates":[0,{replicates}],"seed":"7","sustain":1{more}}}"#
    );
    trial::run(&cell, columns, table)
}

const NORMAL: &str = r#"{"kind":"gaussian","mean":0,"sd":1}"#;
const REPLACE: &str = r#"{"kind":"replace"}"#;

fn kde(bandwidth: &str) -> String {
    format!(r#"{{"kind":"kde","bandwidth":{bandwidth}}}"#)
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * f64::max(expected.abs(), 1.0), "{found} beside {expected}");
}

fn mean_of(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let all: Vec<f64> = values.collect();
    let (n, mean) = (all.len() as f64, all.iter().sum::<f64>() / all.len() as f64);
    (mean, f64::sqrt(all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0) / n))
}

/// Rules fitted to a whole table beside `scipy.stats.gaussian_kde`: factor, covariance, mass below 0.7.
#[test]
fn rules_agree_with_scipy() {
    const TABLE: &str = r#"{"kind":"table","table":0,"columns":[0]}"#;
    for (rule, factor, kernel, model, mass) in [
        ("\"scott\"", 0.630_957_344_480_193_2, 0.951_078_030_452_305, 3.101_178_030_452_305, 0.212_528_361_442_926_22),
        ("\"silverman\"", 0.668_325_061_958_268_9, 1.067_066_889_986_800_8, 3.217_166_889_986_801, 0.216_460_135_807_396_3),
    ] {
        let run = run(TABLE, &kde(rule), REPLACE, ("10", 0, 1), "", &["fit_bandwidth", "variance", "fit_variance", "flat_kernel"], &[&X]);
        near(run.values[0][0], f64::sqrt(kernel));
        near(run.values[1][0], model);
        near(run.values[2][0], model);
        assert_eq!(run.values[3][0], 0.0);
        let sd = f64::sqrt(kernel);
        near(X.iter().map(|x| crate::math::normal_cdf((0.7 - x) / sd)).sum::<f64>() / 10.0, mass);
        near(rule_factor(if rule.contains("scott") { Rule::Scott } else { Rule::Silverman }, 10.0, 1), factor);
    }
    near(rule_factor(Rule::Scott, 10.0, 2), 0.681_292_069_057_961_2);
    near(rule_factor(Rule::Silverman, 10.0, 2), 0.681_292_069_057_961_2);
}

/// The covariance of the model and of its kernel in two dimensions, beside scipy's.
#[test]
fn two_dimensions_agree_with_scipy() {
    let origin = Origin::Space(Box::new(MultivariateGaussian::rows(&[Arc::from(&X[..]), Arc::from(&Y[..])], Learning::MOMENTS).unwrap()));
    let family = Kde::new(origin, Bandwidth::Rule(Rule::Scott), &Sampling::default()).unwrap();
    let units = [0, 1].map(|k| family.origin.units(k));
    let rows = Rows { values: (0..20).map(|i| ([X, Y][i % 2][i / 2] - units[i % 2].0) / units[i % 2].1).collect(), weights: vec![] };
    let mut set = family.data(1);
    set.chains[0] = rows;
    let mut model = family.fitted(1);
    family.fit(&set, &mut model, Level::best(), &mut Lives::new(1));
    let fit = &model[0];
    let scale = |k: usize| units[k / 2].1 * units[k % 2].1;
    let expected = [3.258_975_572_350_093, -1.530_283_120_712_829, -1.530_283_120_712_829, 1.624_258_510_455_495_2];
    (0..4).for_each(|k| near(fit.covariance[k] * scale(k), expected[k]));
    let kernel = [1.108_875_572_350_093, -0.520_683_120_712_829, -0.520_683_120_712_829, 0.552_658_510_455_494_9];
    let mut squares = [0.0; 4];
    square(&fit.factor, 2, &mut squares);
    (0..4).for_each(|k| near(squares[k] * scale(k), kernel[k]));
    near(fit.widths[1] * units[1].1, f64::sqrt(kernel[3]));
    // A weight of 2 is the record twice.
    let twice = Rows { values: [&set.chains[0].values[..], &set.chains[0].values[..4]].concat(), weights: vec![] };
    let weighted = Rows { values: set.chains[0].values.clone(), weights: (0..10).map(|i| if i < 2 { 2.0 } else { 1.0 }).collect() };
    let fits = [twice, weighted].map(|rows| {
        set.chains[0] = rows;
        family.fit(&set, &mut model, Level::best(), &mut Lives::new(1));
        (model[0].total, model[0].covariance.clone(), model[0].bandwidth)
    });
    assert_eq!((fits[0].0, fits[0].2), (fits[1].0, fits[1].2));
    (0..4).for_each(|k| near(fits[0].1[k], fits[1].1[k]));
}

/// E K = n h^2 (1 - (1 - 1/n)^fits) + (1 - 1/n)^fits for a fixed width; (1 - 1/n + n^(-2/5))^fits for Scott's rule; in d dimensions the
/// power is -2/(d + 4).
#[test]
fn variances_follow_their_recursions() {
    let (n, h, chains) = (20.0, 0.3, 2000);
    let fixed = |fits: i32| {
        let left = f64::powi(1.0 - 1.0 / n, fits);
        left + n * h * h * (1.0 - left)
    };
    let ways = [
        (NORMAL, kde("0.3"), "variance", fixed(1), fixed(6)),
        (NORMAL, kde("\"scott\""), "variance", 0.95 + f64::powf(n, -0.4), f64::powi(0.95 + f64::powf(n, -0.4), 6)),
        (
            r#"{"kind":"multivariate-gaussian","dimensions":3}"#,
            kde("\"scott\""),
            "variance_ratio",
            0.95 + f64::powf(n, -2.0 / 7.0),
            f64::powi(0.95 + f64::powf(n, -2.0 / 7.0), 6),
        ),
        (r#"{"kind":"multivariate-gaussian","dimensions":2}"#, kde("0.3"), "variance_ratio", fixed(1), fixed(6)),
    ];
    for (origin, model, column, first, sixth) in ways {
        let run = run(origin, &model, REPLACE, ("20", 5, chains), "", &[column], &[]);
        for (generation, expected) in [(0, first), (5, sixth)] {
            let (mean, se) = mean_of(run.values[0].iter().skip(generation).step_by(6).copied());
            assert!((mean - expected).abs() <= 4.0 * se, "{model} of {origin} at {generation}: {mean} +- {se}, expected {expected}");
        }
    }
}

/// Equal records under a rule: a point, and a column that says so; the chain goes on.
#[test]
fn constant_data_is_a_point() {
    const TABLE: &str = r#"{"kind":"table","table":0,"columns":[0]}"#;
    let columns = ["mean", "variance", "fit_bandwidth", "flat_kernel", "w1", "outside_support", "variance_ratio"];
    let constant = run(TABLE, &kde("\"scott\""), REPLACE, ("5", 3, 2), "", &columns, &[&[3.5; 5]]);
    for generation in 0..8 {
        let row: Vec<f64> = constant.values.iter().map(|values| values[generation]).collect();
        assert_eq!(row[..6], [3.5, 0.0, 0.0, 1.0, 0.0, 0.0], "{row:?}");
        assert!(row[6].is_nan());
    }
    assert!(constant.events[4].iter().all(|&stopped| stopped == -1));
    let fixed = run(TABLE, &kde("0.1"), REPLACE, ("5", 0, 1), "", &columns, &[&[3.5; 5]]);
    near(fixed.values[1][0], 0.01);
    assert_eq!(fixed.values[3][0], 0.0);
    // Two records of one value among others' chains: a point with distances to a law.
    let poisoned = r#","stages":{"poison":{"share":1,"from":1,"until":null,"record":2}}"#;
    let columns = ["variance", "flat_kernel", "w1", "w2", "ks", "tv", "hellinger", "kl_forward", "entropy", "variance_ratio", "tail_p01"];
    let run = run(NORMAL, &kde("\"scott\""), REPLACE, ("4", 1, 1), poisoned, &columns, &[]);
    let row: Vec<f64> = run.values.iter().map(|values| values[1]).collect();
    assert_eq!((row[0], row[1]), (0.0, 1.0));
    let phi = crate::math::normal_cdf(2.0);
    near(row[2], 2.0 + 2.0 * (crate::math::normal_pdf(2.0) - 2.0 * crate::math::normal_sf(2.0)));
    near(row[3], f64::sqrt(5.0));
    near(row[4], phi);
    assert_eq!(row[5..10], [1.0, 1.0, f64::INFINITY, f64::NEG_INFINITY, 0.0]);
    assert_eq!(row[10], 0.0);
}

/// n = infinity: 1 + fits h^2 under replace, and the origin again under a rule.
#[test]
fn infinitely_many_records() {
    let columns = ["variance", "w2", "kl_forward", "tail_p01", "fit_bandwidth", "mean", "ks", "entropy"];
    let fixed = run(NORMAL, &kde("0.3"), REPLACE, ("\"inf\"", 4, 1), "", &columns, &[]);
    for fits in 1..=5 {
        let variance = 1.0 + f64::from(fits) * 0.09;
        let at = |column: usize| fixed.values[column][fits as usize - 1];
        near(at(0), variance);
        near(at(1), f64::sqrt(variance) - 1.0);
        near(at(2), 0.5 * (f64::ln(variance) + 1.0 / variance - 1.0));
        near(at(3), crate::math::normal_cdf(-2.575_829_303_548_901 / f64::sqrt(variance)) / 0.005);
        near(at(7), 0.5 * f64::ln(2.0 * std::f64::consts::PI * std::f64::consts::E * variance));
    }
    let rule = run(NORMAL, &kde("\"scott\""), REPLACE, ("\"inf\"", 3, 1), "", &columns, &[]);
    rule.values.iter().zip([1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]).for_each(|(values, expected)| near(values[3], expected));
    // A tenth of real records holds the variance: K' = 0.9 K + 0.1 + h^2.
    let mix = r#"{"kind":"mix","synthetic":0.9,"real":0.1,"source":"fresh","composition":"stratified","recycle":false}"#;
    let mixed = run(NORMAL, &kde("0.3"), mix, ("\"inf\"", 30, 1), "", &columns, &[]);
    let mut expected = 1.09;
    for value in &mixed.values[0] {
        near(*value, expected);
        expected = 0.9 * expected + 0.1 + 0.09;
    }
    // Rows of a table, an exponential law, poison, several dimensions.
    let table = run(r#"{"kind":"table","table":0,"columns":[0]}"#, &kde("0.5"), REPLACE, ("\"inf\"", 2, 1), "", &columns, &[&X]);
    near(table.values[0][2], 2.1501 + 3.0 * 0.25);
    let exponential = run(r#"{"kind":"exponential","mean":2}"#, &kde("0.5"), REPLACE, ("\"inf\"", 2, 1), "", &columns, &[]);
    near(exponential.values[0][2], 4.0 + 3.0 * 0.25);
    assert!(exponential.values[2][2] > 0.0 && exponential.values[2][2] < 1.0);
    let poison = r#","stages":{"poison":{"share":0.5,"from":1,"until":null,"record":2}}"#;
    let poisoned = run(NORMAL, &kde("0.3"), REPLACE, ("\"inf\"", 1, 1), poison, &columns, &[]);
    near(poisoned.values[5][1], 1.0);
    near(poisoned.values[0][1], 0.5 * (1.18 + 0.09) + 1.0);
    let space = run(
        r#"{"kind":"multivariate-gaussian","dimensions":2}"#,
        &kde("0.3"),
        REPLACE,
        ("\"inf\"", 1, 1),
        "",
        &["variance_ratio", "variance_max", "tail_p01"],
        &[],
    );
    near(space.values[0][1], 1.18);
    near(space.values[1][1], 1.18);
    near(space.values[2][1], fixed.values[3][1]);
}

/// Every policy and stage that a family over records takes.
#[test]
fn policies_and_stages() {
    let scott = kde("\"scott\"");
    let mix = r#"{"kind":"mix","synthetic":0.5,"previous":0.3,"real":0.2,"source":"fresh","composition":"bernoulli","recycle":true}"#;
    for policy in [
        r#"{"kind":"accumulate"}"#,
        r#"{"kind":"accumulate-subsample","replacement":false}"#,
        r#"{"kind":"window","batches":2,"keepReal":true}"#,
        mix,
        r#"{"kind":"mix","synthetic":0.5,"real":0.5,"source":"fixed","composition":"stratified","recycle":false}"#,
    ] {
        let run = run(NORMAL, &scott, policy, ("40", 5, 3), "", &["n", "variance", "w1", "kl_reverse"], &[]);
        assert!(run.values.iter().flatten().all(|x| x.is_finite()), "{policy}: {:?}", run.values);
    }
    for stages in [
        r#","stages":{"selection":{"keep":0.5,"by":"central"}}"#,
        r#","stages":{"weights":{"real":2,"synthetic":0.5}}"#,
        r#","stages":{"filter":{"truePositiveRate":0.3,"falsePositiveRate":0.1,"topUp":false}}"#,
        r#","stages":{"sampling":{"spread":0.5}}"#,
    ] {
        let run = run(NORMAL, &scott, r#"{"kind":"accumulate"}"#, ("40", 4, 3), stages, &["variance", "w2"], &[]);
        assert!(run.values.iter().flatten().all(|x| x.is_finite()), "{stages}: {:?}", run.values);
    }
    // Half the variance is drawn: K' = 0.5 (1 - 1/n) K + c^2 0.5 K.
    let spread = run(NORMAL, &scott, REPLACE, ("40", 1, 4000), r#","stages":{"sampling":{"spread":0.5}}"#, &["variance"], &[]);
    let (mean, se) = mean_of(spread.values[0].iter().skip(1).step_by(2).copied());
    let grown = 1.0 - 1.0 / 40.0 + f64::powf(40.0, -0.4);
    assert!((mean - 0.5 * grown * grown).abs() < 4.0 * se, "{mean} +- {se}");
}

/// Large batches are keyed in chunks: their moments are right, and the choices share nothing with the kernels.
#[test]
fn chunks_of_a_large_batch() {
    let run = run(NORMAL, &kde("0.5"), REPLACE, ("40000", 1, 8), "", &["mean", "variance"], &[]);
    let (variance, se) = mean_of(run.values[1].iter().skip(1).step_by(2).copied());
    let expected = (1.0 - 1.0 / 40_000.0) * (1.0 - 1.0 / 40_000.0 + 0.25) + 0.25;
    assert!((variance - expected).abs() < 4.0 * se && se < 0.01, "{variance} +- {se}, expected {expected}");
}
