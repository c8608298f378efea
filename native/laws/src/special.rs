//! Special functions by other means than the core's: series and continued fractions, slow and plain.

/// Density of N(0, 1).
pub fn pdf(x: f64) -> f64 {
    f64::exp(-0.5 * x * x) / f64::sqrt(2.0 * std::f64::consts::PI)
}

/// P(Z > x), by Laplace's continued fraction in the tail and by the series of the distribution function elsewhere.
pub fn upper(x: f64) -> f64 {
    if x < 0.0 {
        return 1.0 - upper(-x);
    }
    if x > 4.0 {
        let fraction = (1..=200).rev().fold(x, |below, k| x + f64::from(k) / below);
        return pdf(x) / fraction;
    }
    let (mut term, mut sum, mut k) = (x, x, 1.0);
    while term > 1e-18 * sum {
        term *= x * x / (2.0 * k + 1.0);
        sum += term;
        k += 1.0;
    }
    0.5 - pdf(x) * sum
}

/// P(Z <= x), without loss in the lower tail.
pub fn lower(x: f64) -> f64 {
    upper(-x)
}

/// The x with P(Z <= x) = p, by bisection.
pub fn normal_quantile(p: f64) -> f64 {
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if lower(middle) < p { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// psi(x), x > 0, by recurrence and the asymptotic series.
pub fn digamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < 20.0 {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let f = 1.0 / (x * x);
    sum + x.ln() - 0.5 / x - f * (1.0 / 12.0 - f * (1.0 / 120.0 - f * (1.0 / 252.0 - f * (1.0 / 240.0 - f / 132.0))))
}

/// psi'(x), x > 0.
pub fn trigamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < 20.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let f = 1.0 / (x * x);
    sum + 1.0 / x + 0.5 * f + f / x * (1.0 / 6.0 - f * (1.0 / 30.0 - f * (1.0 / 42.0 - f / 30.0)))
}

/// The integral of a function between bounds by Simpson's rule with an even number of steps.
pub fn simpson(from: f64, to: f64, steps: usize, f: impl Fn(f64) -> f64) -> f64 {
    let step = (to - from) / steps as f64;
    let weight = |k: usize| if k == 0 || k == steps { 1.0 } else { 2.0 + 2.0 * (k % 2) as f64 };
    (0..=steps).map(|k| weight(k) * f(from + k as f64 * step)).sum::<f64>() * step / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of Abramowitz and Stegun, tables 6.1 and 26.1.
    #[test]
    fn tables_are_met() {
        for (x, value) in [(1.0, 0.158_655_253_931_457), (3.0, 1.349_898_031_630_095e-3), (5.0, 2.866_515_718_791_94e-7)] {
            assert!((upper(x) / value - 1.0).abs() < 1e-12, "{x}: {}", upper(x));
        }
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-12);
        assert!((digamma(1.0) + 0.577_215_664_901_532_9).abs() < 1e-14);
        assert!((trigamma(1.0) - std::f64::consts::PI.powi(2) / 6.0).abs() < 1e-13);
        assert!((simpson(0.0, 2.0, 100, |x| x * x * x) - 4.0).abs() < 1e-12);
    }
}
