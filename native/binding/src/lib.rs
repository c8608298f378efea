//! N-API glue: plan text in, columns out. It knows no mathematics.
//!
//! Every export catches panics, and errors arrive in JavaScript as JSON text: code, path, value, rule, hint.

#![cfg_attr(test, allow(dead_code))]

mod block;
mod host;
mod part;
mod synthetic;
mod unpack;

use genloss_core::error::Error;
use genloss_core::simd::Level;
use napi_derive::napi;

/// An error as JavaScript gets it.
fn thrown(error: &Error) -> napi::Error {
    napi::Error::from_reason(serde_json::to_string(error).unwrap_or_else(|_| error.to_string()))
}

macro_rules! family_kinds {
    ($($name:ident = $kind:literal),*) => {
        /// The kinds of families that this build has.
        #[napi(string_enum)]
        #[derive(Debug)]
        pub enum FamilyKind {
            $(#[napi(value = $kind)] $name),*
        }
    };
}

family_kinds!(
    Gaussian = "gaussian",
    Categorical = "categorical",
    Empirical = "empirical",
    Exponential = "exponential",
    Poisson = "poisson",
    Pareto = "pareto",
    MultivariateGaussian = "multivariate-gaussian",
    Kde = "kde",
    Histogram = "histogram",
    GaussianMixture = "gaussian-mixture",
    Copula = "copula",
    LinearRegression = "linear-regression",
    Module = "module"
);

/// The one description of this build as JSON text: version, numerics, simd, families, policies, events, stoppedReasons.
#[napi(catch_unwind)]
pub fn describe() -> String {
    genloss_core::describe::describe().to_string()
}

/// Instruction levels of this processor, slowest first: base, avx2, avx512.
#[napi(catch_unwind)]
pub fn simd_levels() -> Vec<String> {
    Level::available().into_iter().map(|level| level.name().to_string()).collect()
}
