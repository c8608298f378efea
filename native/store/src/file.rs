//! A file that appears whole or not at all: written and hashed under a private name, synced, then renamed.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use crate::{StoreError, Written};

/// A file of this process alone, beside the path it is meant for; removed when dropped before it is published.
pub(crate) struct Temporary {
    path: PathBuf,
    published: bool,
}

impl Temporary {
    /// Creates the file. Names carry the process and a counter; a name that another machine, or a process that died,
    /// has taken in a shared folder is passed over.
    pub(crate) fn beside(path: &Path) -> Result<(Self, File), StoreError> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let step = "create a file beside it";
        let Some(name) = path.file_name() else {
            return Err(StoreError::io(path, step, &io::Error::new(ErrorKind::InvalidInput, "the path names no file")));
        };
        loop {
            let mut hidden = OsString::from(".");
            hidden.push(name);
            hidden.push(format!(".{}.{}.tmp", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed)));
            let hidden = path.with_file_name(hidden);
            match File::create_new(&hidden) {
                Ok(file) => {
                    return Ok((Self { path: hidden, published: false }, file));
                }
                Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {}
                Err(cause) => return Err(StoreError::io(path, step, &cause)),
            }
        }
    }

    /// Gives the file its final name, in place of any file there, and makes the name last through a power cut.
    pub(crate) fn publish(mut self, path: &Path) -> Result<(), StoreError> {
        fs::rename(&self.path, path).map_err(|cause| StoreError::io(path, "rename the finished file", &cause))?;
        self.published = true;
        sync_folder(path).map_err(|cause| StoreError::io(path, "sync its folder", &cause))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.published {
            // The write's own error is the one to report; a file that cannot be removed is harmless, no reader sees it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A file that hashes and counts what goes into it.
pub(crate) struct Sink {
    file: File,
    hash: Sha256,
    bytes: u64,
}

impl Sink {
    pub(crate) fn new(file: File) -> Self {
        Self { file, hash: Sha256::new(), bytes: 0 }
    }

    /// The SHA-256 of everything so far, in hex.
    pub(crate) fn sha256(&self) -> String {
        hex(self.hash.clone())
    }

    /// Brings the bytes to the disk and closes the file.
    pub(crate) fn finish(self) -> io::Result<Written> {
        self.file.sync_all()?;
        Ok(Written { bytes: self.bytes, sha256: hex(self.hash) })
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.hash.update(&bytes[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A finished hash, in lower-case hex.
pub(crate) fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match File::open(folder)?.sync_all() {
        // Some network file systems cannot sync a folder, and need not: their renames are synchronous.
        Err(cause) if matches!(cause.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        other => other,
    }
}

#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(()) // Windows opens no folders as files; NTFS logs the rename itself.
}
