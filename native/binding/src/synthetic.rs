//! A table in, made rows out.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use genloss_core::control::Control;
use genloss_core::error::Error;
use genloss_core::models::copula::synthetic::{Request, synthesize as make};
use genloss_core::plan::Model;
use genloss_core::pool::Threads;
use genloss_core::simd::Level;
use genloss_core::table::{self, TableColumn};
use napi::bindgen_prelude::{AsyncTask, Either, Env, Float64Array, Task, Uint32Array};
use napi_derive::napi;

use crate::block::Table;
use crate::thrown;

/// The work behind `synthesize`.
pub struct SyntheticTask {
    table: Arc<table::Table>,
    columns: Vec<usize>,
    model: String,
    rows: i64,
    seed: String,
    threads: usize,
}

impl SyntheticTask {
    fn columns(&self) -> Result<Vec<TableColumn>, Error> {
        let model = serde_json::from_str(&self.model).map_err(|error| Error::plan("model", error, "the text of a model"))?;
        let Model::Copula { margins, bounds } = model else {
            return Err(Error::plan("model.kind", &self.model, "copula, the model that rows can be made of"));
        };
        let seed = self.seed.parse().map_err(|_| Error::plan("seed", &self.seed, "a decimal number below 2^64"))?;
        let rows = u64::try_from(self.rows).map_err(|_| Error::plan("rows", self.rows, "a number of rows"))?;
        let (cancel, progress) = (AtomicU32::new(0), AtomicU32::new(0));
        let control = Control::new(&cancel, &progress, 1);
        let request = Request { table: &self.table, columns: &self.columns, margins: &margins, bounds, rows, seed };
        Threads::of(self.threads)?.install(|| make(&request, &control, Level::best()))
    }
}

impl Task for SyntheticTask {
    type Output = Vec<TableColumn>;
    type JsValue = Vec<Either<Float64Array, Uint32Array>>;

    fn compute(&mut self) -> napi::Result<Vec<TableColumn>> {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.columns()))
            .unwrap_or_else(|_| Err(Error::plan("model", "a panic", "a fit without a fault in the core")))
            .map_err(|error| thrown(&error))
    }

    fn resolve(&mut self, _env: Env, columns: Vec<TableColumn>) -> napi::Result<Self::JsValue> {
        let column = |column: TableColumn| match column {
            TableColumn::Numbers(values) => Either::A(values.to_vec().into()),
            TableColumn::Codes(codes) => Either::B(codes.to_vec().into()),
        };
        Ok(columns.into_iter().map(column).collect())
    }
}

/// Fits a copula to columns of a table and makes rows of it: columns of numbers (missing is NaN) or of the table's codes. `model` is the text
/// of a copula as a block has it. Rejects with JSON text: code, path, value, rule, hint.
#[napi(catch_unwind, ts_return_type = "Promise<Array<Float64Array | Uint32Array>>")]
pub fn synthesize(table: &Table, columns: Vec<u32>, model: String, rows: i64, seed: String, threads: u32) -> AsyncTask<SyntheticTask> {
    AsyncTask::new(SyntheticTask {
        table: table.shared(),
        columns: columns.into_iter().map(|column| column as usize).collect(),
        model,
        rows,
        seed,
        threads: threads as usize,
    })
}
