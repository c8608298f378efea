//! Kernel density estimates: a normal kernel at every record of the training set, on the line or in several dimensions.
//!
//! A rule takes the kernel's covariance from the records': c^2 S with S = scatter / (n - 1) and c = n^(-1/(d+4)) (scott) or
//! (n (d+2) / 4)^(-1/(d+4)) (silverman); a fixed bandwidth is the kernel's sd in the data's units, the same in every direction. The model's
//! variance is scatter / n plus the kernel's: a fixed h adds h^2 each generation up to n h^2, a rule makes the variance grow without end.
//! Chains run in the origin's units. Records of weight w count as w records. Source: Scott, "Multivariate Density Estimation" (1992).

pub mod columns;
mod kernels;
mod population;
mod population_columns;

use std::cell::OnceCell;

use super::multivariate_gaussian::{self, MultivariateGaussian};
use super::ready::{Given, Runnable};
use crate::error::Error;
use crate::family::{Death, Family, Group, Law, Lives, Measure, Signals, Source, View};
use crate::math;
use crate::math::matrix::{cholesky, square};
use crate::measures::line::{Divergences, Gaps};
use crate::measures::smooth::Smooth;
use crate::moments::{Moments, power};
use crate::plan::{self, Bandwidth, By, Method, Rule, Sampling, Watch};
use crate::random::key::Purpose;
use crate::rows::{Recorded, RowSets, Rows, initial};
use crate::scatter::Scatter;
use crate::simd::Level;
use crate::truth::Truth;

use kernels::Kernels;
use population::KdePopulation;

// Parameters -----------------------------------------------------------------------------------------------------------------------------

/// The origin, on the line or in several dimensions.
pub enum Origin {
    Line(Box<Truth>),
    Space(Box<MultivariateGaussian>),
}

/// The family with its origin and learner.
pub struct Kde {
    pub origin: Origin,
    pub bandwidth: Bandwidth,
    /// Kernel sds of a fixed bandwidth in the origin's units, one a dimension.
    pub fixed: Option<Vec<f64>>,
    /// What deviations from the model's mean are multiplied with when records are drawn.
    stretch: f64,
}

/// A chain's model, in the origin's units; the records stay in the training set.
#[derive(Default)]
pub struct Fit {
    /// Sum of weights.
    pub total: f64,
    pub mean: Vec<f64>,
    /// Covariance of the model, d x d.
    pub covariance: Vec<f64>,
    /// Upper factor of the kernel's covariance; in one dimension its sd.
    pub factor: Vec<f64>,
    /// Kernel sds, one a dimension.
    pub widths: Vec<f64>,
    /// The kernel's sd in the data's units; in several dimensions the rule's c.
    pub bandwidth: f64,
    /// A rule found no variance in some direction.
    pub flat: bool,
    /// What several measures share, made when it is asked for.
    pub smooth: OnceCell<Option<Smooth>>,
    pub divergences: OnceCell<Divergences>,
    pub gaps: OnceCell<Gaps>,
}

// Checks ---------------------------------------------------------------------------------------------------------------------------------

/// Kernels narrower than this share of the origin's sd can't be told from points.
const NARROWEST: f64 = 1e-12;
/// Pivots of a covariance that are no more than rounding.
const COLLINEAR: f64 = 1e-10;

impl Origin {
    /// Numbers a record.
    pub fn width(&self) -> usize {
        match self {
            Origin::Line(_) => 1,
            Origin::Space(law) => law.dimensions(),
        }
    }

    /// Place and scale of the units of a dimension: data = place + scale x.
    pub fn units(&self, k: usize) -> (f64, f64) {
        match self {
            Origin::Line(truth) => (truth.place, truth.scale),
            Origin::Space(law) => (law.mean[k], law.sd[k]),
        }
    }
}

/// Kernel sds of a fixed bandwidth in units of the origin.
pub fn fixed_widths(bandwidth: &Bandwidth, origin: &Origin) -> Result<Option<Vec<f64>>, Error> {
    let Bandwidth::Fixed(h) = *bandwidth else { return Ok(None) };
    if !(h > 0.0 && h.is_finite()) {
        return Err(Error::plan("model.bandwidth", h, "scott, silverman or a finite number above 0"));
    }
    let widths: Vec<f64> = (0..origin.width()).map(|k| h / origin.units(k).1).collect();
    match widths.iter().all(|width| (NARROWEST..1.0 / NARROWEST).contains(width)) {
        true => Ok(Some(widths)),
        false => Err(Error::plan("model.bandwidth", h, "a kernel's sd within 1e-12 and 1e12 of the origin's sd")),
    }
}

