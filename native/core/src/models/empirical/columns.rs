//! The columns of the empirical family: sums over originals, weighted by their copies.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::observed::Observed;
use crate::columns::{Column, EARLY_STATE, LATE_STATE};
use crate::error::Error;
use crate::family::Signals;
use crate::measures::tails::{LEVELS, Region, rare_classes};
use crate::measures::{diversity, entropy};
use crate::plan::Watch;
use crate::table::{Table, TableColumn};

/// A numeric coordinate of the origin.
struct Numbers {
    /// The table's column; None for a law.
    values: Option<Arc<[f64]>>,
    mean: f64,
    variance: f64,
    regions: [Region; 3],
    range: (f64, f64),
}

/// A categorical coordinate of the origin.
struct Codes {
    /// The table's column; None for a law.
    codes: Option<Arc<[u32]>>,
    probabilities: Vec<f64>,
    rare: Vec<usize>,
    heterozygosity: f64,
}

/// The originals that a training set is made of: the modelled columns and what the measures compare with.
pub struct Atoms {
    table: Option<Arc<Table>>,
    numbers: Vec<Numbers>,
    codes: Vec<Codes>,
    sets: Sets,
}

/// Rows of followed sets, by column and codes.
type Sets = Mutex<HashMap<(usize, Vec<u32>), Arc<[u32]>>>;

impl Atoms {
    /// Columns of a table.
    pub fn of_table(table: Arc<Table>, columns: &[usize]) -> Result<Atoms, Error> {
        let (mut numbers, mut codes) = (Vec::new(), Vec::new());
        for &index in columns {
            match table.column(index)? {
                TableColumn::Numbers(values) => numbers.push(Numbers::of_column(values.clone())),
                TableColumn::Codes(column) => codes.push(Codes::of_column(column.clone())),
            }
        }
        Ok(Atoms { table: Some(table), numbers, codes, sets: Sets::default() })
    }

    /// A normal law.
    pub fn of_normal(mean: f64, sd: f64) -> Atoms {
        let place = |edge: Option<(f64, f64)>| edge.map(|(x, mass)| (mean + sd * x, mass));
        let regions = LEVELS.map(Region::of_normal).map(|r| Region { lower: place(r.lower), upper: place(r.upper) });
        let range = (f64::NEG_INFINITY, f64::INFINITY);
        Atoms {
            table: None,
            numbers: vec![Numbers { values: None, mean, variance: sd * sd, regions, range }],
            codes: vec![],
            sets: Sets::default(),
        }
    }

    /// A discrete law.
    pub fn of_classes(probabilities: Vec<f64>) -> Atoms {
        Atoms { table: None, numbers: vec![], codes: vec![Codes::new(None, probabilities)], sets: Sets::default() }
    }

    /// Rows of the table; 0 for a law.
    pub fn rows(&self) -> usize {
        self.table.as_ref().map_or(0, |table| table.rows())
    }

    /// The one numeric coordinate, where there is no other coordinate.
    fn only_number(&self) -> Option<&Numbers> {
        if self.codes.is_empty() && self.numbers.len() == 1 { self.numbers.first() } else { None }
    }

    /// The one categorical coordinate, where there is no other coordinate.
    fn only_codes(&self) -> Option<&Codes> {
        if self.numbers.is_empty() && self.codes.len() == 1 { self.codes.first() } else { None }
    }

    /// Early: some coordinate has lost its tail or half its rare classes. Late: every coordinate has lost its variance or heterozygosity.
    fn signal(&self, observed: &Observed) -> (bool, bool, bool) {
        let (mut early, mut late, mut diverged) = (false, true, false);
        for number in &self.numbers {
            let [lower, upper] = number.sides(observed, 1);
            early |= lower <= 0.1 || upper <= 0.1;
            let ratio = number.moments(observed).1 / number.variance;
            late &= ratio <= 0.01;
            diverged |= ratio > 100.0;
        }
        for codes in &self.codes {
            let shares = codes.shares(observed);
            let alive = codes.rare.iter().filter(|&&k| shares[k] > 0.0).count();
            early |= !codes.rare.is_empty() && 2 * alive <= codes.rare.len();
            late &= codes.heterozygosity > 0.0 && diversity::heterozygosity(shares.into_iter()) <= 0.01 * codes.heterozygosity;
        }
        (early, late, diverged)
    }

    /// The signals of a group of chains.
    pub fn signals(&self, observed: &[Observed], out: &mut Signals) {
        for (chain, observed) in observed.iter().enumerate() {
            let (early, late, diverged) = self.signal(observed);
            out.set(chain, early, late, diverged);
        }
    }

    /// The rows of a followed set.
    pub fn set(&self, watch: &Watch) -> Result<Set, Error> {
        let Some(table) = &self.table else {
            return match self.codes.first() {
                Some(_) if watch.mean.is_none() => Ok(Set { rows: None, codes: watch.codes.clone(), mean: None }),
                _ => Err(Error::plan("watch", &watch.name, "sets of a table's rows or of a law's classes")),
            };
        };
        let rows = self.members(&table.codes(watch.column)?, watch);
        let mean = watch.mean.map(|column| table.numbers(column)).transpose()?;
        Ok(Set { rows: Some(rows), codes: vec![], mean })
    }

