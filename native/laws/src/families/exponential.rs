//! An exponential law by its mean.

use genloss_core::models::exponential::Exponential;
use genloss_core::plan::{self, RateEstimator};
use serde_json::json;

use super::Law::Of;
use super::{ALL, BOTH, Budget, Draw, Move, Row, Truth, Variant};
use crate::cell::of;
use crate::sums::{Sums, of_records};

/// The row.
pub fn row() -> Row {
    let at = |mean: f64, estimator: &str| {
        of(json!({ "kind": "exponential", "mean": mean }), json!({ "kind": "exponential", "estimator": estimator }))
    };
    let variant = |estimator| Variant { cell: at(2.0, estimator), columns: "fit_mean", methods: BOTH };
    let truth = |column, value, sd| ["mle", "unbiased-rate"].map(|e| Truth { cell: at(2.0, e), column, value, sd, methods: ALL });
    Row {
        kind: "exponential",
        cells: vec![variant("mle"), variant("unbiased-rate")],
        costly: false,
        rows: None,
        draws: Of(vec![
            Draw {
                cell: super::one_real(at(2.0, "mle")),
                columns: "fit_mean",
                methods: BOTH,
                uniform: |run| run.at(0, "fit_mean").iter().map(|x| f64::exp(-x / 2.0)).collect(),
            },
            Draw {
                cell: super::one_of_a_model(at(2.0, "mle")),
                columns: "fit_mean",
                methods: BOTH,
                uniform: |run| run.at(1, "fit_mean").iter().zip(run.at(0, "fit_mean")).map(|(x, m)| f64::exp(-x / m)).collect(),
            },
        ]),
        recovers: Of([truth("fit_mean", 2.0, 2.0), truth("fit_rate", 0.5, 0.5)].into_iter().flatten().collect()),
        moves: Of(vec![Move {
            from: at(1.0, "mle"),
            to: at(7.0, "mle"),
            same: "variance_ratio mean_shift tail_p01 kl_forward",
            scaled: &[("fit_mean", 7.0), ("w1", 7.0)],
            methods: BOTH,
        }]),
        sums: Of(sums),
        budget: Of(vec![Budget { cell: at(2.0, "mle"), columns: "mean", value: |x| x[0], expected: 2.0, methods: BOTH }]),
        constant_memory: Of(vec![at(2.0, "mle")]),
    }
}

fn sums() -> Vec<Sums> {
    let family = |estimator| Exponential::new(2.0, estimator, plan::Method::Draws).expect("a family");
    [RateEstimator::Mle, RateEstimator::UnbiasedRate]
        .into_iter()
        .flat_map(|estimator| of_records(&family(estimator), &["fit_mean"]))
        .collect()
}
