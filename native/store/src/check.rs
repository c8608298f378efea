//! Checks a part: is the file whole, of this plan, and if asked, are its bytes still those that were written.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::statistics::Statistics;
use sha2::{Digest, Sha256};

use crate::file::hex;
use crate::layout::{BODY, PLAN};
use crate::{Extent, Fault};

const MAGIC: &[u8; 4] = b"PAR1";
/// The footer's length, 4 bytes little-endian, and the magic.
const TAIL: u64 = 8;

/// Checks that `path` is a part of the plan, as long as its footer says; with `body`, hashes it as well.
///
/// Without `body` only the two ends of the file are read, which takes microseconds; a byte changed in the middle is
/// then not noticed. The footer itself is under no hash: compare with [`Written::sha256`](crate::Written) for that.
///
/// # Errors
/// The first fault found, from the cheapest to notice to the dearest.
pub fn check(path: &Path, plan: &str, body: bool) -> Result<(), Fault> {
    check_block(path, plan, None, body)
}

/// Checks a part as [`check`] does, and that it is the part of this block: one under another block's name would count
/// its rows twice and leave out those of the block.
///
/// # Errors
/// The first fault found, from the cheapest to notice to the dearest.
pub fn check_block(path: &Path, plan: &str, block: Option<Extent>, body: bool) -> Result<(), Fault> {
    let mut file = File::open(path).map_err(unreadable)?;
    let (footer, found) = footer(&mut file)?;
    let named = entry(&footer, PLAN).ok_or(Fault::NotPart)?;
    let hash = entry(&footer, BODY).ok_or(Fault::NotPart)?;
    if named != plan {
        return Err(Fault::OtherPlan { found: named.into() });
    }
    let recorded = recorded_length(&footer)?;
    if recorded != found {
        return Err(Fault::Length { recorded, found });
    }
    if let Some(expected) = block {
        let found = extent(&footer).ok_or_else(|| Fault::Footer("it does not tell which chains it holds".into()))?;
        if found != expected {
            return Err(Fault::OtherBlock { found });
        }
    }
    if body {
        let found = hash_of(&mut file, found).map_err(unreadable)?;
        if found != hash {
            return Err(Fault::Body { recorded: hash.into(), found });
        }
    }
    Ok(())
}

/// The decoded footer, and the count of bytes before it.
fn footer(file: &mut File) -> Result<(ParquetMetaData, u64), Fault> {
    let bytes = file.metadata().map_err(unreadable)?.len();
    let head = read_at(file, 0, bytes.min(4)).map_err(unreadable)?;
    if !MAGIC.starts_with(&head) {
        return Err(Fault::NotParquet);
    }
    let cut = Fault::Truncated { bytes };
    let before_tail = bytes.checked_sub(TAIL).ok_or(cut.clone())?;
    let tail = read_at(file, before_tail, TAIL).map_err(unreadable)?;
    let [a, b, c, d, magic @ ..] = &tail[..] else {
        return Err(cut);
    };
    let length = u64::from(u32::from_le_bytes([*a, *b, *c, *d]));
    let body = before_tail.checked_sub(length).filter(|&body| body >= 4 && magic == MAGIC).ok_or(cut)?;
    let encoded = read_at(file, body, length).map_err(unreadable)?;
    let decoded = ParquetMetaDataReader::decode_metadata(&encoded).map_err(|cause| Fault::Footer(cause.to_string()))?;
    Ok((decoded, body))
}

fn entry<'a>(footer: &'a ParquetMetaData, key: &str) -> Option<&'a str> {
    let entries = footer.file_metadata().key_value_metadata()?;
    entries.iter().find(|entry| entry.key == key)?.value.as_deref()
}

/// The chains that the footer tells of: the ranges of its key columns.
fn extent(footer: &ParquetMetaData) -> Option<Extent> {
    Some(Extent { cells: range(footer, 0)?, replicates: range(footer, 1)? })
}

/// The smallest and the largest number of a key column, which are u32s kept as the i32s of the same bits.
fn range(footer: &ParquetMetaData, column: usize) -> Option<[u32; 2]> {
    let ranges = footer.row_groups().iter().map(|group| match group.columns().get(column)?.statistics()? {
        Statistics::Int32(found) => Some([found.min_opt()?.cast_unsigned(), found.max_opt()?.cast_unsigned()]),
        _ => None,
    });
    ranges.reduce(|all, next| all.zip(next).map(|([a, b], [c, d])| [a.min(c), b.max(d)])).flatten()
}

/// The length of the body by the footer: after the opening magic the columns must follow each other without a gap.
fn recorded_length(footer: &ParquetMetaData) -> Result<u64, Fault> {
    let mut end = MAGIC.len() as i64;
    for group in footer.row_groups() {
        for column in group.columns() {
            if column.data_page_offset() != end || column.compressed_size() < 0 {
                let name = column.column_path().string();
                return Err(Fault::Footer(format!("column {name} does not begin where the one before it ends")));
            }
            end = end.saturating_add(column.compressed_size());
        }
    }
    Ok(end.unsigned_abs())
}

fn hash_of(file: &mut File, length: u64) -> io::Result<String> {
    file.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 17];
    let mut left = length;
    while left > 0 {
        let want = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        file.read_exact(&mut buffer[..want])?;
        hash.update(&buffer[..want]);
        left -= want as u64;
    }
    Ok(hex(hash))
}

fn read_at(file: &mut File, from: u64, count: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(count).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(cause: io::Error) -> Fault {
    match cause.kind() {
        ErrorKind::NotFound => Fault::Missing,
        _ => Fault::Unreadable(cause.to_string()),
    }
}
