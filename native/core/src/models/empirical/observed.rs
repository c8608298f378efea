//! A training set of records, counted: how often each original is there.

use super::records::NO_ORIGINAL;
use crate::measures::diversity;

/// One chain's training set, counted.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    copies: Copies,
    /// Values of a law's records; empty for a table.
    pub values: Vec<f64>,
    /// Records.
    pub total: f64,
    /// Originals with at least one copy.
    pub distinct: f64,
}

/// How often each original is there.
#[derive(Clone, Debug)]
enum Copies {
    /// Each row of a table, from records drawn.
    Tally(Vec<u32>),
    /// Each row of a table, from counts.
    Counts(Vec<f64>),
    /// Each record of a law once; distinct originals were counted apart.
    Once,
}

impl Default for Copies {
    fn default() -> Copies {
        Copies::Tally(Vec::new())
    }
}

impl Observed {
    /// Counts the copies of each row of a table.
    pub fn count_rows(&mut self, originals: &[u32], rows: usize) {
        if !matches!(self.copies, Copies::Tally(_)) {
            self.copies = Copies::Tally(Vec::new());
        }
        let Copies::Tally(tally) = &mut self.copies else { unreachable!("made a tally above") };
        tally.clear();
        tally.resize(rows, 0);
        for &row in originals {
            tally[row as usize] += 1;
        }
        self.total = originals.len() as f64;
        self.distinct = tally.iter().map(|&copies| u64::from(copies > 0)).sum::<u64>() as f64;
    }

    /// Takes the counts of a table's rows.
    pub fn copy_counts(&mut self, counts: impl Iterator<Item = f64>) {
        let counts: Vec<f64> = counts.collect();
        self.total = counts.iter().sum();
        self.distinct = diversity::alive(counts.iter().copied());
        self.copies = Copies::Counts(counts);
    }

    /// Takes the records of a law.
    pub fn copy_values(&mut self, originals: &[u32], values: &[f64]) {
        self.values.clear();
        self.values.extend_from_slice(values);
        self.total = values.len() as f64;
        let mut sorted = originals.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        sorted.pop_if(|last| *last == NO_ORIGINAL);
        self.distinct = sorted.len() as f64;
        self.copies = Copies::Once;
    }

    /// Calls `f(i, copies)` for each original with copies, of those numbered below `originals`.
    #[inline]
    pub fn each(&self, originals: usize, mut f: impl FnMut(usize, f64)) {
        match &self.copies {
            Copies::Tally(tally) => {
                tally.iter().enumerate().filter(|(_, copies)| **copies > 0).for_each(|(i, &copies)| f(i, f64::from(copies)));
            }
            Copies::Counts(counts) => {
                counts.iter().enumerate().filter(|(_, copies)| **copies > 0.0).for_each(|(i, &copies)| f(i, copies));
            }
            Copies::Once => (0..originals).for_each(|i| f(i, 1.0)),
        }
    }

    /// Copies of the rows of a set together.
    pub fn count(&self, rows: &[u32]) -> f64 {
        match &self.copies {
            Copies::Tally(tally) => rows.iter().map(|&row| u64::from(tally[row as usize])).sum::<u64>() as f64,
            Copies::Counts(counts) => rows.iter().map(|&row| counts[row as usize]).sum(),
            Copies::Once => f64::NAN,
        }
    }

    /// Copies of one row.
    #[inline]
    pub fn copies(&self, row: u32) -> f64 {
        match &self.copies {
            Copies::Tally(tally) => f64::from(tally[row as usize]),
            Copies::Counts(counts) => counts[row as usize],
            Copies::Once => f64::NAN,
        }
    }
}
