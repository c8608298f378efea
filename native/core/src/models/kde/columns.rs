//! The columns of kernel density estimates: those of any model on the line, or in several dimensions moments and tails.

use super::kernels::{Side, share};
use super::{Fit, Kde, Origin};
use crate::columns::{Column, EARLY_STATE, LATE_STATE};
use crate::family::{Measure, Signals, View};
use crate::math;
use crate::math::matrix::{generalised_eigenvalues, solve_transposed};
use crate::measures::line::{Divergences, Gaps, Line, entropy, within};
use crate::measures::pair::{Pair, retention};
use crate::measures::smooth::Smooth;
use crate::models::line_columns::{self, OnLine};
use crate::models::multivariate_gaussian::MultivariateGaussian;
use crate::models::scalar_columns::state;
use crate::rows::Rows;
use crate::simd::Level;
use crate::truth::Truth;

// On the line ----------------------------------------------------------------------------------------------------------------------------

/// One chain's estimate beside its origin.
struct One<'a> {
    truth: &'a Truth,
    fit: &'a Fit,
    rows: &'a Rows,
    level: Level,
}

impl One<'_> {
    /// The law, seen from its mean; None for a point, or where kernels can't be told from points.
    fn smooth(&self) -> Option<&Smooth> {
        let law = || {
            let mean = self.fit.mean[0];
            let points = self.rows.values.iter().enumerate().map(|(i, x)| (x - mean, self.rows.weight(i))).collect();
            Smooth::new(self.level, self.fit.widths[0], points)
        };
        self.fit.smooth.get_or_init(law).as_ref()
    }

    fn pair<T>(&self, of: impl Fn(Pair<'_, Smooth>) -> T, undefined: T) -> T {
        let model = self.smooth();
        if model.is_none() && self.fit.covariance[0] > 0.0 {
            return undefined;
        }
        of(Pair { truth: self.truth, centre: self.fit.mean[0], model, mean: 0.0, variance: self.fit.covariance[0] })
    }
}

impl OnLine for One<'_> {
    fn mean(&self) -> f64 {
        self.fit.mean[0]
    }

    fn variance(&self) -> f64 {
        self.fit.covariance[0]
    }

    fn below(&self, place: f64) -> f64 {
        share(self.level, &self.rows.values, &self.rows.weights, self.fit.total, self.fit.widths[0], place, Side::Below)
    }

    fn above(&self, place: f64) -> f64 {
        share(self.level, &self.rows.values, &self.rows.weights, self.fit.total, self.fit.widths[0], place, Side::Above)
    }

    fn interquartile(&self) -> f64 {
        let Some(law) = self.smooth() else { return 0.0 };
        let marks = law.marks();
        within(law, [0.75, 0.25], &marks) - within(law, [0.25, 0.75], &marks)
    }

    fn w1(&self) -> f64 {
        self.pair(|pair| pair.w1(), f64::NAN)
    }

    fn w2(&self) -> f64 {
        self.pair(|pair| pair.w2(), f64::NAN)
    }

    fn divergences(&self) -> Divergences {
        let none = Divergences { forward: f64::NAN, reverse: f64::NAN, hellinger: f64::NAN };
        *self.fit.divergences.get_or_init(|| self.pair(|pair| pair.divergences(), none))
    }

    fn gaps(&self) -> Gaps {
        *self.fit.gaps.get_or_init(|| self.pair(|pair| pair.gaps(), Gaps { tv: f64::NAN, ks: f64::NAN }))
    }

    fn entropy(&self) -> f64 {
        self.smooth().map_or(f64::NEG_INFINITY, entropy)
    }
}

// In several dimensions ------------------------------------------------------------------------------------------------------------------

/// One chain's estimate beside an origin in several dimensions.
struct Many<'a> {
    law: &'a MultivariateGaussian,
    fit: &'a Fit,
    rows: &'a Rows,
    level: Level,
}

impl Many<'_> {
    /// Eigenvalues of S0^-1 S, ascending.
    fn ratios(&self) -> Vec<f64> {
        space_ratios(self.law, self.level, &self.fit.covariance)
    }

    /// The least retention of a coordinate.
    fn least(&self, level: usize, part: usize) -> f64 {
        let d = self.law.dimensions();
        let one = |k: usize| {
            let column: Vec<f64> = self.rows.values.iter().skip(k).step_by(d).copied().collect();
            let at = |edge: f64, side| share(self.level, &column, &self.rows.weights, self.fit.total, self.fit.widths[k], edge, side);
            retention(&self.law.tails[k][level], |edge| at(edge, Side::Below), |edge| at(edge, Side::Above))
        };
        (0..d).map(|k| one(k)[part]).fold(f64::NAN, f64::min)
    }
}

/// Eigenvalues of S0^-1 S of a model's covariance, ascending.
pub fn space_ratios(law: &MultivariateGaussian, level: Level, covariance: &[f64]) -> Vec<f64> {
    let d = law.dimensions();
    let identity = || (0..d * d).map(|i| if i / d == i % d { 1.0 } else { 0.0 }).collect();
    generalised_eigenvalues(level, &mut covariance.to_vec(), &law.correlation.clone().unwrap_or_else(identity), d)
}

/// Distance of a mean to the origin's, in units of the origin's covariance.
pub fn space_shift(law: &MultivariateGaussian, mean: &[f64]) -> f64 {
    let mut shift = mean.to_vec();
    if let Some(r0) = &law.correlation {
        solve_transposed(r0, law.dimensions(), &mut shift);
    }
    f64::sqrt(shift.iter().map(|x| x * x).sum())
}

