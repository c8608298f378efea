//! The columns of the copula family: what became of the table's columns together. Single columns are followed by name (`follow`).

use super::Copula;
use super::fit::Fit;
use super::reference::{Classes, Numbers, Tail, moments};
use crate::columns::{Column, EARLY_STATE, LATE_STATE};
use crate::error::Error;
use crate::family::{Measure, Signals, View};
use crate::math;
use crate::measures::diversity;
use crate::plan::{Statistic, Watch};

/// A family with one chain's model.
struct Seen<'a> {
    family: &'a Copula,
    fit: &'a Fit,
}

impl Seen<'_> {
    fn masses(&self, column: usize) -> &[f64] {
        self.fit.of(&self.family.coding.columns[column])
    }

    /// Mean and variance of a column of numbers under the model.
    fn moments(&self, numbers: &Numbers) -> (f64, f64) {
        let bins = self.family.coding.columns[numbers.column].numbers.as_ref().expect("a column of numbers");
        moments(&bins.means, &bins.within, self.masses(numbers.column))
    }

    /// Numeric columns that vary in the origin.
    fn varying(&self) -> impl Iterator<Item = &Numbers> {
        self.family.reference.numbers.iter().filter(|numbers| numbers.variance > 0.0)
    }

    fn classes(&self) -> impl Iterator<Item = (&Classes, &[f64])> {
        self.family.reference.classes.iter().map(|classes| (classes, self.masses(classes.column)))
    }

    fn ratios(&self) -> impl Iterator<Item = f64> {
        self.varying().map(|numbers| self.moments(numbers).1 / numbers.variance)
    }

    fn mass(&self, column: usize, tail: &Tail) -> f64 {
        let masses = self.masses(column);
        tail.bins.iter().map(|(bin, share)| masses[*bin] * share).sum()
    }

    /// Retention of one side; NaN without a region.
    fn side(&self, numbers: &Numbers, level: usize, side: usize) -> f64 {
        numbers.tails[level][side].as_ref().map_or(f64::NAN, |tail| self.mass(numbers.column, tail) / tail.mass)
    }

    fn both(&self, numbers: &Numbers, level: usize) -> f64 {
        let sides = || numbers.tails[level].iter().flatten();
        let mass: f64 = sides().map(|tail| tail.mass).sum();
        if mass > 0.0 { sides().map(|tail| self.mass(numbers.column, tail)).sum::<f64>() / mass } else { f64::NAN }
    }

    fn least(&self, of: impl Fn(&Numbers) -> f64) -> f64 {
        self.family.reference.numbers.iter().map(of).fold(f64::NAN, f64::min)
    }

    /// Latent correlations of pairs of columns, with the origin's.
    fn pairs(&self) -> impl Iterator<Item = (f64, f64)> {
        let (p, d) = (self.family.coding.coordinates, self.family.coding.width());
        let pairs = (0..d).flat_map(move |i| (i + 1..d).map(move |j| i * p + j));
        pairs.map(|k| (self.fit.correlations[k], self.family.reference.correlations[k]))
    }

    /// Differences of the distribution functions of a column of numbers at its bins, each with the distance to the next bin.
    fn gaps(&self, numbers: &Numbers) -> impl Iterator<Item = (f64, f64)> {
        let column = &self.family.coding.columns[numbers.column];
        let means = &column.numbers.as_ref().expect("a column of numbers").means;
        let mut sum = 0.0;
        let differences = self.masses(numbers.column).iter().zip(&column.shares).map(move |(mass, share)| {
            sum += mass - share;
            sum
        });
        let steps = means.windows(2).map(|pair| pair[1] - pair[0]).chain([0.0]);
        differences.map(f64::abs).zip(steps)
    }

    fn states(&self) -> (bool, bool, bool) {
        let (mut early, mut late, mut diverged, mut any) = (false, true, false, false);
        for numbers in self.varying() {
            early |= self.side(numbers, 1, 0) <= 0.1 || self.side(numbers, 1, 1) <= 0.1;
        }
        for ratio in self.ratios() {
            any = true;
            late &= ratio <= 0.01;
            diverged |= ratio > 100.0;
        }
        for (classes, masses) in self.classes() {
            let alive = classes.rare.iter().filter(|&&k| masses[k] > 0.0).count();
            early |= !classes.rare.is_empty() && 2 * alive <= classes.rare.len();
            if classes.heterozygosity > 0.0 {
                any = true;
                late &= diversity::heterozygosity(masses.iter().copied()) <= 0.01 * classes.heterozygosity;
            }
        }
        (early, late && any, diverged)
    }
}

/// Mean of numbers; NaN of none.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0.0, 0.0), |(count, sum), x| (count + 1.0, sum + x));
    sum / count
}

fn root_mean_square(values: impl Iterator<Item = f64>) -> f64 {
    f64::sqrt(mean(values.map(|x| x * x)))
}

