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

    /// `size` of each chain's records, every class in its proportion: whole counts by largest remainder, ties to the earlier class.
    pub fn in_proportion(&self, size: u64, into: &mut Counts) {
        let totals = self.totals();
        let mut order = Vec::with_capacity(self.counts.len());
        for chain in 0..LANES {
            // Chains of one table are alike.
            if chain > 0 && self.counts.iter().all(|row| row[chain] == row[0]) {
                into.counts.iter_mut().for_each(|row| row[chain] = row[0]);
                continue;
            }
            let total = totals[chain] as u128;
            let size = u128::from(size).min(total);
            let mut left = size;
            order.clear();
            for (class, (row, out)) in self.counts.iter().zip(&mut into.counts).enumerate() {
                // Whole numbers up to 2^53 each.
                let product = row[chain] as u128 * size;
                let whole = product.checked_div(total).unwrap_or(0);
                out[chain] = whole as f64;
                left -= whole;
                order.push((product - whole * total, class));
            }
            order.sort_by(|(a, _), (b, _)| b.cmp(a));
            for &(_, class) in order.iter().take(left as usize) {
                into.counts[class][chain] += 1.0;
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn in_proportion(counts: &[f64], size: u64) -> Vec<f64> {
        let set = Counts { counts: counts.iter().map(|&count| [count; LANES]).collect() };
        let mut into = Counts::new(counts.len());
        set.in_proportion(size, &mut into);
        assert!(into.counts.iter().all(|row| row.iter().all(|&count| count == row[0])));
        into.chain(0).collect()
    }

    #[test]
    fn classes_keep_their_proportions() {
        // 440, 27 and 67 of 534: 43.67, 2.68 and 6.65 of 53; 56.03, 3.44 and 8.53 of 68; 73.33, 4.5 and 11.17 of 89.
        for (size, counts) in
            [(0, [0.0; 3]), (53, [44.0, 3.0, 6.0]), (68, [56.0, 3.0, 9.0]), (89, [73.0, 5.0, 11.0]), (534, [440.0, 27.0, 67.0])]
        {
            assert_eq!(in_proportion(&[440.0, 27.0, 67.0], size), counts, "{size}");
        }
        assert_eq!(in_proportion(&[1.0, 1.0, 1.0], 2), [1.0, 1.0, 0.0]);
        assert_eq!(in_proportion(&[9_007_199_254_740_991.0, 1.0], 4_503_599_627_370_497), [4_503_599_627_370_496.0, 1.0]);
        assert_eq!(in_proportion(&[0.0, 0.0], 3), [0.0, 0.0]);
    }

    #[test]
    fn chains_that_differ_have_their_own() {
        let mut set = Counts::new(2);
        for chain in 0..LANES {
            (set.counts[0][chain], set.counts[1][chain]) = (chain as f64, 15.0);
        }
        let mut into = Counts::new(2);
        set.in_proportion(6, &mut into);
        for chain in 0..LANES {
            let share = 6.0 * chain as f64 / (chain as f64 + 15.0);
            assert!((into.counts[0][chain] - share).abs() <= 0.5 && into.totals()[chain] == 6.0, "{chain}");
        }
    }
}
