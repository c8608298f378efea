//! The law of a Gaussian mixture: log density, marginal distribution functions, moments and records.

use super::pass::HALF_LN_2PI;
use crate::math;
use crate::math::matrix::{add, cholesky, dot, log_det, solve_transposed};
use crate::simd::Level;

/// Components of a mixture in `width` dimensions. A component of weight 0 is lost: it stays where it was and is never drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mixture {
    /// Dimensions.
    pub width: usize,
    /// Weights; their sum is 1.
    pub weights: Vec<f64>,
    /// Means, component after component.
    pub means: Vec<f64>,
    /// Covariance matrices, row by row.
    pub covariances: Vec<f64>,
    /// Their upper factors R, S = R'R.
    pub factors: Vec<f64>,
}

impl Mixture {
    /// A mixture; None where a covariance is not positive definite.
    pub fn new(width: usize, weights: Vec<f64>, means: Vec<f64>, covariances: Vec<f64>) -> Option<Mixture> {
        let mut factors = covariances.clone();
        let definite = factors.chunks_exact_mut(width * width).all(|factor| cholesky(Level::BASE, factor, width, 0.0).is_ok());
        definite.then_some(Mixture { width, weights, means, covariances, factors })
    }

    /// How many components there are, lost ones too.
    pub fn components(&self) -> usize {
        self.weights.len()
    }

    /// The mean of component `k`.
    pub fn mean_of(&self, k: usize) -> &[f64] {
        &self.means[k * self.width..][..self.width]
    }

    /// The covariance of component `k`.
    pub fn covariance_of(&self, k: usize) -> &[f64] {
        &self.covariances[k * self.width * self.width..][..self.width * self.width]
    }

    /// The upper factor of component `k`'s covariance.
    pub fn factor_of(&self, k: usize) -> &[f64] {
        &self.factors[k * self.width * self.width..][..self.width * self.width]
    }

    /// The sd of component `k`: sqrt(trace / d).
    pub fn sd_of(&self, k: usize) -> f64 {
        let covariance = self.covariance_of(k);
        let trace: f64 = (0..self.width).map(|i| covariance[i * self.width + i]).sum();
        f64::sqrt(trace / self.width as f64)
    }

    /// Numbers of the components that have weight.
    pub fn alive(&self) -> impl Iterator<Item = usize> {
        (0..self.weights.len()).filter(|&k| self.weights[k] > 0.0)
    }

    /// ln density at a point, in nats; it may well be positive.
    pub fn log_density(&self, point: &[f64]) -> f64 {
        let width = self.width;
        let one = |k: usize| {
            let mut u: Vec<f64> = point.iter().zip(self.mean_of(k)).map(|(x, mean)| x - mean).collect();
            solve_transposed(self.factor_of(k), width, &mut u);
            math::ln(self.weights[k]) - width as f64 * HALF_LN_2PI - 0.5 * (log_det(self.factor_of(k), width) + dot(&u, &u))
        };
        let logs: Vec<f64> = self.alive().map(one).collect();
        let top = logs.iter().fold(f64::NEG_INFINITY, |a, &b| if b > a { b } else { a });
        if top == f64::NEG_INFINITY { top } else { top + math::ln(logs.iter().map(|log| math::exp(log - top)).sum()) }
    }

    /// Mass of coordinate `j` at or below x, and above it, each right where it is small.
    pub fn masses(&self, j: usize, x: f64) -> [f64; 2] {
        self.marginal(j).fold([0.0; 2], |[lower, upper], (weight, mean, sd)| {
            let z = (x - mean) / sd;
            [lower + weight * math::normal_cdf(z), upper + weight * math::normal_sf(z)]
        })
    }

    /// Weight, mean and sd of each component along coordinate `j`.
    pub fn marginal(&self, j: usize) -> impl Iterator<Item = (f64, f64, f64)> {
        self.alive().map(move |k| (self.weights[k], self.mean_of(k)[j], f64::sqrt(self.covariance_of(k)[j * self.width + j])))
    }

    /// The mean of the whole mixture.
    pub fn mean(&self) -> Vec<f64> {
        (0..self.width).map(|j| self.alive().map(|k| self.weights[k] * self.mean_of(k)[j]).sum()).collect()
    }

