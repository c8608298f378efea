//! The empirical family: the training set is the model, and whole records are resampled (the bootstrap, again and again).
//!
//! A row's number of copies follows the Wright-Fisher model. Two representations: a list of row numbers (draws), or a count for each row of
//! the table (exact, for n far above the number of rows). Source: Efron, Ann. Statist. 7 (1979); Ewens (2004), chapter 3.

pub mod columns;
mod exact;
mod observed;
mod records;

use rayon::prelude::*;

use super::categorical::Categorical;
use super::gaussian::Gaussian;
use super::ready::{Given, Runnable};
use crate::error::Error;
use crate::family::{CHUNK, Death, Family, Group, Law, Lives, Measure, Signals, Source, View, chunks};
use crate::plan::{Cell, Estimator, Method, Origin, Policy, RealSource, Watch};
use crate::random::alias::Alias;
use crate::random::binomial::binomial;
use crate::random::key::Purpose;
use crate::random::stream::below;
use crate::random::words::Words;
use crate::simd::Level;

use columns::Atoms;
use exact::EmpiricalExact;
use observed::Observed;
use records::{NO_ORIGINAL, RecordSets, Records};

// Parameters -----------------------------------------------------------------------------------------------------------------------------

/// Where real records come from.
pub enum Real {
    /// Rows of the table in `Atoms`.
    Table,
    /// A normal law.
    Normal { mean: f64, sd: f64 },
    /// A discrete law.
    Classes(Alias),
}

/// The family on records, for the method of draws.
pub struct Empirical {
    /// The source of real records.
    pub real: Real,
    /// The table's columns and what the measures compare with.
    pub atoms: Atoms,
}

// Source ---------------------------------------------------------------------------------------------------------------------------------

/// Records that are drawn from together: they fit the first-level cache, so that a draw costs no trip to memory.
const BLOCK: u64 = 8192;

/// What is drawn from.
#[derive(Clone, Copy)]
enum Items<'a> {
    /// The numbers 0 to n - 1.
    Numbers(u64),
    /// A list.
    List(&'a [u32]),
}

impl<'a> Items<'a> {
    fn len(self) -> u64 {
        match self {
            Items::Numbers(n) => n,
            Items::List(items) => items.len() as u64,
        }
    }

    #[inline]
    fn get(self, i: u64) -> u32 {
        match self {
            Items::Numbers(_) => i as u32,
            Items::List(items) => items[i as usize],
        }
    }
}

/// Fills `out` with items drawn with replacement.
///
/// A large set is drawn block by block: how many draws fall in each block is multinomial, and each block has a key of its own. That is
/// the same law as drawing one by one, but records stay in the neighbourhood they came from, and threads can share a generation.
fn draw(group: &mut Group, chain: usize, purpose: Purpose, items: Items<'_>, out: &mut [u32]) {
    let (level, records) = (group.level, items.len());
    if records <= CHUNK && out.len() as u64 <= CHUNK {
        return draw_few(level, group.words(chain), items, 0, records, out);
    }
    let mut parts = Vec::with_capacity(records.div_ceil(BLOCK) as usize);
    let (mut rest, mut left) = (out, records);
    for block in 0..records.div_ceil(BLOCK) {
        let size = BLOCK.min(left);
        let p = size as f64 / left as f64;
        let count = binomial(rest.len() as f64, p, &mut group.sides[chain]) as usize;
        let (head, tail) = rest.split_at_mut(count);
        parts.push((block, size, head));
        (rest, left) = (tail, left - size);
    }
    let (key, batch, control) = (group.keys[chain], group.batch, group.control);
    parts.into_par_iter().with_min_len(16).for_each(|(block, size, out)| {
        if control.cancelled() {
            return;
        }
        let (words, from) = (&mut Words::new(&key, purpose, batch, block), block * BLOCK);
        if size == BLOCK { draw_block(level, words, items, from, out) } else { draw_few(level, words, items, from, size, out) }
    });
}

/// Draws from `size` items, a word each.
fn draw_few(level: Level, words: &mut Words, items: Items<'_>, from: u64, size: u64, out: &mut [u32]) {
    let mut done = 0;
    while done < out.len() {
        let taken = words.take(level, out.len() - done);
        for (out, &word) in out[done..].iter_mut().zip(taken) {
            *out = items.get(from + below(word, size));
        }
        done += taken.len();
    }
}

/// Draws from a whole block: four a word, of thirteen bits each, with no bias at all.
fn draw_block(level: Level, words: &mut Words, items: Items<'_>, from: u64, out: &mut [u32]) {
    const MASK: u64 = BLOCK - 1;
    match items {
        Items::Numbers(_) => fours(level, words, out, |bits| (from + (bits & MASK)) as u32),
        Items::List(items) => {
            let block: &[u32; BLOCK as usize] = items[from as usize..][..BLOCK as usize].try_into().expect("a whole block");
            fours(level, words, out, |bits| block[(bits & MASK) as usize]);
        }
    }
}

