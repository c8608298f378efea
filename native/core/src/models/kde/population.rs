//! Kernel density estimates of infinitely many records: the origin's law under kernels, in closed form.
//!
//! With infinitely many records a rule's kernel has no width, and the model is its training set; a fixed kernel adds its variance h^2 each
//! time. A training set is a blend of the origin (or of a poisoned record) under so many kernels, with weights: variance = 1 + k h^2.

use super::population_columns::Shared;
use super::{Origin, fixed_widths};
use crate::error::Error;
use crate::family::{Data, Death, Family, Group, Lives, Source};
use crate::plan::{Bandwidth, Sampling};
use crate::simd::Level;

// Parameters -----------------------------------------------------------------------------------------------------------------------------

/// The family at n = infinity.
pub struct KdePopulation {
    pub origin: Origin,
    /// Kernel sds of a fixed bandwidth in the origin's units; None for a rule.
    pub fixed: Option<Vec<f64>>,
}

/// A part of a training set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Component {
    pub weight: f64,
    /// A poisoned record; None is the origin.
    pub point: Option<f64>,
    /// Kernels put upon it so far.
    pub kernels: f64,
}

/// Training sets, or models, of a group of chains.
#[derive(Clone, Debug)]
pub struct Blends {
    pub chains: Vec<Vec<Component>>,
}

/// Models of a group.
pub struct Fitted {
    pub law: Blends,
    pub shared: Vec<Shared>,
}

impl KdePopulation {
    /// Any origin.
    pub fn new(origin: Origin, bandwidth: Bandwidth, sampling: &Sampling) -> Result<KdePopulation, Error> {
        sampling.only(&[], "population kde")?;
        let fixed = fixed_widths(&bandwidth, &origin)?;
        if let (Some(_), Origin::Line(truth)) = (&fixed, &origin)
            && truth.has_power_tail()
        {
            return Err(Error::plan("n", "inf", "a finite n for a fixed kernel on a Pareto origin")
                .hint("a Pareto law under a normal kernel has no closed form; use bandwidth scott, or n = 1e6"));
        }
        Ok(KdePopulation { origin, fixed })
    }

    /// The sd of so many kernels in a dimension.
    pub fn sd(&self, kernels: f64, k: usize) -> f64 {
        self.fixed.as_ref().map_or(0.0, |widths| f64::sqrt(kernels) * widths[k])
    }
}

// Data -----------------------------------------------------------------------------------------------------------------------------------

/// Sum of weights.
pub fn total(components: &[Component]) -> f64 {
    components.iter().map(|component| component.weight).sum()
}

fn add(into: &mut Vec<Component>, more: Component) {
    match into.iter_mut().find(|one| one.point == more.point && one.kernels == more.kernels) {
        Some(one) => one.weight += more.weight,
        None => into.push(more),
    }
}

/// Shares of a size.
fn of_size(components: &[Component], size: u64, more: f64) -> Vec<Component> {
    let scale = size as f64 / total(components);
    let grown = |one: &Component| Component { weight: one.weight * scale, kernels: one.kernels + more, ..*one };
    if size == 0 { vec![] } else { components.iter().map(grown).collect() }
}

impl Data for Blends {
    fn clear(&mut self) {
        self.chains.iter_mut().for_each(Vec::clear);
    }

    fn merge(&mut self, later: &Blends) {
        for (into, more) in self.chains.iter_mut().zip(&later.chains) {
            more.iter().for_each(|component| add(into, *component));
        }
    }

    fn scale(&mut self, weight: f64) {
        self.chains.iter_mut().flatten().for_each(|component| component.weight *= weight);
    }

    fn copy(&mut self, chain: usize, from: &Blends) {
        self.chains[chain].clone_from(&from.chains[chain]);
    }

    fn take(&self, sizes: &[u64], _replacement: bool, _group: &mut Group, into: &mut Blends) -> Result<(), Error> {
        for ((into, from), &size) in into.chains.iter_mut().zip(&self.chains).zip(sizes) {
            *into = of_size(from, size, 0.0);
        }
        Ok(())
    }
}

// Source, fit ----------------------------------------------------------------------------------------------------------------------------

impl Source for KdePopulation {
    type Data = Blends;
    type Fitted = Fitted;

    fn data(&self, chains: usize) -> Blends {
        Blends { chains: vec![vec![]; chains] }
    }

    fn real(&self, sizes: &[u64], _group: &mut Group, into: &mut Blends) -> Result<(), Error> {
        for (into, &size) in into.chains.iter_mut().zip(sizes) {
            *into = of_size(&[Component { weight: 1.0, point: None, kernels: 0.0 }], size, 0.0);
        }
        Ok(())
    }

    fn sample(&self, _: &Blends, model: &Fitted, sizes: &[u64], _: &mut Group, into: &mut Blends) -> Result<(), Error> {
        for ((into, from), &size) in into.chains.iter_mut().zip(&model.law.chains).zip(sizes) {
            *into = of_size(from, size, 0.0);
        }
        Ok(())
    }

    fn constant(&self, record: f64, sizes: &[u64], into: &mut Blends) -> Result<(), Error> {
        let Origin::Line(truth) = &self.origin else {
            return Err(Error::plan("stages.poison.record", record, "a model whose records are one number"));
        };
        let point = Some((record - truth.place) / truth.scale);
        for (into, &size) in into.chains.iter_mut().zip(sizes) {
            *into = of_size(&[Component { weight: 1.0, point, kernels: 0.0 }], size, 0.0);
        }
        Ok(())
    }
}

impl Family for KdePopulation {
    fn fitted(&self, chains: usize) -> Fitted {
        Fitted { law: self.data(chains), shared: (0..chains).map(|_| Shared::default()).collect() }
    }

    fn fit(&self, training: &Blends, model: &mut Fitted, _level: Level, lives: &mut Lives) {
        let more = if self.fixed.is_some() { 1.0 } else { 0.0 };
        for (chain, from) in training.chains.iter().enumerate() {
            if !(total(from) > 0.0) {
                lives.stop(chain, Death::EmptyTrainingSet);
                continue;
            }
            model.law.chains[chain] = from.iter().map(|one| Component { kernels: one.kernels + more, ..*one }).collect();
            model.shared[chain] = Shared::default();
        }
    }
}
