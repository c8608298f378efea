//! The exponential family, the template of families with one parameter. Chains run in units of the origin's mean.
//!
//! Fit: mean = sum / n (mle) or rate = (n - 1) / sum (unbiased-rate). Exact law of a generation: sum ~ mean Gamma(n). The mle's mean keeps its
//! expectation while its logarithm drifts by psi(n) - ln n; the unbiased rate reverses the sign of that drift.

use super::ready::{Given, Runnable};
use super::scalar_columns::{self, Entry};
use crate::columns::Column;
use crate::error::Error;
use crate::family::{CHUNK, Death, Family, Group, Law, Lives, Measure, Signals, Source, View, chunks, padded};
use crate::math;
use crate::measures::tails::LEVELS;
use crate::plan::{Method, Origin, RateEstimator, Sampling, Watch};
use crate::random::exponential::sum_and_least;
use crate::random::gamma::gamma;
use crate::random::key::Purpose;
use crate::random::words::Words;
use crate::rows::{self, Recorded, Rows};
use crate::simd::Level;
use crate::sums::Sums;

// Parameters -----------------------------------------------------------------------------------------------------------------------------

/// The family with its origin and learner.
pub struct Exponential {
    mean: f64,
    estimator: RateEstimator,
    method: Method,
    /// density^(1/T) of an exponential law has T times its mean.
    temperature: f64,
}

/// Fitted means of a group, in units of the origin's mean.
pub struct Fitted {
    mean: Vec<f64>,
}

// Checks ---------------------------------------------------------------------------------------------------------------------------------

impl Exponential {
    /// An exponential origin.
    pub fn new(mean: f64, estimator: RateEstimator, method: Method) -> Result<Exponential, Error> {
        if !(mean > 0.0 && mean.is_finite()) {
            return Err(Error::plan("origin.mean", mean, "a finite number above 0"));
        }
        Ok(Exponential { mean, estimator, method, temperature: 1.0 })
    }

    /// A changed law to sample from.
    pub fn sampling(self, sampling: &Sampling) -> Result<Exponential, Error> {
        sampling.only(&["temperature"], "exponential")?;
        Ok(Exponential { temperature: sampling.temperature.unwrap_or(1.0), ..self })
    }

    /// Sums of `sizes` records of laws with the given means.
    fn sums(&self, mean: impl Fn(usize) -> f64, sizes: &[u64], purpose: Purpose, group: &mut Group, into: &mut Sums) -> Result<(), Error> {
        for chain in 0..group.chains() {
            let n = sizes[chain];
            let sum = match self.method {
                _ if n == 0 => 0.0,
                Method::Population => n as f64,
                Method::Exact => gamma(n as f64, &mut group.sides[chain]),
                Method::Draws => drawn(group, chain, n, purpose),
            };
            into.n[chain] = n as f64;
            into.sum[chain] = mean(chain) * sum;
        }
        group.control.check()
    }
}

// Source ---------------------------------------------------------------------------------------------------------------------------------

/// Sum of `n` standard exponentials.
fn drawn(group: &mut Group, chain: usize, n: u64, purpose: Purpose) -> f64 {
    let level = group.level;
    let add = |words: &mut Words, n: u64| {
        let (mut sum, mut left) = (0.0, n as usize);
        while left > 0 {
            let taken = words.take(level, left);
            sum += sum_and_least(level, taken).0;
            left -= taken.len();
        }
        sum
    };
    if n <= CHUNK {
        return add(group.words(chain), n);
    }
    let (key, batch) = (group.keys[chain], group.batch);
    chunks(n).take_while(|_| !group.control.cancelled()).map(|(chunk, size)| add(&mut Words::new(&key, purpose, batch, chunk), size)).sum()
}

impl Source for Exponential {
    type Data = Sums;
    type Fitted = Fitted;

    fn data(&self, chains: usize) -> Sums {
        Sums::new(chains)
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut Sums) -> Result<(), Error> {
        group.batch += 1;
        self.sums(|_| 1.0, sizes, Purpose::RealChunk, group, into)
    }

    fn sample(&self, _training: &Sums, model: &Fitted, sizes: &[u64], group: &mut Group, into: &mut Sums) -> Result<(), Error> {
        group.batch += 1;
        self.sums(|chain| self.temperature * model.mean[chain], sizes, Purpose::SampleChunk, group, into)
    }

    fn constant(&self, record: f64, sizes: &[u64], into: &mut Sums) -> Result<(), Error> {
        if record < 0.0 {
            return Err(Error::plan("stages.poison.record", record, "a number of at least 0"));
        }
        into.constant(record / self.mean, sizes);
        Ok(())
    }
}

impl Recorded for Exponential {
    fn unit(&self, record: f64) -> f64 {
        record / self.mean
    }

    fn centre(&self) -> (Vec<f64>, Vec<f64>) {
        (vec![1.0], vec![1.0])
    }

    fn real_rows(&self, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        let from = into.len();
        into.resize(from + n, 0.0);
        rows::uniforms(group, chain, Purpose::RealChunk, &mut into[from..], |u| -math::ln(u));
    }

    fn sample_rows(&self, model: &Fitted, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        let (from, mean) = (into.len(), self.temperature * model.mean[chain]);
        into.resize(from + n, 0.0);
        rows::uniforms(group, chain, Purpose::SampleChunk, &mut into[from..], |u| -math::ln(u) * mean);
    }

    fn learn(&self, rows: &Rows, chain: usize, into: &mut Sums) {
        into.learn(rows, chain);
    }
}

// Fit ------------------------------------------------------------------------------------------------------------------------------------

