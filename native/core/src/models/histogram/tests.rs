//! Tests of the histogram family: grids, exact counts beside drawn ones, and chains beside their closed form.

use super::Histogram;
use crate::columns::Columns;
use crate::math;
use crate::models::trial;
use crate::plan::{Method, Sampling};
use crate::truth::Truth;

struct Setting<'a> {
    origin: &'a str,
    model: &'a str,
    policy: &'a str,
    method: &'a str,
    n: u64,
    generations: u32,
    replicates: u32,
    more: &'a str,
}

const NORMAL: &str = r#"{"kind":"gaussian","mean":0,"sd":1}"#;
const HALVES: &str = r#"{"kind":"histogram","width":0.5}"#;
const PLAIN: Setting = Setting {
    origin: NORMAL,
    model: HALVES,
    policy: r#"{"kind":"replace"}"#,
    method: "exact",
    n: 50,
    generations: 5,
    replicates: 4000,
    more: "",
};

fn run(setting: &Setting, columns: &[&str], table: &[&[f64]]) -> Columns {
    let Setting { origin, model, policy, method, n, generations, replicates, more } = setting;
    let n = if *method == "population" { "\"inf\"".to_string() } else { n.to_string() };
    let cell = format!(
        r#"{{"generations":{generations},"index":0,"initial":{n},"law":"00000000000000000000000000000002","method":"{method}",
        "model":{model},"n":{n},"origin":{origin},"policy":{policy},"record":"all","replicates":[0,{replicates}],"seed":"7","sustain":1{more}}}"#
    );
    trial::run(&cell, columns, table)
}

fn agrees(values: impl Iterator<Item = f64>, expected: f64, what: &str) {
    let all: Vec<f64> = values.collect();
    let (n, mean) = (all.len() as f64, all.iter().sum::<f64>() / all.len() as f64);
    let se = f64::sqrt(all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0) / n);
    assert!((mean - expected).abs() <= 4.0 * se, "{what}: {mean} +- {se}, expected {expected}");
}

/// Variance of the centres of bins of width b with edges at its multiples, of N(0, 1).
fn between(b: f64) -> f64 {
    (-60..60)
        .map(|k| {
            let (low, high) = (b * f64::from(k), b * f64::from(k + 1));
            let centre = 0.5 * (low + high);
            centre
                * centre
                * if low < 0.0 { math::normal_cdf(high) - math::normal_cdf(low) } else { math::normal_sf(low) - math::normal_sf(high) }
        })
        .sum()
}

/// E variance = Var(bin centres) (1 - 1/n)^fits + b^2 / 12, whichever way the counts are made.
#[test]
fn variances_decay_between_bins_and_never_within() {
    for method in ["exact", "draws"] {
        let run = run(&Setting { method, ..PLAIN }, &["variance", "bin_width"], &[]);
        for generation in [0, 5] {
            let expected = between(0.5) * f64::powi(0.98, generation + 1) + 0.25 / 12.0;
            agrees(run.values[0].iter().skip(generation as usize).step_by(6).copied(), expected, method);
        }
        assert_eq!(run.values[1][0], 0.5);
    }
    // A large n costs the exact method nothing more.
    let large = run(&Setting { n: 1_000_000_000_000, replicates: 20, ..PLAIN }, &["variance", "w1", "kl_reverse"], &[]);
    assert!((large.values[0][5] - between(0.5) - 0.25 / 12.0).abs() < 1e-4);
    assert!(large.values[1].iter().all(|&w| w > 0.0 && w < 0.1) && large.values[2].iter().all(|&kl| kl > 0.0 && kl < 0.05));
}

/// Infinitely many records: the law of the bins, from generation to generation the same.
#[test]
fn infinitely_many_records() {
    let run =
        run(&Setting { method: "population", replicates: 1, ..PLAIN }, &["variance", "kl_forward", "mean", "tail_p01", "entropy"], &[]);
    for generation in 0..6 {
        assert!((run.values[0][generation] - between(0.5) - 0.25 / 12.0).abs() < 1e-12);
        assert!(run.values[2][generation].abs() < 1e-12);
    }
    // The normal law goes on where the bins end.
    assert_eq!(run.values[1][0], f64::INFINITY);
    let masses: Vec<f64> = (-20..20).map(|k| math::normal_cdf(0.5 * f64::from(k + 1)) - math::normal_cdf(0.5 * f64::from(k))).collect();
    let entropy: f64 = masses.iter().filter(|p| **p > 0.0).map(|p| -p * math::ln(p / 0.5)).sum();
    assert!((run.values[4][0] - entropy).abs() < 1e-12);
}

