//! Binomial counts for n up to 2^53: transformed rejection where n min(p, 1-p) >= 10, inversion below, sixteen chains in step.
//!
//! The acceptance ratio is written with ln(1 + x) of small differences, so that it stays exact to 1e-8 at n = 2^53, where differences of
//! log factorials would have lost every digit. Source: Hormann, "The generation of binomial random variates", J. Stat. Comput. Simul. 46
//! (1993), algorithm BTRS.

use super::lanes::{LANES, Lanes};
use super::stream::{Stream, unit};
use crate::math;
use crate::simd::{Level, kernel};

/// Below this mean of the rarer outcome the count is found by inversion.
const INVERSION: f64 = 10.0;
const MAGIC: f64 = 6_755_399_441_055_744.0;

/// floor(x) for |x| < 2^51 without an instruction that the baseline lacks.
#[inline(always)]
fn floor(x: f64) -> f64 {
    let near = (x + MAGIC) - MAGIC;
    near - if near > x { 1.0 } else { 0.0 }
}

/// Constants of BTRS for n trials of probability p <= 1/2.
#[derive(Clone, Copy)]
struct Btrs {
    n: f64,
    p: f64,
    spq: f64,
    a: f64,
    b: f64,
    /// n p + 1/2 in a whole and a broken part, so that no digit of the count is lost at large n.
    whole: f64,
    broken: f64,
}

impl Btrs {
    #[inline(always)]
    fn new(n: f64, p: f64) -> Btrs {
        let spq = f64::sqrt(n * p * (1.0 - p));
        let b = 1.15 + 2.53 * spq;
        let c = n * p + 0.5;
        let whole = floor(0.5 * c) * 2.0;
        Btrs { n, p, spq, a: -0.0873 + 0.0248 * b + 0.01 * p, b, whole, broken: c - whole }
    }

    /// The candidate of two words and whether the squeeze takes it.
    #[inline(always)]
    fn candidate(&self, first: u64, second: u64) -> (f64, bool) {
        let u = unit(first) - 0.5;
        let us = 0.5 - f64::abs(u);
        let k = self.whole + floor((2.0 * self.a / us + self.b) * u + self.broken);
        let inside = (k >= 0.0) & (k <= self.n);
        (k, inside & (us >= 0.07) & (unit(second) <= 0.92 - 4.2 / self.b))
    }

    /// The candidate, if it is accepted.
    fn trial(&self, first: u64, second: u64) -> Option<f64> {
        let (k, squeezed) = self.candidate(first, second);
        if squeezed {
            return Some(k);
        }
        if !(k >= 0.0 && k <= self.n) {
            return None;
        }
        let us = 0.5 - f64::abs(unit(first) - 0.5);
        let alpha = (2.83 + 5.1 / self.b) * self.spq;
        let v = unit(second) * alpha / (self.a / (us * us) + self.b);
        (math::ln(v) <= self.log_ratio(k)).then_some(k)
    }

    /// ln P(k) - ln P(mode), by ln x! = (x + 1/2) ln(x + 1) - (x + 1) + ln(2 pi) / 2 + delta(x).
    fn log_ratio(&self, k: f64) -> f64 {
        let (n, p, q) = (self.n, self.p, 1.0 - self.p);
        let m = floor(0.5 * (n + 1.0) * p) * 2.0;
        let m = if m + 1.0 <= (n + 1.0) * p { m + 1.0 } else { m };
        let delta = math::stirling_remainder;
        (m + 0.5) * math::ln_1p((m - k) / (k + 1.0))
            + (n - m + 0.5) * math::ln_1p((k - m) / (n - k + 1.0))
            + (k - m) * math::ln_1p((p * (n + 2.0) - (k + 1.0)) / (q * (k + 1.0)))
            + delta(m)
            + delta(n - m)
            - delta(k)
            - delta(n - k)
    }
}

