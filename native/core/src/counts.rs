//! Training sets as counts of classes: sixteen chains side by side, one row a class. Counts are whole numbers, exact up to 2^53.

use crate::error::Error;
use crate::family::{Data, Group};
use crate::random::binomial::binomials;
use crate::random::hypergeometric::hypergeometric;
use crate::random::lanes::LANES;

/// Counts of up to sixteen chains.
#[derive(Clone, Debug)]
pub struct Counts {
    /// `counts[class][chain]`.
    pub counts: Vec<[f64; LANES]>,
}

impl Counts {
    /// Empty sets over `classes` classes.
    pub fn new(classes: usize) -> Counts {
        Counts { counts: vec![[0.0; LANES]; classes] }
    }

    /// Records of each chain.
    pub fn totals(&self) -> [f64; LANES] {
        let mut totals = [0.0; LANES];
        for row in &self.counts {
            for i in 0..LANES {
                totals[i] += row[i];
            }
        }
        totals
    }

    /// One chain's counts.
    pub fn chain(&self, chain: usize) -> impl Iterator<Item = f64> + Clone + '_ {
        self.counts.iter().map(move |row| row[chain])
    }

    /// What `sizes` draws with weights `from` hold in expectation.
    pub fn expected(&mut self, from: &[[f64; LANES]], sizes: &[u64]) {
        let mut totals = [0.0; LANES];
        from.iter().for_each(|row| (0..LANES).for_each(|i| totals[i] += row[i]));
        for (row, out) in from.iter().zip(&mut self.counts) {
            for i in 0..LANES {
                let share = if row[i] > 0.0 { row[i] / totals[i] } else { 0.0 };
                out[i] = share * sizes.get(i).map_or(0.0, |&n| n as f64);
            }
        }
    }

    /// Multinomial counts of `sizes` draws with weights `from`: conditional binomials in class order, the last class that is alive being
    /// certain. A dead class uses no random word, so a chain never depends on its neighbours.
    ///
    /// Sums from the far end make each conditional probability count over count: exact, and exactly 1 at the last class.
    pub fn multinomial(&mut self, from: &[[f64; LANES]], sizes: &[u64], group: &mut Group, rest: &mut Vec<[f64; LANES]>) {
        rest.clear();
        rest.resize(from.len(), [0.0; LANES]);
        let mut sum = [0.0; LANES];
        for (row, weights) in rest.iter_mut().zip(from).rev() {
            for i in 0..LANES {
                sum[i] += weights[i];
            }
            *row = sum;
        }
        let mut left: [f64; LANES] = std::array::from_fn(|i| sizes.get(i).map_or(0.0, |&n| n as f64));
        let mut p = [0.0; LANES];
        for ((weights, rest), out) in from.iter().zip(rest.iter()).zip(&mut self.counts) {
            for i in 0..LANES {
                p[i] = if weights[i] > 0.0 { weights[i] / rest[i] } else { 0.0 };
            }
            binomials(group.level, &mut group.exact[0], &mut group.sides, &left, &p, out);
            for i in 0..LANES {
                left[i] -= out[i];
            }
        }
    }
}

impl Data for Counts {
    fn scale(&mut self, weight: f64) {
        self.counts.as_flattened_mut().iter_mut().for_each(|x| *x *= weight);
    }

    fn copy(&mut self, chain: usize, from: &Counts) {
        self.counts.iter_mut().zip(&from.counts).for_each(|(row, from)| row[chain] = from[chain]);
    }

    /// Without replacement the counts are multivariate hypergeometric, drawn class by class; with it they are multinomial.
    fn take(&self, sizes: &[u64], replacement: bool, group: &mut Group, into: &mut Counts) -> Result<(), Error> {
        if replacement {
            into.multinomial(&self.counts, sizes, group, &mut Vec::new());
            return Ok(());
        }
        let totals = self.totals();
        for chain in 0..group.chains() {
            let (mut rest, mut left) = (totals[chain], f64::min(sizes[chain] as f64, totals[chain]));
            for (row, out) in self.counts.iter().zip(&mut into.counts) {
                rest -= row[chain];
                out[chain] = hypergeometric(row[chain], rest, left, &mut group.sides[chain]);
                left -= out[chain];
            }
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.counts.fill([0.0; LANES]);
    }

    fn merge(&mut self, later: &Counts) {
        for (row, more) in self.counts.iter_mut().zip(&later.counts) {
            for i in 0..LANES {
                row[i] += more[i];
            }
        }
    }
}
