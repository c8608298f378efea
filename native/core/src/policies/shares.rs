//! Shares of n records as whole counts: exact in decimals, rounded by largest remainder.

/// A share as it is written in decimal digits: `digits * 10^-places`.
fn decimal(share: f64) -> (u128, u32) {
    // The shortest decimal that reads back as the same float, as a person would have written it.
    let text = format!("{:e}", share.abs());
    let (mantissa, exponent) = text.split_once('e').expect("scientific form");
    let exponent: i32 = exponent.parse().expect("an exponent");
    let (whole, broken) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: u128 = format!("{whole}{broken}").parse().expect("digits");
    let places = broken.len() as i32 - exponent;
    if places > 38 { (0, 0) } else { (digits, places.max(0) as u32) }
}

/// Shares that add up to 1, as decimals.
#[derive(Clone, Debug)]
pub struct Shares<const K: usize> {
    /// Digits and the power of ten that divides them.
    decimals: [(u128, u128); K],
    /// A size whose counts are known already.
    known: Option<(u64, [u64; K])>,
}

impl<const K: usize> Shares<K> {
    /// Of shares in [0, 1].
    pub fn new(shares: [f64; K]) -> Shares<K> {
        let decimals = shares.map(|share| {
            let (digits, places) = decimal(share);
            (digits, 10u128.pow(places))
        });
        Shares { decimals, known: None }
    }

    /// Keeps the counts of one size at hand.
    pub fn know(&mut self, n: u64) {
        self.known = Some((n, self.counts(n)));
    }

    /// Counts of records that add up to `n`: 0.9 of 5000 is 4500. Ties go to the earlier share.
    pub fn counts(&self, n: u64) -> [u64; K] {
        if let Some((_, counts)) = self.known.filter(|known| known.0 == n) {
            return counts;
        }
        let mut whole = [0u64; K];
        let mut remainders = [0.0; K];
        for (k, &(digits, scale)) in self.decimals.iter().enumerate() {
            // Digits are below 10^17 and n at most 2^53, so the product stays below 2^110.
            let product = digits * u128::from(n);
            whole[k] = (product / scale) as u64;
            remainders[k] = (product % scale) as f64 / scale as f64;
        }
        let mut left = n.saturating_sub(whole.iter().sum());
        let mut order: [usize; K] = std::array::from_fn(|k| k);
        order.sort_by(|&a, &b| remainders[b].total_cmp(&remainders[a]));
        for k in order.into_iter().cycle() {
            if left == 0 {
                break;
            }
            whole[k] += 1;
            left -= 1;
        }
        whole
    }
}

/// A share of n records as a whole count.
pub fn count(share: f64, n: u64) -> u64 {
    Shares::new([1.0 - share, share]).counts(n)[1]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts<const K: usize>(shares: [f64; K], n: u64) -> [u64; K] {
        Shares::new(shares).counts(n)
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(counts([0.9, 0.1], 5000), [4500, 500]);
        assert_eq!(counts([0.8, 0.2], 5000), [4000, 1000]);
        assert_eq!(counts([0.95, 0.05], 5000), [4750, 250]);
        assert_eq!(counts([1.0 - 0.9, 0.9], 5000), [500, 4500]);
        assert_eq!(counts([0.7, 0.3], 1 << 53), [6_305_039_478_318_694, 2_702_159_776_422_298]);
        assert_eq!(counts([1.0, 0.0], 7), [7, 0]);
        assert_eq!(counts([1e-7, 1.0 - 1e-7], 30_000_000), [3, 29_999_997]);
    }

    #[test]
    fn a_fraction_of_rows_comes_back() {
        for n in [534u64, 1000, 7, 999_983] {
            for real in 0..=n.min(600) {
                let share = real as f64 / n as f64;
                assert_eq!(counts([1.0 - share, share], n), [n - real, real], "{real} of {n}");
            }
        }
    }
}
