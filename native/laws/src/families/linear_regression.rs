//! Linear regression by least squares. The same features in every batch have no meaning under all policies; they have tests of their own.

use genloss_core::models::linear_regression::{Learning, LinearRegression};
use genloss_core::plan::{self, Features, Noise};
use serde_json::json;

use super::Law::{Not, Of};
use super::{ALL, BOTH, Draw, Move, Row, Truth, Variant};
use crate::cell::{Cell, of};
use crate::sums::{Sums, of_records};

/// The sd of the noise.
const SD: f64 = 1.5;

fn at(dimensions: u64, sd: f64, noise: &str, ridge: f64) -> Cell {
    of(
        json!({ "kind": "linear-regression", "dimensions": dimensions, "noise": sd }),
        json!({ "kind": "linear-regression", "features": "fresh", "ridge": ridge, "noise": noise }),
    )
}

/// P(|W| < a) of one record's slope W = w + sd e / x, e and x standard normal: a Cauchy law about the model's w, whose sign does not matter.
fn within(a: f64, w: f64) -> f64 {
    let cdf = |x: f64| 0.5 + f64::atan(x / SD) / std::f64::consts::PI;
    cdf(a - w) - cdf(-a - w)
}

/// The row.
pub fn row() -> Row {
    let three = |noise| at(3, SD, noise, 0.0);
    let columns = "excess_risk fit_log_variance";
    let truth = |column, value, sd| Truth { cell: three("fitted"), column, value, sd, methods: ALL };
    Row {
        kind: "linear-regression",
        cells: vec![
            Variant { cell: three("fitted"), columns, methods: BOTH },
            Variant { cell: three("known"), columns: "excess_risk", methods: BOTH },
            Variant { cell: at(3, SD, "known", 2.0), columns: "excess_risk", methods: BOTH },
        ],
        costly: false,
        rows: None,
        draws: Of(vec![
            Draw {
                cell: super::one_real(at(1, SD, "known", 0.0)),
                columns: "excess_risk",
                methods: BOTH,
                uniform: |run| run.at(0, "excess_risk").iter().map(|risk| within(f64::sqrt(*risk), 0.0)).collect(),
            },
            Draw {
                cell: super::one_of_a_model(at(1, SD, "known", 0.0)),
                columns: "excess_risk",
                methods: BOTH,
                uniform: |run| {
                    let slopes = run.at(1, "excess_risk").into_iter().zip(run.at(0, "excess_risk"));
                    slopes.map(|(a, w)| within(f64::sqrt(a), f64::sqrt(w))).collect()
                },
            },
        ]),
        // n risk / noise^2 is chi-square of three, nearer than any root of n.
        recovers: Of(vec![truth("excess_risk", 0.0, 1.0), truth("fit_variance", SD * SD, SD * SD * f64::sqrt(2.0))]),
        moves: Of(vec![Move {
            from: at(3, 1.0, "fitted", 0.5),
            to: at(3, 7.0, "fitted", 0.5),
            same: "variance_ratio mean_shift tail_p01 kl_forward",
            scaled: &[("excess_risk", 49.0), ("fit_noise", 7.0)],
            methods: BOTH,
        }]),
        sums: Of(sums),
        budget: Not("what is kept in expectation is the vector of slopes, which no column has; the risk grows at every fit"),
        constant_memory: Of(vec![three("fitted")]),
    }
}

fn sums() -> Vec<Sums> {
    let family = |ridge| {
        let learning = Learning { features: Features::Fresh, ridge, noise: Noise::Fitted, method: plan::Method::Draws };
        LinearRegression::new(3, SD, learning).expect("a family")
    };
    [0.0, 2.0].into_iter().flat_map(|ridge| of_records(&family(ridge), &["excess_risk", "fit_log_variance"])).collect()
}
