//! Runs a block on a pool of threads of our own: groups of chains in any order, each writing its own rows, so threads change no byte.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use crate::chain::Out;
use crate::columns::{Columns, EVENTS};
use crate::control::Control;
use crate::error::Error;
use crate::family::Group;
use crate::models::module::Host;
use crate::models::{Runnable, ready};
use crate::plan::{Block, Cell, Method};
use crate::policies::sizes::Sizes;
use crate::simd::Level;
use crate::table::Table;

/// From so many records a generation on, a chain is a task of its own where that is needed to keep threads busy.
const ALONE: u64 = 4096;

/// A pool of threads.
#[derive(Clone)]
pub struct Threads(Arc<rayon::ThreadPool>);

impl Threads {
    /// The pool of a number of threads, made once and kept.
    pub fn of(threads: usize) -> Result<Threads, Error> {
        static POOLS: Mutex<Vec<(usize, Threads)>> = Mutex::new(Vec::new());
        if !(1..=4096).contains(&threads) {
            return Err(Error::plan("threads", threads, "1 to 4096 threads"));
        }
        let mut pools = POOLS.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some((_, pool)) = pools.iter().find(|(count, _)| *count == threads) {
            return Ok(pool.clone());
        }
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|i| format!("genloss-{i}"))
            .build()
            .map_err(|error| Error::plan("threads", threads, format!("threads that can be started: {error}")))?;
        let pool = Threads(Arc::new(pool));
        pools.push((threads, pool.clone()));
        Ok(pool)
    }

    /// Does work on this pool.
    pub fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.0.install(work)
    }
}

/// The work of a block in chain generations.
pub fn work(block: &Block) -> u64 {
    block.cells.iter().map(|cell| (cell.replicates[1] - cell.replicates[0]) * (u64::from(cell.generations) + 1)).sum()
}

/// Runs a block. A panic inside is caught and becomes an error with code `native`.
pub fn run_block(block: &Block, tables: &[Arc<Table>], control: &Control, level: Level, threads: &Threads) -> Result<Columns, Error> {
    caught(|| {
        threads.0.install(|| {
            let cells = ready_cells(block, tables, None)?;
            let mut columns = empty(block, &cells);
            cut(block, &cells, &mut columns).into_par_iter().with_max_len(1).try_for_each(|task| task.run(control, level))?;
            Ok(columns)
        })
    })
}

/// Runs a block whose models are outside of the core, on this thread alone: hosts that are bound to a thread need no other.
pub fn run_hosted(block: &Block, tables: &[Arc<Table>], control: &Control, level: Level, host: &Arc<dyn Host>) -> Result<Columns, Error> {
    caught(|| {
        let cells = ready_cells(block, tables, Some(host))?;
        let mut columns = empty(block, &cells);
        cut(block, &cells, &mut columns).into_iter().try_for_each(|task| task.run(control, level))?;
        Ok(columns)
    })
}

fn caught(run: impl FnOnce() -> Result<Columns, Error>) -> Result<Columns, Error> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let message = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
        Err(Error {
            code: "native",
            path: "block".into(),
            value: message.unwrap_or_else(|| "a panic".into()),
            rule: "a run without a fault in the core".into(),
            hint: "this is a fault of genloss: please report it with the experiment".into(),
        })
    })
}

/// Makes a block's cells ready and runs nothing: what is wrong with them is known before anything is written.
pub fn check_block(block: &Block, tables: &[Arc<Table>]) -> Result<(), Error> {
    block.cells.iter().try_for_each(|cell| ready(cell, block, tables, None).map(drop))
}

struct Task<'a> {
    cell: &'a dyn Runnable,
    first: u64,
    chains: usize,
    work: u64,
    out: Out<'a>,
}

/// The work of one chain in records drawn, or in fits where none are: it orders and sizes tasks, and moves no number.
fn chain_work(cell: &Cell) -> u64 {
    let records = match (cell.method, Sizes::new(&cell.n, "n")) {
        (Method::Draws, Ok(sizes)) => sizes.at(u64::from(cell.generations)).clamp(1, 1 << 32),
        _ => 1,
    };
    (u64::from(cell.generations) + 1) * records
}

