//! The law of a Gaussian mixture: log density, marginal distribution functions, moments and records.

use super::linear::{cholesky, invert_lower};
use super::pass::HALF_LN_2PI;
use crate::math;

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
    /// Their lower Cholesky factors.
    pub factors: Vec<f64>,
}

impl Mixture {
    /// A mixture; None where a covariance is not positive definite.
    pub fn new(width: usize, weights: Vec<f64>, means: Vec<f64>, covariances: Vec<f64>) -> Option<Mixture> {
        let square = width * width;
        let mut factors = vec![0.0; covariances.len()];
        let definite = covariances.chunks_exact(square).zip(factors.chunks_exact_mut(square)).all(|(c, l)| cholesky(c, width, l));
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
        let (width, square) = (self.width, self.width * self.width);
        let mut inverse = vec![0.0; square];
        let logs: Vec<f64> = (self.alive())
            .map(|k| {
                let factor = &self.factors[k * square..][..square];
                invert_lower(factor, width, &mut inverse);
                let mut log = math::ln(self.weights[k]) - width as f64 * HALF_LN_2PI;
                for i in 0..width {
                    let u: f64 = (0..=i).map(|j| inverse[i * width + j] * (point[j] - self.mean_of(k)[j])).sum();
                    log -= 0.5 * u * u + math::ln(factor[i * width + i]);
                }
                log
            })
            .collect();
        let top = logs.iter().fold(f64::NEG_INFINITY, |a, &b| if b > a { b } else { a });
        if top == f64::NEG_INFINITY { top } else { top + math::ln(logs.iter().map(|log| math::exp(log - top)).sum()) }
    }

    /// Mass of coordinate `j` at or below x.
    pub fn cdf(&self, j: usize, x: f64) -> f64 {
        self.marginal(j).map(|(weight, mean, sd)| weight * math::normal_cdf((x - mean) / sd)).sum()
    }

    /// Mass of coordinate `j` above x, right far out too.
    pub fn sf(&self, j: usize, x: f64) -> f64 {
        self.marginal(j).map(|(weight, mean, sd)| weight * math::normal_sf((x - mean) / sd)).sum()
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

    /// Appends a record: `choice` is uniform in (0, 1), `normal` gives standard normals.
    pub fn draw(&self, choice: f64, mut normal: impl FnMut() -> f64, out: &mut Vec<f64>) {
        let width = self.mixture.width;
        let step = self.steps.partition_point(|&(mass, _)| mass <= choice);
        let k = self.steps[step.min(self.steps.len() - 1)].1;
        let (mean, factor) = (self.mixture.mean_of(k), &self.mixture.factors[k * width * width..][..width * width]);
        if width == 1 {
            out.push(mean[0] + factor[0] * normal());
            return;
        }
        let start = out.len();
        out.extend_from_slice(mean);
        for j in 0..width {
            let z = normal();
            for i in j..width {
                out[start + i] += factor[i * width + j] * z;
            }
        }
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
        assert!((mixture.cdf(0, 0.0) - 0.5).abs() < 1e-16 && (mixture.cdf(0, 1.0) + mixture.sf(0, 1.0) - 1.0).abs() < 1e-15);
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
            sampler.draw(choice, || normal(&mut stream), &mut records);
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
