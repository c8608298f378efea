//! What an oracle is about: a statistic of columns, or of simple functions of them.

use serde::Deserialize;

use crate::oracle::Oracle;
use crate::run::Run;
use crate::special::upper;

/// A statistic of a column, or of a simple function of columns.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    pub statistic: String,
    pub of: String,
    /// The other quantity of a covariance.
    #[serde(default)]
    pub with: Option<String>,
    #[serde(default)]
    pub at: f64,
}

/// Functions of columns: the quantity, the columns, and the function.
type Function = (&'static str, &'static [&'static str], fn(&[f64]) -> f64);

const FUNCTIONS: &[Function] = &[
    ("sd", &["variance"], |x| f64::sqrt(x[0])),
    ("mean_squared", &["mean"], |x| x[0] * x[0]),
    ("log_mean", &["fit_mean"], |x| f64::ln(x[0])),
    ("shift_squared", &["mean_shift"], |x| x[0] * x[0]),
    ("w2_squared", &["w2"], |x| x[0] * x[0]),
    ("log_shape", &["fit_shape"], |x| f64::ln(x[0])),
    ("inverse_shape", &["fit_shape"], |x| 1.0 / x[0]),
    ("third_moment_0", &["share_0"], |x| x[0] * (1.0 - x[0]) * (1.0 - 2.0 * x[0])),
    ("unbiased_variance", &["variance", "n"], |x| x[0] * x[1] / (x[1] - 1.0)),
    // Records beyond the outermost 5 % of the origin.
    ("tail_count", &["tail_p05", "n"], |x| 0.05 * x[0] * x[1]),
    // Of covariances beside the origin's: tr C^2 = (tr C)^2 / participation ratio, in three dimensions; eigenvalues, the middle one of three.
    ("trace_of_square_3", &["variance_ratio", "participation_ratio"], |x| 9.0 * x[0] * x[0] / x[1]),
    ("trace_of_square_5", &["variance_ratio", "participation_ratio"], |x| 25.0 * x[0] * x[0] / x[1]),
    ("log_largest", &["variance_max"], |x| f64::ln(x[0])),
    ("log_smallest", &["variance_min"], |x| f64::ln(x[0])),
    ("log_middle_3", &["fit_log_det", "variance_max", "variance_min"], |x| x[0] - f64::ln(x[1]) - f64::ln(x[2])),
];

impl Quantity {
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        [Some(self.of.as_str()), self.with.as_deref()].into_iter().flatten()
    }
}

fn function(of: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|(name, ..)| *name == of)
}

/// Columns that a quantity is computed from; a name that is no function is a column's own.
pub(crate) fn sources(of: &str) -> Vec<&str> {
    match of {
        "beyond" => vec!["mean", "variance"],
        "classes_dead" => vec!["classes_alive"],
        "date_late" => vec!["late"],
        _ => function(of).map_or(vec![of], |(_, columns, _)| columns.to_vec()),
    }
}

/// The quantity of each chain at a generation.
pub(crate) fn values(quantity: &Quantity, oracle: &Oracle, run: &Run, generation: u32) -> Vec<f64> {
    match quantity.of.as_str() {
        "classes_dead" => {
            let classes = oracle.origin["probabilities"].as_array().expect("classes").len() as f64;
            run.at(generation, "classes_alive").into_iter().map(|alive| classes - alive).collect()
        }
        "beyond" => {
            let beyond = |m: f64, v: f64| {
                let sd = f64::sqrt(v);
                upper((quantity.at - m) / sd) + upper((quantity.at + m) / sd)
            };
            run.at(generation, "mean").into_iter().zip(run.at(generation, "variance")).map(|(m, v)| beyond(m, v)).collect()
        }
        "date_late" => run.dates("late").into_iter().map(f64::from).collect(),
        of => named(of, run, generation),
    }
}

/// A column, or a function of columns.
pub(crate) fn named(of: &str, run: &Run, generation: u32) -> Vec<f64> {
    let Some((_, columns, function)) = function(of) else { return run.at(generation, of) };
    let columns: Vec<Vec<f64>> = columns.iter().map(|column| run.at(generation, column)).collect();
    (0..columns[0].len()).map(|chain| function(&columns.iter().map(|column| column[chain]).collect::<Vec<_>>())).collect()
}
