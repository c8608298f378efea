//! The linear regression family: y = x'w + noise with x ~ N(0, I) in d dimensions, fitted by least squares. The truth is w = 0.
//!
//! Chains run in units of the origin's noise. A training set is the factor F of the second moments of (x, y) about 0, F'F = [X y]'[X y]: its
//! first d rows hold the factor of X'X and what of y it explains, its last entry is the root of the residual sum of squares. Fit: w by
//! back-substitution; the noise is known, or its variance RSS / (n - d). Exact law of a generation: (x, y) = L (z, z_y), so that F = A L' with
//! A'A ~ Wishart_{d+1}(n, I): X'X is Wishart, X'y normal given X'X, RSS chi2 with n - d degrees of freedom, independent.
//! Source: Gerstgrasser et al., arXiv 2404.01413 (2024); Bartlett's decomposition (see `wishart`).

#[cfg(test)]
mod tests;

use super::multivariate_gaussian::law_of;
use super::normal_batches::{Making, batches};
use super::ready::{Given, Runnable};
use super::scalar_columns::{self, Entry};
use crate::columns::Column;
use crate::error::Error;
use crate::family::{Death, Family, Group, Law, Lives, Measure, Signals, Source, View};
use crate::math;
use crate::math::matrix::{dot, solve};
use crate::measures::tails::{LEVELS, Region};
use crate::measures::{Normal, entropy};
use crate::moments::{power, settle};
use crate::plan::{Cell, Features, Method, Noise, Origin, Policy, Sampling, Watch};
use crate::random::key::Purpose;
use crate::rows::{self, Recorded, Rows};
use crate::scatter::{Scatter, absorb};
use crate::simd::Level;

// Parameters -----------------------------------------------------------------------------------------------------------------------------

/// The family with its origin and learner.
pub struct LinearRegression {
    dimensions: usize,
    /// Standard deviation of the origin's noise.
    noise: f64,
    learning: Learning,
    /// The noise variance that records are drawn with over the model's.
    widen: f64,
    /// The origin as a law of (x, y): the identity.
    origin: Scatter,
}

/// What is fitted, and how batches are made.
#[derive(Clone, Copy, Debug)]
pub struct Learning {
    /// New features for each batch, or the same ones in all.
    pub features: Features,
    /// What is added to the diagonal of X'X.
    pub ridge: f64,
    /// Known or fitted.
    pub noise: Noise,
    pub method: Method,
}

/// Fitted models of a group: laws of (x, y), whose factors have the rows (e_k, w_k) and (0, sd of the noise).
pub struct Fitted {
    law: Scatter,
}

// Checks ---------------------------------------------------------------------------------------------------------------------------------

impl LinearRegression {
    /// An origin with w = 0.
    pub fn new(dimensions: usize, noise: f64, learning: Learning) -> Result<LinearRegression, Error> {
        if dimensions < 1 {
            return Err(Error::plan("origin.dimensions", dimensions, "at least 1"));
        }
        if !(noise > 0.0 && noise.is_finite()) {
            return Err(Error::plan("origin.noise", noise, "a finite number above 0"));
        }
        if !(learning.ridge >= 0.0 && learning.ridge.is_finite()) {
            return Err(Error::plan("model.ridge", learning.ridge, "a finite number of at least 0"));
        }
        let size = dimensions + 1;
        let mut origin = Scatter::new(1, size, false);
        (0..size).for_each(|k| origin.factor[k * size + k] = 1.0);
        Ok(LinearRegression { dimensions, noise, learning, widen: 1.0, origin })
    }

    /// A changed law to sample from: density^(1/T) of y given x and a spread widen the variance of the noise.
    pub fn sampling(self, sampling: &Sampling) -> Result<LinearRegression, Error> {
        sampling.only(&["temperature", "spread"], "linear-regression")?;
        Ok(LinearRegression { widen: sampling.temperature.unwrap_or(1.0) * sampling.spread.unwrap_or(1.0), ..self })
    }

    fn making(&self, purpose: Purpose) -> Making {
        let same = if self.learning.features == Features::Same { self.dimensions } else { 0 };
        Making { method: self.learning.method, purpose, centred: false, same, widen: 1.0 }
    }

    /// The law that a model is sampled from.
    fn changed(&self, model: &Fitted) -> Option<Scatter> {
        let (size, root) = (self.dimensions + 1, f64::sqrt(self.widen));
        (self.widen != 1.0).then(|| {
            let mut law = model.law.clone();
            law.factor.chunks_exact_mut(size * size).for_each(|factor| factor[size * size - 1] *= root);
            law
        })
    }
}

