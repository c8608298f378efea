//! The columns of the histogram family: those of any model on the line, and of its bins.

use super::{Fit, Histogram};
use crate::columns::{Column, EARLY_STATE, LATE_STATE};
use crate::family::{Measure, Signals, View};
use crate::math;
use crate::measures::bars::Bars;
use crate::measures::line::{Divergences, Gaps, Line};
use crate::measures::pair::Pair;
use crate::models::line_columns::{self, OnLine};
use crate::models::scalar_columns::state;
use crate::truth::Truth;

/// One chain's histogram beside its origin.
struct One<'a> {
    truth: &'a Truth,
    fit: &'a Fit,
}

impl One<'_> {
    fn pair<T>(&self, of: impl Fn(Pair<'_, Bars>) -> T) -> T {
        let law = self.fit.law.from(self.fit.law.mean);
        of(Pair { truth: self.truth, centre: self.fit.law.mean, model: Some(&law), mean: 0.0, variance: self.fit.law.variance })
    }
}

impl OnLine for One<'_> {
    fn mean(&self) -> f64 {
        self.fit.law.mean
    }

    fn variance(&self) -> f64 {
        self.fit.law.variance
    }

    fn below(&self, place: f64) -> f64 {
        self.fit.law.masses(place)[0]
    }

    fn above(&self, place: f64) -> f64 {
        self.fit.law.masses(place)[1]
    }

    fn interquartile(&self) -> f64 {
        let all = [f64::NEG_INFINITY, f64::INFINITY];
        self.fit.law.quantile([0.75, 0.25], all, 0.0) - self.fit.law.quantile([0.25, 0.75], all, 0.0)
    }

    fn w1(&self) -> f64 {
        self.pair(|pair| pair.w1())
    }

    fn w2(&self) -> f64 {
        self.pair(|pair| pair.w2())
    }

    fn divergences(&self) -> Divergences {
        *self.fit.divergences.get_or_init(|| self.pair(|pair| pair.divergences()))
    }

    fn gaps(&self) -> Gaps {
        *self.fit.gaps.get_or_init(|| self.pair(|pair| pair.gaps()))
    }

    fn entropy(&self) -> f64 {
        self.fit.law.entropy()
    }
}

type Of = fn(&Histogram, &Fit) -> f64;

const FITTED: [(Column, Of); 4] = [
    (Column::new("fit_variance", "variance of the fitted model, width^2 / 12 within bins included"), |f, fit| {
        f.truth.scale * f.truth.scale * fit.law.variance
    }),
    (Column::new("fit_log_variance", "ln of the fitted variance"), |f, fit| 2.0 * math::ln(f.truth.scale) + math::ln(fit.law.variance)),
    (Column::new("bin_width", "width of a bin in the data's units"), |f, _| f.truth.scale * f.width),
    (Column::new("bins_alive", "bins with at least one record"), |_, fit| fit.law.len() as f64),
];

/// Names and meanings.
pub fn list() -> Vec<Column> {
    let of_line = line_columns::LIST.iter().map(|(column, _)| *column);
    of_line.chain(FITTED.iter().map(|(column, _)| *column)).chain([EARLY_STATE, LATE_STATE]).collect()
}

/// The measure of a name.
pub fn measure(name: &str) -> Option<Measure<Histogram>> {
    if name == EARLY_STATE.name || name == LATE_STATE.name {
        return Some(state(name == EARLY_STATE.name));
    }
    let (of_line, of_fit) = (line_columns::find(name), FITTED.iter().find(|(column, _)| column.name == name).map(|(_, of)| *of));
    if of_line.is_none() && of_fit.is_none() {
        return None;
    }
    Some(Box::new(move |family: &Histogram, view: &View<'_, Histogram>, out: &mut [f64]| {
        for (out, fit) in out.iter_mut().zip(view.model) {
            *out = match (fit.law.is_empty(), of_line, of_fit) {
                (false, Some(of), _) => of(&family.truth, &One { truth: &family.truth, fit }),
                (false, None, Some(of)) => of(family, fit),
                _ => f64::NAN,
            };
        }
    }))
}

/// Early, late and diverged of each chain.
pub fn signals(family: &Histogram, view: &View<'_, Histogram>, out: &mut Signals) {
    for (chain, fit) in view.model.iter().enumerate().filter(|(_, fit)| !fit.law.is_empty()) {
        let (early, late, diverged) = line_columns::signal(&family.truth, &One { truth: &family.truth, fit });
        out.set(chain, early, late, diverged);
    }
}