type OfMany = fn(&Many) -> f64;

fn of_many(name: &str) -> Option<OfMany> {
    let of: OfMany = match name {
        "variance_ratio" => |q| q.ratios().iter().sum::<f64>() / q.law.dimensions() as f64,
        "variance_min" => |q| q.ratios()[0],
        "variance_max" => |q| q.ratios()[q.law.dimensions() - 1],
        "mean_shift" => |q| space_shift(q.law, &q.fit.mean),
        "tail_p05" => |q| q.least(0, 2),
        "tail_p01" => |q| q.least(1, 2),
        "tail_p001" => |q| q.least(2, 2),
        "tail_lower_p01" => |q| q.least(1, 0),
        "tail_upper_p01" => |q| q.least(1, 1),
        _ => return None,
    };
    Some(of)
}

// Lists ----------------------------------------------------------------------------------------------------------------------------------

/// Columns of the fit itself.
const FITTED: [Column; 6] = [
    Column::new("fit_bandwidth", "the kernel's sd in the data's units; in several dimensions a rule's factor on the records' sd"),
    Column::new("fit_variance", "variance of the fitted model, the kernel's included; undefined in several dimensions"),
    Column::new("fit_log_variance", "ln of the fitted variance; undefined in several dimensions"),
    Column::new("flat_kernel", "1 where a rule found no variance in some direction: equal records make the model a point, else 0"),
    Column::new(
        "variance_min",
        "smallest eigenvalue of S0^-1 S: the variance over the origin's in the narrowest direction; undefined on the line",
    ),
    Column::new(
        "variance_max",
        "largest eigenvalue of S0^-1 S: the variance over the origin's in the widest direction; undefined on the line",
    ),
];

/// Names and meanings.
pub fn list() -> Vec<Column> {
    line_columns::LIST.iter().map(|(column, _)| *column).chain(FITTED).chain([EARLY_STATE, LATE_STATE]).collect()
}

/// A column of the fit itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitColumn {
    Bandwidth,
    Variance,
    LogVariance,
    Flat,
}

/// The column of the fit with a name.
pub fn fit_column(name: &str) -> Option<FitColumn> {
    match name {
        "fit_bandwidth" => Some(FitColumn::Bandwidth),
        "fit_variance" => Some(FitColumn::Variance),
        "fit_log_variance" => Some(FitColumn::LogVariance),
        "flat_kernel" => Some(FitColumn::Flat),
        _ => None,
    }
}

fn of_fit(kde: &Kde, fit: &Fit, column: FitColumn) -> f64 {
    let unit = kde.origin.units(0).1;
    match column {
        FitColumn::Bandwidth => fit.bandwidth,
        FitColumn::Flat => f64::from(u8::from(fit.flat)),
        _ if kde.origin.width() > 1 => f64::NAN,
        FitColumn::Variance => unit * unit * fit.covariance[0],
        FitColumn::LogVariance => 2.0 * math::ln(unit) + math::ln(fit.covariance[0]),
    }
}

/// The measure of a name.
pub fn measure(name: &str, d: usize) -> Option<Measure<Kde>> {
    if name == EARLY_STATE.name || name == LATE_STATE.name {
        return Some(state(name == EARLY_STATE.name));
    }
    if let Some(column) = fit_column(name) {
        return Some(Box::new(move |kde: &Kde, view: &View<'_, Kde>, out: &mut [f64]| {
            out.iter_mut().zip(view.model).for_each(|(out, fit)| *out = of_fit(kde, fit, column));
        }));
    }
    let (on_line, in_space) = (line_columns::find(name), of_many(name));
    if (d == 1 && on_line.is_none()) || (d > 1 && in_space.is_none()) {
        return None;
    }
    Some(Box::new(move |kde: &Kde, view: &View<'_, Kde>, out: &mut [f64]| {
        for (chain, out) in out.iter_mut().enumerate() {
            let (fit, rows, level) = (&view.model[chain], &view.training.chains[chain], view.level);
            *out = match &kde.origin {
                _ if !(fit.total > 0.0) => f64::NAN,
                Origin::Line(truth) => on_line.map_or(f64::NAN, |of| of(truth, &One { truth, fit, rows, level })),
                Origin::Space(law) => in_space.map_or(f64::NAN, |of| of(&Many { law, fit, rows, level })),
            };
        }
    }))
}

/// Early: a side at p = 0.01 (of the coordinate that retains least) keeps a tenth. Late: no direction has more than 0.01 of its variance.
pub fn signals(kde: &Kde, view: &View<'_, Kde>, out: &mut Signals) {
    for (chain, fit) in view.model.iter().enumerate() {
        let (rows, level) = (&view.training.chains[chain], view.level);
        let (early, late, diverged) = match &kde.origin {
            _ if !(fit.total > 0.0) => (false, false, false),
            Origin::Line(truth) => line_columns::signal(truth, &One { truth, fit, rows, level }),
            Origin::Space(law) => {
                let q = Many { law, fit, rows, level };
                let ratios = q.ratios();
                let lost = f64::min(q.least(1, 0), q.least(1, 1)) <= 0.1;
                (lost, ratios[ratios.len() - 1] <= 0.01, ratios.iter().sum::<f64>() / ratios.len() as f64 > 100.0)
            }
        };
        out.set(chain, early, late, diverged);
    }
}
