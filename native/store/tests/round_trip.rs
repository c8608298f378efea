//! What is written is what an independent reader finds: every value to the bit, events in their rows, a fixed layout.

mod support;

use std::fs::{self, File};
use std::path::Path;

use genloss_store::{Part, check, write};
use parquet::basic::{Encoding, Repetition};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use sha2::{Digest, Sha256};
use support::{Columns, Folder, PLAN};

fn rows(path: &Path) -> Vec<Vec<Field>> {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let rows = reader.get_row_iter(None).unwrap();
    rows.map(|row| row.unwrap().into_columns().into_iter().map(|(_, field)| field).collect()).collect()
}

fn double(value: f64) -> Field {
    if value.is_nan() { Field::Null } else { Field::Double(value) }
}

#[test]
fn every_value_comes_back() {
    let folder = Folder::new();
    let path = folder.join("00000000.parquet");
    let columns = Columns::new(13_001, 20); // three groups, the cuts inside chains
    columns.write(&path);

    let found = rows(&path);
    assert_eq!(found.len(), columns.cell.len());
    for (row, found) in found.iter().enumerate() {
        let date = |dates: &[i32]| match dates[row / 20] {
            date if row % 20 == 0 && date >= 0 => Field::Int(date),
            _ => Field::Null,
        };
        let wanted = [
            Field::UInt(columns.cell[row]),
            Field::UInt(columns.replicate[row]),
            Field::UInt(columns.generation[row]),
            double(columns.mean[row]),
            double(columns.share[row]),
            date(&columns.early),
            date(&columns.late),
        ];
        assert_eq!(found[..], wanted, "row {row}");
        if let Field::Double(value) = found[3] {
            assert_eq!(value.to_bits(), columns.mean[row].to_bits(), "row {row}");
        }
    }
}

#[test]
fn events_stand_where_chains_begin() {
    let folder = Folder::new();
    let path = folder.join("a.parquet");
    let part = Part {
        plan: PLAN,
        cell: &[0, 0, 0, 1, 2, 2],
        replicate: &[0, 0, 0, 0, 7, 7],
        generation: &[0, 5, 9, 0, 0, 1],
        values: &[],
        events: &[("early", &[9, -1, 0])],
    };
    write(&path, &part).unwrap();
    let found: Vec<Field> = rows(&path).into_iter().map(|mut row| row.pop().unwrap()).collect();
    assert_eq!(found, [Field::Int(9), Field::Null, Field::Null, Field::Null, Field::Int(0), Field::Null]);
}

#[test]
fn the_layout_is_the_one_described() {
    let folder = Folder::new();
    let path = folder.join("a.parquet");
    let written = Columns::new(13_001, 20).write(&path);
    let bytes = fs::read(&path).unwrap();
    assert_eq!(written.bytes, bytes.len() as u64);
    assert_eq!(written.sha256, hex(&bytes));

    let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
    let file = reader.metadata().file_metadata();
    let length = u32::from_le_bytes(bytes[bytes.len() - 8..][..4].try_into().unwrap()) as usize;
    let entries = file.key_value_metadata().unwrap();
    let entries: Vec<_> = entries.iter().map(|entry| (entry.key.as_str(), entry.value.as_deref().unwrap())).collect();
    let body = hex(&bytes[..bytes.len() - 8 - length]);
    assert_eq!(entries, [("genloss.plan", PLAN), ("genloss.body", body.as_str())]);
    assert_eq!(file.created_by(), Some("genloss version 1"));

    let names: Vec<_> = file.schema_descr().columns().iter().map(|column| column.name().to_string()).collect();
    assert_eq!(names, ["cell", "replicate", "generation", "mean", "share", "event_early", "event_late"]);
    assert_eq!(reader.metadata().row_groups().len(), 3);
    for (index, column) in reader.metadata().row_group(0).columns().iter().enumerate() {
        let float = (3..5).contains(&index);
        let encoding = if float { Encoding::BYTE_STREAM_SPLIT } else { Encoding::DELTA_BINARY_PACKED };
        assert!(column.encodings().any(|found| found == encoding), "{index}");
        assert_eq!(column.statistics().is_none(), float, "{index}");
        assert_eq!(column.dictionary_page_offset(), None);
        let required = column.column_descr().self_type().get_basic_info().repetition() == Repetition::REQUIRED;
        assert_eq!(required, index < 3);
    }
}

#[test]
fn the_same_part_gives_the_same_bytes() {
    let folder = Folder::new();
    let (first, second) = (folder.join("a.parquet"), folder.join("b.parquet"));
    let columns = Columns::new(7_000, 20);
    assert_eq!(columns.write(&first), columns.write(&second));
    assert_eq!(fs::read(first).unwrap(), fs::read(second).unwrap());
}

#[test]
fn a_part_without_rows_is_a_part() {
    let folder = Folder::new();
    let path = folder.join("a.parquet");
    Columns::new(0, 0).write(&path);
    assert_eq!(check(&path, PLAN, true), Ok(()));
    assert_eq!(rows(&path).len(), 0);
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
