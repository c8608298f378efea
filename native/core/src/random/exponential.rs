//! Sums of standard exponentials -ln u that are drawn one by one.
//!
//! A sum of logarithms is the logarithm of a product: eight numbers of at least 2^-52 multiply to no less than 2^-416, so that each of eight lanes
//! takes one logarithm for eight records. The order is fixed, and every level gives the same bits.

use super::stream::unit;
use crate::math;
use crate::simd::kernel;

/// Lanes, and records of each that one logarithm is taken for.
const LANES: usize = 8;

kernel! {
    /// Sum and least of the standard exponentials of some words; nothing and infinity where there are none.
    pub fn sum_and_least(words: &[u64]) -> (f64, f64) {
        let (mut sums, mut most) = ([0.0; LANES], [0.0; LANES]);
        let mut blocks = words.chunks_exact(LANES * LANES);
        for block in &mut blocks {
            let mut products = [1.0; LANES];
            for row in block.chunks_exact(LANES) {
                for k in 0..LANES {
                    let u = unit(row[k]);
                    products[k] *= u;
                    most[k] = if u > most[k] { u } else { most[k] };
                }
            }
            for k in 0..LANES {
                sums[k] -= math::ln(products[k]);
            }
        }
        let mut products = [1.0; LANES];
        for (i, &word) in blocks.remainder().iter().enumerate() {
            let (k, u) = (i % LANES, unit(word));
            products[k] *= u;
            most[k] = if u > most[k] { u } else { most[k] };
        }
        for k in 0..LANES {
            sums[k] -= math::ln(products[k]);
        }
        let highest = most.iter().copied().fold(0.0, f64::max);
        (sums.iter().sum(), -math::ln(highest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::stream::Stream;
    use crate::simd::Level;

    #[test]
    fn is_the_sum_of_the_logarithms_at_every_level() {
        let mut stream = Stream::new([1, 2, 3, 4]);
        for n in [0, 1, 7, 8, 63, 64, 65, 512, 1000] {
            let words: Vec<u64> = (0..n).map(|_| stream.word()).collect();
            let records: Vec<f64> = words.iter().map(|&word| -math::ln(unit(word))).collect();
            let (sum, least) = sum_and_least(Level::BASE, &words);
            let expected: f64 = records.iter().sum();
            assert!((sum - expected).abs() <= 1e-14 * expected, "{n}: {sum} beside {expected}");
            assert_eq!(least, records.iter().copied().fold(f64::INFINITY, f64::min));
            for level in Level::available() {
                assert_eq!(sum_and_least(level, &words), (sum, least), "{n}");
            }
        }
        // The least and the greatest words there are.
        let most = 64.0 * 52.0 * std::f64::consts::LN_2;
        assert!((sum_and_least(Level::BASE, &[0; 64]).0 / most - 1.0).abs() < 1e-14);
        assert!(sum_and_least(Level::BASE, &[u64::MAX; 64]).0 > 0.0);
    }
}
