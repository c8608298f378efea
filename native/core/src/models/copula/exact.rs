//! A copula's training set without its records: counts of bins and products of scores from their own laws, at a cost that n does not change.
//!
//! Exact: the counts of each column are multinomial, and given them the scores of a column have the scatter that they have. Named
//! approximations: the counts of different columns are drawn independently of each other (truly they lean the way the correlations do), and
//! the correlations of the scores are those of a Wishart matrix with the scores' own covariance, independent of the counts (true of normal
//! scores; of categories the law of a sample correlation is right at 0 and to first order in 1/n otherwise only about). Every column's own
//! measures thus have their exact law, and so has the drift of the correlations of continuous columns to first order in 1/n.

use super::coding::Coding;
use super::fit::{Fit, factor, presences, score};
use super::sets::{BLOCK, Set, Tally};
use crate::family::Group;
use crate::math::matrix::{multiply, square};
use crate::random::binomial::binomial;
use crate::random::stream::Stream;
use crate::random::wishart;
use crate::simd::Level;

/// What a record of a fitted copula is in expectation: see `Set::products`.
pub struct Expected {
    /// Means of the coordinates.
    pub means: Vec<f64>,
    /// Mean products, row-major and symmetric.
    pub products: Vec<f64>,
}

impl Expected {
    pub fn new(coding: &Coding, fit: &Fit) -> Expected {
        let (p, d) = (coding.coordinates, coding.width());
        let mut products = vec![0.0; p * p];
        let covariance = |i: usize, j: usize| {
            let passing = fit.passing(coding, &fit.correlations, i, j);
            passing * fit.pair(coding, i, j).covariance(fit.correlations[i * p + j])
        };
        let mut put = |i: usize, j: usize, x: f64| {
            products[i * p + j] = x;
            products[j * p + i] = x;
        };
        let presence: Vec<Option<usize>> = coding.columns.iter().map(|column| column.presence).collect();
        let mean = |i: usize| fit.coordinates[i].series.mean;
        // The share of records that have two columns.
        let mut both: Vec<f64> = (0..d * d).map(|k| fit.present[k / d] * fit.present[k % d]).collect();
        for (i, a) in presences(coding) {
            put(a, a, fit.present[i]);
            both[i * d + i] = fit.present[i];
            for (j, b) in presences(coding).filter(|(j, _)| *j > i) {
                let share = covariance(a, b) + fit.present[i] * fit.present[j];
                let most = f64::min(fit.present[i], fit.present[j]);
                let share = f64::clamp(share, f64::max(0.0, fit.present[i] + fit.present[j] - 1.0), most);
                put(a, b, share);
                both[i * d + j] = share;
                both[j * d + i] = share;
            }
        }
        // The mean of a column's scores where another one is there, times the share of that.
        let mut beside: Vec<f64> = (0..d * d).map(|k| both[k] * mean(k / d)).collect();
        for i in 0..d {
            for (j, b) in presences(coding) {
                if i != j {
                    beside[i * d + j] += fit.present[i] * covariance(i, b);
                }
                put(i, b, beside[i * d + j]);
            }
        }
        for i in 0..d {
            let series = &fit.coordinates[i].series;
            put(i, i, fit.present[i] * (series.variance + series.mean * series.mean));
            for j in i + 1..d {
                let share = both[i * d + j];
                let (first, second) = match share > 0.0 {
                    true => (
                        if presence[j].is_some() { beside[i * d + j] / share } else { mean(i) },
                        if presence[i].is_some() { beside[j * d + i] / share } else { mean(j) },
                    ),
                    false => (0.0, 0.0),
                };
                put(i, j, share * (covariance(i, j) + first * second));
            }
        }
        let means = (0..p).map(|i| if i < d { fit.present[i] * mean(i) } else { products[i * p + i] }).collect();
        Expected { means, products }
    }

    /// The upper factor of the correlations of the coordinates.
    fn factor(&self, level: Level, p: usize) -> Vec<f64> {
        let central = |i: usize, j: usize| self.products[i * p + j] - self.means[i] * self.means[j];
        let variances: Vec<f64> = (0..p).map(|i| central(i, i)).collect();
        let mut correlations: Vec<f64> = (0..p * p)
            .map(|k| {
                let (i, j) = (k / p, k % p);
                let scale = f64::sqrt(variances[i] * variances[j]);
                if i == j {
                    1.0
                } else if scale > 1e-300 {
                    f64::clamp(central(i, j) / scale, -1.0, 1.0)
                } else {
                    0.0
                }
            })
            .collect();
        let independent = || (0..p * p).map(|k| if k / p == k % p { 1.0 } else { 0.0 }).collect();
        factor(level, &mut correlations, independent, p)
    }
}

