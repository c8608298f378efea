//! The control word: a run asks it whether to go on, and tells it how far it is.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::error::Error;

/// Progress is told in these parts of a block.
pub const WHOLE: u64 = 65_536;

/// Cancel and progress, shared with whoever started the run.
pub struct Control<'a> {
    cancel: &'a AtomicU32,
    progress: &'a AtomicU32,
    done: AtomicU64,
    total: u64,
}

impl<'a> Control<'a> {
    /// A control over two shared words; `total` is the block's work in chain generations.
    pub fn new(cancel: &'a AtomicU32, progress: &'a AtomicU32, total: u64) -> Control<'a> {
        Control { cancel, progress, done: AtomicU64::new(0), total: total.max(1) }
    }

    /// Whether the run was asked to stop. Read it at least every 50 ms.
    #[inline]
    pub fn cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed) != 0
    }

    /// An error if the run was asked to stop.
    #[inline]
    pub fn check(&self) -> Result<(), Error> {
        if self.cancelled() { Err(Error::interrupted()) } else { Ok(()) }
    }

    /// Chain generations worth telling: few enough tellings that threads do not wait for each other.
    #[inline]
    pub fn grain(&self) -> u64 {
        self.total.div_ceil(2000)
    }

    /// Adds finished chain generations.
    pub fn advance(&self, work: u64) {
        let done = self.done.fetch_add(work, Ordering::Relaxed) + work;
        let parts = (u128::from(done) * u128::from(WHOLE) / u128::from(self.total)) as u32;
        self.progress.fetch_max(parts, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_in_parts_of_the_whole() {
        let (cancel, progress) = (AtomicU32::new(0), AtomicU32::new(0));
        let control = Control::new(&cancel, &progress, 8000);
        assert_eq!(control.grain(), 4);
        control.advance(2000);
        assert_eq!(u64::from(progress.load(Ordering::Relaxed)), WHOLE / 4);
        control.advance(6000);
        assert_eq!(u64::from(progress.load(Ordering::Relaxed)), WHOLE);
        assert!(control.check().is_ok());
        cancel.store(1, Ordering::Relaxed);
        assert_eq!(control.check().unwrap_err().code, "interrupted");
    }
}
