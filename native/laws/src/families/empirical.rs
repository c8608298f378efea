//! Records themselves, resampled.

use serde_json::json;

use super::Law::{Not, Of};
use super::{BOTH, Budget, DRAWS, Draw, Move, Row, Truth, Variant};
use crate::cell::{Method, of, table};
use crate::run::numbers;
use crate::special::lower;
use crate::uniform::ranks;

/// The row.
pub fn row() -> Row {
    let law = |mean: f64, sd: f64| of(json!({ "kind": "gaussian", "mean": mean, "sd": sd }), json!({ "kind": "empirical" }));
    let law = |mean, sd| law(mean, sd).by(Method::Draws);
    // No two rows are alike, and their order is not that of their size.
    let rows: Vec<f64> = (0..30).map(|k| f64::from(k * 7 % 30) + 0.5).collect();
    let truth = |column, value, sd| Truth { cell: law(2.0, 3.0), column, value, sd, methods: DRAWS };
    let same = "variance_ratio mean_shift tail_p05 distinct_alive";
    let moved = |mean, sd, scaled| Move { from: law(0.0, 1.0), to: law(mean, sd), same, scaled, methods: DRAWS };
    let budget = |cell, value, expected, methods| Budget { cell, columns: "mean variance", value, expected, methods };
    Row {
        kind: "empirical",
        cells: vec![
            Variant { cell: table(&[0]).initial(30), columns: "mean variance distinct_alive", methods: BOTH },
            Variant { cell: law(2.0, 3.0), columns: "mean variance distinct_alive", methods: DRAWS },
        ],
        costly: false,
        rows: Some(numbers(&rows)),
        draws: Of(vec![
            Draw {
                cell: super::one_real(law(2.0, 3.0)),
                columns: "mean",
                methods: DRAWS,
                uniform: |run| run.at(0, "mean").iter().map(|x| lower((x - 2.0) / 3.0)).collect(),
            },
            // T_0 is the table; each of its rows is as likely.
            Draw {
                cell: table(&[0]).initial(30).n(1).generations(1),
                columns: "mean",
                methods: BOTH,
                uniform: |run| ranks(&run.at(1, "mean"), 30),
            },
        ]),
        recovers: Of(vec![truth("mean", 2.0, 3.0), truth("variance", 9.0, 9.0 * f64::sqrt(2.0))]),
        moves: Of(vec![moved(-40.0, 1.0, &[("variance", 1.0)]), moved(0.0, 7.0, &[("mean", 7.0), ("variance", 49.0)])]),
        sums: Not("its sets are the counts of the categorical row, or lists of records that are put end to end and have no weights"),
        budget: Of(vec![
            budget(law(2.0, 3.0), |x| x[1] + (x[0] - 2.0) * (x[0] - 2.0), 9.0, DRAWS),
            // Whole numbers from 0 to 29, and a half: (30^2 - 1) / 12.
            budget(table(&[0]).initial(30), |x| x[1] + (x[0] - 15.0) * (x[0] - 15.0), 899.0 / 12.0, BOTH),
        ]),
        constant_memory: Of(vec![table(&[0])]),
    }
}
