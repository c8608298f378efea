//! What is fitted to records, as a block's text says it.

use serde::Deserialize;

/// The model.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Model {
    /// A normal law fitted by moments.
    Gaussian {
        estimator: Estimator,
        /// Steps of the learner; none is a converged fit.
        #[serde(default)]
        steps: Option<u32>,
        #[serde(default = "whole")]
        rate: f64,
        #[serde(default)]
        start: Start,
    },
    /// Class frequencies.
    Categorical {
        #[serde(default)]
        steps: Option<u32>,
        #[serde(default = "whole")]
        rate: f64,
        #[serde(default)]
        start: Start,
    },
    /// The training set itself: whole records are resampled.
    Empirical {},
    /// An exponential law fitted by its mean.
    Exponential { estimator: RateEstimator },
    /// A Poisson law fitted by its mean.
    Poisson {},
    /// A Pareto law; the scale is fitted, or known.
    Pareto { scale: Scale },
    /// A normal kernel at every record.
    Kde { bandwidth: Bandwidth },
    /// Equal bins over the origin's central range, or bins of a width.
    Histogram {
        #[serde(default)]
        bins: Option<u64>,
        #[serde(default)]
        width: Option<f64>,
    },
    /// A normal law in several dimensions, fitted by mean and covariance.
    MultivariateGaussian { estimator: Estimator, covariance: Covariance },
    /// A mixture of normal laws, fitted by expectation maximisation.
    GaussianMixture {
        components: usize,
        covariance: MixtureCovariance,
        iterations: u32,
        tolerance: f64,
        init: MixtureInit,
        restarts: u32,
        floor: f64,
    },
    /// A gaussian copula over the columns of a table.
    Copula {
        /// One a modelled column; of text it is not looked at.
        margins: Vec<Margin>,
        bounds: Bounds,
    },
    /// A plane fitted by least squares.
    LinearRegression { features: Features, ridge: f64, noise: Noise },
    /// A model outside of the core, whose measures read so many of its records at least.
    Module { records: u64 },
}

/// The law that a copula fits to a column of numbers.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Margin {
    /// The records' own values.
    Empirical,
    /// A normal kernel at every record.
    Kde,
    /// A normal law.
    Normal,
    /// A normal law of the logarithm.
    LogNormal,
    /// The records' own values, and a generalised Pareto law for the outermost 5 % on each side.
    HeavyTailed,
}

/// Where a copula's numbers may lie.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Bounds {
    /// Not below 0 where no real number is.
    Natural,
    /// Between the least and the greatest real number.
    Observed,
}

/// The shape of the covariance of a mixture's component.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum MixtureCovariance {
    /// Any.
    Full,
    /// A variance for each coordinate.
    Diagonal,
    /// One variance for all coordinates: the mean of the diagonal.
    Spherical,
}

/// Where the iterations of a mixture start.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub enum MixtureInit {
    /// At the clusters of k-means, itself started by k-means++.
    #[serde(rename = "k-means++")]
    KMeansPlusPlus,
    /// At records chosen at random, with the covariance of all.
    #[serde(rename = "random")]
    Random,
    /// At the origin's own components.
    #[serde(rename = "given")]
    Given,
    /// At the last generation's mixture; in generation 0 as k-means++.
    #[serde(rename = "warm")]
    Warm,
}

/// The width of kernels.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub enum Bandwidth {
    /// From the records' covariance.
    Rule(Rule),
    /// The kernel's sd in the data's units.
    Fixed(f64),
}

/// A rule for the width of kernels.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// n^(-1/(d+4)) sds.
    Scott,
    /// (n (d+2) / 4)^(-1/(d+4)) sds.
    Silverman,
}

/// Where the features of a regression come from.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Features {
    /// New ones for each batch.
    Fresh,
    /// Those of the first batch again and again.
    Same,
}

/// The noise of a fitted regression.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Noise {
    /// The origin's.
    Known,
    /// RSS / (n - d).
    Fitted,
}

/// How much of a covariance matrix is fitted.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Covariance {
    /// All of it.
    Full,
    /// The variances of the coordinates.
    Diagonal,
}

fn whole() -> f64 {
    1.0
}

/// Where a learner that stops short begins.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// Each generation from the same initial model.
    #[default]
    Fresh,
    /// From the last generation's model.
    Warm,
}

/// The estimator of an exponential law.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum RateEstimator {
    /// mean = sum / n
    Mle,
    /// rate = (n - 1) / sum
    UnbiasedRate,
}

/// A scale that is fitted or known.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub enum Scale {
    /// `"fitted"`
    Fitted(FittedScale),
    /// The known scale.
    Known(f64),
}

/// The word `fitted`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum FittedScale {
    /// The least record.
    Fitted,
}

/// The divisor of a fitted variance.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Estimator {
    /// n - 1
    Unbiased,
    /// n
    Mle,
}
