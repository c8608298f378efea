//! The columns of a model outside of the core: what its records say beside the origin.
//!
//! One column of numbers has the measures of the line, one of classes those of classes; of several columns tails are the least retained, and
//! of numbers alone the variances are those of the records' covariance beside the origin's.

use super::Module;
use super::observed::{Beside, Numbers, Observed, Values};
use super::origin::{Classes, Coordinate, Origin};
use crate::columns::{Column, EARLY_STATE, LATE_STATE};
use crate::error::Error;
use crate::family::{Measure, Signals, View};
use crate::measures::pair::retention;
use crate::measures::{diversity, entropy, hellinger, kl, tv};
use crate::models::kde::columns::{space_ratios, space_shift};
use crate::models::line_columns;
use crate::models::multivariate_gaussian::MultivariateGaussian;
use crate::models::scalar_columns::state;
use crate::plan::Watch;
use crate::simd::Level;
use crate::truth::Truth;

// Classes --------------------------------------------------------------------------------------------------------------------------------

/// The shares of classes beside the origin's.
struct Shares<'a> {
    classes: &'a Classes,
    shares: Vec<f64>,
}

impl Shares<'_> {
    fn new<'a>(classes: &'a Classes, counts: &[f64]) -> Shares<'a> {
        let total: f64 = counts.iter().sum();
        Shares { classes, shares: counts.iter().map(|count| count / total).collect() }
    }

    fn p(&self) -> impl Iterator<Item = f64> + '_ {
        self.classes.probabilities.iter().copied()
    }

    fn q(&self) -> impl Iterator<Item = f64> + '_ {
        self.shares.iter().copied()
    }

    fn retention(&self, level: usize) -> f64 {
        let (classes, mass) = &self.classes.regions[level];
        if classes.is_empty() { f64::NAN } else { classes.iter().map(|&k| self.shares[k]).sum::<f64>() / mass }
    }

    fn rare_alive(&self) -> f64 {
        self.classes.regions[0].0.iter().filter(|&&k| self.shares[k] > 0.0).count() as f64
    }
}

type OfShares = fn(&Shares) -> f64;

const CLASSES: [(Column, OfShares); 14] = [
    (Column::new("heterozygosity", "1 - sum q^2 of the one column of classes"), |s| diversity::heterozygosity(s.q())),
    (Column::new("heterozygosity_ratio", "heterozygosity over the origin's"), |s| {
        diversity::heterozygosity(s.q()) / s.classes.heterozygosity
    }),
    (Column::new("classes_alive", "classes of the one column of classes that were drawn"), |s| diversity::alive(s.q())),
    (Column::new("rare_alive", "of its least probable classes (mass at most 5 %), how many were drawn"), |s| s.rare_alive()),
    (Column::new("missing_mass", "origin mass of its classes that were not drawn"), |s| diversity::missing_mass(s.p(), s.q())),
    (Column::new("tail_p05", ""), |s| s.retention(0)),
    (Column::new("tail_p01", ""), |s| s.retention(1)),
    (Column::new("tail_p001", ""), |s| s.retention(2)),
    (Column::new("kl_forward", ""), |s| kl::classes(s.p(), s.q())),
    (Column::new("kl_reverse", ""), |s| kl::classes(s.q(), s.p())),
    (Column::new("hellinger", ""), |s| hellinger::classes(s.p(), s.q())),
    (Column::new("tv", ""), |s| tv::classes(s.p(), s.q())),
    (Column::new("entropy", ""), |s| entropy::classes(s.q())),
    (Column::new("outside_support", ""), |s| s.p().zip(s.q()).map(|(p, q)| if p == 0.0 { q } else { 0.0 }).sum()),
];

// Several columns ------------------------------------------------------------------------------------------------------------------------

/// Retention of a level's region of one column of numbers: lower, upper, both.
fn kept(truth: &Truth, numbers: &Numbers, level: usize) -> [f64; 3] {
    retention(&truth.regions[level], |edge| numbers.below(edge), |edge| numbers.above(edge))
}

