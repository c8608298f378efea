//! A model that lives outside of the core: its host fits it to records and draws records from it, and the core does all the rest.
//!
//! Policies, stages, events and columns are those of every family. Measures are of the records that a model makes: each generation's batch,
//! and where that has fewer than `records`, more that are drawn for the measures alone. Records cross in the data's units, one after the
//! other, classes as codes.

mod columns;
mod observed;
mod origin;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::ready::{Given, Runnable};
use crate::error::Error;
use crate::family::{Family, Group, Law, Lives, Measure, Signals, Source, View};
use crate::math;
use crate::plan::{self, By, Composition, Method, Watch};
use crate::policies::shares::Shares;
use crate::policies::sizes::Sizes;
use crate::random::key::{Key, Purpose};
use crate::random::normal::{Normals, Room};
use crate::random::stream::unit;
use crate::random::words::Words;
use crate::rows::{RowSets, initial};
use crate::simd::Level;

use observed::Observed;
use origin::Origin;

pub use crate::family::Death;
pub use columns::list;

// The host -------------------------------------------------------------------------------------------------------------------------------

/// What one number of a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// A number.
    Number,
    /// The code of one of so many classes.
    Class(usize),
}

/// What is asked of a host: which chain and generation, and the key of the random numbers.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The cell's number in its plan.
    pub cell: u32,
    pub replicate: u64,
    pub generation: u32,
    /// The columns of a record.
    pub columns: &'a [Column],
    key: Key,
    number: u64,
}

impl Call<'_> {
    /// The random numbers of this call.
    pub fn streams(&self) -> Streams {
        let (key, generation, number) = (self.key, u64::from(self.generation), self.number);
        Streams { key, generation, number, normals: None, words: None, room: [0; 256] }
    }
}

/// Random numbers of one call: a sequence of normal numbers and one of words, each made when it is asked for.
pub struct Streams {
    key: Key,
    generation: u64,
    number: u64,
    normals: Option<Normals>,
    words: Option<Words>,
    room: Room,
}

impl Streams {
    /// Standard normal numbers.
    pub fn normals(&mut self, level: Level, out: &mut [f64]) {
        let normals = self.normals.get_or_insert_with(|| Normals::new(&self.key, Purpose::HostNormals, self.generation, self.number));
        normals.fill(level, &mut self.room, out);
    }

    /// Uniform numbers in (0, 1).
    pub fn uniforms(&mut self, level: Level, out: &mut [f64]) {
        let words = self.words.get_or_insert_with(|| Words::new(&self.key, Purpose::HostWords, self.generation, self.number));
        out.iter_mut().for_each(|out| *out = unit(words.next(level)));
    }

    /// Exponential numbers of mean 1, from the sequence of uniform ones.
    pub fn exponentials(&mut self, level: Level, out: &mut [f64]) {
        self.uniforms(level, out);
        out.iter_mut().for_each(|x| *x = -math::ln(*x));
    }
}

/// What fits models and samples from them. A host that fails sets the control word, and says why to whoever started the run.
pub trait Host: Send + Sync {
    /// Fits a chain's model to its records, in place of its last one; a model that can't be fitted to them says why.
    fn fit(&self, call: &Call, records: &[f64]) -> Result<(), Death>;
    /// Appends n records of a chain's model.
    fn sample(&self, call: &Call, n: usize, into: &mut Vec<f64>);
}

/// The host of a block that is checked and not run.
struct Nobody;

impl Host for Nobody {
    fn fit(&self, _: &Call, _: &[f64]) -> Result<(), Death> {
        Err(Death::NotFinite)
    }

    fn sample(&self, _: &Call, _: usize, _: &mut Vec<f64>) {}
}

// Parameters -----------------------------------------------------------------------------------------------------------------------------

/// The family: a host beside its origin.
pub struct Module {
    pub origin: Origin,
    host: Arc<dyn Host>,
    cell: u32,
    /// Records that measures read, at least.
    records: u64,
    n: Sizes,
    /// Shares of a mix whose counts are fixed: of the generated batch, the last set and real records.
    shares: Option<Shares<3>>,
}

/// Numbers of the calls of one generation, so that no two share random numbers.
const FIT: u64 = 0;
const BATCH: u64 = 1;
const MEASURED: u64 = 2;
const OTHER: u64 = 3;

/// The models of a group: who they are, and the records that were drawn ahead.
pub struct Fitted {
    chains: Vec<Chain>,
    /// The generation of the next fit.
    next: u32,
}

struct Chain {
    key: Key,
    replicate: u64,
    alive: bool,
    /// Batches drawn from this generation's model.
    batches: Cell<u64>,
    /// The next batch, drawn for the measures already.
    ahead: RefCell<Option<Vec<f64>>>,
    observed: Option<Observed>,
}

impl Module {
    /// Records of the batch that a policy asks of this generation's model, as far as that is fixed.
    fn batch(&self, generation: u32) -> u64 {
        let n = self.n.at(u64::from(generation));
        self.shares.as_ref().map_or(n, |shares| shares.counts(n)[0])
    }

    fn draw(&self, chain: &Chain, generation: u32, number: u64, n: u64, into: &mut Vec<f64>) {
        if n > 0 {
            self.host.sample(&self.call(chain, generation, number), n as usize, into);
        }
    }

    fn call(&self, chain: &Chain, generation: u32, number: u64) -> Call<'_> {
        let (key, replicate, cell) = (chain.key, chain.replicate, self.cell);
        Call { cell, replicate, generation, columns: &self.origin.columns, key, number }
    }
}

// Source ---------------------------------------------------------------------------------------------------------------------------------