/// Bins of a number lie over the central range, and go on beyond it.
#[test]
fn grids() {
    let grid = |truth: Truth, values: Option<&[f64]>, bins, width| {
        Histogram::new(truth, values, (bins, width), Method::Draws, &Sampling::default())
    };
    let normal = grid(Truth::gaussian(10.0, 2.0).unwrap(), None, Some(10), None).unwrap();
    assert!((normal.edge(0) + 3.290_526_731_491_894).abs() < 1e-12 && (normal.edge(10) - 3.290_526_731_491_894).abs() < 1e-12);
    assert_eq!((normal.bin(-3.3), normal.bin(0.001), normal.bin(3.3)), (-1, 5, 10));
    let exponential = grid(Truth::exponential(2.0).unwrap(), None, Some(4), None).unwrap();
    assert!((exponential.edge(0) + 1.0).abs() < 1e-15 && (exponential.edge(4) + 1.0 - f64::ln(1000.0)).abs() < 1e-12);
    let halves = grid(Truth::gaussian(0.2, 1.0).unwrap(), None, None, Some(0.5)).unwrap();
    assert!((halves.edge(0) + 0.2).abs() < 1e-15);
    // Rows on edges belong to the bin above, the largest to the last bin.
    let values = [0.0, 0.1, 0.2, 0.30000000000000004, 0.4, 1.0];
    let rows = grid(Truth::rows(&values).unwrap(), Some(&values), Some(10), None).unwrap();
    assert_eq!(rows.rows.as_ref().unwrap().last(), Some(&9));
    let multiples: Vec<f64> = (0..40).map(|k| f64::from(k) * 0.5).collect();
    let rows = grid(Truth::rows(&multiples).unwrap(), Some(&multiples), None, Some(0.5)).unwrap();
    assert_eq!(rows.rows.unwrap(), (0..40).collect::<Vec<i64>>());
    for (bins, width, path) in
        [(None, None, "model.bins"), (Some(3), Some(0.5), "model.bins"), (Some(0), None, "model.bins"), (None, Some(-1.0), "model.width")]
    {
        assert_eq!(grid(Truth::gaussian(0.0, 1.0).unwrap(), None, bins, width).err().unwrap().path, path);
    }
    assert_eq!(grid(Truth::point_or_rows(&[2.0; 3]).unwrap(), Some(&[2.0; 3]), Some(5), None).err().unwrap().path, "model.bins");
}

/// Counts have subsets: without replacement from a pool of N = 2n, E[heterogeneity between bins] falls by (N - n) / (n (N - 1)).
#[test]
fn policies_and_stages() {
    let policy = r#"{"kind":"accumulate-subsample","replacement":false}"#;
    for method in ["exact", "draws"] {
        let subsets = run(&Setting { policy, method, n: 20, generations: 1, replicates: 20_000, ..PLAIN }, &["variance"], &[]);
        let (n, pool): (f64, f64) = (20.0, 40.0);
        // Q_2 = 1 - 1/n - (f + (1 - f) / n) / 4 with f = 0 at the first fit, then the subset's own loss.
        let kept = (1.0 - 1.0 / n) * (1.0 - 1.0 / n / 4.0) * (1.0 - (pool - n) / (n * (pool - 1.0)));
        let expected = between(0.5) * kept + 0.25 / 12.0;
        agrees(subsets.values[0].iter().skip(1).step_by(2).copied(), expected, method);
    }
    let mix = r#"{"kind":"mix","synthetic":0.5,"previous":0.3,"real":0.2,"source":"fresh","composition":"bernoulli","recycle":true}"#;
    for (policy, more) in [
        (mix, ""),
        (r#"{"kind":"accumulate"}"#, r#","stages":{"weights":{"real":2,"synthetic":0.5}}"#),
        (r#"{"kind":"window","batches":2,"keepReal":true}"#, r#","stages":{"sampling":{"temperature":2}}"#),
        (PLAIN.policy, r#","stages":{"selection":{"keep":0.5,"by":"highest"}}"#),
        (PLAIN.policy, r#","stages":{"poison":{"share":0.1,"from":1,"until":null,"record":30}}"#),
    ] {
        for method in ["exact", "draws"] {
            let run =
                run(&Setting { policy, more, method, replicates: 5, ..PLAIN }, &["n", "variance", "w2", "kl_reverse", "bins_alive"], &[]);
            assert!(run.values.iter().flatten().all(|x| x.is_finite()), "{policy} {more}: {:?}", run.values);
        }
    }
    // Selection of the highest half moves the mean up.
    let up = run(&Setting { more: r#","stages":{"selection":{"keep":0.5,"by":"highest"}}"#, replicates: 50, ..PLAIN }, &["mean"], &[]);
    agrees(up.values[0].iter().skip(1).step_by(6).map(|&m| f64::from(u8::from(m > 0.5))), 1.0, "means above");
}

/// A whole table first, its rows again under n = infinity, and equal rows.
#[test]
fn tables() {
    let values = [0.1, 0.2, 0.7, 1.6, 1.7, 2.4];
    let origin = r#"{"kind":"table","table":0,"columns":[0]}"#;
    for method in ["exact", "draws", "population"] {
        let run = run(&Setting { origin, method, n: 6, replicates: 3, ..PLAIN }, &["mean", "bins_alive", "n"], &[&values]);
        // Centres 0.25, 0.25, 0.75, 1.75, 1.75, 2.25.
        assert!((run.values[0][0] - 7.0 / 6.0).abs() < 1e-12, "{method}: {}", run.values[0][0]);
        assert_eq!(run.values[1][0], 4.0);
    }
    let fixed = r#"{"kind":"mix","synthetic":0.5,"real":0.5,"source":"fixed","composition":"stratified","recycle":false}"#;
    let run = run(&Setting { origin, policy: fixed, n: 6, replicates: 3, ..PLAIN }, &["mean", "real_share"], &[&values]);
    assert!((run.values[0][0] - 7.0 / 6.0).abs() < 1e-12 && run.values[1][1] == 0.5);
}

/// A power tail has bins without end: exact counts need no list of them.
#[test]
fn power_tails() {
    let origin = r#"{"kind":"pareto","scale":1,"shape":0.8}"#;
    for method in ["exact", "draws"] {
        let run = run(
            &Setting { origin, method, n: 2000, generations: 0, replicates: 400, ..PLAIN },
            &["bins_alive", "tail_p01", "mean", "w1"],
            &[],
        );
        agrees(run.values[1].iter().copied(), 1.0, method);
        assert!(run.values[0].iter().all(|&bins| bins > 20.0) && run.values[3].iter().all(|&w| w == f64::INFINITY));
    }
}
