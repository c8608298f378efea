//! THE list of families: a kind, its columns, its methods, and how a cell of it is made ready.

mod bins;
pub mod categorical;
mod categorical_columns;
mod class_sampling;
pub mod empirical;
mod empirical_columns;
pub mod exponential;
pub mod gaussian;
mod gaussian_columns;
mod gaussian_exact;
mod gaussian_law;
pub mod gaussian_mixture;
pub mod histogram;
mod histogram_columns;
pub mod kde;
mod kde_columns;
mod kde_kernels;
mod kde_population;
mod kde_population_columns;
mod learner;
mod line_columns;
pub mod linear_regression;
#[cfg(test)]
mod linear_regression_tests;
pub mod multivariate_gaussian;
mod multivariate_gaussian_columns;
mod multivariate_gaussian_rows;
#[cfg(test)]
mod multivariate_gaussian_tests;
mod normal_batches;
mod observed;
pub mod pareto;
pub mod poisson;
mod scalar_columns;

use std::sync::Arc;

use crate::chain::{Out, Ready, run};
use crate::columns::{Column, POOL};
use crate::error::Error;
use crate::family::Group;
use crate::plan::{Bandwidth, Block, Cell, Estimator, Features, Method, Model, Origin, Policy, RealSource, Scale};
use crate::policies::{Rules, sizes::Sizes};
use crate::random::alias::Alias;
use crate::rows::{OnRows, Recorded};
use crate::table::Table;
use crate::truth::Truth;

use categorical::Categorical;
use empirical::{Empirical, EmpiricalExact, Real};
use empirical_columns::Atoms;
use exponential::Exponential;
use gaussian::Gaussian;
use gaussian_mixture::{GaussianMixture, Real as MixtureReal};
use histogram::Histogram;
use kde::Kde;
use kde_population::KdePopulation;
use learner::Learner;
use linear_regression::LinearRegression;
use multivariate_gaussian::MultivariateGaussian;
use pareto::Pareto;
use poisson::Poisson;

/// A family as the list shows it.
pub struct Listed {
    /// The word that plans use.
    pub kind: &'static str,
    /// One line.
    pub doc: &'static str,
    /// Its own columns, without those of the pool.
    pub columns: fn() -> Vec<Column>,
    /// Methods it has.
    pub methods: &'static [&'static str],
}

/// The list.
pub const LIST: [Listed; 11] = [
    Listed {
        kind: "gaussian",
        doc: "a normal law fitted by mean and variance",
        columns: gaussian_columns::list,
        methods: &["draws", "exact", "population"],
    },
    Listed {
        kind: "categorical",
        doc: "class frequencies",
        columns: categorical_columns::list,
        methods: &["draws", "exact", "population"],
    },
    Listed {
        kind: "empirical",
        doc: "the training set itself: whole records are resampled",
        columns: empirical_columns::list,
        methods: &["draws", "exact", "population"],
    },
    Listed {
        kind: "exponential",
        doc: "an exponential law fitted by its mean",
        columns: exponential::list,
        methods: &["draws", "exact", "population"],
    },
    Listed {
        kind: "poisson",
        doc: "counts with a Poisson law, fitted by their mean",
        columns: poisson::list,
        methods: &["draws", "exact", "population"],
    },
    Listed {
        kind: "pareto",
        doc: "a power-law tail fitted by its shape, and by its scale unless that is known",
        columns: pareto::list,
        methods: &["draws", "exact", "population"],
    },
    Listed {
        kind: "multivariate-gaussian",
        doc: "a normal law in several dimensions, fitted by mean and covariance",
        columns: multivariate_gaussian_columns::list,
        methods: &["draws", "exact", "population"],
    },
    Listed {
        kind: "kde",
        doc: "a kernel density estimate: a normal kernel at every record",
        columns: kde_columns::list,
        methods: &["draws", "population"],
    },
    Listed {
        kind: "histogram",
        doc: "counts on a grid of equal bins, uniform within each",
        columns: histogram_columns::list,
        methods: &["draws", "exact", "population"],
    },
    Listed {
        kind: "gaussian-mixture",
        doc: "a mixture of normal laws, fitted by expectation maximisation",
        columns: gaussian_mixture::list,
        methods: &["draws", "population"],
    },
    Listed {
        kind: "linear-regression",
        doc: "a linear response to features, fitted by least squares",
        columns: linear_regression::list,
        methods: &["draws", "exact", "population"],
    },
];

/// Names of all columns of a family, the pool's first.
pub fn columns(listed: &Listed) -> Vec<Column> {
    POOL.iter().copied().chain((listed.columns)()).collect()
}

