//! The Pareto family, the template of laws with an edge: extremes beside sums. Chains run in units of the origin's scale, on logs.
//!
//! Fit: scale x_m = the least record (or known), shape = n / sum ln(x / x_m), maximum likelihood. Exact law of a generation: ln x_m moves up by
//! Exp(n shape), and sum ln(x / x_m) ~ Gamma(n - 1) / shape (Gamma(n) where the scale is known), independent.

use super::ready::{Given, Runnable};
use super::scalar_columns::{self, Entry};
use crate::columns::Column;
use crate::error::Error;
use crate::family::{CHUNK, Data, Death, Family, Group, Law, Lives, Measure, Signals, Source, View, chunks, padded};
use crate::math;
use crate::measures::tails::LEVELS;
use crate::plan::{Method, Origin, Scale, Watch};
use crate::random::exponential::sum_and_least;
use crate::random::gamma::gamma;
use crate::random::key::Purpose;
use crate::random::words::Words;
use crate::rows::{self, Recorded, Rows};
use crate::simd::Level;

// Parameters -----------------------------------------------------------------------------------------------------------------------------

/// The family with its origin and learner.
pub struct Pareto {
    scale: f64,
    shape: f64,
    /// ln of the known scale over the origin's; None where the scale is fitted.
    known: Option<f64>,
    method: Method,
}

/// Count, least logarithm and sum of the excesses over it, of each chain; logarithms of records over the origin's scale.
#[derive(Clone, Debug)]
pub struct Extremes {
    n: Vec<f64>,
    least: Vec<f64>,
    excess: Vec<f64>,
}

/// Fitted laws of a group.
pub struct Fitted {
    /// ln scale over the origin's.
    log_scale: Vec<f64>,
    shape: Vec<f64>,
}

// Checks ---------------------------------------------------------------------------------------------------------------------------------

impl Pareto {
    /// A Pareto origin; `known` is the scale that the learner is told, None if it fits it.
    pub fn new(scale: f64, shape: f64, known: Option<f64>, method: Method) -> Result<Pareto, Error> {
        for (path, value) in [("origin.scale", scale), ("origin.shape", shape), ("model.scale", known.unwrap_or(1.0))] {
            if !(value > 0.0 && value.is_finite()) {
                return Err(Error::plan(path, value, "a finite number above 0"));
            }
        }
        if known.is_some_and(|known| known > scale) {
            return Err(Error::plan("model.scale", known.unwrap_or(0.0), format!("at most the origin's scale, {scale}"))
                .hint("records below a known scale have no likelihood"));
        }
        Ok(Pareto { scale, shape, known: known.map(|known| math::ln(known / scale)), method })
    }

    /// Batches of `sizes` records of laws with the given log scale and shape.
    fn batches(
        &self,
        law: impl Fn(usize) -> (f64, f64),
        sizes: &[u64],
        purpose: Purpose,
        group: &mut Group,
        into: &mut Extremes,
    ) -> Result<(), Error> {
        for chain in 0..group.chains() {
            let (n, (log_scale, shape)) = (sizes[chain], law(chain));
            let (least, excess) = match self.method {
                _ if n == 0 => (0.0, 0.0),
                // The least of infinitely many is the scale itself.
                Method::Population => (0.0, n as f64),
                Method::Exact => {
                    let side = &mut group.sides[chain];
                    let least = -math::ln(side.uniform()) / n as f64;
                    (least, if n == 1 { 0.0 } else { gamma((n - 1) as f64, side) })
                }
                Method::Draws => drawn(group, chain, n, purpose),
            };
            into.n[chain] = n as f64;
            into.least[chain] = log_scale + least / shape;
            into.excess[chain] = excess / shape;
        }
        group.control.check()
    }
}

impl Data for Extremes {
    fn scale(&mut self, weight: f64) {
        [&mut self.n, &mut self.excess].into_iter().flatten().for_each(|x| *x *= weight);
    }

    fn copy(&mut self, chain: usize, from: &Extremes) {
        (self.n[chain], self.least[chain], self.excess[chain]) = (from.n[chain], from.least[chain], from.excess[chain]);
    }

    fn clear(&mut self) {
        [&mut self.n, &mut self.least, &mut self.excess].into_iter().for_each(|column| column.fill(0.0));
    }

