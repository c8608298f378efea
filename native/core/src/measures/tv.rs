//! Total variation distance, in [0, 1].

use super::Normal;

/// Between N(0,1) and N(m,s^2): the difference of masses between the points where the densities cross.
#[inline(always)]
pub fn normal(model: Normal) -> f64 {
    let [a, b] = model.crossings();
    let value = (model.gap(a) - model.gap(b)).abs();
    // Equal laws cross nowhere; min would take its other argument for NaN.
    let value = if value.is_nan() { 0.0 } else { f64::min(value, 1.0) };
    if model.s == 0.0 { 1.0 } else { value }
}

/// Between classes: half the sum of absolute differences.
pub fn classes(p: impl Iterator<Item = f64>, q: impl Iterator<Item = f64>) -> f64 {
    0.5 * p.zip(q).map(|(p, q)| f64::abs(p - q)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;

    /// Against the integral of |p - q| / 2 by the midpoint rule.
    #[test]
    fn agrees_with_the_integral() {
        for (m, s) in [(0.0, 1.0), (0.5, 1.0), (0.0, 0.3), (-1.2, 2.0), (3.0, 0.5), (1e-3, 1.0 + 1e-6)] {
            let model = Normal::new(m, s);
            let step = 1e-4;
            let sum: f64 = (-200_000..200_000)
                .map(|k| {
                    let x = (f64::from(k) + 0.5) * step;
                    (math::normal_pdf(x) - math::normal_pdf((x - m) / s) / s).abs()
                })
                .sum();
            assert!((normal(model) - 0.5 * step * sum).abs() < 1e-7, "{m} {s}: {} {}", normal(model), 0.5 * step * sum);
        }
    }
}