    /// Ascending rows of a set; sets that several columns follow are listed once.
    fn members(&self, codes: &[u32], watch: &Watch) -> Arc<[u32]> {
        let mut sets = self.sets.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let key = (watch.column, watch.codes.clone());
        let list = || {
            let most = codes.iter().max().map_or(0, |&code| code as usize);
            let mut wanted = vec![false; most + 1];
            watch.codes.iter().filter(|&&code| code as usize <= most).for_each(|&code| wanted[code as usize] = true);
            (0..codes.len() as u32).filter(|&row| wanted[codes[row as usize] as usize]).collect()
        };
        sets.entry(key).or_insert_with(list).clone()
    }
}

impl Numbers {
    fn of_column(values: Arc<[f64]>) -> Numbers {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|x| !x.is_nan()).collect();
        sorted.sort_by(f64::total_cmp);
        let (n, mean, m2) = crate::moments::Moments::of(&sorted);
        let range = (sorted.first().copied().unwrap_or(f64::NAN), sorted.last().copied().unwrap_or(f64::NAN));
        Numbers { values: Some(values), mean, variance: m2 / n, regions: LEVELS.map(|p| Region::of_sorted(&sorted, p)), range }
    }

    /// Calls `f(value, copies)` for each value that is not missing.
    #[inline]
    fn each(&self, observed: &Observed, mut f: impl FnMut(f64, f64)) {
        let values = self.values.as_deref().unwrap_or(&observed.values);
        observed.each(values.len(), |i, w| {
            if !values[i].is_nan() {
                f(values[i], w);
            }
        });
    }

    /// Mean and variance (divisor n) about it, shifted so that equal records have exactly none; NaN without records.
    fn moments(&self, observed: &Observed) -> (f64, f64) {
        let (mut n, mut sum, mut shift) = (0.0, 0.0, f64::NAN);
        self.each(observed, |x, w| {
            shift = if n == 0.0 { x } else { shift };
            n += w;
            sum += w * (x - shift);
        });
        let mean = sum / n;
        let mut m2 = 0.0;
        self.each(observed, |x, w| m2 += w * ((x - shift - mean) * (x - shift - mean)));
        (shift + mean, m2 / n)
    }

    /// Retention of the lower and the upper tail region of a level.
    fn sides(&self, observed: &Observed, level: usize) -> [f64; 2] {
        let region = self.regions[level];
        let (low, high) = (region.lower.unwrap_or((f64::NAN, f64::NAN)), region.upper.unwrap_or((f64::NAN, f64::NAN)));
        let (mut n, mut below, mut above) = (0.0, 0.0, 0.0);
        self.each(observed, |x, w| {
            n += w;
            below += if x <= low.0 { w } else { 0.0 };
            above += if x >= high.0 { w } else { 0.0 };
        });
        [below / n / low.1, above / n / high.1]
    }

    fn both(&self, observed: &Observed, level: usize) -> f64 {
        let [lower, upper] = self.sides(observed, level);
        let mass = |side: Option<(f64, f64)>| side.map_or(f64::NAN, |(_, mass)| mass);
        let (low, high) = (mass(self.regions[level].lower), mass(self.regions[level].upper));
        (lower * low + upper * high) / (low + high)
    }
}

impl Codes {
    fn of_column(codes: Arc<[u32]>) -> Codes {
        let classes = codes.iter().max().map_or(0, |&code| code as usize + 1);
        let mut shares = vec![0.0; classes];
        codes.iter().for_each(|&code| shares[code as usize] += 1.0);
        shares.iter_mut().for_each(|share| *share /= codes.len() as f64);
        Codes::new(Some(codes), shares)
    }

    fn new(codes: Option<Arc<[u32]>>, probabilities: Vec<f64>) -> Codes {
        let heterozygosity = diversity::heterozygosity(probabilities.iter().copied());
        Codes { codes, rare: rare_classes(&probabilities, LEVELS[0]), heterozygosity, probabilities }
    }

    fn shares(&self, observed: &Observed) -> Vec<f64> {
        let mut shares = vec![0.0; self.probabilities.len()];
        match &self.codes {
            Some(codes) => observed.each(codes.len(), |row, w| shares[codes[row] as usize] += w),
            None => observed.values.iter().for_each(|&class| shares[class as usize] += 1.0),
        }
        shares.iter_mut().for_each(|share| *share /= observed.total);
        shares
    }
}

/// A followed set of rows.
pub struct Set {
    /// Ascending rows; None for classes of a law.
    rows: Option<Arc<[u32]>>,
    codes: Vec<u32>,
    mean: Option<Arc<[f64]>>,
}

