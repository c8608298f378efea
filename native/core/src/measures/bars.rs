//! A piecewise uniform law: bars of one width on a grid, the law of a histogram.

use super::line::Line;
use crate::math;

/// Bars seen from a centre.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    width: f64,
    /// Left edge and mass of each bar, ascending.
    bars: Vec<(f64, f64)>,
    /// Mass, and first moment, below each bar.
    before: Vec<[f64; 2]>,
    /// The same above each bar.
    after: Vec<[f64; 2]>,
    /// Mean of the law.
    pub mean: f64,
    /// Variance of the law.
    pub variance: f64,
}

impl Bars {
    /// Bars of positive mass from ascending left edges; masses are divided by their sum.
    pub fn new(width: f64, edges_and_masses: impl Iterator<Item = (f64, f64)>) -> Bars {
        let mut bars: Vec<(f64, f64)> = edges_and_masses.filter(|bar| bar.1 > 0.0).collect();
        let total: f64 = bars.iter().map(|bar| bar.1).sum();
        bars.iter_mut().for_each(|bar| bar.1 /= total);
        let centre = |left: f64| left + 0.5 * width;
        let first = bars.first().map_or(f64::NAN, |bar| centre(bar.0));
        let mean = first + bars.iter().map(|(left, mass)| mass * (centre(*left) - first)).sum::<f64>();
        let between: f64 = bars.iter().map(|(left, mass)| mass * (centre(*left) - mean) * (centre(*left) - mean)).sum();
        let sums = |all: &mut dyn Iterator<Item = &(f64, f64)>| -> Vec<[f64; 2]> {
            let mut sum = [0.0, 0.0];
            let before = |(left, mass): &(f64, f64)| {
                let before = sum;
                sum = [sum[0] + mass, sum[1] + mass * centre(*left)];
                before
            };
            all.map(before).collect()
        };
        let before = sums(&mut bars.iter());
        let mut after = sums(&mut bars.iter().rev());
        after.reverse();
        Bars { width, before, after, mean, variance: between + width * width / 12.0, bars }
    }

    /// Bars of positive mass.
    pub fn len(&self) -> usize {
        self.bars.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.bars.is_empty()
    }

    /// Differential entropy in nats: the sum of -p ln(p / width).
    pub fn entropy(&self) -> f64 {
        math::ln(self.width) - self.bars.iter().map(|(_, mass)| mass * math::ln(*mass)).sum::<f64>()
    }

    /// The same bars from another centre.
    pub fn from(&self, centre: f64) -> Bars {
        Bars::new(self.width, self.bars.iter().map(|(left, mass)| (left - centre, *mass)))
    }

    /// The last bar whose left edge is at or below a place, and how much of a width the place lies beyond that edge.
    fn find(&self, x: f64) -> Option<(usize, f64)> {
        let next = self.bars.partition_point(|bar| bar.0 <= x);
        (next > 0).then(|| (next - 1, (x - self.bars[next - 1].0) / self.width))
    }

    fn inside(&self, i: usize, part: f64) -> bool {
        part < 1.0 || (i + 1 < self.bars.len() && self.bars[i].0 + self.width >= self.bars[i + 1].0)
    }
}

impl Line for Bars {
    const HAS_QUANTILES: bool = true;
    const BOUNDED: bool = true;

    fn log_density(&self, x: f64) -> f64 {
        match self.find(x) {
            Some((i, part)) if self.inside(i, part) => math::ln(self.bars[i].1 / self.width),
            _ => f64::NEG_INFINITY,
        }
    }

    fn masses(&self, x: f64) -> [f64; 2] {
        match self.find(x) {
            None => [0.0, 1.0],
            Some((i, part)) => {
                let (mass, part) = (self.bars[i].1, f64::min(part, 1.0));
                [self.before[i][0] + mass * part, self.after[i][0] + mass * (1.0 - part)]
            }
        }
    }

