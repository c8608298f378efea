//! A gaussian copula over the columns of a table: numbers with gaps, and text, each with a margin of its own.
//!
//! A record is a vector of normal numbers with correlations R, each turned into a value of its column by the column's margin. Fit: margins from
//! counts of bins, R from sums of products of fixed scores (`coding`, `margins`, `fit`). Both are sums over records, so that training sets of any
//! policy merge exactly, by every method. Values live in at most 4,096 bins a column (`bins`): what is lost of a column of more different
//! values than that is where in a bin a value stood. Source: Nelsen, "An Introduction to Copulas" (2006), chapter 2; Patki, Wedge and
//! Veeramachaneni, "The Synthetic Data Vault", DSAA 2016, for tables.

mod bins;
mod coding;
pub mod columns;
mod draws;
mod exact;
mod fit;
mod follow;
mod margins;
mod reference;
mod series;
mod sets;
pub mod synthetic;
#[cfg(test)]
mod tests;

use std::ops::Deref;
use std::sync::{Arc, Mutex, Weak};

use super::ready::{Given, Runnable};
use crate::error::Error;
use crate::family::{Family, Group, Law, Lives, Measure, Signals, Source, View};
use crate::plan::{Bounds, Margin, Method, Origin, Statistic, Watch};
use crate::random::key::Purpose;
use crate::random::stream::below;
use crate::rows::{self, Recorded, Rows};
use crate::simd::Level;
use crate::table::Table;

use coding::{Coding, MISSING};
use draws::Drawn;
use fit::Fit;
use reference::Reference;
use sets::{BLOCK, Set, Sets, Tally};

// Parameters -----------------------------------------------------------------------------------------------------------------------------

/// Rows of the table that a batch of real records must be worth for their copies to be counted one by one.
const COUNTED: u64 = 8;

/// The family with its origin, a table.
pub struct Copula {
    method: Method,
    prepared: Arc<Prepared>,
}

/// What all cells of a table's columns share.
pub struct Prepared {
    coding: Coding,
    /// All rows.
    whole: Set,
    /// What measures compare with.
    reference: Reference,
    /// The table, whose codes tell the sets that are followed, and its modelled columns.
    table: Table,
    columns: Vec<usize>,
}

impl Deref for Copula {
    type Target = Prepared;

    fn deref(&self) -> &Prepared {
        &self.prepared
    }
}

/// A table, its columns with their margins, and what was made of them.
type Known = (Weak<Table>, (Vec<usize>, Vec<Margin>, Bounds), Arc<Prepared>);

/// What the last cells were made ready with: every block of a run asks again. A table that is gone is forgotten with the next one.
static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());

/// Tables that are kept ready.
const KEPT: usize = 8;

impl Copula {
    /// Columns of a table, each with its margin.
    pub fn new(table: &Table, columns: &[usize], margins: &[Margin], bounds: Bounds, method: Method) -> Result<Copula, Error> {
        Ok(Copula { method, prepared: Arc::new(Prepared::new(table, columns, margins, bounds)?) })
    }

    /// The same of a table that cells share.
    fn shared(table: &Arc<Table>, columns: &[usize], margins: &[Margin], bounds: Bounds, method: Method) -> Result<Copula, Error> {
        let settings = (columns.to_vec(), margins.to_vec(), bounds);
        let mut known = KNOWN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        known.retain(|(table, _, _)| table.strong_count() > 0);
        let same = |(other, own, _): &&Known| other.as_ptr() == Arc::as_ptr(table) && *own == settings;
        if let Some((_, _, prepared)) = known.iter().find(same) {
            return Ok(Copula { method, prepared: prepared.clone() });
        }
        let prepared = Arc::new(Prepared::new(table, columns, margins, bounds)?);
        if known.len() == KEPT {
            known.remove(0);
        }
        known.push((Arc::downgrade(table), settings, prepared.clone()));
        Ok(Copula { method, prepared })
    }
}

impl Prepared {
    fn new(table: &Table, columns: &[usize], margins: &[Margin], bounds: Bounds) -> Result<Prepared, Error> {
        let coding = Coding::new(table, columns, margins, bounds)?;
        let mut whole = Set::new(&coding);
        Tally::new(&coding, Level::BASE).add_rows(coding.rows.chunks_exact(coding.width()), &mut whole);
        let reference = Reference::new(&coding, &whole, table, columns)?;
        Ok(Prepared { coding, whole, reference, table: table.clone(), columns: columns.to_vec() })
    }
}

// Source ---------------------------------------------------------------------------------------------------------------------------------

impl Source for Copula {
    type Data = Sets;
    type Fitted = Vec<Fit>;

    fn data(&self, chains: usize) -> Sets {
        Sets::new(&self.coding, chains)
    }

