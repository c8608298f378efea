//! The gaussian family: a normal law fitted by moments. Chains run in the origin's own units (mean 0, sd 1), columns in the data's.
//!
//! Fit: m = mean, v = M2 / (n - 1) (unbiased) or M2 / n (mle). Exact law of a generation: m' = m + s Z / sqrt(n), v' = v chi2_{n-1} / divisor,
//! Z and chi2 independent (Cochran). Source: Shumailov et al., Nature 631 (2024), theorem 3.1.

pub mod columns;
mod exact;
mod law;
mod rows;
mod sums;

use std::borrow::Cow;

use super::learner::Learner;
use super::ready::{Given, Runnable};
use crate::error::Error;
use crate::family::{Data, Death, Family, Group, Law, Lives, Measure, Signals, Source, View};
use crate::moments::{Moments, power, settle};
use crate::plan::{Estimator, Method, Origin, Sampling, Watch};
use crate::random::key::Purpose;
use crate::rows::Recorded;
use crate::simd::{Level, kernel};
use crate::table::mean_and_sd;
use crate::truth::Truth;

use law::law_sums;
use rows::subset;
use sums::{normal_sums, row_sums, truncated_sums, truncated_variance};

// Parameters -----------------------------------------------------------------------------------------------------------------------------

/// Where real records come from, in units of the origin's own mean and sd.
pub enum Real {
    /// A normal law.
    Normal,
    /// The rows of a column, standardised.
    Rows(Vec<f64>),
    /// A law that is not normal.
    Law(Box<Truth>),
}

/// The family with its origin and learner.
pub struct Gaussian {
    /// The origin's mean and sd in the data's units (its median and interquartile range where it has none).
    pub mean: f64,
    /// See `mean`; above 0.
    pub sd: f64,
    /// The source of real records.
    pub real: Real,
    /// Edges of the origin's tail regions and their masses.
    pub tails: columns::Tails,
    /// The divisor of the fitted variance.
    pub estimator: Estimator,
    /// Draws, exact or population.
    pub method: Method,
    /// How far the learner goes; None where it converges.
    pub learner: Option<Learner>,
    /// The variance that models are sampled with over their own.
    widen: f64,
    /// Records further from the model's mean, in its sds, are left out.
    truncate: Option<f64>,
}

/// Fitted models of a group, in the origin's units; the true variance is `variance * 2^exponent`.
#[derive(Clone)]
pub struct Fitted {
    pub mean: Vec<f64>,
    pub variance: Vec<f64>,
    pub exponent: Vec<f64>,
    /// The true standard deviation (0 where it is below the smallest float).
    pub sd: Vec<f64>,
}

// Checks ---------------------------------------------------------------------------------------------------------------------------------

impl Gaussian {
    /// A normal origin.
    pub fn normal(mean: f64, sd: f64, estimator: Estimator, method: Method) -> Result<Gaussian, Error> {
        if !mean.is_finite() {
            return Err(Error::plan("origin.mean", mean, "a finite number"));
        }
        if !(sd > 0.0 && sd.is_finite()) {
            return Err(Error::plan("origin.sd", sd, "a finite number above 0"));
        }
        Ok(Gaussian::new(mean, sd, Real::Normal, columns::Tails::of_normal(), estimator, method))
    }

    /// A column of a table as the origin: its rows are the law.
    pub fn rows(values: &[f64], estimator: Estimator, method: Method) -> Result<Gaussian, Error> {
        let (mean, sd) = mean_and_sd("origin.columns", values)?;
        let standard: Vec<f64> = values.iter().map(|x| (x - mean) / sd).collect();
        let tails = columns::Tails::of_rows(&standard);
        Ok(Gaussian::new(mean, sd, Real::Rows(standard), tails, estimator, method))
    }

