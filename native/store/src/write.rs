//! Writes a part: its columns, a group of rows at a time, under a private name that becomes final when all is on disk.

use std::path::Path;

use parquet::data_type::{DataType, DoubleType, Int32Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter};

use crate::file::{Sink, Temporary};
use crate::layout::{self, BODY, GROUP, PLAN};
use crate::{Part, StoreError, Written};

/// Cells handed to the encoder at once: small enough for the nearest cache.
const BATCH: usize = 4_096;

/// Writes the part to `path`, in place of any file there; its folder must exist.
///
/// The file appears whole or not at all, in the face of errors, kills and power cuts, and any number of processes may
/// write the same part at once. Memory over the columns themselves stays at a few megabytes, whatever the rows.
///
/// # Errors
/// Columns that do not fit together (nothing is written), or a file system that refuses (the temporary file is
/// removed; a file that stood at `path` stays).
pub fn write(path: &Path, part: &Part) -> std::result::Result<Written, StoreError> {
    layout::fits(path, part)?;
    let (temporary, file) = Temporary::beside(path)?;
    let sink = encode(Sink::new(file), part).map_err(|cause| StoreError::parquet(path, cause))?;
    let written = sink.finish().map_err(|cause| StoreError::io(path, "bring it to the disk", &cause))?;
    temporary.publish(path)?;
    Ok(written)
}

fn encode(sink: Sink, part: &Part) -> Result<Sink> {
    let mut writer = SerializedFileWriter::new(sink, layout::schema(part)?, layout::properties(part)?)?;
    let mut chains = 0; // begun before this group
    for from in (0..part.generation.len()).step_by(GROUP) {
        let to = part.generation.len().min(from + GROUP);
        let mut group = writer.next_row_group()?;
        for column in [part.cell, part.replicate, part.generation] {
            keys(&mut group, &column[from..to])?;
        }
        for (_, column) in part.values {
            cells::<DoubleType>(&mut group, column[from..to].iter().map(|&x| (!x.is_nan()).then_some(x)))?;
        }
        let generations = &part.generation[from..to];
        for (_, dates) in part.events {
            cells::<Int32Type>(&mut group, event(generations, &dates[chains..]))?;
        }
        chains += generations.iter().filter(|&&generation| generation == 0).count();
        group.close()?;
    }
    writer.flush()?;
    let body = writer.inner().sha256();
    writer.append_key_value_metadata(KeyValue::new(PLAN.into(), part.plan.to_string()));
    writer.append_key_value_metadata(KeyValue::new(BODY.into(), body));
    writer.into_inner()
}

/// The dates of an event as cells: each chain's date in its row of generation 0, unless it is negative.
fn event(generations: &[u32], dates: &[i32]) -> impl Iterator<Item = Option<i32>> {
    let mut dates = dates.iter();
    generations.iter().map(move |&generation| {
        let date = if generation == 0 { dates.next() } else { None };
        date.copied().filter(|&date| date >= 0)
    })
}

/// Writes a required column; Parquet keeps u32 as the i32 of the same bits.
fn keys<W: std::io::Write + Send>(group: &mut SerializedRowGroupWriter<'_, W>, column: &[u32]) -> Result<()> {
    let mut writer = next(group)?;
    let mut values = Vec::with_capacity(BATCH);
    for batch in column.chunks(BATCH) {
        values.clear();
        values.extend(batch.iter().map(|value| value.cast_signed()));
        writer.typed::<Int32Type>().write_batch(&values, None, None)?;
    }
    writer.close()
}

/// Writes a nullable column: the values that are there, and for every row whether it has one.
fn cells<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, impl std::io::Write + Send>,
    mut column: impl Iterator<Item = Option<T::T>>,
) -> Result<()> {
    let mut writer = next(group)?;
    let (mut values, mut present) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
    loop {
        values.clear();
        present.clear();
        for cell in column.by_ref().take(BATCH) {
            present.push(i16::from(cell.is_some()));
            values.extend(cell);
        }
        if present.is_empty() {
            return writer.close();
        }
        writer.typed::<T>().write_batch(&values, Some(&present), None)?;
    }
}

fn next<'a>(group: &'a mut SerializedRowGroupWriter<'_, impl std::io::Write + Send>) -> Result<SerializedColumnWriter<'a>> {
    group.next_column()?.ok_or_else(|| ParquetError::General("the schema has fewer columns than the part".into()))
}
