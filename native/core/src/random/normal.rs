//! Standard normal numbers by a 2048-layer modified ziggurat: one word, one product and no comparison for 99.85 % of them.
//!
//! Value = odd 52-bit integer times the layer's half width, correctly rounded; the rest of the area is drawn exactly (Marsaglia's tail,
//! so there is no largest value). Words of the rest come from a scalar stream in the order of the samples, so that results do not
//! depend on the vector width. Source: McFarland, J. Stat. Comput. Simul. 86 (2016); Marsaglia, Ann. Math. Statist. 35 (1964).

use super::key::{Key, Purpose};
use super::lanes::{self, LANES, Lanes};
use super::normal_table as table;
use super::stream::{Stream, signed, unit};
use crate::math;
#[cfg(target_arch = "x86_64")]
use crate::simd::Kind;
use crate::simd::{Level, kernel};

const fn floats<const N: usize>(bits: [u64; N]) -> [f64; N] {
    let mut out = [0.0; N];
    let mut i = 0;
    while i < N {
        out[i] = f64::from_bits(bits[i]);
        i += 1;
    }
    out
}

static WIDTH: [f64; 2048] = floats(table::WIDTH);
static X: [f64; table::LAYERS as usize] = floats(table::X);
static Y: [f64; table::LAYERS as usize] = floats(table::Y);
const PIECE: [f64; table::LAYERS as usize + 1] = floats(table::PIECE);

/// Where the search for a piece begins: the first whose cumulative share reaches j/1024.
static GUIDE: [u16; 1024] = {
    let mut guide = [0; 1024];
    let (mut j, mut piece) = (0, 0);
    while j < 1024 {
        while PIECE[piece] < j as f64 / 1024.0 {
            piece += 1;
        }
        guide[j] = piece as u16;
        j += 1;
    }
    guide
};

/// The bits of a word that choose its layer; the value's 52 bits begin above them.
const INDEX: u64 = 2047;

/// The value of a word, right where `accepted`.
#[inline(always)]
pub(super) fn value(word: u64) -> f64 {
    signed(word) * WIDTH[(word & INDEX) as usize]
}

/// Bit 63 is set where the word's layer needs `rest`.
#[inline(always)]
pub(super) fn rejected(word: u64) -> u64 {
    (table::LAYERS - 1).wrapping_sub(word & INDEX)
}

/// Where the tail that has no layers begins.
pub const TAIL: f64 = f64::from_bits(table::X[0]);

/// Draws from the area that the layers leave over; the sign is the word's.
#[cold]
pub(super) fn rest(word: u64, side: &mut Stream) -> f64 {
    let magnitude = loop {
        let u = side.uniform();
        let mut piece = usize::from(GUIDE[(u * GUIDE.len() as f64) as usize]);
        while PIECE[piece] < u && piece + 1 < PIECE.len() {
            piece += 1;
        }
        if piece == 0 {
            break tail(TAIL, side);
        }
        let (left, right, low, high) =
            if piece < X.len() { (X[piece], X[piece - 1], Y[piece - 1], Y[piece]) } else { (0.0, X[piece - 1], Y[piece - 1], 1.0) };
        let x = left + (right - left) * side.uniform();
        let y = low + (high - low) * side.uniform();
        if y < math::exp(-0.5 * x * x) {
            break x;
        }
    };
    if word >> 63 == 1 { magnitude } else { -magnitude }
}

/// A normal number beyond `from` (Marsaglia 1964).
pub fn tail(from: f64, side: &mut Stream) -> f64 {
    loop {
        let a = -math::ln(side.uniform()) / from;
        let b = -math::ln(side.uniform());
        if 2.0 * b >= a * a {
            return from + a;
        }
    }
}

/// One standard normal number from a scalar stream.
pub fn normal(stream: &mut Stream) -> f64 {
    let word = stream.word();
    if rejected(word) >> 63 == 0 { value(word) } else { rest(word, stream) }
}

/// Values per call of the block kernel; sixteen lanes by sixty-four rows.
pub const BLOCK: usize = 1024;

