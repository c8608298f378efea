//! The fit of a copula: margins from counts, and the latent correlations that explain the products of scores under the counts.
//!
//! Each latent correlation is that of the pair alone, over the records in which both are there (`series`). Together they may miss being a
//! correlation matrix: they are then moved towards the correlations of the scores themselves, which are one, as little as needed.

use super::coding::{Coded, Coding};
use super::margins;
use super::series::{Pair, Series, Steps};
use super::sets::Set;
use crate::family::Death;
use crate::math::matrix::cholesky;
use crate::plan::Margin;
use crate::simd::Level;

/// Pivots below this share of 1 count as none.
const SINGULAR: f64 = 1e-9;

/// What correlations of scores are drawn to independence by, where they are singular themselves.
const RIDGE: f64 = 1e-6;

/// Halvings of the way to the correlations of the scores.
const HALVINGS: usize = 20;

/// A coordinate's law in bins: a column's values, or the presence of a column.
#[derive(Clone, Debug)]
pub struct Coordinate {
    pub steps: Steps,
    /// Of its scores.
    pub series: Series,
}

impl Coordinate {
    fn new(level: Level, masses: &[f64], score: impl Fn(usize) -> f64) -> Coordinate {
        let steps = Steps::new(masses);
        Coordinate { series: Series::new(level, &steps, score), steps }
    }
}

/// A fitted copula.
#[derive(Clone, Debug, Default)]
pub struct Fit {
    /// Records it was fitted to.
    pub n: f64,
    /// Masses of each column's bins among the records that have it, at the places of the counts.
    pub masses: Vec<f64>,
    /// Share of the records that have each column.
    pub present: Vec<f64>,
    /// A coordinate each.
    pub coordinates: Vec<Coordinate>,
    /// Latent correlations, row-major.
    pub correlations: Vec<f64>,
    /// Their upper factor.
    pub factor: Vec<f64>,
}

impl Fit {
    /// The law of a training set; `infinite` stands for records without limit.
    pub fn new(level: Level, coding: &Coding, set: &Set, infinite: bool) -> Result<Fit, Death> {
        if !(set.n > 0.0) {
            return Err(Death::EmptyTrainingSet);
        }
        if !(set.n.is_finite() && set.products.iter().all(|x| x.is_finite())) {
            return Err(Death::NotFinite);
        }
        let mut fit = Fit { n: set.n, masses: vec![0.0; coding.bins], ..Fit::default() };
        let mut smooth = vec![];
        for (j, column) in coding.columns.iter().enumerate() {
            let counts = &set.counts[column.at..column.at + column.bins];
            let n: f64 = counts.iter().sum();
            fit.present.push(f64::min(n / set.n, 1.0));
            // No value is left of a column whose records are all missing: what it was once is never seen.
            let seen = if n > 0.0 { counts } else { &column.shares };
            let masses = margins::fit(level, column, seen, seen.iter().sum(), infinite);
            let own = Coordinate::new(level, seen, |bin| column.scores[bin]);
            fit.coordinates.push(own);
            if column.margin != Margin::Empirical {
                smooth.push((j, Coordinate::new(level, &masses, |bin| column.scores[bin])));
            }
            fit.masses[column.at..column.at + column.bins].copy_from_slice(&masses);
        }
        for (j, _) in presences(coding) {
            fit.coordinates.push(Coordinate::new(level, &[1.0 - fit.present[j], fit.present[j]], |bin| bin as f64));
        }
        // Correlations are those of ranks: they are read under the counts themselves, and hold for any margin.
        fit.correlate(level, coding, set);
        smooth.into_iter().for_each(|(j, coordinate)| fit.coordinates[j] = coordinate);
        Ok(fit)
    }

    fn correlate(&mut self, level: Level, coding: &Coding, set: &Set) {
        let p = coding.coordinates;
        let moments = Moments::new(coding, set);
        let mut latent = vec![0.0; p * p];
        (0..p).for_each(|k| latent[k * p + k] = 1.0);
        // Presences first: the pairs of columns are seen through them.
        for j in (0..p).rev() {
            for i in (0..j).rev() {
                let r = match moments.covariance(i, j) {
                    Some(covariance) => self.pair(coding, i, j).correlation(covariance / self.passing(coding, &latent, i, j)),
                    None => 0.0,
                };
                latent[i * p + j] = r;
                latent[j * p + i] = r;
            }
        }
        self.factor = factor(level, &mut latent, || moments.correlations(), p);
        self.correlations = latent;
    }

    /// The scores of two coordinates under this law.
    pub fn pair(&self, coding: &Coding, i: usize, j: usize) -> Pair<'_> {
        let (a, b) = (&self.coordinates[i], &self.coordinates[j]);
        let high = move |bin: usize| score(coding, i, bin);
        let tall = move |bin: usize| score(coding, j, bin);
        Pair::new((&a.series, &a.steps, high), (&b.series, &b.steps, tall))
    }

    /// What the covariance of two coordinates is multiplied by among the records that have both.
    pub fn passing(&self, coding: &Coding, correlations: &[f64], i: usize, j: usize) -> f64 {
        let among = |i: usize, j: usize| match coding.columns.get(j).and_then(|column| column.presence) {
            Some(presence) if presence != i => {
                let r = correlations[i * coding.coordinates + presence];
                self.coordinates[i].series.slope_among(&self.coordinates[presence].series, r)
            }
            _ => 1.0,
        };
        among(i, j) * among(j, i)
    }

    /// Masses of a column's bins.
    pub fn of<'a>(&'a self, column: &Coded) -> &'a [f64] {
        &self.masses[column.at..column.at + column.bins]
    }
}

