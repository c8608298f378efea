//! The columns of the gaussian-mixture family: each is one line, a name, what it means and how it is computed of one chain.
//!
//! On the line, distances are those of any two laws with a density; in several dimensions they have no closed form and are undefined.

use super::em::mean_log_likelihood;
use super::line::Mixed;
use super::{Fitted, GaussianMixture};
use crate::columns::{Column, EARLY_STATE, LATE_STATE};
use crate::family::{Measure, Signals, View};
use crate::math;
use crate::math::matrix::{dot, generalised_eigenvalues, solve_transposed};
use crate::measures::line::{self, Divergences, Gaps, Line};
use crate::measures::pair::{Pair, retention};
use crate::models::line_columns::{self, OnLine};
use crate::models::scalar_columns::state;
use crate::simd::Level;

/// Early collapse: a tail region at p = 0.01 retains this share.
const RETAINED: f64 = 0.1;
/// Late collapse: the widest direction keeps this share of its variance.
const NARROW: f64 = 0.01;

/// One chain's model beside the origin.
struct Point<'a> {
    family: &'a GaussianMixture,
    fitted: &'a Fitted,
    level: Level,
}

impl Point<'_> {
    fn width(&self) -> usize {
        self.family.real.width()
    }

    /// The widest and the narrowest direction: eigenvalues of S0^-1 S, ascending.
    fn directions(&self) -> Vec<f64> {
        let mut spread = self.fitted.fit.mixture.covariance();
        generalised_eigenvalues(self.level, &mut spread, &self.family.real.factor, self.width())
    }

    /// tr(S0^-1 S) / d.
    fn mean_ratio(&self) -> f64 {
        let (mut spread, d) = (self.fitted.fit.mixture.covariance(), self.width());
        let factor = &self.family.real.factor;
        let diagonal = |k: usize, s: &mut [f64]| {
            // Entry (k, k) of S0^-1 S: column k of the symmetric S, solved by R0'R0.
            let column = &mut s[k * d..(k + 1) * d];
            solve_transposed(factor, d, column);
            math::matrix::solve(factor, d, column);
            column[k]
        };
        (0..d).map(|k| diagonal(k, &mut spread)).sum::<f64>() / d as f64
    }

    /// Distance of the mean to the origin's, in units of the origin's covariance.
    fn shift(&self) -> f64 {
        let mut mean = self.fitted.fit.mixture.mean();
        solve_transposed(&self.family.real.factor, self.width(), &mut mean);
        f64::sqrt(dot(&mean, &mean))
    }

    /// Retention of a level's region of the coordinate that retains least: lower (0), upper (1) or both (2); NaN where none has one.
    fn least(&self, level: usize, side: usize) -> f64 {
        let real = &self.family.real;
        let of = |j: usize| {
            let truth = &real.marginals[j];
            let masses = |edge: f64| {
                let data = truth.place + truth.scale * edge;
                self.fitted.fit.mixture.masses(j, (data - real.place[j]) / real.scale)
            };
            retention(&truth.regions[level], |edge| masses(edge)[0], |edge| masses(edge)[1])[side]
        };
        (0..self.width()).map(of).fold(f64::NAN, f64::min)
    }

    /// Reads distances on the line.
    fn paired<T>(&self, read: impl Fn(&Pair<'_, Mixed>) -> T) -> T {
        let (mean, variance) = (self.mean(), self.variance());
        let law = Mixed::new(&self.fitted.fit.mixture, mean);
        read(&Pair { truth: &self.family.real.marginals[0], centre: mean, model: Some(&law), mean: 0.0, variance })
    }

    fn component_sds(&self) -> impl Iterator<Item = f64> {
        let mixture = &self.fitted.fit.mixture;
        mixture.alive().map(|k| mixture.sd_of(k) * self.family.real.scale)
    }

    fn extreme(&self, last: bool) -> f64 {
        let values =
            if self.width() == 1 { vec![line_columns::variance_ratio(&self.family.real.marginals[0], self)] } else { self.directions() };
        values[if last { values.len() - 1 } else { 0 }]
    }
}

impl OnLine for Point<'_> {
    fn mean(&self) -> f64 {
        self.fitted.fit.mixture.mean()[0]
    }

    fn variance(&self) -> f64 {
        self.fitted.fit.mixture.covariance()[0]
    }

    fn below(&self, place: f64) -> f64 {
        self.fitted.fit.mixture.masses(0, place)[0]
    }

    fn above(&self, place: f64) -> f64 {
        self.fitted.fit.mixture.masses(0, place)[1]
    }

    fn interquartile(&self) -> f64 {
        self.paired(|pair| {
            pair.model.map_or(0.0, |law| {
                let marks = law.marks();
                line::within(law, [0.75, 0.25], &marks) - line::within(law, [0.25, 0.75], &marks)
            })
        })
    }

    fn w1(&self) -> f64 {
        self.paired(|pair| pair.w1())
    }

    fn w2(&self) -> f64 {
        self.paired(|pair| pair.w2())
    }

    fn divergences(&self) -> Divergences {
        *self.fitted.divergences.get_or_init(|| self.paired(|pair| pair.divergences()))
    }

    fn gaps(&self) -> Gaps {
        *self.fitted.gaps.get_or_init(|| self.paired(|pair| pair.gaps()))
    }

    fn entropy(&self) -> f64 {
        line::entropy(&Mixed::new(&self.fitted.fit.mixture, self.mean()))
    }
}

/// A column and its formula of one chain.
type Entry = (Column, fn(&Point) -> f64);

