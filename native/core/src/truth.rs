//! A law on the line as an origin: where real records come from, and what measures compare with.
//!
//! Laws stand in units of their own: data = place + scale y, with mean 0 and variance 1 wherever there are such moments. Where there is no
//! variance the scale is the interquartile range, and where there is no mean either the place is the median.

use crate::error::Error;
use crate::family::{CHUNK, Group};
use crate::math;
use crate::measures::line::{Line, entropy, invert};
use crate::measures::quadrature::merged;
use crate::measures::steps::Steps;
use crate::measures::tails::{LEVELS, Region};
use crate::random::alias::Alias;
use crate::random::key::{Key, Purpose};
use crate::random::normal::{Normals, Room};
use crate::random::stream::{below, unit};
use crate::random::words::Words;
use crate::simd::Level;
use crate::table::mean_and_sd;

/// ln sqrt(2 pi).
const LN_SQRT_TWO_PI: f64 = 0.918_938_533_204_672_8;

/// Marks of a standard normal law; 2e-37 of its density is left at the last.
pub const NORMAL_MARKS: [f64; 13] = [-13.0, -9.0, -6.0, -4.5, -3.0, -1.5, 0.0, 1.5, 3.0, 4.5, 6.0, 9.0, 13.0];
/// Marks of a standard exponential law.
const EXPONENTIAL_MARKS: [f64; 12] = [0.0, 0.5, 1.0, 2.0, 4.0, 7.0, 11.0, 16.0, 24.0, 36.0, 60.0, 90.0];

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

impl Truth {
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

// Law ------------------------------------------------------------------------------------------------------------------------------------

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
                if bracket[0] < bracket[1] { invert(&self.seen_from(0.0), masses, bracket) } else { bracket[0] }
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
fn log_density(parts: &[Part], y: f64) -> f64 {
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

    fn quantile(&self, masses: [f64; 2], bracket: [f64; 2]) -> f64 {
        match self.truth.kind {
            Kind::Mixture { .. } => invert(self, masses, bracket),
            _ => (self.truth.place_of(masses) - self.centre).clamp(bracket[0], bracket[1]),
        }
    }
}

// Source ---------------------------------------------------------------------------------------------------------------------------------

/// Set in the number of a chunk whose words choose components, so that they share nothing with the chunk's normals.
const CHOICES: u64 = 1 << 63;

impl Truth {
    /// Fills `out` with records in the law's units: of a chain's own sequences, or of keyed chunks.
    pub fn fill(&self, group: &mut Group, chain: usize, purpose: Purpose, out: &mut [f64]) {
        let level = group.level;
        if out.len() as u64 <= CHUNK {
            return self.fill_own(group, chain, out);
        }
        let (key, batch, control) = (group.keys[chain], group.batch, group.control);
        use rayon::prelude::*;
        out.par_chunks_mut(CHUNK as usize).enumerate().for_each(|(chunk, out)| {
            if !control.cancelled() {
                self.fill_chunk(level, &key, purpose, batch, chunk as u64, out);
            }
        });
    }

    fn fill_own(&self, group: &mut Group, chain: usize, out: &mut [f64]) {
        let level = group.level;
        if let Kind::Mixture { parts, alias } = &self.kind {
            for x in out.iter_mut() {
                let words = group.words(chain);
                let place = words.next(level);
                *x = f64::from(alias.draw(place, words.next(level)));
            }
            let (normals, room) = group.normals(chain);
            out.iter_mut().for_each(|x| *x = of_part(&parts[*x as usize], normals.next(level, room)));
        } else if matches!(self.kind, Kind::Gaussian) {
            let (normals, room) = group.normals(chain);
            out.iter_mut().for_each(|x| *x = normals.next(level, room));
        } else {
            let words = group.words(chain);
            out.iter_mut().for_each(|x| *x = self.of_word(words.next(level)));
        }
    }

    /// Fills one chunk of a large batch.
    pub fn fill_chunk(&self, level: Level, key: &Key, purpose: Purpose, batch: u64, chunk: u64, out: &mut [f64]) {
        let mut words = Words::new(key, purpose, batch, chunk | CHOICES);
        if let Kind::Gaussian | Kind::Mixture { .. } = &self.kind {
            let mut room: Room = [0; 256];
            let mut normals = Normals::new(key, purpose, batch, chunk);
            for x in out.iter_mut() {
                let z = normals.next(level, &mut room);
                *x = match &self.kind {
                    Kind::Mixture { parts, alias } => {
                        let place = words.next(level);
                        of_part(&parts[alias.draw(place, words.next(level)) as usize], z)
                    }
                    _ => z,
                };
            }
        } else {
            out.iter_mut().for_each(|x| *x = self.of_word(words.next(level)));
        }
    }

    /// A record that one word makes.
    fn of_word(&self, word: u64) -> f64 {
        match &self.kind {
            Kind::Exponential => -math::ln(unit(word)) - 1.0,
            Kind::Pareto { shape, edge, unit: scale } => edge + math::expm1(-math::ln(unit(word)) / shape) / scale,
            Kind::Rows { rows, .. } => rows[below(word, rows.len() as u64) as usize],
            Kind::Gaussian | Kind::Mixture { .. } => f64::NAN,
        }
    }
}

fn of_part(part: &Part, z: f64) -> f64 {
    part.mean + part.sd * z
}
