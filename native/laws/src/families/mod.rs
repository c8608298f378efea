//! The families as the laws see them: one row a family, one entry a law. Each law is a test file that runs over all rows; where a law does
//! not apply to a family, its row says why.

mod categorical;
mod copula;
mod empirical;
mod exponential;
mod gaussian;
mod gaussian_mixture;
mod histogram;
mod kde;
mod linear_regression;
mod multivariate_gaussian;
mod pareto;
mod poisson;

use genloss_core::table::TableColumn;

use crate::cell::{Cell, Method};
use crate::run::{Block, Run};
use crate::sums::Sums;

/// What a law is tried on, or why it does not apply.
pub enum Law<T> {
    Of(T),
    Not(&'static str),
}

/// A family's row.
pub struct Row {
    /// As the core's list has it.
    pub kind: &'static str,
    /// A cell of each variant of the model, with what is recorded of it.
    pub cells: Vec<Variant>,
    /// Fits or measures that take microseconds and more: fewer of them are looked at where bytes are compared.
    pub costly: bool,
    /// Column 0 of the block's table, where cells take rows as their origin.
    pub rows: Option<TableColumn>,
    /// Records drawn from the origin and from fitted models have the distribution function.
    pub draws: Law<Vec<Draw>>,
    /// Fits of many records find what they were drawn from.
    pub recovers: Law<Vec<Truth>>,
    /// Common random numbers under an origin that is moved or stretched.
    pub moves: Law<Vec<Move>>,
    /// Training sets merge in any grouping; a record of weight k is k records.
    pub sums: Law<fn() -> Vec<Sums>>,
    /// What is the origin's in expectation at every generation, under every policy without weights.
    pub budget: Law<Vec<Budget>>,
    /// Sets of a size that does not grow with n or generations.
    pub constant_memory: Law<Vec<Cell>>,
}

/// A cell, and columns that say all of its model.
pub struct Variant {
    pub cell: Cell,
    pub columns: &'static str,
    /// Methods that the cell has.
    pub methods: &'static [Method],
}

/// A chain ends with one record, seen through the model fitted to it.
pub struct Draw {
    pub cell: Cell,
    pub columns: &'static str,
    pub methods: &'static [Method],
    /// Each chain's record by its distribution function, spread evenly over the steps of a discrete one.
    pub uniform: fn(&Run) -> Vec<f64>,
}

/// A column's value of the origin, and the limit of sd(column) sqrt(n).
pub struct Truth {
    pub cell: Cell,
    pub column: &'static str,
    pub value: f64,
    pub sd: f64,
    pub methods: &'static [Method],
}

/// Two origins, columns that are the same, and columns with their factor.
pub struct Move {
    pub from: Cell,
    pub to: Cell,
    pub same: &'static str,
    pub scaled: &'static [(&'static str, f64)],
    pub methods: &'static [Method],
}

/// A function of a chain's columns, and its expectation.
pub struct Budget {
    pub cell: Cell,
    pub columns: &'static str,
    pub value: fn(&[f64]) -> f64,
    pub expected: f64,
    pub methods: &'static [Method],
}

const BOTH: &[Method] = &Method::BOTH;
const DRAWS: &[Method] = &[Method::Draws];
const ALL: &[Method] = &[Method::Exact, Method::Draws, Method::Population];

impl<T> Law<T> {
    fn reason(&self) -> Option<&'static str> {
        if let Law::Not(reason) = self { Some(reason) } else { None }
    }
}

impl Row {
    /// The laws that do not apply to the family, with the reasons.
    pub fn exceptions(&self) -> Vec<(&'static str, &'static str)> {
        let laws = [
            ("draws", self.draws.reason()),
            ("recovers", self.recovers.reason()),
            ("moves", self.moves.reason()),
            ("sums", self.sums.reason()),
            ("budget", self.budget.reason()),
            ("constant memory", self.constant_memory.reason()),
        ];
        laws.into_iter().filter_map(|(law, reason)| Some((law, reason?))).collect()
    }

    /// A block of a cell with this family's rows as its table.
    pub fn block(&self, cell: Cell) -> Block {
        self.rows.iter().fold(Block::of([cell]), |block, rows| block.table(vec![rows.clone()]))
    }
}

/// The list.
pub fn list() -> Vec<Row> {
    vec![
        gaussian::row(),
        categorical::row(),
        empirical::row(),
        exponential::row(),
        poisson::row(),
        pareto::row(),
        multivariate_gaussian::row(),
        kde::row(),
        histogram::row(),
        gaussian_mixture::row(),
        copula::row(),
        linear_regression::row(),
    ]
}

/// The last generation fitted to one record of the model fitted to 20.
fn one_of_a_model(cell: Cell) -> Cell {
    cell.initial(20).n(1).generations(1)
}

/// Generation 0 fitted to one real record.
fn one_real(cell: Cell) -> Cell {
    cell.initial(1).n(1)
}
