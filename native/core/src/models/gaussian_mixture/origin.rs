//! Where real records come from: any law on the line, normal components in several dimensions, or the rows of a table.
//!
//! Chains run in units of their own, data = place + scale y: the origin's mean is 0, and the mean of its variances over coordinates is 1.

use std::sync::Arc;

use super::law::{Mixture, Sampler};
use super::line::{Mixed, nodes};
use crate::error::Error;
use crate::family::{CHUNK, Group};
use crate::math::matrix::{cholesky, square};
use crate::models::multivariate_gaussian::{Learning, MultivariateGaussian, Real as TableReal};
use crate::plan::{Component, Covariance, Estimator, Method};
use crate::random::key::Purpose;
use crate::random::normal::Normals;
use crate::random::stream::{below, unit};
use crate::random::words::Words;
use crate::rows;
use crate::simd::Level;
use crate::truth::{Part, Truth};

/// An origin, in units of the chains.
pub struct Real {
    /// See the module; one a coordinate.
    pub place: Vec<f64>,
    /// See the module.
    pub scale: f64,
    /// The law of each coordinate.
    pub marginals: Vec<Truth>,
    /// The law, where it is made of normal components.
    pub law: Option<Mixture>,
    /// The rows of a table, one after the other.
    pub rows: Option<Vec<f64>>,
    /// The upper factor of the covariance.
    pub factor: Vec<f64>,
}

/// Checks of origins are those of the multivariate gaussian family; how it learns has no part in them.
const CHECKS: Learning = Learning { estimator: Estimator::Mle, covariance: Covariance::Full, method: Method::Draws };

impl Real {
    /// A law on the line.
    pub fn line(truth: Truth) -> Real {
        let law = truth.parts().and_then(|parts| {
            let variances = parts.iter().map(|part| part.sd * part.sd).collect();
            Mixture::new(1, parts.iter().map(|part| part.weight).collect(), parts.iter().map(|part| part.mean).collect(), variances)
        });
        let rows = truth.sorted_rows().map(<[f64]>::to_vec);
        Real { place: vec![truth.place], scale: truth.scale, marginals: vec![truth], law, rows, factor: vec![1.0] }
    }

    /// Normal components; in one dimension a law on the line.
    pub fn components(parts: &[Component]) -> Result<Real, Error> {
        let Some(d) = parts.first().map(|part| part.mean.len()) else {
            return Err(Error::plan("origin.components", "none", "at least one component"));
        };
        for (i, part) in parts.iter().enumerate() {
            let at = format!("origin.components[{i}]");
            MultivariateGaussian::normal(d, Some(&part.mean), Some(&part.covariance), CHECKS)
                .map_err(|error| Error { path: error.path.replacen("origin", &at, 1), ..error })?;
            if !(part.weight >= 0.0) {
                return Err(Error::plan(format!("{at}.weight"), part.weight, "a weight of at least 0"));
            }
        }
        let total: f64 = parts.iter().map(|part| part.weight).sum();
        if !((total - 1.0).abs() <= 1e-9) {
            return Err(Error::plan("origin.components", format!("weights that add up to {total}"), "weights that add up to 1"));
        }
        if d == 1 {
            let part = |part: &Component| Part { weight: part.weight, mean: part.mean[0], sd: f64::sqrt(part.covariance[0][0]) };
            return line_law(&parts.iter().map(part).collect::<Vec<_>>()).map(Real::line);
        }
        let weights = parts.iter().map(|part| part.weight / total).collect();
        let means = parts.iter().flat_map(|part| part.mean.iter().copied()).collect();
        let covariances = parts.iter().flat_map(|part| part.covariance.iter().flatten().copied()).collect();
        let law = Mixture::new(d, weights, means, covariances)
            .ok_or_else(|| Error::plan("origin.components", "a singular covariance", "positive definite covariances"))?;
        let marginals = (0..d).map(|j| {
            let parts: Vec<Part> = law.marginal(j).map(|(weight, mean, sd)| Part { weight, mean, sd }).collect();
            line_law(&parts)
        });
        let (marginals, place, spread) = (marginals.collect::<Result<Vec<_>, Error>>()?, law.mean(), law.covariance());
        Real::new(place, spread, marginals, Some(law), None)
    }

    /// A normal law: a single component.
    pub fn normal(dimensions: usize, mean: Option<&[f64]>, covariance: Option<&[Vec<f64>]>) -> Result<Real, Error> {
        MultivariateGaussian::normal(dimensions, mean, covariance, CHECKS)?;
        let mean = mean.map_or_else(|| vec![0.0; dimensions], <[f64]>::to_vec);
        let identity = |i: usize| (0..dimensions).map(|j| if i == j { 1.0 } else { 0.0 }).collect();
        let covariance = covariance.map_or_else(|| (0..dimensions).map(identity).collect(), <[Vec<f64>]>::to_vec);
        Real::components(&[Component { weight: 1.0, mean, covariance }])
    }

