//! Wasserstein distances of orders 1 and 2 between N(0,1) and N(m,s^2), in units of the origin's sd.

use super::Normal;
use crate::math;

/// W2 = sqrt(m^2 + (s - 1)^2).
#[inline(always)]
pub fn second(model: Normal) -> f64 {
    f64::sqrt(model.m * model.m + (model.s - 1.0) * (model.s - 1.0))
}

/// W1 = E|m + (s - 1) Z|, the mean of a folded normal: the optimal coupling is monotone.
#[inline(always)]
pub fn first(model: Normal) -> f64 {
    let (m, b) = (model.m.abs(), (model.s - 1.0).abs());
    let z = m / b;
    let value = 2.0 * b * math::normal_pdf(z) + m * (1.0 - 2.0 * math::normal_sf(z));
    if b == 0.0 { m } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_and_scales() {
        let at = Normal::new;
        assert_eq!((first(at(2.0, 1.0)), second(at(2.0, 1.0))), (2.0, 2.0));
        let half_normal = f64::sqrt(2.0 / std::f64::consts::PI);
        assert!((first(at(0.0, 0.0)) - half_normal).abs() < 1e-15 && second(at(0.0, 0.0)) == 1.0);
        assert!((first(at(50.0, 0.5)) - 50.0).abs() < 1e-12);
    }
}
