//! A law on the line as an origin: where real records come from, and what measures compare with.
//!
//! Laws stand in units of their own: data = place + scale y, with mean 0 and variance 1 wherever there are such moments. Where there is no
//! variance the scale is the interquartile range, and where there is no mean either the place is the median.

use crate::error::Error;
use crate::math;
use crate::measures::line::entropy;
use crate::measures::steps::Steps;
use crate::measures::tails::{LEVELS, Region};
use crate::plan::{Component, Origin};
use crate::random::alias::Alias;
use crate::table::mean_and_sd;

mod draws;
mod law;

pub use law::{Seen, log_density, normal_excess, normal_place};

/// ln sqrt(2 pi).
const LN_SQRT_TWO_PI: f64 = 0.918_938_533_204_672_8;

/// Marks of a standard normal law; 2e-37 of its density is left at the last.
pub const NORMAL_MARKS: [f64; 13] = [-13.0, -9.0, -6.0, -4.5, -3.0, -1.5, 0.0, 1.5, 3.0, 4.5, 6.0, 9.0, 13.0];
/// Marks of a standard exponential law.
pub const EXPONENTIAL_MARKS: [f64; 12] = [0.0, 0.5, 1.0, 2.0, 4.0, 7.0, 11.0, 16.0, 24.0, 36.0, 60.0, 90.0];

/// A normal component, in units of the mixture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    pub weight: f64,
    pub mean: f64,
    pub sd: f64,
}

/// What kind of law, in its own units.
#[derive(Clone, Debug)]
enum Kind {
    /// N(0, 1)
    Gaussian,
    /// y + 1 is standard exponential
    Exponential,
    /// (y - edge) unit + 1 is Pareto on 1.. with this shape
    Pareto { shape: f64, edge: f64, unit: f64 },
    /// Normal components
    Mixture { parts: Vec<Part>, alias: Alias },
    /// Ascending rows of a column
    Rows { rows: Vec<f64>, steps: Steps },
}

/// An origin on the line.
#[derive(Clone, Debug)]
pub struct Truth {
    /// Data = place + scale y.
    pub place: f64,
    /// See `place`; above 0.
    pub scale: f64,
    /// Tail regions at p = 0.05, 0.01, 0.001 in the law's units.
    pub regions: [Region; 3],
    /// Least and largest value that there can be.
    pub support: [f64; 2],
    /// Mean in the law's units: 0 or infinity.
    pub mean: f64,
    /// Variance in the law's units: 1 or infinity.
    pub variance: f64,
    /// Interquartile range in the law's units.
    pub interquartile: f64,
    /// Differential entropy in the law's units; NaN for rows.
    pub entropy: f64,
    kind: Kind,
}

// Checks ---------------------------------------------------------------------------------------------------------------------------------

fn positive(path: &str, value: f64) -> Result<f64, Error> {
    if value > 0.0 && value.is_finite() { Ok(value) } else { Err(Error::plan(path, value, "a finite number above 0")) }
}

fn finite(path: &str, value: f64) -> Result<f64, Error> {
    if value.is_finite() { Ok(value) } else { Err(Error::plan(path, value, "a finite number")) }
}

fn only(path: &str, numbers: &[f64]) -> Result<f64, Error> {
    match numbers {
        [one] => Ok(*one),
        _ => Err(Error::plan(path, format!("{} numbers", numbers.len()), "one number: this model is one on the line")),
    }
}

fn only_entry(path: &str, rows: &[Vec<f64>]) -> Result<f64, Error> {
    match rows {
        [row] => only(path, row),
        _ => Err(Error::plan(path, format!("{} rows", rows.len()), "one row of one number: this model is one on the line")),
    }
}