/// Columns of the fit, in any number of dimensions.
const FIT: &[Entry] = &[
    (Column::new("variance_min", "smallest eigenvalue of S0^-1 S: the variance over the origin's in the narrowest direction"), |q| {
        q.extreme(false)
    }),
    (Column::new("variance_max", "largest eigenvalue of S0^-1 S: the variance over the origin's in the widest direction"), |q| {
        q.extreme(true)
    }),
    (Column::new("fit_log_likelihood", "mean ln density of the training records under the fitted mixture, in nats a record"), |q| {
        let shift = q.width() as f64 * math::ln(q.family.real.scale);
        mean_log_likelihood(q.level, &q.fitted.blocks, &q.fitted.fit.mixture) - shift
    }),
    (Column::new("fit_iterations", "iterations of expectation maximisation that the fit took"), |q| f64::from(q.fitted.fit.iterations)),
    (Column::new("fit_converged", "1 where the last iteration moved the mean log-likelihood by less than the tolerance, else 0"), |q| {
        f64::from(u8::from(q.fitted.fit.converged))
    }),
    (Column::new("fit_floored", "principal variances of components that lie below the floor but for what it adds"), |q| {
        f64::from(q.fitted.fit.floored)
    }),
    (Column::new("fit_weight_min", "least weight of a component; 0 where one is lost"), |q| {
        q.fitted.fit.mixture.weights.iter().copied().fold(f64::INFINITY, f64::min)
    }),
    (
        Column::new("fit_component_sd", "least standard deviation of a component that has weight: sqrt(trace / d), in the data's units"),
        |q| q.component_sds().fold(f64::INFINITY, f64::min),
    ),
    (Column::new("components_alive", "components that have weight"), |q| q.fitted.fit.mixture.alive().count() as f64),
];

/// Columns of the line that several dimensions have too.
const SEVERAL: &[Entry] = &[
    (
        Column::new(
            "variance_ratio",
            "variance over the origin's, squared interquartile ranges where it has none; mean over all directions",
        ),
        |q| q.mean_ratio(),
    ),
    (Column::new("mean_shift", "(mean - origin's mean) / origin's sd; in several dimensions the distance in the origin's units"), |q| {
        q.shift()
    }),
    (
        Column::new("tail_p05", "retention of the outermost 5 % (of a law with an edge the highest); of the coordinate that retains least"),
        |q| q.least(0, 2),
    ),
    (
        Column::new("tail_p01", "retention of the outermost 1 % (of a law with an edge the highest); of the coordinate that retains least"),
        |q| q.least(1, 2),
    ),
    (
        Column::new(
            "tail_p001",
            "retention of the outermost 0.1 % (of a law with an edge the highest); of the coordinate that retains least",
        ),
        |q| q.least(2, 2),
    ),
    (Column::new("tail_lower_p01", "retention of the lowest 0.5 %; of the coordinate that retains least"), |q| q.least(1, 0)),
    (
        Column::new("tail_upper_p01", "retention of the highest 0.5 % (of a law with an edge 1 %); of the coordinate that retains least"),
        |q| q.least(1, 1),
    ),
];

fn find(list: &'static [Entry], name: &str) -> Option<&'static Entry> {
    list.iter().find(|(column, _)| column.name == name)
}

/// Names and meanings.
pub fn list() -> Vec<Column> {
    let shared = line_columns::LIST.iter().map(|(column, _)| find(SEVERAL, column.name).map_or(*column, |(column, _)| *column));
    shared.chain(FIT.iter().map(|(column, _)| *column)).chain([EARLY_STATE, LATE_STATE]).collect()
}

/// The measure of a name.
pub fn measure(name: &str) -> Option<Measure<GaussianMixture>> {
    if name == EARLY_STATE.name || name == LATE_STATE.name {
        return Some(state(name == EARLY_STATE.name));
    }
    let (fit, line, several) = (find(FIT, name), line_columns::find(name), find(SEVERAL, name));
    fit.map(|_| ()).or(line.map(|_| ()))?;
    Some(Box::new(move |family: &GaussianMixture, view: &View<'_, GaussianMixture>, out: &mut [f64]| {
        for (fitted, out) in view.model.iter().zip(out) {
            let point = Point { family, fitted, level: view.level };
            let known = fitted.fit.mixture.components() > 0;
            *out = match (fit, line, several) {
                _ if !known => f64::NAN,
                (Some((_, of)), ..) => of(&point),
                (_, Some(of), _) if point.width() == 1 => of(&family.real.marginals[0], &point),
                (.., Some((_, of))) => of(&point),
                _ => f64::NAN,
            };
        }
    }))
}

/// Early: a coordinate's lower or upper region at p = 0.01 retains a tenth. Late: no direction has more than 0.01 of its variance.
pub fn signals(family: &GaussianMixture, view: &View<'_, GaussianMixture>, out: &mut Signals) {
    for (chain, fitted) in view.model.iter().enumerate() {
        let point = Point { family, fitted, level: view.level };
        if fitted.fit.mixture.components() == 0 {
            out.set(chain, false, false, false);
        } else if point.width() == 1 {
            let (early, late, diverged) = line_columns::signal(&family.real.marginals[0], &point);
            out.set(chain, early, late, diverged);
        } else {
            let (ratio, d) = (point.mean_ratio(), point.width() as f64);
            // The largest eigenvalue lies between the mean and the sum of them.
            let late = ratio * d <= NARROW || (ratio <= NARROW && point.extreme(true) <= NARROW);
            out.set(chain, f64::min(point.least(1, 0), point.least(1, 1)) <= RETAINED, late, ratio > 100.0);
        }
    }
}
