//! Measures of what a model has lost, one file each: for two normal laws in the origin's units, and for two laws on the same classes.
//!
//! `Normal` is the model N(m, s^2) beside the origin N(0, 1). For classes, p is the origin and q the model. Units are nats.

pub mod bars;
pub mod blend;
pub mod diversity;
pub mod entropy;
pub mod hellinger;
pub mod kl;
pub mod ks;
pub mod line;
#[cfg(test)]
mod line_tests;
pub mod pair;
pub mod quadrature;
pub mod smooth;
pub mod steps;
pub mod tails;
pub mod tv;
pub mod wasserstein;

use crate::math;

/// A fitted normal law in units of the origin N(0, 1). Functions of it have no branches on its values, so that loops over models vectorise.
#[derive(Clone, Copy, Debug)]
pub struct Normal {
    /// Mean.
    pub m: f64,
    /// Standard deviation; 0 for a point.
    pub s: f64,
    /// The variance without its power of two; `s^2` where s has not underflowed.
    pub variance: f64,
    /// The power of two.
    pub exponent: f64,
}

impl Normal {
    /// A law whose sd is an ordinary number.
    pub fn new(m: f64, s: f64) -> Normal {
        Normal { m, s, variance: s * s, exponent: 0.0 }
    }

    /// ln of the variance, finite where the sd itself has underflowed.
    #[inline(always)]
    pub fn log_variance(self) -> f64 {
        math::ln(self.variance) + self.exponent * std::f64::consts::LN_2
    }

    /// Where the two densities cross: both points, infinite where there is only one, NaN for equal laws.
    ///
    /// Roots of (1 - s^2) x^2 - 2 m x + m^2 + 2 s^2 ln s = 0, the larger by its stable form.
    #[inline(always)]
    pub fn crossings(self) -> [f64; 2] {
        let (m, s) = (self.m, self.s);
        let log_s = 0.5 * self.log_variance();
        let root = s * f64::sqrt(f64::max(m * m + 2.0 * (s * s - 1.0) * log_s, 0.0));
        let q = if m < 0.0 { m - root } else { m + root };
        [q / ((1.0 - s) * (1.0 + s)), (m * m + 2.0 * s * s * log_s) / q]
    }

    /// Distribution function of the origin minus that of the model.
    #[inline(always)]
    pub fn gap(self, x: f64) -> f64 {
        math::normal_cdf(x) - math::normal_cdf((x - self.m) / self.s)
    }
}
