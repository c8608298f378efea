//! A block in words, its run, and what was recorded of each cell.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use genloss_core::columns::Columns;
use genloss_core::control::Control;
use genloss_core::error::Error;
use genloss_core::plan;
use genloss_core::pool::{Threads, run_block, work};
use genloss_core::simd::Level;
use genloss_core::table::{Table, TableColumn};
use serde_json::{Value, json};

use crate::cell::Cell;

/// Cells, the columns wanted of them, and how they are run: two threads at the best level where nothing is said.
#[derive(Clone)]
pub struct Block {
    cells: Vec<Cell>,
    columns: Vec<String>,
    watch: Vec<Value>,
    events: bool,
    tables: Vec<Arc<Table>>,
    threads: usize,
    level: Level,
}

/// A column of numbers.
pub fn numbers(values: &[f64]) -> TableColumn {
    TableColumn::Numbers(values.into())
}

/// A column of codes.
pub fn codes(values: &[u32]) -> TableColumn {
    TableColumn::Codes(values.into())
}

impl Block {
    /// Of cells.
    pub fn of(cells: impl IntoIterator<Item = Cell>) -> Block {
        Block {
            cells: cells.into_iter().collect(),
            columns: vec![],
            watch: vec![],
            events: false,
            tables: vec![],
            threads: 2,
            level: Level::best(),
        }
    }

    /// Columns, as words in one string.
    pub fn columns(mut self, names: &str) -> Block {
        self.columns.extend(names.split_whitespace().map(String::from));
        self
    }

    /// Follows the share of a set of codes as a column of its own.
    pub fn follow(mut self, name: &str, column: usize, codes: &[u32]) -> Block {
        self.watch.push(json!({ "name": name, "column": column, "codes": codes }));
        self.columns(name)
    }

    /// Columns, as words in one string; `share_2` follows class 2.
    pub fn watching(self, names: &str) -> Block {
        names.split_whitespace().fold(self, |block, name| match name.strip_prefix("share_").and_then(|code| code.parse().ok()) {
            Some(code) => block.follow(name, 0, &[code]),
            None => block.columns(name),
        })
    }

    /// Dates events.
    pub fn events(self) -> Block {
        Block { events: true, ..self }
    }

    /// Adds a table.
    pub fn table(mut self, columns: Vec<TableColumn>) -> Block {
        self.tables.push(Arc::new(Table::new(columns).expect("a table")));
        self
    }

    /// On a number of threads.
    pub fn threads(self, threads: usize) -> Block {
        Block { threads, ..self }
    }

    /// At an instruction level.
    pub fn level(self, level: Level) -> Block {
        Block { level, ..self }
    }

    /// As it crosses the boundary.
    pub fn json(&self) -> Value {
        let cells: Vec<Value> = self.cells.iter().map(Cell::json).collect();
        json!({ "numerics": plan::NUMERICS, "events": self.events, "columns": self.columns, "watch": self.watch, "cells": cells })
    }

    /// Runs it under a control word of the caller.
    pub fn run_under(&self, cancel: &AtomicU32, progress: &AtomicU32) -> Result<Columns, Error> {
        run_text(&self.json().to_string(), &self.tables, cancel, progress, self.level, self.threads)
    }

    /// Runs it, or says why not.
    pub fn try_run(&self) -> Result<Columns, Error> {
        self.run_under(&AtomicU32::new(0), &AtomicU32::new(0))
    }

    /// Runs it.
    pub fn run(self) -> Run {
        let columns = self.try_run().unwrap_or_else(|error| panic!("{error}\n{}", self.json()));
        let shapes = self.cells.iter().map(|cell| (cell.chains(), cell.recorded())).collect();
        Run { columns, shapes }
    }
}

/// Runs the text of a block.
pub fn run_text(
    text: &str,
    tables: &[Arc<Table>],
    cancel: &AtomicU32,
    progress: &AtomicU32,
    level: Level,
    threads: usize,
) -> Result<Columns, Error> {
    let block = plan::Block::parse(text)?;
    run_block(&block, tables, &Control::new(cancel, progress, work(&block)), level, &Threads::of(threads)?)
}

/// What a block recorded.
pub struct Run {
    /// As the core gave it.
    pub columns: Columns,
    /// Chains of each cell, and rows of each chain.
    shapes: Vec<(usize, usize)>,
}

impl Run {
    /// A column at a generation of the block's first cell, by replicate.
    pub fn at(&self, generation: u32, column: &str) -> Vec<f64> {
        self.of_cell(0, generation, column)
    }

    /// A column at a generation of a cell (by its place in the block), by replicate.
    pub fn of_cell(&self, place: usize, generation: u32, column: &str) -> Vec<f64> {
        let (from, (chains, recorded)) = (self.first_row(place), self.shapes[place]);
        let values = &self.columns.values[position(&self.columns.names, column)];
        let offset = self.columns.generation[from..from + recorded].iter().position(|&g| g == generation);
        let offset = offset.unwrap_or_else(|| panic!("generation {generation} was not recorded"));
        (0..chains).map(|chain| values[from + chain * recorded + offset]).collect()
    }

    /// A chain of the block's first cell through its recorded generations.
    pub fn chain(&self, chain: usize, column: &str) -> &[f64] {
        let recorded = self.shapes[0].1;
        &self.columns.values[position(&self.columns.names, column)][chain * recorded..(chain + 1) * recorded]
    }

    /// Dates of an event of the block's first cell, -1 where it did not happen.
    pub fn dates(&self, event: &str) -> Vec<i32> {
        self.columns.events[position(&self.columns.event_names, event)][..self.shapes[0].0].to_vec()
    }

    /// Every bit that was recorded.
    pub fn bits(&self) -> (Vec<Vec<u64>>, Vec<Vec<i32>>) {
        bits(&self.columns)
    }

    fn first_row(&self, place: usize) -> usize {
        self.shapes[..place].iter().map(|(chains, recorded)| chains * recorded).sum()
    }
}

/// Bit patterns of values and events.
pub fn bits(columns: &Columns) -> (Vec<Vec<u64>>, Vec<Vec<i32>>) {
    (columns.values.iter().map(|column| column.iter().map(|x| x.to_bits()).collect()).collect(), columns.events.clone())
}

fn position(names: &[String], name: &str) -> usize {
    names.iter().position(|have| have == name).unwrap_or_else(|| panic!("no column {name} in {names:?}"))
}
