//! THE list of families: a kind, its columns, its methods, and how a cell of it is made ready.

pub mod categorical;
pub mod copula;
pub mod empirical;
pub mod exponential;
pub mod gaussian;
pub mod gaussian_mixture;
pub mod histogram;
pub mod kde;
mod learner;
mod line_columns;
pub mod linear_regression;
pub mod module;
pub mod multivariate_gaussian;
mod normal_batches;
pub mod pareto;
pub mod poisson;
mod ready;
mod scalar_columns;
#[cfg(test)]
mod trial;

use std::sync::Arc;

use crate::columns::{Column, POOL};
use crate::error::Error;
use crate::plan::{Block, Cell, Model, Policy, RealSource};
use crate::table::Table;

use learner::Learner;
use ready::Given;

pub use ready::Runnable;

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
pub const LIST: [Listed; 13] = [
    Listed {
        kind: "gaussian",
        doc: "a normal law fitted by mean and variance",
        columns: gaussian::columns::list,
        methods: &["draws", "exact", "population"],
    },
    Listed {
        kind: "categorical",
        doc: "class frequencies",
        columns: categorical::columns::list,
        methods: &["draws", "exact", "population"],
    },
    Listed {
        kind: "empirical",
        doc: "the training set itself: whole records are resampled",
        columns: empirical::columns::list,
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
        columns: multivariate_gaussian::columns::list,
        methods: &["draws", "exact", "population"],
    },
    Listed {
        kind: "kde",
        doc: "a kernel density estimate: a normal kernel at every record",
        columns: kde::columns::list,
        methods: &["draws", "population"],
    },
    Listed {
        kind: "histogram",
        doc: "counts on a grid of equal bins, uniform within each",
        columns: histogram::columns::list,
        methods: &["draws", "exact", "population"],
    },
    Listed {
        kind: "gaussian-mixture",
        doc: "a mixture of normal laws, fitted by expectation maximisation",
        columns: gaussian_mixture::columns::list,
        methods: &["draws", "population"],
    },
    Listed {
        kind: "copula",
        doc: "a gaussian copula over a table's columns, of numbers and of text, each with a margin of its own",
        columns: copula::columns::list,
        methods: &["draws", "exact", "population"],
    },
    Listed {
        kind: "linear-regression",
        doc: "a linear response to features, fitted by least squares",
        columns: linear_regression::list,
        methods: &["draws", "exact", "population"],
    },
    Listed {
        kind: "module",
        doc: "a model of your own: functions that fit records and make them",
        columns: module::list,
        methods: &["draws"],
    },
];

/// Names of all columns of a family, the pool's first.
pub fn columns(listed: &Listed) -> Vec<Column> {
    POOL.iter().copied().chain((listed.columns)()).collect()
}

/// Makes a cell ready: the one place where a plan's words meet the families.
pub fn ready(cell: &Cell, block: &Block, tables: &[Arc<Table>], host: Option<&Arc<dyn module::Host>>) -> Result<Box<dyn Runnable>, Error> {
    let given = Given::new(cell, block, tables, host)?;
    let in_proportion = matches!(cell.policy, Policy::Mix { source: RealSource::FixedStratified, .. });
    if in_proportion && !matches!(cell.model, Model::Categorical { .. }) {
        return Err(
            Error::plan("policy.source", "fixed-stratified", "a categorical model: others have no classes").hint("take source fixed")
        );
    }
    match &cell.model {
        Model::Gaussian { estimator, steps, rate, start } => gaussian::ready(&given, *estimator, Learner::new(*steps, *rate, *start)?),
        Model::Categorical { steps, rate, start } => categorical::ready(&given, Learner::new(*steps, *rate, *start)?),
        Model::Empirical {} => empirical::ready(&given),
        Model::Exponential { estimator } => exponential::ready(&given, *estimator),
        Model::Poisson {} => poisson::ready(&given),
        Model::Pareto { scale } => pareto::ready(&given, *scale),
        Model::MultivariateGaussian { estimator, covariance } => multivariate_gaussian::ready(&given, *estimator, *covariance),
        Model::Kde { bandwidth } => kde::ready(&given, *bandwidth),
        Model::Histogram { bins, width } => histogram::ready(&given, *bins, *width),
        Model::GaussianMixture { .. } => gaussian_mixture::ready(&given),
        Model::Copula { margins, bounds } => copula::ready(&given, margins, *bounds),
        Model::LinearRegression { features, ridge, noise } => linear_regression::ready(&given, *features, *ridge, *noise),
        Model::Module { records } => module::ready(&given, *records),
    }
}
