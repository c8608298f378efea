//! What a block follows beside its measures.

use serde::Deserialize;

/// A set of classes whose share is followed; with `mean`, the mean of a numeric column over the set.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// The column's name.
    pub name: String,
    /// Index of a code column of the table (0 for a categorical origin).
    pub column: usize,
    /// Codes of the set.
    pub codes: Vec<u32>,
    /// Index of the numeric column whose mean over the set is wanted.
    #[serde(default)]
    pub mean: Option<usize>,
    /// A statistic of modelled columns in place of a set.
    #[serde(default)]
    pub statistic: Option<Statistic>,
    /// Indexes of the columns that a statistic is of.
    #[serde(default)]
    pub of: Vec<usize>,
}

/// A statistic of modelled columns.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Statistic {
    /// Of a column of numbers.
    Mean,
    /// Of a column of numbers.
    Variance,
    /// The share of records in which a number is missing.
    Missing,
    /// Of two columns: their latent correlation.
    Correlation,
    /// Of two columns: Kendall's tau of the latent numbers.
    Kendall,
}