impl Truth {
    /// The law of an origin that is one on the line; None where it is not one, or a table.
    pub fn of(origin: &Origin) -> Result<Option<Truth>, Error> {
        match origin {
            Origin::Gaussian { mean, sd } => Truth::gaussian(*mean, *sd).map(Some),
            Origin::Exponential { mean } => Truth::exponential(*mean).map(Some),
            Origin::Pareto { scale, shape } => Truth::pareto(*scale, *shape).map(Some),
            Origin::MultivariateGaussian { dimensions: 1, mean, covariance } => {
                let mean = mean.as_ref().map_or(Ok(0.0), |mean| only("origin.mean", mean))?;
                let variance = covariance.as_ref().map_or(Ok(1.0), |rows| only_entry("origin.covariance", rows))?;
                Truth::gaussian(mean, f64::sqrt(positive("origin.covariance", variance)?)).map(Some)
            }
            Origin::Mixture { components } => {
                let part = |(i, component): (usize, &Component)| {
                    let path = |field: &str| format!("origin.components[{i}].{field}");
                    let variance = only_entry(&path("covariance"), &component.covariance)?;
                    let sd = f64::sqrt(positive(&path("covariance"), variance)?);
                    Ok(Part { weight: component.weight, mean: only(&path("mean"), &component.mean)?, sd })
                };
                let parts = components.iter().enumerate().map(part).collect::<Result<Vec<_>, Error>>()?;
                Truth::mixture(&parts).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// N(mean, sd^2).
    pub fn gaussian(mean: f64, sd: f64) -> Result<Truth, Error> {
        let (place, scale) = (finite("origin.mean", mean)?, positive("origin.sd", sd)?);
        Ok(Truth::new(Kind::Gaussian, place, scale, [f64::NEG_INFINITY, f64::INFINITY]))
    }

    /// An exponential law of a mean.
    pub fn exponential(mean: f64) -> Result<Truth, Error> {
        let mean = positive("origin.mean", mean)?;
        Ok(Truth::new(Kind::Exponential, mean, mean, [-1.0, f64::INFINITY]))
    }

    /// A Pareto law: P(X > x) = (scale / x)^shape.
    pub fn pareto(scale: f64, shape: f64) -> Result<Truth, Error> {
        let (least, shape) = (positive("origin.scale", scale)?, positive("origin.shape", shape)?);
        // Quantiles of the law on 1..
        let quantile = |above: f64| math::exp(-math::ln(above) / shape);
        let (a, b) = (shape - 1.0, shape - 2.0);
        let place = if a > 0.0 { shape / a } else { quantile(0.5) };
        let unit = if b > 0.0 { f64::sqrt(shape / b) / a } else { quantile(0.25) - quantile(0.75) };
        if !(unit.is_finite() && (unit * least).is_finite()) {
            return Err(Error::plan("origin.shape", shape, "a shape whose quartiles are finite numbers"));
        }
        let edge = (1.0 - place) / unit;
        Ok(Truth::new(Kind::Pareto { shape, edge, unit }, place * least, unit * least, [edge, f64::INFINITY]))
    }

    /// Normal components with weights that add up to 1, in the data's units.
    pub fn mixture(parts: &[Part]) -> Result<Truth, Error> {
        if parts.is_empty() {
            return Err(Error::plan("origin.components", "none", "at least one component"));
        }
        for (i, part) in parts.iter().enumerate() {
            finite(&format!("origin.components[{i}].mean"), part.mean)?;
            positive(&format!("origin.components[{i}].covariance"), part.sd)?;
            if !(part.weight >= 0.0) {
                return Err(Error::plan(format!("origin.components[{i}].weight"), part.weight, "a weight of at least 0"));
            }
        }
        let total: f64 = parts.iter().map(|part| part.weight).sum();
        if !((total - 1.0).abs() <= 1e-9) {
            return Err(Error::plan("origin.components", format!("weights that add up to {total}"), "weights that add up to 1"));
        }
        let shift = parts[0].mean;
        let place = shift + parts.iter().map(|part| part.weight / total * (part.mean - shift)).sum::<f64>();
        let variance: f64 =
            parts.iter().map(|part| part.weight / total * ((part.mean - place) * (part.mean - place) + part.sd * part.sd)).sum();
        let scale = positive("origin.components", f64::sqrt(variance))?;
        let parts: Vec<Part> = parts
            .iter()
            .filter(|part| part.weight > 0.0)
            .map(|part| Part { weight: part.weight / total, mean: (part.mean - place) / scale, sd: part.sd / scale })
            .collect();
        let alias = Alias::new(&parts.iter().map(|part| part.weight).collect::<Vec<_>>());
        Ok(Truth::new(Kind::Mixture { parts, alias }, place, scale, [f64::NEG_INFINITY, f64::INFINITY]))
    }

    /// A column of a table: its rows are the law.
    pub fn rows(values: &[f64]) -> Result<Truth, Error> {
        let (mean, sd) = mean_and_sd("origin.columns", values)?;
        Ok(Truth::of_rows(values, mean, sd))
    }

    /// A column of equal rows: a point, in units of its own (scale 1, variance 0). For models that a point can be an origin of.
    pub fn point_or_rows(values: &[f64]) -> Result<Truth, Error> {
        match values.first() {
            Some(&first) if first.is_finite() && values.iter().all(|&x| x == first) => {
                Ok(Truth { variance: 0.0, ..Truth::of_rows(values, first, 1.0) })
            }
            _ => Truth::rows(values),
        }
    }

    fn of_rows(values: &[f64], mean: f64, sd: f64) -> Truth {
        let mut rows: Vec<f64> = values.iter().map(|x| (x - mean) / sd).collect();
        rows.sort_by(f64::total_cmp);
        let support = [rows[0], rows[rows.len() - 1]];
        let steps = Steps::of_sorted(&rows);
        Truth::new(Kind::Rows { rows, steps }, mean, sd, support)
    }

    fn new(kind: Kind, place: f64, scale: f64, support: [f64; 2]) -> Truth {
        let none = Region { lower: None, upper: None };
        let infinite = |from: f64| if let Kind::Pareto { shape, .. } = kind { shape <= from } else { false };
        let (mean, variance) = (if infinite(1.0) { f64::INFINITY } else { 0.0 }, if infinite(2.0) { f64::INFINITY } else { 1.0 });
        let mut truth = Truth { place, scale, regions: [none; 3], support, mean, variance, interquartile: 0.0, entropy: f64::NAN, kind };
        truth.regions = LEVELS.map(|p| truth.region(p));
        truth.interquartile = truth.quantile(0.75) - truth.quantile(0.25);
        truth.entropy = match &truth.kind {
            Kind::Gaussian => 0.5 + LN_SQRT_TWO_PI,
            Kind::Exponential => 1.0,
            Kind::Pareto { shape, unit, .. } => 1.0 + 1.0 / shape - math::ln(shape * unit),
            Kind::Mixture { .. } => entropy(&truth.seen_from(0.0)),
            Kind::Rows { .. } => f64::NAN,
        };
        truth
    }

    /// The tail region of a level: p/2 on each side, or the highest p where the law has an edge below, or the outermost rows.
    fn region(&self, p: f64) -> Region {
        match &self.kind {
            Kind::Gaussian => Region::of_normal(p),
            Kind::Rows { rows, .. } => Region::of_sorted(rows, p),
            Kind::Exponential | Kind::Pareto { .. } => Region { lower: None, upper: Some((self.upper_quantile(p), p)) },
            Kind::Mixture { .. } => {
                Region { lower: Some((self.quantile(0.5 * p), 0.5 * p)), upper: Some((self.upper_quantile(0.5 * p), 0.5 * p)) }
            }
        }
    }
}
