//! Poisson counts for means up to 2^53: transformed rejection where the mean is at least 10, inversion below.
//!
//! Source: Hormann, "The transformed rejection method for generating Poisson random variables", Insurance: Mathematics and Economics 12
//! (1993), algorithm PTRS. The log ratio is written with ln(1 + x), so that it stays exact at large means.

use super::stream::{Stream, unit};
use crate::math;

/// One Poisson count; a mean that is not above 0 gives 0.
pub fn poisson(mean: f64, stream: &mut Stream) -> f64 {
    if !(mean > 0.0) {
        return 0.0;
    }
    if mean < 10.0 {
        return invert(mean, unit(stream.word()));
    }
    let b = 0.931 + 2.53 * f64::sqrt(mean);
    let a = -0.059 + 0.02483 * b;
    let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    let squeeze = 0.9277 - 3.6224 / (b - 2.0);
    loop {
        let (u, v) = (unit(stream.word()) - 0.5, unit(stream.word()));
        let us = 0.5 - f64::abs(u);
        let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
        if us >= 0.07 && v <= squeeze {
            return k;
        }
        if k < 0.0 || (us < 0.013 && v > us) {
            continue;
        }
        if math::ln(v * inverse_alpha / (a / (us * us) + b)) <= log_probability(mean, k) {
            return k;
        }
    }
}

/// ln P(k), by ln k! = (k + 1/2) ln(k + 1) - (k + 1) + ln(2 pi) / 2 + delta(k).
fn log_probability(mean: f64, k: f64) -> f64 {
    const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;
    let apart = mean - (k + 1.0);
    (k + 0.5) * math::ln_1p(apart / (k + 1.0)) - apart - 0.5 * math::ln(mean) - HALF_LN_TWO_PI - math::stirling_remainder(k)
}

fn invert(mean: f64, mut u: f64) -> f64 {
    let (mut k, mut probability) = (0.0, math::exp(-mean));
    // Beyond 200 the mass is below 1e-150: rounding alone could lead there.
    while u > probability && k < 200.0 {
        u -= probability;
        k += 1.0;
        probability *= mean / k;
    }
    k
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_right() {
        // P(3 | 2) = e^-2 8 / 6.
        assert!((math::exp(log_probability(2.0, 3.0)) - math::exp(-2.0) * 8.0 / 6.0).abs() < 1e-15);
    }

    #[test]
    fn mean_and_variance_at_every_size() {
        let mut stream = Stream::new([1, 2, 3, 4]);
        for mean in [0.01, 0.7, 5.0, 9.99, 10.0, 25.0, 1e3, 1e6, 1e12, 4e15] {
            let n = 200_000;
            let (mut sum, mut square) = (0.0, 0.0);
            for _ in 0..n {
                let z = (poisson(mean, &mut stream) - mean) / f64::sqrt(mean);
                sum += z;
                square += z * z;
            }
            let n = f64::from(n);
            assert!((sum / n).abs() < 4.5 / n.sqrt(), "{mean}: mean {}", sum / n);
            let sd = f64::sqrt((2.0 + 1.0 / mean) / n);
            assert!((square / n - 1.0).abs() < 4.5 * sd, "{mean}: variance {}", square / n);
        }
    }

    /// Chi-square of the whole law by the path of rejection and that of inversion.
    #[test]
    fn the_law_is_exact() {
        let mut stream = Stream::new([5, 6, 7, 8]);
        for mean in [3.0, 12.0, 40.0] {
            let n = 400_000;
            let mut seen = [0.0; 200];
            (0..n).for_each(|_| seen[poisson(mean, &mut stream) as usize] += 1.0);
            let (mut chi, mut cells) = (0.0, 0.0);
            for (k, seen) in seen.iter().enumerate() {
                let expected = f64::from(n) * math::exp(log_probability(mean, k as f64));
                if expected > 10.0 {
                    chi += (seen - expected) * (seen - expected) / expected;
                    cells += 1.0;
                }
            }
            assert!(chi < cells + 5.0 * f64::sqrt(2.0 * cells), "{mean}: {chi} on {cells}");
        }
    }
}
