//! The exponential function and e^x - 1.
//!
//! x = k ln 2 + r with |r| <= ln(2)/2, e^r = 1 + r + r^2 P(r), e^x = 2^k e^r. ln 2 is held in two parts,
//! so that the leading part of r is exact. Source: W. J. Cody and W. Waite, Software Manual for the
//! Elementary Functions (1980), chapter 6; P is our own minimax fit.
//!
//! Accuracy (largest error over 100,000 points): `exp` 0.9 ulp, `expm1` 1.1 ulp.

use super::coefficients::{EXP, LN2_HIGH, LN2_LOW};
use super::polynomial::polynomial;

/// 1.5 * 2^52: adding it rounds to a whole number, which then stands in the low bits in two's
/// complement.
const SHIFTER: f64 = 6755399441055744.0;
/// ln of the smallest normal number, rounded up.
const LOWEST: f64 = -708.396418532264;
/// The largest x with a finite e^x.
const HIGHEST: f64 = 709.782712893384;

/// e^(high + low) = 2^k (1 + leading + rest), k in the low bits of `power`.
pub(super) struct Reduced {
    leading: f64,
    rest: f64,
    power: u64,
}

/// Splits off the power of two; |low| may reach 1e-4, |high| 1400.
#[inline(always)]
pub(super) fn reduce(high: f64, low: f64) -> Reduced {
    let shifted = high * std::f64::consts::LOG2_E + SHIFTER;
    let k = shifted - SHIFTER;
    let leading = high - k * LN2_HIGH;
    let trailing = k * LN2_LOW - low;
    let r = leading - trailing;
    let rest = r * r * polynomial(r, &EXP) - trailing;
    Reduced { leading, rest, power: shifted.to_bits() }
}

impl Reduced {
    /// e^r, between 0.7 and 1.42.
    #[inline(always)]
    pub(super) fn mantissa(&self) -> f64 {
        1.0 + (self.leading + self.rest)
    }

    /// 2^(k + bias - 1023), for k + bias from 1 to 2046.
    #[inline(always)]
    pub(super) fn scale(&self, bias: u64) -> f64 {
        f64::from_bits((self.power << 52).wrapping_add(bias << 52))
    }
}

/// e^x. Below -708.396 (where e^x is subnormal) the result is 0; above 709.783 it is infinite.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let reduced = reduce(x, 0.0);
    let value = f64::from_bits(reduced.mantissa().to_bits().wrapping_add(reduced.power << 52));
    let value = if x <= HIGHEST { value } else { x + f64::INFINITY };
    if x < LOWEST { 0.0 } else { value }
}

/// e^x - 1, accurate near 0 too; -1 below -50.
#[inline(always)]
pub fn expm1(x: f64) -> f64 {
    let reduced = reduce(x, 0.0);
    // Half of the result, so that 2^k can't overflow: (2^(k-1) - 1/2) + 2^(k-1) (e^r - 1).
    let half = reduced.scale(1022);
    let base = half - 0.5;
    let leading = half * reduced.leading;
    let sum = base + leading;
    let lost = (base - sum) + leading;
    let value = 2.0 * (sum + (lost + half * reduced.rest));
    let value = if x <= HIGHEST { value } else { x + f64::INFINITY };
    let value = if x < -50.0 { -1.0 } else { value };
    if x.abs() < 1e-17 { x } else { value }
}

#[cfg(test)]
mod tests {
    use super::{HIGHEST, LOWEST, exp, expm1};
    use crate::math::oracle::{check, check_lanes};

    #[test]
    fn agrees_with_mpmath() {
        check("exp", exp, 0.9);
        check("expm1", expm1, 1.1);
    }

    #[test]
    fn lanes_give_the_same_bits() {
        check_lanes("exp", exp);
        check_lanes("expm1", expm1);
    }

    #[test]
    fn edges() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-0.0), 1.0);
        assert!(exp(HIGHEST).is_finite() && exp(HIGHEST.next_up()) == f64::INFINITY);
        assert!(exp(LOWEST).is_normal() && exp(LOWEST) < 2.3e-308);
        assert_eq!(exp(LOWEST.next_down()), 0.0);
        assert_eq!(exp(f64::INFINITY), f64::INFINITY);
        assert_eq!(exp(f64::NEG_INFINITY), 0.0);
        assert_eq!(exp(1e308), f64::INFINITY);
        assert_eq!(exp(-1e308), 0.0);
        assert!(exp(f64::NAN).is_nan());
        assert_eq!(expm1(0.0).to_bits(), 0);
        assert_eq!(expm1(-0.0).to_bits(), (-0.0f64).to_bits());
        assert_eq!(expm1(5e-324), 5e-324);
        assert!(expm1(HIGHEST).is_finite());
        assert_eq!(expm1(f64::INFINITY), f64::INFINITY);
        assert_eq!(expm1(f64::NEG_INFINITY), -1.0);
        assert!(expm1(f64::NAN).is_nan());
    }

    #[test]
    fn never_falls() {
        let values: Vec<_> = (-360_000..355_000).map(|i| exp(i as f64 / 500.0)).collect();
        assert!(values.windows(2).all(|pair| pair[0] <= pair[1]));
    }
}
