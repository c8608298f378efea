//! Measures of a model beside any origin on the line, in the origin's units.

use super::line::{self, Divergences, Gaps, Line};
use super::steps;
use super::tails::Region;
use crate::math;
use crate::truth::{NORMAL_MARKS, Truth, normal_excess, normal_place};

/// A model beside its origin.
pub struct Pair<'a, L: Line> {
    pub truth: &'a Truth,
    /// The place in the origin's units from which the model's law is seen.
    pub centre: f64,
    /// The model's law; None for a point at the centre.
    pub model: Option<&'a L>,
    /// The model's mean, from the centre.
    pub mean: f64,
    /// The model's variance.
    pub variance: f64,
}

impl<L: Line> Pair<'_, L> {
    /// Wasserstein-1 distance; infinite where the origin has no mean.
    pub fn w1(&self) -> f64 {
        if self.truth.mean.is_infinite() {
            return f64::INFINITY;
        }
        match (self.truth.steps(), self.model) {
            (Some(rows), Some(model)) => steps::w1(&rows.from(self.centre), model),
            (Some(rows), None) => steps::to_point(&rows.from(self.centre), 0.0)[0],
            (None, Some(model)) => line::w1(&self.truth.seen_from(self.centre), model),
            (None, None) => self.truth.excess(self.centre).iter().sum(),
        }
    }

    /// Wasserstein-2 distance; infinite where the origin has no variance.
    pub fn w2(&self) -> f64 {
        if self.truth.variance.is_infinite() {
            return f64::INFINITY;
        }
        match (self.truth.steps(), self.model) {
            (Some(rows), Some(model)) => steps::w2(&rows.from(self.centre), model, self.mean, self.variance),
            (Some(rows), None) => steps::to_point(&rows.from(self.centre), 0.0)[1],
            (None, Some(model)) => {
                let origin = self.truth.seen_from(self.centre);
                // A narrow model's places are the better known, only the origin has power tails, and what has quantiles is inverted.
                let inverted = L::BOUNDED || (L::HAS_QUANTILES && !self.truth.has_quantiles());
                let wide = self.variance > 1e-4 && !self.truth.has_power_tail() && !inverted;
                if wide { line::w2(model, &origin) } else { line::w2(&origin, model) }
            }
            (None, None) => f64::sqrt(self.truth.variance + (self.truth.mean - self.centre) * (self.truth.mean - self.centre)),
        }
    }

    /// KL divergences and Hellinger distance; NaN where the origin's rows have no density.
    pub fn divergences(&self) -> Divergences {
        match (self.truth.steps(), self.model) {
            (Some(_), _) => Divergences { forward: f64::NAN, reverse: f64::NAN, hellinger: f64::NAN },
            (None, Some(model)) => line::divergences(&self.truth.seen_from(self.centre), model),
            (None, None) => Divergences { forward: f64::INFINITY, reverse: f64::INFINITY, hellinger: 1.0 },
        }
    }

    /// Total variation (NaN where the origin's rows have no density) and Kolmogorov distance.
    pub fn gaps(&self) -> Gaps {
        match (self.truth.steps(), self.model) {
            (Some(rows), Some(model)) => Gaps { tv: f64::NAN, ks: steps::ks(&rows.from(self.centre), model) },
            (Some(rows), None) => Gaps { tv: f64::NAN, ks: steps::to_point(&rows.from(self.centre), 0.0)[2] },
            (None, Some(model)) => line::gaps(&self.truth.seen_from(self.centre), model),
            (None, None) => Gaps { tv: 1.0, ks: self.truth.masses(self.centre).into_iter().fold(0.0, f64::max) },
        }
    }

    /// Model mass at or below, and at or above, a place in the origin's units.
    fn sides(&self, place: f64) -> [f64; 2] {
        match self.model {
            Some(model) => model.masses(place - self.centre),
            None => [f64::from(u8::from(self.centre <= place)), f64::from(u8::from(self.centre >= place))],
        }
    }

    /// Retention of the lower and of the upper side of a tail region, and of both; NaN where there is no such side.
    pub fn retention(&self, region: &Region) -> [f64; 3] {
        retention(region, |edge| self.sides(edge)[0], |edge| self.sides(edge)[1])
    }

    /// Model mass outside the origin's support.
    pub fn outside(&self) -> f64 {
        let [low, high] = self.truth.support;
        match self.model {
            Some(model) => {
                let below = if low.is_finite() { model.masses(low - self.centre)[0] } else { 0.0 };
                let above = if high.is_finite() { model.masses(high - self.centre)[1] } else { 0.0 };
                below + above
            }
            None => f64::from(u8::from(self.centre < low || self.centre > high)),
        }
    }
}