    /// A law on the line as the origin.
    pub fn law(truth: Truth, estimator: Estimator, method: Method) -> Result<Gaussian, Error> {
        if method == Method::Population && truth.variance.is_infinite() {
            return Err(Error::plan("n", "inf", "a finite n for an origin without a variance"));
        }
        let tails = columns::Tails::of_law(&truth);
        Ok(Gaussian::new(truth.place, truth.scale, Real::Law(Box::new(truth)), tails, estimator, method))
    }

    fn new(mean: f64, sd: f64, real: Real, tails: columns::Tails, estimator: Estimator, method: Method) -> Gaussian {
        Gaussian { mean, sd, real, tails, estimator, method, learner: None, widen: 1.0, truncate: None }
    }

    /// A learner that stops short.
    pub fn learner(self, learner: Option<Learner>) -> Gaussian {
        Gaussian { learner, ..self }
    }

    /// A changed law to sample from: density^(1/T) and a spread widen the variance, then what lies far out is left out.
    pub fn sampling(self, sampling: &Sampling) -> Result<Gaussian, Error> {
        sampling.only(&["temperature", "spread", "truncate"], "gaussian")?;
        if sampling.truncate.is_some() && self.method == Method::Exact {
            return Err(Error::plan("method", "exact", "draws where the model's law is truncated"));
        }
        let widen = sampling.temperature.unwrap_or(1.0) * sampling.spread.unwrap_or(1.0);
        Ok(Gaussian { widen, truncate: sampling.truncate, ..self })
    }

    /// The law that a model is sampled from, before truncation.
    fn changed<'a>(&self, model: &'a Fitted) -> Cow<'a, Fitted> {
        if self.widen == 1.0 {
            return Cow::Borrowed(model);
        }
        let mut changed = model.clone();
        changed.variance.iter_mut().for_each(|v| *v *= self.widen);
        changed.sd.iter_mut().for_each(|s| *s *= f64::sqrt(self.widen));
        Cow::Owned(changed)
    }

    fn divisor_less(&self) -> f64 {
        if self.estimator == Estimator::Unbiased && self.method != Method::Population { 1.0 } else { 0.0 }
    }
}

// Source ---------------------------------------------------------------------------------------------------------------------------------

/// A chain's law, in the origin's units.
struct Standing {
    mean: f64,
    sd: f64,
    variance: f64,
    exponent: f64,
}

const ORIGIN: Standing = Standing { mean: 0.0, sd: 1.0, variance: 1.0, exponent: 0.0 };

/// Moments of `n` records of a law from the sums of their standard deviates: nothing is lost however large the mean or small the sd.
fn put(into: &mut Moments, chain: usize, n: u64, (sum, square): (f64, f64), law: &Standing) {
    let count = n as f64;
    let centre = if n == 0 { 0.0 } else { sum / count };
    into.n[chain] = count;
    into.mean[chain] = law.mean + law.sd * centre;
    into.m2[chain] = if n < 2 { 0.0 } else { law.variance * f64::max(square - sum * centre, 0.0) };
    into.exponent[chain] = law.exponent;
}

// Fit ------------------------------------------------------------------------------------------------------------------------------------

kernel! {
    /// Variances with their powers of two, and sds without; says whether a power is in use, and whether a chain can't be fitted.
    fn fit_moments(data: &Moments, less: f64, model: &mut Fitted) -> (bool, bool) {
        let lanes = model.mean.len();
        let (n, mean, m2, from) = (&data.n[..lanes], &data.mean[..lanes], &data.m2[..lanes], &data.exponent[..lanes]);
        let (mut moved, mut bad) = (0u64, 0u64);
        for i in 0..lanes {
            let (v, e) = settle(m2[i] / (n[i] - less), from[i]);
            model.mean[i] = mean[i];
            model.variance[i] = v;
            model.exponent[i] = e;
            model.sd[i] = f64::sqrt(v);
            moved |= u64::from(e != 0.0);
            let fit = (n[i] > less) & (v.abs() < f64::INFINITY) & (mean[i].abs() < f64::INFINITY);
            bad |= u64::from(!fit);
        }
        (moved != 0, bad != 0)
    }
}

