//! Expectation maximisation of a Gaussian mixture: moments by responsibilities, again and again, until the mean log-likelihood stands still.
//!
//! E: r_ik = w_k N(x_i; mu_k, S_k) / sum; M: w_k = N_k / N, mu_k = sum r x / N_k, S_k = sum r (x - mu_k)(x - mu_k)' / N_k + floor I, N_k = sum r.
//! Converged where |change of the mean log-likelihood| < tolerance. The likelihood has no upper bound where a component may shrink onto
//! equal records, hence the floor. Source: Dempster, Laird, Rubin, JRSS B 39 (1977); Bishop (2006), section 9.2.

use super::blocks::Blocks;
use super::init;
use super::law::Mixture;
use super::pass::{Densities, Sums, pass};
use crate::error::Error;
use crate::math::matrix::{eigenvalues, inverse};
use crate::plan::MixtureCovariance;
pub use crate::plan::MixtureInit;
use crate::random::stream::Stream;
use crate::simd::Level;

/// Settings of the learner.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Components.
    pub components: usize,
    /// Their covariances' shape.
    pub covariance: MixtureCovariance,
    /// Iterations at most.
    pub iterations: u32,
    /// Least change of the mean log-likelihood, in nats, that makes another iteration.
    pub tolerance: f64,
    /// Where iterations start: by k-means++ too where a start is to be given and none is there yet.
    pub init: MixtureInit,
    /// Starts, of which the one with the greatest likelihood is kept.
    pub restarts: u32,
    /// Added to every variance of a component; above 0.
    pub floor: f64,
}

impl Settings {
    /// Refuses settings that no fit can have.
    pub fn check(&self) -> Result<(), Error> {
        let at_least_one =
            [("components", self.components as u64), ("iterations", u64::from(self.iterations)), ("restarts", u64::from(self.restarts))];
        if let Some((name, value)) = at_least_one.into_iter().find(|(_, value)| *value < 1) {
            return Err(Error::plan(format!("model.{name}"), value, "a whole number of at least 1"));
        }
        if !(self.tolerance >= 0.0 && self.tolerance.is_finite()) {
            return Err(Error::plan("model.tolerance", self.tolerance, "a finite number of at least 0"));
        }
        if !(self.floor > 0.0 && self.floor.is_finite()) {
            return Err(Error::plan("model.floor", self.floor, "a finite variance above 0")
                .hint("without a floor the likelihood of a component on equal records has no bound"));
        }
        Ok(())
    }
}

/// A fitted mixture and how it came about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fit {
    /// The mixture.
    pub mixture: Mixture,
    /// Mean log-likelihood at the last E step, in nats a record.
    pub log_likelihood: f64,
    /// Iterations done.
    pub iterations: u32,
    /// Whether the change fell below the tolerance.
    pub converged: bool,
    /// Principal variances of components that were below the floor before it was added.
    pub floored: u32,
    /// Components that have lost all weight, or of which the floor raised a variance.
    pub degenerate: Vec<bool>,
}

/// Why records can't be fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No record, or none with weight.
    Empty,
    /// Fewer records than components.
    TooFew,
    /// A record or a fitted number is not finite.
    NotFinite,
}

/// Responsibility for less than this many records is none: the component is lost.
const LEAST: f64 = 10.0 * f64::EPSILON;

/// Fits a mixture to records, from `start` where one is given.
pub fn fit(level: Level, blocks: &Blocks, settings: &Settings, start: Option<&Mixture>, stream: &mut Stream) -> Result<Fit, Failure> {
    if blocks.points == 0 || blocks.total == 0.0 {
        return Err(Failure::Empty);
    }
    // A record of weight 3 is three equal ones.
    if blocks.points < settings.components && blocks.total < settings.components as f64 {
        return Err(Failure::TooFew);
    }
    if !blocks.finite() {
        return Err(Failure::NotFinite);
    }
    if let Some(start) = start {
        return run(level, blocks, settings, start.clone());
    }
    let mut best: Option<Fit> = None;
    for _ in 0..settings.restarts {
        let fit = run(level, blocks, settings, init::start(level, blocks, settings, stream)?)?;
        if best.as_ref().is_none_or(|best| fit.log_likelihood > best.log_likelihood) {
            best = Some(fit);
        }
    }
    best.ok_or(Failure::Empty)
}

