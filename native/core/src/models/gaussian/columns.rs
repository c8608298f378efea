//! The columns of the gaussian family: each is one line, a name, what it means and how it is computed.

use super::law::distance;
use super::{Fitted, Gaussian, Real};
use crate::columns::{Column, EARLY_STATE, LATE_STATE};
use crate::family::{Measure, Signals, View};
use crate::math;
use crate::measures::tails::Region;
use crate::measures::{Normal, entropy, hellinger, kl, ks, tails, tv, wasserstein};
use crate::models::scalar_columns::state;
use crate::simd::{Level, kernel};
use crate::truth::Truth;

/// Tail regions of the origin in its own units, and what early collapse compares with.
pub struct Tails {
    regions: [Region; 3],
    /// Edges of the two sides at p = 0.01 and how many sds out leave a tenth of their mass.
    pub low: f64,
    pub high: f64,
    pub low_z: f64,
    pub high_z: f64,
    /// Smallest and largest value of the origin; infinite for a normal one.
    range: (f64, f64),
    /// Variance ratio of a model of variance 1: 1, or of squared interquartile ranges where the origin has no variance.
    unit: f64,
    /// 1, or NaN where the origin has no mean to shift from.
    shift: f64,
}

impl Tails {
    /// Of N(0,1).
    pub fn of_normal() -> Tails {
        Tails::new(tails::LEVELS.map(Region::of_normal), (f64::NEG_INFINITY, f64::INFINITY))
    }

    /// Of standardised rows.
    pub fn of_rows(rows: &[f64]) -> Tails {
        let mut sorted = rows.to_vec();
        sorted.sort_by(f64::total_cmp);
        Tails::new(tails::LEVELS.map(|p| Region::of_sorted(&sorted, p)), (sorted[0], sorted[sorted.len() - 1]))
    }

    /// Of a law on the line.
    pub fn of_law(truth: &Truth) -> Tails {
        let quartiles = 2.0 * math::normal_quantile(0.75) / truth.interquartile;
        let tails = Tails::new(truth.regions, (truth.support[0], truth.support[1]));
        Tails {
            unit: if truth.variance.is_infinite() { quartiles * quartiles } else { 1.0 },
            shift: if truth.mean.is_infinite() { f64::NAN } else { 1.0 },
            ..tails
        }
    }

    fn new(regions: [Region; 3], range: (f64, f64)) -> Tails {
        // No region: an edge at zero that nothing is ever beyond.
        let side = |side: Option<(f64, f64)>| side.map_or((0.0, f64::INFINITY), |(edge, mass)| (edge, -math::normal_quantile(0.1 * mass)));
        let ((low, low_z), (high, high_z)) = (side(regions[1].lower), side(regions[1].upper));
        Tails { regions, low, high, low_z, high_z, range, unit: 1.0, shift: 1.0 }
    }
}

/// A column's values for the models of a group.
type Of = fn(Level, &Gaussian, &Fitted, &mut [f64]);

/// A table of columns: name, meaning, formula of the family f and the model q. Each formula becomes a kernel of its own.
macro_rules! columns {
    ($(($name:literal, $doc:literal, |$f:ident, $q:ident| $formula:expr)),* $(,)?) => {
        const LIST: &[(Column, Of)] = &[$((Column::new($name, $doc), {
            kernel! {
                fn column($f: &Gaussian, fitted: &Fitted, out: &mut [f64]) {
                    let n = out.len();
                    let (mean, sd) = (&fitted.mean[..n], &fitted.sd[..n]);
                    let (variance, exponent) = (&fitted.variance[..n], &fitted.exponent[..n]);
                    for i in 0..n {
                        let $q = Normal { m: mean[i], s: sd[i], variance: variance[i], exponent: exponent[i] };
                        out[i] = $formula;
                    }
                }
            }
            column
        })),*];
    };
}

/// Distances to a table's rows are undefined, and those to another law have measures of their own.
#[inline(always)]
fn to_normal(family: &Gaussian, value: f64) -> f64 {
    if matches!(family.real, Real::Normal) { value } else { f64::NAN }
}

#[inline(always)]
fn outside(family: &Gaussian, q: Normal) -> f64 {
    let (low, high) = family.tails.range;
    let mass = math::normal_cdf((low - q.m) / q.s) + math::normal_sf((high - q.m) / q.s);
    let point = if q.m < low || q.m > high { 1.0 } else { 0.0 };
    if q.s == 0.0 { point } else { mass }
}

