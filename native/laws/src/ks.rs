//! Kolmogorov-Smirnov tests, of two samples and of one sample with a law.

/// The p-value of two samples having one law: Kolmogorov's limit, which is on the safe side for discrete data.
pub fn same_law(a: &[f64], b: &[f64]) -> f64 {
    let (mut x, mut y) = (a.to_vec(), b.to_vec());
    x.sort_by(f64::total_cmp);
    y.sort_by(f64::total_cmp);
    let (n, m) = (x.len() as f64, y.len() as f64);
    let (mut i, mut j, mut largest) = (0, 0, 0.0f64);
    while i < x.len() && j < y.len() {
        // All records equal to the next value are passed at once, in both samples.
        let value = if x[i] <= y[j] { x[i] } else { y[j] };
        while i < x.len() && x[i] <= value {
            i += 1;
        }
        while j < y.len() && y[j] <= value {
            j += 1;
        }
        largest = largest.max((i as f64 / n - j as f64 / m).abs());
    }
    let size = f64::sqrt(n * m / (n + m));
    kolmogorov((size + 0.12 + 0.11 / size) * largest)
}

/// The p-value of a sample having a law with a continuous distribution function.
pub fn follows(sample: &[f64], cdf: impl Fn(f64) -> f64) -> f64 {
    let mut x = sample.to_vec();
    x.sort_by(f64::total_cmp);
    let n = x.len() as f64;
    let gap = |(i, &x): (usize, &f64)| {
        let p = cdf(x);
        f64::max(p - i as f64 / n, (i + 1) as f64 / n - p)
    };
    let largest = x.iter().enumerate().map(gap).fold(0.0, f64::max);
    kolmogorov((n.sqrt() + 0.12 + 0.11 / n.sqrt()) * largest)
}

/// P(K > x) = 2 sum (-1)^(k-1) exp(-2 k^2 x^2).
fn kolmogorov(x: f64) -> f64 {
    if x < 0.2 {
        return 1.0;
    }
    let sum: f64 = (1..=100).map(|k| (if k % 2 == 1 { 1.0 } else { -1.0 }) * f64::exp(-2.0 * f64::from(k * k) * x * x)).sum();
    (2.0 * sum).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_and_shifted_samples() {
        let a: Vec<f64> = (0..1000).map(f64::from).collect();
        let b: Vec<f64> = a.iter().map(|x| x + 100.0).collect();
        assert_eq!(same_law(&a, &a), 1.0);
        assert!(same_law(&a, &b) < 1e-4);
        // Kolmogorov's table: P(K > 1.3581) = 0.05.
        assert!((kolmogorov(1.3581) - 0.05).abs() < 1e-4);
    }

    #[test]
    fn a_sample_of_a_law_and_of_another() {
        let even: Vec<f64> = (0..1000).map(|k| (f64::from(k) + 0.5) / 1000.0).collect();
        assert_eq!(follows(&even, |x| x), 1.0);
        assert!(follows(&even, |x| x * x) < 1e-9);
    }

    #[test]
    fn ties_are_passed_together() {
        // [1, 1, 2, 2] against [1, 2, 2, 2]: the distribution functions differ by a quarter, at 1.
        let p = same_law(&[1.0, 1.0, 2.0, 2.0], &[1.0, 2.0, 2.0, 2.0]);
        assert_eq!(p, same_law(&[1.0, 1.0, 1.0, 2.0], &[1.0, 1.0, 1.0, 1.0]));
    }
}