impl Gaussian {
    fn whole_table(&self, n: u64) -> Option<f64> {
        match &self.real {
            Real::Rows(rows) if rows.len() as u64 == n => Some(rows.len() as f64),
            _ => None,
        }
    }
}

impl Source for Gaussian {
    type Data = Moments;
    type Fitted = Fitted;

    fn data(&self, chains: usize) -> Moments {
        Moments::new(chains)
    }

    fn initial(&self, fixed: u64, n: u64, group: &mut Group, first: &mut Moments, rest: &mut Moments) -> Result<(), Error> {
        let lanes = group.padded();
        match self.whole_table(n) {
            Some(rows) if fixed == 0 => {
                first.clear();
                rest.clear();
                rest.n.fill(rows);
                rest.m2.fill(rows);
                Ok(())
            }
            Some(_) => {
                let Real::Rows(rows) = &self.real else { unreachable!("only tables are whole") };
                subset(rows, fixed, group, first, rest);
                Ok(())
            }
            None => {
                self.real(&vec![fixed; lanes], group, first)?;
                self.real(&vec![n - fixed; lanes], group, rest)
            }
        }
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut Moments) -> Result<(), Error> {
        group.batch += 1;
        match (&self.real, self.method) {
            (_, Method::Population) => {
                for chain in 0..group.chains() {
                    put(into, chain, sizes[chain], (0.0, sizes[chain] as f64), &ORIGIN);
                }
            }
            (Real::Normal, Method::Exact) => self.exact(None, sizes, group, into),
            (Real::Normal, Method::Draws) => {
                for chain in 0..group.chains() {
                    let sums = normal_sums(group, chain, sizes[chain], Purpose::RealChunk);
                    put(into, chain, sizes[chain], sums, &ORIGIN);
                }
            }
            (Real::Law(truth), _) => {
                for chain in 0..group.chains() {
                    let sums = law_sums(truth, group, chain, sizes[chain]);
                    put(into, chain, sizes[chain], sums, &ORIGIN);
                }
            }
            (Real::Rows(rows), _) => {
                for chain in 0..group.chains() {
                    let sums = row_sums(rows, group, chain, sizes[chain]);
                    put(into, chain, sizes[chain], sums, &ORIGIN);
                }
            }
        }
        group.control.check()
    }

    fn sample(&self, _training: &Moments, model: &Fitted, sizes: &[u64], group: &mut Group, into: &mut Moments) -> Result<(), Error> {
        group.batch += 1;
        let model = &*self.changed(model);
        match self.method {
            Method::Exact => self.exact(Some(model), sizes, group, into),
            Method::Draws | Method::Population => {
                for chain in 0..group.chains() {
                    let n = sizes[chain];
                    let sums = match (self.method, self.truncate) {
                        (Method::Population, k) => (0.0, n as f64 * k.map_or(1.0, truncated_variance)),
                        (_, Some(k)) => truncated_sums(k, group, chain, n),
                        (_, None) => normal_sums(group, chain, n, Purpose::SampleChunk),
                    };
                    let law = Standing {
                        mean: model.mean[chain],
                        sd: model.sd[chain],
                        variance: model.variance[chain],
                        exponent: model.exponent[chain],
                    };
                    put(into, chain, n, sums, &law);
                }
            }
        }
        group.control.check()
    }

    fn constant(&self, record: f64, sizes: &[u64], into: &mut Moments) -> Result<(), Error> {
        into.clear();
        for (n, &size) in into.n.iter_mut().zip(sizes) {
            *n = size as f64;
        }
        into.mean.fill(self.unit(record));
        Ok(())
    }
}

impl Family for Gaussian {
    fn fitted(&self, chains: usize) -> Fitted {
        let zeros = vec![0.0; crate::family::padded(chains)];
        Fitted { mean: zeros.clone(), variance: zeros.clone(), exponent: zeros.clone(), sd: zeros }
    }