/// Maps words to values; bit r of the answer is set where row r (of sixteen) holds a word that needs `rest`.
///
/// A table read at computed places is the one thing that compilers do not vectorise well, so these loops are written out.
#[allow(unsafe_code)]
fn map_block(level: Level, words: &[u64], out: &mut [f64]) -> u64 {
    assert!(words.len() == out.len() && words.len() <= BLOCK && words.len().is_multiple_of(LANES));
    #[cfg(target_arch = "x86_64")]
    match level.0 {
        // SAFETY: the level was detected, and lengths were checked above.
        Kind::Avx512 => return unsafe { gather::avx512(words, out) },
        Kind::Avx2 => return unsafe { gather::avx2(words, out) },
        Kind::Base => {}
    }
    let mut flagged = 0;
    for (row, (words, values)) in words.as_chunks::<LANES>().0.iter().zip(out.as_chunks_mut::<LANES>().0).enumerate() {
        let mut any = 0;
        for i in 0..LANES {
            values[i] = value(words[i]);
            any |= rejected(words[i]);
        }
        flagged |= (any >> 63) << row;
    }
    flagged
}

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod gather {
    //! `map_block` with gather instructions: the same integer steps and the same one subtraction and product a value.
    use super::{INDEX, LANES, WIDTH, table};
    use std::arch::x86_64::*;

    const ONE: i64 = 0x4330_0000_0000_0001;
    const SHIFT: f64 = 6_755_399_441_055_744.0;

    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,avx512cd")]
    pub unsafe fn avx512(words: &[u64], out: &mut [f64]) -> u64 {
        let mut flagged = 0;
        for (row, (words, values)) in words.as_chunks::<LANES>().0.iter().zip(out.as_chunks_mut::<LANES>().0).enumerate() {
            let mut any = 0;
            for half in 0..2 {
                // SAFETY: eight words and eight values at 8 * half of sixteen; indices are below 2048.
                unsafe {
                    let word = _mm512_loadu_si512(words.as_ptr().add(8 * half).cast());
                    let layer = _mm512_and_si512(word, _mm512_set1_epi64(INDEX as i64));
                    let width = _mm512_i64gather_pd::<8>(layer, WIDTH.as_ptr());
                    let bits = _mm512_or_si512(_mm512_srli_epi64::<12>(word), _mm512_set1_epi64(ONE));
                    let odd = _mm512_sub_pd(_mm512_castsi512_pd(bits), _mm512_set1_pd(SHIFT));
                    _mm512_storeu_pd(values.as_mut_ptr().add(8 * half), _mm512_mul_pd(odd, width));
                    any |= _mm512_cmpge_epi64_mask(layer, _mm512_set1_epi64(table::LAYERS as i64));
                }
            }
            flagged |= u64::from(any != 0) << row;
        }
        flagged
    }

    #[target_feature(enable = "avx2")]
    pub unsafe fn avx2(words: &[u64], out: &mut [f64]) -> u64 {
        let mut flagged = 0;
        for (row, (words, values)) in words.as_chunks::<LANES>().0.iter().zip(out.as_chunks_mut::<LANES>().0).enumerate() {
            let mut any = _mm256_setzero_si256();
            for quarter in 0..4 {
                // SAFETY: four words and four values at 4 * quarter of sixteen; indices are below 2048.
                unsafe {
                    let word = _mm256_loadu_si256(words.as_ptr().add(4 * quarter).cast());
                    let layer = _mm256_and_si256(word, _mm256_set1_epi64x(INDEX as i64));
                    let width = _mm256_i64gather_pd::<8>(WIDTH.as_ptr(), layer);
                    let bits = _mm256_or_si256(_mm256_srli_epi64::<12>(word), _mm256_set1_epi64x(ONE));
                    let odd = _mm256_sub_pd(_mm256_castsi256_pd(bits), _mm256_set1_pd(SHIFT));
                    _mm256_storeu_pd(values.as_mut_ptr().add(4 * quarter), _mm256_mul_pd(odd, width));
                    any = _mm256_or_si256(any, _mm256_cmpgt_epi64(layer, _mm256_set1_epi64x(table::LAYERS as i64 - 1)));
                }
            }
            flagged |= u64::from(_mm256_testz_si256(any, any) == 0) << row;
        }
        flagged
    }
}

kernel! {
    /// Sum and sum of squares of `n` values from `from` on: sixteen lanes, added up in a fixed tree. Sixteen spare entries follow the last.
    fn sums(values: &[f64], from: usize, n: usize) -> (f64, f64) {
        let (mut s, mut q) = ([0.0; LANES], [0.0; LANES]);
        let values = &values[from..from + n.next_multiple_of(LANES)];
        let (rows, _) = values.as_chunks::<LANES>();
        let whole = n / LANES;
        for row in &rows[..whole] {
            for i in 0..LANES {
                s[i] += row[i];
                q[i] += row[i] * row[i];
            }
        }
        if let Some(row) = rows.get(whole) {
            for i in 0..LANES {
                let x = if i < n % LANES { row[i] } else { 0.0 };
                s[i] += x;
                q[i] += x * x;
            }
        }
        (tree(&s), tree(&q))
    }
}

