//! Training sets as records: rows of numbers with optional weights; and any family over them.
//!
//! A policy that draws subsets, or a stage that selects, needs the records themselves: `OnRows` keeps them beside a family that would only
//! keep sums. Memory: 8 bytes a number, for the training set, the batch and what the policy keeps aside.

use rayon::prelude::*;

use crate::error::Error;
use crate::family::{CHUNK, Data, Family, Group, Law, Lives, Measure, Signals, Source, View};
use crate::plan::{By, Statistic, Watch};
use crate::random::choose::choose;
use crate::random::key::Purpose;
use crate::random::normal::Normals;
use crate::random::stream::{below, unit};
use crate::random::words::Words;
use crate::simd::Level;

/// Records of each chain.
#[derive(Clone, Debug)]
pub struct RowSets {
    /// Numbers a record.
    pub width: usize,
    /// One set a chain.
    pub chains: Vec<Rows>,
}

/// Records of one chain, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// `width` numbers a record.
    pub values: Vec<f64>,
    /// One weight a record; empty where all are 1.
    pub weights: Vec<f64>,
}

impl Rows {
    /// Makes the set empty.
    pub fn clear(&mut self) {
        self.values.clear();
        self.weights.clear();
    }

    /// Records.
    pub fn len(&self, width: usize) -> usize {
        self.values.len() / width
    }

    /// Sum of the weights.
    pub fn total(&self, width: usize) -> f64 {
        if self.weights.is_empty() { self.len(width) as f64 } else { self.weights.iter().sum() }
    }

    /// A record's weight.
    #[inline]
    pub fn weight(&self, i: usize) -> f64 {
        self.weights.get(i).copied().unwrap_or(1.0)
    }

    fn push(&mut self, from: &Rows, i: usize, width: usize) {
        self.values.extend_from_slice(&from.values[i * width..(i + 1) * width]);
        if let Some(weight) = from.weights.get(i) {
            self.weights.push(*weight);
        }
    }

    fn weigh(&mut self, width: usize) {
        if self.weights.is_empty() {
            self.weights.resize(self.len(width), 1.0);
        }
    }
}

impl RowSets {
    /// Empty sets.
    pub fn new(width: usize, chains: usize) -> RowSets {
        RowSets { width, chains: vec![Rows::default(); chains] }
    }

    /// `sizes[chain]` copies of one number, where records are one number.
    pub fn constant(&mut self, record: f64, sizes: &[u64]) -> Result<(), Error> {
        if self.width != 1 {
            return Err(Error::plan("stages.poison.record", record, "a model whose records are one number"));
        }
        for (rows, &n) in self.chains.iter_mut().zip(sizes) {
            rows.clear();
            rows.values.resize(n as usize, record);
        }
        Ok(())
    }

    /// Keeps the `kept[chain]` records that a selection prefers; `centre` and `sd` are the origin's, one a number.
    pub fn select(&mut self, kept: &[u64], by: By, centre: &[f64], sd: &[f64]) {
        let width = self.width;
        for (rows, &kept) in self.chains.iter_mut().zip(kept) {
            let loss = |row: &[f64]| match by {
                By::Highest => -row[0],
                By::Lowest => row[0],
                By::Central => row.iter().zip(centre).zip(sd).map(|((x, m), s)| (x - m) / s * ((x - m) / s)).sum(),
            };
            let losses: Vec<f64> = rows.values.chunks(width).map(loss).collect();
            let mut order: Vec<usize> = (0..losses.len()).collect();
            order.sort_by(|&a, &b| losses[a].total_cmp(&losses[b]));
            order.truncate(kept as usize);
            order.sort_unstable();
            let mut chosen = Rows::default();
            order.into_iter().for_each(|i| chosen.push(rows, i, width));
            *rows = chosen;
        }
    }
}

impl Data for RowSets {
    fn clear(&mut self) {
        self.chains.iter_mut().for_each(Rows::clear);
    }

    fn merge(&mut self, later: &RowSets) {
        let width = self.width;
        for (rows, more) in self.chains.iter_mut().zip(&later.chains) {
            if !(rows.weights.is_empty() && more.weights.is_empty()) {
                rows.weigh(width);
                rows.weights.extend((0..more.len(width)).map(|i| more.weight(i)));
            }
            rows.values.extend_from_slice(&more.values);
        }
    }

