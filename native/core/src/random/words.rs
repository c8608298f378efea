//! A chain's bulk words: sixteen lanes read in order, for draws of classes and rows.

use super::key::{Key, Purpose};
use super::lanes::{LANES, Lanes, fill};
use super::stream::Stream;
use crate::simd::Level;

/// A buffered sequence of words and the scalar stream beside it.
#[derive(Clone, Debug)]
pub struct Words {
    lanes: Lanes,
    /// For rejections and rare choices.
    pub side: Stream,
    buffer: Box<[u64; Words::BUFFER]>,
    next: usize,
}

impl Words {
    const BUFFER: usize = 512;

    /// The words of a chain, or of one chunk of a large batch.
    pub fn new(key: &Key, purpose: Purpose, batch: u64, chunk: u64) -> Words {
        Words {
            lanes: Lanes::of_key(key, purpose, batch, chunk),
            side: Stream::new(key.state(purpose, batch, chunk, LANES as u64)),
            buffer: Box::new([0; Words::BUFFER]),
            next: Words::BUFFER,
        }
    }

    /// The next word.
    #[inline]
    pub fn next(&mut self, level: Level) -> u64 {
        if self.next == Words::BUFFER {
            fill(level, &mut self.lanes, &mut self.buffer[..]);
            self.next = 0;
        }
        self.next += 1;
        self.buffer[self.next - 1]
    }

    /// At least one and at most `want` of the next words.
    pub fn take(&mut self, level: Level, want: usize) -> &[u64] {
        if self.next == Words::BUFFER {
            fill(level, &mut self.lanes, &mut self.buffer[..]);
            self.next = 0;
        }
        let from = self.next;
        self.next = (from + want).min(Words::BUFFER);
        &self.buffer[from..self.next]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taking_and_stepping_read_the_same_words() {
        let key = Key::of_chain(1, [2, 3], 4);
        let mut stepped = Words::new(&key, Purpose::Draws, 0, 0);
        let mut taken = stepped.clone();
        let mut seen = Vec::new();
        while seen.len() < 2000 {
            seen.extend_from_slice(taken.take(Level::best(), 300));
        }
        assert!(seen.iter().all(|&word| word == stepped.next(Level::BASE)));
    }
}
