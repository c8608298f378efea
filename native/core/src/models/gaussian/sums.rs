//! Sums of records that are drawn one by one.

use crate::control::Control;
use crate::family::{CHUNK, Group};
use crate::math;
use crate::random::key::Purpose;
use crate::random::normal::chunk_sums;
use crate::random::stream::{below, unit};
use crate::random::words::Words;

/// Sums of `n` standard normals of a chain: its own sequence, or keyed chunks shared among threads.
pub fn normal_sums(group: &mut Group, chain: usize, n: u64, purpose: Purpose) -> (f64, f64) {
    if n <= CHUNK {
        let level = group.level;
        let (normals, room) = group.normals(chain);
        return normals.sums(level, room, n as usize);
    }
    let (level, key, batch, control) = (group.level, group.keys[chain], group.batch, group.control);
    pairwise(control, 0, n.div_ceil(CHUNK), &|chunk| chunk_sums(level, &key, purpose, batch, chunk, CHUNK.min(n - chunk * CHUNK) as usize))
}

/// Sums of chunks from..to, combined pairwise in the order of their indices whatever the number of threads; cut short when cancelled.
pub fn pairwise(control: &Control, from: u64, to: u64, chunk: &(impl Fn(u64) -> (f64, f64) + Sync)) -> (f64, f64) {
    if control.cancelled() {
        return (0.0, 0.0);
    }
    if to - from == 1 {
        return chunk(from);
    }
    let middle = from + (to - from).div_ceil(2);
    let halves = if to - from >= 16 {
        rayon::join(|| pairwise(control, from, middle, chunk), || pairwise(control, middle, to, chunk))
    } else {
        (pairwise(control, from, middle, chunk), pairwise(control, middle, to, chunk))
    };
    (halves.0.0 + halves.1.0, halves.0.1 + halves.1.1)
}

/// A standard normal number within k of 0, by inversion.
#[inline]
pub fn truncated(word: u64, k: f64) -> f64 {
    let low = math::normal_cdf(-k);
    math::normal_quantile(low + unit(word) * (1.0 - 2.0 * low)).clamp(-k, k)
}

/// The variance of a standard normal number within k of 0: 1 - 2 k phi(k) / (2 Phi(k) - 1).
pub fn truncated_variance(k: f64) -> f64 {
    let within = 1.0 - 2.0 * math::normal_cdf(-k);
    1.0 - 2.0 * k * math::normal_pdf(k) / within
}

/// Sums of `n` standard normals within k of 0.
pub fn truncated_sums(k: f64, group: &mut Group, chain: usize, n: u64) -> (f64, f64) {
    let level = group.level;
    let draw = |words: &mut Words, n: u64| {
        (0..n).map(|_| truncated(words.next(level), k)).fold((0.0, 0.0), |(sum, square), z| (sum + z, square + z * z))
    };
    if n <= CHUNK {
        return draw(group.words(chain), n);
    }
    let (key, batch, control) = (group.keys[chain], group.batch, group.control);
    pairwise(control, 0, n.div_ceil(CHUNK), &|chunk| {
        draw(&mut Words::new(&key, Purpose::SampleChunk, batch, chunk), CHUNK.min(n - chunk * CHUNK))
    })
}

/// Sums of `n` rows drawn with replacement.
pub fn row_sums(rows: &[f64], group: &mut Group, chain: usize, n: u64) -> (f64, f64) {
    let level = group.level;
    let draw = |words: &mut Words, n: u64| {
        let (mut sum, mut square, mut left) = (0.0, 0.0, n as usize);
        while left > 0 {
            let taken = words.take(level, left);
            for &word in taken {
                let x = rows[below(word, rows.len() as u64) as usize];
                sum += x;
                square += x * x;
            }
            left -= taken.len();
        }
        (sum, square)
    };
    if n <= CHUNK {
        return draw(group.words(chain), n);
    }
    let (key, batch, control) = (group.keys[chain], group.batch, group.control);
    pairwise(control, 0, n.div_ceil(CHUNK), &|chunk| {
        draw(&mut Words::new(&key, Purpose::RealChunk, batch, chunk), CHUNK.min(n - chunk * CHUNK))
    })
}
