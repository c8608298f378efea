//! The columns of the multivariate gaussian family: each is one line, a name, what it means and how it is computed of one chain.
//!
//! With S0 = R0'R0 of the origin and S = R'R of the model, both in the origin's units, all but the tails come from B = R R0^-1, the model's
//! factor where the origin is N(0, I): its singular values are the sds along the model's axes, sqrt of the eigenvalues of S0^-1 S.

use super::{Fitted, MultivariateGaussian, Real};
use crate::columns::{Column, EARLY_STATE, LATE_STATE};
use crate::family::{Measure, Signals, View};
use crate::math;
use crate::math::matrix::{self, cholesky, dot, singular_values, solve_transposed};
use crate::measures::Normal;
use crate::measures::tails::Region;
use crate::models::scalar_columns::state;
use crate::moments::power;
use crate::scatter::Scatter;
use crate::simd::Level;

/// ln(2 pi).
const LN_TWO_PI: f64 = 1.837_877_066_409_345_5;

/// Early collapse: a tail region at p = 0.01 retains this share.
const RETAINED: f64 = 0.1;

/// One chain's model beside the origin.
struct Point<'a> {
    family: &'a MultivariateGaussian,
    law: &'a Scatter,
    chain: usize,
    /// Sds along the model's axes over the origin's, ascending.
    axes: &'a [f64],
    level: Level,
}

/// The upper factor of a chain's covariance as plain numbers times 2^e, the largest power of its rows.
fn plain(law: &Scatter, chain: usize) -> (Vec<f64>, f64) {
    let (d, w) = (law.dimensions, law.width);
    let exponent = &law.exponent[law.at(chain)];
    let factor = &law.factor[law.factor_at(chain)];
    let used = |k: usize| factor[k * w..(k + 1) * w].iter().any(|&x| x != 0.0);
    let largest = (0..d).filter(|&k| used(k)).fold(f64::NEG_INFINITY, |e, k| f64::max(e, exponent[k]));
    let largest = if largest.is_finite() { largest } else { 0.0 };
    let mut out = vec![0.0; d * d];
    for k in 0..d {
        let scale = power(exponent[k] - largest);
        let place = k * d + if w == 1 { k } else { 0 };
        for (out, x) in out[place..place + w].iter_mut().zip(&factor[k * w..(k + 1) * w]) {
            *out = x * scale;
        }
    }
    (out, largest)
}

impl MultivariateGaussian {
    /// B = R R0^-1, times 2^e.
    fn beside(&self, law: &Scatter, chain: usize) -> (Vec<f64>, f64) {
        let d = law.dimensions;
        let (mut b, exponent) = plain(law, chain);
        if let Some(r0) = &self.correlation {
            b.chunks_exact_mut(d).for_each(|row| solve_transposed(r0, d, row));
        }
        (b, exponent)
    }

    fn axes<'a>(&self, model: &'a Fitted, level: Level) -> &'a [f64] {
        model.axes.get_or_init(|| {
            let one = |chain| {
                let (mut b, exponent) = self.beside(&model.law, chain);
                let scale = power(exponent);
                singular_values(level, &mut b, model.law.dimensions).into_iter().map(move |s| s * scale)
            };
            (0..model.law.n.len()).flat_map(one).collect()
        })
    }

    /// Sds of each coordinate of a chain.
    fn sds(&self, law: &Scatter, chain: usize) -> Vec<f64> {
        let d = law.dimensions;
        let (r, exponent) = plain(law, chain);
        let mut squares = vec![0.0; d];
        for row in r.chunks_exact(d) {
            squares.iter_mut().zip(row).for_each(|(s, x)| *s += x * x);
        }
        squares.into_iter().map(|s| f64::sqrt(s) * power(exponent)).collect()
    }
}

