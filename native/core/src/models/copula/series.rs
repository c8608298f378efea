//! The covariance of two ascending step functions of normal numbers, as a function of their correlation; and its inverse.
//!
//! With u(Z) = sum a_k h_k(Z) in orthonormal Hermite polynomials, cov(u(X), v(Y)) = sum_{k>=1} a_k b_k r^k (Mehler). Of steps s_1 < s_2 < ... at
//! thresholds t_c, a_k = k^(-1/2) sum_c (s_{c+1} - s_c) h_{k-1}(t_c) phi(t_c). The sum is cut after `TERMS`; its rest at r = 1 and r = -1 is
//! known from the steps themselves and stands as one more term, so that both ends are exact. Ascending functions make it ascend in r
//! (Hoeffding), so that a correlation answers to each covariance between the ends: the estimator behind NORTA (Cario and Nelson, "Modeling and
//! generating random vectors with arbitrary marginal distributions and correlation matrix", 1997), and of two categories the tetrachoric one.

use crate::math::{normal_pdf, normal_quantile};
use crate::random::lanes::LANES;
use crate::simd::{Level, kernel};

/// Terms of a series.
pub const TERMS: usize = 24;

/// The power that stands for the rest.
const REST: i32 = 40;

/// Share of the variances below which a rest is nothing.
const SMALL: f64 = 1e-6;

/// A law on bins as steps of a normal number: the bins that have mass, and what lies below each.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    /// Bins with mass, ascending.
    pub alive: Vec<u32>,
    /// Mass up to and with each of them; the last is 1.
    pub below: Vec<f64>,
    /// The upper threshold of each but the last.
    pub thresholds: Vec<f64>,
}

impl Steps {
    /// Steps of masses that need not add up to 1.
    pub fn new(masses: &[f64]) -> Steps {
        let total: f64 = masses.iter().sum();
        let mut steps = Steps::default();
        let (mut sum, mut last) = (0.0, 0.0);
        for (bin, &mass) in masses.iter().enumerate() {
            sum += mass;
            let below = sum / total;
            // A mass that moves nothing is none; what rounding leaves beyond 1 belongs to the bin that reached it.
            if below > last && last < 1.0 {
                last = f64::min(below, 1.0);
                steps.alive.push(bin as u32);
                steps.below.push(last);
            }
        }
        if let Some(last) = steps.below.last_mut() {
            *last = 1.0;
        }
        let most = steps.below.len().saturating_sub(1);
        steps.thresholds = steps.below[..most].iter().map(|&p| normal_quantile(p)).collect();
        steps
    }
}

/// A function of the bins of a law, as a series.
#[derive(Clone, Debug)]
pub struct Series {
    /// Its coefficients from k = 1 on.
    pub a: [f64; TERMS],
    pub mean: f64,
    pub variance: f64,
    /// Part of the variance that the series does not have.
    rest: f64,
}

impl Series {
    /// Of a height for each bin.
    pub fn new(level: Level, steps: &Steps, height: impl Fn(usize) -> f64) -> Series {
        let heights: Vec<f64> = steps.alive.iter().map(|&bin| height(bin as usize)).collect();
        let (mut mean, mut variance, mut last) = (0.0, 0.0, 0.0);
        let masses: Vec<f64> = steps.below.iter().map(|&below| below - std::mem::replace(&mut last, below)).collect();
        let first = heights.first().copied().unwrap_or(0.0);
        heights.iter().zip(&masses).for_each(|(h, p)| mean += p * (h - first));
        heights.iter().zip(&masses).for_each(|(h, p)| variance += p * (h - first - mean) * (h - first - mean));
        let steps_up: Vec<f64> = heights.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let mut a = [0.0; TERMS];
        coefficients(level, &steps.thresholds, &steps_up, &mut a);
        let explained: f64 = a.iter().map(|a| a * a).sum();
        Series { a, mean: mean + first, variance, rest: f64::max(variance - explained, 0.0) }
    }
}

impl Series {
    /// The mean slope where a 0-1 function of another normal number is 1, over the mean slope everywhere: by this the correlation of a pair
    /// changes among the records that such a function lets pass, where it is independent of the other of the two (Stein's lemma).
    pub fn slope_among(&self, passes: &Series, r: f64) -> f64 {
        let mut sum = 0.0;
        for k in (1..TERMS).rev() {
            sum = r * (f64::sqrt(k as f64 + 1.0) * self.a[k] * passes.a[k - 1] + sum);
        }
        let ratio = 1.0 + sum / (self.a[0] * passes.mean);
        if ratio.is_finite() { f64::clamp(ratio, 0.25, 4.0) } else { 1.0 }
    }
}

