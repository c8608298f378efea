//! Counts on a grid of bins: ascending bin numbers, bins without records left out.

use crate::error::Error;
use crate::family::{Data, Group};
use crate::random::binomial::binomial;
use crate::random::hypergeometric::hypergeometric;
use crate::random::stream::Stream;

/// Counts of each chain by bin, ascending; bins without records are left out.
#[derive(Clone, Debug)]
pub struct Bins {
    pub chains: Vec<Vec<(i64, f64)>>,
    /// Counts are expectations, and so are their subsets.
    pub expected: bool,
}

/// Records.
pub fn total(bins: &[(i64, f64)]) -> f64 {
    bins.iter().map(|bin| bin.1).sum()
}

/// Counts of ascending bins.
pub fn tally(sorted: impl Iterator<Item = i64>) -> Vec<(i64, f64)> {
    let mut bins: Vec<(i64, f64)> = vec![];
    for bin in sorted {
        match bins.last_mut() {
            Some(last) if last.0 == bin => last.1 += 1.0,
            _ => bins.push((bin, 1.0)),
        }
    }
    bins
}

/// Both together.
pub fn merged(a: &[(i64, f64)], b: &[(i64, f64)]) -> Vec<(i64, f64)> {
    let (mut i, mut j, mut out) = (0, 0, Vec::with_capacity(a.len() + b.len()));
    while i < a.len() || j < b.len() {
        let (left, right) = (a.get(i).map_or(i64::MAX, |bin| bin.0), b.get(j).map_or(i64::MAX, |bin| bin.0));
        let bin = left.min(right);
        let count = if left == bin { a[i].1 } else { 0.0 } + if right == bin { b[j].1 } else { 0.0 };
        i += usize::from(left == bin);
        j += usize::from(right == bin);
        out.push((bin, count));
    }
    out
}

/// Multinomial counts of n draws: conditional binomials, the last bin being certain.
pub fn multinomial(from: &[(i64, f64)], n: u64, side: &mut Stream) -> Vec<(i64, f64)> {
    let mut rest: Vec<f64> = from.iter().rev().scan(0.0, |sum, bin| Some(std::mem::replace(sum, *sum + bin.1) + bin.1)).collect();
    rest.reverse();
    let mut left = n as f64;
    let draw = |(bin, rest): (&(i64, f64), f64)| {
        let count = if bin.1 > 0.0 { binomial(left, bin.1 / rest, side) } else { 0.0 };
        left -= count;
        (bin.0, count)
    };
    from.iter().zip(rest).map(draw).filter(|bin| bin.1 > 0.0).collect()
}

/// A subset of n records without replacement: multivariate hypergeometric counts.
pub fn subset(from: &[(i64, f64)], n: u64, side: &mut Stream) -> Vec<(i64, f64)> {
    let (mut rest, mut left) = (total(from), f64::min(n as f64, total(from)));
    let draw = |bin: &(i64, f64)| {
        rest -= bin.1;
        let count = hypergeometric(bin.1, rest, left, side);
        left -= count;
        (bin.0, count)
    };
    from.iter().map(draw).filter(|bin| bin.1 > 0.0).collect()
}

/// Shares of n records.
pub fn scaled(from: &[(i64, f64)], n: u64) -> Vec<(i64, f64)> {
    let scale = n as f64 / total(from);
    if n == 0 { vec![] } else { from.iter().map(|bin| (bin.0, bin.1 * scale)).collect() }
}

impl Data for Bins {
    fn clear(&mut self) {
        self.chains.iter_mut().for_each(Vec::clear);
    }

    fn merge(&mut self, later: &Bins) {
        self.chains.iter_mut().zip(&later.chains).for_each(|(into, more)| *into = merged(into, more));
    }

    fn scale(&mut self, weight: f64) {
        self.chains.iter_mut().flatten().for_each(|bin| bin.1 *= weight);
    }

    fn copy(&mut self, chain: usize, from: &Bins) {
        self.chains[chain].clone_from(&from.chains[chain]);
    }

    fn take(&self, sizes: &[u64], replacement: bool, group: &mut Group, into: &mut Bins) -> Result<(), Error> {
        for (chain, (from, into)) in self.chains.iter().zip(&mut into.chains).enumerate() {
            *into = match (self.expected, replacement) {
                _ if from.is_empty() => vec![],
                (true, _) => scaled(from, sizes[chain]),
                (_, true) => multinomial(from, sizes[chain], &mut group.sides[chain]),
                (_, false) => subset(from, sizes[chain], &mut group.sides[chain]),
            };
        }
        group.control.check()
    }
}
