//! The categorical family: class frequencies, refitted to their own draws. Under replace this is the Wright-Fisher model of genetics.
//!
//! Fit: q_k = count_k / n (maximum likelihood). Exact law of a generation: multinomial counts. The counts are the whole sample up to its
//! order, so both methods are exact for every measure. Source: Ewens, "Mathematical Population Genetics" (2004), chapter 3.

pub mod columns;
mod sampling;

use std::borrow::Cow;
use std::cell::RefCell;

use super::learner::Learner;
use super::ready::{Given, Runnable, one};
use crate::counts::Counts;
use crate::error::Error;
use crate::family::{CHUNK, Data, Death, Family, Group, Law, Lives, Measure, Signals, Source, View};
use crate::plan::{Method, Origin, Policy, RealSource, Sampling, Watch};
use crate::random::alias::{Alias, tally};
use crate::random::hypergeometric::hypergeometric;
use crate::random::key::Purpose;
use crate::random::lanes::LANES;
use crate::random::stream::Stream;
use crate::random::words::Words;
use crate::simd::Level;
use rayon::prelude::*;

use sampling::ClassSampling;

// Parameters -----------------------------------------------------------------------------------------------------------------------------

/// The family with its origin.
pub struct Categorical {
    /// Origin probabilities, adding up to 1.
    pub probabilities: Vec<f64>,
    /// Origin weights: rows of a table, or the probabilities.
    weights: Vec<[f64; LANES]>,
    /// Rows of the table; None for a law.
    rows: Option<u64>,
    alias: Alias,
    method: Method,
    /// What the columns compare with.
    pub start: columns::Start,
    sampling: ClassSampling,
    learner: Option<Learner>,
    /// Whether a fixed set of real records holds the classes in proportion.
    stratified: bool,
}

/// The laws of a group's models where they are not the training sets themselves: where a learner stops short.
pub struct Fitted(Option<Counts>);

impl Fitted {
    /// The training sets are the models.
    pub const TRAINING: Fitted = Fitted(None);

    /// The models' classes with their weights.
    pub fn law<'a>(&'a self, training: &'a Counts) -> &'a Counts {
        self.0.as_ref().unwrap_or(training)
    }
}

// Checks ---------------------------------------------------------------------------------------------------------------------------------

impl Categorical {
    /// Classes with probabilities that add up to 1 within 1e-9; they are renormalised.
    pub fn law(probabilities: &[f64], method: Method) -> Result<Categorical, Error> {
        let sum: f64 = probabilities.iter().sum();
        if let Some(bad) = probabilities.iter().find(|p| !(**p >= 0.0 && p.is_finite())) {
            return Err(Error::plan("origin.probabilities", bad, "finite numbers of at least 0"));
        }
        if !((sum - 1.0).abs() <= 1e-9) {
            return Err(Error::plan("origin.probabilities", format!("a sum of {sum}"), "a sum of 1"));
        }
        let probabilities: Vec<f64> = probabilities.iter().map(|p| p / sum).collect();
        Ok(Categorical::new(probabilities.clone(), probabilities, None, method))
    }

    /// A column of so many rows of each class: every row is a record.
    pub fn rows(counts: &[f64], method: Method) -> Result<Categorical, Error> {
        let rows: f64 = counts.iter().sum();
        if rows == 0.0 {
            return Err(Error { code: "data", ..Error::plan("origin.columns", "a column without rows", "at least one row") });
        }
        let shares = counts.iter().map(|count| count / rows).collect();
        Ok(Categorical::new(shares, counts.to_vec(), Some(rows as u64), method))
    }

    fn new(probabilities: Vec<f64>, weights: Vec<f64>, rows: Option<u64>, method: Method) -> Categorical {
        Categorical {
            alias: Alias::new(&weights),
            weights: weights.iter().map(|&w| [w; LANES]).collect(),
            start: columns::Start::new(&probabilities),
            probabilities,
            rows,
            method,
            sampling: ClassSampling::default(),
            learner: None,
            stratified: false,
        }
    }

    /// A learner that stops short. A fresh one begins at equal shares of all classes.
    pub fn learner(self, learner: Option<Learner>) -> Categorical {
        Categorical { learner, ..self }
    }

    /// A fixed set of real records holds the classes in proportion.
    fn of_policy(self, policy: &Policy) -> Categorical {
        let stratified = matches!(policy, Policy::Mix { source: RealSource::FixedStratified, .. });
        Categorical { stratified, ..self }
    }

