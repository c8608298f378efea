//! Hellinger distance, sqrt(1 - BC), in [0, 1].

use super::Normal;
use crate::math;

/// Between N(0,1) and N(m,s^2), with 1 - BC taken without cancellation near 0.
#[inline(always)]
pub fn normal(model: Normal) -> f64 {
    let (m, s) = (model.m, model.s);
    let total = 1.0 + s * s;
    let log_bc = 0.5 * math::ln_1p(-(1.0 - s) * (1.0 - s) / total) - m * m / (4.0 * total);
    f64::sqrt(f64::max(-math::expm1(log_bc), 0.0))
}

fn square(x: f64) -> f64 {
    x * x
}

/// Between classes.
pub fn classes(p: impl Iterator<Item = f64>, q: impl Iterator<Item = f64>) -> f64 {
    let half: f64 = p.zip(q).map(|(p, q)| square(f64::sqrt(p) - f64::sqrt(q))).sum();
    f64::sqrt(0.5 * half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_and_small_distances() {
        let at = |m, s| normal(Normal::new(m, s));
        assert_eq!(at(0.0, 1.0), 0.0);
        assert_eq!(at(0.0, 0.0), 1.0);
        // For a small shift, H^2 = m^2 / 8.
        assert!((at(1e-6, 1.0) / (1e-6 / f64::sqrt(8.0)) - 1.0).abs() < 1e-9);
        assert_eq!(classes([1.0, 0.0].into_iter(), [0.0, 1.0].into_iter()), 1.0);
    }
}
