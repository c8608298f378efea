//! Where real records come from, as a block's text says it.

use serde::Deserialize;

/// The origin.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Origin {
    /// A normal law.
    Gaussian { mean: f64, sd: f64 },
    /// Classes with their probabilities.
    Categorical { probabilities: Vec<f64> },
    /// An exponential law.
    Exponential { mean: f64 },
    /// A Poisson law.
    Poisson { mean: f64 },
    /// A Pareto law.
    Pareto { scale: f64, shape: f64 },
    /// A normal law in several dimensions; without mean and covariance the standard one.
    MultivariateGaussian {
        dimensions: usize,
        #[serde(default)]
        mean: Option<Vec<f64>>,
        #[serde(default)]
        covariance: Option<Vec<Vec<f64>>>,
    },
    /// Normal components whose weights add up to 1.
    Mixture { components: Vec<Component> },
    /// A response that is the noise alone, beside features that are standard normal: y = x'w + noise, w = 0.
    LinearRegression { dimensions: usize, noise: f64 },
    /// Columns of a table that came with the block.
    Table { table: usize, columns: Vec<usize> },
}

/// A normal component of a mixture.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Its share.
    pub weight: f64,
    /// One number a dimension.
    pub mean: Vec<f64>,
    /// One row a dimension.
    pub covariance: Vec<Vec<f64>>,
}
