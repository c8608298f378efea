//! Numbers that break statistics and samplers: large means, equal records, probabilities off by an ulp, zero, tiny, or many
//! (cases B01, B04, B05, B10, B12).

use genloss_laws::cell::{Method, of};
use genloss_laws::policy::every;
use genloss_laws::prelude::*;
use serde_json::json;

fn column_of_the_table(model: serde_json::Value) -> Cell {
    of(json!({ "kind": "table", "table": 0, "columns": [0] }), model)
}

/// B01: the variance of four numbers at 1e9 is 30 by n - 1 and 22.5 by n.
#[test]
fn b01_a_large_mean_loses_no_variance() {
    let x = [1_000_000_004.0, 1_000_000_007.0, 1_000_000_013.0, 1_000_000_016.0];
    let fit = |cell: Cell| Block::of([cell.n(4)]).table(vec![numbers(&x)]).columns("mean variance").run();
    let normal = |estimator: &str| fit(column_of_the_table(json!({ "kind": "gaussian", "estimator": estimator })));
    for (run, variance) in [(normal("unbiased"), 30.0), (normal("mle"), 22.5), (fit(table(&[0])), 22.5)] {
        assert_eq!(run.at(0, "mean"), [1_000_000_010.0]);
        assert!((run.at(0, "variance")[0] / variance - 1.0).abs() < 1e-14, "{:?} for {variance}", run.at(0, "variance"));
    }
}

/// B05: ten times 0.1 has no variance, at the start and ever after.
#[test]
fn b05_equal_records_have_no_variance() {
    for method in Method::BOTH {
        for policy in every() {
            let cell = table(&[0]).policy(policy).n(10).generations(5).by(method);
            let run = Block::of([cell]).table(vec![numbers(&[0.1; 10])]).columns("mean variance").run();
            assert!(run.chain(0, "variance").iter().all(|&v| v == 0.0) && run.chain(0, "mean").iter().all(|&m| m == 0.1));
        }
    }
    let cell = column_of_the_table(json!({ "kind": "gaussian", "estimator": "unbiased" }));
    let refused = Block::of([cell]).table(vec![numbers(&[0.1; 10])]).columns("variance").try_run().unwrap_err();
    assert_eq!((refused.code, refused.path.as_str()), ("data", "cells[0].origin.columns"));
}

/// B04: the mean of twenty million ones is one.
#[test]
fn b04_many_ones_have_the_mean_one() {
    let cell = table(&[0]).n(20_000_000).by(Method::Draws);
    let run = Block::of([cell]).table(vec![numbers(&vec![1.0; 20_000_000])]).columns("mean variance n distinct_alive").run();
    for (column, value) in [("mean", 1.0), ("variance", 0.0), ("n", 2e7), ("distinct_alive", 2e7)] {
        assert_eq!(run.at(0, column), [value], "{column}");
    }
}

/// Counts of classes at a generation of one chain.
fn counts(probabilities: &[f64], n: u64, generations: u32, method: Method) -> Vec<f64> {
    let cell = categorical(probabilities).n(n).generations(generations).by(method);
    let block = (0..probabilities.len()).fold(Block::of([cell]), |block, k| block.follow(&format!("class_{k}"), 0, &[k as u32]));
    let run = block.run();
    (0..probabilities.len()).map(|k| run.at(generations, &format!("class_{k}"))[0] * n as f64).collect()
}

/// B10: thirty-three times 1/33, and sums that miss 1 by a few ulps, are laws; their counts add up to n.
#[test]
fn b10_probabilities_that_miss_one_by_rounding() {
    let third = [1.0 / 3.0; 3];
    let ulps = |k: u64| [f64::from_bits(0.25f64.to_bits() + k), 0.25, 0.25, f64::from_bits(0.25f64.to_bits() - k / 2)];
    let laws =
        [vec![0.030_303_030_303_030_304; 33], third.to_vec(), ulps(1).to_vec(), ulps(9).to_vec(), vec![0.1; 10], vec![0.7, 0.15, 0.15]];
    for method in Method::BOTH {
        for law in &laws {
            for n in [1, 7, 1000, 40_000] {
                let found = counts(law, n, 2, method);
                assert!((found.iter().sum::<f64>() - n as f64).abs() < 1e-6 * n as f64, "{law:?} at {n} by {method:?}");
                assert!(found.iter().all(|count| (count - count.round()).abs() < 1e-6), "{found:?}");
            }
        }
    }
    for wrong in [vec![0.5, 0.5 + 1e-8], vec![0.5, 0.4], vec![-0.1, 1.1], vec![], vec![0.0, 0.0]] {
        let refused = Block::of([categorical(&wrong)]).columns("n").try_run().unwrap_err();
        assert_eq!(refused.path, "cells[0].origin.probabilities", "{wrong:?}");
    }
}

