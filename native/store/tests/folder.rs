//! A write leaves the whole part or nothing, whoever else writes there.

mod support;

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use genloss_store::{Fault, Kind, Part, StoreError, check, write};
use support::{Columns, Folder, PLAN};

/// What lies in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn refused(path: &Path) -> StoreError {
    Columns::new(20, 5).with(PLAN, |part| write(path, part)).unwrap_err()
}

#[test]
fn a_folder_that_takes_no_files_is_an_error() {
    let folder = Folder::new();
    fs::write(folder.join("plain"), "not a folder").unwrap();
    for path in [folder.join("absent/a.parquet"), folder.join("plain/a.parquet"), "/".into()] {
        let error = refused(&path);
        assert_eq!((error.kind, &error.path), (Kind::File, &path));
        let start = format!("{}: could not create a file beside it: ", path.display());
        assert!(error.to_string().starts_with(&start), "{error}");
    }
    assert_eq!(names(&folder.join("")), ["plain"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_without_permission_is_an_error() {
    let error = refused(Path::new("/proc/self/a.parquet")); // refuses root as well
    assert_eq!((error.kind, error.what), (Kind::File, "create a file beside it"));
}

#[test]
fn a_write_that_fails_late_removes_its_file() {
    let folder = Folder::new();
    let path = folder.join("a.parquet");
    fs::create_dir(&path).unwrap();
    fs::write(path.join("inside"), "so that no file can take its place").unwrap();
    let error = refused(&path);
    assert_eq!((error.kind, error.what), (Kind::File, "rename the finished file"));
    assert_eq!(names(&folder.join("")), ["a.parquet"]);
    assert_eq!(names(&path), ["inside"]);
}

#[test]
fn columns_that_do_not_fit_are_refused() {
    let folder = Folder::new();
    let path = folder.join("a.parquet");
    let good = Part { plan: PLAN, cell: &[0; 4], replicate: &[0; 4], generation: &[0, 1, 0, 1], values: &[], events: &[] };
    let cases = [
        (Part { cell: &[0; 3], ..good }, "column \"cell\" has 3 entries for 4 rows"),
        (Part { replicate: &[], ..good }, "column \"replicate\" has 0 entries for 4 rows"),
        (Part { values: &[("mean", &[1.0; 5])], ..good }, "column \"mean\" has 5 entries for 4 rows"),
        (Part { events: &[("late", &[1])], ..good }, "column \"event_late\" has 1 entries for 2 chains"),
        (Part { values: &[("sd", &[0.0; 4]), ("sd", &[1.0; 4])], ..good }, "two columns are called \"sd\""),
        (Part { values: &[("cell", &[0.0; 4])], ..good }, "two columns are called \"cell\""),
    ];
    for (part, why) in cases {
        let error = write(&path, &part).unwrap_err();
        assert_eq!((error.kind, error.why.as_str()), (Kind::Columns, why));
    }
    assert!(names(&folder.join("")).is_empty());
    write(&path, &good).unwrap();
}

#[test]
fn an_older_file_is_replaced_and_strangers_are_left_alone() {
    let folder = Folder::new();
    let path = folder.join("a.parquet");
    fs::write(&path, "half a part").unwrap();
    // What a dead process with this one's number would have left in a shared folder.
    let stale: Vec<_> = (0..100).map(|n| folder.join(&format!(".a.parquet.{}.{n}.tmp", std::process::id()))).collect();
    for file in &stale {
        fs::write(file, "stale").unwrap();
    }
    Columns::new(20, 5).write(&path);
    assert_eq!(check(&path, PLAN, true), Ok(()));
    assert_eq!(names(&folder.join("")).len(), 101);
    assert!(stale.iter().all(|file| fs::read(file).unwrap() == b"stale"));
}

/// Runs itself in four further processes that write one path over and over, and checks the file all the while.
#[test]
fn processes_may_write_the_same_part_at_once() {
    const PATH: &str = "GENLOSS_STORE_TEST_PATH";
    let columns = Columns::new(100, 20);
    if let Some(path) = env::var_os(PATH) {
        (0..25).for_each(|_| drop(columns.write(Path::new(&path))));
        return;
    }
    let folder = Folder::new();
    let path = folder.join("a.parquet");
    let start = || {
        let mut writer = Command::new(env::current_exe().unwrap());
        writer.args(["--exact", "processes_may_write_the_same_part_at_once"]).env(PATH, &path).stdout(Stdio::null()).spawn().unwrap()
    };
    let mut writers: Vec<_> = (0..4).map(|_| start()).collect();
    while writers.iter_mut().any(|writer| writer.try_wait().unwrap().is_none()) {
        assert!(matches!(check(&path, PLAN, true), Ok(()) | Err(Fault::Missing)));
    }
    assert!(writers.iter_mut().all(|writer| writer.wait().unwrap().success()));
    assert_eq!(check(&path, PLAN, true), Ok(()));
    assert_eq!(names(&folder.join("")), ["a.parquet"]);
}
