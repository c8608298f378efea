//! Training sets as moments: count, mean and sum of squared deviations of each chain, merged without loss at large means.
//!
//! Deviations carry a power of two of their own, so that a variance may fall far below the smallest float while its logarithm stays right.
//! Source: Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", COMPSTAT 1982.

use crate::family::{Data, padded};

/// Powers of two move in steps of this size; standard deviations carry half of it.
const STEP: f64 = 512.0;
const UP: f64 = f64::from_bits((1023 + 512) << 52);
const DOWN: f64 = f64::from_bits((1023 - 512) << 52);

/// Moments of a group of chains; the true sum of squares is `m2 * 2^exponent`.
#[derive(Clone, Debug)]
pub struct Moments {
    /// Records.
    pub n: Vec<f64>,
    /// Mean.
    pub mean: Vec<f64>,
    /// Sum of squared deviations from the mean, without its power of two.
    pub m2: Vec<f64>,
    /// The power of two: a multiple of 512.
    pub exponent: Vec<f64>,
}

impl Moments {
    /// Empty sets of `chains` chains.
    pub fn new(chains: usize) -> Moments {
        let zeros = vec![0.0; padded(chains)];
        Moments { n: zeros.clone(), mean: zeros.clone(), m2: zeros.clone(), exponent: zeros }
    }

    /// The moments of records, shifted by the first of them: equal records have a sum of squares of exactly 0.
    pub fn of(values: &[f64]) -> (f64, f64, f64) {
        let Some(&shift) = values.first() else { return (0.0, 0.0, 0.0) };
        let n = values.len() as f64;
        let mean = values.iter().map(|x| x - shift).sum::<f64>() / n;
        let m2 = values.iter().map(|x| (x - shift - mean) * (x - shift - mean)).sum();
        (n, shift + mean, m2)
    }
}

impl Moments {
    /// The moments of records with weights; without weights each counts once.
    pub fn of_weighted(values: &[f64], weights: &[f64]) -> (f64, f64, f64) {
        if weights.is_empty() {
            return Moments::of(values);
        }
        let Some(&shift) = values.first() else { return (0.0, 0.0, 0.0) };
        let n: f64 = weights.iter().sum();
        let mean = if n > 0.0 { values.iter().zip(weights).map(|(x, w)| w * (x - shift)).sum::<f64>() / n } else { 0.0 };
        let m2 = values.iter().zip(weights).map(|(x, w)| w * ((x - shift - mean) * (x - shift - mean))).sum();
        (n, shift + mean, m2)
    }
}

/// 2^exponent for a multiple of 256; 0 below the smallest float.
#[inline(always)]
pub fn power(exponent: f64) -> f64 {
    const DOWN_256: f64 = f64::from_bits((1023 - 256) << 52);
    const UP_256: f64 = f64::from_bits((1023 + 256) << 52);
    let (step, mut left) = if exponent < 0.0 { (DOWN_256, -exponent) } else { (UP_256, exponent) };
    let mut scale = 1.0;
    while left > 0.0 && scale > 0.0 && scale < f64::INFINITY {
        scale *= step;
        left -= 256.0;
    }
    scale
}

/// Brings a number with its exponent back to the middle of the floats.
#[inline(always)]
pub fn settle(value: f64, exponent: f64) -> (f64, f64) {
    let low = (value < DOWN) & (value > 0.0);
    let high = value > UP;
    let scaled = if low { value * UP } else { value };
    let scaled = if high { scaled * DOWN } else { scaled };
    let moved = if low { exponent - STEP } else { exponent };
    (scaled, if high { moved + STEP } else { moved })
}

impl Data for Moments {
    fn scale(&mut self, weight: f64) {
        [&mut self.n, &mut self.m2].into_iter().flatten().for_each(|x| *x *= weight);
    }

    fn copy(&mut self, chain: usize, from: &Moments) {
        self.n[chain] = from.n[chain];
        self.mean[chain] = from.mean[chain];
        self.m2[chain] = from.m2[chain];
        self.exponent[chain] = from.exponent[chain];
    }

    fn clear(&mut self) {
        for column in [&mut self.n, &mut self.mean, &mut self.m2, &mut self.exponent] {
            column.fill(0.0);
        }
    }

    fn merge(&mut self, later: &Moments) {
        for i in 0..self.n.len() {
            let (a, b) = (self.n[i], later.n[i]);
            if b == 0.0 {
                continue;
            }
            if a == 0.0 {
                (self.n[i], self.mean[i], self.m2[i], self.exponent[i]) = (b, later.mean[i], later.m2[i], later.exponent[i]);
                continue;
            }
            let total = a + b;
            let apart = later.mean[i] - self.mean[i];
            let exponent = f64::max(self.exponent[i], later.exponent[i]);
            let mut m2 = self.m2[i] * power(self.exponent[i] - exponent) + later.m2[i] * power(later.exponent[i] - exponent);
            let mut exponent = exponent;
            let between = apart * apart * (a * b / total);
            if between > 0.0 {
                // The distance between means is an ordinary number: go back to no power of two.
                m2 = m2 * power(exponent) + between;
                exponent = 0.0;
            }
            self.mean[i] += apart * (b / total);
            (self.n[i], self.m2[i], self.exponent[i]) = (total, m2, exponent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_mean_loses_nothing() {
        let (n, mean, m2) = Moments::of(&[1_000_000_004.0, 1_000_000_007.0, 1_000_000_013.0, 1_000_000_016.0]);
        assert_eq!((mean, m2 / (n - 1.0), m2 / n), (1_000_000_010.0, 30.0, 22.5));
    }

    #[test]
    fn equal_records_have_no_variance() {
        assert_eq!(Moments::of(&[0.1; 10]).2, 0.0);
        assert_eq!(Moments::of(&[-7e300; 3]).2, 0.0);
    }

    #[test]
    fn merging_is_fitting_the_whole() {
        let values: Vec<f64> = (0..100).map(|k| 1e9 + f64::from(k * k % 37)).collect();
        let (n, mean, m2) = Moments::of(&values);
        let mut pool = Moments::new(1);
        for part in [&values[..1], &values[1..40], &values[40..]] {
            let mut batch = Moments::new(1);
            (batch.n[0], batch.mean[0], batch.m2[0]) = Moments::of(part);
            pool.merge(&batch);
        }
        assert_eq!(pool.n[0], n);
        assert!((pool.mean[0] - mean).abs() < 1e-6 && (pool.m2[0] / m2 - 1.0).abs() < 1e-7);
    }

    #[test]
    fn powers_settle_and_return() {
        assert_eq!(settle(1e-200, 0.0), (1e-200 * UP, -512.0));
        assert_eq!(settle(1e-100, 0.0), (1e-100, 0.0));
        assert_eq!(settle(0.0, -512.0), (0.0, -512.0));
        assert_eq!(power(-512.0), DOWN);
        assert_eq!(power(-256.0) * power(-256.0), DOWN);
        assert_eq!(power(256.0) * power(-256.0), 1.0);
        assert_eq!(power(-1e6), 0.0);
    }
}