/// Columns that have a presence, with its coordinate.
pub fn presences(coding: &Coding) -> impl Iterator<Item = (usize, usize)> + '_ {
    coding.columns.iter().enumerate().filter_map(|(j, column)| Some((j, column.presence?)))
}

/// The score of a coordinate's bin.
pub fn score(coding: &Coding, coordinate: usize, bin: usize) -> f64 {
    coding.columns.get(coordinate).map_or(bin as f64, |column| column.scores[bin])
}

/// The upper factor of a matrix of correlations, which is moved towards another one where it has none.
pub fn factor(level: Level, matrix: &mut [f64], towards: impl FnOnce() -> Vec<f64>, p: usize) -> Vec<f64> {
    let mut out = matrix.to_vec();
    if cholesky(level, &mut out, p, SINGULAR).is_ok() {
        return out;
    }
    let mut other = towards();
    other.iter_mut().enumerate().for_each(|(k, x)| *x = if k / p == k % p { 1.0 } else { *x * (1.0 - RIDGE) });
    let between = |share: f64| -> Vec<f64> { matrix.iter().zip(&other).map(|(x, y)| x + share * (y - x)).collect() };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        let ok = cholesky(level, &mut between(middle), p, SINGULAR).is_ok();
        if ok { high = middle } else { low = middle }
    }
    let settled = between(high);
    out.copy_from_slice(&settled);
    matrix.copy_from_slice(&settled);
    if cholesky(level, &mut out, p, 0.0).is_err() {
        // What rounding leaves of a matrix of rank 1: independence.
        (0..p * p).for_each(|k| matrix[k] = if k / p == k % p { 1.0 } else { 0.0 });
        out.copy_from_slice(matrix);
    }
    out
}

/// Moments of the scores in a set.
struct Moments<'a> {
    coding: &'a Coding,
    set: &'a Set,
    /// Sum of each coordinate: of scores, or of presences.
    sums: Vec<f64>,
    /// Records that have each coordinate's column; of a presence all.
    counts: Vec<f64>,
}

impl<'a> Moments<'a> {
    fn new(coding: &'a Coding, set: &'a Set) -> Moments<'a> {
        let (mut sums, mut counts) = (vec![], vec![]);
        for column in &coding.columns {
            let own = &set.counts[column.at..column.at + column.bins];
            sums.push(own.iter().zip(&column.scores).map(|(count, score)| count * score).sum());
            counts.push(own.iter().sum());
        }
        for (j, _) in presences(coding) {
            sums.push(counts[j]);
            counts.push(set.n);
        }
        Moments { coding, set, sums, counts }
    }

    fn product(&self, i: usize, j: usize) -> f64 {
        self.set.products[i.min(j) * self.coding.coordinates + i.max(j)]
    }

    fn presence(&self, i: usize) -> Option<usize> {
        self.coding.columns.get(i)?.presence
    }

    /// The covariance of two coordinates over the records that have both; None for a column and its own presence, or without records.
    fn covariance(&self, i: usize, j: usize) -> Option<f64> {
        let (a, b) = (self.presence(i), self.presence(j));
        if a == Some(j) || b == Some(i) {
            return None;
        }
        let both = match (a, b) {
            (None, None) => self.set.n,
            (Some(_), None) => self.counts[i],
            (None, Some(_)) => self.counts[j],
            (Some(a), Some(b)) => self.product(a, b),
        };
        if !(both > 0.0) {
            return None;
        }
        let first = b.map_or(self.sums[i], |b| self.product(i, b));
        let second = a.map_or(self.sums[j], |a| self.product(j, a));
        Some(self.product(i, j) / both - first / both * (second / both))
    }

    /// Correlations of the coordinates as the products hold them: of a positive semidefinite matrix.
    fn correlations(&self) -> Vec<f64> {
        let p = self.coding.coordinates;
        let n = self.set.n;
        let central = |i: usize, j: usize| self.product(i, j) - self.sums[i] * (self.sums[j] / n);
        let variances: Vec<f64> = (0..p).map(|i| central(i, i)).collect();
        let entry = |k: usize| {
            let (i, j) = (k / p, k % p);
            let scale = f64::sqrt(variances[i] * variances[j]);
            let noise = 1e-12 * f64::sqrt(self.product(i, i) * self.product(j, j));
            if i == j {
                1.0
            } else if scale > noise {
                f64::clamp(central(i, j) / scale, -1.0, 1.0)
            } else {
                0.0
            }
        };
        (0..p * p).map(entry).collect()
    }
}