    /// The covariance of the whole mixture: sum of w_k (S_k + (m_k - m)(m_k - m)'), the part between components included.
    pub fn covariance(&self) -> Vec<f64> {
        let (width, mean) = (self.width, self.mean());
        let mut out = vec![0.0; width * width];
        for k in self.alive() {
            let (centre, within) = (self.mean_of(k), self.covariance_of(k));
            for i in 0..width {
                for j in 0..width {
                    out[i * width + j] += self.weights[k] * (within[i * width + j] + (centre[i] - mean[i]) * (centre[j] - mean[j]));
                }
            }
        }
        out
    }
}

/// Draws records of a mixture.
pub struct Sampler<'a> {
    mixture: &'a Mixture,
    /// Components that have weight, and the mass up to and with each.
    steps: Vec<(f64, usize)>,
}

impl<'a> Sampler<'a> {
    /// Prepares a mixture.
    pub fn new(mixture: &'a Mixture) -> Sampler<'a> {
        let mut mass = 0.0;
        let steps = mixture.alive().map(|k| {
            mass += mixture.weights[k];
            (mass, k)
        });
        Sampler { mixture, steps: steps.collect() }
    }

    /// Turns standard normal numbers into a record of the component that `choice`, uniform in (0, 1), picks.
    pub fn place(&self, choice: f64, z: &mut [f64]) {
        let (width, step) = (self.mixture.width, self.steps.partition_point(|&(mass, _)| mass <= choice));
        // What rounding leaves above the last mass goes to the last component.
        let k = self.steps[step.min(self.steps.len() - 1)].1;
        let (mean, factor) = (self.mixture.mean_of(k), self.mixture.factor_of(k));
        // From the last row up, so that each number is used before it is written over.
        for i in (0..width).rev() {
            let (row, deviate) = (&factor[i * width + i..(i + 1) * width], z[i]);
            z[i] = 0.0;
            add(&mut z[i..], deviate, row);
        }
        add(z, 1.0, mean);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::normal::normal;
    use crate::random::stream::Stream;

    /// Two components of sd 1 at -2 and 2: the variance is 1 within and 4 between.
    #[test]
    fn the_part_between_components_counts() {
        let mixture = Mixture::new(1, vec![0.5; 2], vec![-2.0, 2.0], vec![1.0; 2]).unwrap();
        assert_eq!((mixture.mean(), mixture.covariance()), (vec![0.0], vec![5.0]));
        assert_eq!((mixture.sd_of(0), mixture.sd_of(1)), (1.0, 1.0));
        let (at_mean, beside) = (mixture.masses(0, 0.0), mixture.masses(0, 1.0));
        assert!((at_mean[0] - 0.5).abs() < 1e-16 && (beside[0] + beside[1] - 1.0).abs() < 1e-15);
    }

    /// Records have the mixture's mean and covariance within five standard errors; a lost component is never drawn.
    #[test]
    fn records_have_the_moments() {
        let covariances = vec![2.0, 0.6, 0.6, 0.5, 1.0, 0.0, 0.0, 1.0, 1.0, -0.9, -0.9, 1.0];
        let mixture = Mixture::new(2, vec![0.3, 0.0, 0.7], vec![1.0, -2.0, 1e9, 1e9, 0.0, 0.0], covariances).unwrap();
        let (sampler, mut stream, mut records) = (Sampler::new(&mixture), Stream::new([1, 2, 3, 4]), Vec::new());
        let n = 100_000;
        for _ in 0..n {
            let choice = stream.uniform();
            let mut record = [normal(&mut stream), normal(&mut stream)];
            sampler.place(choice, &mut record);
            records.extend(record);
        }
        let (mean, covariance) = (mixture.mean(), mixture.covariance());
        for i in 0..2 {
            for j in 0..2 {
                let products: Vec<f64> = records.chunks_exact(2).map(|x| (x[i] - mean[i]) * (x[j] - mean[j])).collect();
                let found = products.iter().sum::<f64>() / f64::from(n);
                let spread = products.iter().map(|p| (p - found) * (p - found)).sum::<f64>() / f64::from(n);
                assert!((found - covariance[2 * i + j]).abs() < 5.0 * f64::sqrt(spread / f64::from(n)), "{i} {j}: {found}");
            }
            let found = records.iter().skip(i).step_by(2).sum::<f64>() / f64::from(n);
            assert!((found - mean[i]).abs() < 5.0 * f64::sqrt(covariance[3 * i] / f64::from(n)));
        }
    }
}