    fn initial(&self, fixed: u64, n: u64, group: &mut Group, first: &mut Sets, rest: &mut Sets) -> Result<(), Error> {
        let lanes = group.padded();
        if n != self.coding.n as u64 {
            self.real(&vec![fixed; lanes], group, first)?;
            return self.real(&vec![n - fixed; lanes], group, rest);
        }
        // The whole table; its first part is a random subset, drawn without replacement.
        let (d, level) = (self.coding.width(), group.level);
        for chain in 0..group.chains() {
            let (first, rest) = (&mut first.chains[chain], &mut rest.chains[chain]);
            first.clear();
            if fixed == 0 {
                rest.clone_from(&self.whole);
                continue;
            }
            rest.clear();
            let mut order: Vec<usize> = (0..n as usize).collect();
            for i in 0..fixed as usize {
                let other = i + below(group.words(chain).next(level), n - i as u64) as usize;
                order.swap(i, other);
            }
            let row = |i: &usize| &self.coding.rows[i * d..(i + 1) * d];
            let (one, other) = order.split_at(fixed as usize);
            Tally::new(&self.coding, level).add_rows(one.iter().map(row), first);
            Tally::new(&self.coding, level).add_rows(other.iter().map(row), rest);
        }
        group.control.check()
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut Sets) -> Result<(), Error> {
        group.batch += 1;
        for chain in 0..group.chains() {
            let (n, into) = (sizes[chain], &mut into.chains[chain]);
            match self.method {
                Method::Population => {
                    into.clone_from(&self.whole);
                    into.scale(n as f64 / self.coding.n as f64);
                }
                Method::Exact if n >= COUNTED * self.coding.n as u64 => exact::real(&self.coding, n, group, chain, into),
                _ => draws::real(&self.coding, n, group, chain, into),
            }
        }
        group.control.check()
    }

    fn sample(&self, _training: &Sets, model: &Vec<Fit>, sizes: &[u64], group: &mut Group, into: &mut Sets) -> Result<(), Error> {
        group.batch += 1;
        for chain in 0..group.chains() {
            let (n, fit, into) = (sizes[chain], &model[chain], &mut into.chains[chain]);
            if fit.coordinates.is_empty() {
                // A chain that was never fitted has nothing to draw from.
                into.clear();
                continue;
            }
            match self.method {
                Method::Population => exact::expected(&self.coding, fit, n, into),
                Method::Exact => exact::sample(&self.coding, fit, n, group, chain, into),
                Method::Draws => Drawn::new(&self.coding, fit).set(n, group, chain, into),
            }
        }
        group.control.check()
    }
}

// Records --------------------------------------------------------------------------------------------------------------------------------

/// A code as rows hold it: missing is not a number.
fn number(code: u32) -> f64 {
    if code == MISSING { f64::NAN } else { f64::from(code) }
}

impl Recorded for Copula {
    fn width(&self) -> usize {
        self.coding.width()
    }

    fn table(&self) -> Option<&[f64]> {
        Some(self.reference.rows(&self.coding))
    }

    fn real_rows(&self, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        let (d, table) = (self.coding.width(), self.reference.rows(&self.coding));
        let mut chosen = vec![0.0; n];
        rows::words(group, chain, Purpose::RealChunk, &mut chosen, |word| below(word, self.coding.n as u64) as f64);
        chosen.into_iter().for_each(|row| into.extend_from_slice(&table[row as usize * d..(row as usize + 1) * d]));
    }

    fn sample_rows(&self, model: &Vec<Fit>, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        if model[chain].coordinates.is_empty() {
            return;
        }
        let mut codes = Vec::new();
        Drawn::new(&self.coding, &model[chain]).records(n, group, chain, &mut codes);
        into.extend(codes.into_iter().map(number));
    }

    fn learn(&self, rows: &Rows, chain: usize, into: &mut Sets) {
        let d = self.coding.width();
        let into = &mut into.chains[chain];
        into.clear();
        let (mut tally, mut codes) = (Tally::new(&self.coding, Level::BASE), vec![0; d * BLOCK]);
        for (block, values) in rows.values.chunks(BLOCK * d).enumerate() {
            let records = values.len() / d;
            for (i, row) in values.chunks_exact(d).enumerate() {
                row.iter().enumerate().for_each(|(j, x)| codes[j * BLOCK + i] = if x.is_nan() { MISSING } else { *x as u32 });
            }
            let weights = if rows.weights.is_empty() { &[] } else { &rows.weights[block * BLOCK..block * BLOCK + records] };
            tally.add(&codes, records, weights, into);
        }
    }
}

// Fit ------------------------------------------------------------------------------------------------------------------------------------

impl Family for Copula {
    fn fitted(&self, chains: usize) -> Vec<Fit> {
        vec![Fit::default(); chains]
    }

    fn fit(&self, training: &Sets, model: &mut Vec<Fit>, level: Level, lives: &mut Lives) {
        for (chain, set) in training.chains.iter().enumerate() {
            match Fit::new(level, &self.coding, set, self.method == Method::Population) {
                Ok(fit) => model[chain] = fit,
                Err(death) => lives.stop(chain, death),
            }
        }
    }
}

impl Law for Copula {
    fn signals(&self, view: &View<'_, Copula>, out: &mut Signals) {
        columns::signals(self, view.model, out);
    }

    fn measure(&self, name: &str) -> Option<Measure<Copula>> {
        columns::measure(name)
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<Copula>, Error> {
        follow::follow(self, watch)
    }

    fn statistic(&self, watch: &Watch, statistic: Statistic) -> Result<Measure<Copula>, Error> {
        columns::statistic(self, watch, statistic)
    }
}

// Ready -----------------------------------------------------------------------------------------------------------------------------------

/// A cell of this family.
pub fn ready(given: &Given, margins: &[Margin], bounds: Bounds) -> Result<Box<dyn Runnable>, Error> {
    let cell = given.cell;
    let Origin::Table { table, columns } = &cell.origin else {
        return Err(given.mismatch("copula", "a table: its columns are what the copula ties together"));
    };
    cell.stages.sampling.only(&[], "copula")?;
    if cell.stages.selection.is_some() {
        return Err(Error::plan("stages.selection", "selection", "no selection for a copula: whole rows have no order"));
    }
    let family = Copula::shared(given.table(*table)?, columns, margins, bounds, cell.method)?;
    given.recorded(family, 1)
}
