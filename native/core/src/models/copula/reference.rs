//! What a copula's measures compare with: moments, tails, classes and correlations of the table.

use std::sync::OnceLock;

use super::coding::Coding;
use super::fit::Fit;
use super::number;
use super::sets::Set;
use crate::error::Error;
use crate::measures::diversity;
use crate::measures::tails::{LEVELS, Region, rare_classes};
use crate::simd::Level;
use crate::table::Table;

/// A tail region in bins: each with the share of it that lies in the region, and the origin's mass.
#[derive(Clone, Debug, Default)]
pub struct Tail {
    pub bins: Vec<(usize, f64)>,
    pub mass: f64,
}

/// A column of numbers.
pub struct Numbers {
    pub column: usize,
    pub mean: f64,
    pub variance: f64,
    /// Lower and upper region of each level; None without origin mass.
    pub tails: [[Option<Tail>; 2]; 3],
    /// Bins that hold real values: from the first to the one after the last.
    pub support: std::ops::Range<usize>,
}

/// A column of text.
pub struct Classes {
    pub column: usize,
    pub rare: Vec<usize>,
    pub heterozygosity: f64,
}

/// All columns.
pub struct Reference {
    pub numbers: Vec<Numbers>,
    pub classes: Vec<Classes>,
    /// Latent correlations of the columns, row-major over coordinates.
    pub correlations: Vec<f64>,
    /// Mean share of missing numbers over the columns that have some.
    pub missing: f64,
    rows: OnceLock<Vec<f64>>,
}

impl Reference {
    pub fn new(coding: &Coding, whole: &Set, table: &Table, columns: &[usize]) -> Result<Reference, Error> {
        let fit = Fit::new(Level::BASE, coding, whole, false).map_err(|_| Error::plan("origin", "a table", "rows to fit to"))?;
        let (mut numbers, mut classes) = (vec![], vec![]);
        for (j, column) in coding.columns.iter().enumerate() {
            let Some(bins) = &column.numbers else {
                classes.push(Classes {
                    column: j,
                    rare: rare_classes(&column.shares, LEVELS[0]),
                    heterozygosity: diversity::heterozygosity(column.shares.iter().copied()),
                });
                continue;
            };
            let values = table.numbers(columns[j])?;
            let mut sorted: Vec<f64> = values.iter().copied().filter(|x| !x.is_nan()).collect();
            sorted.sort_by(f64::total_cmp);
            let (mean, variance) = moments(&bins.means, &bins.within, &column.shares);
            let first = column.shares.iter().position(|share| *share > 0.0).unwrap_or(0);
            let last = column.shares.iter().rposition(|share| *share > 0.0).unwrap_or(0);
            let tail = |edge: Option<(f64, f64)>, lower: bool| {
                let (edge, mass) = edge?;
                let within = |x: f64| if lower { x <= edge } else { x >= edge };
                let rows = |bin: usize| {
                    let from = sorted.partition_point(|x| *x < bins.edges[bin]);
                    let to = if bin >= last { sorted.len() } else { sorted.partition_point(|x| *x < bins.edges[bin + 1]) };
                    &sorted[from.min(to)..to]
                };
                let share = |bin: usize| {
                    if column.shares[bin] == 0.0 || bins.within[bin] == 0.0 {
                        return f64::from(u8::from(within(bins.means[bin])));
                    }
                    let rows = rows(bin);
                    rows.iter().filter(|x| within(**x)).count() as f64 / rows.len().max(1) as f64
                };
                let bins = (0..bins.len()).map(|bin| (bin, share(bin))).filter(|(_, share)| *share > 0.0).collect();
                Some(Tail { bins, mass })
            };
            let tails = LEVELS.map(|p| {
                let region = Region::of_sorted(&sorted, p);
                [tail(region.lower, true), tail(region.upper, false)]
            });
            numbers.push(Numbers { column: j, mean, variance, tails, support: first..last + 1 });
        }
        let gaps: Vec<f64> = coding.columns.iter().map(|column| column.missing).filter(|missing| *missing > 0.0).collect();
        let missing = gaps.iter().sum::<f64>() / gaps.len() as f64;
        Ok(Reference { numbers, classes, correlations: fit.correlations, missing, rows: OnceLock::new() })
    }

    /// Rows of the table as the records of policies that draw subsets.
    pub fn rows(&self, coding: &Coding) -> &[f64] {
        self.rows.get_or_init(|| coding.rows.iter().map(|&code| number(code)).collect())
    }
}

/// Mean and variance of a law on bins.
pub fn moments(means: &[f64], within: &[f64], masses: &[f64]) -> (f64, f64) {
    let used = || means.iter().zip(within).zip(masses).filter(|(_, mass)| **mass > 0.0);
    let first = used().next().map_or(0.0, |((x, _), _)| *x);
    let mean = used().map(|((x, _), mass)| mass * (x - first)).sum::<f64>();
    let variance = used().map(|((x, v), mass)| mass * (v + (x - first - mean) * (x - first - mean))).sum();
    (first + mean, variance)
}