    fn merge(&mut self, later: &Extremes) {
        for i in 0..self.n.len() {
            let (a, b) = (self.n[i], later.n[i]);
            if b == 0.0 {
                continue;
            }
            let least = if a == 0.0 { later.least[i] } else { f64::min(self.least[i], later.least[i]) };
            let raised = if a == 0.0 { 0.0 } else { a * (self.least[i] - least) };
            self.excess[i] += later.excess[i] + raised + b * (later.least[i] - least);
            self.least[i] = least;
            self.n[i] = a + b;
        }
    }
}

// Source ---------------------------------------------------------------------------------------------------------------------------------

/// The least of `n` standard exponentials and the sum of the excesses over it.
fn drawn(group: &mut Group, chain: usize, n: u64, purpose: Purpose) -> (f64, f64) {
    let level = group.level;
    let add = |words: &mut Words, n: u64| {
        let (mut least, mut sum, mut left) = (f64::INFINITY, 0.0, n as usize);
        while left > 0 {
            let taken = words.take(level, left);
            let (more, low) = sum_and_least(level, taken);
            (least, sum) = (f64::min(least, low), sum + more);
            left -= taken.len();
        }
        (least, sum)
    };
    let (least, sum) = if n <= CHUNK {
        add(group.words(chain), n)
    } else {
        let (key, batch) = (group.keys[chain], group.batch);
        chunks(n)
            .take_while(|_| !group.control.cancelled())
            .map(|(chunk, size)| add(&mut Words::new(&key, purpose, batch, chunk), size))
            .fold((f64::INFINITY, 0.0), |a, b| (f64::min(a.0, b.0), a.1 + b.1))
    };
    (least, f64::max(sum - n as f64 * least, 0.0))
}

impl Source for Pareto {
    type Data = Extremes;
    type Fitted = Fitted;

    fn data(&self, chains: usize) -> Extremes {
        let zeros = vec![0.0; padded(chains)];
        Extremes { n: zeros.clone(), least: zeros.clone(), excess: zeros }
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut Extremes) -> Result<(), Error> {
        group.batch += 1;
        self.batches(|_| (0.0, self.shape), sizes, Purpose::RealChunk, group, into)
    }

    fn sample(&self, _training: &Extremes, model: &Fitted, sizes: &[u64], group: &mut Group, into: &mut Extremes) -> Result<(), Error> {
        group.batch += 1;
        self.batches(|chain| (model.log_scale[chain], model.shape[chain]), sizes, Purpose::SampleChunk, group, into)
    }

    fn constant(&self, record: f64, sizes: &[u64], into: &mut Extremes) -> Result<(), Error> {
        let least = self.known.map_or(0.0, |known| self.scale * math::exp(known));
        if !(record > 0.0 && record >= least) {
            return Err(Error::plan("stages.poison.record", record, format!("a number above 0 and at least the known scale ({least})")));
        }
        into.clear();
        into.n.iter_mut().zip(sizes).for_each(|(n, &size)| *n = size as f64);
        into.least.fill(self.unit(record));
        Ok(())
    }
}

/// Rows are logarithms of records over the origin's scale.
impl Recorded for Pareto {
    fn unit(&self, record: f64) -> f64 {
        math::ln(record / self.scale)
    }

    fn centre(&self) -> (Vec<f64>, Vec<f64>) {
        (vec![1.0 / self.shape], vec![1.0 / self.shape])
    }

    fn real_rows(&self, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        let (from, shape) = (into.len(), self.shape);
        into.resize(from + n, 0.0);
        rows::uniforms(group, chain, Purpose::RealChunk, &mut into[from..], |u| -math::ln(u) / shape);
    }

    fn sample_rows(&self, model: &Fitted, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        let (from, log_scale, shape) = (into.len(), model.log_scale[chain], model.shape[chain]);
        into.resize(from + n, 0.0);
        rows::uniforms(group, chain, Purpose::SampleChunk, &mut into[from..], |u| log_scale - math::ln(u) / shape);
    }

    fn learn(&self, rows: &Rows, chain: usize, into: &mut Extremes) {
        let least = rows.values.iter().copied().fold(f64::INFINITY, f64::min);
        into.n[chain] = rows.total(1);
        into.least[chain] = if rows.values.is_empty() { 0.0 } else { least };
        into.excess[chain] = rows.values.iter().enumerate().map(|(i, x)| (x - least) * rows.weight(i)).sum();
    }
}

// Fit ------------------------------------------------------------------------------------------------------------------------------------