impl Kde {
    /// Any origin.
    pub fn new(origin: Origin, bandwidth: Bandwidth, sampling: &Sampling) -> Result<Kde, Error> {
        sampling.only(&["spread"], "kde")?;
        let fixed = fixed_widths(&bandwidth, &origin)?;
        Ok(Kde { fixed, origin, bandwidth, stretch: f64::sqrt(sampling.spread.unwrap_or(1.0)) })
    }
}

// Source ---------------------------------------------------------------------------------------------------------------------------------

impl Kde {
    fn table(&self) -> Option<&[f64]> {
        match &self.origin {
            Origin::Line(truth) => truth.sorted_rows(),
            Origin::Space(law) => law.table(),
        }
    }

    /// Appends n new real records.
    fn fresh(&self, n: usize, group: &mut Group, chain: usize, into: &mut Vec<f64>) {
        match &self.origin {
            Origin::Line(truth) => {
                let from = into.len();
                into.resize(from + n, 0.0);
                truth.fill(group, chain, Purpose::RealChunk, &mut into[from..]);
            }
            Origin::Space(law) => law.real_rows(chain, n, group, into),
        }
    }
}

impl Source for Kde {
    type Data = RowSets;
    type Fitted = Vec<Fit>;

    fn data(&self, chains: usize) -> RowSets {
        RowSets::new(self.origin.width(), chains)
    }

    fn initial(&self, fixed: u64, n: u64, group: &mut Group, first: &mut RowSets, rest: &mut RowSets) -> Result<(), Error> {
        initial(self, self.table(), (fixed, n), group, first, rest)
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut RowSets) -> Result<(), Error> {
        group.batch += 1;
        for chain in 0..group.chains() {
            into.chains[chain].clear();
            self.fresh(sizes[chain] as usize, group, chain, &mut into.chains[chain].values);
        }
        group.control.check()
    }

    fn sample(&self, training: &RowSets, model: &Vec<Fit>, sizes: &[u64], group: &mut Group, into: &mut RowSets) -> Result<(), Error> {
        group.batch += 1;
        for chain in 0..group.chains() {
            let (rows, fit, into) = (&training.chains[chain], &model[chain], &mut into.chains[chain]);
            into.clear();
            // A chain that has stopped has nothing to draw from.
            if fit.total > 0.0 && !rows.values.is_empty() && fit.factor.iter().all(|x| x.is_finite()) {
                let kernels = Kernels::new(training.width, rows, &fit.factor, &fit.mean, self.stretch);
                kernels.draw(sizes[chain] as usize, group, chain, &mut into.values);
            }
        }
        group.control.check()
    }

    fn constant(&self, record: f64, sizes: &[u64], into: &mut RowSets) -> Result<(), Error> {
        let (place, scale) = self.origin.units(0);
        into.constant((record - place) / scale, sizes)
    }

    fn select(&self, batch: &mut RowSets, kept: &[u64], by: By) -> Result<(), Error> {
        let width = self.origin.width();
        batch.select(kept, by, &vec![0.0; width], &vec![1.0; width]);
        Ok(())
    }
}

// Fit ------------------------------------------------------------------------------------------------------------------------------------

/// The factor c of a rule on the records' sd: of n records in d dimensions.
pub fn rule_factor(rule: Rule, n: f64, d: usize) -> f64 {
    let d = d as f64;
    let records = if rule == Rule::Scott { n } else { n * (d + 2.0) / 4.0 };
    math::pow(records, -1.0 / (d + 4.0))
}

