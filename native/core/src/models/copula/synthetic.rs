//! Rows made by a copula, as values: what a generator of this kind hands out.
//!
//! A value within a bin is one of the real values there where the margin is the records' own, else even between the bin's edges, and whole where
//! all real ones are.

use rayon::prelude::*;

use super::coding::{Coded, MISSING};
use super::draws::Drawn;
use super::{Copula, Fit};
use crate::control::Control;
use crate::error::Error;
use crate::family::{CHUNK, Group};
use crate::plan::{Bounds, Margin, Method};
use crate::random::key::{Key, Purpose};
use crate::random::stream::{below, unit};
use crate::random::words::Words;
use crate::simd::Level;
use crate::table::{Table, TableColumn};

/// What rows are made of.
pub struct Request<'a> {
    pub table: &'a Table,
    /// The columns to model, and a margin for each.
    pub columns: &'a [usize],
    pub margins: &'a [Margin],
    pub bounds: Bounds,
    /// Rows to make.
    pub rows: u64,
    pub seed: u64,
}

/// The law hash of rows that belong to no cell.
const LAW: [u64; 2] = [0x7379_6e74_6865_7369, 0x7365_0000_0000_0001];

/// Fits a copula to columns of a table, and makes rows of it: columns of the same kinds, with the same codes. The same bytes for the same seed.
pub fn synthesize(request: &Request, control: &Control, level: Level) -> Result<Vec<TableColumn>, Error> {
    let Request { table, columns, margins, bounds, rows, seed } = *request;
    if rows == 0 || u32::try_from(rows).is_err() {
        return Err(Error::plan("rows", rows, "1 to 2^32 - 1 rows"));
    }
    let family = Copula::new(table, columns, margins, bounds, Method::Draws)?;
    let fit = Fit::new(level, &family.coding, &family.whole, false).map_err(|_| Error::plan("table", "rows", "rows to fit to"))?;
    let mut group = Group::new(seed, LAW, 0, 1, level, control);
    let mut codes = Vec::new();
    Drawn::new(&family.coding, &fit).records(rows as usize, &mut group, 0, &mut codes);
    control.check()?;
    let key = group.keys[0];
    let made = family.coding.columns.par_iter().enumerate().map(|(j, column)| {
        let own = codes.iter().skip(j).step_by(family.coding.width()).copied();
        match column.numbers {
            None => Ok(TableColumn::Codes(own.map(|bin| column.order[bin as usize]).collect())),
            Some(_) => {
                let values = values(table, columns[j], column, own.collect(), (&key, j as u64), level)?;
                Ok(TableColumn::Numbers(values.into()))
            }
        }
    });
    made.collect()
}

fn values(
    table: &Table,
    index: usize,
    column: &Coded,
    codes: Vec<u32>,
    (key, batch): (&Key, u64),
    level: Level,
) -> Result<Vec<f64>, Error> {
    let bins = column.numbers.as_ref().ok_or_else(|| Error::plan("origin.columns", index, "a column of numbers"))?;
    let mut sorted: Vec<f64> = table.numbers(index)?.iter().copied().filter(|x| !x.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let starts: Vec<usize> = bins.edges.iter().map(|edge| sorted.partition_point(|x| x < edge)).collect();
    let own = column.margin == Margin::Empirical || bins.len() == 1;
    let value = |bin: usize, word: u64| {
        if own {
            let count = bins.rows[bin] as u64;
            return if bins.within[bin] == 0.0 { bins.means[bin] } else { sorted[starts[bin] + below(word, count) as usize] };
        }
        let (low, high) = (bins.edges[bin], bins.edges[bin + 1]);
        let x = low + (high - low) * unit(word);
        if bins.whole { f64::clamp((x + 0.5).floor(), low + 0.5, high - 0.5) } else { x }
    };
    let mut out = vec![0.0; codes.len()];
    out.par_chunks_mut(CHUNK as usize).zip(codes.par_chunks(CHUNK as usize)).enumerate().for_each(|(chunk, (out, codes))| {
        let mut words = Words::new(key, Purpose::Choices, batch + 1, chunk as u64);
        for (out, &code) in out.iter_mut().zip(codes) {
            let word = words.next(level);
            *out = if code == MISSING { f64::NAN } else { value(code as usize, word) };
        }
    });
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::copula::tests::{copula, fitted, sample};

    /// Made rows are like the table: classes, gaps, whole numbers and bounds kept, and a copula fitted to them is the table's within sampling.
    #[test]
    fn made_rows_are_like_the_table() {
        let table = sample(3000, true, 8);
        let (cancel, progress) = (std::sync::atomic::AtomicU32::new(0), std::sync::atomic::AtomicU32::new(0));
        let control = Control::new(&cancel, &progress, 1);
        let first = fitted(&copula(&table, Margin::Empirical, Method::Draws));
        for margin in [Margin::Empirical, Margin::Kde, Margin::HeavyTailed] {
            let make = |level| {
                let (columns, margins) = ([0, 1, 2, 3, 4], [margin; 5]);
                let request =
                    Request { table: &table, columns: &columns, margins: &margins, bounds: Bounds::Natural, rows: 40_000, seed: 1 };
                synthesize(&request, &control, level).unwrap()
            };
            let made = make(Level::best());
            let TableColumn::Numbers(ages) = &made[0] else { panic!("numbers stay numbers") };
            assert!(ages.iter().all(|x| x.fract() == 0.0));
            let TableColumn::Numbers(wages) = &made[1] else { panic!("numbers stay numbers") };
            let missing = wages.iter().filter(|x| x.is_nan()).count() as f64 / 4e4;
            assert!((missing - (1.0 - first.present[1])).abs() < 4.0 * f64::sqrt(0.19 / 4e4) && wages.iter().all(|x| !(*x < 0.0)));
            let TableColumn::Codes(base) = &make(Level::BASE)[3] else { panic!("text stays text") };
            let TableColumn::Codes(classes) = &made[3] else { panic!("text stays text") };
            assert!(base == classes && classes.iter().all(|&code| code < 4));
            let again = fitted(&copula(&Table::new(made).unwrap(), Margin::Empirical, Method::Draws));
            let turn = f64::signum(again.correlations[3] * first.correlations[3]);
            for k in [1, 2, 3, 4, 8, 9] {
                let sign = if k == 3 || k == 9 { turn } else { 1.0 };
                let (r, found) = (first.correlations[k], sign * again.correlations[k]);
                assert!((found - r).abs() < 0.04, "{margin:?}, {k}: {found}, {r}");
            }
        }
    }
}