/// Columns of numbers with what they are compared with.
fn numbers<'a>(origin: &'a Origin, observed: &'a Observed) -> impl Iterator<Item = (&'a Truth, &'a Numbers)> {
    origin.coordinates.iter().zip(&observed.columns).filter_map(|pair| match pair {
        (Coordinate::Number(truth), Values::Numbers(numbers)) => Some((&**truth, numbers)),
        _ => None,
    })
}

/// Columns of classes.
fn classes<'a>(origin: &'a Origin, observed: &'a Observed) -> impl Iterator<Item = Shares<'a>> {
    origin.coordinates.iter().zip(&observed.columns).filter_map(|pair| match pair {
        (Coordinate::Class(classes), Values::Counts(counts)) => Some(Shares::new(classes, counts)),
        _ => None,
    })
}

/// The least retained of the columns of numbers; NaN where there is none.
fn least(origin: &Origin, observed: &Observed, level: usize, part: usize) -> f64 {
    numbers(origin, observed).map(|(truth, numbers)| kept(truth, numbers, level)[part]).fold(f64::NAN, f64::min)
}

/// Covariance of the records in units of the origin's sds, d x d.
fn covariance(observed: &Observed) -> (Vec<f64>, Vec<f64>) {
    let columns: Vec<&Numbers> =
        observed.columns.iter().filter_map(|column| if let Values::Numbers(numbers) = column { Some(numbers) } else { None }).collect();
    let (d, n) = (columns.len(), observed.records as f64);
    let means: Vec<f64> = columns.iter().map(|column| column.moments().0).collect();
    let mut covariance = vec![0.0; d * d];
    for i in 0..d {
        for j in 0..=i {
            let products = columns[i].values.iter().zip(&columns[j].values).map(|(x, y)| (x - means[i]) * (y - means[j]));
            let value = products.sum::<f64>() / n;
            (covariance[i * d + j], covariance[j * d + i]) = (value, value);
        }
    }
    (means, covariance)
}

/// Eigenvalues of S0^-1 S, ascending.
fn ratios(law: &MultivariateGaussian, level: Level, observed: &Observed) -> Vec<f64> {
    space_ratios(law, level, &covariance(observed).1)
}

fn of_space(name: &str, law: &MultivariateGaussian, level: Level, observed: &Observed) -> f64 {
    match name {
        "variance_ratio" => ratios(law, level, observed).iter().sum::<f64>() / law.dimensions() as f64,
        "variance_min" => ratios(law, level, observed)[0],
        "variance_max" => ratios(law, level, observed)[law.dimensions() - 1],
        "mean_shift" => space_shift(law, &covariance(observed).0),
        _ => f64::NAN,
    }
}

const SPACE: [Column; 2] = [
    Column::new("variance_min", "of several columns of numbers, the smallest eigenvalue of S0^-1 S"),
    Column::new("variance_max", "of several columns of numbers, the largest eigenvalue of S0^-1 S"),
];

/// A column by name, of records beside their origin.
fn value(name: &str, origin: &Origin, observed: &Observed, level: Level) -> f64 {
    if let [Coordinate::Class(of)] = &origin.coordinates[..] {
        let formula = CLASSES.iter().find(|(column, _)| column.name == name);
        let Values::Counts(counts) = &observed.columns[0] else { return f64::NAN };
        return formula.map_or(f64::NAN, |(_, formula)| formula(&Shares::new(of, counts)));
    }
    match name {
        "tail_p05" => return least(origin, observed, 0, 2),
        "tail_p01" => return least(origin, observed, 1, 2),
        "tail_p001" => return least(origin, observed, 2, 2),
        "tail_lower_p01" => return least(origin, observed, 1, 0),
        "tail_upper_p01" => return least(origin, observed, 1, 1),
        _ => {}
    }
    if let Some(law) = &origin.space {
        return of_space(name, law, level, observed);
    }
    // The one column of numbers, and the one of classes, beside others.
    if let Some((_, formula)) = CLASSES[..5].iter().find(|(column, _)| column.name == name) {
        let mut all = classes(origin, observed);
        return match (all.next(), all.next()) {
            (Some(one), None) => formula(&one),
            _ => f64::NAN,
        };
    }
    let mut all = numbers(origin, observed);
    match (all.next(), all.next(), line_columns::find(name)) {
        (Some((truth, numbers)), None, Some(formula)) if origin.coordinates.len() == 1 || name.starts_with(['m', 'v']) => {
            formula(truth, &Beside { truth, numbers })
        }
        _ => f64::NAN,
    }
}