columns![
    ("mean", "mean of the fitted model", |f, q| f.mean + f.sd * q.m),
    ("variance", "variance of the fitted model", |f, q| f.sd * f.sd * (q.s * q.s)),
    ("fit_mean", "fitted mean", |f, q| f.mean + f.sd * q.m),
    ("fit_variance", "fitted variance", |f, q| f.sd * f.sd * (q.s * q.s)),
    ("fit_log_variance", "ln of the fitted variance; finite where the variance itself underflows", |f, q| {
        q.log_variance() + 2.0 * math::ln(f.sd)
    }),
    ("variance_ratio", "variance over the origin's; squared interquartile ranges where the origin has none", |f, q| {
        f.tails.unit * (q.s * q.s)
    }),
    ("mean_shift", "(mean - origin's mean) / origin's sd", |f, q| f.tails.shift * q.m),
    ("tail_p05", "retention of the outermost 5 % (2.5 % on each side)", |f, q| f.tails.regions[0].both(q)),
    ("tail_p01", "retention of the outermost 1 %", |f, q| f.tails.regions[1].both(q)),
    ("tail_p001", "retention of the outermost 0.1 %", |f, q| f.tails.regions[2].both(q)),
    ("tail_lower_p01", "retention of the lowest 0.5 %", |f, q| f.tails.regions[1].lower(q)),
    ("tail_upper_p01", "retention of the highest 0.5 %", |f, q| f.tails.regions[1].upper(q)),
    ("w1", "Wasserstein-1 distance to the origin, in the data's units", |f, q| to_normal(f, f.sd * wasserstein::first(q))),
    ("w2", "Wasserstein-2 distance to the origin, in the data's units", |f, q| to_normal(f, f.sd * wasserstein::second(q))),
    ("kl_forward", "KL(origin || model) in nats", |f, q| to_normal(f, kl::forward(q))),
    ("kl_reverse", "KL(model || origin) in nats", |f, q| to_normal(f, kl::reverse(q))),
    ("hellinger", "Hellinger distance to the origin", |f, q| to_normal(f, hellinger::normal(q))),
    ("tv", "total variation distance to the origin", |f, q| to_normal(f, tv::normal(q))),
    ("ks", "Kolmogorov distance to the origin", |f, q| to_normal(f, ks::normal(q))),
    ("entropy", "differential entropy of the model in nats", |f, q| entropy::normal(q) + math::ln(f.sd)),
    ("outside_support", "model mass outside the origin's range (0 for a normal origin)", |f, q| outside(f, q)),
];

/// Names and meanings.
pub fn list() -> Vec<Column> {
    LIST.iter().map(|(column, _)| *column).chain([EARLY_STATE, LATE_STATE]).collect()
}

/// The measure of a name.
pub fn measure(name: &str) -> Option<Measure<Gaussian>> {
    if name == EARLY_STATE.name || name == LATE_STATE.name {
        return Some(state(name == EARLY_STATE.name));
    }
    let of = LIST.iter().find(|(column, _)| column.name == name)?.1;
    let closed: Measure<Gaussian> =
        Box::new(move |family: &Gaussian, view: &View<'_, Gaussian>, out: &mut [f64]| of(view.level, family, view.model, out));
    Some(distance(name, closed))
}

kernel! {
    /// Retention of a tail is at most 0.1 exactly where its edge lies that many sds out: no distribution function needed.
    pub fn signals(tails: &Tails, model: &Fitted, out: &mut Signals) {
        let lanes = out.early.len();
        let (mean, sd) = (&model.mean[..lanes], &model.sd[..lanes]);
        let (early, late, diverged) = (&mut out.early[..], &mut out.late[..lanes], &mut out.diverged[..lanes]);
        for i in 0..lanes {
            let (m, s) = (mean[i], sd[i]);
            let lost = (tails.high - m >= tails.high_z * s) | (m - tails.low >= tails.low_z * s);
            early[i] = u32::from(lost);
            late[i] = u32::from(tails.unit * (s * s) <= 0.01);
            diverged[i] = u32::from(tails.unit * (s * s) > 100.0);
        }
    }
}
