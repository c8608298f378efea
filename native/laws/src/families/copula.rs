//! A copula over a table's columns: here over one, whose margin is its own values; the bonds between columns are tested in the core.

use genloss_core::models::copula::Copula;
use genloss_core::plan::{self, Bounds, Margin};
use genloss_core::table::Table;
use serde_json::json;

use super::Law::{Not, Of};
use super::{ALL, BOTH, Budget, Draw, Row, Truth, Variant};
use crate::cell::{Cell, of};
use crate::run::numbers;
use crate::sums::{Sums, of_records};
use crate::uniform::ranks;

/// Whole numbers from 0 to 29, and a half; their order is not that of their size.
fn values() -> Vec<f64> {
    (0..30).map(|k| f64::from(k * 7 % 30) + 0.5).collect()
}

/// Their variance: (30^2 - 1) / 12.
const VARIANCE: f64 = 899.0 / 12.0;

fn cell(margin: &str) -> Cell {
    let model = json!({ "kind": "copula", "margins": [margin], "bounds": "natural" });
    of(json!({ "kind": "table", "table": 0, "columns": [0] }), model)
}

/// The row.
pub fn row() -> Row {
    let columns = "mean_shift variance_ratio";
    // (x - m)^2 of an even law on 30 places has the variance (30^2 - 1)(30^2 - 4) / 180.
    let square = f64::sqrt(899.0 * 896.0 / 180.0) / VARIANCE;
    let truth = |column, value, sd| Truth { cell: cell("empirical"), column, value, sd, methods: ALL };
    Row {
        kind: "copula",
        cells: vec![
            Variant { cell: cell("empirical").initial(30), columns, methods: BOTH },
            Variant { cell: cell("kde").initial(30), columns, methods: BOTH },
        ],
        costly: true,
        rows: Some(numbers(&values())),
        // T_0 is the table; each of its values is as likely, and two are as far from the mean as each other.
        draws: Of(vec![Draw {
            cell: cell("empirical").initial(30).n(1).generations(1),
            columns,
            methods: BOTH,
            uniform: |run| {
                let distance = |shift: &f64| (shift * f64::sqrt(VARIANCE) - 0.5).round() + 0.5;
                ranks(&run.at(1, "mean_shift").iter().map(distance).collect::<Vec<_>>(), 15)
            },
        }]),
        recovers: Of(vec![truth("mean_shift", 0.0, 1.0), truth("variance_ratio", 1.0, square)]),
        moves: Not("its origin is a table of the block, not a law that is moved by its settings"),
        sums: Of(sums),
        budget: Of(vec![Budget {
            cell: cell("empirical").initial(30),
            columns,
            value: |x| x[1] + x[0] * x[0],
            expected: 1.0,
            methods: BOTH,
        }]),
        constant_memory: Of(vec![cell("empirical")]),
    }
}

/// Three columns, with gaps and classes.
fn sums() -> Vec<Sums> {
    let gaps: Vec<f64> = (0..90).map(|k| if k % 7 == 0 { f64::NAN } else { f64::from(k * k % 31) }).collect();
    let line: Vec<f64> = (0..90).map(|k| f64::from(k * k % 31) + 3.0 * f64::from(k * 7 % 13)).collect();
    let classes: Vec<u32> = (0..90).map(|k| (k * k % 31 + k * 5 % 17) / 12).collect();
    let table = Table::new(vec![numbers(&gaps), numbers(&line), crate::run::codes(&classes)]).expect("a table");
    let family = Copula::new(&table, &[0, 1, 2], &[Margin::Empirical; 3], Bounds::Natural, plan::Method::Draws).expect("a family");
    of_records(&family, &["mean_shift", "variance_ratio", "missing_share", "tv", "correlation_ratio", "correlation_drift"])
}
