//! Evaluates polynomials with fixed coefficients, in a fixed order of operations.

/// c\[0\] + c\[1\] x + c\[2\] x^2 + ... by two interleaved Horner chains in x^2 (even and odd powers).
///
/// Half the depth of one chain for one more multiplication; `N` must be at least 2.
#[inline(always)]
pub(super) fn polynomial<const N: usize>(x: f64, c: &[f64; N]) -> f64 {
    let square = x * x;
    let (mut even, mut odd) = (c[(N - 1) & !1], c[(N - 2) | 1]);
    let mut i = (N - 1) & !1;
    while i >= 2 {
        i -= 2;
        even = even * square + c[i];
    }
    let mut i = (N - 2) | 1;
    while i >= 3 {
        i -= 2;
        odd = odd * square + c[i];
    }
    even + x * odd
}

#[cfg(test)]
mod tests {
    use super::polynomial;

    #[test]
    fn agrees_with_the_sum_of_powers() {
        assert_eq!(polynomial(2.0, &[1.0, 3.0]), 7.0);
        assert_eq!(polynomial(2.0, &[1.0, 3.0, 5.0]), 27.0);
        assert_eq!(polynomial(2.0, &[1.0, 3.0, 5.0, 7.0]), 83.0);
        assert_eq!(polynomial(-2.0, &[1.0, 3.0, 5.0, 7.0, 11.0]), 135.0);
    }
}
