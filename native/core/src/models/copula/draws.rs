//! Records of a copula, drawn: normal numbers, latent coordinates, bins; and real records, rows of the table.

use rayon::prelude::*;

use super::coding::{Coding, MISSING};
use super::fit::Fit;
use super::sets::{BLOCK, Set, Tally};
use crate::family::{CHUNK, Group};
use crate::math::matrix::add;
use crate::random::key::Purpose;
use crate::random::normal::{Normals, Room};
use crate::random::stream::below;
use crate::random::words::Words;
use crate::simd::{Level, kernel};

/// Cells of a guide to thresholds, over latent numbers from -EDGE to EDGE.
const GUIDE: usize = 4096;
const EDGE: f64 = 6.0;

/// Finds the bin of a latent number: first a cell of equal width, then the thresholds within it.
struct Guide<'a> {
    thresholds: &'a [f64],
    alive: &'a [u32],
    /// Thresholds at or below each cell's start.
    starts: Vec<u32>,
}

impl<'a> Guide<'a> {
    fn new(thresholds: &'a [f64], alive: &'a [u32]) -> Guide<'a> {
        let start = |cell: usize| -EDGE + 2.0 * EDGE * (cell as f64 / GUIDE as f64);
        let mut at = 0;
        let starts = (0..=GUIDE)
            .map(|cell| {
                while cell > 0 && at < thresholds.len() && thresholds[at] <= start(cell) {
                    at += 1;
                }
                at as u32
            })
            .collect();
        Guide { thresholds, alive, starts }
    }

    #[inline]
    fn bin(&self, z: f64) -> u32 {
        // A cell too far to either side is mended by the two steps below.
        let cell = ((z + EDGE) * (GUIDE as f64 / (2.0 * EDGE))).clamp(0.0, GUIDE as f64 - 1.0) as usize;
        let (from, to) = (self.starts[cell] as usize, self.starts[cell + 1] as usize);
        let mut at = from + self.thresholds[from..to].partition_point(|t| *t < z);
        while at < self.thresholds.len() && self.thresholds[at] < z {
            at += 1;
        }
        while at > 0 && self.thresholds[at - 1] >= z {
            at -= 1;
        }
        self.alive[at]
    }
}

kernel! {
    /// Latent numbers of a block from normal ones, coordinate by coordinate: x = R'z.
    fn correlate(factor: &[f64], p: usize, z: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for k in 0..p {
            for i in k..p {
                let f = factor[k * p + i];
                if f != 0.0 {
                    add(&mut out[i * BLOCK..(i + 1) * BLOCK], f, &z[k * BLOCK..(k + 1) * BLOCK]);
                }
            }
        }
    }
}

/// A fitted copula ready to be drawn from.
pub struct Drawn<'a> {
    coding: &'a Coding,
    fit: &'a Fit,
    guides: Vec<Guide<'a>>,
}

