//! The columns of classes and of resampled rows again, from the share of every single class or row.

use std::collections::BTreeMap;

use genloss_laws::cell::{Method, of};
use genloss_laws::policy::every;
use genloss_laws::prelude::*;
use serde_json::json;

fn close(found: f64, expected: f64, what: &str) {
    let same = (found.is_nan() && expected.is_nan()) || found == expected;
    assert!(same || (found - expected).abs() <= 1e-11 * f64::max(1.0, expected.abs()), "{what}: {found}, expected {expected}");
}

/// Checks every column of every chain and generation against what shares say.
fn check(run: &Run, generations: u32, items: usize, expected: impl Fn(&[f64]) -> BTreeMap<&'static str, f64>) {
    for generation in 0..=generations {
        let shares: Vec<Vec<f64>> = (0..items).map(|k| run.at(generation, &format!("item_{k}"))).collect();
        for chain in 0..shares[0].len() {
            let q: Vec<f64> = shares.iter().map(|share| share[chain]).collect();
            assert!((q.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            for (name, value) in expected(&q) {
                close(run.at(generation, name)[chain], value, &format!("{name} of {q:?}"));
            }
        }
    }
}

fn follow_all(block: Block, column: usize, items: usize) -> Block {
    (0..items).fold(block, |block, k| block.follow(&format!("item_{k}"), column, &[k as u32]))
}

const OF_CLASSES: &str =
    "heterozygosity heterozygosity_ratio classes_alive rare_alive missing_mass entropy outside_support early_state late_state";
const DISTANCES: &str = "tail_p05 tail_p01 tail_p001 kl_forward kl_reverse hellinger tv";

/// Class measures from shares; `rare` are the classes whose cumulative probability is at most 5 %, least first.
fn classes(p: &[f64], q: &[f64]) -> BTreeMap<&'static str, f64> {
    let pairs = || p.iter().zip(q);
    let even = |x: &[f64]| {
        (0..x.len()).flat_map(|i| (0..x.len()).map(move |j| (i, j))).filter(|(i, j)| i != j).map(|(i, j)| x[i] * x[j]).sum::<f64>()
    };
    let rare = rare(p, 0.05);
    let living = rare.iter().filter(|&&k| q[k] > 0.0).count() as f64;
    let ratio = even(q) / even(p);
    BTreeMap::from([
        ("heterozygosity", even(q)),
        ("heterozygosity_ratio", ratio),
        ("classes_alive", q.iter().filter(|&&q| q > 0.0).count() as f64),
        ("rare_alive", living),
        ("missing_mass", 1.0 - pairs().map(|(p, q)| if *q > 0.0 { *p } else { 0.0 }).sum::<f64>()),
        ("entropy", -q.iter().filter(|&&q| q > 0.0).map(|q| q * q.ln()).sum::<f64>()),
        ("early_state", f64::from(u8::from(living / rare.len() as f64 <= 0.5))),
        ("late_state", f64::from(u8::from(ratio <= 0.01))),
    ])
}

/// The least probable classes of cumulative mass at most `mass`, for probabilities without ties.
fn rare(p: &[f64], mass: f64) -> Vec<usize> {
    (0..p.len()).filter(|&k| p[k] > 0.0 && p.iter().filter(|&&other| other <= p[k]).sum::<f64>() <= mass * (1.0 + 1e-9)).collect()
}

fn distances(p: &[f64], q: &[f64]) -> BTreeMap<&'static str, f64> {
    let pairs = || p.iter().zip(q).map(|(p, q)| (*p, *q));
    let retention = |level: f64| {
        let set = rare(p, level);
        let of = |x: &[f64]| set.iter().map(|&k| x[k]).sum::<f64>();
        if set.is_empty() { f64::NAN } else { of(q) / of(p) }
    };
    let overlap: f64 = pairs().map(|(p, q)| (p * q).sqrt()).sum();
    let kl = |from: f64, to: f64| if from == 0.0 { 0.0 } else { from * (from.ln() - to.ln()) };
    BTreeMap::from([
        ("tail_p05", retention(0.05)),
        ("tail_p01", retention(0.01)),
        ("tail_p001", retention(0.001)),
        ("kl_forward", pairs().map(|(p, q)| kl(p, q)).sum()),
        ("kl_reverse", pairs().map(|(p, q)| kl(q, p)).sum()),
        ("hellinger", (1.0 - overlap).max(0.0).sqrt()),
        ("tv", pairs().map(|(p, q)| (q - p).max(0.0)).sum()),
        ("outside_support", 0.0),
    ])
}