impl Point<'_> {
    fn d(&self) -> f64 {
        self.law.dimensions as f64
    }

    fn mean(&self) -> &[f64] {
        &self.law.mean[self.law.at(self.chain)]
    }

    /// ln det S, in the origin's units: finite where variances underflow.
    fn log_det(&self) -> f64 {
        let (d, w) = (self.law.dimensions, self.law.width);
        let factor = &self.law.factor[self.law.factor_at(self.chain)];
        let exponent = &self.law.exponent[self.law.at(self.chain)];
        let pivot = |k: usize| if w == 1 { factor[k] } else { factor[k * d + k] };
        (0..d).map(|k| 2.0 * (math::ln(pivot(k)) + exponent[k] * std::f64::consts::LN_2)).sum()
    }

    /// ln det of the origin's correlations.
    fn log_det_origin(&self) -> f64 {
        self.family.correlation.as_ref().map_or(0.0, |r| matrix::log_det(r, self.law.dimensions))
    }

    /// tr(S0^-1 S) / d.
    fn variance_ratio(&self) -> f64 {
        let (b, exponent) = self.family.beside(self.law, self.chain);
        dot(&b, &b) / self.d() * power(2.0 * exponent)
    }

    /// The mean beside the origin N(0, I).
    fn shift(&self) -> Vec<f64> {
        let mut shift = self.mean().to_vec();
        if let Some(r0) = &self.family.correlation {
            solve_transposed(r0, self.law.dimensions, &mut shift);
        }
        shift
    }

    fn shift_squared(&self) -> f64 {
        let shift = self.shift();
        dot(&shift, &shift)
    }

    fn rank(&self) -> usize {
        let (d, w) = (self.law.dimensions, self.law.width);
        let factor = &self.law.factor[self.law.factor_at(self.chain)];
        (0..d).filter(|&k| factor[k * w..(k + 1) * w].iter().any(|&x| x != 0.0)).count()
    }

    /// Variance of the last coordinate given the others, over the origin's.
    fn partial_variance(&self) -> f64 {
        let last = self.law.dimensions - 1;
        let pivot = self.law.factor[self.law.factor_at(self.chain).end - 1] * power(self.law.exponent[self.law.at(self.chain).end - 1]);
        let ratio = pivot / self.family.correlation.as_ref().map_or(1.0, |r| r[last * self.law.dimensions + last]);
        ratio * ratio
    }

    /// (tr C)^2 / tr C^2 of C = S0^-1 S: how many axes share the variance.
    fn participation(&self) -> f64 {
        let largest = self.axes[self.axes.len() - 1];
        let squares = || self.axes.iter().map(|s| s / largest * (s / largest));
        let (sum, square) = (squares().sum::<f64>(), squares().map(|v| v * v).sum::<f64>());
        if largest == 0.0 { 0.0 } else { sum * sum / square }
    }

    /// The least retention of a coordinate's tail region.
    fn least(&self, retention: impl Fn(&[Region; 3], Normal) -> f64) -> f64 {
        let sds = self.family.sds(self.law, self.chain);
        let each = self.mean().iter().zip(sds).zip(&self.family.tails);
        each.map(|((m, s), regions)| retention(regions, Normal::new(*m, s))).fold(f64::NAN, f64::min)
    }

    /// KL(origin || model) = (tr S^-1 S0 + |R'^-1 m|^2 - d + ln det S - ln det S0) / 2.
    fn kl_forward(&self) -> f64 {
        if self.rank() < self.law.dimensions {
            return f64::INFINITY;
        }
        let traces: f64 = self.axes.iter().map(|s| 1.0 / (s * s)).sum();
        let (r, exponent) = plain(self.law, self.chain);
        let mut m = self.mean().to_vec();
        solve_transposed(&r, self.law.dimensions, &mut m);
        let distance = dot(&m, &m) * power(-2.0 * exponent);
        // Beyond the largest float in one direction the whole is.
        let sum = if distance.is_nan() { f64::INFINITY } else { traces + distance };
        0.5 * (sum - self.d() + self.log_det() - self.log_det_origin())
    }

    /// KL(model || origin) = (tr S0^-1 S + |R0'^-1 m|^2 - d - ln det S + ln det S0) / 2.
    fn kl_reverse(&self) -> f64 {
        0.5 * (self.d() * self.variance_ratio() + self.shift_squared() - self.d() - self.log_det() + self.log_det_origin())
    }

    /// 1 - BC with ln BC = sum ln(1 - (1 - s)^2 / (1 + s^2)) / 2 over the axes - m' (S0 + S)^-1 m / 4.
    fn hellinger(&self) -> f64 {
        let d = self.law.dimensions;
        let axes: f64 = self.axes.iter().map(|s| 0.5 * math::ln_1p(-(1.0 - s) * (1.0 - s) / (1.0 + s * s))).sum();
        let (b, exponent) = self.family.beside(self.law, self.chain);
        let mut sum = vec![0.0; d * d];
        matrix::square(&b, d, &mut sum);
        let scale = power(2.0 * exponent);
        sum.iter_mut().for_each(|x| *x *= scale);
        (0..d).for_each(|k| sum[k * d + k] += 1.0);
        let mut shift = self.shift();
        // I + B'B has no pivot below 1; where it overflows the two laws have nothing in common.
        if cholesky(self.level, &mut sum, d, 0.0).is_err() {
            return 1.0;
        }
        solve_transposed(&sum, d, &mut shift);
        f64::sqrt(f64::max(-math::expm1(axes - 0.25 * dot(&shift, &shift)), 0.0))
    }

    /// |m - m0|^2 + tr S + tr S0 - 2 tr (S0^1/2 S S0^1/2)^1/2, square rooted (Gelbrich); the last trace is the sum of the singular values of
    /// R R0' in the data's units.
    fn w2(&self) -> f64 {
        let (d, sd) = (self.law.dimensions, &self.family.sd);
        let shift: f64 = self.mean().iter().zip(sd).map(|(m, s)| m * s * (m * s)).sum();
        if self.family.correlation.is_none() && sd.iter().all(|s| *s == sd[0]) {
            // Both matrices have the model's axes: no difference of large traces.
            return f64::sqrt(shift + self.axes.iter().map(|s| (s - 1.0) * (s - 1.0) * (sd[0] * sd[0])).sum::<f64>());
        }
        let (mut r, exponent) = plain(self.law, self.chain);
        let scale = power(exponent);
        for row in r.chunks_exact_mut(d) {
            row.iter_mut().zip(sd).for_each(|(x, s)| *x *= s * scale);
        }
        let traces: f64 = dot(&r, &r) + sd.iter().map(|s| s * s).sum::<f64>();
        let origin: Vec<f64> = (0..d * d)
            .map(|k| sd[k % d] * self.family.correlation.as_ref().map_or(if k / d == k % d { 1.0 } else { 0.0 }, |r0| r0[k]))
            .collect();
        let mut product: Vec<f64> = (0..d * d).map(|k| dot(&r[k / d * d..(k / d + 1) * d], &origin[k % d * d..(k % d + 1) * d])).collect();
        let common: f64 = singular_values(self.level, &mut product, d).iter().sum();
        f64::sqrt(shift + f64::max(traces - 2.0 * common, 0.0))
    }

    /// ln of the product of the origin's variances.
    fn log_units(&self) -> f64 {
        self.family.sd.iter().map(|s| 2.0 * math::ln(*s)).sum()
    }

    /// Distances to a table's rows have no closed form and are undefined.
    fn to_normal(&self, value: impl Fn(&Self) -> f64) -> f64 {
        if matches!(self.family.real, Real::Normal) { value(self) } else { f64::NAN }
    }
}

