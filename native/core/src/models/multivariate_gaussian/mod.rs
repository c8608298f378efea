//! The multivariate gaussian family: a normal law in several dimensions, fitted by mean and covariance, full or diagonal.
//!
//! Chains run in the origin's own units (each coordinate of mean 0 and sd 1). Fit: m = mean, S = scatter / (n - 1) (unbiased) or / n (mle).
//! Exact law of a generation: m' = m + R'z / sqrt(n) and S' = R'A'A R / divisor with S = R'R, z ~ N(0, I) and A'A ~ Wishart(n - 1, I),
//! independent: the factor R' = A R / sqrt(divisor) is carried along. With n <= d the support has n - 1 dimensions and the chain goes on in
//! them. Source: Shumailov et al., Nature 631 (2024), theorem 3.1; Bartlett's decomposition (see `wishart`).

pub mod columns;
mod rows;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::sync::Arc;

use super::normal_batches::{Making, NormalLaw, batches};
use super::ready::{Given, Runnable};
use crate::error::Error;
use crate::family::{Death, Family, Group, Law, Lives, Measure, Signals, Source, View};
use crate::math::matrix::{cholesky, square};
use crate::measures::tails::{LEVELS, Region};
use crate::plan::{Covariance, Estimator, Method, Origin, Sampling, Watch};
use crate::random::key::Purpose;
use crate::random::stream::below;
use crate::scatter::{Scatter, settle_rows};
use crate::simd::Level;
use crate::table::check_finite;

// Parameters -----------------------------------------------------------------------------------------------------------------------------

/// Where real records come from, in units of the origin's own means and sds.
pub enum Real {
    /// A normal law.
    Normal,
    /// The rows of a table, standardised column by column, one after the other.
    Rows(Vec<f64>),
}

/// The family with its origin and learner.
pub struct MultivariateGaussian {
    /// The origin's means in the data's units.
    pub mean: Vec<f64>,
    /// Its standard deviations; above 0.
    pub sd: Vec<f64>,
    /// Upper factor of the origin's correlations; None where there are none.
    pub correlation: Option<Vec<f64>>,
    /// The source of real records.
    pub real: Real,
    /// Tail regions of each coordinate, by level.
    pub tails: Vec<[Region; 3]>,
    /// What is fitted, and how batches are made.
    pub learning: Learning,
    /// The variance that models are sampled with over their own.
    pub widen: f64,
    /// The origin as a law: mean 0 and the factor of the correlations.
    pub origin: Scatter,
    /// The set of all rows of a table.
    whole: Option<Scatter>,
}

/// What is fitted, and how batches are made.
#[derive(Clone, Copy, Debug)]
pub struct Learning {
    pub estimator: Estimator,
    pub covariance: Covariance,
    pub method: Method,
}

impl Learning {
    /// By moments, from records: what stands in where only the origin is wanted.
    pub const MOMENTS: Learning = Learning { estimator: Estimator::Mle, covariance: Covariance::Full, method: Method::Draws };
}

/// Fitted models of a group, in the origin's units.
pub struct Fitted {
    /// Means and factors of covariances; `n` is what they were fitted to.
    pub law: Scatter,
    /// Standard deviations along the axes of the model beside the origin, d a chain, ascending; made when they are asked for.
    pub axes: OnceCell<Vec<f64>>,
}

// Checks ---------------------------------------------------------------------------------------------------------------------------------

/// Pivots of a correlation matrix that are no more than rounding.
const COLLINEAR: f64 = 1e-10;