    fn fit(&self, training: &Moments, model: &mut Fitted, level: Level, lives: &mut Lives) {
        let less = self.divisor_less();
        let last = self.learner.map(|_| model.clone());
        let (moved, bad) = fit_moments(level, training, less, model);
        if moved {
            for (sd, exponent) in model.sd.iter_mut().zip(&model.exponent) {
                *sd *= power(0.5 * exponent);
            }
        }
        if let (Some(learner), Some(last)) = (self.learner, last) {
            self.stop_short(learner, &last, model);
        }
        for chain in 0..if bad { lives.stopped.len() } else { 0 } {
            if training.n[chain] <= less {
                let empty = training.n[chain] == 0.0;
                lives.stop(chain, if empty { Death::EmptyTrainingSet } else { Death::TooFewRecords });
            } else if !(model.mean[chain].is_finite() && model.variance[chain].is_finite()) {
                lives.stop(chain, Death::NotFinite);
            }
        }
    }
}

impl Law for Gaussian {
    fn signals(&self, view: &View<'_, Gaussian>, out: &mut Signals) {
        columns::signals(view.level, &self.tails, view.model, out);
    }

    fn measure(&self, name: &str) -> Option<Measure<Gaussian>> {
        columns::measure(name)
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<Gaussian>, Error> {
        Err(Error::plan("watch", &watch.name, "no followed classes: a gaussian model has none"))
    }
}

impl Gaussian {
    /// Puts models where the learner stops on its way from its start. In the mean parameters E[x], E[x^2] each step goes a share of the way,
    /// so that v = (1 - p) v' + p v0 + p (1 - p) (m' - m0)^2 for what is left, p, of the way.
    fn stop_short(&self, learner: Learner, last: &Fitted, model: &mut Fitted) {
        let (left, fresh) = (learner.left, (-self.mean / self.sd, 1.0 / (self.sd * self.sd)));
        for chain in 0..model.mean.len() {
            let warm = learner.warm && last.sd[chain] > 0.0;
            let (m0, v0) = if warm { (last.mean[chain], last.sd[chain] * last.sd[chain]) } else { fresh };
            let (m, v) = (model.mean[chain], model.sd[chain] * model.sd[chain]);
            let apart = m - m0;
            model.mean[chain] = m - left * apart;
            let (v, e) = settle((1.0 - left) * v + left * v0 + left * (1.0 - left) * apart * apart, 0.0);
            (model.variance[chain], model.exponent[chain]) = (v, e);
            model.sd[chain] = f64::sqrt(v) * power(0.5 * e);
        }
    }
}

// Ready -----------------------------------------------------------------------------------------------------------------------------------

/// A cell of this family.
pub fn ready(given: &Given, estimator: Estimator, learner: Option<Learner>) -> Result<Box<dyn Runnable>, Error> {
    let method = given.cell.method;
    if estimator == Estimator::Unbiased && given.is_single() {
        return Err(Error::plan("n", 1, "at least 2 records for an unbiased variance").hint("set model.estimator to mle"));
    }
    let family = match &given.cell.origin {
        Origin::Gaussian { mean, sd } => Gaussian::normal(*mean, *sd, estimator, method)?,
        Origin::Table { table, columns } => Gaussian::rows(&given.numbers(*table, columns)?, estimator, method)?,
        origin => match Truth::of(origin)? {
            Some(truth) if truth.is_normal() => Gaussian::normal(truth.place, truth.scale, estimator, method)?,
            Some(truth) => Gaussian::law(truth, estimator, method)?,
            None => return Err(given.mismatch("gaussian", "a law of numbers on the line or a numeric column of a table")),
        },
    };
    // Records of many draws keep their own buffers in the cache.
    let width = if method == Method::Exact { 64 } else { 16 };
    given.recorded(family.learner(learner).sampling(&given.cell.stages.sampling)?, width)
}
