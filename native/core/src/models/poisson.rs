//! The Poisson family: counts fitted by their mean. Under replace n times the mean is a Galton-Watson process, and 0 absorbs it.
//!
//! Fit: mean = sum / n (maximum likelihood). Exact law of a generation: sum ~ Poisson(n mean).

use super::ready::{Given, Runnable};
use super::scalar_columns::{self, Entry};
use crate::columns::Column;
use crate::error::Error;
use crate::family::{CHUNK, Death, Family, Group, Law, Lives, Measure, Signals, Source, View, chunks, padded};
use crate::math;
use crate::measures::tails::LEVELS;
use crate::plan::{Method, Origin, Watch};
use crate::random::key::Purpose;
use crate::random::poisson::poisson;
use crate::random::stream::Stream;
use crate::rows::{Recorded, Rows};
use crate::simd::Level;
use crate::sums::Sums;

// Parameters -----------------------------------------------------------------------------------------------------------------------------

/// The family with its origin.
pub struct Poisson {
    mean: f64,
    method: Method,
    /// Upper tail regions k >= edge with their masses; None where no region of mass at most p exists within the table.
    tails: [(f64, f64); 3],
}

// Checks ---------------------------------------------------------------------------------------------------------------------------------

impl Poisson {
    /// A Poisson origin.
    pub fn new(mean: f64, method: Method) -> Result<Poisson, Error> {
        if !(mean > 0.0 && mean <= 1e15) {
            return Err(Error::plan("origin.mean", mean, "a number above 0 and at most 1e15"));
        }
        Ok(Poisson { mean, method, tails: LEVELS.map(|p| upper_tail(mean, p)) })
    }

    fn sums(&self, mean: impl Fn(usize) -> f64, sizes: &[u64], purpose: Purpose, group: &mut Group, into: &mut Sums) -> Result<(), Error> {
        for chain in 0..group.chains() {
            let n = sizes[chain];
            into.n[chain] = n as f64;
            into.sum[chain] = match self.method {
                Method::Population => n as f64 * mean(chain),
                Method::Exact => poisson(n as f64 * mean(chain), &mut group.sides[chain]),
                Method::Draws => drawn(group, chain, n, mean(chain), purpose),
            };
        }
        group.control.check()
    }
}

// Source ---------------------------------------------------------------------------------------------------------------------------------

/// Sum of `n` draws.
fn drawn(group: &mut Group, chain: usize, n: u64, mean: f64, purpose: Purpose) -> f64 {
    let add = |stream: &mut Stream, n: u64| (0..n).map(|_| poisson(mean, stream)).sum::<f64>();
    if n <= CHUNK {
        return add(&mut group.sides[chain], n);
    }
    let (key, batch) = (group.keys[chain], group.batch);
    chunks(n)
        .take_while(|_| !group.control.cancelled())
        .map(|(chunk, size)| add(&mut Stream::new(key.state(purpose, batch, chunk, 0)), size))
        .sum()
}

impl Source for Poisson {
    type Data = Sums;
    /// Fitted means.
    type Fitted = Vec<f64>;

    fn data(&self, chains: usize) -> Sums {
        Sums::new(chains)
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut Sums) -> Result<(), Error> {
        group.batch += 1;
        self.sums(|_| self.mean, sizes, Purpose::RealChunk, group, into)
    }

    fn sample(&self, _training: &Sums, model: &Vec<f64>, sizes: &[u64], group: &mut Group, into: &mut Sums) -> Result<(), Error> {
        group.batch += 1;
        self.sums(|chain| model[chain], sizes, Purpose::SampleChunk, group, into)
    }

    fn constant(&self, record: f64, sizes: &[u64], into: &mut Sums) -> Result<(), Error> {
        if !(record >= 0.0 && record.fract() == 0.0) {
            return Err(Error::plan("stages.poison.record", record, "a whole number of at least 0"));
        }
        into.constant(record, sizes);
        Ok(())
    }
}

/// Appends n counts of a law.
fn counts(mean: f64, chain: usize, n: usize, purpose: Purpose, group: &mut Group, into: &mut Vec<f64>) {
    if n as u64 <= CHUNK {
        let side = &mut group.sides[chain];
        return into.extend((0..n).map(|_| poisson(mean, side)));
    }
    let (key, batch) = (group.keys[chain], group.batch);
    for (chunk, size) in chunks(n as u64).take_while(|_| !group.control.cancelled()) {
        let mut stream = Stream::new(key.state(purpose, batch, chunk, 0));
        into.extend((0..size).map(|_| poisson(mean, &mut stream)));
    }
}