impl MultivariateGaussian {
    /// A normal origin; no mean is 0, no covariance the identity.
    pub fn normal(
        dimensions: usize,
        mean: Option<&[f64]>,
        covariance: Option<&[Vec<f64>]>,
        learning: Learning,
    ) -> Result<MultivariateGaussian, Error> {
        let d = dimensions;
        if d < 1 {
            return Err(Error::plan("origin.dimensions", d, "at least 1"));
        }
        let mean = mean.map_or_else(|| vec![0.0; d], <[f64]>::to_vec);
        if mean.len() != d {
            return Err(Error::plan("origin.mean", format!("{} numbers", mean.len()), format!("{d} numbers, one a dimension")));
        }
        if let Some(i) = mean.iter().position(|x| !x.is_finite()) {
            return Err(Error::plan(format!("origin.mean[{i}]"), mean[i], "a finite number"));
        }
        let Some(covariance) = covariance else {
            return Ok(MultivariateGaussian::new(mean, vec![1.0; d], None, Real::Normal, learning));
        };
        if covariance.len() != d || covariance.iter().any(|row| row.len() != d) {
            return Err(Error::plan("origin.covariance", format!("{} rows", covariance.len()), format!("{d} rows of {d} numbers")));
        }
        for i in 0..d {
            for j in 0..d {
                let (x, y) = (covariance[i][j], covariance[j][i]);
                if !x.is_finite() || x != y {
                    return Err(Error::plan(format!("origin.covariance[{i}][{j}]"), x, "a symmetric matrix of finite numbers"));
                }
            }
            if !(covariance[i][i] > 0.0) {
                return Err(Error::plan(format!("origin.covariance[{i}][{i}]"), covariance[i][i], "a variance above 0"));
            }
        }
        let sd: Vec<f64> = (0..d).map(|i| f64::sqrt(covariance[i][i])).collect();
        let mut r: Vec<f64> = (0..d * d).map(|k| covariance[k / d][k % d] / (sd[k / d] * sd[k % d])).collect();
        (0..d).for_each(|k| r[k * d + k] = 1.0);
        if let Err(i) = cholesky(Level::BASE, &mut r, d, COLLINEAR) {
            return Err(Error::plan(
                "origin.covariance",
                format!("a matrix whose row {i} leaves no variance beside the rows before it"),
                "a positive definite matrix",
            ));
        }
        Ok(MultivariateGaussian::new(mean, sd, Some(r), Real::Normal, learning))
    }

    /// Numeric columns of a table as the origin: its rows are the law.
    pub fn rows(values: &[Arc<[f64]>], learning: Learning) -> Result<MultivariateGaussian, Error> {
        let d = values.len();
        let bad = |i: usize, value: String, rule: &str| Error { code: "data", ..Error::plan(format!("origin.columns[{i}]"), value, rule) };
        if d < 1 {
            return Err(Error::plan("origin.columns", d, "at least one numeric column"));
        }
        for (i, column) in values.iter().enumerate() {
            check_finite(&format!("origin.columns[{i}]"), column)?;
        }
        let records: Vec<f64> = (0..values[0].len()).flat_map(|i| values.iter().map(move |column| column[i])).collect();
        let mut set = Scatter::new(1, d, false);
        set.learn(0, &records, &[]);
        let n = set.n[0];
        let (mean, mut sd) = (set.mean[..d].to_vec(), vec![0.0; d]);
        for row in set.factor[..d * d].chunks_exact(d) {
            sd.iter_mut().zip(row).for_each(|(sd, x)| *sd += x * x);
        }
        sd.iter_mut().for_each(|sd| *sd = f64::sqrt(*sd / n));
        if let Some(i) = sd.iter().position(|sd| !(*sd > 0.0 && sd.is_finite())) {
            return Err(bad(i, format!("a column with sd {}", sd[i]), "a column that varies").hint("leave it out of origin.columns"));
        }
        let standard: Vec<f64> = records.iter().enumerate().map(|(k, x)| (x - mean[k % d]) / sd[k % d]).collect();
        set.learn(0, &standard, &[]);
        let mut correlation = vec![0.0; d * d];
        square(&set.factor[..d * d], d, &mut correlation);
        correlation.iter_mut().for_each(|x| *x /= n);
        if let Err(i) = cholesky(Level::BASE, &mut correlation, d, COLLINEAR) {
            return Err(bad(i, "a column that the ones before it determine".into(), "columns that are not collinear")
                .hint("leave it out of origin.columns, or give more rows than columns"));
        }
        let tails = (0..d).map(|i| {
            let mut column: Vec<f64> = standard.iter().skip(i).step_by(d).copied().collect();
            column.sort_by(f64::total_cmp);
            LEVELS.map(|p| Region::of_sorted(&column, p))
        });
        let tails = tails.collect();
        let mut whole = Scatter::new(1, d, learning.covariance == Covariance::Diagonal);
        whole.learn(0, &standard, &[]);
        let family = MultivariateGaussian::new(mean, sd, Some(correlation), Real::Rows(standard), learning);
        Ok(MultivariateGaussian { tails, whole: Some(whole), ..family })
    }

