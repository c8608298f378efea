//! What can go wrong with a part, in words: a write that failed, a file that is not the part it should be.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;

use crate::Extent;

/// Who has to act on a [`StoreError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The columns do not make a part: the caller's mistake, nothing was written.
    Columns,
    /// The file system, or the encoder, refused.
    File,
}

/// A part that could not be written. No file was left behind under a temporary name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    /// The part's path, as given.
    pub path: PathBuf,
    /// The step that failed, as the end of "could not ...".
    pub what: &'static str,
    /// The cause.
    pub why: String,
    /// Who has to act.
    pub kind: Kind,
}

impl StoreError {
    pub(crate) fn columns(path: &Path, why: String) -> Self {
        Self { path: path.into(), what: "lay out the columns", why, kind: Kind::Columns }
    }

    pub(crate) fn io(path: &Path, what: &'static str, cause: &io::Error) -> Self {
        Self { path: path.into(), what, why: cause.to_string(), kind: Kind::File }
    }

    pub(crate) fn parquet(path: &Path, cause: ParquetError) -> Self {
        // The encoder wraps what the disk said ("External: ..."): the inner error is the one worth reading.
        let why = match cause {
            ParquetError::External(inner) => inner.to_string(),
            other => other.to_string(),
        };
        Self { path: path.into(), what: "write the columns", why, kind: Kind::File }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: could not {}: {}", self.path.display(), self.what, self.why)
    }
}

impl std::error::Error for StoreError {}

/// Why a file is not the whole part of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// There is no such file.
    Missing,
    /// The file system refused to read it.
    Unreadable(String),
    /// The file does not begin as Parquet does.
    NotParquet,
    /// The file begins as Parquet does and does not end so, or is too short for the footer it announces.
    Truncated {
        /// The file's length, in bytes.
        bytes: u64,
    },
    /// The footer cannot be decoded, or contradicts itself.
    Footer(String),
    /// A sound Parquet file, without the footer entries of a part.
    NotPart,
    /// A part of another plan.
    OtherPlan {
        /// The plan that its footer names.
        found: String,
    },
    /// A part of the plan, and of another block.
    OtherBlock {
        /// The chains that it holds.
        found: Extent,
    },
    /// The columns recorded in the footer do not fill the file.
    Length {
        /// Bytes before the footer, by the footer.
        recorded: u64,
        /// Bytes before the footer, in the file.
        found: u64,
    },
    /// A byte before the footer has changed since the write.
    Body {
        /// The SHA-256 that the footer records.
        recorded: String,
        /// The SHA-256 of the bytes that are there.
        found: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Missing => write!(f, "it is missing"),
            Fault::Unreadable(why) => write!(f, "it cannot be read: {why}"),
            Fault::NotParquet => write!(f, "it is not a Parquet file"),
            Fault::Truncated { bytes } => write!(f, "it is cut short: its {bytes} bytes do not end as a Parquet file"),
            Fault::Footer(why) => write!(f, "its footer is damaged: {why}"),
            Fault::NotPart => write!(f, "it is a Parquet file, but not a part: its footer names no plan or no hash"),
            Fault::OtherPlan { found } => write!(f, "it belongs to another plan, {found:?}"),
            Fault::OtherBlock { found: Extent { cells: [a, b], replicates: [c, d] } } => {
                write!(f, "it belongs to another block: it holds cells {a} to {b}, replicates {c} to {d}")
            }
            Fault::Length { recorded, found } => {
                write!(f, "its length is wrong: {found} bytes before the footer where {recorded} are recorded")
            }
            Fault::Body { recorded, found } => {
                write!(f, "its body has changed: the hash is {found} where {recorded} is recorded")
            }
        }
    }
}

impl std::error::Error for Fault {}
