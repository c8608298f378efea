//! What the tests share: a folder that goes away, and the columns of a part.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use genloss_store::Part;

pub const PLAN: &str = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b";

/// A folder of one test, removed at its end.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let name = format!("genloss-store-{}-{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Columns of `chains` chains with `length` rows each, two values and two events, with every awkward float in them.
pub struct Columns {
    pub cell: Vec<u32>,
    pub replicate: Vec<u32>,
    pub generation: Vec<u32>,
    pub mean: Vec<f64>,
    pub share: Vec<f64>,
    pub early: Vec<i32>,
    pub late: Vec<i32>,
}

impl Columns {
    pub fn new(chains: u32, length: u32) -> Self {
        let awkward = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 0.0, f64::MIN_POSITIVE / 4.0, f64::MAX];
        let rows: Vec<(u32, u32)> = (0..chains).flat_map(|chain| (0..length).map(move |row| (chain, row))).collect();
        Self {
            cell: rows.iter().map(|(chain, _)| chain / 1_000).collect(),
            replicate: rows.iter().map(|(chain, _)| u32::MAX - chain % 1_000).collect(),
            generation: rows.iter().map(|(_, row)| row * 10).collect(),
            mean: (0..rows.len()).map(|row| *awkward.get(row % 11).unwrap_or(&(row as f64).sin())).collect(),
            share: (0..rows.len()).map(|row| (row as f64).cos()).collect(),
            early: (0..chains as i32).map(|chain| chain % 5 - 1).collect(),
            late: vec![-1; chains as usize],
        }
    }

    /// Hands the part to a closure, because it borrows lists of borrowed columns.
    pub fn with<T>(&self, plan: &str, use_part: impl FnOnce(&Part) -> T) -> T {
        let Self { cell, replicate, generation, .. } = self;
        let values = [("mean", &self.mean[..]), ("share", &self.share[..])];
        let events = [("early", &self.early[..]), ("late", &self.late[..])];
        use_part(&Part { plan, cell, replicate, generation, values: &values, events: &events })
    }

    pub fn write(&self, path: &Path) -> genloss_store::Written {
        self.with(PLAN, |part| genloss_store::write(path, part)).unwrap()
    }
}
