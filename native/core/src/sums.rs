//! Training sets as sums: count and sum of each chain, all that a one-parameter family needs.

use crate::family::{Data, padded};

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
}

impl Data for Sums {
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