fn run(level: Level, blocks: &Blocks, settings: &Settings, start: Mixture) -> Result<Fit, Failure> {
    let diagonal = settings.covariance != MixtureCovariance::Full;
    let mut fit = Fit { mixture: start, log_likelihood: f64::NEG_INFINITY, ..Fit::default() };
    while fit.iterations < settings.iterations && !fit.converged {
        let mixture = &fit.mixture;
        let densities = Densities::new(mixture, diagonal);
        let sums = pass(level, blocks, &densities, Some(&mixture.means));
        let mut step = Step::new(&sums, &mixture.means, mixture, settings);
        if step.cancelled {
            // Means have moved far beside the spread around them: take moments about where they are now.
            let sums = pass(level, blocks, &densities, Some(&step.means));
            step = Step::new(&sums, &step.means, mixture, settings);
        }
        let likelihood = sums.log_likelihood / blocks.total;
        fit.mixture = step.mixture(blocks.total).ok_or(Failure::NotFinite)?;
        fit.converged = (likelihood - fit.log_likelihood).abs() < settings.tolerance;
        fit.log_likelihood = likelihood;
        fit.iterations += 1;
        if !likelihood.is_finite() {
            return Err(Failure::NotFinite);
        }
    }
    let raised: Vec<u32> = (0..settings.components).map(|k| raised(&fit.mixture, k, settings.floor)).collect();
    fit.floored = raised.iter().sum();
    fit.degenerate = raised.iter().zip(&fit.mixture.weights).map(|(&raised, &weight)| raised > 0 || weight == 0.0).collect();
    Ok(fit)
}

/// The mean log-likelihood of records under a mixture, in nats a record.
pub fn mean_log_likelihood(level: Level, blocks: &Blocks, mixture: &Mixture) -> f64 {
    pass(level, blocks, &Densities::new(mixture, false), None).log_likelihood / blocks.total
}

/// Principal variances of a component that the floor makes up at least half of.
fn raised(mixture: &Mixture, k: usize, floor: f64) -> u32 {
    if mixture.weights[k] == 0.0 {
        return 0;
    }
    let width = mixture.width;
    // The least eigenvalue is at least 1 / tr S^-1: nearly always that is enough to know.
    let mut inverses = vec![0.0; width * width];
    inverse(mixture.factor_of(k), width, &mut inverses);
    if 1.0 / (0..width).map(|i| inverses[i * width + i]).sum::<f64>() >= 2.0 * floor {
        return 0;
    }
    eigenvalues(Level::BASE, &mut mixture.covariance_of(k).to_vec(), width).into_iter().filter(|&value| value < 2.0 * floor).count() as u32
}

/// The M step.
pub struct Step {
    width: usize,
    counts: Vec<f64>,
    /// New means.
    pub means: Vec<f64>,
    covariances: Vec<f64>,
    /// Whether a variance is a small difference of large numbers.
    pub cancelled: bool,
}

impl Step {
    /// New parameters from moments about `centres`; a component that has lost its records stays as it was in `last`.
    pub fn new(sums: &Sums, centres: &[f64], last: &Mixture, settings: &Settings) -> Step {
        let (width, components) = (last.width, last.components());
        let mut step = Step {
            width,
            counts: vec![0.0; components],
            means: last.means.clone(),
            covariances: last.covariances.clone(),
            cancelled: false,
        };
        for k in 0..components {
            let count = sums.count(k);
            if !(count > LEAST) {
                continue;
            }
            let (first, second) = (sums.first(k), sums.second(k));
            step.counts[k] = count;
            for i in 0..width {
                step.means[k * width + i] = centres[k * width + i] + first[i] / count;
            }
            let covariance = &mut step.covariances[k * width * width..][..width * width];
            covariance.fill(0.0);
            let full = settings.covariance == MixtureCovariance::Full;
            let (mut trace, mut widest) = (0.0, 0.0);
            for i in 0..width {
                for j in if full { 0 } else { i }..=i {
                    let entry = second[i * width + j] / count - (first[i] / count) * (first[j] / count);
                    covariance[i * width + j] = entry;
                    covariance[j * width + i] = entry;
                }
                let variance = covariance[i * width + i];
                let variance = if variance < 0.0 { 0.0 } else { variance };
                // About 1e-16 of the second moment is lost to rounding: it must not matter to nine digits.
                step.cancelled |= second[i * width + i] / count > 1e6 * (variance + settings.floor);
                covariance[i * width + i] = variance;
                trace += variance;
                widest = f64::max(widest, variance);
            }
            // Collinear records of large variance need more than the floor to keep the factor real.
            let floor = f64::max(settings.floor, 4.0 * width as f64 * f64::EPSILON * widest);
            for i in 0..width {
                let variance = &mut covariance[i * width + i];
                *variance = floor + if settings.covariance == MixtureCovariance::Spherical { trace / width as f64 } else { *variance };
            }
        }
        step
    }

    /// The mixture with these parameters; None where one is not finite or a covariance not positive definite.
    pub fn mixture(self, total: f64) -> Option<Mixture> {
        let weights: Vec<f64> = self.counts.iter().map(|count| count / total).collect();
        let finite = weights.iter().chain(&self.means).chain(&self.covariances).all(|x| x.is_finite());
        finite.then(|| Mixture::new(self.width, weights, self.means, self.covariances)).flatten()
    }
}
