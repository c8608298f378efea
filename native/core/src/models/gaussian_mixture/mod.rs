//! The gaussian-mixture family: a mixture of normal laws, fitted by expectation maximisation to the records themselves.
//!
//! The likelihood of a mixture has no upper bound and many maxima, so that the fit depends on where iterations start: afresh by k-means++
//! (every generation anew), at random records, at the origin's own components, or at the last generation's mixture. Starts are chosen by
//! random numbers that a hash of the records makes: the same records always give the same mixture. Records are in the chain's units, where
//! the origin has mean 0; n = infinity puts weighted nodes in their place, in one dimension. Memory: 16 bytes a number beside the sets.
//! Source: Shumailov et al., Nature 631 (2024), which fits two components to 1000 records a generation; see `em`, `init` and `pass`.

pub mod blocks;
pub mod columns;
pub mod em;
mod init;
pub mod law;
mod line;
mod origin;
pub mod pass;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;

use super::ready::{Given, Runnable};
use crate::error::Error;
use crate::family::{Death, Family, Group, Law, Lives, Measure, Signals, Source, View};
use crate::measures::line::{Divergences, Gaps};
use crate::plan::{By, Cell, Method, Model, Origin, Sampling, Watch};
use crate::policies::{Rules, sizes::Sizes};
use crate::random::key::{Key, Purpose};
use crate::random::stream::Stream;
use crate::rows::{RowSets, Rows, initial};
use crate::simd::Level;
use crate::truth::Truth;

use blocks::Blocks;
use em::{Failure, Fit, Settings};
use law::Mixture;
use line::{Mixed, nodes};

pub use em::MixtureInit;
pub use origin::Real;

// Parameters -----------------------------------------------------------------------------------------------------------------------------

/// The family with its origin and learner.
pub struct GaussianMixture {
    /// The origin and the units.
    pub real: Real,
    settings: Settings,
    method: Method,
    /// What deviations from the model's mean are multiplied by in a sample.
    stretch: f64,
}

/// A chain's fitted mixture and the records it was fitted to.
#[derive(Default)]
pub struct Fitted {
    fit: Fit,
    blocks: Blocks,
    divergences: OnceCell<Divergences>,
    gaps: OnceCell<Gaps>,
}

// Checks ---------------------------------------------------------------------------------------------------------------------------------

impl GaussianMixture {
    /// The family of a cell whose model it is.
    pub fn new(real: Real, cell: &Cell) -> Result<GaussianMixture, Error> {
        let Model::GaussianMixture { components, covariance, iterations, tolerance, init, restarts, floor } = cell.model else {
            return Err(Error::plan("model.kind", "another model", "gaussian-mixture"));
        };
        let settings = Settings { components, covariance, iterations, tolerance, init, restarts, floor };
        settings.check()?;
        let family = GaussianMixture { real, settings, method: cell.method, stretch: 1.0 };
        family.check_sizes(cell)?;
        family.check_start()?;
        family.check_method(cell)?;
        let floor = floor / (family.real.scale * family.real.scale);
        if !(floor > 0.0 && floor.is_finite()) {
            return Err(Error::plan(
                "model.floor",
                family.settings.floor,
                format!("a variance that matters beside the origin's sd {}", family.real.scale),
            ));
        }
        let settings = Settings { floor, ..family.settings };
        GaussianMixture { settings, ..family }.sampling(&cell.stages.sampling)
    }

    fn sampling(self, sampling: &Sampling) -> Result<GaussianMixture, Error> {
        sampling.only(&["spread"], "gaussian-mixture")?;
        Ok(GaussianMixture { stretch: f64::sqrt(sampling.spread.unwrap_or(1.0)), ..self })
    }

    fn check_sizes(&self, cell: &Cell) -> Result<(), Error> {
        let (n, initial) = (Sizes::new(&cell.n, "n")?, Sizes::new(&cell.initial, "initial")?.at(0));
        if n.infinite() {
            return Ok(());
        }
        let components = self.settings.components;
        let last = n.at(u64::from(cell.generations));
        for (field, records) in [("n", if n.constant() { n.at(0) } else { u64::MAX }), ("initial", initial)] {
            if (records as usize) < components {
                return Err(Error::plan(
                    "model.components",
                    components,
                    format!("at most {field} = {records}: each component needs a record"),
                ));
            }
        }
        let most = n.at(0).max(last).max(initial);
        if most >= u64::from(u32::MAX) {
            return Err(
                Error::plan("n", most, "fewer than 2^32 records: this model keeps them all").hint("n = inf is exact in one dimension")
            );
        }
        Ok(())
    }