kernel! {
    /// Adds up the coefficients, sixteen thresholds side by side.
    fn coefficients(thresholds: &[f64], steps: &[f64], out: &mut [f64; TERMS]) {
        let mut sums = [[0.0; LANES]; TERMS];
        let mut from = 0;
        while from < thresholds.len() {
            let (mut t, mut step) = ([0.0; LANES], [0.0; LANES]);
            let count = usize::min(LANES, thresholds.len() - from);
            t[..count].copy_from_slice(&thresholds[from..from + count]);
            step[..count].copy_from_slice(&steps[from..from + count]);
            let (mut before, mut now) = ([0.0; LANES], [0.0; LANES]);
            for i in 0..LANES {
                now[i] = step[i] * normal_pdf(t[i]);
            }
            for k in 0..TERMS {
                let (root, next) = (f64::sqrt(k as f64), 1.0 / f64::sqrt(k as f64 + 1.0));
                for i in 0..LANES {
                    sums[k][i] += now[i];
                    let later = (t[i] * now[i] - root * before[i]) * next;
                    before[i] = now[i];
                    now[i] = later;
                }
            }
            from += LANES;
        }
        for k in 0..TERMS {
            let mut sum = 0.0;
            for lane in sums[k] {
                sum += lane;
            }
            out[k] = sum / f64::sqrt(k as f64 + 1.0);
        }
    }
}

/// Two functions of two laws, with what their covariance is at r = 1 and r = -1.
pub struct Pair<'a> {
    a: &'a Series,
    b: &'a Series,
    /// What the series lacks at r = 1 and at r = -1.
    rest: [f64; 2],
}