// Lists ----------------------------------------------------------------------------------------------------------------------------------

/// Names and meanings.
pub fn list() -> Vec<Column> {
    let line = line_columns::LIST.iter().map(|(column, _)| *column);
    let classes = CLASSES[..5].iter().map(|(column, _)| *column);
    line.chain(SPACE).chain(classes).chain([EARLY_STATE, LATE_STATE]).collect()
}

/// The measure of a name.
pub fn measure(name: &str, origin: &Origin) -> Option<Measure<Module>> {
    if name == EARLY_STATE.name || name == LATE_STATE.name {
        return Some(state(name == EARLY_STATE.name));
    }
    let column = list().into_iter().find(|column| column.name == name)?.name;
    // Of a single column the other kind's measures are not there at all.
    let single = origin.coordinates.len() == 1;
    if single && SPACE.iter().any(|space| space.name == column) {
        return None;
    }
    Some(Box::new(move |module: &Module, view: &View<'_, Module>, out: &mut [f64]| {
        for (chain, out) in out.iter_mut().enumerate() {
            let records = view.model.observed(chain).filter(|observed| observed.records > 0);
            *out = records.map_or(f64::NAN, |observed| value(column, &module.origin, observed, view.level));
        }
    }))
}

/// The share of a set of classes.
pub fn follow(watch: &Watch, origin: &Origin) -> Result<Measure<Module>, Error> {
    let place = origin.places.iter().position(|&place| place == watch.column);
    let (Some(place), None) = (place, watch.mean) else {
        return Err(Error::plan("watch", &watch.name, "shares of a column that is modelled")
            .hint("generated records have no other columns; name it in origin.columns"));
    };
    let codes: Vec<usize> = watch.codes.iter().map(|&code| code as usize).collect();
    Ok(Box::new(move |_: &Module, view: &View<'_, Module>, out: &mut [f64]| {
        for (chain, out) in out.iter_mut().enumerate() {
            *out = match view.model.observed(chain).map(|observed| (&observed.columns[place], observed.records)) {
                Some((Values::Counts(counts), records)) if records > 0 => {
                    codes.iter().filter_map(|&code| counts.get(code)).sum::<f64>() / records as f64
                }
                _ => f64::NAN,
            };
        }
    }))
}

/// Early: some column has lost a tail or half its rare classes. Late: every column has lost its variance or its heterozygosity.
pub fn signals(module: &Module, view: &View<'_, Module>, out: &mut Signals) {
    let origin = &module.origin;
    for chain in 0..view.training.chains.len() {
        let Some(observed) = view.model.observed(chain).filter(|observed| observed.records > 0) else {
            out.set(chain, false, false, false);
            continue;
        };
        let (mut early, mut late, mut diverged) = (false, true, false);
        for (truth, numbers) in numbers(origin, observed) {
            let signal = line_columns::signal(truth, &Beside { truth, numbers });
            early |= signal.0;
            late &= signal.1;
            diverged |= signal.2;
        }
        for shares in classes(origin, observed) {
            let rare = shares.classes.regions[0].0.len() as f64;
            early |= rare > 0.0 && 2.0 * shares.rare_alive() <= rare;
            late &= shares.classes.heterozygosity > 0.0 && diversity::heterozygosity(shares.q()) <= 0.01 * shares.classes.heterozygosity;
        }
        out.set(chain, early, late, diverged);
    }
}