impl Source for Module {
    type Data = RowSets;
    type Fitted = Fitted;

    fn data(&self, chains: usize) -> RowSets {
        RowSets::new(self.origin.columns.len(), chains)
    }

    fn initial(&self, fixed: u64, n: u64, group: &mut Group, first: &mut RowSets, rest: &mut RowSets) -> Result<(), Error> {
        initial(self, self.origin.table(), (fixed, n), group, first, rest)
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut RowSets) -> Result<(), Error> {
        group.batch += 1;
        for chain in 0..group.chains() {
            into.chains[chain].clear();
            self.origin.draw(sizes[chain] as usize, group, chain, &mut into.chains[chain].values);
        }
        group.control.check()
    }

    fn sample(&self, _training: &RowSets, model: &Fitted, sizes: &[u64], group: &mut Group, into: &mut RowSets) -> Result<(), Error> {
        group.batch += 1;
        let generation = model.next - 1;
        for ((chain, into), &size) in model.chains.iter().zip(&mut into.chains).zip(sizes) {
            into.clear();
            if !chain.alive {
                continue;
            }
            let batch = chain.batches.replace(chain.batches.get() + 1);
            if batch == 0 && size == self.batch(model.next) {
                match chain.ahead.take() {
                    Some(ahead) => into.values = ahead,
                    None => self.draw(chain, generation, BATCH, size, &mut into.values),
                }
            } else {
                self.draw(chain, generation, OTHER + batch, size, &mut into.values);
            }
        }
        group.control.check()
    }

    fn constant(&self, record: f64, sizes: &[u64], into: &mut RowSets) -> Result<(), Error> {
        into.constant(record, sizes)
    }

    fn select(&self, batch: &mut RowSets, kept: &[u64], by: By) -> Result<(), Error> {
        let (centre, sd) = self.origin.centre()?;
        batch.select(kept, by, &centre, &sd);
        Ok(())
    }
}

// Fit ------------------------------------------------------------------------------------------------------------------------------------

impl Family for Module {
    fn fitted(&self, _chains: usize) -> Fitted {
        Fitted { chains: vec![], next: 0 }
    }

    fn begin(&self, group: &Group, model: &mut Fitted) {
        let chain = |(i, key): (usize, &Key)| Chain {
            key: *key,
            replicate: group.first + i as u64,
            alive: true,
            batches: Cell::new(0),
            ahead: RefCell::new(None),
            observed: None,
        };
        model.chains = group.keys.iter().enumerate().map(chain).collect();
    }

    fn fit(&self, training: &RowSets, model: &mut Fitted, _level: Level, lives: &mut Lives) {
        let generation = model.next;
        model.next += 1;
        for (i, (chain, rows)) in model.chains.iter_mut().zip(&training.chains).enumerate() {
            (chain.observed, *chain.ahead.get_mut()) = (None, None);
            chain.batches.set(0);
            chain.alive = lives.alive(i);
            if !chain.alive {
                continue;
            }
            let fate = if rows.values.is_empty() {
                Err(Death::EmptyTrainingSet)
            } else if rows.values.iter().any(|x| !x.is_finite()) {
                Err(Death::NotFinite)
            } else {
                self.host.fit(&self.call(chain, generation, FIT), &rows.values)
            };
            if let Err(death) = fate {
                lives.stop(i, death);
                chain.alive = false;
            }
        }
    }
}

impl Law for Module {
    /// Draws the next batch, which measures read as well, and more records where it is small.
    fn observe(&self, _training: &RowSets, model: &mut Fitted) {
        let generation = model.next - 1;
        for i in 0..model.chains.len() {
            let chain = &model.chains[i];
            if !chain.alive {
                continue;
            }
            let size = self.batch(model.next);
            let mut records = Vec::new();
            self.draw(chain, generation, BATCH, size, &mut records);
            let mut observed = Observed::new(&self.origin, &records);
            if size < self.records {
                let mut more = Vec::new();
                self.draw(chain, generation, MEASURED, self.records - size, &mut more);
                observed.add(&self.origin, &more);
            }
            let chain = &mut model.chains[i];
            chain.observed = Some(observed);
            *chain.ahead.get_mut() = Some(records);
        }
    }

    fn signals(&self, view: &View<'_, Module>, out: &mut Signals) {
        columns::signals(self, view, out);
    }

    fn measure(&self, name: &str) -> Option<Measure<Module>> {
        columns::measure(name, &self.origin)
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<Module>, Error> {
        columns::follow(watch, &self.origin)
    }
}

impl Fitted {
    /// What a chain's model makes; None after the chain has stopped.
    fn observed(&self, chain: usize) -> Option<&Observed> {
        self.chains[chain].observed.as_ref()
    }
}

// Ready ----------------------------------------------------------------------------------------------------------------------------------

/// A cell of this family.
pub fn ready(given: &Given, records: u64) -> Result<Box<dyn Runnable>, Error> {
    let cell = given.cell;
    if cell.method != Method::Draws {
        let method = format!("{:?}", cell.method).to_lowercase();
        return Err(Error::plan("method", method, "draws for a model outside of the core").hint("only its records are known"));
    }
    cell.stages.sampling.only(&[], "module")?;
    let shares = match &cell.policy {
        plan::Policy::Mix { synthetic, previous, real, composition: Composition::Stratified, .. } => {
            Some(Shares::new([*synthetic, *previous, *real]))
        }
        _ => None,
    };
    let host = given.host.cloned().unwrap_or_else(|| Arc::new(Nobody));
    given.typed(Module { origin: Origin::new(given)?, host, cell: cell.index, records, n: given.n.clone(), shares }, 1)
}