    fn scale(&mut self, weight: f64) {
        if weight == 1.0 {
            return;
        }
        let width = self.width;
        for rows in &mut self.chains {
            rows.weigh(width);
            rows.weights.iter_mut().for_each(|w| *w *= weight);
        }
    }

    fn copy(&mut self, chain: usize, from: &RowSets) {
        self.chains[chain].clone_from(&from.chains[chain]);
    }

    fn take(&self, sizes: &[u64], replacement: bool, group: &mut Group, into: &mut RowSets) -> Result<(), Error> {
        let width = self.width;
        for (chain, (from, into)) in self.chains.iter().zip(&mut into.chains).enumerate() {
            into.clear();
            let chosen = choose(from.len(width) as u64, sizes[chain], replacement, &mut group.sides[chain]);
            chosen.into_iter().for_each(|i| into.push(from, i, width));
        }
        group.control.check()
    }
}

// Draws ----------------------------------------------------------------------------------------------------------------------------------

/// Standard normal numbers of a chain: its own sequence, or keyed chunks shared among threads.
pub fn normals(group: &mut Group, chain: usize, purpose: Purpose, out: &mut [f64]) {
    let level = group.level;
    if out.len() as u64 <= CHUNK {
        let (normals, room) = group.normals(chain);
        return normals.fill(level, room, out);
    }
    let (key, batch, control) = (group.keys[chain], group.batch, group.control);
    out.par_chunks_mut(CHUNK as usize).enumerate().for_each(|(chunk, out)| {
        if !control.cancelled() {
            Normals::new(&key, purpose, batch, chunk as u64).fill(level, &mut [0; 256], out);
        }
    });
}

/// Uniform numbers in (0, 1) of a chain, mapped: its own sequence, or keyed chunks shared among threads.
pub fn uniforms(group: &mut Group, chain: usize, purpose: Purpose, out: &mut [f64], map: impl Fn(f64) -> f64 + Sync) {
    words(group, chain, purpose, out, |word| map(unit(word)));
}

/// Random words of a chain, mapped to numbers.
pub fn words(group: &mut Group, chain: usize, purpose: Purpose, out: &mut [f64], map: impl Fn(u64) -> f64 + Sync) {
    let level = group.level;
    let fill = |words: &mut Words, out: &mut [f64]| {
        let mut done = 0;
        while done < out.len() {
            let taken = words.take(level, out.len() - done);
            out[done..].iter_mut().zip(taken).for_each(|(out, &word)| *out = map(word));
            done += taken.len();
        }
    };
    if out.len() as u64 <= CHUNK {
        return fill(group.words(chain), out);
    }
    let (key, batch, control) = (group.keys[chain], group.batch, group.control);
    out.par_chunks_mut(CHUNK as usize).enumerate().for_each(|(chunk, out)| {
        if !control.cancelled() {
            fill(&mut Words::new(&key, purpose, batch, chunk as u64), out);
        }
    });
}

/// The first `n` real records of each chain in two parts: where they are all rows of a table, `fixed` of them at random, drawn without
/// replacement, and the rest; otherwise new ones.
pub fn initial<S: Source<Data = RowSets>>(
    source: &S,
    table: Option<&[f64]>,
    (fixed, n): (u64, u64),
    group: &mut Group,
    first: &mut RowSets,
    rest: &mut RowSets,
) -> Result<(), Error> {
    let (level, width, lanes) = (group.level, first.width, group.padded());
    let Some(table) = table.filter(|table| (table.len() / width) as u64 == n) else {
        source.real(&vec![fixed; lanes], group, first)?;
        return source.real(&vec![n - fixed; lanes], group, rest);
    };
    for chain in 0..group.chains() {
        let mut order: Vec<usize> = (0..n as usize).collect();
        for i in 0..fixed as usize {
            let other = i + below(group.words(chain).next(level), n - i as u64) as usize;
            order.swap(i, other);
        }
        for (part, into) in [(&order[..fixed as usize], &mut *first), (&order[fixed as usize..], &mut *rest)] {
            let into = &mut into.chains[chain];
            into.clear();
            part.iter().for_each(|i| into.values.extend_from_slice(&table[i * width..(i + 1) * width]));
        }
    }
    group.control.check()
}

// Any family over records ----------------------------------------------------------------------------------------------------------------