/// Inversion from one uniform number: n p < 10, p <= 1/2.
fn invert(n: f64, p: f64, mut u: f64) -> f64 {
    let odds = p / (1.0 - p);
    let mut probability = math::exp(n * math::ln_1p(-p));
    let mut k = 0.0;
    // Beyond 200 the mass is below 1e-150: rounding alone could lead there.
    while u > probability && k < f64::min(n, 200.0) {
        u -= probability;
        k += 1.0;
        probability *= odds * (n - k + 1.0) / k;
    }
    k
}

/// One binomial count: n whole, 0 <= n <= 2^53; p outside (0, 1) counts as 0 or 1.
pub fn binomial(n: f64, p: f64, stream: &mut Stream) -> f64 {
    if !(n > 0.0 && p > 0.0) {
        return 0.0;
    }
    if p >= 1.0 {
        return n;
    }
    let (first, second) = (stream.word(), stream.word());
    count(n, p, first, second, stream)
}

/// The count that begins with two given words and goes on from a stream.
fn count(n: f64, p: f64, first: u64, second: u64, stream: &mut Stream) -> f64 {
    let rare = f64::min(p, 1.0 - p);
    let k = if n * rare < INVERSION {
        invert(n, rare, unit(first))
    } else {
        let btrs = Btrs::new(n, rare);
        let mut words = (first, second);
        loop {
            match btrs.trial(words.0, words.1) {
                Some(k) => break k,
                None => words = (stream.word(), stream.word()),
            }
        }
    };
    if p > 0.5 { n - k } else { k }
}

kernel! {
    /// One squeezed trial a lane; a set bit of the answer asks for `count` with the words kept.
    fn squeeze(
        lanes: &mut Lanes, n: &[f64; LANES], p: &[f64; LANES], words: &mut [[u64; LANES]; 2], out: &mut [f64; LANES],
    ) -> u32 {
        let mut draws = [0u64; LANES];
        for i in 0..LANES {
            draws[i] = 0u64.wrapping_sub(u64::from((n[i] > 0.0) & (p[i] > 0.0) & (p[i] < 1.0)));
        }
        let first = lanes.step_where(&draws);
        let second = lanes.step_where(&draws);
        let mut bad = [0u64; LANES];
        for i in 0..LANES {
            let rare = if p[i] > 0.5 { 1.0 - p[i] } else { p[i] };
            let (k, good) = Btrs::new(n[i], rare).candidate(first[i], second[i]);
            let k = if p[i] > 0.5 { n[i] - k } else { k };
            let sure = if p[i] >= 1.0 { n[i] } else { 0.0 };
            out[i] = if draws[i] == 0 { sure } else { k };
            bad[i] = draws[i] & !0u64.wrapping_sub(u64::from(good & (n[i] * rare >= INVERSION)));
        }
        *words = [first, second];
        let mut flags = 0;
        for i in 0..LANES {
            flags |= (bad[i] as u32 & 1) << i;
        }
        flags
    }
}

