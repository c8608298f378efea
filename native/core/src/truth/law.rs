//! Density, masses, quantiles and partial moments of every kind of origin.

use super::{EXPONENTIAL_MARKS, Kind, LN_SQRT_TWO_PI, NORMAL_MARKS, Part, Truth};
use crate::math;
use crate::measures::line::{Line, invert};
use crate::measures::quadrature::merged;
use crate::measures::steps::Steps;

impl Truth {
    /// The law with a density, as distances read it from a centre.
    pub fn seen_from(&self, centre: f64) -> Seen<'_> {
        Seen { truth: self, centre }
    }

    /// The rows, if that is what the law is.
    pub fn steps(&self) -> Option<&Steps> {
        if let Kind::Rows { steps, .. } = &self.kind { Some(steps) } else { None }
    }

    /// The ascending rows in the law's units, if that is what the law is.
    pub fn sorted_rows(&self) -> Option<&[f64]> {
        if let Kind::Rows { rows, .. } = &self.kind { Some(rows) } else { None }
    }

    /// The normal components of a normal law or a mixture.
    pub fn parts(&self) -> Option<Vec<Part>> {
        match &self.kind {
            Kind::Gaussian => Some(vec![Part { weight: 1.0, mean: 0.0, sd: 1.0 }]),
            Kind::Mixture { parts, .. } => Some(parts.clone()),
            _ => None,
        }
    }

    /// Whether it is N(0, 1) in its units, of which measures have closed forms.
    pub fn is_normal(&self) -> bool {
        matches!(self.kind, Kind::Gaussian)
    }

    /// Whether quantiles are a closed form.
    pub fn has_quantiles(&self) -> bool {
        !matches!(self.kind, Kind::Mixture { .. })
    }

    /// Whether the upper tail is a power.
    pub fn has_power_tail(&self) -> bool {
        matches!(self.kind, Kind::Pareto { .. })
    }

    /// ln of the density; NaN for rows.
    pub fn log_density(&self, y: f64) -> f64 {
        match &self.kind {
            Kind::Gaussian => -0.5 * y * y - LN_SQRT_TWO_PI,
            Kind::Exponential => {
                if y < -1.0 {
                    f64::NEG_INFINITY
                } else {
                    -(y + 1.0)
                }
            }
            Kind::Pareto { shape, edge, unit } => {
                if y < *edge {
                    f64::NEG_INFINITY
                } else {
                    math::ln(shape * unit) - (shape + 1.0) * math::ln_1p((y - edge) * unit)
                }
            }
            Kind::Mixture { parts, .. } => log_density(parts, y),
            Kind::Rows { .. } => f64::NAN,
        }
    }

    /// P(Y <= y) and P(Y > y), each right where it is small.
    pub fn masses(&self, y: f64) -> [f64; 2] {
        match &self.kind {
            Kind::Gaussian => [math::normal_cdf(y), math::normal_sf(y)],
            Kind::Exponential => edge_masses(y + 1.0),
            Kind::Pareto { shape, edge, unit } => edge_masses(shape * math::ln_1p(f64::max((y - edge) * unit, 0.0))),
            Kind::Mixture { parts, .. } => parts.iter().fold([0.0, 0.0], |[lower, upper], part| {
                let z = (y - part.mean) / part.sd;
                [lower + part.weight * math::normal_cdf(z), upper + part.weight * math::normal_sf(z)]
            }),
            Kind::Rows { steps, .. } => steps.masses(y),
        }
    }

    /// P(Y <= y).
    pub fn cdf(&self, y: f64) -> f64 {
        self.masses(y)[0]
    }

    /// P(Y > y).
    pub fn sf(&self, y: f64) -> f64 {
        self.masses(y)[1]
    }

    /// y with P(Y <= y) = p.
    pub fn quantile(&self, p: f64) -> f64 {
        self.place_of([p, 1.0 - p])
    }

    /// y with P(Y > y) = p.
    pub fn upper_quantile(&self, p: f64) -> f64 {
        self.place_of([1.0 - p, p])
    }

    /// y with masses (lower, upper) on its sides; the smaller one counts.
    fn place_of(&self, masses: [f64; 2]) -> f64 {
        let side = usize::from(masses[1] < masses[0]);
        let ln_upper = || if side == 1 { math::ln(masses[1]) } else { math::ln_1p(-masses[0]) };
        match &self.kind {
            Kind::Gaussian => normal_place(masses),
            Kind::Exponential => -ln_upper() - 1.0,
            Kind::Pareto { shape, edge, unit } => edge + math::expm1(-ln_upper() / shape) / unit,
            Kind::Mixture { parts, .. } => {
                // The quantile lies between those of the components.
                let z = normal_place(masses);
                let places = parts.iter().map(|part| part.mean + part.sd * z);
                let bracket = places.fold([f64::INFINITY, f64::NEG_INFINITY], |[a, b], x| [f64::min(a, x), f64::max(b, x)]);
                if bracket[0] < bracket[1] { invert(&self.seen_from(0.0), masses, bracket, f64::NAN) } else { bracket[0] }
            }
            Kind::Rows { rows, .. } => {
                let rank = (masses[0] * rows.len() as f64).ceil() as usize;
                rows[rank.clamp(1, rows.len()) - 1]
            }
        }
    }

    /// E max(y - Y, 0) and E max(Y - y, 0).
    pub fn excess(&self, y: f64) -> [f64; 2] {
        match &self.kind {
            Kind::Gaussian => normal_excess(y),
            Kind::Exponential => {
                let z = y + 1.0;
                if z < 0.0 { [0.0, -y] } else { [z + math::expm1(-z), math::exp(-z)] }
            }
            Kind::Pareto { shape, edge, unit } => {
                let log = math::ln_1p(f64::max((y - edge) * unit, 0.0));
                // The integral of t^-shape from 1 to u, and from u on.
                let less = shape - 1.0;
                let inside = if less == 0.0 { log } else { -math::expm1(-less * log) / less };
                let upper = if less > 0.0 { math::exp(-less * log) / less } else { f64::INFINITY };
                let below = f64::min((y - edge) * unit, 0.0);
                [f64::max((y - edge) * unit, 0.0) / unit - inside / unit, (upper - below) / unit]
            }
            Kind::Mixture { parts, .. } => parts.iter().fold([0.0, 0.0], |[lower, upper], part| {
                let [a, b] = normal_excess((y - part.mean) / part.sd);
                [lower + part.weight * part.sd * a, upper + part.weight * part.sd * b]
            }),
            Kind::Rows { rows, .. } => {
                let n = rows.len() as f64;
                [rows.iter().map(|x| f64::max(y - x, 0.0)).sum::<f64>() / n, rows.iter().map(|x| f64::max(x - y, 0.0)).sum::<f64>() / n]
            }
        }
    }

    fn marks(&self) -> Vec<f64> {
        match &self.kind {
            Kind::Gaussian => NORMAL_MARKS.to_vec(),
            Kind::Exponential => EXPONENTIAL_MARKS.iter().map(|z| z - 1.0).collect(),
            Kind::Pareto { shape, edge, unit } => {
                // Steps of at most a factor of four, and of the exponential law of the logarithm.
                let mut logs: Vec<f64> = EXPONENTIAL_MARKS.iter().map(|z| z / shape).collect();
                let last = logs[logs.len() - 1].min(400.0);
                let factors = (last / std::f64::consts::LN_2 * 0.5).ceil() as u32;
                logs.extend((1..=factors).map(|k| last * (f64::from(k) / f64::from(factors))));
                logs.retain(|&log| log <= last);
                let places: Vec<f64> = logs.iter().map(|&log| edge + math::expm1(log) / unit).collect();
                merged(&places, &[])
            }
            Kind::Mixture { parts, .. } => {
                let marks: Vec<f64> = parts.iter().flat_map(|part| NORMAL_MARKS.map(|z| part.mean + part.sd * z)).collect();
                merged(&marks, &[])
            }
            Kind::Rows { rows, .. } => merged(rows, &[]),
        }
    }

    /// Mass, first and second moment above y; the moments in the law's units.
    fn above(&self, y: f64) -> [f64; 3] {
        let Kind::Pareto { shape, edge, unit } = self.kind else { return [0.0; 3] };
        let u = 1.0 + (y - edge) * unit;
        let mass = math::exp(-shape * math::ln(u));
        let moment = |k: f64| if shape > k { shape / (shape - k) * mass * math::pow(u, k) } else { f64::INFINITY };
        // y = edge + (u - 1) / unit
        let start = edge - 1.0 / unit;
        let (first, second) = (moment(1.0) / unit, moment(2.0) / (unit * unit));
        [mass, first + start * mass, second + 2.0 * start * first + start * start * mass]
    }
}