impl Family for Pareto {
    fn fitted(&self, chains: usize) -> Fitted {
        Fitted { log_scale: vec![0.0; padded(chains)], shape: vec![1.0; padded(chains)] }
    }

    fn fit(&self, training: &Extremes, model: &mut Fitted, _level: Level, lives: &mut Lives) {
        for chain in 0..lives.stopped.len() {
            let (n, least) = (training.n[chain], training.least[chain]);
            let log_scale = self.known.unwrap_or(least);
            let excess = training.excess[chain] + n * (least - log_scale);
            model.log_scale[chain] = log_scale;
            model.shape[chain] = n / excess;
            if n == 0.0 {
                lives.stop(chain, Death::EmptyTrainingSet);
            } else if !(excess > 0.0) {
                // One record with a fitted scale, or records that are all equal, leave no shape.
                lives.stop(chain, Death::TooFewRecords);
            }
        }
    }
}

// Law ------------------------------------------------------------------------------------------------------------------------------------

/// What columns read of one chain: ln scale over the origin's, and shape.
#[derive(Clone, Copy)]
struct Point {
    log_scale: f64,
    shape: f64,
}

impl Pareto {
    /// ln of the model's mass above y (a logarithm over the origin's scale).
    fn log_above(&self, q: Point, y: f64) -> f64 {
        f64::min(-q.shape * (y - q.log_scale), 0.0)
    }

    /// Retention of the upper tail of mass p: its edge is -ln p / shape of the origin.
    fn retention(&self, q: Point, p: f64) -> f64 {
        let edge = -math::ln(p) / self.shape;
        math::exp(self.log_above(q, edge) - math::ln(p))
    }

    /// Interquartile range of a law in the data's units: finite whatever the shape.
    fn interquartile(&self, q: Point) -> f64 {
        let quantile = |above: f64| self.scale * math::exp(q.log_scale - math::ln(above) / q.shape);
        quantile(0.25) - quantile(0.75)
    }

    fn origin(&self) -> Point {
        Point { log_scale: 0.0, shape: self.shape }
    }

    fn mean(&self, q: Point) -> f64 {
        if q.shape <= 1.0 { f64::INFINITY } else { self.scale * math::exp(q.log_scale) * q.shape / (q.shape - 1.0) }
    }

    fn variance(&self, q: Point) -> f64 {
        let scale = self.scale * math::exp(q.log_scale);
        let (a, b) = (q.shape - 1.0, q.shape - 2.0);
        if b <= 0.0 { f64::INFINITY } else { scale * scale * q.shape / (a * a * b) }
    }

    /// Variance over the origin's; interquartile range squared where the origin has no variance.
    fn variance_ratio(&self, q: Point) -> f64 {
        if self.shape <= 2.0 {
            let ratio = self.interquartile(q) / self.interquartile(self.origin());
            return ratio * ratio;
        }
        self.variance(q) / self.variance(self.origin())
    }

    /// KL(a || b): infinite where a has mass below b's scale.
    fn kl(a: Point, b: Point) -> f64 {
        if b.log_scale > a.log_scale {
            return f64::INFINITY;
        }
        math::ln(a.shape / b.shape) + b.shape * (a.log_scale - b.log_scale) + b.shape / a.shape - 1.0
    }

    fn bhattacharyya(&self, q: Point) -> f64 {
        // Integral of sqrt(p q) from the higher scale on.
        let from = f64::max(0.0, q.log_scale);
        let half = 0.5 * (self.shape + q.shape);
        f64::sqrt(self.shape * q.shape) / half * math::exp(-0.5 * (self.shape * from + q.shape * (from - q.log_scale)))
    }
}

