//! Retention: the model's mass of the origin's tail region over the origin's own mass of it. 1 is unharmed, 0 is lost, above 1 is fatter.

use super::Normal;
use crate::math;

/// The tail probabilities that are followed.
pub const LEVELS: [f64; 3] = [0.05, 0.01, 0.001];

/// The lower and the upper tail region of one level; a side without origin mass is None.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// Edge and mass of x <= edge.
    pub lower: Option<(f64, f64)>,
    /// Edge and mass of x >= edge.
    pub upper: Option<(f64, f64)>,
}

impl Region {
    /// The two outermost parts of N(0,1), p/2 on each side.
    pub fn of_normal(p: f64) -> Region {
        let edge = -math::normal_quantile(0.5 * p);
        Region { lower: Some((-edge, 0.5 * p)), upper: Some((edge, 0.5 * p)) }
    }

    /// The outermost rows: floor(p/2 N) on each side and those that tie with the last of them.
    pub fn of_sorted(rows: &[f64], p: f64) -> Region {
        let count = (0.5 * p * rows.len() as f64 * (1.0 + 1e-12)).floor() as usize;
        if count == 0 {
            return Region { lower: None, upper: None };
        }
        let (low, high) = (rows[count - 1], rows[rows.len() - count]);
        let share = |k: usize| k as f64 / rows.len() as f64;
        Region {
            lower: Some((low, share(rows.partition_point(|&x| x <= low)))),
            upper: Some((high, share(rows.len() - rows.partition_point(|&x| x < high)))),
        }
    }

    /// Retention of the lower side under a normal model; NaN where there is no region.
    #[inline(always)]
    pub fn lower(&self, model: Normal) -> f64 {
        let (edge, mass) = self.lower.unwrap_or((f64::NAN, f64::NAN));
        below(edge, model.m, model.s) / mass
    }

    /// Retention of the upper side.
    #[inline(always)]
    pub fn upper(&self, model: Normal) -> f64 {
        let (edge, mass) = self.upper.unwrap_or((f64::NAN, f64::NAN));
        below(-edge, -model.m, model.s) / mass
    }

    /// Retention of both sides together.
    #[inline(always)]
    pub fn both(&self, model: Normal) -> f64 {
        // A side without a region holds nothing.
        let (low, high) = (self.lower.unwrap_or((f64::NEG_INFINITY, 0.0)), self.upper.unwrap_or((f64::INFINITY, 0.0)));
        (below(low.0, model.m, model.s) + below(-high.0, -model.m, model.s)) / (low.1 + high.1)
    }
}

/// Mass of N(m, s^2) at or below an edge.
#[inline(always)]
fn below(edge: f64, m: f64, s: f64) -> f64 {
    let mass = math::normal_cdf((edge - m) / s);
    let point = if m <= edge { 1.0 } else { 0.0 };
    if s == 0.0 { point } else { mass }
}

/// The largest set of the least probable classes whose mass is at most `p`, as class numbers; ties go to the lower number.
pub fn rare_classes(probabilities: &[f64], p: f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..probabilities.len()).filter(|&k| probabilities[k] > 0.0).collect();
    order.sort_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
    let mut mass = 0.0;
    let within = order.iter().take_while(|&&k| {
        mass += probabilities[k];
        mass <= p * (1.0 + 1e-12)
    });
    let count = within.count();
    order.truncate(count);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unharmed_model_keeps_everything() {
        let model = Normal::new(0.0, 1.0);
        for p in LEVELS {
            let region = Region::of_normal(p);
            for value in [region.lower(model), region.upper(model), region.both(model)] {
                assert!((value - 1.0).abs() < 1e-12, "{p}: {value}");
            }
        }
        let point = Normal::new(0.0, 0.0);
        assert_eq!(Region::of_normal(0.01).both(point), 0.0);
    }

    #[test]
    fn a_law_with_an_edge_has_one_side() {
        let region = Region { lower: None, upper: Some((1.0, 0.2)) };
        let model = Normal::new(0.0, 1.0);
        assert_eq!(region.both(model), region.upper(model));
        assert!(region.lower(model).is_nan() && Region { upper: None, ..region }.both(model).is_nan());
    }

    #[test]
    fn rows_that_tie_are_in_the_region() {
        let rows = [0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
        let region = Region::of_sorted(&rows, 0.2);
        assert_eq!(region, Region { lower: Some((0.0, 0.3)), upper: Some((7.0, 0.1)) });
        assert_eq!(Region::of_sorted(&rows, 0.01), Region { lower: None, upper: None });
    }

    #[test]
    fn rare_classes_by_mass() {
        assert_eq!(rare_classes(&[0.9, 0.02, 0.03, 0.05], 0.05), [1, 2]);
        assert_eq!(rare_classes(&[0.5, 0.5], 0.05), Vec::<usize>::new());
        assert_eq!(rare_classes(&[0.95, 0.05, 0.0], 0.05), [1]);
    }
}
