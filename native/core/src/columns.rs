//! Columns: what is recorded of every chain at every recorded generation, and where it is put.

use serde::Serialize;

/// A column's name and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// In snake case.
    pub name: &'static str,
    /// One line for `genloss columns`.
    pub doc: &'static str,
}

impl Column {
    /// A column.
    pub const fn new(name: &'static str, doc: &'static str) -> Column {
        Column { name, doc }
    }
}

/// The state curves that every family has.
pub const EARLY_STATE: Column = Column::new("early_state", "1 where the chain is at or below early collapse's threshold, else 0");
/// See `EARLY_STATE`.
pub const LATE_STATE: Column = Column::new("late_state", "1 where the chain is at or below late collapse's threshold, else 0");

/// Columns of the training set's composition, kept by the policies and the same for every family.
pub const POOL: [Column; 5] = [
    Column::new("n", "records in the training set (at generation 0 the initial real ones)"),
    Column::new("real_share", "share of real records in the training set"),
    Column::new("synthetic_share", "share of generated records in the training set"),
    Column::new("poison_share", "share of poisoned records in the training set"),
    Column::new("mean_age", "mean age of the training set's records, in generations since they were made"),
];

/// The event columns, in order; `stopped_reason` comes last.
pub const EVENTS: [&str; 5] = ["early", "late", "touched", "diverged", "stopped"];

/// The columns of a block: rows ordered by cell, replicate, generation.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The row's cell in the plan.
    pub cell: Vec<u32>,
    /// The row's replicate.
    pub replicate: Vec<u32>,
    /// The row's generation.
    pub generation: Vec<u32>,
    /// Names of `values`.
    pub names: Vec<String>,
    /// One vector a column; NaN where undefined.
    pub values: Vec<Vec<f64>>,
    /// Names of `events`.
    pub event_names: Vec<String>,
    /// One vector an event, one entry a chain; -1 where it did not happen.
    pub events: Vec<Vec<i32>>,
}