/// B12: thirty weights of 0.1f32 and five of zero: the zeros are never drawn, wherever they stand.
#[test]
fn b12_classes_of_weight_zero_are_never_drawn() {
    let weight = f64::from(0.1f32) / (30.0 * f64::from(0.1f32));
    let last: Vec<f64> = (0..35).map(|k| if k < 30 { weight } else { 0.0 }).collect();
    let among: Vec<f64> = (0..35).map(|k| if k % 7 == 3 { 0.0 } else { weight }).collect();
    let first: Vec<f64> = last.iter().rev().copied().collect();
    for law in [last, among, first] {
        for method in Method::BOTH {
            let found = counts(&law, 10_000_000, 1, method);
            assert!(found.iter().zip(&law).all(|(count, p)| (*count == 0.0) == (*p == 0.0)), "{found:?} by {method:?}");
        }
    }
}

#[test]
fn all_mass_on_one_class() {
    for method in Method::BOTH {
        for policy in every() {
            let cell = categorical(&[0.0, 1.0, 0.0]).policy(policy).n(50).generations(6).replicates(20).by(method);
            let run =
                Block::of([cell]).columns("heterozygosity classes_alive entropy kl_forward tv hellinger").follow("one", 0, &[1]).run();
            for (column, value) in
                [("heterozygosity", 0.0), ("classes_alive", 1.0), ("entropy", 0.0), ("kl_forward", 0.0), ("tv", 0.0), ("one", 1.0)]
            {
                assert!(run.at(6, column).iter().all(|&x| x == value), "{column}");
            }
        }
    }
}

/// A hundred thousand classes: as many are alive as the law of occupancy says.
#[test]
fn a_hundred_thousand_classes() {
    let classes = 100_000;
    let law = vec![1.0 / classes as f64; classes];
    for method in Method::BOTH {
        for n in [1000, 100_000, 1_000_000] {
            let run = categorical(&law).n(n).generations(1).replicates(3).by(method).run("classes_alive heterozygosity missing_mass n");
            let (k, n) = (classes as f64, n as f64);
            let empty = |j: f64| f64::exp(n * f64::ln_1p(-j / k));
            let (expected, spread) = (k * (1.0 - empty(1.0)), k * (k - 1.0) * empty(2.0) + k * empty(1.0) - (k * empty(1.0)).powi(2));
            for replicate in 0..3 {
                let alive = run.at(0, "classes_alive")[replicate];
                assert!((alive - expected).abs() < 4.0 * f64::sqrt(spread), "{alive} alive, expected {expected} at n {n}");
                assert!((run.at(0, "missing_mass")[replicate] - (1.0 - alive / k)).abs() < 1e-9);
                assert!(run.at(1, "classes_alive")[replicate] < alive);
            }
        }
    }
}

/// Probabilities below 1e-300 are never drawn and never break a measure.
#[test]
fn probabilities_below_the_smallest_normal_number() {
    for tiny in [1e-300, 1e-310, 5e-324] {
        for law in [[tiny, 0.5, 0.5], [0.5, tiny, 0.5], [0.5, 0.5, tiny]] {
            for method in Method::BOTH {
                let run = categorical(&law)
                    .n(1000)
                    .generations(3)
                    .replicates(50)
                    .by(method)
                    .run("classes_alive heterozygosity kl_forward kl_reverse tv");
                for generation in [0, 3] {
                    assert!(run.at(generation, "classes_alive").iter().all(|&alive| alive == 2.0), "{law:?}");
                    assert!(run.at(generation, "kl_forward").iter().all(|&kl| kl == f64::INFINITY), "{law:?}");
                    for column in ["heterozygosity", "kl_reverse", "tv"] {
                        assert!(run.at(generation, column).iter().all(|x| x.is_finite()), "{column} of {law:?}");
                    }
                }
            }
        }
    }
}