    /// Numeric columns of a table: its rows are the law.
    pub fn table(columns: &[Arc<[f64]>]) -> Result<Real, Error> {
        if let [column] = columns {
            return Truth::rows(column).map(Real::line);
        }
        let checked = MultivariateGaussian::rows(columns, CHECKS)?;
        let TableReal::Rows(standard) = &checked.real else { unreachable!("a table's rows") };
        let (d, sd) = (columns.len(), &checked.sd);
        let records = standard.iter().enumerate().map(|(k, y)| checked.mean[k % d] + sd[k % d] * y).collect();
        let mut spread = vec![0.0; d * d];
        square(&checked.origin.factor[..d * d], d, &mut spread);
        spread.iter_mut().enumerate().for_each(|(k, entry)| *entry *= sd[k / d] * sd[k % d]);
        let marginals = columns.iter().map(|column| Truth::rows(column)).collect::<Result<Vec<_>, Error>>()?;
        Real::new(checked.mean, spread, marginals, None, Some(records))
    }

    /// Brings a law or records of several dimensions to units.
    fn new(
        place: Vec<f64>,
        mut spread: Vec<f64>,
        marginals: Vec<Truth>,
        law: Option<Mixture>,
        rows: Option<Vec<f64>>,
    ) -> Result<Real, Error> {
        let d = place.len();
        let scale = f64::sqrt((0..d).map(|j| spread[j * d + j]).sum::<f64>() / d as f64);
        let to_unit = |values: &[f64]| -> Vec<f64> { values.iter().enumerate().map(|(k, x)| (x - place[k % d]) / scale).collect() };
        let shrink = |values: &[f64]| -> Vec<f64> { values.iter().map(|x| x / (scale * scale)).collect() };
        let rows = rows.map(|rows| to_unit(&rows));
        let law = law.and_then(|law| Mixture::new(d, law.weights.clone(), to_unit(&law.means), shrink(&law.covariances)));
        spread = shrink(&spread);
        if !scale.is_finite() || cholesky(Level::BASE, &mut spread, d, 0.0).is_err() {
            return Err(Error::plan("origin.components", format!("a mixture of sd {scale}"), "a finite covariance"));
        }
        Ok(Real { place, scale, marginals, law, rows, factor: spread })
    }

    /// Dimensions.
    pub fn width(&self) -> usize {
        self.place.len()
    }

    /// Appends n new real records.
    pub fn draw(&self, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        let (d, from) = (self.width(), into.len());
        if d == 1 {
            into.resize(from + n, 0.0);
            self.marginals[0].fill(group, chain, Purpose::RealChunk, &mut into[from..]);
        } else if let Some(rows) = &self.rows {
            let mut chosen = vec![0.0; n];
            rows::words(group, chain, Purpose::RealChunk, &mut chosen, |word| below(word, (rows.len() / d) as u64) as f64);
            chosen.into_iter().for_each(|row| into.extend_from_slice(&rows[row as usize * d..(row as usize + 1) * d]));
        } else if let Some(law) = &self.law {
            draw(law, Purpose::RealChunk, chain, n, group, into);
        }
    }

    /// Nodes of the law on the line, with weights that add up to 1.
    pub fn nodes(&self) -> Vec<(f64, f64)> {
        match (&self.rows, &self.law) {
            (Some(rows), _) => rows.iter().map(|&row| (row, 1.0 / rows.len() as f64)).collect(),
            (None, Some(law)) => nodes(&Mixed::new(law, 0.0)),
            (None, None) => nodes(&self.marginals[0].seen_from(0.0)),
        }
    }
}

/// Normal components on the line; a single one has closed forms.
fn line_law(parts: &[Part]) -> Result<Truth, Error> {
    if let [part] = parts { Truth::gaussian(part.mean, part.sd) } else { Truth::mixture(parts) }
}

/// Set in the number of a chunk whose words choose components, so that they share nothing with the chunk's normals.
const CHOICES: u64 = 1 << 63;

/// Appends n records of a mixture: of a chain's own sequences, or of keyed chunks shared among threads.
pub fn draw(law: &Mixture, purpose: Purpose, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
    let (sampler, level, d, from) = (Sampler::new(law), group.level, law.width, into.len());
    into.resize(from + n * d, 0.0);
    let out = &mut into[from..];
    let place = |words: &mut Words, out: &mut [f64]| out.chunks_exact_mut(d).for_each(|z| sampler.place(unit(words.next(level)), z));
    if n as u64 <= CHUNK {
        let (normals, room) = group.normals(chain);
        normals.fill(level, room, out);
        return place(group.words(chain), out);
    }
    let (key, batch, control) = (group.keys[chain], group.batch, group.control);
    use rayon::prelude::*;
    out.par_chunks_mut(CHUNK as usize * d).enumerate().for_each(|(chunk, out)| {
        if !control.cancelled() {
            let chunk = chunk as u64;
            Normals::new(&key, purpose, batch, chunk).fill(level, &mut [0; 256], out);
            place(&mut Words::new(&key, purpose, batch, chunk | CHOICES), out);
        }
    });
}
