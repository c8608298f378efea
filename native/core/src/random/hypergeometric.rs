//! Hypergeometric counts for totals up to 2^53: ratio of uniforms where the mean is at least 10, inversion below.
//!
//! P(k) = C(good, k) C(bad, sample - k) / C(good + bad, sample). Positions are whole numbers held exactly, and the acceptance ratio is
//! ln(1 + x) - x of small differences, so that it keeps 1e-12 at 2^53, where differences of log factorials would have lost every digit.
//! Source: Stadlober, "The ratio of uniforms approach for generating discrete random variates", J. Comput. Appl. Math. 31 (1990),
//! algorithm HRUA* with its hat (constants of the normal limit), which the tests check over the whole range of parameters.

use super::stream::{Stream, unit};
use crate::math;

/// Below this mean of the reduced problem the count is found by inversion.
const INVERSION: f64 = 10.0;
/// sqrt(8 / e) and 3 - sqrt(12 / e): the hat's width is the first times the standard deviation, plus the second.
const WIDTH: f64 = 1.715_527_769_921_413_5;
const MARGIN: f64 = 0.898_916_162_058_898_8;

/// ln(1 + x) - x with full relative precision.
fn ln_1p_minus(x: f64) -> f64 {
    if x.abs() > 0.01 {
        return math::ln_1p(x) - x;
    }
    let series = (3..=10).rev().fold(0.0, |sum, k| {
        let term = if k % 2 == 1 { 1.0 } else { -1.0 } / f64::from(k);
        term + x * sum
    });
    x * x * (-0.5 + x * series)
}

/// A reduced problem: draw <= good <= total / 2, all whole.
#[derive(Clone, Copy, Debug)]
struct Reduced {
    good: f64,
    draw: f64,
    total: f64,
}

impl Reduced {
    /// The records that are neither drawn nor good if all of `draw` were bad: bad - draw.
    fn spare(&self) -> f64 {
        (self.total - self.good) - self.draw
    }

    fn mean(&self) -> f64 {
        self.draw * (self.good / self.total)
    }

    /// ln P(0) = ln [bad! (total - draw)! / ((bad - draw)! total!)] by Stirling's main part, its large terms cancelled by hand.
    fn log_none(&self) -> f64 {
        let Reduced { good, draw, total } = *self;
        let (bad, spare, rest) = (total - good, self.spare(), total - draw);
        let delta = math::stirling_remainder;
        draw * math::ln_1p(-good / (total + 1.0))
            - draw * (draw + 0.5) * (good / (total + 1.0)) / (bad + 1.0)
            - (spare + 0.5) * ln_1p_minus(-draw / (bad + 1.0))
            + (rest + 0.5) * ln_1p_minus(-draw / (total + 1.0))
            + (delta(bad) - delta(spare))
            + (delta(rest) - delta(total))
    }

    /// Inversion from one uniform number.
    fn invert(&self, mut u: f64) -> f64 {
        let mut probability = math::exp(self.log_none());
        let mut k = 0.0;
        // Beyond 200 the mass is below 1e-150: rounding alone could lead there.
        while u > probability && k < f64::min(self.draw, 200.0) {
            u -= probability;
            probability *= (self.good - k) * (self.draw - k) / ((k + 1.0) * (self.spare() + k + 1.0));
            k += 1.0;
        }
        k
    }

    /// Ratio of uniforms: k = floor(mean + 1/2 + width (v - 1/2) / u), taken where u^2 <= P(k) / P(mode).
    fn by_ratio(&self, side: &mut Stream) -> f64 {
        let hat = Hat::new(self);
        loop {
            let (u, v) = (unit(side.word()), unit(side.word()));
            let k = hat.whole + (hat.width * ((v - 0.5) / u) + hat.broken).floor();
            if !(k >= 0.0 && k <= self.draw) {
                continue;
            }
            let ratio = self.log_ratio(hat.mode, k);
            // 2 ln u lies between (u^2 - 1) / u and u (4 - u) - 3: most candidates need no logarithm.
            if u * (4.0 - u) - 3.0 <= ratio {
                return k;
            }
            if u * (u - ratio) < 1.0 && 2.0 * math::ln(u) <= ratio {
                return k;
            }
        }
    }