/// asin by its series, from 1/2 on by asin x = pi/2 - 2 asin sqrt((1 - x)/2).
fn asin(x: f64) -> f64 {
    if x.abs() > 0.5 {
        let half = asin(f64::sqrt(f64::max(0.5 * (1.0 - x.abs()), 0.0)));
        return f64::copysign(std::f64::consts::FRAC_PI_2 - 2.0 * half, x);
    }
    let (square, mut term, mut sum, mut k) = (x * x, x, x, 1.0);
    while term.abs() > 1e-18 {
        term *= square * k / (k + 1.0);
        k += 2.0;
        sum += term / k;
    }
    sum
}

/// A column and its formula of one chain.
type Entry = (Column, fn(&Seen) -> f64);

const LIST: [Entry; 24] = [
    (Column::new("mean_shift", "(mean - origin's mean) / origin's sd, its root mean square over the columns of numbers"), |s| {
        root_mean_square(s.varying().map(|c| (s.moments(c).0 - c.mean) / f64::sqrt(c.variance)))
    }),
    (Column::new("variance_ratio", "variance over the origin's, its mean over the columns of numbers"), |s| mean(s.ratios())),
    (Column::new("variance_min", "the same of the column that has kept the least"), |s| s.ratios().fold(f64::NAN, f64::min)),
    (Column::new("variance_max", "the same of the column that has kept the most"), |s| s.ratios().fold(f64::NAN, f64::max)),
    (Column::new("tail_p05", "retention of the outermost 5 % of the column of numbers that retains least"), |s| s.least(|c| s.both(c, 0))),
    (Column::new("tail_p01", "retention of the outermost 1 % of the column of numbers that retains least"), |s| s.least(|c| s.both(c, 1))),
    (Column::new("tail_p001", "retention of the outermost 0.1 % of the column of numbers that retains least"), |s| {
        s.least(|c| s.both(c, 2))
    }),
    (Column::new("tail_lower_p01", "retention of the lowest 0.5 % of the column of numbers that retains least"), |s| {
        s.least(|c| s.side(c, 1, 0))
    }),
    (Column::new("tail_upper_p01", "retention of the highest 0.5 % of the column of numbers that retains least"), |s| {
        s.least(|c| s.side(c, 1, 1))
    }),
    (Column::new("w1", "Wasserstein-1 distance to the origin in the origin's sd, its mean over the columns of numbers"), |s| {
        mean(s.varying().map(|c| s.gaps(c).map(|(gap, step)| gap * step).sum::<f64>() / f64::sqrt(c.variance)))
    }),
    (Column::new("ks", "Kolmogorov-Smirnov distance to the origin of the column of numbers that is farthest from it"), |s| {
        s.varying().map(|c| s.gaps(c).map(|(gap, _)| gap).fold(0.0, f64::max)).fold(f64::NAN, f64::max)
    }),
    (Column::new("outside_support", "share of numbers outside the range of the real ones, its mean over the columns of numbers"), |s| {
        mean(s.varying().map(|c| 1.0 - s.masses(c.column)[c.support.clone()].iter().sum::<f64>()).map(|x| f64::max(x, 0.0)))
    }),
    (Column::new("tv", "total variation distance of the shares of the classes to the origin's, its mean over the columns of text"), |s| {
        mean(
            s.classes()
                .map(|(c, q)| 0.5 * q.iter().zip(&s.family.coding.columns[c.column].shares).map(|(q, p)| (q - p).abs()).sum::<f64>()),
        )
    }),
    (Column::new("heterozygosity_ratio", "1 - sum q^2 over the origin's, its mean over the columns of text"), |s| {
        mean(
            s.classes()
                .filter(|(c, _)| c.heterozygosity > 0.0)
                .map(|(c, q)| diversity::heterozygosity(q.iter().copied()) / c.heterozygosity),
        )
    }),
    (Column::new("classes_alive", "classes that are left in the columns of text together"), |s| {
        if s.family.reference.classes.is_empty() { f64::NAN } else { s.classes().map(|(_, q)| diversity::alive(q.iter().copied())).sum() }
    }),
    (Column::new("rare_alive", "of their least probable classes (mass at most 5 % in each), how many are left"), |s| {
        let left = |(c, q): (&Classes, &[f64])| c.rare.iter().filter(|&&k| q[k] > 0.0).count() as f64;
        if s.family.reference.classes.is_empty() { f64::NAN } else { s.classes().map(left).sum() }
    }),
    (Column::new("missing_mass", "origin mass of classes that are gone, its mean over the columns of text"), |s| {
        mean(s.classes().map(|(c, q)| diversity::missing_mass(s.family.coding.columns[c.column].shares.iter().copied(), q.iter().copied())))
    }),
    (Column::new("missing_share", "share of missing values, its mean over the columns of numbers that miss some in the origin"), |s| {
        mean(s.family.coding.columns.iter().zip(&s.fit.present).filter(|(c, _)| c.presence.is_some()).map(|(_, present)| 1.0 - present))
    }),
    (Column::new("missing_ratio", "the same over the origin's"), |s| {
        let gaps = s.family.coding.columns.iter().zip(&s.fit.present).filter(|(c, _)| c.presence.is_some());
        mean(gaps.map(|(_, present)| 1.0 - present)) / s.family.reference.missing
    }),
    (
        Column::new(
            "correlation_ratio",
            "share of the origin's latent correlations that is left: sum r r0 / sum r0^2 over pairs of columns",
        ),
        |s| {
            let (mut both, mut origin) = (0.0, 0.0);
            s.pairs().for_each(|(r, r0)| {
                both += r * r0;
                origin += r0 * r0;
            });
            both / origin
        },
    ),
    (Column::new("correlation_drift", "root mean square of r - r0 over pairs of columns, of latent correlations"), |s| {
        root_mean_square(s.pairs().map(|(r, r0)| r - r0))
    }),
    (Column::new("correlation_drift_max", "greatest |r - r0| of a pair of columns"), |s| {
        s.pairs().map(|(r, r0)| (r - r0).abs()).fold(f64::NAN, f64::max)
    }),
    (Column::new("kendall_drift", "root mean square of the change of Kendall's tau, 2 asin(r) / pi of a continuous pair"), |s| {
        root_mean_square(s.pairs().map(|(r, r0)| (asin(r) - asin(r0)) * std::f64::consts::FRAC_2_PI))
    }),
    (
        Column::new("fit_log_det", "ln det of the latent correlations: 0 for independent columns; -1/2 of it is their mutual information"),
        |s| math::matrix::log_det(&s.fit.factor, s.family.coding.coordinates),
    ),
];

