//! Training sets as a copula sees them: counts of bins, and sums of products of scores. Both are sums, so sets merge exactly.

use super::coding::{Coding, MISSING};
use crate::family::Data;
use crate::math::matrix::dot;
use crate::simd::{Level, kernel};

/// Records whose scores are held at a time.
pub const BLOCK: usize = 256;

/// Sets of a group of chains.
#[derive(Clone)]
pub struct Sets {
    pub chains: Vec<Set>,
}

/// The set of one chain.
#[derive(Clone, Default)]
pub struct Set {
    /// Records (their total weight).
    pub n: f64,
    /// Of each bin of each column, and of its missing values.
    pub counts: Vec<f64>,
    /// Upper triangle of sum vv', row-major over coordinates: v holds a column's score, or 0 where it is missing, and 1 where a column that
    /// may miss values does not.
    pub products: Vec<f64>,
}

impl Sets {
    /// Empty sets.
    pub fn new(coding: &Coding, chains: usize) -> Sets {
        Sets { chains: vec![Set::new(coding); chains] }
    }
}

impl Set {
    /// An empty set.
    pub fn new(coding: &Coding) -> Set {
        Set { n: 0.0, counts: vec![0.0; coding.bins], products: vec![0.0; coding.coordinates * coding.coordinates] }
    }

    /// Makes it empty.
    pub fn clear(&mut self) {
        self.n = 0.0;
        self.counts.fill(0.0);
        self.products.fill(0.0);
    }

    /// Adds another set.
    pub fn add(&mut self, other: &Set) {
        self.n += other.n;
        self.counts.iter_mut().zip(&other.counts).for_each(|(sum, x)| *sum += x);
        self.products.iter_mut().zip(&other.products).for_each(|(sum, x)| *sum += x);
    }

    /// Multiplies every record's weight.
    pub fn scale(&mut self, weight: f64) {
        self.n *= weight;
        self.counts.iter_mut().chain(&mut self.products).for_each(|x| *x *= weight);
    }
}

impl Data for Sets {
    fn clear(&mut self) {
        self.chains.iter_mut().for_each(Set::clear);
    }

    fn merge(&mut self, later: &Sets) {
        self.chains.iter_mut().zip(&later.chains).for_each(|(set, more)| set.add(more));
    }

    fn scale(&mut self, weight: f64) {
        self.chains.iter_mut().for_each(|set| set.scale(weight));
    }

    fn copy(&mut self, chain: usize, from: &Sets) {
        self.chains[chain].clone_from(&from.chains[chain]);
    }
}

/// Adds records to a set, a block at a time.
pub struct Tally<'a> {
    coding: &'a Coding,
    level: Level,
    /// Scores of a block, coordinate by coordinate.
    scores: Vec<f64>,
    /// The same times the records' weights.
    weighed: Vec<f64>,
}

impl<'a> Tally<'a> {
    pub fn new(coding: &'a Coding, level: Level) -> Tally<'a> {
        let room = vec![0.0; coding.coordinates * BLOCK];
        Tally { coding, level, weighed: room.clone(), scores: room }
    }

    /// Adds at most `BLOCK` records, given column by column, `BLOCK` places each; no weights are 1 each.
    pub fn add(&mut self, codes: &[u32], records: usize, weights: &[f64], into: &mut Set) {
        self.scores.fill(0.0);
        for (j, column) in self.coding.columns.iter().enumerate() {
            let codes = &codes[j * BLOCK..j * BLOCK + records];
            let counts = &mut into.counts[column.at..];
            for (i, &code) in codes.iter().enumerate() {
                let weight = if weights.is_empty() { 1.0 } else { weights[i] };
                let missing = code == MISSING;
                let bin = if missing { column.bins } else { code as usize };
                counts[bin] += weight;
                self.scores[j * BLOCK + i] = if missing { 0.0 } else { column.scores[bin] };
                if let Some(presence) = column.presence {
                    self.scores[presence * BLOCK + i] = if missing { 0.0 } else { 1.0 };
                }
            }
        }
        into.n += if weights.is_empty() { records as f64 } else { weights.iter().sum() };
        if weights.is_empty() {
            return add_products(self.level, &self.scores, &self.scores, self.coding.coordinates, &mut into.products);
        }
        for (scores, weighed) in self.scores.chunks_exact(BLOCK).zip(self.weighed.chunks_exact_mut(BLOCK)) {
            scores.iter().zip(weights).zip(weighed).for_each(|((score, weight), out)| *out = score * weight);
        }
        add_products(self.level, &self.weighed, &self.scores, self.coding.coordinates, &mut into.products);
    }

    /// Adds records given one after the other.
    pub fn add_rows<'r>(&mut self, rows: impl Iterator<Item = &'r [u32]>, into: &mut Set) {
        let mut codes = vec![0; self.coding.width() * BLOCK];
        let mut held = 0;
        for row in rows {
            row.iter().enumerate().for_each(|(j, &code)| codes[j * BLOCK + held] = code);
            held += 1;
            if held == BLOCK {
                self.add(&codes, held, &[], into);
                held = 0;
            }
        }
        if held > 0 {
            self.add(&codes, held, &[], into);
        }
    }
}

kernel! {
    /// Adds the products of a block, the upper triangle; what a block does not fill is 0.
    fn add_products(left: &[f64], right: &[f64], p: usize, out: &mut [f64]) {
        for i in 0..p {
            for j in i..p {
                out[i * p + j] += dot(&left[i * BLOCK..(i + 1) * BLOCK], &right[j * BLOCK..(j + 1) * BLOCK]);
            }
        }
    }
}