    /// ln P(k) - ln P(mode), both within the support.
    fn log_ratio(&self, mode: f64, k: f64) -> f64 {
        let apart = k - mode;
        // The four factorials of 1 / P: where they stand at the mode, and how far the count moves them.
        let at = [mode, self.good - mode, self.draw - mode, self.spare() + mode];
        let by = [apart, -apart, -apart, apart];
        let mut sum = 0.0;
        for i in 0..4 {
            let (a, d) = (at[i], by[i]);
            let bend = (a + 0.5) * ln_1p_minus(d / (a + 1.0)) - 0.5 * (d / (a + 1.0));
            sum -= bend + (math::stirling_remainder(a + d) - math::stirling_remainder(a));
        }
        // P(k) / P(k - 1) at the candidate: its distance from 1 is a difference of products, in whole numbers.
        let [kept, good, draw, spare] = [k, self.good - k, self.draw - k, self.spare() + k].map(|x| x as i128 + 1);
        sum - apart * math::ln_1p((kept * spare - good * draw) as f64 / (good * draw) as f64)
    }
}

/// What the trials of one problem share.
struct Hat {
    mode: f64,
    width: f64,
    /// mean + 1/2 in a whole and a broken part, so that no digit of the count is lost at large totals.
    whole: f64,
    broken: f64,
}

impl Hat {
    fn new(problem: &Reduced) -> Hat {
        let Reduced { good, draw, total } = *problem;
        let (g, m, n) = (good as u128, draw as u128, total as u128);
        let variance = problem.mean() * ((total - good) / total) * ((total - draw) / (total - 1.0));
        Hat {
            mode: ((g + 1) * (m + 1) / (n + 2)) as f64,
            width: WIDTH * f64::sqrt(variance + 0.5) + MARGIN,
            whole: (g * m / n) as f64,
            broken: (g * m % n) as f64 / total + 0.5,
        }
    }
}