// Source ---------------------------------------------------------------------------------------------------------------------------------

impl Source for LinearRegression {
    type Data = Scatter;
    type Fitted = Fitted;

    fn data(&self, chains: usize) -> Scatter {
        Scatter::new(chains, self.dimensions + 1, false)
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut Scatter) -> Result<(), Error> {
        group.batch += 1;
        batches(|_| law_of(&self.origin, 0), &self.making(Purpose::RealChunk), sizes, group, into)
    }

    fn sample(&self, _training: &Scatter, model: &Fitted, sizes: &[u64], group: &mut Group, into: &mut Scatter) -> Result<(), Error> {
        group.batch += 1;
        let changed = self.changed(model);
        let law = changed.as_ref().unwrap_or(&model.law);
        batches(|chain| law_of(law, chain), &self.making(Purpose::SampleChunk), sizes, group, into)
    }
}

impl Recorded for LinearRegression {
    fn width(&self) -> usize {
        self.dimensions + 1
    }

    fn real_rows(&self, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        let from = into.len();
        into.resize(from + n * self.width(), 0.0);
        rows::normals(group, chain, Purpose::RealChunk, &mut into[from..]);
    }

    fn sample_rows(&self, model: &Fitted, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        let (from, d) = (into.len(), self.dimensions);
        into.resize(from + n * (d + 1), 0.0);
        rows::normals(group, chain, Purpose::SampleChunk, &mut into[from..]);
        let w = coefficients(&model.law, chain);
        let (sd, exponent) = noise(&model.law, chain);
        let sd = sd * power(exponent) * f64::sqrt(self.widen);
        for row in into[from..].chunks_exact_mut(d + 1) {
            row[d] = dot(&row[..d], &w) + sd * row[d];
        }
    }

    fn learn(&self, rows: &Rows, chain: usize, into: &mut Scatter) {
        into.learn_about(chain, &rows.values, &rows.weights, false);
    }
}

/// A chain's coefficients.
fn coefficients(law: &Scatter, chain: usize) -> Vec<f64> {
    let size = law.dimensions;
    let factor = &law.factor[law.factor_at(chain)];
    (0..size - 1).map(|k| factor[k * size + size - 1]).collect()
}

/// A chain's noise sd and its power of two.
fn noise(law: &Scatter, chain: usize) -> (f64, f64) {
    (law.factor[law.factor_at(chain).end - 1], law.exponent[law.at(chain).end - 1])
}

// Fit ------------------------------------------------------------------------------------------------------------------------------------

impl LinearRegression {
    /// Coefficients, and the noise sd with its power of two; None where there are too few records.
    fn solve(&self, n: f64, factor: &[f64], exponents: &[f64]) -> Option<(Vec<f64>, f64, f64)> {
        let (d, size) = (self.dimensions, self.dimensions + 1);
        let (mut r, mut e) = (factor.to_vec(), exponents.to_vec());
        let mut v = vec![0.0; size];
        for k in 0..if self.learning.ridge > 0.0 { d } else { 0 } {
            v.fill(0.0);
            v[k] = f64::sqrt(self.learning.ridge);
            absorb(&mut r, &mut e, &mut v, 0.0, k);
        }
        if (0..d).any(|k| r[k * size + k] == 0.0) {
            return None;
        }
        // A row's power of two is on both sides of its equation.
        let upper: Vec<f64> = (0..d).flat_map(|k| &r[k * size..k * size + d]).copied().collect();
        let mut w: Vec<f64> = (0..d).map(|k| r[k * size + d]).collect();
        solve(&upper, d, &mut w);
        if self.learning.noise == Noise::Known {
            return Some((w, 1.0, 0.0));
        }
        let divisor = if self.learning.method == Method::Population { n } else { n - d as f64 };
        if !(divisor > 0.0) {
            return None;
        }
        let (mut sd, mut exponent) = settle(factor[size * size - 1].abs(), exponents[d]);
        if self.learning.ridge > 0.0 {
            // Residuals of the fit itself: those of least squares, and what the penalty holds back.
            let held = |k: usize| (factor[k * size + d] - dot(&factor[k * size + k..k * size + d], &w[k..])) * power(exponents[k]);
            let back: f64 = (0..d).map(|k| held(k) * held(k)).sum();
            let own = sd * power(exponent);
            (sd, exponent) = if back > 0.0 { (f64::sqrt(own * own + back), 0.0) } else { (sd, exponent) };
        }
        Some((w, sd / f64::sqrt(divisor), exponent))
    }
}