    /// A changed law to sample from.
    pub fn sampling(self, sampling: &Sampling) -> Result<Categorical, Error> {
        let sampling = ClassSampling::new(sampling, self.probabilities.len())?;
        Ok(Categorical { sampling, ..self })
    }
}

// Source ---------------------------------------------------------------------------------------------------------------------------------

thread_local! {
    /// Room for sums of weights, kept between generations.
    static REST: RefCell<Vec<[f64; LANES]>> = const { RefCell::new(Vec::new()) };
}

/// Counts of `n` draws of a table of one chain.
fn draw(alias: &Alias, n: u64, purpose: Purpose, chain: usize, group: &mut Group, into: &mut Counts) {
    let classes = into.counts.len();
    let level = group.level;
    let mut counts = vec![0.0; classes];
    if n <= CHUNK {
        tally(alias, group.words(chain), level, n, &mut counts);
    } else {
        let (key, batch, control) = (group.keys[chain], group.batch, group.control);
        // Whole numbers add up to the same sum in any order, so each thread keeps counts of its own.
        let empty = || vec![0.0; classes];
        let add = |mut counts: Vec<f64>, chunk: u64| {
            if control.cancelled() {
                return Err(counts);
            }
            let size = CHUNK.min(n - chunk * CHUNK);
            tally(alias, &mut Words::new(&key, purpose, batch, chunk), level, size, &mut counts);
            Ok(counts)
        };
        let both = |mut a: Vec<f64>, b: Vec<f64>| {
            a.iter_mut().zip(b).for_each(|(sum, count)| *sum += count);
            Ok(a)
        };
        // A cancelled run breaks off: what was counted so far goes nowhere.
        counts = (0..n.div_ceil(CHUNK)).into_par_iter().try_fold(empty, add).try_reduce(empty, both).unwrap_or_else(|counts| counts);
    }
    for (row, count) in into.counts.iter_mut().zip(counts) {
        row[chain] = count;
    }
}

/// Up to so many rows of a class are taken one by one: a count costs more.
const ONE_BY_ONE: f64 = 16.0;

/// How many of a class's rows are among `wanted` ones taken without replacement from `left`, its own among them.
fn subset(rows: f64, left: f64, wanted: f64, side: &mut Stream) -> f64 {
    if rows > ONE_BY_ONE {
        return hypergeometric(rows, left - rows, wanted, side);
    }
    let (mut left, mut wanted) = (left as u64, wanted as u64);
    (0..rows as u64).fold(0.0, |taken, _| {
        let found = side.below(left) < wanted;
        left -= 1;
        wanted -= u64::from(found);
        taken + f64::from(u8::from(found))
    })
}

impl Source for Categorical {
    type Data = Counts;
    type Fitted = Fitted;

    fn data(&self, _chains: usize) -> Counts {
        Counts::new(self.probabilities.len())
    }

    fn initial(&self, fixed: u64, n: u64, group: &mut Group, first: &mut Counts, rest: &mut Counts) -> Result<(), Error> {
        let lanes = group.padded();
        let whole = self.rows == Some(n);
        // Expected counts are in proportion as they are.
        if !whole && (!self.stratified || self.method == Method::Population) {
            self.real(&vec![fixed; lanes], group, first)?;
            return self.real(&vec![n - fixed; lanes], group, rest);
        }
        if whole {
            rest.counts.copy_from_slice(&self.weights);
        } else {
            self.real(&vec![n; lanes], group, rest)?;
        }
        first.clear();
        if self.stratified {
            rest.in_proportion(fixed, first);
        } else if fixed > 0 {
            // A random subset of the whole table, drawn without replacement.
            for chain in 0..group.chains() {
                let (mut left, mut wanted) = (n as f64, fixed as f64);
                for (row, out) in rest.counts.iter().zip(&mut first.counts) {
                    out[chain] = subset(row[chain], left, wanted, &mut group.sides[chain]);
                    left -= row[chain];
                    wanted -= out[chain];
                }
            }
        }
        for (row, taken) in rest.counts.iter_mut().zip(&first.counts) {
            (0..LANES).for_each(|chain| row[chain] -= taken[chain]);
        }
        Ok(())
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut Counts) -> Result<(), Error> {
        group.batch += 1;
        match self.method {
            Method::Population => into.expected(&self.weights, sizes),
            Method::Exact => REST.with_borrow_mut(|rest| into.multinomial(&self.weights, sizes, group, rest)),
            Method::Draws => {
                for chain in 0..group.chains() {
                    draw(&self.alias, sizes[chain], Purpose::RealChunk, chain, group, into);
                }
            }
        }
        group.control.check()
    }

