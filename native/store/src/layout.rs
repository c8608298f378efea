//! The layout of a part: its schema, its encodings, and the columns that fit into it.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::errors::Result;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use crate::{Part, StoreError};

/// Footer entry: the hash of the plan.
pub(crate) const PLAN: &str = "genloss.plan";
/// Footer entry: the SHA-256 of all bytes before the footer.
pub(crate) const BODY: &str = "genloss.body";
/// Rows a group: a multiple of DuckDB's vectors (2,048), and the unit in which it skips and shares out work.
pub(crate) const GROUP: usize = 122_880;

const KEYS: [&str; 3] = ["cell", "replicate", "generation"];
/// Names the layout, not the release: a new release must not change the bytes of an old plan's parts.
const CREATED_BY: &str = "genloss version 1";

/// Refuses columns of unequal length, events that do not match the chains, and names used twice.
pub(crate) fn fits(path: &Path, part: &Part) -> std::result::Result<(), StoreError> {
    let refuse = |name: &str, got: usize, unit: &str, want: usize| {
        Err(StoreError::columns(path, format!("column \"{name}\" has {got} entries for {want} {unit}")))
    };
    let rows = part.generation.len();
    let keys = [("cell", part.cell.len()), ("replicate", part.replicate.len())];
    let values = part.values.iter().map(|(name, column)| (*name, column.len()));
    if let Some((name, got)) = keys.into_iter().chain(values).find(|(_, got)| *got != rows) {
        return refuse(name, got, "rows", rows);
    }
    let chains = part.generation.iter().filter(|&&generation| generation == 0).count();
    if let Some((name, dates)) = part.events.iter().find(|(_, dates)| dates.len() != chains) {
        return refuse(&event(name), dates.len(), "chains", chains);
    }
    let mut seen = HashSet::new();
    match names(part).find(|name| !seen.insert(name.clone())) {
        Some(name) => Err(StoreError::columns(path, format!("two columns are called \"{name}\""))),
        None => Ok(()),
    }
}

/// The columns in file order: three required keys, then nullable values and events.
pub(crate) fn schema(part: &Part) -> Result<TypePtr> {
    let count = KEYS.len() + part.values.len();
    let mut fields = Vec::with_capacity(count + part.events.len());
    for (index, name) in names(part).enumerate() {
        let field = if index < KEYS.len() {
            Type::primitive_type_builder(&name, Physical::INT32)
                .with_repetition(Repetition::REQUIRED)
                .with_logical_type(Some(LogicalType::integer(32, false)))
        } else {
            let physical = if index < count { Physical::DOUBLE } else { Physical::INT32 };
            Type::primitive_type_builder(&name, physical).with_repetition(Repetition::OPTIONAL)
        };
        fields.push(Arc::new(field.build()?));
    }
    Ok(Arc::new(Type::group_type_builder("part").with_fields(fields).build()?))
}

/// Integers as deltas with their range noted; floats as byte streams without one, because a reader that prunes by a
/// range takes NaN for its upper end and loses rows.
pub(crate) fn properties(part: &Part) -> Result<WriterPropertiesPtr> {
    let mut builder = WriterProperties::builder()
        .set_created_by(CREATED_BY.into())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::DELTA_BINARY_PACKED)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        // An index would stand between the last column and the footer, written after the body's hash is taken.
        .set_offset_index_disabled(true);
    for (name, _) in part.values {
        let column = ColumnPath::new(vec![name.to_string()]);
        builder = builder
            .set_column_encoding(column.clone(), Encoding::BYTE_STREAM_SPLIT)
            .set_column_statistics_enabled(column, EnabledStatistics::None);
    }
    Ok(Arc::new(builder.build()))
}

fn names<'a>(part: &'a Part) -> impl Iterator<Item = String> + 'a {
    let keys = KEYS.iter().map(|name| name.to_string());
    let values = part.values.iter().map(|(name, _)| name.to_string());
    keys.chain(values).chain(part.events.iter().map(|(name, _)| event(name)))
}

fn event(name: &str) -> String {
    format!("event_{name}")
}
