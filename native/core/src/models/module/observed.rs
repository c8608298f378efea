//! Records that a model made, as its measures read them: columns in the origin's units, with what several measures share.

use std::cell::OnceCell;

use super::origin::{Coordinate, Origin};
use crate::measures::line::{Divergences, Gaps};
use crate::measures::steps::{self, Steps};
use crate::models::line_columns::OnLine;
use crate::moments::Moments;
use crate::truth::Truth;

/// One column of the records.
pub struct Observed {
    pub records: usize,
    pub columns: Vec<Values>,
}

/// Its numbers in the origin's units, or how often each class came.
pub enum Values {
    Numbers(Numbers),
    Counts(Vec<f64>),
}

/// Numbers, with their moments and their order made when they are asked for.
#[derive(Default)]
pub struct Numbers {
    pub values: Vec<f64>,
    moments: OnceCell<(f64, f64)>,
    sorted: OnceCell<Vec<f64>>,
    steps: OnceCell<Steps>,
}

impl Observed {
    /// Of records one after the other.
    pub fn new(origin: &Origin, records: &[f64]) -> Observed {
        let columns = origin.coordinates.iter().map(|coordinate| match coordinate {
            Coordinate::Number(_) => Values::Numbers(Numbers::default()),
            Coordinate::Class(classes) => Values::Counts(vec![0.0; classes.probabilities.len()]),
        });
        let mut observed = Observed { records: 0, columns: columns.collect() };
        observed.add(origin, records);
        observed
    }

    /// Adds records; before any measure has read them.
    pub fn add(&mut self, origin: &Origin, records: &[f64]) {
        let width = origin.columns.len();
        self.records += records.len() / width;
        for (k, (column, coordinate)) in self.columns.iter_mut().zip(&origin.coordinates).enumerate() {
            let entries = records.iter().skip(k).step_by(width);
            match (column, coordinate) {
                (Values::Numbers(numbers), Coordinate::Number(truth)) => {
                    numbers.values.extend(entries.map(|x| (x - truth.place) / truth.scale));
                }
                (Values::Counts(counts), _) => entries.for_each(|&code| counts[code as usize] += 1.0),
                _ => {}
            }
        }
    }
}

impl Numbers {
    /// Mean and variance (divisor n).
    pub fn moments(&self) -> (f64, f64) {
        *self.moments.get_or_init(|| {
            let (n, mean, m2) = Moments::of(&self.values);
            (mean, m2 / n)
        })
    }

    fn sorted(&self) -> &[f64] {
        self.sorted.get_or_init(|| {
            let mut sorted = self.values.clone();
            sorted.sort_unstable_by(f64::total_cmp);
            sorted
        })
    }

    fn steps(&self) -> &Steps {
        self.steps.get_or_init(|| Steps::of_sorted(self.sorted()))
    }

    fn share(&self, of: impl Fn(f64) -> bool) -> f64 {
        self.values.iter().map(|&x| f64::from(u8::from(of(x)))).sum::<f64>() / self.values.len() as f64
    }

    /// Mass at or below a place.
    pub fn below(&self, place: f64) -> f64 {
        self.share(|x| x <= place)
    }

    /// Mass at or above a place.
    pub fn above(&self, place: f64) -> f64 {
        self.share(|x| x >= place)
    }
}

/// Numbers beside their origin. They have no density: what compares densities is undefined.
pub struct Beside<'a> {
    pub truth: &'a Truth,
    pub numbers: &'a Numbers,
}

impl Beside<'_> {
    /// Wasserstein distances of orders 1 and 2 and the Kolmogorov distance to rows.
    fn to_rows(&self, rows: &Steps) -> [f64; 3] {
        steps::between(self.numbers.steps(), rows)
    }
}

impl OnLine for Beside<'_> {
    fn mean(&self) -> f64 {
        self.numbers.moments().0
    }

    fn variance(&self) -> f64 {
        self.numbers.moments().1
    }

    fn below(&self, place: f64) -> f64 {
        self.numbers.below(place)
    }

    fn above(&self, place: f64) -> f64 {
        self.numbers.above(place)
    }

    fn interquartile(&self) -> f64 {
        let sorted = self.numbers.sorted();
        let at = |p: f64| sorted[((p * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len()) - 1];
        at(0.75) - at(0.25)
    }

    fn w1(&self) -> f64 {
        match self.truth.steps() {
            Some(rows) => self.to_rows(rows)[0],
            None if self.truth.mean.is_infinite() => f64::INFINITY,
            None => steps::w1(self.numbers.steps(), &self.truth.seen_from(0.0)),
        }
    }

    fn w2(&self) -> f64 {
        match self.truth.steps() {
            Some(rows) => self.to_rows(rows)[1],
            None if self.truth.variance.is_infinite() => f64::INFINITY,
            None => steps::w2(self.numbers.steps(), &self.truth.seen_from(0.0), 0.0, self.truth.variance),
        }
    }

    fn divergences(&self) -> Divergences {
        Divergences { forward: f64::NAN, reverse: f64::NAN, hellinger: f64::NAN }
    }

    fn gaps(&self) -> Gaps {
        let ks = match self.truth.steps() {
            Some(rows) => self.to_rows(rows)[2],
            None => steps::ks(self.numbers.steps(), &self.truth.seen_from(0.0)),
        };
        Gaps { tv: f64::NAN, ks }
    }

    fn entropy(&self) -> f64 {
        f64::NAN
    }
}
