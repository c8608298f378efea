//! Parts: columns of a block to a Parquet file, and the check of one.

use std::path::Path;

use genloss_core::error::Error;
use genloss_store::{Part, Written, check, write};
use napi::bindgen_prelude::{AsyncTask, Env, Task};
use napi_derive::napi;

use crate::block::BlockColumns;
use crate::thrown;

/// What was written.
#[napi(object)]
pub struct WrittenPart {
    /// The file's length.
    pub bytes: f64,
    /// The file's SHA-256, 64 hex digits.
    pub sha256: String,
}

/// The work behind `writePart`.
pub struct PartTask {
    path: String,
    plan: String,
    block: BlockColumns,
}

impl PartTask {
    fn write(&self) -> Result<Written, Error> {
        let BlockColumns { cell, replicate, generation, names, values, event_names, events } = &self.block;
        let values: Vec<(&str, &[f64])> = names.iter().map(String::as_str).zip(values.iter().map(AsRef::as_ref)).collect();
        let events: Vec<(&str, &[i32])> = event_names.iter().map(String::as_str).zip(events.iter().map(AsRef::as_ref)).collect();
        let part = Part { plan: &self.plan, cell, replicate, generation, values: &values, events: &events };
        write(Path::new(&self.path), &part).map_err(|error| Error {
            code: "io",
            path: self.path.clone(),
            value: error.to_string(),
            rule: "a part that can be written".into(),
            hint: "check that the folder exists, can be written and has room".into(),
        })
    }
}

impl Task for PartTask {
    type Output = Written;
    type JsValue = WrittenPart;

    fn compute(&mut self) -> napi::Result<Written> {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.write()))
            .unwrap_or_else(|_| Err(Error::plan(&self.path, "a panic", "a part that can be written")))
            .map_err(|error| thrown(&error))
    }

    fn resolve(&mut self, _env: Env, written: Written) -> napi::Result<WrittenPart> {
        Ok(WrittenPart { bytes: written.bytes as f64, sha256: written.sha256 })
    }
}

/// Writes a block's columns as one Parquet file, under a private name until it is whole; `plan` is the plan's hash.
#[napi(catch_unwind, ts_return_type = "Promise<WrittenPart>")]
pub fn write_part(path: String, plan: String, block: BlockColumns) -> AsyncTask<PartTask> {
    AsyncTask::new(PartTask { path, plan, block })
}

/// What is wrong with a part, in words; null if nothing is. `body` also re-reads and hashes all of it.
#[napi(catch_unwind)]
pub fn check_part(path: String, plan: String, body: bool) -> Option<String> {
    check(Path::new(&path), &plan, body).err().map(|fault| fault.to_string())
}
