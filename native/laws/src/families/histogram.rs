//! Bins of equal width.

use genloss_core::models::histogram::Histogram;
use genloss_core::plan::{self, Sampling};
use genloss_core::truth::Truth;
use serde_json::{Value, json};

use super::Law::Of;
use super::{ALL, BOTH, Budget, Draw, Move, Row, Truth as Found, Variant};
use crate::cell::{Cell, of};
use crate::special::lower;
use crate::sums::{Sums, of_sets};
use crate::uniform::spread;

/// The width of bins.
const WIDTH: f64 = 0.5;
/// A record's own deviation and, twice, the even law within its bin: once of the record, once of the model.
const VARIANCE: f64 = 9.0 + WIDTH * WIDTH / 6.0;

fn at(mean: f64, sd: f64, bins: (&str, Value)) -> Cell {
    let (name, value) = bins;
    of(json!({ "kind": "gaussian", "mean": mean, "sd": sd }), json!({ "kind": "histogram", name: value }))
}

/// The row.
pub fn row() -> Row {
    let width = || at(2.0, 3.0, ("width", json!(WIDTH)));
    let twelve = |mean, sd| at(mean, sd, ("bins", json!(12)));
    let found = |column, value, sd| Found { cell: width(), column, value, sd, methods: ALL };
    let moved = |mean, sd, scaled| Move {
        from: twelve(0.0, 1.0),
        to: twelve(mean, sd),
        same: "variance_ratio mean_shift tail_p01 bins_alive",
        scaled,
        methods: BOTH,
    };
    let columns = "mean variance bins_alive";
    Row {
        kind: "histogram",
        cells: vec![Variant { cell: width(), columns, methods: BOTH }, Variant { cell: twelve(2.0, 3.0), columns, methods: BOTH }],
        costly: true,
        rows: None,
        // A record's bin; the model is even on it.
        draws: Of(vec![Draw {
            cell: super::one_real(width()),
            columns: "mean",
            methods: BOTH,
            uniform: |run| {
                let below = |x: f64| lower((x - 2.0) / 3.0);
                let bin = |x: &f64| (below(x - 0.5 * WIDTH), below(x + 0.5 * WIDTH) - below(x - 0.5 * WIDTH));
                spread(run.at(0, "mean").iter().map(bin))
            },
        }]),
        recovers: Of(vec![found("mean", 2.0, 3.0), found("variance", VARIANCE, 9.0 * f64::sqrt(2.0))]),
        moves: Of(vec![
            moved(-40.0, 1.0, &[("bin_width", 1.0)]),
            moved(0.0, 7.0, &[("bin_width", 7.0), ("mean", 7.0), ("variance", 49.0)]),
        ]),
        sums: Of(sums),
        // Shares of bins are kept; those of a normal law about the edge at 2 have its mean, and its variance by Sheppard's correction.
        budget: Of(vec![Budget {
            cell: width(),
            columns: "mean variance",
            value: |x| x[1] + (x[0] - 2.0) * (x[0] - 2.0),
            expected: VARIANCE,
            methods: BOTH,
        }]),
        constant_memory: Of(vec![width()]),
    }
}

fn sums() -> Vec<Sums> {
    let truth = Truth::gaussian(2.0, 3.0).expect("a law");
    let family = Histogram::new(truth, None, (None, Some(WIDTH)), plan::Method::Draws, &Sampling::default()).expect("a family");
    of_sets(&family, &["mean_shift", "variance_ratio", "tail_p05", "bins_alive"])
}
