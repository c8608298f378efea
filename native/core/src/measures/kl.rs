//! Kullback-Leibler divergence: forward is origin || model (the excess loss of the model on real data), reverse is model || origin.

use super::Normal;
use crate::math;

/// KL(N(0,1) || N(m,s^2)); infinite for a point.
#[inline(always)]
pub fn forward(model: Normal) -> f64 {
    let value = 0.5 * (model.log_variance() + (1.0 + model.m * model.m) / (model.s * model.s) - 1.0);
    if model.s == 0.0 { f64::INFINITY } else { value }
}

/// KL(N(m,s^2) || N(0,1)); infinite for a point.
#[inline(always)]
pub fn reverse(model: Normal) -> f64 {
    0.5 * (model.s * model.s + model.m * model.m - 1.0 - model.log_variance())
}

/// KL(p || q) over classes: a class with p > 0 and q = 0 makes it infinite, one with p = 0 adds nothing.
pub fn classes(p: impl Iterator<Item = f64>, q: impl Iterator<Item = f64>) -> f64 {
    let sum: f64 = p.zip(q).map(|(p, q)| if p == 0.0 { 0.0 } else { p * math::ln(p / q) }).sum();
    f64::max(sum, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_normals() {
        assert!((forward(Normal::new(1.0, 2.0)) - (std::f64::consts::LN_2 + 0.25 - 0.5)).abs() < 1e-15);
        assert!((reverse(Normal::new(1.0, 2.0)) - (2.5 - 0.5 - std::f64::consts::LN_2)).abs() < 1e-15);
        assert_eq!(forward(Normal::new(0.0, 1.0)), 0.0);
        assert_eq!(forward(Normal::new(0.3, 0.0)), f64::INFINITY);
    }

    #[test]
    fn zeros_in_classes() {
        let kl = |p: &[f64], q: &[f64]| classes(p.iter().copied(), q.iter().copied());
        assert_eq!(kl(&[0.5, 0.5], &[1.0, 0.0]), f64::INFINITY);
        assert!((kl(&[1.0, 0.0], &[0.5, 0.5]) - std::f64::consts::LN_2).abs() < 1e-15);
        assert_eq!(kl(&[0.3, 0.7], &[0.3, 0.7]), 0.0);
    }
}