/// The number of good records among `sample` drawn without replacement from `good` + `bad`: whole numbers with a total up to 2^53.
/// A sample beyond the total takes everything; a certain count uses no random word.
pub fn hypergeometric(good: f64, bad: f64, sample: f64, side: &mut Stream) -> f64 {
    let total = good + bad;
    let sample = f64::min(sample, total);
    if !(good > 0.0 && sample > 0.0) {
        return 0.0;
    }
    if !(bad > 0.0) || sample >= total {
        return f64::min(good, sample);
    }
    // Draw the smaller part, and count the rarer kind in it.
    let (few, taken) = (f64::min(good, bad), f64::min(sample, total - sample));
    let problem = Reduced { good: f64::max(few, taken), draw: f64::min(few, taken), total };
    let rarer = if problem.mean() < INVERSION { problem.invert(unit(side.word())) } else { problem.by_ratio(side) };
    let among = if good > bad { taken - rarer } else { rarer };
    if taken < sample { good - among } else { among }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ln_choose(n: f64, k: f64) -> f64 {
        let f = |x: f64| math::ln_factorial(x as u64);
        f(n) - f(k) - f(n - k)
    }

    /// P(k) by log factorials: right to 1e-10 while the total is moderate.
    fn probability(good: f64, bad: f64, sample: f64, k: f64) -> f64 {
        if k > good || sample - k > bad || k > sample {
            return 0.0;
        }
        math::exp(ln_choose(good, k) + ln_choose(bad, sample - k) - ln_choose(good + bad, sample))
    }

    /// Chi-square of the whole law, by inversion, by ratio of uniforms, and by each reflection.
    #[test]
    fn the_law_is_exact() {
        let mut side = Stream::new([5, 6, 7, 8]);
        for (good, bad, sample) in [
            (5.0, 5.0, 5.0),
            (1.0, 30.0, 7.0),
            (12.0, 20.0, 9.0),
            (20.0, 12.0, 25.0),
            (60.0, 70.0, 19.0),
            (19.0, 111.0, 60.0),
            (40.0, 40.0, 40.0),
            (70.0, 60.0, 65.0),
            (300.0, 90.0, 110.0),
            (90.0, 300.0, 280.0),
            (300.0, 90.0, 280.0),
            (1000.0, 1e6, 12_000.0),
            (2000.0, 1e6, 1500.0),
            (1e6, 2000.0, 1e6),
            (5000.0, 5000.0, 5000.0),
        ] {
            let rounds = 60_000;
            let mut seen = vec![0.0; f64::min(good, sample) as usize + 1];
            (0..rounds).for_each(|_| seen[hypergeometric(good, bad, sample, &mut side) as usize] += 1.0);
            let (mut chi, mut cells, mut rare, mut rare_seen) = (0.0, -1.0, 0.0, 0.0);
            for (k, seen) in seen.into_iter().enumerate() {
                let expected = f64::from(rounds) * probability(good, bad, sample, k as f64);
                if expected > 10.0 {
                    chi += (seen - expected) * (seen - expected) / expected;
                    cells += 1.0;
                } else {
                    rare += expected;
                    rare_seen += seen;
                }
            }
            let cells = f64::max(cells, 1.0);
            assert!(chi < cells + 5.0 * f64::sqrt(2.0 * cells), "{good} {bad} {sample}: {chi} on {cells}");
            assert!((rare_seen - rare).abs() <= 5.0 * f64::sqrt(rare) + 1e-3, "{good} {bad} {sample}: {rare_seen} of the rare {rare}");
        }
    }

    /// Means and variances up to totals of 2^53, the case good = bad = sample = 2^40 - 2 among them.
    #[test]
    fn mean_and_variance_at_every_size() {
        const TWO_53: f64 = 9_007_199_254_740_992.0;
        let case = 1_099_511_627_774.0;
        let mut side = Stream::new([1, 2, 3, 4]);
        for (good, bad, sample) in [
            (1.0, 1.0, 1.0),
            (10.0, 30.0, 12.0),
            (1e3, 9e3, 5e3),
            (1e6, 3e6, 1e6),
            (1e6, 1e12, 1e7),
            (case, case, case),
            (case, 3.0 * case, 3.9 * 1e12),
            (TWO_53 / 2.0, TWO_53 / 2.0, TWO_53 / 2.0),
            (TWO_53 / 2.0 - 1.0, TWO_53 / 2.0, 12.0),
            (TWO_53 - 1e6, 1e6, TWO_53 / 4.0 + 3.0),
            (268_435_456.0, TWO_53 - 268_435_456.0, 268_435_456.0),
            (1e9, TWO_53 - 1e9, TWO_53 - 2e8),
        ] {
            let (total, rounds) = (good + bad, 100_000);
            let (p, finite) = (good / total, (total - sample) / f64::max(total - 1.0, 1.0));
            let variance = sample * p * (bad / total) * finite;
            let (whole, rest) = ((good as u128 * sample as u128 / total as u128) as f64, good as u128 * sample as u128 % total as u128);
            let mut sums = [0.0; 3];
            for _ in 0..rounds {
                let k = hypergeometric(good, bad, sample, &mut side);
                assert!(k >= f64::max(0.0, sample - bad) && k <= f64::min(good, sample) && k == k.trunc(), "{good} {bad} {sample}: {k}");
                let z = ((k - whole) - rest as f64 / total) / f64::sqrt(variance);
                sums.iter_mut().zip([z, z * z, z * z * z * z]).for_each(|(sum, power)| *sum += power);
            }
            let [mean, square, fourth] = sums.map(|sum| sum / f64::from(rounds));
            assert!(mean.abs() < 4.5 / f64::from(rounds).sqrt(), "{good} {bad} {sample}: mean {mean}");
            let sd = f64::sqrt((fourth - square * square) / f64::from(rounds));
            assert!((square - 1.0).abs() <= 4.5 * sd + 1e-6, "{good} {bad} {sample}: variance {square}, {sd}");
        }
    }

    /// ln P(k) - ln P(mode) and ln P(0) to 40 digits, by tools/oracles/hypergeometric.py.
    #[test]
    fn logarithms_agree_with_mpmath() {
        for line in include_str!("hypergeometric.csv").lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let number = |i: usize| fields[i].parse::<f64>().expect("a number");
            let problem = Reduced { good: number(1), draw: number(2), total: number(3) };
            let (found, expected) = match fields[0] {
                "ratio" => (problem.log_ratio(number(4), number(5)), number(6)),
                _ => (problem.log_none(), number(6)),
            };
            assert!((found - expected).abs() <= 1e-12 + 4e-14 * expected.abs(), "{line}: {found:e}");
        }
    }

    /// The candidate's density never reaches above the hat: |x - mean - 1/2| sqrt(P(k) / P(mode)) <= width / 2 on each [k, k + 1).
    #[test]
    fn the_hat_covers_the_law() {
        let mut side = Stream::new([9, 9, 9, 9]);
        let mut largest = 0.0f64;
        let mut problems: Vec<Reduced> = vec![];
        for total in (40..160).step_by(3) {
            for good in 1..=total / 2 {
                problems.extend((1..=good).map(|draw| Reduced { good: f64::from(good), draw: f64::from(draw), total: f64::from(total) }));
            }
        }
        for _ in 0..300 {
            let total = math::exp(4.6 + 32.0 * side.uniform()).floor();
            let good = math::exp(math::ln(total / 2.0) * side.uniform()).floor();
            problems.push(Reduced { good, draw: (good * math::exp(-12.0 * side.uniform())).floor(), total });
        }
        for problem in problems.into_iter().filter(|problem| problem.mean() >= INVERSION) {
            let hat = Hat::new(&problem);
            let step = f64::max(1.0, (hat.width / 300.0).floor());
            for i in -1500..=1500 {
                let k = hat.mode + f64::from(i) * step;
                if k < 0.0 || k > problem.draw {
                    continue;
                }
                let root = math::exp(0.5 * problem.log_ratio(hat.mode, k));
                let left = (k - hat.whole) - hat.broken;
                let out = f64::max(left.abs(), (left + 1.0).abs()) * root / (0.5 * hat.width);
                assert!(out <= 1.0, "{problem:?} at {k}: {out}");
                largest = largest.max(out);
            }
        }
        assert!(largest > 0.99, "the hat is wider than it need be: {largest}");
    }

    /// P(k; good, bad, sample): k from the good is sample - k from the bad, and good - k from what is left.
    #[test]
    fn reflections_have_one_law() {
        let mut side = Stream::new([2, 3, 5, 7]);
        let rounds = 40_000;
        let mut average =
            |good, bad, sample| (0..rounds).map(|_| hypergeometric(good, bad, sample, &mut side)).sum::<f64>() / f64::from(rounds);
        for (good, bad, sample) in [(7.0, 50.0, 20.0), (300.0, 800.0, 500.0)] {
            let total = good + bad;
            let sd = f64::sqrt(sample * good / total * bad / total * (total - sample) / (total - 1.0) / f64::from(rounds));
            let expected = sample * good / total;
            for found in [
                average(good, bad, sample),
                sample - average(bad, good, sample),
                good - average(good, bad, total - sample),
                average(sample, total - sample, good),
            ] {
                assert!((found - expected).abs() < 4.5 * sd, "{good} {bad} {sample}: {found} for {expected}");
            }
        }
    }

    #[test]
    fn certain_counts_use_no_word() {
        let mut side = Stream::new([1, 2, 3, 4]);
        for (good, bad, sample, count) in [
            (0.0, 5.0, 3.0, 0.0),
            (5.0, 0.0, 3.0, 3.0),
            (5.0, 7.0, 0.0, 0.0),
            (5.0, 7.0, 12.0, 5.0),
            (5.0, 7.0, 40.0, 5.0),
            (0.0, 0.0, 3.0, 0.0),
            (-1.0, 5.0, 2.0, 0.0),
            (f64::NAN, 5.0, 2.0, 0.0),
        ] {
            assert_eq!(hypergeometric(good, bad, sample, &mut side), count, "{good} {bad} {sample}");
        }
        assert_eq!(side.word(), Stream::new([1, 2, 3, 4]).word());
    }

    #[test]
    fn the_bend_of_the_logarithm_meets_its_series_and_its_difference() {
        for x in [0.01, -0.01, 0.009_999, 0.5, -0.5, -0.999] {
            let terms: f64 = (2..4000).rev().map(|k| if k % 2 == 1 { 1.0 } else { -1.0 } * f64::powi(x, k) / f64::from(k)).sum();
            assert!((ln_1p_minus(x) / terms - 1.0).abs() < 1e-12 || x == -0.999, "{x}");
        }
        assert_eq!(ln_1p_minus(1e-200), -0.0);
        assert!((ln_1p_minus(-1e-12) / -5.000_000_000_003_333e-25 - 1.0).abs() < 1e-15);
    }
}