/// A binomial count for each of sixteen chains; a lane with n = 0 or p = 0 or 1 uses no random word.
pub fn binomials(level: Level, lanes: &mut Lanes, sides: &mut [Stream], n: &[f64; LANES], p: &[f64; LANES], out: &mut [f64; LANES]) {
    let mut words = [[0; LANES]; 2];
    let mut flags = squeeze(level, lanes, n, p, &mut words, out);
    while flags != 0 {
        let i = flags.trailing_zeros() as usize;
        if let Some(side) = sides.get_mut(i) {
            out[i] = count(n[i], p[i], words[0][i], words[1][i], side);
        }
        flags &= flags - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::key::{Key, Purpose};

    fn streams() -> (Lanes, Vec<Stream>) {
        let keys: Vec<Key> = (0..16).map(|r| Key::of_chain(5, [6, 7], r)).collect();
        (Lanes::of_chains(&keys, Purpose::Exact), keys.iter().map(|k| Stream::new(k.state(Purpose::Side, 0, 0, 0))).collect())
    }

    #[test]
    fn mean_and_variance_at_every_size() {
        let (mut lanes, mut sides) = streams();
        for (n, p) in [
            (1.0, 0.5),
            (10.0, 0.3),
            (25.0, 0.4),
            (30.0, 0.7),
            (1e3, 0.3),
            (1e6, 0.1),
            (1e6, 0.999),
            (1e9, 1e-3),
            (1e12, 0.1),
            (1e15, 0.4),
            (9_007_199_254_740_992.0, 0.5),
            (1.6e7, 3.14e-10),
        ] {
            let rounds = 20_000;
            let (mut sum, mut square) = (0.0, 0.0);
            let mut out = [0.0; LANES];
            for _ in 0..rounds {
                binomials(Level::best(), &mut lanes, &mut sides, &[n; LANES], &[p; LANES], &mut out);
                for k in out {
                    assert!(k >= 0.0 && k <= n && k == k.trunc());
                    let z = (k - n * p) / f64::sqrt(n * p * (1.0 - p));
                    sum += z;
                    square += z * z;
                }
            }
            let count = f64::from(rounds) * 16.0;
            assert!((sum / count).abs() < 4.5 / count.sqrt(), "n {n} p {p}: mean {}", sum / count);
            let excess = (1.0 - 6.0 * p * (1.0 - p)) / (n * p * (1.0 - p));
            let sd = f64::sqrt((2.0 + excess) / count);
            assert!((square / count - 1.0).abs() <= 4.5 * sd + 1e-9, "n {n} p {p}: variance {}", square / count);
        }
    }

    /// Chi-square of the whole law against the exact probabilities, by both paths.
    #[test]
    fn the_law_is_exact() {
        let (mut lanes, mut sides) = streams();
        for (n, p) in [(20, 0.1), (40, 0.25), (40, 0.4), (60, 0.8), (200, 0.06)] {
            let mut seen = vec![0.0; n + 1];
            let mut out = [0.0; LANES];
            let rounds = 20_000;
            for _ in 0..rounds {
                binomials(Level::best(), &mut lanes, &mut sides, &[n as f64; LANES], &[p; LANES], &mut out);
                out.iter().for_each(|&k| seen[k as usize] += 1.0);
                seen[binomial(n as f64, p, &mut sides[0]) as usize] += 1.0;
            }
            let total = f64::from(rounds) * 17.0;
            let (mut chi, mut cells) = (0.0, 0.0);
            let mut probability = math::exp(n as f64 * math::ln_1p(-p));
            for (k, seen) in seen.iter().enumerate() {
                let expected = total * probability;
                if expected > 10.0 {
                    chi += (seen - expected) * (seen - expected) / expected;
                    cells += 1.0;
                }
                probability *= p / (1.0 - p) * (n - k) as f64 / (k + 1) as f64;
            }
            assert!(chi < cells + 5.0 * f64::sqrt(2.0 * cells), "n {n} p {p}: {chi} on {cells}");
        }
    }

    #[test]
    fn certain_outcomes_use_no_word() {
        let (mut lanes, mut sides) = streams();
        let before = lanes.clone();
        let mut out = [9.0; LANES];
        binomials(Level::best(), &mut lanes, &mut sides, &[5.0; LANES], &[0.0; LANES], &mut out);
        assert_eq!(out, [0.0; LANES]);
        binomials(Level::best(), &mut lanes, &mut sides, &[5.0; LANES], &[1.0; LANES], &mut out);
        assert_eq!(out, [5.0; LANES]);
        assert_eq!(before.state, lanes.state);
    }

    #[test]
    fn levels_agree_to_the_bit() {
        let runs: Vec<Vec<u64>> = Level::available()
            .into_iter()
            .map(|level| {
                let (mut lanes, mut sides) = streams();
                let mut out = [0.0; LANES];
                let mut all = Vec::new();
                for step in 0..200 {
                    let n = std::array::from_fn(|i| (i * step * step) as f64);
                    let p = std::array::from_fn(|i| i as f64 / 15.0);
                    binomials(level, &mut lanes, &mut sides, &n, &p, &mut out);
                    all.extend(out.map(f64::to_bits));
                }
                all
            })
            .collect();
        assert!(runs.windows(2).all(|pair| pair[0] == pair[1]));
    }
}