const LIST: &[Entry<Pareto, Point>] = &[
    (Column::new("mean", "mean of the fitted model; infinite for a shape of at most 1"), |f, q| f.mean(q)),
    (Column::new("variance", "variance of the fitted model; infinite for a shape of at most 2"), |f, q| f.variance(q)),
    (Column::new("fit_shape", "fitted shape"), |_, q| q.shape),
    (Column::new("fit_scale", "fitted scale"), |f, q| f.scale * math::exp(q.log_scale)),
    (Column::new("fit_log_scale", "ln of the fitted scale"), |f, q| math::ln(f.scale) + q.log_scale),
    (Column::new("variance_ratio", "variance over the origin's; squared interquartile ranges where the origin has none"), |f, q| {
        f.variance_ratio(q)
    }),
    (Column::new("tail_p05", "retention of the highest 5 %"), |f, q| f.retention(q, LEVELS[0])),
    (Column::new("tail_p01", "retention of the highest 1 %"), |f, q| f.retention(q, LEVELS[1])),
    (Column::new("tail_p001", "retention of the highest 0.1 %"), |f, q| f.retention(q, LEVELS[2])),
    (Column::new("kl_forward", "KL(origin || model) in nats; infinite once the fitted scale is above the origin's"), |f, q| {
        Pareto::kl(f.origin(), q)
    }),
    (Column::new("kl_reverse", "KL(model || origin) in nats"), |f, q| Pareto::kl(q, f.origin())),
    (Column::new("hellinger", "Hellinger distance to the origin"), |f, q| f64::sqrt(f64::max(1.0 - f.bhattacharyya(q), 0.0))),
    (Column::new("entropy", "differential entropy of the model in nats"), |f, q| {
        math::ln(f.scale) + q.log_scale - math::ln(q.shape) + 1.0 / q.shape + 1.0
    }),
    (Column::new("outside_support", "model mass below the origin's scale"), |f, q| -math::expm1(f.log_above(q, 0.0))),
];

/// Names and meanings.
pub fn list() -> Vec<Column> {
    scalar_columns::names(LIST)
}

impl Law for Pareto {
    fn signals(&self, view: &View<'_, Pareto>, out: &mut Signals) {
        for chain in 0..out.early.len() {
            let q = Point { log_scale: view.model.log_scale[chain], shape: view.model.shape[chain] };
            let ratio = self.variance_ratio(q);
            out.set(chain, self.retention(q, 0.01) <= 0.1, ratio <= 0.01, ratio > 100.0);
        }
    }

    fn measure(&self, name: &str) -> Option<Measure<Pareto>> {
        scalar_columns::measure(LIST, name, |_, view, chain| Point {
            log_scale: view.model.log_scale[chain],
            shape: view.model.shape[chain],
        })
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<Pareto>, Error> {
        Err(Error::plan("watch", &watch.name, "no followed classes: a pareto model has none"))
    }
}

// Ready -----------------------------------------------------------------------------------------------------------------------------------

/// A cell of this family.
pub fn ready(given: &Given, scale: Scale) -> Result<Box<dyn Runnable>, Error> {
    let Origin::Pareto { scale: truth, shape } = given.cell.origin else {
        return Err(given.mismatch("pareto", "a pareto origin"));
    };
    given.cell.stages.sampling.only(&[], "pareto")?;
    let known = if let Scale::Known(known) = scale { Some(known) } else { None };
    given.recorded(Pareto::new(truth, shape, known, given.cell.method)?, 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family() -> Pareto {
        Pareto::new(2.0, 3.0, None, Method::Exact).unwrap()
    }

    #[test]
    fn closed_forms() {
        let f = family();
        let same = f.origin();
        assert!((f.retention(same, 0.01) - 1.0).abs() < 1e-14 && (f.bhattacharyya(same) - 1.0).abs() < 1e-15);
        assert!((f.mean(same) - 3.0).abs() < 1e-14 && (f.variance(same) - 3.0).abs() < 1e-14);
        assert_eq!((Pareto::kl(same, same), f.variance_ratio(same)), (0.0, 1.0));
        let higher = Point { log_scale: 0.1, shape: 3.0 };
        assert_eq!(Pareto::kl(same, higher), f64::INFINITY);
        assert!((Pareto::kl(higher, same) - 0.3).abs() < 1e-14);
    }

    #[test]
    fn merging_is_fitting_the_whole() {
        let f = family();
        let set = |logs: &[f64]| {
            let mut data = f.data(1);
            data.n[0] = logs.len() as f64;
            data.least[0] = logs.iter().copied().fold(f64::INFINITY, f64::min);
            data.excess[0] = logs.iter().map(|x| x - data.least[0]).sum();
            data
        };
        let logs = [0.9, 0.4, 1.7, 0.2, 0.8];
        let mut pool = f.data(1);
        pool.merge(&set(&logs[..3]));
        pool.merge(&set(&logs[3..]));
        let whole = set(&logs);
        assert_eq!((pool.n[0], pool.least[0]), (whole.n[0], whole.least[0]));
        assert!((pool.excess[0] - whole.excess[0]).abs() < 1e-14);
    }
}
