//! Tables in, a block's text in, columns out, with a control word beside it.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use genloss_core::columns::Columns;
use genloss_core::control::Control;
use genloss_core::error::Error;
use genloss_core::plan::Block;
use genloss_core::pool::{Threads, check_block as check, run_block as run, work};
use genloss_core::simd::Level;
use genloss_core::table;
use napi::bindgen_prelude::{AsyncTask, Either, Env, Float64Array, Int32Array, Reference, Task, Uint32Array};
use napi_derive::napi;

use crate::thrown;

/// Columns of real data, held by the core: numbers (missing is NaN) or codes of categories.
#[napi]
pub struct Table {
    inner: Arc<table::Table>,
}

#[napi]
impl Table {
    /// Copies the columns; all have the same length, at least one row.
    #[napi(constructor, catch_unwind)]
    pub fn new(columns: Vec<Either<Float64Array, Uint32Array>>) -> napi::Result<Table> {
        let columns = columns
            .iter()
            .map(|column| match column {
                Either::A(values) => table::TableColumn::Numbers(values.as_ref().into()),
                Either::B(codes) => table::TableColumn::Codes(codes.as_ref().into()),
            })
            .collect();
        let inner = table::Table::new(columns).map_err(|error| thrown(&error))?;
        Ok(Table { inner: Arc::new(inner) })
    }

    /// The columns themselves.
    pub(crate) fn shared(&self) -> Arc<table::Table> {
        self.inner.clone()
    }

    /// How many rows there are.
    #[napi(getter)]
    pub fn rows(&self) -> u32 {
        self.inner.rows() as u32
    }
}

/// How a block is run.
#[napi(object)]
pub struct RunOptions {
    /// Threads, 1 to 4096.
    pub threads: u32,
    /// base, avx2 or avx512; the best that the processor has if left out.
    pub simd: Option<String>,
}

/// The columns of a block. Rows are ordered by cell, replicate, generation; NaN is undefined; an event that did not happen is -1.
#[napi(object)]
pub struct BlockColumns {
    /// The row's cell in the plan.
    pub cell: Uint32Array,
    /// The row's replicate.
    pub replicate: Uint32Array,
    /// The row's generation.
    pub generation: Uint32Array,
    /// Names of `values`.
    pub names: Vec<String>,
    /// One array a column, one entry a row.
    pub values: Vec<Float64Array>,
    /// Names of `events`.
    pub event_names: Vec<String>,
    /// One array an event, one entry a chain in row order.
    pub events: Vec<Int32Array>,
}

impl From<Columns> for BlockColumns {
    fn from(columns: Columns) -> BlockColumns {
        BlockColumns {
            cell: columns.cell.into(),
            replicate: columns.replicate.into(),
            generation: columns.generation.into(),
            names: columns.names,
            values: columns.values.into_iter().map(Into::into).collect(),
            event_names: columns.event_names,
            events: columns.events.into_iter().map(Into::into).collect(),
        }
    }
}

/// The work behind `runBlock`.
pub struct BlockTask {
    text: String,
    tables: Vec<Arc<table::Table>>,
    control: Uint32Array,
    threads: usize,
    simd: Option<String>,
}

/// Cancel and progress of a control array.
pub fn words(control: &Uint32Array) -> Result<(&AtomicU32, &AtomicU32), Error> {
    let words = control.as_ref();
    if words.len() < 2 {
        return Err(Error::plan("control", words.len(), "at least two words over shared memory"));
    }
    // SAFETY: the array is alive as long as the references, its two first words are aligned u32s, and both sides use them as atomics only.
    Ok(unsafe { (AtomicU32::from_ptr(words.as_ptr().cast_mut()), AtomicU32::from_ptr(words.as_ptr().add(1).cast_mut())) })
}

impl BlockTask {
    fn columns(&self) -> Result<Columns, Error> {
        let block = Block::parse(&self.text)?;
        let level = match &self.simd {
            None => Level::best(),
            Some(name) => {
                Level::named(name).ok_or_else(|| Error::plan("simd", name, "a level that this processor has").hint("see simdLevels()"))?
            }
        };
        let (cancel, progress) = words(&self.control)?;
        let control = Control::new(cancel, progress, work(&block));
        run(&block, &self.tables, &control, level, &Threads::of(self.threads)?)
    }
}

impl Task for BlockTask {
    type Output = Columns;
    type JsValue = BlockColumns;

    fn compute(&mut self) -> napi::Result<Columns> {
        // The run catches panics of the core; this one covers all that is around it, where a panic would end the process.
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.columns()))
            .unwrap_or_else(|_| Err(Error::plan("block", "a panic", "a run without a fault in the core")))
            .map_err(|error| thrown(&error))
    }

    fn resolve(&mut self, _env: Env, columns: Columns) -> napi::Result<BlockColumns> {
        Ok(columns.into())
    }
}

/// Checks a block as `runBlock` would before it starts, and runs nothing. Throws JSON text: code, path, value, rule, hint.
#[napi(catch_unwind)]
pub fn check_block(block: String, tables: Vec<Reference<Table>>) -> napi::Result<()> {
    let tables: Vec<_> = tables.iter().map(|table| table.inner.clone()).collect();
    Block::parse(&block).and_then(|block| check(&block, &tables)).map_err(|error| thrown(&error))
}

/// Runs a block on the core's own threads. `control` is four words over shared memory: word 0 set to 1 cancels, word 1 tells the
/// progress from 0 to 65536. Rejects with JSON text: code, path, value, rule, hint.
#[napi(catch_unwind, ts_return_type = "Promise<BlockColumns>")]
pub fn run_block(block: String, tables: Vec<Reference<Table>>, control: Uint32Array, options: RunOptions) -> AsyncTask<BlockTask> {
    AsyncTask::new(BlockTask {
        text: block,
        tables: tables.iter().map(|table| table.inner.clone()).collect(),
        control,
        threads: options.threads as usize,
        simd: options.simd,
    })
}