    fn new(mean: Vec<f64>, sd: Vec<f64>, correlation: Option<Vec<f64>>, real: Real, learning: Learning) -> MultivariateGaussian {
        let d = mean.len();
        let correlation = correlation.filter(|r| (0..d * d).any(|k| k / d != k % d && r[k] != 0.0));
        let apart = correlation.is_none() && learning.covariance == Covariance::Diagonal;
        let mut origin = Scatter::new(1, d, apart);
        match &correlation {
            Some(r) => origin.factor[..d * d].copy_from_slice(r),
            None => (0..d).for_each(|k| origin.factor[if apart { k } else { k * d + k }] = 1.0),
        }
        let tails = vec![LEVELS.map(Region::of_normal); d];
        MultivariateGaussian { mean, sd, correlation, real, tails, learning, widen: 1.0, origin, whole: None }
    }

    /// A changed law to sample from: density^(1/T) and a spread widen all variances.
    pub fn sampling(self, sampling: &Sampling) -> Result<MultivariateGaussian, Error> {
        sampling.only(&["temperature", "spread"], "multivariate-gaussian")?;
        Ok(MultivariateGaussian { widen: sampling.temperature.unwrap_or(1.0) * sampling.spread.unwrap_or(1.0), ..self })
    }

    /// Dimensions.
    pub fn dimensions(&self) -> usize {
        self.mean.len()
    }

    /// Whether the fitted covariance is diagonal.
    pub fn diagonal(&self) -> bool {
        self.learning.covariance == Covariance::Diagonal
    }

    fn making(&self, purpose: Purpose) -> Making {
        let widen = if purpose == Purpose::SampleChunk { self.widen } else { 1.0 };
        Making { method: self.learning.method, purpose, centred: true, same: 0, widen }
    }
}

// Source ---------------------------------------------------------------------------------------------------------------------------------

/// A chain's law.
pub fn law_of(set: &Scatter, chain: usize) -> NormalLaw<'_> {
    let at = set.at(chain);
    NormalLaw { mean: &set.mean[at.clone()], factor: &set.factor[set.factor_at(chain)], exponent: &set.exponent[at], width: set.width }
}

impl Source for MultivariateGaussian {
    type Data = Scatter;
    type Fitted = Fitted;

    fn data(&self, chains: usize) -> Scatter {
        Scatter::new(chains, self.dimensions(), self.diagonal())
    }

    fn initial(&self, fixed: u64, n: u64, group: &mut Group, first: &mut Scatter, rest: &mut Scatter) -> Result<(), Error> {
        let (lanes, d) = (group.padded(), self.dimensions());
        let whole = self.whole.as_ref().filter(|whole| whole.n[0] == n as f64);
        let (Real::Rows(table), Some(whole)) = (&self.real, whole) else {
            self.real(&vec![fixed; lanes], group, first)?;
            return self.real(&vec![n - fixed; lanes], group, rest);
        };
        let level = group.level;
        for chain in 0..group.chains() {
            if fixed == 0 {
                first.n[chain] = 0.0;
                rest.put(chain, whole, 0);
                continue;
            }
            let mut order: Vec<usize> = (0..n as usize).collect();
            for i in 0..fixed as usize {
                let other = i + below(group.words(chain).next(level), n - i as u64) as usize;
                order.swap(i, other);
            }
            for (part, into) in [(&order[..fixed as usize], &mut *first), (&order[fixed as usize..], &mut *rest)] {
                let chosen: Vec<f64> = part.iter().flat_map(|&i| &table[i * d..(i + 1) * d]).copied().collect();
                into.learn(chain, &chosen, &[]);
            }
        }
        group.control.check()
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut Scatter) -> Result<(), Error> {
        group.batch += 1;
        match &self.real {
            Real::Rows(table) if self.learning.method != Method::Population => {
                for chain in 0..group.chains() {
                    self.draw_rows(table, sizes[chain], group, chain, into);
                }
                group.control.check()
            }
            _ => batches(|_| law_of(&self.origin, 0), &self.making(Purpose::RealChunk), sizes, group, into),
        }
    }

