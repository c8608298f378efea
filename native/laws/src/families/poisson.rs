//! Counts by their mean.

use genloss_core::models::poisson::Poisson;
use genloss_core::plan;
use serde_json::json;

use super::Law::{Not, Of};
use super::{ALL, BOTH, Budget, Draw, Row, Truth, Variant};
use crate::cell::of;
use crate::sums::{Sums, of_records};
use crate::uniform::spread;

/// The row.
pub fn row() -> Row {
    let cell = || of(json!({ "kind": "poisson", "mean": 3.0 }), json!({ "kind": "poisson" }));
    /// P(X < k) and P(X = k).
    fn step(mean: f64, count: f64) -> (f64, f64) {
        let (mut mass, mut below) = (f64::exp(-mean), 0.0);
        for k in 0..count.round() as u32 {
            below += mass;
            mass *= mean / f64::from(k + 1);
        }
        (below, mass)
    }
    Row {
        kind: "poisson",
        cells: vec![Variant { cell: cell(), columns: "fit_mean", methods: BOTH }],
        costly: false,
        rows: None,
        draws: Of(vec![
            Draw {
                cell: super::one_real(cell()),
                columns: "fit_mean",
                methods: BOTH,
                uniform: |run| spread(run.at(0, "fit_mean").into_iter().map(|x| step(3.0, x))),
            },
            Draw {
                cell: super::one_of_a_model(cell()),
                columns: "fit_mean",
                methods: BOTH,
                uniform: |run| spread(run.at(1, "fit_mean").into_iter().zip(run.at(0, "fit_mean")).map(|(x, m)| step(m, x))),
            },
        ]),
        recovers: Of(vec![Truth { cell: cell(), column: "fit_mean", value: 3.0, sd: f64::sqrt(3.0), methods: ALL }]),
        moves: Not("counts have neither another place nor another unit"),
        sums: Of(sums),
        budget: Of(vec![Budget { cell: cell(), columns: "mean", value: |x| x[0], expected: 3.0, methods: BOTH }]),
        constant_memory: Of(vec![cell()]),
    }
}

fn sums() -> Vec<Sums> {
    of_records(&Poisson::new(3.0, plan::Method::Draws).expect("a family"), &["fit_mean"])
}
