//! Sixteen xoshiro256++ streams side by side: the bulk generator, one step of all lanes at a time.

use super::key::{Key, Purpose};
use crate::simd::kernel;

/// The logical width of every kernel.
pub const LANES: usize = 16;

/// Sixteen states, one word of all lanes beside the next.
#[derive(Clone, Debug)]
pub struct Lanes {
    pub(crate) state: [[u64; LANES]; 4],
}

impl Lanes {
    /// Sixteen streams of one key: lane i has the key's state number i.
    pub fn of_key(key: &Key, purpose: Purpose, batch: u64, chunk: u64) -> Lanes {
        Lanes::build(|lane| key.state(purpose, batch, chunk, lane as u64))
    }

    /// One lane a chain: lane i belongs to the i-th key (spare lanes repeat the last key and are never read).
    pub fn of_chains(keys: &[Key], purpose: Purpose) -> Lanes {
        Lanes::build(|lane| keys[lane.min(keys.len() - 1)].state(purpose, 0, 0, 0))
    }

    fn build(state: impl Fn(usize) -> [u64; 4]) -> Lanes {
        let mut lanes = Lanes { state: [[0; LANES]; 4] };
        for lane in 0..LANES {
            for (word, value) in state(lane).into_iter().enumerate() {
                lanes.state[word][lane] = value;
            }
        }
        lanes
    }

    /// One step of every lane.
    #[inline(always)]
    pub fn step(&mut self) -> [u64; LANES] {
        let [s0, s1, s2, s3] = &mut self.state;
        let mut out = [0; LANES];
        for i in 0..LANES {
            out[i] = s0[i].wrapping_add(s3[i]).rotate_left(23).wrapping_add(s0[i]);
        }
        for i in 0..LANES {
            let t = s1[i] << 17;
            s2[i] ^= s0[i];
            s3[i] ^= s1[i];
            s1[i] ^= s2[i];
            s0[i] ^= s3[i];
            s2[i] ^= t;
            s3[i] = s3[i].rotate_left(45);
        }
        out
    }

    /// One step of the lanes whose mask is all ones; the others stay where they are, so a chain never depends on its neighbours.
    #[inline(always)]
    pub fn step_where(&mut self, mask: &[u64; LANES]) -> [u64; LANES] {
        let before = self.state;
        let out = self.step();
        for (word, old) in self.state.iter_mut().zip(&before) {
            for i in 0..LANES {
                word[i] = (word[i] & mask[i]) | (old[i] & !mask[i]);
            }
        }
        out
    }
}

kernel! {
    /// Fills `out` (a multiple of 16 long) with the lanes' next words, sixteen at a time.
    pub fn fill(lanes: &mut Lanes, out: &mut [u64]) {
        let mut local = lanes.clone();
        for words in out.as_chunks_mut::<LANES>().0 {
            *words = local.step();
        }
        *lanes = local;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::stream::Stream;
    use crate::simd::Level;

    #[test]
    fn every_lane_is_a_scalar_stream_at_every_level() {
        let key = Key::of_chain(7, [1, 2], 3);
        for level in Level::available() {
            let mut lanes = Lanes::of_key(&key, Purpose::Draws, 4, 5);
            let mut out = vec![0; 16 * LANES];
            fill(level, &mut lanes, &mut out);
            for lane in 0..LANES {
                let mut stream = Stream::new(key.state(Purpose::Draws, 4, 5, lane as u64));
                for step in 0..16 {
                    assert_eq!(out[step * LANES + lane], stream.word(), "{} lane {lane}", level.name());
                }
            }
        }
    }

    #[test]
    fn masked_lanes_stand_still() {
        let key = Key::of_chain(7, [1, 2], 3);
        let mut lanes = Lanes::of_key(&key, Purpose::Exact, 0, 0);
        let before = lanes.clone();
        let mut mask = [u64::MAX; LANES];
        mask[3] = 0;
        lanes.step_where(&mask);
        for word in 0..4 {
            assert_eq!(lanes.state[word][3], before.state[word][3]);
            assert_ne!(lanes.state[0][4], before.state[0][4]);
        }
    }
}
