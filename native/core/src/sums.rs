//! Training sets as sums: count and sum of each chain, all that a one-parameter family needs.

use crate::family::{Data, padded};
use crate::rows::Rows;

/// Counts and sums of a group of chains.
#[derive(Clone, Debug)]
pub struct Sums {
    /// Records.
    pub n: Vec<f64>,
    /// Sum of the records.
    pub sum: Vec<f64>,
}

impl Sums {
    /// Empty sets of `chains` chains.
    pub fn new(chains: usize) -> Sums {
        let zeros = vec![0.0; padded(chains)];
        Sums { n: zeros.clone(), sum: zeros }
    }

    /// Copies of one record.
    pub fn constant(&mut self, record: f64, sizes: &[u64]) {
        for (chain, &size) in sizes.iter().enumerate() {
            self.n[chain] = size as f64;
            self.sum[chain] = size as f64 * record;
        }
    }

    /// Count and sum of one chain's records.
    pub fn learn(&mut self, rows: &Rows, chain: usize) {
        self.n[chain] = rows.total(1);
        self.sum[chain] = rows.values.iter().enumerate().map(|(i, x)| x * rows.weight(i)).sum();
    }
}

impl Data for Sums {
    fn scale(&mut self, weight: f64) {
        [&mut self.n, &mut self.sum].into_iter().flatten().for_each(|x| *x *= weight);
    }

    fn copy(&mut self, chain: usize, from: &Sums) {
        (self.n[chain], self.sum[chain]) = (from.n[chain], from.sum[chain]);
    }

    fn clear(&mut self) {
        self.n.fill(0.0);
        self.sum.fill(0.0);
    }

    fn merge(&mut self, later: &Sums) {
        for i in 0..self.n.len() {
            self.n[i] += later.n[i];
            self.sum[i] += later.sum[i];
        }
    }
}
