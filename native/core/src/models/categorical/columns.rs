//! The columns of the categorical family, and what its events compare with.

use super::Categorical;
use crate::columns::{Column, EARLY_STATE, LATE_STATE};
use crate::counts::Counts;
use crate::family::{Measure, Signals, View};
use crate::measures::tails::{LEVELS, rare_classes};
use crate::measures::{diversity, entropy, hellinger, kl, tv};
use crate::models::scalar_columns::state;

/// The origin as the columns see it.
pub struct Start {
    /// Least probable classes of mass at most 0.05, 0.01, 0.001, with that mass.
    regions: [(Vec<usize>, f64); 3],
    heterozygosity: f64,
}

impl Start {
    /// Of origin probabilities.
    pub fn new(probabilities: &[f64]) -> Start {
        let regions = LEVELS.map(|p| {
            let classes = rare_classes(probabilities, p);
            let mass = classes.iter().map(|&k| probabilities[k]).sum();
            (classes, mass)
        });
        Start { regions, heterozygosity: diversity::heterozygosity(probabilities.iter().copied()) }
    }

    /// Early: at most half of the rare classes are alive. Late: at most 1 % of the heterozygosity is left.
    pub fn signals(&self, training: &Counts, out: &mut Signals) {
        let totals = training.totals();
        let rare = &self.regions[0].0;
        for (chain, total) in totals.into_iter().enumerate() {
            let alive = rare.iter().filter(|&&k| training.counts[k][chain] > 0.0).count();
            let left = diversity::heterozygosity(training.chain(chain).map(|count| count / total));
            let late = self.heterozygosity > 0.0 && left <= 0.01 * self.heterozygosity;
            out.set(chain, !rare.is_empty() && 2 * alive <= rare.len(), late, false);
        }
    }
}

/// What a column reads of one chain.
struct Chain<'a> {
    family: &'a Categorical,
    counts: &'a Counts,
    chain: usize,
    total: f64,
}

impl Chain<'_> {
    fn p(&self) -> impl Iterator<Item = f64> + '_ {
        self.family.probabilities.iter().copied()
    }

    fn q(&self) -> impl Iterator<Item = f64> + '_ {
        self.counts.chain(self.chain).map(|count| count / self.total)
    }

    fn retention(&self, level: usize) -> f64 {
        let (classes, mass) = &self.family.start.regions[level];
        if classes.is_empty() {
            return f64::NAN;
        }
        classes.iter().map(|&k| self.counts.counts[k][self.chain]).sum::<f64>() / self.total / mass
    }

    fn heterozygosity(&self) -> f64 {
        diversity::heterozygosity(self.q())
    }
}

type Of = fn(&Chain<'_>) -> f64;

const LIST: [(Column, Of); 14] = [
    (Column::new("heterozygosity", "1 - sum q^2: the chance that two draws differ"), |c| c.heterozygosity()),
    (Column::new("heterozygosity_ratio", "heterozygosity over the origin's"), |c| c.heterozygosity() / c.family.start.heterozygosity),
    (Column::new("classes_alive", "classes that the model can still draw"), |c| diversity::alive(c.q())),
    (Column::new("rare_alive", "of the least probable classes (mass at most 5 %), how many are alive"), |c| {
        let rare = &c.family.start.regions[0].0;
        rare.iter().filter(|&&k| c.counts.counts[k][c.chain] > 0.0).count() as f64
    }),
    (Column::new("missing_mass", "origin mass of classes that are dead"), |c| diversity::missing_mass(c.p(), c.q())),
    (Column::new("tail_p05", "retention of the rarest classes of mass at most 5 %"), |c| c.retention(0)),
    (Column::new("tail_p01", "retention of the rarest classes of mass at most 1 %"), |c| c.retention(1)),
    (Column::new("tail_p001", "retention of the rarest classes of mass at most 0.1 %"), |c| c.retention(2)),
    (Column::new("kl_forward", "KL(origin || model) in nats; infinite once a class is dead"), |c| kl::classes(c.p(), c.q())),
    (Column::new("kl_reverse", "KL(model || origin) in nats"), |c| kl::classes(c.q(), c.p())),
    (Column::new("hellinger", "Hellinger distance to the origin"), |c| hellinger::classes(c.p(), c.q())),
    (Column::new("tv", "total variation distance to the origin"), |c| tv::classes(c.p(), c.q())),
    (Column::new("entropy", "Shannon entropy in nats"), |c| entropy::classes(c.q())),
    (Column::new("outside_support", "model mass outside the origin's classes (always 0 here)"), |c| {
        c.p().zip(c.q()).map(|(p, q)| if p == 0.0 { q } else { 0.0 }).sum()
    }),
];

/// Names and meanings.
pub fn list() -> Vec<Column> {
    LIST.iter().map(|(column, _)| *column).chain([EARLY_STATE, LATE_STATE]).collect()
}

/// The measure of a name.
pub fn measure(name: &str) -> Option<Measure<Categorical>> {
    if name == EARLY_STATE.name || name == LATE_STATE.name {
        return Some(state(name == EARLY_STATE.name));
    }
    let of = LIST.iter().find(|(column, _)| column.name == name)?.1;
    Some(Box::new(move |family: &Categorical, view: &View<'_, Categorical>, out: &mut [f64]| {
        let counts = view.model.law(view.training);
        let totals = counts.totals();
        for (chain, out) in out.iter_mut().enumerate() {
            *out = of(&Chain { family, counts, chain, total: totals[chain] });
        }
    }))
}