impl Kde {
    fn fit_one(&self, rows: &Rows) -> Result<Fit, Death> {
        let d = self.origin.width();
        // The upper factor of the scatter, and the mean.
        let (n, mean, scatter) = if d == 1 {
            let (n, mean, m2) = Moments::of_weighted(&rows.values, &rows.weights);
            (n, vec![mean], vec![f64::sqrt(m2)])
        } else {
            let mut set = Scatter::new(1, d, false);
            set.learn(0, &rows.values, &rows.weights);
            let factor = set.factor[..d * d].iter().enumerate().map(|(i, x)| x * power(set.exponent[i / d])).collect();
            (set.n[0], set.mean[..d].to_vec(), factor)
        };
        let mut fit = Fit { total: n, mean, factor: vec![0.0; d * d], ..Fit::default() };
        let mut squares = vec![0.0; d * d];
        square(&scatter, d, &mut squares);
        match (&self.bandwidth, &self.fixed) {
            (_, Some(widths)) if n > 0.0 => {
                (0..d).for_each(|k| fit.factor[k * d + k] = widths[k]);
                fit.bandwidth = widths[0] * self.origin.units(0).1;
                fit.covariance = squares.iter().map(|s| s / n).collect();
                (0..d).for_each(|k| fit.covariance[k * d + k] += widths[k] * widths[k]);
            }
            (Bandwidth::Rule(rule), _) if n > 1.0 => {
                let c = rule_factor(*rule, n, d);
                let root = c / f64::sqrt(n - 1.0);
                fit.factor = scatter.iter().map(|x| x * root).collect();
                fit.bandwidth = if d == 1 { fit.factor[0] * self.origin.units(0).1 } else { c };
                fit.covariance = squares.iter().map(|s| s * (1.0 / n + root * root)).collect();
                fit.flat = cholesky(Level::BASE, &mut squares, d, COLLINEAR).is_err();
            }
            _ => return Err(if n == 0.0 { Death::EmptyTrainingSet } else { Death::TooFewRecords }),
        }
        let sd = |k: usize| f64::sqrt((0..=k).map(|i| fit.factor[i * d + k] * fit.factor[i * d + k]).sum());
        fit.widths = (0..d).map(sd).collect();
        let finite = fit.mean.iter().chain(&fit.covariance).all(|x| x.is_finite());
        if finite { Ok(fit) } else { Err(Death::NotFinite) }
    }
}

impl Family for Kde {
    fn fitted(&self, chains: usize) -> Vec<Fit> {
        let d = self.origin.width();
        let empty = || Fit { mean: vec![f64::NAN; d], covariance: vec![f64::NAN; d * d], widths: vec![f64::NAN; d], ..Fit::default() };
        (0..chains).map(|_| empty()).collect()
    }

    fn fit(&self, training: &RowSets, model: &mut Vec<Fit>, _level: Level, lives: &mut Lives) {
        for (chain, rows) in training.chains.iter().enumerate() {
            match self.fit_one(rows) {
                Ok(fit) => model[chain] = fit,
                Err(death) => lives.stop(chain, death),
            }
        }
    }
}

impl Law for Kde {
    fn signals(&self, view: &View<'_, Kde>, out: &mut Signals) {
        columns::signals(self, view, out);
    }

    fn measure(&self, name: &str) -> Option<Measure<Kde>> {
        columns::measure(name, self.origin.width())
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<Kde>, Error> {
        Err(Error::plan("watch", &watch.name, "no followed classes: a kernel density estimate has none"))
    }
}

// Ready -----------------------------------------------------------------------------------------------------------------------------------

/// A cell of this family.
pub fn ready(given: &Given, bandwidth: Bandwidth) -> Result<Box<dyn Runnable>, Error> {
    if matches!(bandwidth, Bandwidth::Rule(_)) && (given.initial < 2 || given.is_single()) {
        return Err(Error::plan("n", 1, "at least 2 records for a bandwidth rule").hint("give model.bandwidth a number"));
    }
    let (origin, sampling) = (origin(given)?, &given.cell.stages.sampling);
    match given.cell.method {
        Method::Draws => given.typed(Kde::new(origin, bandwidth, sampling)?, 1),
        Method::Population => given.typed(KdePopulation::new(origin, bandwidth, sampling)?, 1),
        Method::Exact => {
            Err(Error::plan("method", "exact", "draws or population for a kernel density estimate").hint("its law depends on every record"))
        }
    }
}

fn origin(given: &Given) -> Result<Origin, Error> {
    let moments = multivariate_gaussian::Learning::MOMENTS;
    Ok(match &given.cell.origin {
        plan::Origin::MultivariateGaussian { dimensions, mean, covariance } if *dimensions > 1 => {
            Origin::Space(Box::new(MultivariateGaussian::normal(*dimensions, mean.as_deref(), covariance.as_deref(), moments)?))
        }
        plan::Origin::Table { table, columns } if columns.len() > 1 => {
            Origin::Space(Box::new(MultivariateGaussian::rows(&given.columns(*table, columns)?, moments)?))
        }
        plan::Origin::Table { table, columns } => Origin::Line(Box::new(Truth::point_or_rows(&given.numbers(*table, columns)?)?)),
        origin => match Truth::of(origin)? {
            Some(truth) => Origin::Line(Box::new(truth)),
            None => return Err(given.mismatch("kde", "numbers: a law on the line, normal ones, or numeric columns")),
        },
    })
}

#[cfg(test)]
mod tests;
