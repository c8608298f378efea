//! Training sets in several dimensions: count, mean and the triangular factor of the scatter matrix of each chain.
//!
//! The scatter S = sum (x - mean)(x - mean)' is kept as its upper factor R, S = R'R, and merged by rotations, never by sums of squares: a
//! direction that is far narrower than the others keeps its digits, and rank is exact. A row of R carries a power of two of its own, so that
//! variances may fall far below the smallest float while their logarithms stay right. A learner that looks at each coordinate alone keeps
//! as many factors of one row. Source: Golub and Van Loan, "Matrix Computations", 4th edition, 6.5.4 (updating by Givens rotations).

use crate::family::{Data, padded};
use crate::math::matrix::{add, cholesky};
use crate::moments::{power, settle};
use crate::simd::Level;

/// What is left of a vector after all directions but this one were taken out of it counts as nothing below this share of what was there.
const ROUNDING: f64 = 1e-12;

/// Pivots below this share of their diagonal entry have lost digits to subtraction: rotations take over.
const LOSS: f64 = 1e-4;

/// Sets of a group of chains. Factors are row-major; the true row k of a factor is `factor[k] * 2^exponent[k]`.
#[derive(Clone, Debug)]
pub struct Scatter {
    /// Dimensions.
    pub dimensions: usize,
    /// Rows of a factor: all dimensions, or 1 where coordinates are kept apart.
    pub width: usize,
    /// Records (their total weight).
    pub n: Vec<f64>,
    /// Means, one vector a chain.
    pub mean: Vec<f64>,
    /// Factors, one a chain, or one a coordinate of a chain.
    pub factor: Vec<f64>,
    /// Powers of two, one a row.
    pub exponent: Vec<f64>,
}

impl Scatter {
    /// Empty sets of `chains` chains; `apart` keeps coordinates apart.
    pub fn new(chains: usize, dimensions: usize, apart: bool) -> Scatter {
        let (chains, width) = (padded(chains), if apart { 1 } else { dimensions });
        Scatter {
            dimensions,
            width,
            n: vec![0.0; chains],
            mean: vec![0.0; chains * dimensions],
            factor: vec![0.0; chains * dimensions * width],
            exponent: vec![0.0; chains * dimensions],
        }
    }

    /// A chain's places in `mean` and `exponent`.
    pub fn at(&self, chain: usize) -> std::ops::Range<usize> {
        chain * self.dimensions..(chain + 1) * self.dimensions
    }

    /// A chain's places in `factor`.
    pub fn factor_at(&self, chain: usize) -> std::ops::Range<usize> {
        let size = self.dimensions * self.width;
        chain * size..(chain + 1) * size
    }

    /// Makes a chain's set that of another chain of `from`.
    pub fn put(&mut self, chain: usize, from: &Scatter, other: usize) {
        self.n[chain] = from.n[other];
        let (at, of) = (self.at(chain), from.at(other));
        self.mean[at.clone()].copy_from_slice(&from.mean[of.clone()]);
        self.exponent[at].copy_from_slice(&from.exponent[of]);
        let at = self.factor_at(chain);
        self.factor[at].copy_from_slice(&from.factor[from.factor_at(other)]);
    }

    /// Adds the set of another chain of `from` to a chain's own: both scatters, and that of their means.
    pub fn join(&mut self, chain: usize, from: &Scatter, other: usize) {
        let (a, b) = (self.n[chain], from.n[other]);
        if b == 0.0 {
            return;
        }
        if a == 0.0 {
            return self.put(chain, from, other);
        }
        let (d, w, total) = (self.dimensions, self.width, a + b);
        let root = f64::sqrt(a * (b / total));
        let mut v = vec![0.0; w];
        for first in (0..d).step_by(w) {
            let (at, of) = (chain * d + first, other * d + first);
            let factor = &mut self.factor[at * w..(at + w) * w];
            let exponent = &mut self.exponent[at..at + w];
            for k in 0..w {
                v.copy_from_slice(&from.factor[(of + k) * w..(of + k + 1) * w]);
                absorb(factor, exponent, &mut v, from.exponent[of + k], k);
            }
            for (v, (mean, later)) in v.iter_mut().zip(self.mean[at..].iter_mut().zip(&from.mean[of..])) {
                let apart = later - *mean;
                *v = apart * root;
                *mean += apart * (b / total);
            }
            absorb(factor, exponent, &mut v, 0.0, 0);
            settle_rows(factor, exponent);
        }
        self.n[chain] = total;
    }

    /// The set of records given row by row; without weights each counts once. Equal records have a scatter of exactly 0.
    pub fn learn(&mut self, chain: usize, rows: &[f64], weights: &[f64]) {
        self.learn_about(chain, rows, weights, true);
    }