#[inline(always)]
fn fours(level: Level, words: &mut Words, out: &mut [u32], pick: impl Fn(u64) -> u32) {
    let mut rest = out;
    while !rest.is_empty() {
        let taken = words.take(level, rest.len().div_ceil(4));
        let (now, later) = rest.split_at_mut((4 * taken.len()).min(rest.len()));
        let (fours, last) = now.as_chunks_mut::<4>();
        for (out, &word) in fours.iter_mut().zip(taken) {
            *out = [pick(word), pick(word >> 16), pick(word >> 32), pick(word >> 48)];
        }
        for (quarter, out) in last.iter_mut().enumerate() {
            *out = pick(taken[taken.len() - 1] >> (16 * quarter));
        }
        rest = later;
    }
}

impl Empirical {
    fn fresh(&self, n: usize, group: &mut Group, chain: usize, into: &mut Records) {
        into.originals.clear();
        into.values.clear();
        match &self.real {
            Real::Table => {
                let rows = self.atoms.rows() as u64;
                into.originals.resize(n, 0);
                draw(group, chain, Purpose::RealChunk, Items::Numbers(rows), &mut into.originals);
                return;
            }
            Real::Normal { mean, sd } => {
                let (level, control) = (group.level, group.control);
                let (normals, room) = group.normals(chain);
                for (_, size) in chunks(n as u64).take_while(|_| !control.cancelled()) {
                    into.values.extend((0..size).map(|_| mean + sd * normals.next(level, room)));
                }
            }
            Real::Classes(alias) => {
                let (level, control) = (group.level, group.control);
                let words = group.words(chain);
                for (_, size) in chunks(n as u64).take_while(|_| !control.cancelled()) {
                    into.values.extend((0..size).map(|_| f64::from(alias.draw(words.next(level)))));
                }
            }
        }
        let (first, made) = (group.serials[chain], into.values.len() as u32);
        group.serials[chain] = first.wrapping_add(made);
        into.originals.extend((0..made).map(|i| first.wrapping_add(i)));
    }
}

impl Source for Empirical {
    type Data = RecordSets;
    type Fitted = Vec<Observed>;

    fn data(&self, chains: usize) -> RecordSets {
        RecordSets { chains: vec![Records::default(); chains] }
    }

    fn initial(&self, fixed: u64, n: u64, group: &mut Group, first: &mut RecordSets, rest: &mut RecordSets) -> Result<(), Error> {
        let lanes = group.padded();
        if !matches!(self.real, Real::Table) || n != self.atoms.rows() as u64 {
            self.real(&vec![fixed; lanes], group, first)?;
            return self.real(&vec![n - fixed; lanes], group, rest);
        }
        // The whole table; its first part is a random subset, drawn without replacement.
        for chain in 0..group.chains() {
            let (first, rest) = (&mut first.chains[chain].originals, &mut rest.chains[chain].originals);
            rest.clear();
            rest.extend(0..n as u32);
            let level = group.level;
            for i in 0..fixed as usize {
                let other = i + below(group.words(chain).next(level), n - i as u64) as usize;
                rest.swap(i, other);
            }
            first.clear();
            first.extend(rest.drain(..fixed as usize));
        }
        group.control.check()
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut RecordSets) -> Result<(), Error> {
        group.batch += 1;
        for chain in 0..group.chains() {
            self.fresh(sizes[chain] as usize, group, chain, &mut into.chains[chain]);
        }
        group.control.check()
    }

    fn sample(
        &self,
        training: &RecordSets,
        _model: &Vec<Observed>,
        sizes: &[u64],
        group: &mut Group,
        into: &mut RecordSets,
    ) -> Result<(), Error> {
        group.batch += 1;
        for chain in 0..group.chains() {
            let (from, into) = (&training.chains[chain], &mut into.chains[chain]);
            let records = from.originals.len() as u64;
            let n = if records == 0 { 0 } else { sizes[chain] as usize };
            if from.values.is_empty() {
                into.originals.resize(n, 0);
                draw(group, chain, Purpose::SampleChunk, Items::List(&from.originals), &mut into.originals);
            } else {
                let mut places = vec![0u32; n];
                draw(group, chain, Purpose::SampleChunk, Items::Numbers(records), &mut places);
                into.originals.clear();
                into.originals.extend(places.iter().map(|&place| from.originals[place as usize]));
                into.values.clear();
                into.values.extend(places.iter().map(|&place| from.values[place as usize]));
            }
        }
        group.control.check()
    }

