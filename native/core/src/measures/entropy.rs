//! Entropy in nats: differential for densities, Shannon's for classes.

use super::Normal;
use crate::math;

/// ln(2 pi).
const LN_TWO_PI: f64 = 1.837_877_066_409_345_5;

/// Of N(m, s^2) in units of the origin: ln(2 pi e s^2) / 2.
#[inline(always)]
pub fn normal(model: Normal) -> f64 {
    0.5 * (1.0 + LN_TWO_PI + model.log_variance())
}

/// Of classes.
pub fn classes(q: impl Iterator<Item = f64>) -> f64 {
    let sum: f64 = q.map(|q| if q == 0.0 { 0.0 } else { -q * math::ln(q) }).sum();
    f64::max(sum, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uniform_and_point() {
        assert!((classes([0.25; 4].into_iter()) - 2.0 * std::f64::consts::LN_2).abs() < 1e-15);
        assert_eq!(classes([0.0, 1.0].into_iter()), 0.0);
        assert!((normal(Normal::new(0.0, 1.0)) - 1.418_938_533_204_672_7).abs() < 1e-15);
    }
}