/// A column and its formula of one chain.
type Entry = (Column, fn(&Point) -> f64);

const LIST: &[Entry] = &[
    (Column::new("variance_ratio", "variance over the origin's, the mean over all directions: tr(S0^-1 S) / d"), |q| q.variance_ratio()),
    (Column::new("variance_min", "smallest eigenvalue of S0^-1 S: the variance over the origin's in the narrowest direction"), |q| {
        q.axes[0] * q.axes[0]
    }),
    (Column::new("variance_max", "largest eigenvalue of S0^-1 S: the variance over the origin's in the widest direction"), |q| {
        q.axes[q.axes.len() - 1] * q.axes[q.axes.len() - 1]
    }),
    (Column::new("mean_shift", "distance of the mean to the origin's, in units of the origin's covariance"), |q| {
        f64::sqrt(q.shift_squared())
    }),
    (
        Column::new("fit_log_det", "ln det of the fitted covariance; finite where variances underflow, -infinity where it is singular"),
        |q| q.log_det() + q.log_units(),
    ),
    (Column::new("partial_variance", "variance of the last coordinate given the others, over the origin's"), |q| q.partial_variance()),
    (Column::new("support_dimension", "dimensions in which the fitted model varies"), |q| q.rank() as f64),
    (Column::new("participation_ratio", "(tr C)^2 / tr C^2 of C = S0^-1 S: how many directions share the variance, 0 for a point"), |q| {
        q.participation()
    }),
    (Column::new("tail_p05", "retention of the outermost 5 % (2.5 % on each side) of the coordinate that retains least"), |q| {
        q.least(|regions, model| regions[0].both(model))
    }),
    (Column::new("tail_p01", "retention of the outermost 1 % of the coordinate that retains least"), |q| {
        q.least(|regions, model| regions[1].both(model))
    }),
    (Column::new("tail_p001", "retention of the outermost 0.1 % of the coordinate that retains least"), |q| {
        q.least(|regions, model| regions[2].both(model))
    }),
    (Column::new("tail_lower_p01", "retention of the lowest 0.5 % of the coordinate that retains least"), |q| {
        q.least(|regions, model| regions[1].lower(model))
    }),
    (Column::new("tail_upper_p01", "retention of the highest 0.5 % of the coordinate that retains least"), |q| {
        q.least(|regions, model| regions[1].upper(model))
    }),
    (Column::new("w2", "Wasserstein-2 distance to the origin, in the data's units"), |q| q.to_normal(|q| q.w2())),
    (Column::new("kl_forward", "KL(origin || model) in nats; infinite where the model is singular"), |q| q.to_normal(|q| q.kl_forward())),
    (Column::new("kl_reverse", "KL(model || origin) in nats; infinite where the model is singular"), |q| q.to_normal(|q| q.kl_reverse())),
    (Column::new("hellinger", "Hellinger distance to the origin"), |q| q.to_normal(|q| q.hellinger())),
    (Column::new("entropy", "differential entropy of the model in nats"), |q| {
        0.5 * (q.d() * (1.0 + LN_TWO_PI) + q.log_det() + q.log_units())
    }),
];

