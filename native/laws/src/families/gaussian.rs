//! A normal law by mean and variance.

use genloss_core::models::gaussian::Gaussian;
use genloss_core::plan::{self, Estimator};

use super::Law::Of;
use super::{ALL, BOTH, Budget, Draw, Move, Row, Truth, Variant};
use crate::cell::{Cell, gaussian};
use crate::special::lower;
use crate::sums::{Sums, of_records};

/// The row.
pub fn row() -> Row {
    let cell = || gaussian().origin(2.0, 3.0);
    let fitted = "fit_mean fit_log_variance";
    let truth = |cell: Cell, column, value, sd| Truth { cell, column, value, sd, methods: ALL };
    let both = || [cell(), cell().mle()].into_iter();
    let same = "variance_ratio mean_shift tail_p01 tail_lower_p01 kl_forward";
    let moved = |mean, sd, scaled| Move { from: gaussian(), to: gaussian().origin(mean, sd), same, scaled, methods: BOTH };
    Row {
        kind: "gaussian",
        cells: both().map(|cell| Variant { cell, columns: fitted, methods: BOTH }).collect(),
        costly: false,
        rows: None,
        draws: Of(vec![
            Draw {
                cell: super::one_real(cell().mle()),
                columns: "mean",
                methods: BOTH,
                uniform: |run| run.at(0, "mean").iter().map(|x| lower((x - 2.0) / 3.0)).collect(),
            },
            Draw {
                cell: super::one_of_a_model(cell().mle()),
                columns: "mean variance",
                methods: BOTH,
                uniform: |run| {
                    let (m, v) = (run.at(0, "mean"), run.at(0, "variance"));
                    run.at(1, "mean").iter().zip(m.iter().zip(&v)).map(|(x, (m, v))| lower((x - m) / f64::sqrt(*v))).collect()
                },
            },
        ]),
        recovers: Of(both()
            .flat_map(|cell| [truth(cell.clone(), "fit_mean", 2.0, 3.0), truth(cell, "fit_variance", 9.0, 9.0 * f64::sqrt(2.0))])
            .collect()),
        moves: Of(vec![moved(-40.0, 1.0, &[("variance", 1.0)]), moved(0.0, 7.0, &[("mean", 7.0), ("variance", 49.0), ("w2", 7.0)])]),
        sums: Of(sums),
        budget: Of(vec![Budget {
            cell: cell().mle(),
            columns: "mean variance",
            value: |x| x[1] + (x[0] - 2.0) * (x[0] - 2.0),
            expected: 9.0,
            methods: BOTH,
        }]),
        constant_memory: Of(vec![cell()]),
    }
}

/// Both divisors, about a mean that is large beside the sd.
fn sums() -> Vec<Sums> {
    let family = |estimator| Gaussian::normal(1e6, 3.0, estimator, plan::Method::Draws).expect("a family");
    let columns = ["mean_shift", "variance_ratio", "fit_log_variance"];
    [Estimator::Mle, Estimator::Unbiased].into_iter().flat_map(|estimator| of_records(&family(estimator), &columns)).collect()
}
