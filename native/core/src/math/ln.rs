//! The natural logarithm and ln(1 + x).
//!
//! x = 2^k m with m in [sqrt(1/2), sqrt 2), f = m - 1, s = f/(2 + f):
//! ln m = f - f^2/2 + s (f^2/2 + R(s^2)), where 2 atanh(s) = 2 s + s R(s^2) is Gregory's series.
//! ln 2 is held in two parts, and ln(1 + x) carries the rounding error of 1 + x along. Source: W. J. Cody
//! and W. Waite, Software Manual for the Elementary Functions (1980), chapter 5, for the reduction; R is
//! our own minimax fit.
//!
//! Accuracy (largest error over 100,000 points): `ln` 0.8 ulp, `ln_1p` 0.9 ulp.

use super::coefficients::{LN, LN2_HIGH, LN2_LOW};
use super::polynomial::polynomial;

/// Bits of sqrt(1/2): the start of the interval for m.
const START: u64 = 0x3fe6_a09e_667f_3bcd;
const ONE: u64 = 0x3ff0_0000_0000_0000;
const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;
/// 2^52: whole numbers below it, put in its mantissa, become floats without a conversion.
const TWO_52: u64 = 0x4330_0000_0000_0000;

/// The exponent (biased by 1023) and m of a positive normal number.
#[inline(always)]
fn split(x: f64) -> (u64, f64) {
    let bits = x.to_bits().wrapping_add(ONE - START);
    (bits >> 52, f64::from_bits((bits & MANTISSA).wrapping_add(START)))
}

/// k ln 2 + ln(1 + f) + small, with |small| far below one unit in the last place of f.
#[inline(always)]
fn combine(k: f64, f: f64, small: f64) -> f64 {
    let s = f / (2.0 + f);
    let square = s * s;
    let tail = square * polynomial(square, &LN);
    let half = 0.5 * f * f;
    k * LN2_HIGH - ((half - (s * (half + tail) + (k * LN2_LOW + small))) - f)
}

/// ln x: -infinity at 0, NaN below.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    let subnormal = x < f64::MIN_POSITIVE;
    let (exponent, m) = split(if subnormal { x * 18014398509481984.0 } else { x });
    let bias = if subnormal { 1023.0 + 54.0 } else { 1023.0 };
    let k = f64::from_bits(TWO_52 | exponent) - (4503599627370496.0 + bias);
    let value = combine(k, m - 1.0, 0.0);
    let special = if x == 0.0 { f64::NEG_INFINITY } else { f64::NAN };
    let value = if x > 0.0 { value } else { special };
    if x < f64::INFINITY { value } else { x }
}

/// ln(sum + lost), where sum + lost = 1 + x exactly up to rounding and sum is normal and positive.
#[inline(always)]
pub(super) fn ln_of_sum(sum: f64, lost: f64, x: f64) -> f64 {
    let (exponent, m) = split(sum);
    let k = f64::from_bits(TWO_52 | exponent) - (4503599627370496.0 + 1023.0);
    let f = m - 1.0;
    // lost / sum = (lost 2^-k) / m, and 1/m to one digit is enough. Nothing that matters is lost where
    // k = 0 (f is x) or beyond 1e17.
    let down = f64::from_bits(2046u64.wrapping_sub(exponent) << 52);
    let small = lost * down * (1.0 - f * (1.0 - f));
    let near = k == 0.0;
    combine(k, if near { x } else { f }, if near | (sum > 1e17) { 0.0 } else { small })
}

/// ln(1 + x), accurate near 0 too: -infinity at -1, NaN below.
#[inline(always)]
pub fn ln_1p(x: f64) -> f64 {
    let sum = 1.0 + x;
    let added = sum - 1.0;
    let lost = (1.0 - (sum - added)) + (x - added);
    let value = ln_of_sum(sum, lost, x);
    let special = if x == -1.0 { f64::NEG_INFINITY } else { f64::NAN };
    let value = if x > -1.0 { value } else { special };
    let value = if x < f64::INFINITY { value } else { x };
    if x.abs() < 1e-17 { x } else { value }
}

#[cfg(test)]
mod tests {
    use super::{ln, ln_1p};
    use crate::math::oracle::{check, check_lanes};

    #[test]
    fn agrees_with_mpmath() {
        check("ln", ln, 0.8);
        check("ln_1p", ln_1p, 0.9);
    }

    #[test]
    fn lanes_give_the_same_bits() {
        check_lanes("ln", ln);
        check_lanes("ln_1p", ln_1p);
    }

    #[test]
    fn edges() {
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(ln(0.0), f64::NEG_INFINITY);
        assert_eq!(ln(-0.0), f64::NEG_INFINITY);
        assert_eq!(ln(f64::INFINITY), f64::INFINITY);
        assert!(ln(-1.0).is_nan() && ln(f64::NEG_INFINITY).is_nan() && ln(f64::NAN).is_nan());
        assert!(ln(f64::MAX) < 709.7827128933841);
        assert_eq!(ln_1p(-1.0), f64::NEG_INFINITY);
        assert_eq!(ln_1p(f64::INFINITY), f64::INFINITY);
        assert_eq!(ln_1p(f64::MAX), ln(f64::MAX));
        assert!(ln_1p(-1.5).is_nan() && ln_1p(f64::NEG_INFINITY).is_nan() && ln_1p(f64::NAN).is_nan());
        assert_eq!(ln_1p(0.0).to_bits(), 0);
        assert_eq!(ln_1p(-0.0).to_bits(), (-0.0f64).to_bits());
        assert_eq!(ln_1p(-5e-324), -5e-324);
    }

    #[test]
    fn never_falls() {
        let values: Vec<_> = (1..200_000).map(|i| ln(i as f64 / 65_536.0)).collect();
        assert!(values.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
