//! The traits that a family of models implements; everything holds a group of chains in step, one entry a chain.

use crate::control::Control;
use crate::error::Error;
use crate::plan::By;
use crate::random::key::{Key, Purpose};
use crate::random::lanes::{LANES, Lanes};
use crate::random::normal::{Normals, Room};
use crate::random::stream::Stream;
use crate::random::words::Words;
use crate::simd::Level;

/// Records of one generation beyond which each chunk has a key of its own, so that threads can share a generation.
pub const CHUNK: u64 = 16_384;

/// Training sets of a group of chains, as their learner sees them: moments, counts or records.
pub trait Data: Clone + Send {
    /// Makes every set empty.
    fn clear(&mut self);
    /// Adds each chain's set of `later` to its own. The caller fixes the order.
    fn merge(&mut self, later: &Self);
    /// Multiplies the weight of every record.
    fn scale(&mut self, weight: f64);
    /// Takes over one chain's set of another group of the same family.
    fn copy(&mut self, chain: usize, from: &Self);
    /// Subsets of `sizes[chain]` records, in place of what `into` held: of different records, or with replacement.
    fn take(&self, _sizes: &[u64], _replacement: bool, _group: &mut Group, _into: &mut Self) -> Result<(), Error> {
        Err(Error::plan("policy", "a subset of records", "a policy that takes whole batches: this model keeps no records"))
    }
}

/// Where training sets come from: the origin, or the models fitted so far.
pub trait Source: Send + Sync {
    /// Training sets.
    type Data: Data;
    /// Fitted models; `()` where the training set is the model.
    type Fitted: Send;

    /// Empty training sets of `chains` chains.
    fn data(&self, chains: usize) -> Self::Data;
    /// The first `n` real records of each chain, in two parts: the first `fixed` and the rest.
    fn initial(&self, fixed: u64, n: u64, group: &mut Group, first: &mut Self::Data, rest: &mut Self::Data) -> Result<(), Error> {
        let lanes = group.padded();
        self.real(&vec![fixed; lanes], group, first)?;
        self.real(&vec![n - fixed; lanes], group, rest)
    }
    /// New real records, `sizes[chain]` of them, in place of what `into` held.
    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut Self::Data) -> Result<(), Error>;
    /// Records drawn from each chain's model, `sizes[chain]` of them, in place of what `into` held.
    fn sample(
        &self,
        training: &Self::Data,
        model: &Self::Fitted,
        sizes: &[u64],
        group: &mut Group,
        into: &mut Self::Data,
    ) -> Result<(), Error>;
    /// `sizes[chain]` copies of one record, in place of what `into` held.
    fn constant(&self, record: f64, _sizes: &[u64], _into: &mut Self::Data) -> Result<(), Error> {
        Err(Error::plan("stages.poison.record", record, "a model whose records are a number or a class"))
    }
    /// Keeps the `kept[chain]` records of each set that a selection prefers.
    fn select(&self, _batch: &mut Self::Data, _kept: &[u64], by: By) -> Result<(), Error> {
        Err(Error::plan("stages.selection.by", format!("{by:?}"), "a model whose records can be put in order"))
    }
}

/// What measures and events read of fitted models, beside the origin.
pub trait Law: Source {
    /// Marks the chains that are below the early or late threshold, or have diverged.
    fn signals(&self, view: &View<'_, Self>, out: &mut Signals);
    /// Prepares what several measures share; called once before the measures of a recorded generation.
    fn observe(&self, _training: &Self::Data, _model: &mut Self::Fitted) {}
    /// The measure of a column's name, or None if this family has no such column.
    fn measure(&self, name: &str) -> Option<Measure<Self>>;
    /// The measure of a followed set.
    fn follow(&self, watch: &crate::plan::Watch) -> Result<Measure<Self>, Error>;
    /// The measure of a statistic of single columns.
    fn statistic(&self, watch: &crate::plan::Watch, _statistic: crate::plan::Statistic) -> Result<Measure<Self>, Error> {
        Err(Error::plan("watch", &watch.name, "no statistic of single columns: only a copula has them"))
    }
}

/// A family of models: a source of training sets, a learner, and the law that measures read.
pub trait Family: Law {
    /// Room for the models of `chains` chains.
    fn fitted(&self, chains: usize) -> Self::Fitted;
    /// Tells the models whose chains they are, once before generation 0.
    fn begin(&self, _group: &Group, _model: &mut Self::Fitted) {}
    /// Fits each chain's model; a chain that can't be fitted stops with its reason.
    fn fit(&self, training: &Self::Data, model: &mut Self::Fitted, level: Level, lives: &mut Lives);
}

/// Writes one number a chain; NaN where it is undefined.
pub type Measure<F> = Box<dyn Fn(&F, &View<'_, F>, &mut [f64]) + Send + Sync>;

/// What measures may read.
pub struct View<'a, F: Source + ?Sized> {
    /// The training sets.
    pub training: &'a F::Data,
    /// The models fitted to them.
    pub model: &'a F::Fitted,
    /// The level for kernels.
    pub level: Level,
}

/// Where the chains of a group stand at a generation: 1 or 0 each, whole lanes of them.
#[derive(Clone, Debug)]
pub struct Signals {
    /// At or below early collapse's threshold.
    pub early: Vec<u32>,
    /// At or below late collapse's threshold.
    pub late: Vec<u32>,
    /// Variance ratio over 100.
    pub diverged: Vec<u32>,
}

impl Signals {
    /// No signal of `chains` chains.
    pub fn new(chains: usize) -> Signals {
        let none = vec![0; padded(chains)];
        Signals { early: none.clone(), late: none.clone(), diverged: none }
    }

