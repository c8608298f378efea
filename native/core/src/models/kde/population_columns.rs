//! The columns of kernel density estimates of infinitely many records.

use std::cell::OnceCell;

use super::Origin;
use super::columns::{FitColumn, fit_column, space_ratios, space_shift};
use super::kernels::{Side, share};
use super::population::{Component, KdePopulation, total};
use crate::columns::{EARLY_STATE, LATE_STATE};
use crate::error::Error;
use crate::family::{Law, Measure, Signals, View};
use crate::math;
use crate::measures::blend::Blend;
use crate::measures::line::{Divergences, Gaps, Line, entropy, within};
use crate::measures::pair::{Pair, retention};
use crate::models::line_columns::{self, OnLine};
use crate::models::multivariate_gaussian::{MultivariateGaussian, Real};
use crate::models::scalar_columns::state;
use crate::plan::Watch;
use crate::simd::Level;
use crate::truth::Truth;

/// What several measures share.
#[derive(Default)]
pub struct Shared {
    divergences: OnceCell<Divergences>,
    gaps: OnceCell<Gaps>,
}

/// A chain's model beside an origin on the line.
struct One<'a> {
    family: &'a KdePopulation,
    truth: &'a Truth,
    law: &'a [Component],
    shared: &'a Shared,
    level: Level,
}

impl One<'_> {
    fn average(&self, of: impl Fn(&Component) -> f64) -> f64 {
        let total = total(self.law);
        self.law.iter().map(|one| one.weight / total * of(one)).sum()
    }

    /// The density, seen from the mean; None where there is none.
    fn blend(&self) -> Option<Blend<'_>> {
        let (mut blend, total, centre) = (Blend::new(), total(self.law), self.centre());
        let whole = self.law.iter().all(|one| {
            let (share, sd) = (one.weight / total, self.family.sd(one.kernels, 0));
            match one.point {
                None => blend.add_origin(self.level, share, self.truth, sd, centre),
                Some(point) => blend.add_point(share, point, sd, centre),
            }
        });
        whole.then_some(blend)
    }

    /// The mean, or the origin's place where that has none.
    fn centre(&self) -> f64 {
        let mean = self.mean();
        if mean.is_finite() { mean } else { 0.0 }
    }

    /// A distance to the origin: 0 where the model is the origin, undefined where it has points and a density.
    fn distance<T>(&self, of: impl Fn(Pair<'_, Blend<'_>>) -> T, same: T, undefined: T) -> T {
        if self.law.iter().all(|one| one.point.is_none() && self.family.sd(one.kernels, 0) == 0.0) {
            return same;
        }
        match self.blend() {
            Some(blend) => {
                let centre = self.centre();
                of(Pair { truth: self.truth, centre, model: Some(&blend), mean: self.mean() - centre, variance: self.variance() })
            }
            None => undefined,
        }
    }

    /// Mass on a side of a place.
    fn side(&self, place: f64, side: Side) -> f64 {
        let chosen = |[below, above]: [f64; 2]| if side == Side::Below { below } else { above };
        self.average(|one| {
            let sd = self.family.sd(one.kernels, 0);
            let rows = match (one.point, self.truth.sorted_rows()) {
                (Some(point), _) => vec![point],
                (None, Some(rows)) => rows.to_vec(),
                (None, None) => {
                    let mut blend = Blend::new();
                    blend.add_origin(self.level, 1.0, self.truth, sd, 0.0);
                    return chosen(blend.masses(place));
                }
            };
            share(self.level, &rows, &[], rows.len() as f64, sd, place, side)
        })
    }
}

impl OnLine for One<'_> {
    fn mean(&self) -> f64 {
        self.average(|one| one.point.unwrap_or(self.truth.mean))
    }

    fn variance(&self) -> f64 {
        let mean = self.mean();
        self.average(|one| {
            let sd = self.family.sd(one.kernels, 0);
            let (own, apart) = match one.point {
                Some(point) => (0.0, point - mean),
                None => (self.truth.variance, if mean.is_finite() { self.truth.mean - mean } else { 0.0 }),
            };
            own + sd * sd + apart * apart
        })
    }

    fn below(&self, place: f64) -> f64 {
        self.side(place, Side::Below)
    }

    fn above(&self, place: f64) -> f64 {
        self.side(place, Side::Above)
    }

    fn interquartile(&self) -> f64 {
        let Some(law) = self.blend() else { return f64::NAN };
        let marks = law.marks();
        within(&law, [0.75, 0.25], &marks) - within(&law, [0.25, 0.75], &marks)
    }

    fn w1(&self) -> f64 {
        self.distance(|pair| pair.w1(), 0.0, f64::NAN)
    }

    fn w2(&self) -> f64 {
        self.distance(|pair| pair.w2(), 0.0, f64::NAN)
    }

    fn divergences(&self) -> Divergences {
        let all = |value: f64| Divergences { forward: value, reverse: value, hellinger: value };
        // Rows have no density.
        let same = all(if self.truth.sorted_rows().is_some() { f64::NAN } else { 0.0 });
        *self.shared.divergences.get_or_init(|| self.distance(|pair| pair.divergences(), same, all(f64::NAN)))
    }

    fn gaps(&self) -> Gaps {
        let same = Gaps { tv: if self.truth.sorted_rows().is_some() { f64::NAN } else { 0.0 }, ks: 0.0 };
        *self.shared.gaps.get_or_init(|| self.distance(|pair| pair.gaps(), same, Gaps { tv: f64::NAN, ks: f64::NAN }))
    }

    fn entropy(&self) -> f64 {
        self.blend().map_or(f64::NAN, |blend| entropy(&blend))
    }
}