impl Family for LinearRegression {
    fn fitted(&self, chains: usize) -> Fitted {
        let mut law = self.data(chains);
        let size = self.dimensions + 1;
        law.factor.chunks_exact_mut(size * size).for_each(|factor| (0..size).for_each(|k| factor[k * size + k] = 1.0));
        Fitted { law }
    }

    fn fit(&self, training: &Scatter, model: &mut Fitted, _level: Level, lives: &mut Lives) {
        let size = self.dimensions + 1;
        for chain in 0..lives.stopped.len() {
            let n = training.n[chain];
            if n == 0.0 {
                lives.stop(chain, Death::EmptyTrainingSet);
                continue;
            }
            let (at, factor_at) = (training.at(chain), training.factor_at(chain));
            let Some((w, sd, exponent)) = self.solve(n, &training.factor[factor_at.clone()], &training.exponent[at.clone()]) else {
                lives.stop(chain, Death::TooFewRecords);
                continue;
            };
            if !(sd.is_finite() && w.iter().all(|w| w.is_finite())) {
                lives.stop(chain, Death::NotFinite);
                continue;
            }
            model.law.n[chain] = n;
            let factor = &mut model.law.factor[factor_at];
            w.into_iter().enumerate().for_each(|(k, w)| factor[k * size + size - 1] = w);
            factor[size * size - 1] = sd;
            model.law.exponent[at.end - 1] = exponent;
        }
    }
}

// Law ------------------------------------------------------------------------------------------------------------------------------------

/// What columns read of one chain, in units of the origin's noise.
#[derive(Clone, Copy)]
struct Point {
    /// |w|^2.
    risk: f64,
    /// Noise sd, and ln of its square.
    sd: f64,
    log_variance: f64,
}

impl Point {
    fn of(view: &View<'_, LinearRegression>, chain: usize) -> Point {
        let w = coefficients(&view.model.law, chain);
        let (sd, exponent) = noise(&view.model.law, chain);
        Point { risk: dot(&w, &w), sd: sd * power(exponent), log_variance: 2.0 * (math::ln(sd) + exponent * std::f64::consts::LN_2) }
    }

    /// y beside the true plane is normal, with the variance of the noise and of the plane's own error.
    fn response(self) -> Normal {
        Normal::new(0.0, f64::sqrt(self.risk + self.sd * self.sd))
    }

    fn retention(self, level: usize) -> f64 {
        Region::of_normal(LEVELS[level]).both(self.response())
    }

    /// KL of the origin's (x, y) from the model's, the mean over x of that of two normal laws of y.
    fn kl_forward(self) -> f64 {
        let value = 0.5 * (self.log_variance + (1.0 + self.risk) / (self.sd * self.sd) - 1.0);
        if self.sd == 0.0 { f64::INFINITY } else { value }
    }

    fn kl_reverse(self) -> f64 {
        0.5 * (self.sd * self.sd + self.risk - 1.0 - self.log_variance)
    }

    /// BC = sqrt(2 s / (1 + s^2)) E exp(-(x'w)^2 / (4 (1 + s^2))), with x'w ~ N(0, |w|^2).
    fn hellinger(self) -> f64 {
        let total = 1.0 + self.sd * self.sd;
        let log_bc = 0.5 * math::ln_1p(-(1.0 - self.sd) * (1.0 - self.sd) / total) - 0.5 * math::ln_1p(0.5 * self.risk / total);
        f64::sqrt(f64::max(-math::expm1(log_bc), 0.0))
    }

    /// W2 of the two normal laws of (x, y), a = |w| and s and s0 in the data's units: 2 + a^2 + s^2 + s0^2 - 2 sqrt(1 + s0^2 (a^2 + s^2) + 2 s0 s),
    /// by the trace of the root of a 2 x 2 matrix; written so that nothing is lost near the origin.
    fn w2(self, s0: f64) -> f64 {
        let (a, s) = (f64::sqrt(self.risk) * s0, self.sd * s0);
        // With c = 1 + s0 s the root is that of c^2 + (s0 a)^2.
        let (c, b) = (1.0 + s0 * s, s0 * a * (s0 * a));
        let beyond = b / (f64::sqrt(c * c + b) + c);
        f64::sqrt(f64::max(a * a + (s - s0) * (s - s0) - 2.0 * beyond, 0.0))
    }
}