    fn excess(&self, x: f64) -> [f64; 2] {
        let whole = |sums: [f64; 2], sign: f64| sign * (x * sums[0] - sums[1]);
        let Some((i, part)) = self.find(x) else {
            return [0.0, self.mean - x];
        };
        let ((left, mass), part) = (self.bars[i], f64::min(part, 1.0));
        let beyond = x - left - part * self.width;
        // Of the bar itself: what lies below x within it, and above.
        let below = mass * (part * self.width * 0.5 * part + part * beyond);
        let above = mass * 0.5 * (1.0 - part) * (1.0 - part) * self.width;
        [f64::max(whole(self.before[i], 1.0) + below, 0.0), f64::max(whole(self.after[i], -1.0) + above, 0.0)]
    }

    fn marks(&self) -> Vec<f64> {
        let mut marks: Vec<f64> = Vec::with_capacity(self.bars.len() + 1);
        for (i, (left, _)) in self.bars.iter().enumerate() {
            // Bars that touch share an edge.
            let touches = i > 0 && (self.bars[i - 1].0 + self.width - left).abs() <= 1e-9 * self.width;
            if i > 0 && !touches {
                marks.push(self.bars[i - 1].0 + self.width);
            }
            marks.push(*left);
        }
        marks.extend(self.bars.last().map(|bar| bar.0 + self.width));
        marks
    }

    fn quantile(&self, masses: [f64; 2], bracket: [f64; 2], _guess: f64) -> f64 {
        let lower = masses[0] <= masses[1];
        let i = if lower {
            self.before.partition_point(|before| before[0] < masses[0]).saturating_sub(1)
        } else {
            self.after.partition_point(|after| after[0] > masses[1])
        };
        let i = i.min(self.bars.len() - 1);
        let (left, mass) = self.bars[i];
        let part = if lower { (masses[0] - self.before[i][0]) / mass } else { 1.0 - (masses[1] - self.after[i][0]) / mass };
        (left + self.width * part.clamp(0.0, 1.0)).clamp(bracket[0], bracket[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::quadrature::integrate;

    #[test]
    fn a_law_with_a_gap() {
        let law = Bars::new(0.5, [(-1.0, 2.0), (-0.5, 1.0), (0.0, 0.0), (2.0, 1.0)].into_iter());
        assert_eq!((law.len(), law.marks()), (3, vec![-1.0, -0.5, 0.0, 2.0, 2.5]));
        assert!((law.mean - (0.5 * -0.75 - 0.25 * 0.25 + 0.25 * 2.25)).abs() < 1e-15);
        let marks = law.marks();
        let density = |x: f64| math::exp(law.log_density(x));
        let mean = law.mean;
        let [mass, variance, entropy] = integrate(&marks, |x| {
            let p = density(x);
            [p, p * (x - mean) * (x - mean), if p > 0.0 { -p * math::ln(p) } else { 0.0 }]
        });
        assert!((mass - 1.0).abs() < 1e-14 && (variance - law.variance).abs() < 1e-14 && (entropy - law.entropy()).abs() < 1e-14);
        for x in [-2.0, -0.9, -0.5, -0.2, 0.0, 1.0, 2.1, 3.0] {
            let cut: Vec<f64> = marks.iter().copied().filter(|&mark| mark < x).chain([x]).collect();
            let [mass, excess] = if cut.len() > 1 { integrate(&cut, |t| [density(t), (x - t) * density(t)]) } else { [0.0, 0.0] };
            let ([lower, upper], [below, above]) = (law.masses(x), law.excess(x));
            assert!((lower - mass).abs() < 1e-14 && (lower + upper - 1.0).abs() < 1e-14, "{x}: {mass} {lower} {upper}");
            assert!((below - excess).abs() < 1e-14 && (below - above - (x - mean)).abs() < 1e-14, "{x}: {excess} {below} {above}");
            if 0.0 < lower && lower < 1.0 && density(x) > 0.0 {
                assert!((law.quantile([lower, upper], [-9.0, 9.0], 0.0) - x).abs() < 1e-14);
            }
        }
    }
}
