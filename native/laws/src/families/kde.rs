//! Kernels on records.

use genloss_core::models::kde::{Kde, Origin};
use genloss_core::plan::{Bandwidth, Rule, Sampling};
use genloss_core::truth::Truth;
use serde_json::{Value, json};

use super::Law::{Not, Of};
use super::{Budget, DRAWS, Draw, Move, Row, Truth as Found, Variant};
use crate::cell::{Cell, Method, of};
use crate::special::lower;
use crate::sums::{Sums, of_sets};

/// The kernel's sd.
const H: f64 = 0.3;

fn at(mean: f64, sd: f64, bandwidth: Value) -> Cell {
    of(json!({ "kind": "gaussian", "mean": mean, "sd": sd }), json!({ "kind": "kde", "bandwidth": bandwidth })).by(Method::Draws)
}

/// The row.
pub fn row() -> Row {
    let (fixed, scott) = (|| at(2.0, 3.0, json!(H)), |mean, sd| at(mean, sd, json!("scott")));
    let columns = "mean variance fit_bandwidth";
    let found = |column, value, sd| Found { cell: fixed(), column, value, sd, methods: &[Method::Draws, Method::Population] };
    let moved = |mean, sd, scaled| Move {
        from: scott(0.0, 1.0),
        to: scott(mean, sd),
        same: "variance_ratio mean_shift tail_p01 tail_lower_p01",
        scaled,
        methods: DRAWS,
    };
    Row {
        kind: "kde",
        cells: vec![
            Variant { cell: fixed(), columns, methods: DRAWS },
            Variant { cell: scott(2.0, 3.0), columns, methods: DRAWS },
            Variant { cell: at(2.0, 3.0, json!("silverman")), columns, methods: DRAWS },
        ],
        costly: true,
        rows: None,
        draws: Of(vec![
            Draw {
                cell: super::one_real(fixed()),
                columns: "mean",
                methods: DRAWS,
                uniform: |run| run.at(0, "mean").iter().map(|x| lower((x - 2.0) / 3.0)).collect(),
            },
            // A kernel on one record.
            Draw {
                cell: super::one_real(fixed()).generations(1),
                columns: "mean",
                methods: DRAWS,
                uniform: |run| run.at(1, "mean").iter().zip(run.at(0, "mean")).map(|(x, m)| lower((x - m) / H)).collect(),
            },
        ]),
        recovers: Of(vec![found("mean", 2.0, 3.0), found("variance", 9.0 + H * H, 9.0 * f64::sqrt(2.0))]),
        moves: Of(vec![
            moved(-40.0, 1.0, &[("fit_bandwidth", 1.0)]),
            moved(0.0, 7.0, &[("fit_bandwidth", 7.0), ("mean", 7.0), ("variance", 49.0)]),
        ]),
        sums: Of(sums),
        // The kernel adds to second moments at every fit; the first stays.
        budget: Of(vec![Budget { cell: fixed(), columns: "mean", value: |x| x[0], expected: 2.0, methods: DRAWS }]),
        constant_memory: Not("the records are the model: eight bytes of each number are kept"),
    }
}

fn sums() -> Vec<Sums> {
    let family = |bandwidth| {
        let origin = Origin::Line(Box::new(Truth::gaussian(1e6, 3.0).expect("a law")));
        Kde::new(origin, bandwidth, &Sampling::default()).expect("a family")
    };
    let scott = of_sets(&family(Bandwidth::Rule(Rule::Scott)), &["mean_shift", "variance_ratio", "tail_p05", "fit_bandwidth"]);
    scott.into_iter().chain(of_sets(&family(Bandwidth::Fixed(H)), &["mean_shift", "variance_ratio"])).collect()
}