/// Names and meanings.
pub fn list() -> Vec<Column> {
    LIST.iter().map(|(column, _)| *column).chain([EARLY_STATE, LATE_STATE]).collect()
}

/// The measure of a name.
pub fn measure(name: &str) -> Option<Measure<MultivariateGaussian>> {
    if name == EARLY_STATE.name || name == LATE_STATE.name {
        return Some(state(name == EARLY_STATE.name));
    }
    let of = LIST.iter().find(|(column, _)| column.name == name)?.1;
    let needs_axes = ["variance_min", "variance_max", "participation_ratio", "w2", "kl_forward", "hellinger"].contains(&name);
    Some(Box::new(move |family: &MultivariateGaussian, view: &View<'_, MultivariateGaussian>, out: &mut [f64]| {
        let (law, d, level) = (&view.model.law, family.dimensions(), view.level);
        let axes = if needs_axes { family.axes(view.model, level) } else { &[] };
        for (chain, out) in out.iter_mut().enumerate() {
            let axes = if needs_axes { &axes[chain * d..(chain + 1) * d] } else { axes };
            *out = of(&Point { family, law, chain, axes, level });
        }
    }))
}

/// Early: a coordinate's lower or upper region at p = 0.01 retains a tenth. Late: no direction has more than 0.01 of its variance.
pub fn signals(family: &MultivariateGaussian, view: &View<'_, MultivariateGaussian>, out: &mut Signals) {
    let law = &view.model.law;
    for chain in 0..out.early.len() {
        let q = Point { family, law, chain, axes: &[], level: view.level };
        // What is not defined (a table too small for a region) is not lost.
        let lost = q.least(|regions, model| f64::min(regions[1].lower(model), regions[1].upper(model))) <= RETAINED;
        let ratio = q.variance_ratio();
        out.set(chain, lost, narrow(&q, ratio), ratio > 100.0);
    }
}

/// Whether the largest eigenvalue of S0^-1 S is at most 0.01: the trace decides it in most cases, else whether 0.01 I - B'B has a factor.
fn narrow(q: &Point, ratio: f64) -> bool {
    const LIMIT: f64 = 0.01;
    let trace = ratio * q.d();
    if !(ratio <= LIMIT) || trace <= LIMIT {
        return trace <= LIMIT;
    }
    let d = q.law.dimensions;
    let (b, exponent) = q.family.beside(q.law, q.chain);
    let mut left = vec![0.0; d * d];
    matrix::square(&b, d, &mut left);
    let scale = power(2.0 * exponent);
    left.iter_mut().for_each(|x| *x *= -scale);
    (0..d).for_each(|k| left[k * d + k] += LIMIT);
    cholesky(q.level, &mut left, d, 0.0).is_ok()
}