    fn sample(&self, training: &Counts, model: &Fitted, sizes: &[u64], group: &mut Group, into: &mut Counts) -> Result<(), Error> {
        group.batch += 1;
        let law: Cow<'_, Counts> = self.sampling.change(model.law(training));
        match self.method {
            Method::Population => into.expected(&law.counts, sizes),
            Method::Exact => REST.with_borrow_mut(|rest| into.multinomial(&law.counts, sizes, group, rest)),
            Method::Draws => {
                for chain in 0..group.chains() {
                    let weights: Vec<f64> = law.chain(chain).collect();
                    draw(&Alias::new(&weights), sizes[chain], Purpose::SampleChunk, chain, group, into);
                }
            }
        }
        group.control.check()
    }

    fn constant(&self, record: f64, sizes: &[u64], into: &mut Counts) -> Result<(), Error> {
        let classes = into.counts.len();
        if !(record >= 0.0 && record.fract() == 0.0 && record < classes as f64) {
            return Err(Error::plan("stages.poison.record", record, format!("a class from 0 to {}", classes - 1)));
        }
        into.clear();
        into.counts[record as usize].iter_mut().zip(sizes).for_each(|(count, &size)| *count = size as f64);
        Ok(())
    }
}

impl Family for Categorical {
    fn fitted(&self, _chains: usize) -> Fitted {
        Fitted(self.learner.map(|_| {
            let mut equal = Counts::new(self.probabilities.len());
            equal.counts.fill([1.0 / self.probabilities.len() as f64; LANES]);
            equal
        }))
    }

    fn fit(&self, training: &Counts, model: &mut Fitted, _level: Level, lives: &mut Lives) {
        let totals = training.totals();
        if let (Some(learner), Some(law)) = (self.learner, &mut model.0) {
            let fresh = 1.0 / self.probabilities.len() as f64;
            for (law, counts) in law.counts.iter_mut().zip(&training.counts) {
                for (chain, law) in law.iter_mut().enumerate() {
                    let target = if totals[chain] > 0.0 { counts[chain] / totals[chain] } else { *law };
                    let start = if learner.warm { *law } else { fresh };
                    *law = target + learner.left * (start - target);
                }
            }
        }
        for chain in 0..lives.stopped.len() {
            if totals[chain] == 0.0 {
                lives.stop(chain, Death::EmptyTrainingSet);
            }
        }
    }
}

impl Law for Categorical {
    fn signals(&self, view: &View<'_, Categorical>, out: &mut Signals) {
        self.start.signals(view.model.law(view.training), out);
    }

    fn measure(&self, name: &str) -> Option<Measure<Categorical>> {
        columns::measure(name)
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<Categorical>, Error> {
        let classes = self.probabilities.len();
        if let Some(code) = watch.codes.iter().find(|&&code| code as usize >= classes) {
            return Err(Error::plan("watch.codes", code, format!("classes below {classes}")));
        }
        let codes = watch.codes.clone();
        Ok(Box::new(move |_: &Categorical, view: &View<'_, Categorical>, out: &mut [f64]| {
            let law = view.model.law(view.training);
            let totals = law.totals();
            for (chain, out) in out.iter_mut().enumerate() {
                *out = codes.iter().map(|&code| law.counts[code as usize][chain]).sum::<f64>() / totals[chain];
            }
        }))
    }
}

// Ready -----------------------------------------------------------------------------------------------------------------------------------

/// A cell of this family.
pub fn ready(given: &Given, learner: Option<Learner>) -> Result<Box<dyn Runnable>, Error> {
    let method = given.cell.method;
    let family = match &given.cell.origin {
        Origin::Categorical { probabilities } => Categorical::law(probabilities, method)?,
        Origin::Table { table, columns } => Categorical::rows(&given.table(*table)?.tally(one(columns)?)?, method)?,
        _ => return Err(given.mismatch("categorical", "a categorical origin or a text column of a table")),
    };
    given.typed(family.learner(learner).of_policy(&given.cell.policy).sampling(&given.cell.stages.sampling)?, 16)
}