impl Family for Exponential {
    fn fitted(&self, chains: usize) -> Fitted {
        Fitted { mean: vec![0.0; padded(chains)] }
    }

    fn fit(&self, training: &Sums, model: &mut Fitted, _level: Level, lives: &mut Lives) {
        let less = if self.estimator == RateEstimator::UnbiasedRate && self.method != Method::Population { 1.0 } else { 0.0 };
        for chain in 0..lives.stopped.len() {
            let n = training.n[chain];
            model.mean[chain] = training.sum[chain] / (n - less);
            if n <= less {
                lives.stop(chain, if n == 0.0 { Death::EmptyTrainingSet } else { Death::TooFewRecords });
            } else if !model.mean[chain].is_finite() {
                lives.stop(chain, Death::NotFinite);
            }
        }
    }
}

// Law ------------------------------------------------------------------------------------------------------------------------------------

/// Retention of the upper tail of mass p under a model of mean r: p^(1/r) / p.
fn retention(p: f64, r: f64) -> f64 {
    math::exp(math::ln(p) * (1.0 / r - 1.0))
}

/// Largest difference of distribution functions, reached where the densities cross; it is the total variation distance too.
fn gap(r: f64) -> f64 {
    let x = math::ln(r) * r / (r - 1.0);
    let value = (math::exp(-x) - math::exp(-x / r)).abs();
    if r == 1.0 {
        0.0
    } else if r == 0.0 {
        1.0
    } else {
        value
    }
}

/// f is the family and r the fitted mean over the origin's.
const LIST: &[Entry<Exponential, f64>] = &[
    (Column::new("mean", "mean of the fitted model"), |f, r| f.mean * r),
    (Column::new("variance", "variance of the fitted model"), |f, r| f.mean * r * (f.mean * r)),
    (Column::new("fit_mean", "fitted mean"), |f, r| f.mean * r),
    (Column::new("fit_rate", "fitted rate, 1 / mean"), |f, r| 1.0 / (f.mean * r)),
    (Column::new("variance_ratio", "variance over the origin's"), |_, r| r * r),
    (Column::new("mean_shift", "(mean - origin's mean) / origin's sd"), |_, r| r - 1.0),
    (Column::new("tail_p05", "retention of the highest 5 %"), |_, r| retention(LEVELS[0], r)),
    (Column::new("tail_p01", "retention of the highest 1 %"), |_, r| retention(LEVELS[1], r)),
    (Column::new("tail_p001", "retention of the highest 0.1 %"), |_, r| retention(LEVELS[2], r)),
    (Column::new("w1", "Wasserstein-1 distance to the origin, in the data's units"), |f, r| f.mean * (r - 1.0).abs()),
    (Column::new("w2", "Wasserstein-2 distance to the origin, in the data's units"), |f, r| {
        f.mean * std::f64::consts::SQRT_2 * (r - 1.0).abs()
    }),
    (Column::new("kl_forward", "KL(origin || model) in nats"), |_, r| math::ln(r) + 1.0 / r - 1.0),
    (Column::new("kl_reverse", "KL(model || origin) in nats"), |_, r| r - 1.0 - math::ln(r)),
    (Column::new("hellinger", "Hellinger distance to the origin"), |_, r| {
        // 1 - BC = (1 - sqrt r)^2 / (1 + r)
        let d = 1.0 - f64::sqrt(r);
        f64::sqrt(d * d / (1.0 + r))
    }),
    (Column::new("tv", "total variation distance to the origin"), |_, r| gap(r)),
    (Column::new("ks", "Kolmogorov distance to the origin"), |_, r| gap(r)),
    (Column::new("entropy", "differential entropy of the model in nats"), |f, r| 1.0 + math::ln(f.mean * r)),
    (Column::new("outside_support", "model mass outside the origin's support (always 0 here)"), |_, _| 0.0),
];

/// Names and meanings.
pub fn list() -> Vec<Column> {
    scalar_columns::names(LIST)
}

impl Law for Exponential {
    fn signals(&self, view: &View<'_, Exponential>, out: &mut Signals) {
        // Retention at p = 0.01 is at most 0.1 where ln(0.01) (1/r - 1) <= ln(0.1), that is 1/r >= 1.5.
        for chain in 0..out.early.len() {
            let r = view.model.mean[chain];
            out.set(chain, 1.5 * r <= 1.0, r * r <= 0.01, r * r > 100.0);
        }
    }

    fn measure(&self, name: &str) -> Option<Measure<Exponential>> {
        scalar_columns::measure(LIST, name, |_, view, chain| view.model.mean[chain])
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<Exponential>, Error> {
        Err(Error::plan("watch", &watch.name, "no followed classes: an exponential model has none"))
    }
}

// Ready -----------------------------------------------------------------------------------------------------------------------------------

/// A cell of this family.
pub fn ready(given: &Given, estimator: RateEstimator) -> Result<Box<dyn Runnable>, Error> {
    let Origin::Exponential { mean } = given.cell.origin else {
        return Err(given.mismatch("exponential", "an exponential origin"));
    };
    given.recorded(Exponential::new(mean, estimator, given.cell.method)?.sampling(&given.cell.stages.sampling)?, 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_forms_at_the_origin_and_beside_it() {
        assert!((retention(0.01, 1.0) - 1.0).abs() < 1e-15);
        assert!((retention(0.01, 1.0 / 1.5) - 0.1).abs() < 1e-14);
        // Crossing of exp(-x) and exp(-x/2)/2 at x = 2 ln 2: 1/4 against 1/2.
        assert!((gap(2.0) - 0.25).abs() < 1e-15);
        assert_eq!((gap(1.0), gap(0.0)), (0.0, 1.0));
    }
}