impl<'a> Drawn<'a> {
    pub fn new(coding: &'a Coding, fit: &'a Fit) -> Drawn<'a> {
        let guides = fit.coordinates.iter().map(|c| Guide::new(&c.steps.thresholds, &c.steps.alive)).collect();
        Drawn { coding, fit, guides }
    }

    /// Codes of `n` records, a block at a time, column by column with `BLOCK` places each.
    fn blocks(&self, level: Level, normals: &mut Normals, room: &mut Room, n: usize, mut see: impl FnMut(&[u32], usize)) {
        let (p, d) = (self.coding.coordinates, self.coding.width());
        let (mut z, mut latent, mut codes) = (vec![0.0; p * BLOCK], vec![0.0; p * BLOCK], vec![0; d * BLOCK]);
        let mut left = n;
        while left > 0 {
            let records = left.min(BLOCK);
            normals.fill(level, room, &mut z);
            correlate(level, &self.fit.factor, p, &z, &mut latent);
            for (j, column) in self.coding.columns.iter().enumerate() {
                let codes = &mut codes[j * BLOCK..(j + 1) * BLOCK];
                let guide = &self.guides[j];
                codes.iter_mut().zip(&latent[j * BLOCK..(j + 1) * BLOCK]).take(records).for_each(|(code, z)| *code = guide.bin(*z));
                if let Some(presence) = column.presence {
                    let guide = &self.guides[presence];
                    for (code, z) in codes.iter_mut().zip(&latent[presence * BLOCK..]).take(records) {
                        if guide.bin(*z) == 0 {
                            *code = MISSING;
                        }
                    }
                }
            }
            see(&codes, records);
            left -= records;
        }
    }

    /// The set of `n` records: of the chain's own sequence, or of keyed chunks shared among threads.
    pub fn set(&self, n: u64, group: &mut Group, chain: usize, into: &mut Set) {
        into.clear();
        let (coding, level) = (self.coding, group.level);
        let learn = |normals: &mut Normals, room: &mut Room, n: u64, into: &mut Set| {
            let mut tally = Tally::new(coding, level);
            self.blocks(level, normals, room, n as usize, |codes, records| tally.add(codes, records, &[], into));
        };
        if n <= CHUNK {
            let (normals, room) = group.normals(chain);
            return learn(normals, room, n, into);
        }
        let key = group.keys[chain];
        let batch = group.batch;
        by_chunks(coding, n, group, into, |chunk, size, part| {
            learn(&mut Normals::new(&key, Purpose::SampleChunk, batch, chunk), &mut [0; 256], size, part);
        });
    }

    /// Appends n records, one after the other.
    pub fn records(&self, n: usize, group: &mut Group, chain: usize, into: &mut Vec<u32>) {
        let (d, level, from) = (self.coding.width(), group.level, into.len());
        into.resize(from + n * d, 0);
        let write = |normals: &mut Normals, room: &mut Room, out: &mut [u32]| {
            let mut done = 0;
            self.blocks(level, normals, room, out.len() / d, |codes, records| {
                for (i, row) in out[done * d..(done + records) * d].chunks_exact_mut(d).enumerate() {
                    row.iter_mut().enumerate().for_each(|(j, code)| *code = codes[j * BLOCK + i]);
                }
                done += records;
            });
        };
        let out = &mut into[from..];
        if n as u64 <= CHUNK {
            let (normals, room) = group.normals(chain);
            return write(normals, room, out);
        }
        let (key, batch, control) = (group.keys[chain], group.batch, group.control);
        out.par_chunks_mut(CHUNK as usize * d).enumerate().for_each(|(chunk, out)| {
            if !control.cancelled() {
                write(&mut Normals::new(&key, Purpose::SampleChunk, batch, chunk as u64), &mut [0; 256], out);
            }
        });
    }
}

/// The set of `n` rows drawn with replacement.
pub fn real(coding: &Coding, n: u64, group: &mut Group, chain: usize, into: &mut Set) {
    into.clear();
    let (d, level) = (coding.width(), group.level);
    let learn = |words: &mut Words, n: u64, into: &mut Set| {
        let rows = (0..n).map(|_| {
            let row = below(words.next(level), coding.n as u64) as usize;
            &coding.rows[row * d..(row + 1) * d]
        });
        Tally::new(coding, level).add_rows(rows, into);
    };
    if n <= CHUNK {
        return learn(group.words(chain), n, into);
    }
    let (key, batch) = (group.keys[chain], group.batch);
    by_chunks(coding, n, group, into, |chunk, size, part| {
        learn(&mut Words::new(&key, Purpose::RealChunk, batch, chunk), size, part);
    });
}

/// Sets of keyed chunks, put together in the order of the chunks.
fn by_chunks(coding: &Coding, n: u64, group: &Group, into: &mut Set, learn: impl Fn(u64, u64, &mut Set) + Sync) {
    let control = group.control;
    let chunks = n.div_ceil(CHUNK);
    // As many at a time as there are threads: a set is as large as the bins are many.
    let wave = rayon::current_num_threads().max(1) as u64;
    let mut parts: Vec<Set> = (0..wave.min(chunks)).map(|_| Set::new(coding)).collect();
    let mut first = 0;
    while first < chunks && !control.cancelled() {
        parts.par_iter_mut().enumerate().for_each(|(i, part)| {
            part.clear();
            let chunk = first + i as u64;
            if chunk < chunks {
                learn(chunk, CHUNK.min(n - chunk * CHUNK), part);
            }
        });
        parts.iter().for_each(|part| into.add(part));
        first += parts.len() as u64;
    }
}