/// Names and meanings.
pub fn list() -> Vec<Column> {
    LIST.iter().map(|(column, _)| *column).chain([EARLY_STATE, LATE_STATE]).collect()
}

/// The measure of a name.
pub fn measure(name: &str) -> Option<Measure<Copula>> {
    let of: fn(&Seen) -> f64 = match name {
        _ if name == EARLY_STATE.name => |s| f64::from(u8::from(s.states().0)),
        _ if name == LATE_STATE.name => |s| f64::from(u8::from(s.states().1)),
        _ => LIST.iter().find(|(column, _)| column.name == name)?.1,
    };
    Some(each(move |family, fit| of(&Seen { family, fit })))
}

/// The measure of a statistic of single columns.
pub fn statistic(family: &Copula, watch: &Watch, statistic: Statistic) -> Result<Measure<Copula>, Error> {
    let place = |&column: &usize| {
        let rule = || Error::plan("watch", &watch.name, "modelled columns for a statistic of a copula");
        family.columns.iter().position(|&index| index == column).ok_or_else(rule)
    };
    let places = watch.of.iter().map(place).collect::<Result<Vec<_>, Error>>()?;
    let numbers = |column: usize| family.reference.numbers.iter().position(|numbers| numbers.column == column);
    match (statistic, places[..].as_ref()) {
        (Statistic::Mean | Statistic::Variance, &[column]) if numbers(column).is_some() => Ok(each(move |family, fit| {
            let seen = Seen { family, fit };
            let Some(numbers) = family.reference.numbers.iter().find(|numbers| numbers.column == column) else { return f64::NAN };
            let (mean, variance) = seen.moments(numbers);
            if statistic == Statistic::Mean { mean } else { variance }
        })),
        (Statistic::Missing, &[column]) if numbers(column).is_some() => Ok(each(move |_, fit| 1.0 - fit.present[column])),
        (Statistic::Correlation | Statistic::Kendall, &[a, b]) if a != b => Ok(each(move |family, fit| {
            let r = fit.correlations[a * family.coding.coordinates + b];
            if statistic == Statistic::Kendall { asin(r) * std::f64::consts::FRAC_2_PI } else { r }
        })),
        _ => Err(Error::plan("watch", &watch.name, "one column of numbers, or two different columns for correlation and kendall")),
    }
}

/// A measure of each chain's model; NaN where there is none.
pub fn each(of: impl Fn(&Copula, &Fit) -> f64 + Send + Sync + 'static) -> Measure<Copula> {
    Box::new(move |family: &Copula, view: &View<'_, Copula>, out: &mut [f64]| {
        for (fit, out) in view.model.iter().zip(out) {
            *out = if fit.coordinates.is_empty() { f64::NAN } else { of(family, fit) };
        }
    })
}

/// Early: a column of numbers retains a tenth of its lower or upper region at p = 0.01, or a column of text has lost half of its rare classes.
/// Late: no column has more than 0.01 of its variance or heterozygosity.
pub fn signals(family: &Copula, model: &[Fit], out: &mut Signals) {
    for (chain, fit) in model.iter().enumerate().filter(|(_, fit)| !fit.coordinates.is_empty()) {
        let (early, late, diverged) = Seen { family, fit }.states();
        out.set(chain, early, late, diverged);
    }
}

#[cfg(test)]
mod tests {
    use super::asin;

    #[test]
    fn asin_is_right() {
        for k in -100..=100 {
            let x = f64::from(k) / 100.0;
            assert!((asin(x) - x.asin()).abs() < 2e-15, "{x}");
        }
    }
}