impl Recorded for Poisson {
    fn centre(&self) -> (Vec<f64>, Vec<f64>) {
        (vec![self.mean], vec![f64::sqrt(self.mean)])
    }

    fn real_rows(&self, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        counts(self.mean, chain, n, Purpose::RealChunk, group, into);
    }

    fn sample_rows(&self, model: &Vec<f64>, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        counts(model[chain], chain, n, Purpose::SampleChunk, group, into);
    }

    fn learn(&self, rows: &Rows, chain: usize, into: &mut Sums) {
        into.learn(rows, chain);
    }
}

// Fit ------------------------------------------------------------------------------------------------------------------------------------

impl Family for Poisson {
    fn fitted(&self, chains: usize) -> Vec<f64> {
        vec![0.0; padded(chains)]
    }

    fn fit(&self, training: &Sums, model: &mut Vec<f64>, _level: Level, lives: &mut Lives) {
        for chain in 0..lives.stopped.len() {
            model[chain] = training.sum[chain] / training.n[chain];
            if training.n[chain] == 0.0 {
                lives.stop(chain, Death::EmptyTrainingSet);
            }
        }
    }
}

// Law ------------------------------------------------------------------------------------------------------------------------------------

fn probability(mean: f64, k: f64) -> f64 {
    if mean == 0.0 {
        return if k == 0.0 { 1.0 } else { 0.0 };
    }
    math::exp(k * math::ln(mean) - mean - math::ln_gamma(k + 1.0))
}

/// P(K >= edge): the terms from the edge on, each from the last, until they no longer count.
fn at_least(mean: f64, edge: f64) -> f64 {
    let mut term = probability(mean, edge);
    let (mut sum, mut k) = (term, edge);
    while term > sum * 1e-17 && term > 0.0 {
        k += 1.0;
        term *= mean / k;
        sum += term;
    }
    f64::min(sum, 1.0)
}

/// The largest upper region of mass at most p: its edge and its mass.
fn upper_tail(mean: f64, p: f64) -> (f64, f64) {
    // A normal guess, then steps of one: the edge is the first count whose upper mass is at most p.
    let mut edge = f64::max((mean - math::normal_quantile(p) * f64::sqrt(mean)).floor(), 0.0);
    while at_least(mean, edge) > p {
        edge += 1.0;
    }
    while edge > 0.0 && at_least(mean, edge - 1.0) <= p {
        edge -= 1.0;
    }
    (edge, at_least(mean, edge))
}

/// Sums over the counts that hold the mass of two laws.
fn total(p: f64, q: f64, of: impl Fn(f64, f64) -> f64) -> f64 {
    let reach = |mean: f64| mean + 12.0 * f64::sqrt(mean) + 40.0;
    let low = f64::max((f64::min(p, q) - 12.0 * f64::sqrt(f64::min(p, q)) - 40.0).floor(), 0.0);
    let high = f64::max(reach(p), reach(q));
    // Wide laws are summed in steps of their own width over 400: their shape is smooth there.
    let step = f64::max((f64::sqrt(f64::max(f64::min(p, q), 1.0)) / 400.0).floor(), 1.0);
    let (mut k, mut sum) = (low, 0.0);
    while k <= high {
        sum += step * of(probability(p, k), probability(q, k));
        k += step;
    }
    sum
}