    fn sample(&self, _training: &Scatter, model: &Fitted, sizes: &[u64], group: &mut Group, into: &mut Scatter) -> Result<(), Error> {
        group.batch += 1;
        batches(|chain| law_of(&model.law, chain), &self.making(Purpose::SampleChunk), sizes, group, into)
    }
}

impl MultivariateGaussian {
    fn divisor_less(&self) -> f64 {
        if self.learning.estimator == Estimator::Unbiased && self.learning.method != Method::Population { 1.0 } else { 0.0 }
    }
}

// Fit ------------------------------------------------------------------------------------------------------------------------------------

impl Family for MultivariateGaussian {
    fn fitted(&self, chains: usize) -> Fitted {
        Fitted { law: self.data(chains), axes: OnceCell::new() }
    }

    fn fit(&self, training: &Scatter, model: &mut Fitted, _level: Level, lives: &mut Lives) {
        let less = self.divisor_less();
        model.axes = OnceCell::new();
        let law = &mut model.law;
        law.n.copy_from_slice(&training.n);
        law.mean.copy_from_slice(&training.mean);
        law.exponent.copy_from_slice(&training.exponent);
        for chain in 0..lives.stopped.len() {
            let n = training.n[chain];
            if !(n > less) {
                lives.stop(chain, if n == 0.0 { Death::EmptyTrainingSet } else { Death::TooFewRecords });
                continue;
            }
            let (at, factor_at) = (law.at(chain), law.factor_at(chain));
            let root = 1.0 / f64::sqrt(n - less);
            let factor = &mut law.factor[factor_at.clone()];
            let mut finite = true;
            for (out, x) in factor.iter_mut().zip(&training.factor[factor_at]) {
                *out = x * root;
                finite &= out.is_finite();
            }
            if !(finite && law.mean[at.clone()].iter().all(|m| m.is_finite())) {
                lives.stop(chain, Death::NotFinite);
                continue;
            }
            let exponent = &mut law.exponent[at];
            if law.width == 1 {
                factor.iter_mut().zip(exponent).for_each(|(x, e)| settle_rows(std::slice::from_mut(x), std::slice::from_mut(e)));
            } else {
                settle_rows(factor, exponent);
            }
        }
    }
}

impl Law for MultivariateGaussian {
    fn signals(&self, view: &View<'_, MultivariateGaussian>, out: &mut Signals) {
        columns::signals(self, view, out);
    }

    fn measure(&self, name: &str) -> Option<Measure<MultivariateGaussian>> {
        columns::measure(name)
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<MultivariateGaussian>, Error> {
        Err(Error::plan("watch", &watch.name, "no followed classes: a multivariate gaussian model has none"))
    }
}

// Ready -----------------------------------------------------------------------------------------------------------------------------------

/// A cell of this family.
pub fn ready(given: &Given, estimator: Estimator, covariance: Covariance) -> Result<Box<dyn Runnable>, Error> {
    if estimator == Estimator::Unbiased && given.is_single() {
        return Err(Error::plan("n", 1, "at least 2 records for an unbiased covariance").hint("set model.estimator to mle"));
    }
    let learning = Learning { estimator, covariance, method: given.cell.method };
    let family = match &given.cell.origin {
        Origin::MultivariateGaussian { dimensions, mean, covariance } => {
            MultivariateGaussian::normal(*dimensions, mean.as_deref(), covariance.as_deref(), learning)?
        }
        Origin::Table { table, columns } => MultivariateGaussian::rows(&given.columns(*table, columns)?, learning)?,
        _ => return Err(given.mismatch("multivariate-gaussian", "a multivariate-gaussian origin or numeric columns of a table")),
    };
    given.recorded(family.sampling(&given.cell.stages.sampling)?, 16)
}
