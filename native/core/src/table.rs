//! Tables of real data: columns of numbers (missing = NaN) or of codes.

use std::sync::{Arc, OnceLock};

use crate::error::Error;
use crate::moments::Moments;

/// A column.
#[derive(Clone, Debug)]
pub enum TableColumn {
    /// Numbers; NaN is missing.
    Numbers(Arc<[f64]>),
    /// Codes 0..k of categories; missing is a category.
    Codes(Arc<[u32]>),
}

impl TableColumn {
    /// Rows.
    pub fn rows(&self) -> usize {
        match self {
            TableColumn::Numbers(values) => values.len(),
            TableColumn::Codes(codes) => codes.len(),
        }
    }
}

/// Refuses a column of numbers that are not all finite.
pub fn check_finite(path: &str, values: &[f64]) -> Result<(), Error> {
    let Some(row) = values.iter().position(|x| !x.is_finite()) else { return Ok(()) };
    Err(Error { code: "data", ..Error::plan(path, values[row], "finite numbers in every row") }
        .hint(format!("row {} of the column; leave rows with missing values out first", row + 1)))
}

/// Mean and sd (divisor n) of a column that can be an origin: finite numbers that vary.
pub fn mean_and_sd(path: &str, values: &[f64]) -> Result<(f64, f64), Error> {
    check_finite(path, values)?;
    let (n, mean, m2) = Moments::of(values);
    let sd = f64::sqrt(m2 / n);
    if !(sd > 0.0 && sd.is_finite()) {
        return Err(Error { code: "data", ..Error::plan(path, format!("a column with sd {sd}"), "a column that varies") });
    }
    Ok((mean, sd))
}

/// Columns of the same length.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<TableColumn>,
    /// Rows of each code, counted when first asked for: a plan may have thousands of cells of one column.
    tallies: Arc<[OnceLock<Arc<[f64]>>]>,
}

impl Table {
    /// Codes that any table may have, however few its rows.
    const CODES: usize = 1 << 20;

    /// A table of at least one row; fewer than 2^32 of them.
    pub fn new(columns: Vec<TableColumn>) -> Result<Table, Error> {
        let rows = columns.first().map_or(0, TableColumn::rows);
        let data = |rule: &str, value: usize| Error { code: "data", ..Error::plan("table", value, rule) };
        if rows == 0 {
            return Err(data("at least one row", 0));
        }
        if u32::try_from(rows).is_err() {
            return Err(data("fewer than 2^32 rows", rows));
        }
        if let Some(other) = columns.iter().find(|column| column.rows() != rows) {
            return Err(data("columns of one length", other.rows()));
        }
        // Codes are dense where categories are numbered as they come: a far higher one would make room for classes that nobody has.
        let most = rows.max(Table::CODES) as u64;
        let codes = columns.iter().filter_map(|column| if let TableColumn::Codes(codes) = column { codes.iter().max() } else { None });
        if let Some(code) = codes.copied().find(|&code| u64::from(code) >= most) {
            return Err(data(&format!("codes below {most}"), code as usize));
        }
        let tallies = columns.iter().map(|_| OnceLock::new()).collect();
        Ok(Table { columns, tallies })
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.columns[0].rows()
    }

    /// A column by index.
    pub fn column(&self, index: usize) -> Result<&TableColumn, Error> {
        self.columns.get(index).ok_or_else(|| Error::plan("origin.columns", index, format!("columns below {}", self.columns.len())))
    }

    /// A column of numbers.
    pub fn numbers(&self, index: usize) -> Result<Arc<[f64]>, Error> {
        match self.column(index)? {
            TableColumn::Numbers(values) => Ok(values.clone()),
            TableColumn::Codes(_) => Err(Error::plan("origin.columns", index, "a column of numbers")),
        }
    }

    /// A column of codes.
    pub fn codes(&self, index: usize) -> Result<Arc<[u32]>, Error> {
        match self.column(index)? {
            TableColumn::Codes(codes) => Ok(codes.clone()),
            TableColumn::Numbers(_) => Err(Error::plan("origin.columns", index, "a column of categories")),
        }
    }

    /// Rows of each code of a column of categories.
    pub fn tally(&self, index: usize) -> Result<Arc<[f64]>, Error> {
        let codes = self.codes(index)?;
        let counted = self.tallies[index].get_or_init(|| tally(&codes).into());
        Ok(counted.clone())
    }
}

/// Rows of each code, up to the last one that has any.
pub fn tally(codes: &[u32]) -> Vec<f64> {
    let mut counts = vec![0.0; codes.iter().max().map_or(0, |&code| code as usize + 1)];
    codes.iter().for_each(|&code| counts[code as usize] += 1.0);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_codes_are_counted_once() {
        let codes: Arc<[u32]> = [2, 0, 2, 2].into();
        let table = Table::new(vec![TableColumn::Numbers([1.0; 4].into()), TableColumn::Codes(codes)]).unwrap();
        assert_eq!(*table.tally(1).unwrap(), [1.0, 0.0, 3.0]);
        assert!(Arc::ptr_eq(&table.tally(1).unwrap(), &table.clone().tally(1).unwrap()));
        assert!(table.tally(0).is_err() && table.tally(2).is_err());
    }
}