/// f is the family and m the fitted mean.
const LIST: &[Entry<Poisson, f64>] = &[
    (Column::new("mean", "mean of the fitted model"), |_, m| m),
    (Column::new("variance", "variance of the fitted model"), |_, m| m),
    (Column::new("fit_mean", "fitted mean"), |_, m| m),
    (Column::new("variance_ratio", "variance over the origin's"), |f, m| m / f.mean),
    (Column::new("mean_shift", "(mean - origin's mean) / origin's sd"), |f, m| (m - f.mean) / f64::sqrt(f.mean)),
    (Column::new("tail_p05", "retention of the largest upper region of mass at most 5 %"), |f, m| at_least(m, f.tails[0].0) / f.tails[0].1),
    (Column::new("tail_p01", "retention of the largest upper region of mass at most 1 %"), |f, m| at_least(m, f.tails[1].0) / f.tails[1].1),
    (Column::new("tail_p001", "retention of the largest upper region of mass at most 0.1 %"), |f, m| {
        at_least(m, f.tails[2].0) / f.tails[2].1
    }),
    (Column::new("w1", "Wasserstein-1 distance to the origin: the laws are ordered, so the difference of means"), |f, m| {
        (m - f.mean).abs()
    }),
    (Column::new("kl_forward", "KL(origin || model) in nats; infinite for a mean of 0"), |f, m| f.mean * math::ln(f.mean / m) + m - f.mean),
    (
        Column::new("kl_reverse", "KL(model || origin) in nats"),
        |f, m| if m == 0.0 { f.mean } else { m * math::ln(m / f.mean) + f.mean - m },
    ),
    (Column::new("hellinger", "Hellinger distance to the origin"), |f, m| {
        let d = f64::sqrt(f.mean) - f64::sqrt(m);
        f64::sqrt(-math::expm1(-0.5 * d * d))
    }),
    (Column::new("tv", "total variation distance to the origin"), |f, m| 0.5 * total(f.mean, m, |p, q| (p - q).abs())),
    (Column::new("entropy", "Shannon entropy of the model in nats"), |_, m| {
        total(m, m, |_, q| if q == 0.0 { 0.0 } else { -q * math::ln(q) })
    }),
    (Column::new("outside_support", "model mass outside the origin's support (always 0 here)"), |_, _| 0.0),
];

/// Names and meanings.
pub fn list() -> Vec<Column> {
    scalar_columns::names(LIST)
}

impl Law for Poisson {
    fn signals(&self, view: &View<'_, Poisson>, out: &mut Signals) {
        let (edge, mass) = self.tails[1];
        for chain in 0..out.early.len() {
            let m = view.model[chain];
            let ratio = m / self.mean;
            out.set(chain, at_least(m, edge) <= 0.1 * mass, ratio <= 0.01, ratio > 100.0);
        }
    }

    fn measure(&self, name: &str) -> Option<Measure<Poisson>> {
        scalar_columns::measure(LIST, name, |_, view, chain| view.model[chain])
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<Poisson>, Error> {
        Err(Error::plan("watch", &watch.name, "no followed classes: a poisson model has none"))
    }
}

// Ready -----------------------------------------------------------------------------------------------------------------------------------

/// A cell of this family.
pub fn ready(given: &Given) -> Result<Box<dyn Runnable>, Error> {
    let Origin::Poisson { mean } = given.cell.origin else {
        return Err(given.mismatch("poisson", "a poisson origin"));
    };
    given.cell.stages.sampling.only(&[], "poisson")?;
    given.recorded(Poisson::new(mean, given.cell.method)?, 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_the_largest_regions() {
        for mean in [0.01, 0.5, 4.0, 100.0] {
            for p in LEVELS {
                let (edge, mass) = upper_tail(mean, p);
                assert!(mass <= p && (edge == 0.0 || at_least(mean, edge - 1.0) > p), "{mean} {p}");
            }
        }
        // P(K >= 3 | 1) = 1 - e^-1 (1 + 1 + 1/2).
        assert!((at_least(1.0, 3.0) - (1.0 - math::exp(-1.0) * 2.5)).abs() < 1e-15);
    }

    #[test]
    fn entropy_and_distance_of_small_and_wide_laws() {
        let entropy = LIST.iter().find(|(c, _)| c.name == "entropy").unwrap().1;
        let family = Poisson::new(1.0, Method::Exact).unwrap();
        // Entropy of Poisson(1), and ln(2 pi e m) / 2 - 1 / (12 m) for a wide one.
        assert!((entropy(&family, 1.0) - 1.304_842_242_256_178_6).abs() < 1e-10);
        let wide = 0.5 * math::ln(2.0 * std::f64::consts::PI * std::f64::consts::E * 1e8) - 1.0 / 12e8;
        assert!((entropy(&family, 1e8) - wide).abs() < 1e-6, "{}", entropy(&family, 1e8));
        assert_eq!(entropy(&family, 0.0), 0.0);
    }
}