impl<'a> Pair<'a> {
    /// Each as its series, its steps and its heights.
    pub fn new(
        (a, of, high): (&'a Series, &Steps, impl Fn(usize) -> f64),
        (b, with, tall): (&'a Series, &Steps, impl Fn(usize) -> f64),
    ) -> Pair<'a> {
        let mut pair = Pair { a, b, rest: [0.0; 2] };
        let scale = f64::sqrt(a.variance * b.variance);
        if scale > 0.0 && f64::sqrt(a.rest * b.rest) > SMALL * scale {
            for (end, r) in [1.0, -1.0].into_iter().enumerate() {
                pair.rest[end] = ends(of, &high, with, &tall, r < 0.0) - a.mean * b.mean - pair.series(r);
            }
        }
        pair
    }

    fn series(&self, r: f64) -> f64 {
        let mut sum = 0.0;
        for (a, b) in self.a.a.iter().zip(&self.b.a).rev() {
            sum = r * (a * b + sum);
        }
        sum
    }

    /// The covariance at a latent correlation.
    pub fn covariance(&self, r: f64) -> f64 {
        let rest = self.rest[usize::from(r < 0.0)];
        let power = if rest == 0.0 { 0.0 } else { (0..REST).fold(1.0, |power, _| power * r.abs()) };
        self.series(r) + rest * power
    }

    /// The latent correlation of a covariance: 1 or -1 beyond the ends, 0 where one of the two does not vary.
    pub fn correlation(&self, covariance: f64) -> f64 {
        if !(self.a.variance > 0.0 && self.b.variance > 0.0) {
            return 0.0;
        }
        let (mut low, mut high) = (-1.0, 1.0);
        let (mut below, mut above) = (self.covariance(low) - covariance, self.covariance(high) - covariance);
        if !(below < 0.0) {
            return -1.0;
        }
        if !(above > 0.0) {
            return 1.0;
        }
        // Regula falsi with halved ends (Illinois): the function is smooth and ascends.
        let mut side = 0;
        for _ in 0..100 {
            let r = high - above * (high - low) / (above - below);
            let f = self.covariance(r) - covariance;
            if f == 0.0 || high - low < 1e-15 {
                return r;
            }
            if f < 0.0 {
                (low, below) = (r, f);
                above *= if side < 0 { 0.5 } else { 1.0 };
                side = -1;
            } else {
                (high, above) = (r, f);
                below *= if side > 0 { 0.5 } else { 1.0 };
                side = 1;
            }
            if f.abs() < 1e-15 * f64::sqrt(self.a.variance * self.b.variance) {
                return r;
            }
        }
        0.5 * (low + high)
    }
}

/// The mean product of two functions of one uniform number, the second turned round where `opposite`.
fn ends(a: &Steps, high: &impl Fn(usize) -> f64, b: &Steps, tall: &impl Fn(usize) -> f64, opposite: bool) -> f64 {
    let (n, m) = (a.alive.len(), b.alive.len());
    let upper = |j: usize| {
        if !opposite {
            return b.below[j];
        }
        if j + 1 == m { 1.0 } else { 1.0 - b.below[m - 2 - j] }
    };
    let second = |j: usize| tall(b.alive[if opposite { m - 1 - j } else { j }] as usize);
    let (mut i, mut j, mut from, mut sum) = (0, 0, 0.0, 0.0);
    while i < n && j < m {
        let to = f64::min(a.below[i], upper(j));
        sum += (to - from) * high(a.alive[i] as usize) * second(j);
        from = to;
        if a.below[i] <= to {
            i += 1;
        }
        if j < m && upper(j) <= to {
            j += 1;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::copula::coding::scores;

    fn pair_of(p: &[f64], q: &[f64], see: impl FnOnce(&Pair)) {
        let (a, b) = (Steps::new(p), Steps::new(q));
        let (s, t) = (scores(p), scores(q));
        let (x, y) = (Series::new(Level::best(), &a, |k| s[k]), Series::new(Level::best(), &b, |k| t[k]));
        see(&Pair::new((&x, &a, |k| s[k]), (&y, &b, |k| t[k])));
    }

    /// Halves: P(both positive) = 1/4 + asin(r) / 2 pi (Sheppard), so that the covariance of the signs is 2 asin(r) / pi.
    #[test]
    fn halves_have_the_arcsine_law() {
        pair_of(&[0.5, 0.5], &[0.5, 0.5], |pair| {
            for r in [-1.0, -0.9, -0.5, -0.1, 0.0, 0.3, 0.6, 0.8, 0.95, 1.0] {
                let exact = (2.0 / std::f64::consts::PI) * (2.0 / std::f64::consts::PI) * f64::asin(r);
                let found = pair.covariance(r);
                let tolerance = if r.abs() <= 0.6 || r.abs() == 1.0 { 1e-6 } else { 5e-3 };
                assert!((found - exact).abs() < tolerance, "{r}: {found}, {exact}");
                assert!((pair.correlation(found) - r).abs() < 1e-9, "{r}");
            }
        });
    }

    /// Bins of one row in 4,096 are as good as the normal numbers themselves.
    #[test]
    fn fine_bins_have_the_correlation_itself() {
        let fine = vec![1.0; 4096];
        pair_of(&fine, &fine, |pair| {
            for r in [-0.99, -0.3, 0.0, 0.5, 0.9, 1.0] {
                assert!((pair.covariance(r) - r).abs() < 2e-3, "{r}: {}", pair.covariance(r));
                assert!((pair.correlation(pair.covariance(r)) - r).abs() < 1e-9);
            }
        });
    }

    /// The slope of a step at 0 where a number of correlation r is above 0: the density phi(0) there stays, since the normal law given the
    /// other's sign is skewed about 0 without change at 0; at 1 it becomes 2 phi(1) Phi(r / sqrt(1 - r^2)).
    #[test]
    fn slopes_change_by_what_passes() {
        let passes = Series::new(Level::best(), &Steps::new(&[0.5, 0.5]), |k| k as f64);
        for (share, t) in [(0.5, 0.0), (crate::math::normal_cdf(1.0), 1.0)] {
            let step = Series::new(Level::best(), &Steps::new(&[share, 1.0 - share]), |k| k as f64);
            for r in [0.0, 0.2, -0.5] {
                let expected = 2.0 * crate::math::normal_cdf(r * t / f64::sqrt(1.0 - r * r));
                let found = step.slope_among(&passes, r);
                assert!((found - expected).abs() < 1e-4, "{t} {r}: {found}, {expected}");
            }
        }
    }

    #[test]
    fn ends_are_reached_and_constants_have_none() {
        pair_of(&[0.7, 0.2, 0.1], &[0.05, 0.95], |pair| {
            assert_eq!((pair.correlation(10.0), pair.correlation(-10.0)), (1.0, -1.0));
            let all: Vec<f64> = (-20..=20).map(|k| pair.covariance(f64::from(k) / 20.0)).collect();
            // Where the truth is all but flat, the cut series may lean back by its own error.
            assert!(all.windows(2).all(|pair| pair[1] - pair[0] > -3e-4) && all[20] == 0.0, "{all:?}");
        });
        pair_of(&[1.0], &[0.5, 0.5], |pair| assert_eq!(pair.correlation(0.3), 0.0));
    }
}