/// The set of `n` records in expectation.
pub fn expected(coding: &Coding, fit: &Fit, n: u64, into: &mut Set) {
    into.clear();
    let p = coding.coordinates;
    for (j, column) in coding.columns.iter().enumerate() {
        let counts = &mut into.counts[column.at..];
        counts.iter_mut().zip(fit.of(column)).for_each(|(count, mass)| *count = n as f64 * fit.present[j] * mass);
        if column.presence.is_some() {
            counts[column.bins] = n as f64 * (1.0 - fit.present[j]);
        }
    }
    into.n = n as f64;
    let expected = Expected::new(coding, fit);
    for i in 0..p {
        (i..p).for_each(|j| into.products[i * p + j] = n as f64 * expected.products[i * p + j]);
    }
}

/// Multinomial counts of n draws, by conditional binomials in order.
fn multinomial(n: f64, masses: &[f64], stream: &mut Stream, out: &mut [f64]) {
    // Sums from the far end make the last mass certain.
    let mut rest = vec![0.0; masses.len()];
    let mut sum = 0.0;
    for (rest, mass) in rest.iter_mut().zip(masses).rev() {
        sum += mass;
        *rest = sum;
    }
    let mut left = n;
    for ((out, mass), rest) in out.iter_mut().zip(masses).zip(&rest) {
        *out = if *mass > 0.0 && left > 0.0 { binomial(left, mass / rest, stream) } else { 0.0 };
        left -= *out;
    }
}

/// A set of `n` records by the laws of its sums.
pub fn sample(coding: &Coding, fit: &Fit, n: u64, group: &mut Group, chain: usize, into: &mut Set) {
    into.clear();
    if n == 0 {
        return;
    }
    let (p, level, count) = (coding.coordinates, group.level, n as f64);
    let mut side = group.sides[chain].clone();
    into.n = count;
    let (mut sums, mut squares) = (vec![0.0; p], vec![0.0; p]);
    for (j, column) in coding.columns.iter().enumerate() {
        let (own, rest) = into.counts[column.at..].split_at_mut(column.bins);
        let mut there = count;
        if let Some(presence) = column.presence {
            there = binomial(count, fit.present[j], &mut side);
            rest[0] = count - there;
            (sums[presence], squares[presence]) = (there, there);
        }
        multinomial(there, fit.of(column), &mut side, own);
        for (bin, count) in own.iter().enumerate().filter(|(_, count)| **count > 0.0) {
            let score = score(coding, j, bin);
            sums[j] += count * score;
            squares[j] += count * (score * score);
        }
    }
    let mut scatter = vec![0.0; p * p];
    if n > 1 {
        let mut a = vec![0.0; p * p];
        let (normals, room) = group.normals(chain);
        wishart::factor(n - 1, p, &mut wishart::Source { level, normals, room, side: &mut side }, &mut a);
        let mut product = vec![0.0; p * p];
        multiply(level, &a, &Expected::new(coding, fit).factor(level, p), p, &mut product);
        square(&product, p, &mut scatter);
    }
    group.sides[chain] = side;
    let spread = |i: usize| f64::sqrt(f64::max(squares[i] - sums[i] * (sums[i] / count), 0.0));
    for i in 0..p {
        into.products[i * p + i] = squares[i];
        for j in i + 1..p {
            let scale = f64::sqrt(scatter[i * p + i] * scatter[j * p + j]);
            let r = if scale > 0.0 { scatter[i * p + j] / scale } else { 0.0 };
            into.products[i * p + j] = r * spread(i) * spread(j) + sums[i] * (sums[j] / count);
        }
    }
    for (j, presence) in presences(coding) {
        into.products[j * p + presence] = sums[j];
        for (_, other) in presences(coding).filter(|(_, other)| *other > presence) {
            let (a, b) = (sums[presence], sums[other]);
            let share = &mut into.products[presence * p + other];
            *share = f64::clamp(*share, f64::max(0.0, a + b - count), f64::min(a, b));
        }
    }
}

/// The set of `n` rows of the table, by the counts of their copies.
pub fn real(coding: &Coding, n: u64, group: &mut Group, chain: usize, into: &mut Set) {
    into.clear();
    let (d, rows) = (coding.width(), coding.n);
    let mut copies = vec![0.0; rows];
    multinomial(n as f64, &vec![1.0; rows], &mut group.sides[chain], &mut copies);
    let (mut tally, mut codes) = (Tally::new(coding, group.level), vec![0; d * BLOCK]);
    for (rows, weights) in coding.rows.chunks(BLOCK * d).zip(copies.chunks(BLOCK)) {
        for (i, row) in rows.chunks_exact(d).enumerate() {
            row.iter().enumerate().for_each(|(j, &code)| codes[j * BLOCK + i] = code);
        }
        tally.add(&codes, weights.len(), weights, into);
    }
}