/// Sum over lanes in a fixed tree: 8, 4, 2, 1.
#[inline(always)]
fn tree(v: &[f64; LANES]) -> f64 {
    let mut w = [0.0; 8];
    for i in 0..8 {
        w[i] = v[i] + v[i + 8];
    }
    for i in 0..4 {
        w[i] += w[i + 4];
    }
    (w[0] + w[2]) + (w[1] + w[3])
}

/// Fills `out` (a multiple of 16, at most `BLOCK` long) with standard normals.
/// `words` is room of the same length.
pub fn fill(level: Level, lanes: &mut Lanes, side: &mut Stream, words: &mut [u64], out: &mut [f64]) {
    lanes::fill(level, lanes, words);
    let mut flagged = map_block(level, words, out);
    while flagged != 0 {
        let row = flagged.trailing_zeros() as usize * LANES;
        for i in row..row + LANES {
            if rejected(words[i]) >> 63 == 1 {
                out[i] = rest(words[i], side);
            }
        }
        flagged &= flagged - 1;
    }
}

/// Room for the words behind a chain's buffer, shared by the chains of a group.
pub type Room = [u64; Normals::BUFFER];

/// Sum and sum of squares of standard normals, taken from a chain's own sequence of blocks: nothing is padded or thrown away.
#[derive(Clone, Debug)]
pub struct Normals {
    lanes: Lanes,
    side: Stream,
    buffer: Box<[f64; Normals::BUFFER + LANES]>,
    next: usize,
}

impl Normals {
    /// Values made at a time: 2 KiB, so that sixteen chains in step fit the first-level cache.
    const BUFFER: usize = 256;

    /// The normals of a chain (or of one chunk of a large batch).
    pub fn new(key: &Key, purpose: Purpose, batch: u64, chunk: u64) -> Normals {
        Normals {
            lanes: Lanes::of_key(key, purpose, batch, chunk),
            side: Stream::new(key.state(purpose, batch, chunk, LANES as u64)),
            buffer: Box::new([0.0; Normals::BUFFER + LANES]),
            next: Normals::BUFFER,
        }
    }

    /// The next number.
    pub fn next(&mut self, level: Level, words: &mut Room) -> f64 {
        self.refill(level, words);
        self.next += 1;
        self.buffer[self.next - 1]
    }

    #[inline]
    fn refill(&mut self, level: Level, words: &mut Room) {
        if self.next == Normals::BUFFER {
            fill(level, &mut self.lanes, &mut self.side, words, &mut self.buffer[..Normals::BUFFER]);
            self.next = 0;
        }
    }

    /// Sum and sum of squares of the next `n` numbers.
    pub fn sums(&mut self, level: Level, words: &mut Room, mut n: usize) -> (f64, f64) {
        let (mut sum, mut square) = (0.0, 0.0);
        while n > 0 {
            self.refill(level, words);
            let take = n.min(Normals::BUFFER - self.next);
            let (s, q) = sums(level, &self.buffer[..], self.next, take);
            sum += s;
            square += q;
            self.next += take;
            n -= take;
        }
        (sum, square)
    }
}

impl Normals {
    /// The next numbers.
    pub fn fill(&mut self, level: Level, words: &mut Room, out: &mut [f64]) {
        let mut done = 0;
        while done < out.len() {
            self.refill(level, words);
            let take = (out.len() - done).min(Normals::BUFFER - self.next);
            out[done..done + take].copy_from_slice(&self.buffer[self.next..self.next + take]);
            self.next += take;
            done += take;
        }
    }
}

/// Sum and sum of squares of one keyed chunk of `n` normals.
pub fn chunk_sums(level: Level, key: &Key, purpose: Purpose, batch: u64, chunk: u64, n: usize) -> (f64, f64) {
    let mut lanes = Lanes::of_key(key, purpose, batch, chunk);
    let mut side = Stream::new(key.state(purpose, batch, chunk, LANES as u64));
    let (mut words, mut values) = ([0; BLOCK], [0.0; BLOCK + LANES]);
    let (mut sum, mut square, mut left) = (0.0, 0.0, n);
    while left > 0 {
        let take = left.min(BLOCK);
        let padded = take.next_multiple_of(LANES);
        fill(level, &mut lanes, &mut side, &mut words[..padded], &mut values[..padded]);
        let (s, q) = sums(level, &values, 0, take);
        sum += s;
        square += q;
        left -= take;
    }
    (sum, square)
}

/// A uniform number from a word of the bulk lanes.
#[inline(always)]
pub(super) fn uniform(word: u64) -> f64 {
    unit(word)
}

#[cfg(test)]
#[path = "normal_tests.rs"]
mod tests;