/// f is the family and q one chain's model.
const LIST: &[Entry<LinearRegression, Point>] = &[
    (Column::new("excess_risk", "|w - w*|^2: mean squared error of predictions beyond the noise, in the data's units"), |f, q| {
        f.noise * f.noise * q.risk
    }),
    (Column::new("fit_noise", "standard deviation of the fitted noise (the origin's where it is known)"), |f, q| f.noise * q.sd),
    (Column::new("fit_variance", "variance of the fitted noise"), |f, q| f.noise * q.sd * (f.noise * q.sd)),
    (Column::new("fit_log_variance", "ln of the variance of the fitted noise; finite where the variance itself underflows"), |f, q| {
        q.log_variance + 2.0 * math::ln(f.noise)
    }),
    (Column::new("variance_ratio", "variance of the noise over the origin's"), |_, q| q.sd * q.sd),
    (Column::new("mean_shift", "root mean squared difference of the predictions, over the origin's noise"), |_, q| f64::sqrt(q.risk)),
    (Column::new("tail_p05", "retention of the outermost 5 % of responses about the true plane"), |_, q| q.retention(0)),
    (Column::new("tail_p01", "retention of the outermost 1 % of responses about the true plane"), |_, q| q.retention(1)),
    (Column::new("tail_p001", "retention of the outermost 0.1 % of responses about the true plane"), |_, q| q.retention(2)),
    (Column::new("w2", "Wasserstein-2 distance of features and response to the origin's, in the data's units"), |f, q| q.w2(f.noise)),
    (Column::new("kl_forward", "KL(origin || model) in nats"), |_, q| q.kl_forward()),
    (Column::new("kl_reverse", "KL(model || origin) in nats"), |_, q| q.kl_reverse()),
    (Column::new("hellinger", "Hellinger distance to the origin"), |_, q| q.hellinger()),
    (Column::new("entropy", "differential entropy of the response given the features, in nats"), |f, q| {
        entropy::normal(Normal::new(0.0, 1.0)) + 0.5 * q.log_variance + math::ln(f.noise)
    }),
];

/// Names and meanings.
pub fn list() -> Vec<Column> {
    scalar_columns::names(LIST)
}

impl Law for LinearRegression {
    fn signals(&self, view: &View<'_, LinearRegression>, out: &mut Signals) {
        // Retention at p = 0.01 is at most 0.1 where the edge lies at the quantile of a tenth of its mass.
        let (edge, tenth) = (-math::normal_quantile(0.005), -math::normal_quantile(0.0005));
        for chain in 0..out.early.len() {
            let q = Point::of(view, chain);
            let ratio = q.sd * q.sd;
            out.set(chain, edge >= tenth * q.response().s, ratio <= 0.01, ratio > 100.0);
        }
    }

    fn measure(&self, name: &str) -> Option<Measure<LinearRegression>> {
        scalar_columns::measure(LIST, name, |_, view, chain| Point::of(view, chain))
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<LinearRegression>, Error> {
        Err(Error::plan("watch", &watch.name, "no followed classes: a linear regression model has none"))
    }
}

// Ready -----------------------------------------------------------------------------------------------------------------------------------

/// A cell of this family.
pub fn ready(given: &Given, features: Features, ridge: f64, noise: Noise) -> Result<Box<dyn Runnable>, Error> {
    let Cell { origin, stages, method, .. } = given.cell;
    let Origin::LinearRegression { dimensions, noise: truth } = *origin else {
        return Err(given.mismatch("linear-regression", "a linear-regression origin"));
    };
    if features == Features::Same {
        check_same(given)?;
    }
    if stages.selection.is_some() {
        return Err(Error::plan("stages.selection", "a selection", "a model whose records can be put in order"));
    }
    let learning = Learning { features, ridge, noise, method: *method };
    given.recorded(LinearRegression::new(dimensions, truth, learning)?.sampling(&stages.sampling)?, 16)
}

/// The same features need batches of one size, each of them whole.
fn check_same(given: &Given) -> Result<(), Error> {
    let refuse = |rule: &str| Err(Error::plan("model.features", "same", rule).hint("use features fresh"));
    if !given.n.constant() || given.n.at(0) != given.initial {
        return refuse("fresh features where batches differ in size: n must be one number, and initial the same");
    }
    if !matches!(given.cell.policy, Policy::Replace {} | Policy::Accumulate {} | Policy::Window { .. }) {
        return refuse("fresh features under this policy: only replace, accumulate and window train on whole batches");
    }
    if given.cell.stages.filter.is_some() || given.cell.stages.poison.is_some() {
        return refuse("fresh features where records are filtered or poisoned");
    }
    Ok(())
}
