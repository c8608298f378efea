//! Columns of any model on the line beside any origin on it: a list of names, meanings and formulas.

use crate::columns::Column;
use crate::math;
use crate::measures::line::{Divergences, Gaps};
use crate::measures::pair::retention;
use crate::truth::Truth;

/// A fitted model of one chain, in the origin's units.
pub trait OnLine {
    fn mean(&self) -> f64;
    fn variance(&self) -> f64;
    /// Mass at or below a place.
    fn below(&self, place: f64) -> f64;
    /// Mass at or above a place.
    fn above(&self, place: f64) -> f64;
    fn interquartile(&self) -> f64;
    fn w1(&self) -> f64;
    fn w2(&self) -> f64;
    fn divergences(&self) -> Divergences;
    fn gaps(&self) -> Gaps;
    fn entropy(&self) -> f64;
}

/// A formula of the origin and a model.
pub type Of = fn(&Truth, &dyn OnLine) -> f64;

/// Variance over the origin's; squared interquartile ranges where the origin has no variance. NaN where it is a point.
pub fn variance_ratio(truth: &Truth, model: &dyn OnLine) -> f64 {
    if truth.variance.is_infinite() {
        let ratio = model.interquartile() / truth.interquartile;
        return ratio * ratio;
    }
    if truth.variance > 0.0 { model.variance() } else { f64::NAN }
}

/// Retention of a level's region: lower, upper, both.
fn kept(truth: &Truth, model: &dyn OnLine, level: usize) -> [f64; 3] {
    retention(&truth.regions[level], |edge| model.below(edge), |edge| model.above(edge))
}

/// Mass outside the support; a record on its edge is inside.
fn outside(truth: &Truth, model: &dyn OnLine) -> f64 {
    let strictly = |edge: f64, side: usize| {
        if !edge.is_finite() {
            return 0.0;
        }
        let sides = [model.below(edge), model.above(edge)];
        let on_edge = sides[0] + sides[1] - 1.0;
        if on_edge > 1e-12 { sides[side] - on_edge } else { sides[side] }
    };
    f64::max(strictly(truth.support[0], 0) + strictly(truth.support[1], 1), 0.0)
}

/// The list; distances are infinite or undefined where the origin's law makes them so.
pub const LIST: &[(Column, Of)] = &[
    (Column::new("mean", "mean of the fitted model"), |t, q| t.place + t.scale * q.mean()),
    (Column::new("variance", "variance of the fitted model"), |t, q| t.scale * t.scale * q.variance()),
    (Column::new("variance_ratio", "variance over the origin's; squared interquartile ranges where the origin has none"), variance_ratio),
    (Column::new("mean_shift", "(mean - origin's mean) / origin's sd"), |t, q| {
        if t.mean.is_finite() && t.variance > 0.0 { q.mean() } else { f64::NAN }
    }),
    (Column::new("tail_p05", "retention of the outermost 5 %; of a law with an edge the highest 5 %"), |t, q| kept(t, q, 0)[2]),
    (Column::new("tail_p01", "retention of the outermost 1 %; of a law with an edge the highest 1 %"), |t, q| kept(t, q, 1)[2]),
    (Column::new("tail_p001", "retention of the outermost 0.1 %; of a law with an edge the highest 0.1 %"), |t, q| kept(t, q, 2)[2]),
    (Column::new("tail_lower_p01", "retention of the lowest 0.5 %; undefined for a law with an edge"), |t, q| kept(t, q, 1)[0]),
    (Column::new("tail_upper_p01", "retention of the highest 0.5 %; of a law with an edge the highest 1 %"), |t, q| kept(t, q, 1)[1]),
    (Column::new("w1", "Wasserstein-1 distance to the origin, in the data's units"), |t, q| t.scale * q.w1()),
    (Column::new("w2", "Wasserstein-2 distance to the origin, in the data's units"), |t, q| t.scale * q.w2()),
    (Column::new("kl_forward", "KL(origin || model) in nats; undefined for a table's rows"), |_, q| q.divergences().forward),
    (Column::new("kl_reverse", "KL(model || origin) in nats; undefined for a table's rows"), |_, q| q.divergences().reverse),
    (Column::new("hellinger", "Hellinger distance to the origin; undefined for a table's rows"), |_, q| q.divergences().hellinger),
    (Column::new("tv", "total variation distance to the origin; undefined for a table's rows"), |_, q| q.gaps().tv),
    (Column::new("ks", "Kolmogorov distance to the origin"), |_, q| q.gaps().ks),
    (Column::new("entropy", "differential entropy of the model in nats"), |t, q| q.entropy() + math::ln(t.scale)),
    (Column::new("outside_support", "model mass outside the origin's support (0 where that is the whole line)"), outside),
];

/// The formula of a name.
pub fn find(name: &str) -> Option<Of> {
    LIST.iter().find(|(column, _)| column.name == name).map(|(_, of)| *of)
}

/// Early, late, diverged.
pub fn signal(truth: &Truth, model: &dyn OnLine) -> (bool, bool, bool) {
    let [lower, upper, _] = kept(truth, model, 1);
    let ratio = variance_ratio(truth, model);
    (lower <= 0.1 || upper <= 0.1, ratio <= 0.01, ratio > 100.0)
}