/// A cell of any family, made ready.
pub trait Runnable: Send + Sync {
    /// The cell.
    fn cell(&self) -> &Cell;
    /// Chains that are best run in step.
    fn width(&self) -> usize;
    /// Runs a group of chains.
    fn run(&self, group: &mut Group, out: &mut Out) -> Result<(), Error>;
}

struct Typed<F: crate::family::Family> {
    ready: Ready<F>,
    width: usize,
}

impl<F: crate::family::Family> Runnable for Typed<F> {
    fn cell(&self) -> &Cell {
        &self.ready.cell
    }

    fn width(&self) -> usize {
        self.width
    }

    fn run(&self, group: &mut Group, out: &mut Out) -> Result<(), Error> {
        run(&self.ready, group, out)
    }
}

fn typed<F: crate::family::Family + 'static>(family: F, cell: &Cell, block: &Block, width: usize) -> Result<Box<dyn Runnable>, Error> {
    Ok(Box::new(Typed { ready: Ready::new(family, cell.clone(), block)?, width }))
}

/// Makes a cell ready: the one place where a plan's words meet the families.
pub fn ready(cell: &Cell, block: &Block, tables: &[Arc<Table>]) -> Result<Box<dyn Runnable>, Error> {
    let find = |table: usize| {
        tables.get(table).ok_or_else(|| Error::plan("origin.table", table, format!("one of the {} tables given", tables.len())))
    };
    let one = |columns: &[usize]| match columns {
        [column] => Ok(*column),
        _ => Err(Error::plan("origin.columns", format!("{} columns", columns.len()), "exactly one column for this model")),
    };
    let (n, initial, method) = (Sizes::new(&cell.n, "n")?, Sizes::new(&cell.initial, "initial")?.at(0), cell.method);
    let sampling = &cell.stages.sampling;
    match (&cell.origin, &cell.model) {
        (origin, Model::Gaussian { estimator, steps, rate, start }) => {
            if *estimator == Estimator::Unbiased && n.constant() && n.at(0) == 1 {
                return Err(Error::plan("n", 1, "at least 2 records for an unbiased variance").hint("set model.estimator to mle"));
            }
            let family = match origin {
                Origin::Gaussian { mean, sd } => Gaussian::normal(*mean, *sd, *estimator, method)?,
                Origin::Table { table, columns } => Gaussian::rows(&find(*table)?.numbers(one(columns)?)?, *estimator, method)?,
                origin => {
                    let truth = Truth::of(origin)?
                        .ok_or_else(|| mismatch("gaussian", "a law of numbers on the line or a numeric column of a table"))?;
                    match truth.is_normal() {
                        true => Gaussian::normal(truth.place, truth.scale, *estimator, method)?,
                        false => Gaussian::law(truth, *estimator, method)?,
                    }
                }
            };
            // Records of many draws keep their own buffers in the cache.
            let width = if method == Method::Exact { 64 } else { 16 };
            recorded(family.learner(Learner::new(*steps, *rate, *start)?).sampling(sampling)?, cell, block, width)
        }
        (origin, Model::Categorical { steps, rate, start }) => {
            let family = match origin {
                Origin::Categorical { probabilities } => Categorical::law(probabilities, method)?,
                Origin::Table { table, columns } => Categorical::rows(&find(*table)?.codes(one(columns)?)?, method)?,
                _ => return Err(mismatch("categorical", "a categorical origin or a text column of a table")),
            };
            typed(family.learner(Learner::new(*steps, *rate, *start)?).sampling(sampling)?, cell, block, 16)
        }
        (origin, Model::Empirical {}) => {
            let (real, atoms) = match origin {
                Origin::Table { table, columns } => (Real::Table, Atoms::of_table(find(*table)?.clone(), columns)?),
                Origin::Gaussian { mean, sd } => {
                    Gaussian::normal(*mean, *sd, Estimator::Mle, method)?;
                    (Real::Normal { mean: *mean, sd: *sd }, Atoms::of_normal(*mean, *sd))
                }
                Origin::Categorical { probabilities } => {
                    let law = Categorical::law(probabilities, method)?;
                    (Real::Classes(Alias::new(&law.probabilities)), Atoms::of_classes(law.probabilities))
                }
                _ => return Err(mismatch("empirical", "a gaussian or categorical origin, or a table")),
            };
            let most = n.at(0).max(n.at(u64::from(cell.generations))).max(initial);
            match (method, &real) {
                (Method::Draws, Real::Normal { .. } | Real::Classes(_)) if real_records(cell, &n, initial) > f64::from(u32::MAX - 1) => {
                    Err(Error::plan("generations", cell.generations, "fewer than 2^32 real records of a law in all")
                        .hint("each is told from the others by a number; lower n, the real share or generations"))
                }
                (Method::Draws, _) if most >= u64::from(u32::MAX) => {
                    Err(Error::plan("n", most, "fewer than 2^32 records for resampling by draws").hint("use method exact"))
                }
                (Method::Draws, _) if cell.stages.weights.is_some() => Err(Error::plan(
                    "stages.weights",
                    "weights",
                    "method exact for an empirical model: records drawn one by one have no weights",
                )),
                (Method::Draws, _) => {
                    sampling.only(&[], "empirical")?;
                    typed(Empirical { real, atoms }, cell, block, 1)
                }
                (_, Real::Table) => typed(EmpiricalExact::new(atoms, method, sampling)?, cell, block, 16),
                _ => Err(Error::plan("method", "exact", "draws for an empirical model of a law").hint("exact counts rows of a table")),
            }
        }
        (origin, Model::Exponential { estimator }) => match origin {
            Origin::Exponential { mean } => recorded(Exponential::new(*mean, *estimator, method)?.sampling(sampling)?, cell, block, 16),
            _ => Err(mismatch("exponential", "an exponential origin")),
        },
        (origin, Model::Poisson {}) => match origin {
            Origin::Poisson { mean } => {
                sampling.only(&[], "poisson")?;
                recorded(Poisson::new(*mean, method)?, cell, block, 16)
            }
            _ => Err(mismatch("poisson", "a poisson origin")),
        },
        (origin, Model::Pareto { scale }) => match origin {
            Origin::Pareto { scale: truth, shape } => {
                sampling.only(&[], "pareto")?;
                let known = if let Scale::Known(known) = scale { Some(*known) } else { None };
                recorded(Pareto::new(*truth, *shape, known, method)?, cell, block, 16)
            }
            _ => Err(mismatch("pareto", "a pareto origin")),
        },
        (origin, Model::Kde { bandwidth }) => {
            let rule = matches!(bandwidth, Bandwidth::Rule(_));
            if rule && (initial < 2 || (n.constant() && n.at(0) < 2)) {
                return Err(Error::plan("n", 1, "at least 2 records for a bandwidth rule").hint("give model.bandwidth a number"));
            }
            let origin = match origin {
                Origin::MultivariateGaussian { dimensions, mean, covariance } if *dimensions > 1 => {
                    kde::Origin::Space(Box::new(MultivariateGaussian::normal(
                        *dimensions,
                        mean.as_deref(),
                        covariance.as_deref(),
                        multivariate_gaussian::Learning::MOMENTS,
                    )?))
                }
                Origin::Table { table, columns } if columns.len() > 1 => {
                    let table = find(*table)?;
                    let values = columns.iter().map(|&column| table.numbers(column)).collect::<Result<Vec<_>, Error>>()?;
                    kde::Origin::Space(Box::new(MultivariateGaussian::rows(&values, multivariate_gaussian::Learning::MOMENTS)?))
                }
                Origin::Table { table, columns } => {
                    kde::Origin::Line(Box::new(Truth::point_or_rows(&find(*table)?.numbers(one(columns)?)?)?))
                }
                origin => kde::Origin::Line(Box::new(
                    Truth::of(origin)?.ok_or_else(|| mismatch("kde", "numbers: a law on the line, normal ones, or numeric columns"))?,
                )),
            };
            match method {
                Method::Draws => typed(Kde::new(origin, *bandwidth, sampling)?, cell, block, 1),
                Method::Population => typed(KdePopulation::new(origin, *bandwidth, sampling)?, cell, block, 1),
                Method::Exact => Err(Error::plan("method", "exact", "draws or population for a kernel density estimate")
                    .hint("its law depends on every record")),
            }
        }
        (origin, Model::Histogram { bins, width }) => {
            let (truth, values) = match origin {
                Origin::Table { table, columns } => {
                    let values = find(*table)?.numbers(one(columns)?)?;
                    (Truth::point_or_rows(&values)?, Some(values))
                }
                origin => (
                    Truth::of(origin)?
                        .ok_or_else(|| mismatch("histogram", "numbers: a law on the line, or a numeric column of a table"))?,
                    None,
                ),
            };
            typed(Histogram::new(truth, values.as_deref(), (*bins, *width), method, sampling)?, cell, block, 1)
        }
        (origin, Model::MultivariateGaussian { estimator, covariance }) => {
            if *estimator == Estimator::Unbiased && n.constant() && n.at(0) == 1 {
                return Err(Error::plan("n", 1, "at least 2 records for an unbiased covariance").hint("set model.estimator to mle"));
            }
            let learning = multivariate_gaussian::Learning { estimator: *estimator, covariance: *covariance, method };
            let family = match origin {
                Origin::MultivariateGaussian { dimensions, mean, covariance } => {
                    MultivariateGaussian::normal(*dimensions, mean.as_deref(), covariance.as_deref(), learning)?
                }
                Origin::Table { table, columns } => {
                    let table = find(*table)?;
                    let values = columns.iter().map(|&column| table.numbers(column)).collect::<Result<Vec<_>, Error>>()?;
                    MultivariateGaussian::rows(&values, learning)?
                }
                _ => return Err(mismatch("multivariate-gaussian", "a multivariate-gaussian origin or numeric columns of a table")),
            };
            recorded(family.sampling(sampling)?, cell, block, 16)
        }
        (origin, Model::GaussianMixture { .. }) => {
            let real = match origin {
                Origin::Gaussian { mean, sd } => MixtureReal::line(Truth::gaussian(*mean, *sd)?),
                Origin::Exponential { mean } => MixtureReal::line(Truth::exponential(*mean)?),
                Origin::Mixture { components } => MixtureReal::components(components)?,
                Origin::MultivariateGaussian { dimensions, mean, covariance } => {
                    MixtureReal::normal(*dimensions, mean.as_deref(), covariance.as_deref())?
                }
                Origin::Table { table, columns } => {
                    let table = find(*table)?;
                    MixtureReal::table(&columns.iter().map(|&column| table.numbers(column)).collect::<Result<Vec<_>, Error>>()?)?
                }
                _ => {
                    return Err(mismatch(
                        "gaussian-mixture",
                        "a mixture, gaussian, multivariate-gaussian or exponential origin, or numeric columns of a table",
                    ));
                }
            };
            typed(GaussianMixture::new(real, cell)?, cell, block, 1)
        }
        (origin, Model::LinearRegression { features, ridge, noise }) => match origin {
            Origin::LinearRegression { dimensions, noise: truth } => {
                let learning = linear_regression::Learning { features: *features, ridge: *ridge, noise: *noise, method };
                if *features == Features::Same {
                    same_features(cell, &n, initial)?;
                }
                if cell.stages.selection.is_some() {
                    return Err(Error::plan("stages.selection", "a selection", "a model whose records can be put in order"));
                }
                recorded(LinearRegression::new(*dimensions, *truth, learning)?.sampling(sampling)?, cell, block, 16)
            }
            _ => Err(mismatch("linear-regression", "a linear-regression origin")),
        },
    }
}