    fn constant(&self, record: f64, sizes: &[u64], into: &mut RecordSets) -> Result<(), Error> {
        if matches!(self.real, Real::Table) {
            return Err(Error::plan("stages.poison.record", record, "a model of one column: a record of a table is a whole row"));
        }
        for (chain, &n) in into.chains.iter_mut().zip(sizes) {
            chain.originals.clear();
            chain.originals.resize(n as usize, NO_ORIGINAL);
            chain.values.clear();
            chain.values.resize(n as usize, record);
        }
        Ok(())
    }
}

impl Family for Empirical {
    fn fitted(&self, chains: usize) -> Vec<Observed> {
        vec![Observed::default(); chains]
    }

    fn fit(&self, training: &RecordSets, _model: &mut Vec<Observed>, _level: Level, lives: &mut Lives) {
        for (chain, records) in training.chains.iter().enumerate() {
            if records.originals.is_empty() {
                lives.stop(chain, Death::EmptyTrainingSet);
            }
        }
    }
}

impl Law for Empirical {
    fn observe(&self, training: &RecordSets, model: &mut Vec<Observed>) {
        for (records, observed) in training.chains.iter().zip(model) {
            match self.real {
                Real::Table => observed.count_rows(&records.originals, self.atoms.rows()),
                _ => observed.copy_values(&records.originals, &records.values),
            }
        }
    }

    fn signals(&self, view: &View<'_, Empirical>, out: &mut Signals) {
        self.atoms.signals(view.model, out);
    }

    fn measure(&self, name: &str) -> Option<Measure<Empirical>> {
        let of = columns::find(name)?;
        Some(Box::new(move |family: &Empirical, view: &View<'_, Empirical>, out: &mut [f64]| {
            for (out, observed) in out.iter_mut().zip(view.model) {
                *out = of(&family.atoms, observed);
            }
        }))
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<Empirical>, Error> {
        let set = self.atoms.set(watch)?;
        Ok(Box::new(move |_: &Empirical, view: &View<'_, Empirical>, out: &mut [f64]| {
            for (out, observed) in out.iter_mut().zip(view.model) {
                *out = set.measure(observed);
            }
        }))
    }
}

// Ready -----------------------------------------------------------------------------------------------------------------------------------

/// A cell of this family.
pub fn ready(given: &Given) -> Result<Box<dyn Runnable>, Error> {
    let Cell { origin, method, generations, stages, .. } = given.cell;
    let (real, atoms) = match origin {
        Origin::Table { table, columns } => (Real::Table, Atoms::of_table(given.table(*table)?.clone(), columns)?),
        Origin::Gaussian { mean, sd } => {
            Gaussian::normal(*mean, *sd, Estimator::Mle, *method)?;
            (Real::Normal { mean: *mean, sd: *sd }, Atoms::of_normal(*mean, *sd))
        }
        Origin::Categorical { probabilities } => {
            let law = Categorical::law(probabilities, *method)?;
            (Real::Classes(Alias::new(&law.probabilities)), Atoms::of_classes(law.probabilities))
        }
        _ => return Err(given.mismatch("empirical", "a gaussian or categorical origin, or a table")),
    };
    if *method != Method::Draws {
        return match real {
            Real::Table => given.typed(EmpiricalExact::new(atoms, *method, &stages.sampling)?, 16),
            _ => Err(Error::plan("method", "exact", "draws for an empirical model of a law").hint("exact counts rows of a table")),
        };
    }
    if !matches!(real, Real::Table) && real_records(given) > f64::from(u32::MAX - 1) {
        return Err(Error::plan("generations", *generations, "fewer than 2^32 real records of a law in all")
            .hint("each is told from the others by a number; lower n, the real share or generations"));
    }
    let most = given.n.at(0).max(given.n.at(u64::from(*generations))).max(given.initial);
    if most >= u64::from(u32::MAX) {
        return Err(Error::plan("n", most, "fewer than 2^32 records for resampling by draws").hint("use method exact"));
    }
    if stages.weights.is_some() {
        let rule = "method exact for an empirical model: records drawn one by one have no weights";
        return Err(Error::plan("stages.weights", "weights", rule));
    }
    stages.sampling.only(&[], "empirical")?;
    given.typed(Empirical { real, atoms }, 1)
}

/// Real records that a chain draws from its origin in all, at most.
fn real_records(given: &Given) -> f64 {
    let share = if let Policy::Mix { real, source: RealSource::Fresh, .. } = given.cell.policy { real } else { 0.0 };
    let generations = u64::from(given.cell.generations);
    given.initial as f64 + share * given.n.at(1).max(given.n.at(generations)) as f64 * generations as f64
}
