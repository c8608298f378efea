//! A mixture on the line, seen from a centre: what distances read of it, and nodes that stand for infinitely many records.

use super::law::Mixture;
use crate::measures::line::Line;
use crate::measures::quadrature;
use crate::truth::{NORMAL_MARKS, Part, log_density, normal_excess};

/// Normal components as seen from a centre.
pub struct Mixed {
    parts: Vec<Part>,
}

impl Mixed {
    /// A mixture in one dimension.
    pub fn new(mixture: &Mixture, centre: f64) -> Mixed {
        Mixed { parts: mixture.marginal(0).map(|(weight, mean, sd)| Part { weight, mean: mean - centre, sd }).collect() }
    }
}

impl Line for Mixed {
    fn log_density(&self, x: f64) -> f64 {
        log_density(&self.parts, x)
    }

    fn masses(&self, x: f64) -> [f64; 2] {
        self.parts.iter().fold([0.0; 2], |[lower, upper], part| {
            let z = (x - part.mean) / part.sd;
            [lower + part.weight * crate::math::normal_cdf(z), upper + part.weight * crate::math::normal_sf(z)]
        })
    }

    fn excess(&self, x: f64) -> [f64; 2] {
        self.parts.iter().fold([0.0; 2], |[below, above], part| {
            let [a, b] = normal_excess((x - part.mean) / part.sd);
            [below + part.weight * part.sd * a, above + part.weight * part.sd * b]
        })
    }

    fn marks(&self) -> Vec<f64> {
        let marks: Vec<f64> = self.parts.iter().flat_map(|part| NORMAL_MARKS.map(|z| part.mean + part.sd * z)).collect();
        quadrature::merged(&marks, &[])
    }
}

/// Points with weights that add up to 1, in place of infinitely many records: 21 Gauss-Kronrod points a half panel between marks.
///
/// Moments of the law are right to 1e-13, and so is what one iteration of a mixture with components no narrower than the law's makes of
/// them; a component that is 30 times narrower is right to 1e-6.
pub fn nodes(law: &impl Line) -> Vec<(f64, f64)> {
    let mut out = Vec::new();
    for pair in law.marks().windows(2) {
        let middle = 0.5 * (pair[0] + pair[1]);
        for (a, b) in [(pair[0], middle), (middle, pair[1])] {
            out.extend(quadrature::nodes(a, b).map(|(x, weight)| (x, weight * crate::math::exp(law.log_density(x)))));
        }
    }
    out.retain(|&(_, weight)| weight > 0.0);
    let total: f64 = out.iter().map(|node| node.1).sum();
    out.iter_mut().for_each(|node| node.1 /= total);
    out
}
