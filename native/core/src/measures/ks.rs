//! Kolmogorov distance: the largest difference of distribution functions.

use super::Normal;
use crate::math;

/// Between N(0,1) and N(m,s^2): reached where the densities cross.
#[inline(always)]
pub fn normal(model: Normal) -> f64 {
    let [a, b] = model.crossings();
    let value = f64::max(model.gap(a).abs(), model.gap(b).abs());
    let value = if value.is_nan() { 0.0 } else { value };
    let point = f64::max(math::normal_cdf(model.m), math::normal_sf(model.m));
    if model.s == 0.0 { point } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_and_a_point() {
        let shift = Normal::new(1.0, 1.0);
        assert!((normal(shift) - (2.0 * math::normal_cdf(0.5) - 1.0)).abs() < 1e-15);
        assert_eq!(normal(Normal::new(0.0, 0.0)), 0.5);
    }
}