impl Set {
    /// The set's share of the training set, or the mean of a column over it (NaN where it is empty).
    pub fn measure(&self, observed: &Observed) -> f64 {
        let Some(rows) = &self.rows else {
            let members = observed.values.iter().filter(|&&class| self.codes.contains(&(class as u32)));
            return members.count() as f64 / observed.total;
        };
        match &self.mean {
            None => observed.count(rows) / observed.total,
            Some(values) => {
                let (mut n, mut sum) = (0.0, 0.0);
                for &row in rows.iter() {
                    let (x, w) = (values[row as usize], observed.copies(row));
                    if w > 0.0 && !x.is_nan() {
                        n += w;
                        sum += w * x;
                    }
                }
                sum / n
            }
        }
    }
}

type Of = fn(&Atoms, &Observed) -> f64;

fn number(atoms: &Atoms, of: impl Fn(&Numbers) -> f64) -> f64 {
    atoms.only_number().map_or(f64::NAN, of)
}

fn classes(atoms: &Atoms, observed: &Observed, of: impl Fn(&Codes, Vec<f64>) -> f64) -> f64 {
    atoms.only_codes().map_or(f64::NAN, |codes| of(codes, codes.shares(observed)))
}

/// The least retained of the numeric coordinates; NaN where there is none.
fn least(atoms: &Atoms, of: impl Fn(&Numbers) -> f64) -> f64 {
    atoms.numbers.iter().map(of).fold(f64::NAN, f64::min)
}

const LIST: [(Column, Of); 17] = [
    (Column::new("distinct_alive", "distinct original records in the training set"), |_, o| o.distinct),
    (Column::new("mean", "mean of the one numeric column"), |a, o| number(a, |c| c.moments(o).0)),
    (Column::new("variance", "variance (divisor n) of the one numeric column"), |a, o| number(a, |c| c.moments(o).1)),
    (Column::new("variance_ratio", "variance over the origin's"), |a, o| number(a, |c| c.moments(o).1 / c.variance)),
    (Column::new("mean_shift", "(mean - origin's mean) / origin's sd"), |a, o| {
        number(a, |c| (c.moments(o).0 - c.mean) / f64::sqrt(c.variance))
    }),
    (Column::new("tail_p05", "retention of the outermost 5 %; of several columns the least"), |a, o| least(a, |c| c.both(o, 0))),
    (Column::new("tail_p01", "retention of the outermost 1 %; of several columns the least"), |a, o| least(a, |c| c.both(o, 1))),
    (Column::new("tail_p001", "retention of the outermost 0.1 %; of several columns the least"), |a, o| least(a, |c| c.both(o, 2))),
    (Column::new("tail_lower_p01", "retention of the lowest 0.5 %; of several columns the least"), |a, o| least(a, |c| c.sides(o, 1)[0])),
    (Column::new("tail_upper_p01", "retention of the highest 0.5 %; of several columns the least"), |a, o| least(a, |c| c.sides(o, 1)[1])),
    (Column::new("heterozygosity", "1 - sum q^2 of the one categorical column"), |a, o| {
        classes(a, o, |_, q| diversity::heterozygosity(q.into_iter()))
    }),
    (Column::new("heterozygosity_ratio", "heterozygosity over the origin's"), |a, o| {
        classes(a, o, |c, q| diversity::heterozygosity(q.into_iter()) / c.heterozygosity)
    }),
    (Column::new("classes_alive", "classes of the one categorical column that are left"), |a, o| {
        classes(a, o, |_, q| diversity::alive(q.into_iter()))
    }),
    (Column::new("rare_alive", "of its least probable classes (mass at most 5 %), how many are left"), |a, o| {
        classes(a, o, |c, q| c.rare.iter().filter(|&&k| q[k] > 0.0).count() as f64)
    }),
    (Column::new("missing_mass", "origin mass of its classes that are gone"), |a, o| {
        classes(a, o, |c, q| diversity::missing_mass(c.probabilities.iter().copied(), q.into_iter()))
    }),
    (Column::new("entropy", "Shannon entropy of the one categorical column in nats"), |a, o| {
        classes(a, o, |_, q| entropy::classes(q.into_iter()))
    }),
    (Column::new("outside_support", "share of records outside the origin's range (always 0 here)"), |a, o| {
        number(a, |c| {
            let mut outside = 0.0;
            c.each(o, |x, w| outside += if x < c.range.0 || x > c.range.1 { w } else { 0.0 });
            outside / o.total
        })
    }),
];

/// Names and meanings.
pub fn list() -> Vec<Column> {
    LIST.iter().map(|(column, _)| *column).chain([EARLY_STATE, LATE_STATE]).collect()
}

/// The formula of a name.
pub fn find(name: &str) -> Option<Of> {
    if name == EARLY_STATE.name {
        return Some(|atoms, observed| f64::from(u8::from(atoms.signal(observed).0)));
    }
    if name == LATE_STATE.name {
        return Some(|atoms, observed| f64::from(u8::from(atoms.signal(observed).1)));
    }
    LIST.iter().find(|(column, _)| column.name == name).map(|(_, of)| *of)
}
