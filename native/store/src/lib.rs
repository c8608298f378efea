//! Writes and checks parts: one block's columns as one Parquet file.
//!
//! A part has a row for every recorded generation of every chain: `cell`, `replicate` and `generation` (u32), the
//! value columns (f64, NaN becomes null, infinities stay) and the event columns (`event_<name>`, i32, set in the row
//! of a chain's generation 0 only, null where the event never came). Its footer names the plan it belongs to
//! (`genloss.plan`) and the SHA-256 of every byte before the footer (`genloss.body`); it holds no time and no host,
//! so writing the same columns again gives the same bytes.
//!
//! ```
//! use genloss_store::{Part, check, write};
//!
//! let path = std::env::temp_dir().join(format!("genloss-doc-{}.parquet", std::process::id()));
//! let part = Part {
//!     plan: "the plan's hash",
//!     cell: &[0, 0],
//!     replicate: &[0, 0],
//!     generation: &[0, 1],
//!     values: &[("mean", &[0.25, f64::NAN])],
//!     events: &[("early", &[1])],
//! };
//! write(&path, &part)?;
//! assert_eq!(check(&path, "the plan's hash", true), Ok(()));
//! assert_eq!(check(&path, "x", false).unwrap_err().to_string(), "it belongs to another plan, \"the plan's hash\"");
//! # std::fs::remove_file(path)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod check;
mod error;
mod file;
mod layout;
mod unpack;
mod write;

pub use check::{check, check_block};
pub use error::{Fault, Kind, StoreError};
pub use unpack::{Broken, Unpacker};
pub use write::write;

/// The columns of one block. Rows are ordered by cell, replicate, generation; all row columns are equally long.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The plan's hash.
    pub plan: &'a str,
    /// The index of the row's cell.
    pub cell: &'a [u32],
    /// The replicate of the row's chain in its cell.
    pub replicate: &'a [u32],
    /// The row's generation; 0 starts a chain.
    pub generation: &'a [u32],
    /// Name and values of each value column, an entry a row; NaN is undefined.
    pub values: &'a [(&'a str, &'a [f64])],
    /// Name and dates of each event, an entry a chain in row order; a negative date is never.
    pub events: &'a [(&'a str, &'a [i32])],
}

/// Which chains a part holds: the first and the last cell, and the first and the last replicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Of the cells.
    pub cells: [u32; 2],
    /// Of the replicates.
    pub replicates: [u32; 2],
}

/// What stands on the disk after a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The length of the file, in bytes.
    pub bytes: u64,
    /// The SHA-256 of the whole file, footer included, in lower-case hex: what `sha256sum` prints.
    pub sha256: String,
}