    /// The same with second moments about the records' mean, or about 0 (the mean then stays 0).
    pub fn learn_about(&mut self, chain: usize, rows: &[f64], weights: &[f64], centred: bool) {
        let (d, w) = (self.dimensions, self.width);
        let records = rows.len() / d;
        let weight = |i: usize| if weights.is_empty() { 1.0 } else { weights[i] };
        let n: f64 = (0..records).map(weight).sum();
        let (at, factor_at) = (self.at(chain), self.factor_at(chain));
        self.n[chain] = n;
        self.mean[at.clone()].fill(0.0);
        self.exponent[at.clone()].fill(0.0);
        self.factor[factor_at.clone()].fill(0.0);
        if !(n > 0.0) {
            return;
        }
        // Shifted by the first record, so that a large mean loses nothing.
        let (zeros, mut mean) = (vec![0.0; d], vec![0.0; d]);
        let shift = if centred { &rows[..d] } else { &zeros };
        for (i, row) in rows.chunks_exact(d).enumerate().take(if centred { records } else { 0 }) {
            for (mean, (x, shift)) in mean.iter_mut().zip(row.iter().zip(shift)) {
                *mean += weight(i) * (x - shift);
            }
        }
        mean.iter_mut().for_each(|mean| *mean /= n);
        let deviation = |row: &[f64], out: &mut [f64]| {
            for (out, (x, (shift, mean))) in out.iter_mut().zip(row.iter().zip(shift.iter().zip(&mean))) {
                *out = x - shift - mean;
            }
        };
        let mut v = vec![0.0; d];
        let factor = &mut self.factor[factor_at];
        for (i, row) in rows.chunks_exact(d).enumerate() {
            deviation(row, &mut v);
            for first in (0..d).step_by(w) {
                for k in 0..w {
                    let place = (first + k) * w;
                    add(&mut factor[place + k..place + w], weight(i) * v[first + k], &v[first + k..first + w]);
                }
            }
        }
        for first in (0..d).step_by(w) {
            let factor = &mut factor[first * w..(first + w) * w];
            if cholesky(Level::BASE, factor, w, LOSS).is_ok() {
                continue;
            }
            factor.fill(0.0);
            let exponent = &mut self.exponent[at.start + first..at.start + first + w];
            for (i, row) in rows.chunks_exact(d).enumerate() {
                deviation(row, &mut v);
                let root = f64::sqrt(weight(i));
                v.iter_mut().for_each(|x| *x *= root);
                absorb(factor, exponent, &mut v[first..first + w], 0.0, 0);
            }
            settle_rows(factor, exponent);
        }
        for (out, (shift, mean)) in self.mean[at].iter_mut().zip(shift.iter().zip(&mean)) {
            *out = shift + mean;
        }
    }
}

impl Data for Scatter {
    fn clear(&mut self) {
        for column in [&mut self.n, &mut self.mean, &mut self.factor, &mut self.exponent] {
            column.fill(0.0);
        }
    }

    fn scale(&mut self, weight: f64) {
        self.n.iter_mut().for_each(|n| *n *= weight);
        let root = f64::sqrt(weight);
        self.factor.iter_mut().for_each(|x| *x *= root);
    }

    fn copy(&mut self, chain: usize, from: &Scatter) {
        self.put(chain, from, chain);
    }

    fn merge(&mut self, later: &Scatter) {
        for chain in 0..self.n.len() {
            self.join(chain, later, chain);
        }
    }
}

/// Turns a factor R into one of R'R + vv'. `v` is scratch; its true value is v * 2^exponent, and entries before `from` are 0.
pub fn absorb(factor: &mut [f64], exponents: &mut [f64], v: &mut [f64], mut exponent: f64, from: usize) {
    let w = v.len();
    for k in from..w {
        if v[k] == 0.0 {
            continue;
        }
        let (above, row) = factor[..(k + 1) * w].split_at_mut(k * w);
        if row[k] == 0.0 {
            // Nothing varies in this direction yet. What is left of v is either new or rounding of what was taken out of it.
            let rounding =
                above.chunks_exact(w).zip(exponents.iter()).any(|(other, e)| v[k].abs() <= ROUNDING * other[k].abs() * power(e - exponent));
            if rounding {
                v[k] = 0.0;
                continue;
            }
            if v[k] < 0.0 {
                v.iter_mut().for_each(|x| *x = -*x);
            }
            row.swap_with_slice(v);
            std::mem::swap(&mut exponents[k], &mut exponent);
            continue;
        }
        let shift = power(-(exponent - exponents[k]).abs());
        if exponent <= exponents[k] {
            let root = hypotenuse(row[k], v[k] * shift);
            let (c, s, back) = (row[k] / root, v[k] * shift / root * shift, v[k] / root);
            turn(&mut row[k..], &mut v[k..], [c, s, c, back]);
        } else {
            let root = hypotenuse(row[k] * shift, v[k]);
            let (c, s) = (row[k] * shift / root, v[k] / root);
            turn(&mut row[k..], &mut v[k..], [c * shift, s, c, s * shift]);
            exponents[k] = exponent;
        }
    }
}

/// (x, y) becomes (a x + b y, c y - d x).
#[inline(always)]
fn turn(row: &mut [f64], v: &mut [f64], [a, b, c, d]: [f64; 4]) {
    for (x, y) in row.iter_mut().zip(v) {
        (*x, *y) = (a * *x + b * *y, c * *y - d * *x);
    }
}

/// sqrt(x^2 + y^2), y not 0, without overflow on the way.
#[inline(always)]
fn hypotenuse(x: f64, y: f64) -> f64 {
    let (x, y) = (x.abs(), y.abs());
    let (large, small) = if x > y { (x, y) } else { (y, x) };
    let ratio = small / large;
    large * f64::sqrt(1.0 + ratio * ratio)
}

/// Brings each row back to the middle of the floats.
pub fn settle_rows(factor: &mut [f64], exponents: &mut [f64]) {
    let w = exponents.len();
    for (row, exponent) in factor.chunks_exact_mut(w).zip(exponents) {
        loop {
            let largest = row.iter().fold(0.0, |a, x| f64::max(a, x.abs()));
            let (settled, moved) = settle(largest, *exponent);
            // The true row is row * 2^exponent: what the exponent loses, the row gains.
            let scale = power(*exponent - moved);
            if moved == *exponent || !(settled < f64::INFINITY) {
                break;
            }
            row.iter_mut().for_each(|x| *x *= scale);
            *exponent = moved;
        }
    }
}
