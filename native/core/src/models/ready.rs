//! What a family is made ready from, and what the thread pool runs.

use std::sync::Arc;

use crate::chain::{Out, Ready, run};
use crate::error::Error;
use crate::family::{Family, Group};
use crate::models::module::Host;
use crate::plan::{Block, Cell, Method};
use crate::policies::{Rules, sizes::Sizes};
use crate::rows::{OnRows, Recorded};
use crate::table::Table;

/// A cell of any family, made ready.
pub trait Runnable: Send + Sync {
    /// The cell.
    fn cell(&self) -> &Cell;
    /// Chains that are best run in step.
    fn width(&self) -> usize;
    /// Runs a group of chains.
    fn run(&self, group: &mut Group, out: &mut Out) -> Result<(), Error>;
}

struct Typed<F: Family> {
    ready: Ready<F>,
    width: usize,
}

impl<F: Family> Runnable for Typed<F> {
    fn cell(&self) -> &Cell {
        &self.ready.cell
    }

    fn width(&self) -> usize {
        self.width
    }

    fn run(&self, group: &mut Group, out: &mut Out) -> Result<(), Error> {
        run(&self.ready, group, out)
    }
}

/// A cell whose family is to be made.
pub struct Given<'a> {
    pub cell: &'a Cell,
    block: &'a Block,
    tables: &'a [Arc<Table>],
    /// What fits models outside of the core, if the block is run with one.
    pub host: Option<&'a Arc<dyn Host>>,
    /// Records of each generation's new batch.
    pub n: Sizes,
    /// Records of generation 0's training set.
    pub initial: u64,
}

impl<'a> Given<'a> {
    /// A cell of a block, with the tables that came with it.
    pub fn new(cell: &'a Cell, block: &'a Block, tables: &'a [Arc<Table>], host: Option<&'a Arc<dyn Host>>) -> Result<Given<'a>, Error> {
        let (n, initial) = (Sizes::new(&cell.n, "n")?, Sizes::new(&cell.initial, "initial")?.at(0));
        Ok(Given { cell, block, tables, host, n, initial })
    }

    /// A table by its place in the list.
    pub fn table(&self, table: usize) -> Result<&'a Arc<Table>, Error> {
        let rule = || Error::plan("origin.table", table, format!("one of the {} tables given", self.tables.len()));
        self.tables.get(table).ok_or_else(rule)
    }

    /// A table's one column of numbers.
    pub fn numbers(&self, table: usize, columns: &[usize]) -> Result<Arc<[f64]>, Error> {
        self.table(table)?.numbers(one(columns)?)
    }

    /// A table's columns of numbers.
    pub fn columns(&self, table: usize, columns: &[usize]) -> Result<Vec<Arc<[f64]>>, Error> {
        let table = self.table(table)?;
        columns.iter().map(|&column| table.numbers(column)).collect()
    }

    /// A family of a kind; `width` chains of it are best run in step.
    pub fn typed<F: Family + 'static>(&self, family: F, width: usize) -> Result<Box<dyn Runnable>, Error> {
        Ok(Box::new(Typed { ready: Ready::new(family, self.cell.clone(), self.block)?, width }))
    }

    /// A family of sums, over the records themselves where the policy or a stage needs them.
    pub fn recorded<F: Recorded + 'static>(&self, family: F, width: usize) -> Result<Box<dyn Runnable>, Error> {
        let cell = self.cell;
        if !Rules::subsets(&cell.policy) && cell.stages.selection.is_none() {
            return self.typed(family, width);
        }
        if cell.method != Method::Draws {
            return Err(Error::plan(
                "method",
                format!("{:?}", cell.method).to_lowercase(),
                "draws where the records themselves are needed",
            ));
        }
        self.typed(OnRows(family), 1)
    }

    /// Whether every training set has one record.
    pub fn is_single(&self) -> bool {
        self.n.constant() && self.n.at(0) == 1
    }

    /// The error of an origin that the model can't be fitted to.
    pub fn mismatch(&self, model: &str, rule: &str) -> Error {
        Error::plan("origin.kind", format!("an origin that a {model} model can't be fitted to"), rule)
    }
}

/// The one column of a model that takes one.
pub fn one(columns: &[usize]) -> Result<usize, Error> {
    match columns {
        [column] => Ok(*column),
        _ => Err(Error::plan("origin.columns", format!("{} columns", columns.len()), "exactly one column for this model")),
    }
}
