//! Columns that are a number of one chain's model: a list of names, meanings and formulas becomes measures.

use crate::columns::{Column, EARLY_STATE, LATE_STATE};
use crate::family::{Family, Measure, Signals, View};

/// A column and its formula, of the family and what it makes of one chain.
pub type Entry<F, P> = (Column, fn(&F, P) -> f64);

/// Names and meanings, the states last.
pub fn names<F, P>(list: &[Entry<F, P>]) -> Vec<Column> {
    list.iter().map(|(column, _)| *column).chain([EARLY_STATE, LATE_STATE]).collect()
}

/// The measure of a name; `point` makes of a chain what formulas read.
pub fn measure<F: Family + 'static, P: 'static>(
    list: &[Entry<F, P>],
    name: &str,
    point: fn(&F, &View<'_, F>, usize) -> P,
) -> Option<Measure<F>> {
    if name == EARLY_STATE.name || name == LATE_STATE.name {
        return Some(state(name == EARLY_STATE.name));
    }
    let of = list.iter().find(|(column, _)| column.name == name)?.1;
    Some(Box::new(move |family: &F, view: &View<'_, F>, out: &mut [f64]| {
        for (chain, out) in out.iter_mut().enumerate() {
            *out = of(family, point(family, view, chain));
        }
    }))
}

/// The column of early_state or late_state of any family.
pub fn state<F: Family>(early: bool) -> Measure<F> {
    Box::new(move |family: &F, view: &View<'_, F>, out: &mut [f64]| {
        let mut signals = Signals::new(out.len());
        family.signals(view, &mut signals);
        let states = if early { &signals.early } else { &signals.late };
        for (out, &state) in out.iter_mut().zip(states) {
            *out = f64::from(state);
        }
    })
}