/// Retention of both sides of a region from the model's mass at or below an edge and at or above one.
pub fn retention(region: &Region, below: impl Fn(f64) -> f64, above: impl Fn(f64) -> f64) -> [f64; 3] {
    let lower = region.lower.map(|(edge, mass)| (below(edge), mass));
    let upper = region.upper.map(|(edge, mass)| (above(edge), mass));
    let ratio = |side: Option<(f64, f64)>| side.map_or(f64::NAN, |(model, origin)| model / origin);
    let both = match (lower, upper) {
        (Some(a), Some(b)) => (a.0 + b.0) / (a.1 + b.1),
        (one, other) => ratio(one.or(other)),
    };
    [ratio(lower), ratio(upper), both]
}

/// N(0, sd^2), the law of a normal model seen from its mean.
pub struct Bell(pub f64);

impl Line for Bell {
    const HAS_QUANTILES: bool = true;

    fn log_density(&self, x: f64) -> f64 {
        let z = x / self.0;
        -0.5 * z * z - math::ln(self.0) - 0.918_938_533_204_672_8
    }

    fn masses(&self, x: f64) -> [f64; 2] {
        [math::normal_cdf(x / self.0), math::normal_sf(x / self.0)]
    }

    fn excess(&self, x: f64) -> [f64; 2] {
        normal_excess(x / self.0).map(|e| self.0 * e)
    }

    fn marks(&self) -> Vec<f64> {
        NORMAL_MARKS.iter().map(|z| self.0 * z).collect()
    }

    fn quantile(&self, masses: [f64; 2], bracket: [f64; 2], _guess: f64) -> f64 {
        (self.0 * normal_place(masses)).clamp(bracket[0], bracket[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::{Normal, hellinger, kl, ks, tv, wasserstein};

    fn close(found: f64, expected: f64, what: &str) {
        let apart = (found - expected).abs();
        assert!(apart <= 1e-9 * expected.abs() || apart <= 4e-15 || found == expected, "{what}: {found:e} beside {expected:e}");
    }

    fn normal(m: f64, s: f64) -> [f64; 7] {
        let truth = Truth::gaussian(0.0, 1.0).unwrap();
        let law = Bell(s);
        let pair = Pair { truth: &truth, centre: m, model: Some(&law), mean: 0.0, variance: s * s };
        let (d, g) = (pair.divergences(), pair.gaps());
        [pair.w1(), pair.w2(), d.forward, d.reverse, d.hellinger, g.tv, g.ks]
    }

    /// Everything by quadrature beside the closed forms of two normal laws: near, far, wide, and all but collapsed.
    #[test]
    fn agrees_with_the_closed_forms_of_two_normal_laws() {
        let laws =
            [(0.5, 1.0), (0.0, 0.3), (-1.2, 2.0), (3.0, 0.5), (50.0, 2.0), (0.2, 1e-3), (0.2, 1e-8), (-7.0, 1e-8), (0.0, 20.0), (0.1, 0.9)];
        for (m, s) in laws.into_iter().chain([(1e4, 3.0), (1e-3, 1.01), (-0.5, 1.0)]) {
            let model = Normal::new(m, s);
            let expected = [
                wasserstein::first(model),
                wasserstein::second(model),
                kl::forward(model),
                kl::reverse(model),
                hellinger::normal(model),
                tv::normal(model),
                ks::normal(model),
            ];
            for ((found, expected), what) in
                normal(m, s).into_iter().zip(expected).zip(["w1", "w2", "forward", "reverse", "hellinger", "tv", "ks"])
            {
                close(found, expected, &format!("{what} of {m}, {s}"));
            }
        }
    }

    /// Small distances keep their digits: KL = m^2 / 2, H = m / sqrt 8, W = m for a shift.
    #[test]
    fn laws_that_are_all_but_equal() {
        let m = 1e-6;
        let [w1, w2, forward, reverse, hellinger, tv, ks] = normal(m, 1.0);
        for (found, expected, bound) in [
            (w1, m, 1e-9),
            (w2, m, 1e-8),
            (forward, 0.5 * m * m, 1e-8),
            (reverse, 0.5 * m * m, 1e-8),
            (hellinger, m / f64::sqrt(8.0), 1e-8),
            (tv, m * 0.398_942_280_401_432_7, 1e-9),
            (ks, m * 0.398_942_280_401_432_7, 1e-9),
        ] {
            assert!((found / expected - 1.0).abs() < bound, "{found:e} beside {expected:e}");
        }
        let same = normal(0.0, 1.0);
        assert!(same.iter().all(|&distance| distance < 1e-14), "{same:?}");
    }
}
