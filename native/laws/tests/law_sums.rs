//! Training sets: in whichever grouping they are merged, the fit is the same to rounding; so it is where their records are learned together;
//! and a record of weight k is k records.

use genloss_laws::families::{Law, list};

/// Relative to the value, or to 1 where it is smaller.
const SLACK: f64 = 1e-9;

fn same(pair: &[Vec<f64>; 2], what: &str) {
    for (a, b) in pair[0].iter().zip(&pair[1]) {
        assert!(a == b || (a - b).abs() <= SLACK * a.abs().max(1.0), "{what}: {a} and {b}");
    }
}

#[test]
fn merging_is_associative_and_weights_are_repetitions() {
    for row in list() {
        let Law::Of(sums) = row.sums else { continue };
        for sum in sums() {
            let what = |how: &str| format!("{} of {}, {how}", sum.column, row.kind);
            same(&sum.grouped, &what("in two groupings"));
            same(&sum.twice, &what("weight 2 beside others"));
            same(&sum.thrice, &what("weight 3"));
            if let Some(learned) = &sum.learned {
                same(learned, &what("learned at once and in parts"));
            }
            // The three are different sets, so that agreement says something.
            let differs = |other: &[f64]| sum.column == "classes_alive" || other.iter().zip(&sum.one).any(|(a, b)| (a - b).abs() > 1e-6);
            assert!(sum.column == "fit_log_scale" || differs(&sum.grouped[0]) && differs(&sum.twice[0]), "{}", what("against one set"));
        }
    }
}