    fn check_start(&self) -> Result<(), Error> {
        if self.settings.init != MixtureInit::Given {
            return Ok(());
        }
        if self.settings.restarts > 1 {
            return Err(Error::plan("model.restarts", self.settings.restarts, "1 where the start is given"));
        }
        let found = self.real.law.as_ref().map(Mixture::components);
        if found == Some(self.settings.components) {
            return Ok(());
        }
        let value = found.map_or("an origin without components".into(), |found| format!("an origin of {found}"));
        Err(Error::plan(
            "model.init",
            value,
            format!("an origin of {} normal components where the start is given", self.settings.components),
        )
        .hint("set model.init to k-means++, or model.components to the origin's number"))
    }

    fn check_method(&self, cell: &Cell) -> Result<(), Error> {
        match cell.method {
            Method::Exact => Err(Error::plan("method", "exact", "draws: a mixture's statistics have no law of their own")),
            Method::Population if self.real.width() > 1 => {
                Err(Error::plan("n", "inf", "a finite size: only in one dimension can nodes stand for infinitely many records")
                    .hint("n = 1000000 comes near"))
            }
            Method::Population if Rules::subsets(&cell.policy) || cell.stages.selection.is_some() => {
                Err(Error::plan("method", "population", "draws where the records themselves are needed"))
            }
            _ => Ok(()),
        }
    }
}

// Source ---------------------------------------------------------------------------------------------------------------------------------

/// Puts nodes in place of n records.
fn stand_in(nodes: impl Iterator<Item = (f64, f64)>, n: u64, into: &mut Rows) {
    into.clear();
    if n == 0 {
        return;
    }
    for (x, weight) in nodes {
        into.values.push(x);
        into.weights.push(weight * n as f64);
    }
}

impl Source for GaussianMixture {
    type Data = RowSets;
    type Fitted = Vec<Fitted>;

    fn data(&self, chains: usize) -> RowSets {
        RowSets::new(self.real.width(), chains)
    }

    fn initial(&self, fixed: u64, n: u64, group: &mut Group, first: &mut RowSets, rest: &mut RowSets) -> Result<(), Error> {
        let table = self.real.rows.as_deref().filter(|_| self.method == Method::Draws);
        initial(self, table, (fixed, n), group, first, rest)
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut RowSets) -> Result<(), Error> {
        group.batch += 1;
        let nodes = if self.method == Method::Population { self.real.nodes() } else { vec![] };
        for chain in 0..group.chains() {
            let rows = &mut into.chains[chain];
            if self.method == Method::Population {
                stand_in(nodes.iter().copied(), sizes[chain], rows);
            } else {
                rows.clear();
                self.real.draw(chain, sizes[chain] as usize, group, &mut rows.values);
            }
        }
        group.control.check()
    }

    fn sample(&self, _training: &RowSets, model: &Vec<Fitted>, sizes: &[u64], group: &mut Group, into: &mut RowSets) -> Result<(), Error> {
        group.batch += 1;
        for chain in 0..group.chains() {
            let (mixture, rows) = (&model[chain].fit.mixture, &mut into.chains[chain]);
            rows.clear();
            if mixture.components() == 0 {
                continue; // This chain has stopped before its first fit.
            }
            if self.method == Method::Population {
                stand_in(nodes(&Mixed::new(mixture, 0.0)).into_iter(), sizes[chain], rows);
            } else {
                origin::draw(mixture, Purpose::SampleChunk, chain, sizes[chain] as usize, group, &mut rows.values);
            }
            if self.stretch != 1.0 {
                let mean = mixture.mean();
                rows.values.chunks_exact_mut(mean.len()).for_each(|record| {
                    record.iter_mut().zip(&mean).for_each(|(x, mean)| *x = mean + self.stretch * (*x - mean));
                });
            }
        }
        group.control.check()
    }

