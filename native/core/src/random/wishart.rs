//! Wishart matrices by their triangular factors, at a cost that does not depend on the degrees of freedom.
//!
//! W ~ Wishart_d(nu, I) is A'A with A upper triangular: A_ii = chi_{nu - i} (i from 0), standard normals to the right, all independent. With
//! nu < d the matrix has rank nu and the rows from nu on are 0, by the same argument: rows of normals made orthogonal one after the other.
//! Source: Bartlett, "On the theory of statistical regression", Proc. R. Soc. Edinburgh 53 (1933); Srivastava, Ann. Statist. 31 (2003) for nu < d.

use super::gamma::gamma;
use super::normal::{Normals, Room};
use super::stream::Stream;
use crate::simd::Level;

/// Where a factor's numbers come from: normals in bulk, and a scalar stream for those of the diagonal.
pub struct Source<'a> {
    pub level: Level,
    pub normals: &'a mut Normals,
    pub room: &'a mut Room,
    pub side: &'a mut Stream,
}

/// chi with `nu` degrees of freedom.
pub fn chi(nu: u64, side: &mut Stream) -> f64 {
    f64::sqrt(2.0 * gamma(0.5 * nu as f64, side))
}

/// Fills `a`, d x d and row-major, with the upper factor of a Wishart matrix of `nu` degrees of freedom; with nu = 0 it is 0.
pub fn factor(nu: u64, d: usize, source: &mut Source, a: &mut [f64]) {
    a.fill(0.0);
    let rank = nu.min(d as u64) as usize;
    for i in 0..rank {
        let row = &mut a[i * d..(i + 1) * d];
        row[i] = chi(nu - i as u64, source.side);
        source.normals.fill(source.level, source.room, &mut row[i + 1..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{self, matrix};
    use crate::random::key::{Key, Purpose};

    /// Draws of `count` matrices, each given to `see`.
    fn draws(nu: u64, d: usize, count: usize, mut see: impl FnMut(&[f64])) {
        let key = Key::of_chain(3, [1, 4], nu);
        let mut normals = Normals::new(&key, Purpose::Draws, 0, 0);
        let mut side = Stream::new(key.state(Purpose::Side, 0, 0, 0));
        let mut source = Source { level: Level::best(), normals: &mut normals, room: &mut [0; 256], side: &mut side };
        let (mut a, mut w) = (vec![0.0; d * d], vec![0.0; d * d]);
        for _ in 0..count {
            factor(nu, d, &mut source, &mut a);
            matrix::square(&a, d, &mut w);
            see(&w);
        }
    }

    /// Within five standard errors of a mean with a known standard deviation.
    fn near(sum: f64, count: usize, mean: f64, sd: f64, what: &str) {
        let n = count as f64;
        assert!((sum / n - mean).abs() <= 5.0 * sd / n.sqrt() + 1e-12, "{what}: {} is not {mean}", sum / n);
    }

    /// E W = nu I, Var W_ii = 2 nu, Var W_ij = nu, and E tr W^2 = nu d (nu + d + 1), at ranks full and below.
    #[test]
    fn moments() {
        for (nu, d) in [(7, 3), (3, 3), (2, 3), (1, 3), (2, 5), (1_000_000, 2)] {
            let count = 20_000;
            let mut sums = vec![0.0; d * d];
            let (mut square, mut quartic) = (0.0, 0.0);
            draws(nu, d, count, |w| {
                sums.iter_mut().zip(w).for_each(|(sum, x)| *sum += x);
                let trace: f64 = w.iter().map(|x| x * x).sum();
                square += trace;
                quartic += trace * trace;
            });
            let n = nu as f64;
            for (k, &sum) in sums.iter().enumerate() {
                let diagonal = k / d == k % d;
                let (mean, variance) = if diagonal { (n, 2.0 * n) } else { (0.0, n) };
                near(sum, count, mean, variance.sqrt(), &format!("nu {nu}, d {d}, entry {k}"));
            }
            let mean = square / count as f64;
            let sd = f64::sqrt(quartic / count as f64 - mean * mean);
            let (p, expected) = (d as f64, n * d as f64 * (n + d as f64 + 1.0));
            near(square, count, expected, sd, &format!("nu {nu}, d {p}, tr W^2"));
        }
    }

    /// ln det W is a sum of independent ln chi2: its mean is a sum of digammas. Below full rank the same holds of the leading block.
    #[test]
    fn log_determinants_and_ranks() {
        for (nu, d) in [(9u64, 4usize), (4, 4), (2, 4)] {
            let (rank, count) = (d.min(nu as usize), 20_000);
            let mut sum = 0.0;
            draws(nu, d, count, |w| {
                let mut block: Vec<f64> = (0..rank * rank).map(|k| w[k / rank * d + k % rank]).collect();
                matrix::cholesky(Level::best(), &mut block, rank, 0.0).expect("full rank");
                sum += matrix::log_det(&block, rank);
                let values = matrix::eigenvalues(Level::best(), &mut w.to_vec(), d);
                assert!(values[..d - rank].iter().all(|x| x.abs() < 1e-12 * values[d - 1]), "{nu} {d}: {values:?}");
            });
            let halves = (0..rank).map(|i| 0.5 * (nu as f64 - i as f64));
            let mean: f64 = halves.clone().map(|a| math::digamma(a) + std::f64::consts::LN_2).sum();
            let variance: f64 = halves.map(math::trigamma).sum();
            near(sum, count, mean, variance.sqrt(), &format!("ln det, nu {nu}, d {d}"));
        }
    }
}