/// A family of sums, over the records themselves where the policy or a stage needs them.
fn recorded<F: Recorded + 'static>(family: F, cell: &Cell, block: &Block, width: usize) -> Result<Box<dyn Runnable>, Error> {
    if !Rules::subsets(&cell.policy) && cell.stages.selection.is_none() {
        return typed(family, cell, block, width);
    }
    if cell.method != Method::Draws {
        return Err(Error::plan("method", format!("{:?}", cell.method).to_lowercase(), "draws where the records themselves are needed"));
    }
    typed(OnRows(family), cell, block, 1)
}

/// The same features need batches of one size, each of them whole.
fn same_features(cell: &Cell, n: &Sizes, initial: u64) -> Result<(), Error> {
    let refuse = |rule: &str| Err(Error::plan("model.features", "same", rule).hint("use features fresh"));
    if !n.constant() || n.at(0) != initial {
        return refuse("fresh features where batches differ in size: n must be one number, and initial the same");
    }
    if !matches!(cell.policy, Policy::Replace {} | Policy::Accumulate {} | Policy::Window { .. }) {
        return refuse("fresh features under this policy: only replace, accumulate and window train on whole batches");
    }
    if cell.stages.filter.is_some() || cell.stages.poison.is_some() {
        return refuse("fresh features where records are filtered or poisoned");
    }
    Ok(())
}

/// Real records that a chain draws from its origin in all, at most.
fn real_records(cell: &Cell, n: &Sizes, initial: u64) -> f64 {
    let share = if let Policy::Mix { real, source: RealSource::Fresh, .. } = cell.policy { real } else { 0.0 };
    let generations = u64::from(cell.generations);
    initial as f64 + share * n.at(1).max(n.at(generations)) as f64 * generations as f64
}

fn mismatch(model: &str, rule: &str) -> Error {
    Error::plan("origin.kind", format!("an origin that a {model} model can't be fitted to"), rule)
}
