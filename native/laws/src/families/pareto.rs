//! A power law by its shape, and by its scale where that is fitted.

use genloss_core::models::pareto::Pareto;
use genloss_core::plan;
use serde_json::{Value, json};

use super::Law::Of;
use super::{ALL, BOTH, Budget, Draw, Move, Row, Truth, Variant};
use crate::cell::of;
use crate::sums::{Sums, of_records};

/// The row.
pub fn row() -> Row {
    let at =
        |scale: f64, model: Value| of(json!({ "kind": "pareto", "scale": scale, "shape": 3 }), json!({ "kind": "pareto", "scale": model }));
    let (fitted, known) = (move || at(1.5, json!("fitted")), move || at(1.5, json!(1.5)));
    let truth = |cell, column, value, sd| Truth { cell, column, value, sd, methods: ALL };
    let budget = |cell, columns, value, expected| Budget { cell, columns, value, expected, methods: BOTH };
    Row {
        kind: "pareto",
        cells: vec![
            Variant { cell: fitted(), columns: "fit_shape fit_log_scale", methods: BOTH },
            Variant { cell: known(), columns: "fit_shape", methods: BOTH },
        ],
        costly: false,
        rows: None,
        // One record's fit has the shape 1 / ln(x / scale).
        draws: Of(vec![
            Draw {
                cell: super::one_real(known()),
                columns: "fit_shape",
                methods: BOTH,
                uniform: |run| run.at(0, "fit_shape").iter().map(|shape| f64::exp(-3.0 / shape)).collect(),
            },
            Draw {
                cell: super::one_of_a_model(known()),
                columns: "fit_shape",
                methods: BOTH,
                uniform: |run| run.at(1, "fit_shape").iter().zip(run.at(0, "fit_shape")).map(|(x, shape)| f64::exp(-shape / x)).collect(),
            },
        ]),
        recovers: Of(vec![
            truth(fitted(), "fit_shape", 3.0, 3.0),
            truth(known(), "fit_shape", 3.0, 3.0),
            // The smallest record is nearer than any root of n says.
            truth(fitted(), "fit_log_scale", f64::ln(1.5), 0.05),
        ]),
        moves: Of(vec![Move {
            from: at(1.0, json!("fitted")),
            to: at(7.0, json!("fitted")),
            same: "fit_shape tail_p01 kl_reverse",
            scaled: &[("fit_scale", 7.0)],
            methods: BOTH,
        }]),
        sums: Of(sums),
        // The mean of ln x.
        budget: Of(vec![
            budget(fitted(), "fit_log_scale fit_shape", |x| x[0] + 1.0 / x[1], f64::ln(1.5) + 1.0 / 3.0),
            budget(known(), "fit_shape", |x| 1.0 / x[0], 1.0 / 3.0),
        ]),
        constant_memory: Of(vec![fitted()]),
    }
}

fn sums() -> Vec<Sums> {
    let family = |known| Pareto::new(1.5, 3.0, known, plan::Method::Draws).expect("a family");
    [None, Some(1.5)].into_iter().flat_map(|known| of_records(&family(known), &["fit_shape", "fit_log_scale"])).collect()
}
