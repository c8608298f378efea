//! What kernels at records come to, one pass over the records: their mass below a place, and the records drawn from them.

use rayon::prelude::*;

use crate::family::{CHUNK, Group};
use crate::math;
use crate::math::matrix::add;
use crate::random::alias::Alias;
use crate::random::key::Purpose;
use crate::random::lanes::LANES;
use crate::random::normal::Normals;
use crate::random::stream::below;
use crate::random::words::Words;
use crate::rows::Rows;
use crate::simd::{Level, kernel};

kernel! {
    /// Sum over records of w Phi(sign (edge - x) / h), in sixteen lanes; weights of 1 where there are none.
    fn mass_of(values: &[f64], weights: &[f64], edge: f64, scale: f64) -> f64 {
        let mut sums = [0.0; LANES];
        let (rows, rest) = values.as_chunks::<LANES>();
        for (row, x) in rows.iter().enumerate() {
            for i in 0..LANES {
                let w = if weights.is_empty() { 1.0 } else { weights[row * LANES + i] };
                sums[i] += w * math::normal_cdf((edge - x[i]) * scale);
            }
        }
        let done = rows.len() * LANES;
        for (i, x) in rest.iter().enumerate() {
            let w = if weights.is_empty() { 1.0 } else { weights[done + i] };
            sums[i] += w * math::normal_cdf((edge - x) * scale);
        }
        let mut total = 0.0;
        for sum in sums {
            total += sum;
        }
        total
    }
}

/// Share of the kernels' mass on one side of a place; `width` is the kernels' sd, 0 for the records themselves, of which one at the place counts.
pub fn share(level: Level, values: &[f64], weights: &[f64], total: f64, width: f64, place: f64, side: Side) -> f64 {
    if width > 0.0 {
        let scale = if side == Side::Below { 1.0 / width } else { -1.0 / width };
        return mass_of(level, values, weights, place, scale) / total;
    }
    let within = |x: f64| if side == Side::Below { x <= place } else { x >= place };
    let members = values.iter().enumerate().filter(|(_, x)| within(**x));
    members.map(|(i, _)| weights.get(i).copied().unwrap_or(1.0)).sum::<f64>() / total
}

/// A side of a place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Below,
    Above,
}

/// A law of kernels at records, ready to be drawn from.
pub struct Kernels<'a> {
    pub width: usize,
    pub rows: &'a Rows,
    /// Upper factor of the kernel's covariance; in one dimension its sd.
    pub factor: &'a [f64],
    /// Where deviations are stretched from, and by how much.
    pub mean: &'a [f64],
    pub stretch: f64,
    /// Of the records' weights, where they have any.
    alias: Option<Alias>,
}

/// Set in the number of a chunk whose words choose records, so that they share nothing with the chunk's normals.
const CHOICES: u64 = 1 << 63;

impl<'a> Kernels<'a> {
    pub fn new(width: usize, rows: &'a Rows, factor: &'a [f64], mean: &'a [f64], stretch: f64) -> Kernels<'a> {
        let alias = if rows.weights.is_empty() { None } else { Some(Alias::new(&rows.weights)) };
        Kernels { width, rows, factor, mean, stretch, alias }
    }

    /// Appends n records, of a chain's own sequences or of keyed chunks.
    pub fn draw(&self, n: usize, group: &mut Group, chain: usize, into: &mut Vec<f64>) {
        let (d, level, from) = (self.width, group.level, into.len());
        into.resize(from + n * d, 0.0);
        let out = &mut into[from..];
        if n as u64 <= CHUNK {
            self.choose(level, group.words(chain), out);
            let (normals, room) = group.normals(chain);
            let mut z = vec![0.0; out.len()];
            normals.fill(level, room, &mut z);
            return self.spread(&z, out);
        }
        let (key, batch, control) = (group.keys[chain], group.batch, group.control);
        out.par_chunks_mut(CHUNK as usize * d).enumerate().for_each(|(chunk, out)| {
            if control.cancelled() {
                return;
            }
            let chunk = chunk as u64;
            self.choose(level, &mut Words::new(&key, Purpose::SampleChunk, batch, chunk | CHOICES), out);
            let mut z = vec![0.0; out.len()];
            Normals::new(&key, Purpose::SampleChunk, batch, chunk).fill(level, &mut [0; 256], &mut z);
            self.spread(&z, out);
        });
    }

    fn choose(&self, level: Level, words: &mut Words, out: &mut [f64]) {
        let (d, records) = (self.width, self.rows.len(self.width) as u64);
        for out in out.chunks_exact_mut(d) {
            let word = words.next(level);
            let row = match &self.alias {
                None => below(word, records) as usize,
                Some(alias) => alias.draw(word) as usize,
            };
            out.copy_from_slice(&self.rows.values[row * d..(row + 1) * d]);
        }
    }

    fn spread(&self, z: &[f64], out: &mut [f64]) {
        let d = self.width;
        for (z, out) in z.chunks_exact(d).zip(out.chunks_exact_mut(d)) {
            for (k, &z) in z.iter().enumerate() {
                add(&mut out[k..], z, &self.factor[k * d + k..(k + 1) * d]);
            }
            if self.stretch != 1.0 {
                out.iter_mut().zip(self.mean).for_each(|(x, m)| *x = m + self.stretch * (*x - m));
            }
        }
    }
}
