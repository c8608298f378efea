//! Nothing but the whole part of the plan passes the check, and whatever is wrong is said in words.

mod support;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use genloss_store::{Extent, Fault, check, check_block};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use support::{Columns, Folder, PLAN};

/// A part on the disk, and its bytes.
fn part(path: &Path) -> Vec<u8> {
    Columns::new(50, 20).write(path);
    assert_eq!(check(path, PLAN, true), Ok(()));
    fs::read(path).unwrap()
}

fn fault(path: &Path, bytes: &[u8], body: bool) -> Option<Fault> {
    // In place: file systems sync a file that is emptied and filled again, thousands of times here.
    let mut file = File::options().write(true).create(true).truncate(false).open(path).unwrap();
    file.set_len(bytes.len() as u64).unwrap();
    file.write_all(bytes).unwrap();
    check(path, PLAN, body).err()
}

fn footer_start(bytes: &[u8]) -> usize {
    let (_, tail) = bytes.split_at(bytes.len() - 8);
    bytes.len() - 8 - u32::from_le_bytes(tail[..4].try_into().unwrap()) as usize
}

#[test]
fn a_file_cut_anywhere_is_found() {
    let folder = Folder::new();
    let path = folder.join("a.parquet");
    let bytes = part(&path);
    for length in 0..bytes.len() {
        let found = fault(&path, &bytes[..length], false);
        assert_eq!(found, Some(Fault::Truncated { bytes: length as u64 }), "{length} of {}", bytes.len());
    }
}

#[test]
fn bytes_lost_or_added_in_the_middle_are_found() {
    let folder = Folder::new();
    let path = folder.join("a.parquet");
    let bytes = part(&path);
    let body = footer_start(&bytes) as u64;
    for (at, count) in [(4, 1), (100, 7), (1_000, 512), (footer_start(&bytes) - 1, 1)] {
        let shorter = [&bytes[..at], &bytes[at + count..]].concat();
        let wanted = Fault::Length { recorded: body, found: body - count as u64 };
        assert_eq!(fault(&path, &shorter, false), Some(wanted));
        let longer = [&bytes[..at], &vec![0; count], &bytes[at..]].concat();
        let wanted = Fault::Length { recorded: body, found: body + count as u64 };
        assert_eq!(fault(&path, &longer, false), Some(wanted));
    }
    let longer = [&bytes[..], b"x"].concat();
    assert!(matches!(fault(&path, &longer, false), Some(Fault::Truncated { .. })));
}

#[test]
fn every_flipped_bit_of_the_body_is_found_by_the_hash() {
    let folder = Folder::new();
    let path = folder.join("a.parquet");
    let mut bytes = part(&path);
    for at in (0..footer_start(&bytes)).step_by(13) {
        bytes[at] ^= 1 << (at % 8);
        let found = fault(&path, &bytes, true);
        match at {
            0..4 => assert_eq!(found, Some(Fault::NotParquet)),
            _ => assert!(matches!(found, Some(Fault::Body { .. })), "byte {at}: {found:?}"),
        }
        bytes[at] ^= 1 << (at % 8);
    }
    assert_eq!(fault(&path, &bytes, true), None);
}

#[test]
fn a_damaged_footer_never_panics() {
    let folder = Folder::new();
    let path = folder.join("a.parquet");
    let mut bytes = part(&path);
    for at in footer_start(&bytes)..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            let found = fault(&path, &bytes, false);
            // The last eight bytes are the footer's length and the magic: no flip there may pass.
            assert!(found.is_some() || at + 8 < bytes.len(), "byte {at}");
            bytes[at] ^= 1 << bit;
        }
    }
    let (start, end) = (footer_start(&bytes), bytes.len() - 8);
    bytes[start..end].fill(0);
    assert!(matches!(fault(&path, &bytes, false), Some(Fault::Footer(_) | Fault::NotPart)));
}

#[test]
fn a_part_of_another_plan_is_named() {
    let folder = Folder::new();
    let path = folder.join("a.parquet");
    part(&path);
    let found = check(&path, "another", false).unwrap_err();
    assert_eq!(found, Fault::OtherPlan { found: PLAN.into() });
    assert!(found.to_string().contains(PLAN));
}

#[test]
fn a_part_of_another_block_is_named() {
    let folder = Folder::new();
    let path = folder.join("a.parquet");
    // Two groups of rows; replicates count down from the largest, so that their order is that of unsigned numbers.
    Columns::new(2_500, 60).write(&path);
    let own = Extent { cells: [0, 2], replicates: [u32::MAX - 999, u32::MAX] };
    assert_eq!(check_block(&path, PLAN, Some(own), true), Ok(()));
    for other in [Extent { cells: [1, 2], ..own }, Extent { cells: [0, 3], ..own }, Extent { replicates: [0, 999], ..own }] {
        assert_eq!(check_block(&path, PLAN, Some(other), false), Err(Fault::OtherBlock { found: own }));
    }
}

#[test]
fn what_is_no_part_is_told_apart() {
    let folder = Folder::new();
    let path = folder.join("a.parquet");
    assert_eq!(check(&path, PLAN, false), Err(Fault::Missing));
    assert_eq!(fault(&path, b"cell,replicate\n0,0\n", false), Some(Fault::NotParquet));
    assert!(matches!(check(&folder.join("."), PLAN, false), Err(Fault::Unreadable(_))));

    let schema = Arc::new(parse_message_type("message other { required int32 a; }").unwrap());
    let foreign = SerializedFileWriter::new(Vec::new(), schema, Default::default()).unwrap().into_inner().unwrap();
    assert_eq!(fault(&path, &foreign, false), Some(Fault::NotPart));
}

#[test]
fn faults_are_words() {
    let faults = [
        Fault::Missing,
        Fault::Unreadable("Permission denied".into()),
        Fault::NotParquet,
        Fault::Truncated { bytes: 7 },
        Fault::Footer("it ends early".into()),
        Fault::NotPart,
        Fault::OtherPlan { found: "abc".into() },
        Fault::OtherBlock { found: Extent { cells: [0, 1], replicates: [0, 9] } },
        Fault::Length { recorded: 10, found: 9 },
        Fault::Body { recorded: "ab".into(), found: "cd".into() },
    ];
    for fault in faults {
        let words = fault.to_string();
        assert!(words.starts_with("it"), "{words}");
    }
    assert_eq!(
        Fault::Length { recorded: 10, found: 9 }.to_string(),
        "its length is wrong: 9 bytes before the footer where 10 are recorded"
    );
}