#[test]
fn class_measures_follow_from_shares() {
    let p = [0.45, 0.004, 0.3, 0.02, 0.0005, 0.2155, 0.01];
    for policy in every() {
        for (n, method) in [(20, Method::Exact), (300, Method::Exact), (300, Method::Draws)] {
            let law = categorical(&p).n(n).policy(policy.clone()).generations(8).replicates(12).by(method);
            let run = follow_all(Block::of([law.clone()]), 0, p.len()).columns(OF_CLASSES).columns(DISTANCES).run();
            check(&run, 8, p.len(), |q| classes(&p, q));
            // Half the root of a small difference is all that the overlap can tell.
            check(&run, 8, p.len(), |q| distances(&p, q).into_iter().filter(|(name, _)| *name != "hellinger").collect());
            for (h, tv) in run.at(8, "hellinger").iter().zip(run.at(8, "tv")) {
                assert!(h * h <= tv + 1e-12 && tv <= h * f64::sqrt(2.0 - h * h) + 1e-12, "{h} {tv}");
            }
            let items =
                follow_all(Block::of([resampled(&law)]), 0, p.len()).columns(OF_CLASSES.trim_start_matches("outside_support")).run();
            check(&items, 8, p.len(), |q| classes(&p, q));
        }
    }
}

/// Mean, variance and tails of weighted rows; missing values take no part.
fn of_rows(x: &[f64], q: &[f64]) -> BTreeMap<&'static str, f64> {
    let known: Vec<usize> = (0..x.len()).filter(|&i| !x[i].is_nan()).collect();
    let weight: f64 = known.iter().map(|&i| q[i]).sum();
    let average = |f: &dyn Fn(f64) -> f64| known.iter().map(|&i| q[i] * f(x[i])).sum::<f64>() / weight;
    let centre = average(&|x| x);
    let spread = average(&|x| (x - centre).powi(2));
    let mut sorted: Vec<f64> = known.iter().map(|&i| x[i]).collect();
    sorted.sort_by(f64::total_cmp);
    let rows = sorted.len() as f64;
    let origin = sorted.iter().sum::<f64>() / rows;
    let origin_spread = sorted.iter().map(|x| (x - origin).powi(2)).sum::<f64>() / rows;
    let outer = (0.025 * rows) as usize;
    let (low, high) = (sorted[outer - 1], sorted[sorted.len() - outer]);
    let tail = sorted.iter().filter(|&&x| x <= low || x >= high).count() as f64 / rows;
    BTreeMap::from([
        ("mean", centre),
        ("variance", spread),
        ("variance_ratio", spread / origin_spread),
        ("mean_shift", (centre - origin) / origin_spread.sqrt()),
        ("tail_p05", average(&|x| f64::from(u8::from(x <= low || x >= high))) / tail),
        ("distinct_alive", q.iter().filter(|&&q| q > 0.0).count() as f64),
        ("outside_support", 0.0),
    ])
}

#[test]
fn row_measures_follow_from_shares() {
    let x: Vec<f64> = (0..90).map(|k| if k % 10 == 3 { f64::NAN } else { 1e6 + f64::from(k * k % 61) }).collect();
    let row: Vec<u32> = (0..90).collect();
    for policy in every() {
        for method in Method::BOTH {
            let cell = table(&[0]).n(90).policy(policy.clone()).generations(4).replicates(6).by(method);
            let block = Block::of([cell]).table(vec![numbers(&x), codes(&row)]);
            let run =
                follow_all(block, 1, 90).columns("mean variance variance_ratio mean_shift tail_p05 distinct_alive outside_support").run();
            // The mean of a million and a few tens loses six digits of the difference.
            check(&run, 4, 90, |q| of_rows(&x, q).into_iter().filter(|(name, _)| *name != "mean_shift" && *name != "variance").collect());
            for generation in 0..=4 {
                let ratio = |name| run.at(generation, name);
                assert!(ratio("variance").iter().zip(ratio("variance_ratio")).all(|(v, r)| (v / r / ratio_of(&x) - 1.0).abs() < 1e-12));
            }
        }
    }
}

fn ratio_of(x: &[f64]) -> f64 {
    let known: Vec<f64> = x.iter().copied().filter(|x| !x.is_nan()).collect();
    let shift = known[0];
    let centre = known.iter().map(|x| x - shift).sum::<f64>() / known.len() as f64;
    known.iter().map(|x| (x - shift - centre).powi(2)).sum::<f64>() / known.len() as f64
}

/// Columns of a table under resampling are those of the categorical family on the same rows.
#[test]
fn rows_of_codes_are_classes() {
    let code: Vec<u32> = (0..200).map(|k| [0, 0, 0, 1, 1, 2, 0, 1, 3, 0][k % 10] + if k == 77 { 1 } else { 0 }).collect();
    let origin = json!({ "kind": "table", "table": 0, "columns": [0] });
    for cell in [of(origin, json!({ "kind": "categorical" })), table(&[0])] {
        for method in Method::BOTH {
            let block = Block::of([cell.clone().n(200).generations(5).replicates(8).by(method)]).table(vec![codes(&code)]);
            let run = follow_all(block, 0, 4).columns("heterozygosity classes_alive missing_mass entropy").run();
            let p: Vec<f64> = (0..4).map(|k| run.at(0, &format!("item_{k}"))[0]).collect();
            assert_eq!(p[0], code.iter().filter(|&&code| code == 0).count() as f64 / 200.0);
            let wanted = ["heterozygosity", "classes_alive", "missing_mass", "entropy"];
            check(&run, 5, 4, |q| classes(&p, q).into_iter().filter(|(name, _)| wanted.contains(name)).collect());
        }
    }
}