    /// Sets the signals of one chain.
    pub fn set(&mut self, chain: usize, early: bool, late: bool, diverged: bool) {
        self.early[chain] = u32::from(early);
        self.late[chain] = u32::from(late);
        self.diverged[chain] = u32::from(diverged);
    }
}

/// Why a chain stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// The training set had no record.
    EmptyTrainingSet = 0,
    /// The training set had fewer records than the fit needs.
    TooFewRecords = 1,
    /// A fitted number was not finite.
    NotFinite = 2,
}

impl Death {
    /// Reasons in words, by number.
    pub const REASONS: [&'static str; 3] = ["empty training set", "too few records to fit", "a fitted number was not finite"];
}

/// Which chains go on.
#[derive(Clone, Debug)]
pub struct Lives {
    generation: i32,
    /// The generation at which each chain stopped, or -1.
    pub stopped: Vec<i32>,
    /// The reason's number, or -1.
    pub reason: Vec<i32>,
    died: bool,
}

impl Lives {
    /// All chains alive.
    pub fn new(chains: usize) -> Lives {
        Lives { generation: 0, stopped: vec![-1; chains], reason: vec![-1; chains], died: false }
    }

    /// Says which generation the next deaths belong to.
    pub fn at(&mut self, generation: u32) {
        self.generation = generation as i32;
    }

    /// Stops a chain, once.
    pub fn stop(&mut self, chain: usize, death: Death) {
        if chain < self.stopped.len() && self.stopped[chain] < 0 {
            self.stopped[chain] = self.generation;
            self.reason[chain] = death as i32;
            self.died = true;
        }
    }

    /// Whether a chain goes on.
    pub fn alive(&self, chain: usize) -> bool {
        self.stopped[chain] < 0
    }

    /// Whether every chain goes on.
    pub fn all_alive(&self) -> bool {
        !self.died
    }
}

/// A group of chains: their streams and what the engine lends to a family.
pub struct Group<'a> {
    /// The level for kernels.
    pub level: Level,
    /// Cancel and progress.
    pub control: &'a Control<'a>,
    /// The replicate of the first chain.
    pub first: u64,
    /// Batches drawn so far: chunks of no two batches have the same key.
    pub batch: u64,
    /// One key a chain.
    pub keys: Vec<Key>,
    /// The exact method's lanes, sixteen chains each.
    pub exact: Vec<Lanes>,
    /// One scalar stream a chain.
    pub sides: Vec<Stream>,
    /// Real records of a law made so far by each chain: the next one's number.
    pub serials: Vec<u32>,
    room: Room,
    normals: Vec<Option<Normals>>,
    words: Vec<Option<Words>>,
}

impl<'a> Group<'a> {
    /// Streams of the chains `first..first + chains` of a cell.
    pub fn new(seed: u64, law: [u64; 2], first: u64, chains: usize, level: Level, control: &'a Control<'a>) -> Group<'a> {
        let keys: Vec<Key> = (0..chains as u64).map(|i| Key::of_chain(seed, law, first + i)).collect();
        Group {
            level,
            control,
            first,
            batch: 0,
            exact: keys.chunks(LANES).map(|keys| Lanes::of_chains(keys, Purpose::Exact)).collect(),
            sides: keys.iter().map(|key| Stream::new(key.state(Purpose::Side, 0, 0, 0))).collect(),
            serials: vec![0; chains],
            room: [0; 256],
            normals: vec![None; chains],
            words: vec![None; chains],
            keys,
        }
    }

    /// How many chains there are.
    pub fn chains(&self) -> usize {
        self.keys.len()
    }

    /// Entries that arrays of this group hold: chains, rounded up to whole lanes.
    pub fn padded(&self) -> usize {
        padded(self.chains())
    }

    /// A chain's own sequence of normals.
    pub fn normals(&mut self, chain: usize) -> (&mut Normals, &mut Room) {
        let key = &self.keys[chain];
        (self.normals[chain].get_or_insert_with(|| Normals::new(key, Purpose::Draws, 0, 0)), &mut self.room)
    }

    /// A chain's own sequence of words.
    pub fn words(&mut self, chain: usize) -> &mut Words {
        let key = &self.keys[chain];
        self.words[chain].get_or_insert_with(|| Words::new(key, Purpose::Choices, 0, 0))
    }
}

/// Rounds up to whole lanes.
pub fn padded(chains: usize) -> usize {
    chains.next_multiple_of(LANES)
}

/// Sizes of the keyed chunks of a generation of `n` records.
pub fn chunks(n: u64) -> impl Iterator<Item = (u64, u64)> {
    (0..n.div_ceil(CHUNK)).map(move |chunk| (chunk, CHUNK.min(n - chunk * CHUNK)))
}
