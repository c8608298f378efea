//! Real powers of non-negative numbers.
//!
//! x^y = e^(y ln x). The error grows with the exponent of the result: about (1 + |y ln x|) ulp.

use super::exp::exp;
use super::ln::ln;

/// x^y for x >= 0 (NaN below); x^0 = 1^y = 1. Subnormal results are 0.
#[inline(always)]
pub fn pow(x: f64, y: f64) -> f64 {
    let value = exp(y * ln(x));
    if (y == 0.0) | (x == 1.0) { 1.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::pow;
    use crate::math::oracle::{check, check_lanes};

    #[test]
    fn agrees_with_mpmath() {
        check("pow 2.5", |x| pow(x, 2.5), 20.0);
        check("pow -0.3", |x| pow(x, -0.3), 3.0);
    }

    #[test]
    fn lanes_give_the_same_bits() {
        check_lanes("pow 2.5", |x| pow(x, 2.5));
    }

    #[test]
    fn edges() {
        assert_eq!([pow(0.0, 0.0), pow(f64::INFINITY, 0.0), pow(1.0, f64::INFINITY)], [1.0; 3]);
        assert_eq!([pow(0.0, 2.0), pow(0.0, -1.0), pow(f64::INFINITY, 0.5)], [0.0, f64::INFINITY, f64::INFINITY]);
        assert!(pow(-1.0, 2.0).is_nan() && pow(f64::NAN, 1.0).is_nan());
    }
}