    fn constant(&self, record: f64, sizes: &[u64], into: &mut RowSets) -> Result<(), Error> {
        let record = (record - self.real.place[0]) / self.real.scale;
        if self.method == Method::Population {
            into.chains.iter_mut().zip(sizes).for_each(|(rows, &n)| stand_in([(record, 1.0)].into_iter(), n, rows));
            return Ok(());
        }
        into.constant(record, sizes)
    }

    fn select(&self, batch: &mut RowSets, kept: &[u64], by: By) -> Result<(), Error> {
        let width = self.real.width();
        let sd: Vec<f64> = self.real.marginals.iter().map(|truth| truth.scale / self.real.scale).collect();
        batch.select(kept, by, &vec![0.0; width], &sd);
        Ok(())
    }
}

// Fit ------------------------------------------------------------------------------------------------------------------------------------

/// Random numbers that depend on the records alone.
fn stream_of(rows: &Rows) -> Stream {
    let words = rows.values.iter().chain(&rows.weights).map(|x| x.to_bits());
    let hash = words.fold(0x9E37_79B9_7F4A_7C15, |hash: u64, word| (hash.rotate_left(29) ^ word).wrapping_mul(0xD2E7_470E_E14C_6C93));
    Stream::new(Key::of_chain(hash, [rows.values.len() as u64, rows.weights.len() as u64], 0).state(Purpose::Choices, 0, 0, 0))
}

impl Family for GaussianMixture {
    fn fitted(&self, chains: usize) -> Vec<Fitted> {
        (0..chains).map(|_| Fitted::default()).collect()
    }

    fn fit(&self, training: &RowSets, model: &mut Vec<Fitted>, level: Level, lives: &mut Lives) {
        for (chain, (rows, fitted)) in training.chains.iter().zip(model).enumerate() {
            if !lives.alive(chain) {
                continue;
            }
            let weights = (!rows.weights.is_empty()).then_some(&rows.weights[..]);
            fitted.blocks.fill(&rows.values, weights, training.width);
            (fitted.divergences, fitted.gaps) = (OnceCell::new(), OnceCell::new());
            let start = match self.settings.init {
                MixtureInit::Given => self.real.law.as_ref(),
                MixtureInit::Warm if fitted.fit.mixture.components() > 0 => Some(&fitted.fit.mixture),
                _ => None,
            };
            match em::fit(level, &fitted.blocks, &self.settings, start, &mut stream_of(rows)) {
                Ok(fit) => fitted.fit = fit,
                Err(Failure::Empty) => lives.stop(chain, Death::EmptyTrainingSet),
                Err(Failure::TooFew) => lives.stop(chain, Death::TooFewRecords),
                Err(Failure::NotFinite) => lives.stop(chain, Death::NotFinite),
            }
        }
    }
}

// Law ------------------------------------------------------------------------------------------------------------------------------------

impl Law for GaussianMixture {
    fn signals(&self, view: &View<'_, GaussianMixture>, out: &mut Signals) {
        columns::signals(self, view, out);
    }

    fn measure(&self, name: &str) -> Option<Measure<GaussianMixture>> {
        columns::measure(name)
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<GaussianMixture>, Error> {
        Err(Error::plan("watch", &watch.name, "no followed classes: a gaussian mixture has none"))
    }
}

// Ready -----------------------------------------------------------------------------------------------------------------------------------

/// A cell of this family.
pub fn ready(given: &Given) -> Result<Box<dyn Runnable>, Error> {
    let real = match &given.cell.origin {
        Origin::Gaussian { mean, sd } => Real::line(Truth::gaussian(*mean, *sd)?),
        Origin::Exponential { mean } => Real::line(Truth::exponential(*mean)?),
        Origin::Mixture { components } => Real::components(components)?,
        Origin::MultivariateGaussian { dimensions, mean, covariance } => Real::normal(*dimensions, mean.as_deref(), covariance.as_deref())?,
        Origin::Table { table, columns } => Real::table(&given.columns(*table, columns)?)?,
        _ => {
            let rule = "a mixture, gaussian, multivariate-gaussian or exponential origin, or numeric columns of a table";
            return Err(given.mismatch("gaussian-mixture", rule));
        }
    };
    given.typed(GaussianMixture::new(real, given.cell)?, 1)
}
