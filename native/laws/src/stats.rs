//! Estimates with standard errors, and z-scores of them.

use crate::special::normal_quantile;

/// A number estimated from independent chains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its standard error, from the same chains.
    pub se: f64,
}

impl Estimate {
    /// Standard errors from an expected value; 0 where nothing varies and both agree to rounding.
    pub fn z(self, expected: f64) -> f64 {
        let apart = self.value - expected;
        if apart.abs() <= 1e-12 * expected.abs() && apart.is_finite() { 0.0 } else { apart / self.se }
    }
}

/// The mean.
pub fn mean(values: &[f64]) -> Estimate {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    Estimate { value: mean, se: f64::sqrt(moment(values, mean, 2) / (count - 1.0)) }
}

/// The variance, with the standard error that the fourth moment gives.
pub fn variance(values: &[f64]) -> Estimate {
    let count = values.len() as f64;
    let centre = mean(values).value;
    let (second, fourth) = (moment(values, centre, 2), moment(values, centre, 4));
    Estimate { value: second * count / (count - 1.0), se: f64::sqrt((fourth - second * second) / count) }
}

/// The covariance.
pub fn covariance(x: &[f64], y: &[f64]) -> Estimate {
    let (a, b) = (mean(x).value, mean(y).value);
    let products: Vec<f64> = x.iter().zip(y).map(|(x, y)| (x - a) * (y - b)).collect();
    let Estimate { value, se } = mean(&products);
    let count = x.len() as f64;
    Estimate { value: value * count / (count - 1.0), se }
}

/// Standard deviation over mean, by the delta method.
pub fn coefficient_of_variation(values: &[f64]) -> Estimate {
    let count = values.len() as f64;
    let centre = mean(values).value;
    let m = |k| moment(values, centre, k);
    let value = f64::sqrt(m(2)) / centre;
    // Influence of one chain: value * ((x - m)^2 / (2 m2) - (x - m) / mean - 1/2).
    let spread = (m(4) / (m(2) * m(2)) - 1.0) / 4.0 + m(2) / (centre * centre) - m(3) / (m(2) * centre);
    Estimate { value, se: value * f64::sqrt(spread / count) }
}

fn moment(values: &[f64], centre: f64, power: i32) -> f64 {
    values.iter().map(|x| (x - centre).powi(power)).sum::<f64>() / values.len() as f64
}

/// How many of the values meet a condition.
pub fn count(values: &[f64], condition: impl Fn(f64) -> bool) -> u64 {
    values.iter().filter(|x| condition(**x)).count() as u64
}

/// The z-score of a count of `trials` with success probability `p`: exact tail areas where few are expected, so that rare events are judged
/// as what they are.
pub fn binomial_z(successes: u64, trials: u64, p: f64) -> f64 {
    let (n, k) = (trials as f64, successes as f64);
    let expected = n * f64::min(p, 1.0 - p);
    if expected >= 50.0 {
        return (k - n * p) / f64::sqrt(n * p * (1.0 - p));
    }
    // The rarer outcome is all but Poisson; half of the mass at the count itself goes to each side.
    let rare = if p <= 0.5 { k } else { n - k };
    let mut mass = f64::exp(-expected);
    let mut below = 0.0;
    for i in 0..rare as u64 {
        below += mass;
        mass *= expected / (i + 1) as f64;
    }
    let z = normal_quantile((below + 0.5 * mass).clamp(1e-300, 1.0 - 1e-16));
    if p <= 0.5 { z } else { -z }
}

/// The median of values.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { 0.5 * (sorted[half - 1] + sorted[half]) }
}

/// Pearson's correlation.
pub fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let (a, b) = (mean(x).value, mean(y).value);
    let cross: f64 = x.iter().zip(y).map(|(x, y)| (x - a) * (y - b)).sum::<f64>() / x.len() as f64;
    cross / f64::sqrt(moment(x, a, 2) * moment(y, b, 2))
}

/// The root mean square.
pub fn rms(values: &[f64]) -> f64 {
    f64::sqrt(values.iter().map(|z| z * z).sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_of_a_small_set() {
        let of = mean(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!((of.value, of.se), (2.5, f64::sqrt(1.25 / 3.0)));
        assert!((variance(&[1.0, 2.0, 3.0, 4.0]).value - 5.0 / 3.0).abs() < 1e-15);
        assert!((covariance(&[1.0, 2.0, 3.0, 4.0], &[2.0, 4.0, 6.0, 8.0]).value - 10.0 / 3.0).abs() < 1e-15);
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(correlation(&[1.0, 2.0], &[5.0, 3.0]), -1.0);
        assert_eq!(Estimate { value: 1.0, se: 0.0 }.z(1.0), 0.0);
    }

    #[test]
    fn rare_events_are_no_surprise_where_they_are_expected() {
        assert!(binomial_z(0, 20_000, 3e-6).abs() < 0.3);
        assert!(binomial_z(1, 20_000, 3e-6) < 2.5 && binomial_z(8, 20_000, 3e-6) > 5.0);
        assert!((binomial_z(60, 100, 0.5) - 2.0).abs() < 1e-12);
        assert!(binomial_z(19_990, 20_000, 1.0 - 3e-6) < -5.0);
    }
}
