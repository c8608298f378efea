//! Classes by their frequencies.

use genloss_core::models::categorical::Categorical;
use genloss_core::plan;

use super::Law::{Not, Of};
use super::{ALL, BOTH, Budget, Draw, Row, Truth, Variant};
use crate::cell::categorical;
use crate::run::Run;
use crate::sums::{Sums, of_sets};
use crate::uniform::spread;

/// Shares of four classes.
const SHARES: [f64; 4] = [0.5, 0.3, 0.15, 0.05];

/// The row.
pub fn row() -> Row {
    let cell = || categorical(&SHARES);
    let columns = "share_0 share_1 share_2 share_3";
    let share = |column, p: f64| Truth { cell: cell(), column, value: p, sd: f64::sqrt(p * (1.0 - p)), methods: ALL };
    fn all(run: &Run, generation: u32) -> [Vec<f64>; 4] {
        ["share_0", "share_1", "share_2", "share_3"].map(|name| run.at(generation, name))
    }
    /// The class of each chain's one record, by the shares that it was drawn with.
    fn class(seen: &[Vec<f64>; 4], shares: impl Fn(usize) -> [f64; 4]) -> Vec<f64> {
        let drawn = |chain: usize| {
            let shares = shares(chain);
            let class = seen.iter().position(|share| share[chain] == 1.0).expect("one class");
            (shares[..class].iter().sum(), shares[class])
        };
        spread((0..seen[0].len()).map(drawn))
    }
    let budget = |columns, expected| Budget { cell: cell(), columns, value: |x| x[0], expected, methods: BOTH };
    Row {
        kind: "categorical",
        cells: vec![Variant { cell: cell(), columns, methods: BOTH }],
        costly: false,
        rows: None,
        draws: Of(vec![
            Draw { cell: super::one_real(cell()), columns, methods: BOTH, uniform: |run| class(&all(run, 0), |_| SHARES) },
            Draw {
                cell: super::one_of_a_model(cell()),
                columns,
                methods: BOTH,
                uniform: |run| {
                    let model = all(run, 0);
                    class(&all(run, 1), |chain| model.each_ref().map(|share| share[chain]))
                },
            },
        ]),
        recovers: Of(vec![share("share_0", 0.5), share("share_1", 0.3), share("share_3", 0.05)]),
        moves: Not("classes have neither place nor size"),
        sums: Of(sums),
        budget: Of(vec![budget("share_0", 0.5), budget("share_3", 0.05)]),
        constant_memory: Of(vec![cell()]),
    }
}

fn sums() -> Vec<Sums> {
    let family = Categorical::law(&[0.5, 0.3, 0.15, 0.05], plan::Method::Draws).expect("a family");
    of_sets(&family, &["heterozygosity", "kl_reverse", "classes_alive"])
}