/// A family that can make its records, and learn its sums from them.
pub trait Recorded: Family {
    /// Numbers a record.
    fn width(&self) -> usize {
        1
    }
    /// The origin's own records, where it is a table: `initial` takes them all.
    fn table(&self) -> Option<&[f64]> {
        None
    }
    /// A record in the units that rows are kept in.
    fn unit(&self, record: f64) -> f64 {
        record
    }
    /// The origin's mean and sd in these units, one a number.
    fn centre(&self) -> (Vec<f64>, Vec<f64>) {
        (vec![0.0; self.width()], vec![1.0; self.width()])
    }
    /// Appends n new real records.
    fn real_rows(&self, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>);
    /// Appends n records of a chain's model.
    fn sample_rows(&self, model: &Self::Fitted, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>);
    /// What the family keeps of a chain's records.
    fn learn(&self, rows: &Rows, chain: usize, into: &mut Self::Data);
}

/// A family over records.
pub struct OnRows<F>(pub F);

/// What a family over records has learned and fitted.
pub struct Learned<F: Family> {
    data: F::Data,
    model: F::Fitted,
}

impl<F: Recorded> OnRows<F> {
    fn view<'a>(view: &View<'a, OnRows<F>>) -> View<'a, F> {
        View { training: &view.model.data, model: &view.model.model, level: view.level }
    }
}

impl<F: Recorded> Source for OnRows<F> {
    type Data = RowSets;
    type Fitted = Learned<F>;

    fn data(&self, chains: usize) -> RowSets {
        RowSets::new(self.0.width(), chains)
    }

    fn initial(&self, fixed: u64, n: u64, group: &mut Group, first: &mut RowSets, rest: &mut RowSets) -> Result<(), Error> {
        initial(self, self.0.table(), (fixed, n), group, first, rest)
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut RowSets) -> Result<(), Error> {
        group.batch += 1;
        for chain in 0..group.chains() {
            into.chains[chain].clear();
            self.0.real_rows(chain, sizes[chain] as usize, group, &mut into.chains[chain].values);
        }
        group.control.check()
    }

    fn sample(&self, _training: &RowSets, model: &Learned<F>, sizes: &[u64], group: &mut Group, into: &mut RowSets) -> Result<(), Error> {
        group.batch += 1;
        for chain in 0..group.chains() {
            into.chains[chain].clear();
            self.0.sample_rows(&model.model, chain, sizes[chain] as usize, group, &mut into.chains[chain].values);
        }
        group.control.check()
    }

    fn constant(&self, record: f64, sizes: &[u64], into: &mut RowSets) -> Result<(), Error> {
        into.constant(self.0.unit(record), sizes)
    }

    fn select(&self, batch: &mut RowSets, kept: &[u64], by: By) -> Result<(), Error> {
        let (centre, sd) = self.0.centre();
        batch.select(kept, by, &centre, &sd);
        Ok(())
    }
}

impl<F: Recorded + 'static> Family for OnRows<F> {
    fn fitted(&self, chains: usize) -> Learned<F> {
        Learned { data: self.0.data(chains), model: self.0.fitted(chains) }
    }

    fn fit(&self, training: &RowSets, model: &mut Learned<F>, level: Level, lives: &mut Lives) {
        model.data.clear();
        training.chains.iter().enumerate().for_each(|(chain, rows)| self.0.learn(rows, chain, &mut model.data));
        self.0.fit(&model.data, &mut model.model, level, lives);
    }
}

impl<F: Recorded + 'static> Law for OnRows<F> {
    fn signals(&self, view: &View<'_, OnRows<F>>, out: &mut Signals) {
        self.0.signals(&OnRows::view(view), out);
    }

    fn observe(&self, _training: &RowSets, model: &mut Learned<F>) {
        self.0.observe(&model.data, &mut model.model);
    }

    fn measure(&self, name: &str) -> Option<Measure<OnRows<F>>> {
        let measure = self.0.measure(name)?;
        Some(Box::new(move |family, view, out| measure(&family.0, &OnRows::view(view), out)))
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<OnRows<F>>, Error> {
        let measure = self.0.follow(watch)?;
        Ok(Box::new(move |family, view, out| measure(&family.0, &OnRows::view(view), out)))
    }

    fn statistic(&self, watch: &Watch, statistic: Statistic) -> Result<Measure<OnRows<F>>, Error> {
        let measure = self.0.statistic(watch, statistic)?;
        Ok(Box::new(move |family, view, out| measure(&family.0, &OnRows::view(view), out)))
    }
}
