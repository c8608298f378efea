//! Mixtures of normal laws by expectation maximisation.

use serde_json::{Value, json};

use super::Law::{Not, Of};
use super::{Budget, DRAWS, Draw, Move, Row, Truth, Variant};
use crate::cell::{Cell, Method, of};
use crate::special::lower;

/// What is added to variances.
const FLOOR: f64 = 1e-6;

fn model(components: usize, init: &str, scale: f64) -> Value {
    json!({
        "kind": "gaussian-mixture", "components": components, "covariance": "full", "iterations": 100, "tolerance": 1e-3,
        "init": init, "restarts": 1, "floor": FLOOR * scale * scale,
    })
}

/// A quarter N(-4, 0.5^2) and three quarters N(1, 2^2): mean -0.25, variance 7.75, fourth central moment 120.72.
fn origin() -> Value {
    json!({ "kind": "mixture", "components": [
        { "weight": 0.25, "mean": [-4.0], "covariance": [[0.25]] },
        { "weight": 0.75, "mean": [1.0], "covariance": [[4.0]] },
    ] })
}

/// The row.
pub fn row() -> Row {
    let of_two = |components, init| of(origin(), model(components, init, 1.0)).by(Method::Draws);
    let normal =
        |mean: f64, sd: f64| of(json!({ "kind": "gaussian", "mean": mean, "sd": sd }), model(2, "k-means++", sd)).by(Method::Draws);
    let columns = "mean variance fit_weight_min";
    let truth = |column, value, sd| Truth { cell: of_two(2, "k-means++"), column, value, sd, methods: DRAWS };
    let moved = |mean, sd, scaled| Move {
        from: normal(0.0, 1.0),
        to: normal(mean, sd),
        same: "variance_ratio mean_shift tail_p01 fit_weight_min",
        scaled,
        methods: DRAWS,
    };
    let budget = |cell: Cell| Budget {
        cell,
        columns: "mean variance",
        value: |x| x[1] + (x[0] + 0.25) * (x[0] + 0.25),
        expected: 7.75,
        methods: DRAWS,
    };
    Row {
        kind: "gaussian-mixture",
        cells: vec![
            Variant { cell: of_two(2, "k-means++"), columns, methods: DRAWS },
            Variant { cell: of_two(3, "warm"), columns, methods: DRAWS },
        ],
        costly: true,
        rows: None,
        // One component on one record has its mean there.
        draws: Of(vec![
            Draw {
                cell: super::one_real(of_two(1, "k-means++")),
                columns: "mean",
                methods: DRAWS,
                uniform: |run| {
                    let cdf = |x: &f64| 0.25 * lower((x + 4.0) / 0.5) + 0.75 * lower((x - 1.0) / 2.0);
                    run.at(0, "mean").iter().map(cdf).collect()
                },
            },
            Draw {
                cell: super::one_of_a_model(of_two(1, "k-means++")),
                columns: "mean variance",
                methods: DRAWS,
                uniform: |run| {
                    let (m, v) = (run.at(0, "mean"), run.at(0, "variance"));
                    run.at(1, "mean").iter().zip(m.iter().zip(&v)).map(|(x, (m, v))| lower((x - m) / f64::sqrt(*v))).collect()
                },
            },
        ]),
        recovers: Of(vec![
            truth("mean", -0.25, f64::sqrt(7.75)),
            truth("variance", 7.75, f64::sqrt(120.72 - 7.75 * 7.75)),
            // Components that overlap are told apart by less than their records' number.
            truth("fit_weight_min", 0.25, 2.0),
        ]),
        moves: Of(vec![moved(-40.0, 1.0, &[("fit_component_sd", 1.0)]), moved(0.0, 7.0, &[("fit_component_sd", 7.0), ("variance", 49.0)])]),
        sums: Not("its sets are the records of the kde row; which of them components start from is drawn by their places in the set"),
        // Each maximisation has the records' mean and variance; the floor is a millionth.
        budget: Of(vec![budget(of_two(2, "k-means++")), budget(of_two(1, "k-means++"))]),
        constant_memory: Not("every fit passes over the records: eight bytes of each number are kept"),
    }
}
