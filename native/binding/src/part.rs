//! Parts: columns of a block to a Parquet file, and the check of one.

use std::path::Path;

use genloss_core::error::Error;
use genloss_store::{Extent, Part, Written, check_block, write};
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

/// What can be done about a file system's refusal; finished parts are kept in any case.
fn cure(why: &str) -> &'static str {
    if why.contains("os error 28") || why.contains("os error 122") {
        "make room, and the same run again goes on"
    } else {
        "check that the folder exists and can be written, and the same run again goes on"
    }
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
            value: error.why.clone(),
            rule: "a part that can be written".into(),
            hint: format!("could not {}; {}", error.what, cure(&error.why)),
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

/// Chains: the first cell and the one after the last, the first replicate and the one after the last.
#[napi(object)]
pub struct Chains {
    /// Of the cells.
    pub cells: Vec<u32>,
    /// Of the replicates.
    pub replicates: Vec<u32>,
}

/// What is wrong with a part, in words; null if nothing is. `block` are the chains that it should hold; `body` also re-reads and
/// hashes all of it.
#[napi(catch_unwind)]
pub fn check_part(path: String, plan: String, body: bool, block: Option<Chains>) -> Option<String> {
    let range = |from_to: &[u32]| [from_to.first().copied().unwrap_or(0), from_to.last().copied().unwrap_or(0).wrapping_sub(1)];
    let extent = block.map(|Chains { cells, replicates }| Extent { cells: range(&cells), replicates: range(&replicates) });
    check_block(Path::new(&path), &plan, extent, body).err().map(|fault| fault.to_string())
}