impl Task<'_> {
    fn run(mut self, control: &Control, level: Level) -> Result<(), Error> {
        control.check()?;
        let cell = self.cell.cell();
        let seed = cell.seed.parse().map_err(|_| Error::plan("seed", &cell.seed, "a decimal number below 2^64"))?;
        let law = cell.law_words().ok_or_else(|| Error::plan("law", &cell.law, "32 hex digits"))?;
        let mut group = Group::new(seed, law, self.first, self.chains, level, control);
        self.cell.run(&mut group, &mut self.out)
    }
}

fn ready_cells(block: &Block, tables: &[Arc<Table>], host: Option<&Arc<dyn Host>>) -> Result<Vec<Box<dyn Runnable>>, Error> {
    let at = |i: usize, error: Error| Error { path: format!("cells[{i}].{}", error.path), ..error };
    block.cells.iter().enumerate().map(|(i, cell)| ready(cell, block, tables, host).map_err(|error| at(i, error))).collect()
}

fn empty(block: &Block, cells: &[Box<dyn Runnable>]) -> Columns {
    let mut columns = Columns { names: block.columns.clone(), ..Columns::default() };
    let mut chains = 0;
    for cell in cells {
        let cell = cell.cell();
        let recorded = cell.recorded();
        for replicate in cell.replicates[0]..cell.replicates[1] {
            chains += 1;
            columns.cell.extend(std::iter::repeat_n(cell.index, recorded.len()));
            columns.replicate.extend(std::iter::repeat_n(replicate as u32, recorded.len()));
            columns.generation.extend_from_slice(&recorded);
        }
    }
    let rows = columns.cell.len();
    columns.values = block.columns.iter().map(|_| vec![f64::NAN; rows]).collect();
    if block.events {
        columns.event_names = EVENTS.iter().copied().chain(["stopped_reason"]).map(String::from).collect();
        columns.events = columns.event_names.iter().map(|_| vec![-1; chains]).collect();
    }
    columns
}

/// Cuts the columns into slices, one task for each group of chains, the longest first: each goes to whichever thread is free, and what is
/// left for the end is short.
fn cut<'a>(block: &Block, cells: &'a [Box<dyn Runnable>], columns: &'a mut Columns) -> Vec<Task<'a>> {
    let mut values: Vec<&mut [f64]> = columns.values.iter_mut().map(Vec::as_mut_slice).collect();
    let mut events: Vec<&mut [i32]> = columns.events.iter_mut().map(Vec::as_mut_slice).collect();
    // Groups as wide as the family likes, but enough of them to keep every thread busy. Chains of many records use all
    // lanes alone; others share them.
    let total = block.cells.iter().map(|cell| (cell.replicates[1] - cell.replicates[0]).saturating_mul(chain_work(cell)));
    let fair = total.fold(0, u64::saturating_add) / (4 * rayon::current_num_threads() as u64);
    let mut tasks = Vec::new();
    for cell in cells {
        let [mut first, end] = cell.cell().replicates;
        let recorded = cell.cell().recorded().len();
        let work = chain_work(cell.cell());
        let alone = cell.cell().method == Method::Draws && work >= ALONE * (u64::from(cell.cell().generations) + 1);
        let step = if alone { 1 } else { 16 };
        let most = (fair / work).max(1).next_multiple_of(step).min(cell.width() as u64) as usize;
        while first < end {
            let chains = most.min((end - first) as usize);
            let out = Out {
                values: values.iter_mut().map(|column| split(column, chains * recorded)).collect(),
                events: events.iter_mut().map(|column| split(column, chains)).collect(),
            };
            tasks.push(Task { cell: cell.as_ref(), first, chains, work: work.saturating_mul(chains as u64), out });
            first += chains as u64;
        }
    }
    tasks.sort_by_key(|task| std::cmp::Reverse(task.work));
    tasks
}

fn split<'a, T>(column: &mut &'a mut [T], count: usize) -> &'a mut [T] {
    let (head, tail) = std::mem::take(column).split_at_mut(count);
    *column = tail;
    head
}