/// ln of the density of normal components, the largest term apart.
pub fn log_density(parts: &[Part], y: f64) -> f64 {
    let term = |part: &Part| {
        let z = (y - part.mean) / part.sd;
        math::ln(part.weight / part.sd) - 0.5 * z * z
    };
    let most = parts.iter().map(term).fold(f64::NEG_INFINITY, f64::max);
    most + math::ln(parts.iter().map(|part| math::exp(term(part) - most)).sum()) - LN_SQRT_TWO_PI
}

/// Masses on both sides of z of a standard exponential law.
fn edge_masses(z: f64) -> [f64; 2] {
    let z = f64::max(z, 0.0);
    [-math::expm1(-z), math::exp(-z)]
}

/// The standard normal quantile of masses (lower, upper), by the smaller one.
pub fn normal_place(masses: [f64; 2]) -> f64 {
    if masses[1] < masses[0] { -math::normal_quantile(masses[1]) } else { math::normal_quantile(masses[0]) }
}

/// E max(z - Z, 0) and E max(Z - z, 0) of a standard normal law.
pub fn normal_excess(z: f64) -> [f64; 2] {
    let density = math::normal_pdf(z);
    [f64::max(z * math::normal_cdf(z) + density, 0.0), f64::max(density - z * math::normal_sf(z), 0.0)]
}

/// A law with a density, seen from a centre.
pub struct Seen<'a> {
    truth: &'a Truth,
    centre: f64,
}

impl Line for Seen<'_> {
    fn log_density(&self, x: f64) -> f64 {
        self.truth.log_density(self.centre + x)
    }

    fn masses(&self, x: f64) -> [f64; 2] {
        self.truth.masses(self.centre + x)
    }

    fn excess(&self, x: f64) -> [f64; 2] {
        self.truth.excess(self.centre + x)
    }

    fn marks(&self) -> Vec<f64> {
        self.truth.marks().into_iter().map(|y| y - self.centre).collect()
    }

    fn rest(&self) -> [f64; 3] {
        let marks = self.truth.marks();
        let [mass, first, second] = self.truth.above(marks[marks.len() - 1]);
        let c = self.centre;
        [mass, first - c * mass, second - 2.0 * c * first + c * c * mass]
    }

    fn quantile(&self, masses: [f64; 2], bracket: [f64; 2], guess: f64) -> f64 {
        match self.truth.kind {
            Kind::Mixture { .. } => invert(self, masses, bracket, guess),
            _ => (self.truth.place_of(masses) - self.centre).clamp(bracket[0], bracket[1]),
        }
    }
}