/// Moments and tails beside an origin in several dimensions; there is no poison there.
fn in_space(family: &KdePopulation, law: &MultivariateGaussian, parts: &[Component], level: Level, name: &str) -> f64 {
    let (d, all) = (law.dimensions(), total(parts));
    let kernels: f64 = parts.iter().map(|one| one.weight / all * one.kernels).sum();
    let least = |region: usize, part: usize| {
        let one = |k: usize| {
            let side = |edge: f64, side: Side| -> f64 {
                parts.iter().map(|one| one.weight / all * space_share(family, law, level, one.kernels, k, edge, side)).sum()
            };
            retention(&law.tails[k][region], |edge| side(edge, Side::Below), |edge| side(edge, Side::Above))[part]
        };
        (0..d).map(one).fold(f64::NAN, f64::min)
    };
    let ratios = || {
        let mut covariance = vec![0.0; d * d];
        match &law.correlation {
            Some(r0) => math::matrix::square(r0, d, &mut covariance),
            None => (0..d).for_each(|k| covariance[k * d + k] = 1.0),
        }
        (0..d).for_each(|k| covariance[k * d + k] += family.sd(kernels, k) * family.sd(kernels, k));
        space_ratios(law, level, &covariance)
    };
    match name {
        "variance_ratio" => ratios().iter().sum::<f64>() / d as f64,
        "variance_min" => ratios()[0],
        "variance_max" => ratios()[d - 1],
        "mean_shift" => space_shift(law, &vec![0.0; d]),
        "tail_p05" => least(0, 2),
        "tail_p01" => least(1, 2),
        "tail_p001" => least(2, 2),
        "tail_lower_p01" => least(1, 0),
        "tail_upper_p01" => least(1, 1),
        _ => f64::NAN,
    }
}

/// Mass of the origin under kernels on one side of a place of a coordinate.
fn space_share(family: &KdePopulation, law: &MultivariateGaussian, level: Level, kernels: f64, k: usize, place: f64, side: Side) -> f64 {
    let sd = family.sd(kernels, k);
    match &law.real {
        Real::Normal => {
            let z = place / f64::sqrt(1.0 + sd * sd);
            if side == Side::Below { math::normal_cdf(z) } else { math::normal_sf(z) }
        }
        Real::Rows(table) => {
            let column: Vec<f64> = table.iter().skip(k).step_by(law.dimensions()).copied().collect();
            share(level, &column, &[], column.len() as f64, sd, place, side)
        }
    }
}

impl Law for KdePopulation {
    fn signals(&self, view: &View<'_, KdePopulation>, out: &mut Signals) {
        for (chain, law) in view.model.law.chains.iter().enumerate().filter(|(_, law)| !law.is_empty()) {
            let (shared, level) = (&view.model.shared[chain], view.level);
            let (early, late, diverged) = match &self.origin {
                Origin::Line(truth) => line_columns::signal(truth, &One { family: self, truth, law, shared, level }),
                Origin::Space(space) => {
                    let at = |name| in_space(self, space, law, level, name);
                    (f64::min(at("tail_lower_p01"), at("tail_upper_p01")) <= 0.1, at("variance_max") <= 0.01, at("variance_ratio") > 100.0)
                }
            };
            out.set(chain, early, late, diverged);
        }
    }

    fn measure(&self, name: &str) -> Option<Measure<KdePopulation>> {
        if name == EARLY_STATE.name || name == LATE_STATE.name {
            return Some(state(name == EARLY_STATE.name));
        }
        let (name, of_line, of_fit) = (name.to_string(), line_columns::find(name), fit_column(name));
        Some(Box::new(move |family: &KdePopulation, view: &View<'_, KdePopulation>, out: &mut [f64]| {
            for (chain, out) in out.iter_mut().enumerate() {
                let (law, shared, level) = (&view.model.law.chains[chain], &view.model.shared[chain], view.level);
                let unit = family.origin.units(0).1;
                let width = family.fixed.as_ref().map_or(0.0, |widths| widths[0] * unit);
                *out = match (&family.origin, of_fit) {
                    _ if law.is_empty() => f64::NAN,
                    (_, Some(FitColumn::Bandwidth)) => width,
                    (_, Some(FitColumn::Flat)) => 0.0,
                    (Origin::Line(truth), _) => {
                        let one = One { family, truth, law, shared, level };
                        match of_fit {
                            Some(FitColumn::Variance) => unit * unit * one.variance(),
                            Some(FitColumn::LogVariance) => 2.0 * math::ln(unit) + math::ln(one.variance()),
                            _ => of_line.map_or(f64::NAN, |of| of(truth, &one)),
                        }
                    }
                    (Origin::Space(space), _) => in_space(family, space, law, level, &name),
                };
            }
        }))
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<KdePopulation>, Error> {
        Err(Error::plan("watch", &watch.name, "no followed classes: a kernel density estimate has none"))
    }
}
