//! The histogram family: counts on a grid of equal bins, a uniform law within each.
//!
//! `width`: edges at multiples of the width. `bins`: that many bins over the origin's central range (its outermost 0.05 % on each side left
//! out; from the edge of a law that has one; from the least to the largest row of a table). The grid goes on beyond its range in bins of the
//! same width, so that every record has a bin. Fit: p_k = count_k / n. Records of a bin stay in it, so that a chain is a Wright-Fisher chain
//! of bins: E variance = Var(bin centres) (1 - 1/n)^fits + width^2 / 12. Exact law of a generation: multinomial counts.

mod bins;
pub mod columns;

use std::cell::OnceCell;

use super::ready::{Given, Runnable};
use crate::error::Error;
use crate::family::{CHUNK, Death, Family, Group, Law, Lives, Measure, Signals, Source, View, chunks};
use crate::math;
use crate::measures::bars::Bars;
use crate::measures::line::{Divergences, Gaps};
use crate::plan::{By, Cell, Method, Origin, Sampling, Watch};
use crate::random::alias::{self, Alias};
use crate::random::binomial::binomial;
use crate::random::key::Purpose;
use crate::random::stream::{Stream, below};
use crate::random::words::Words;
use crate::simd::Level;
use crate::truth::Truth;

use bins::{Bins, merged, multinomial, scaled, subset, tally, total};

// Parameters -----------------------------------------------------------------------------------------------------------------------------

/// The family with its origin and grid.
pub struct Histogram {
    pub truth: Truth,
    /// Width of a bin and left edge of bin 0, in the origin's units.
    pub width: f64,
    start: f64,
    /// Bins of the quantiles at 0.001 and 0.999.
    bulk: [i64; 2],
    /// The bin of each row of a table, ascending.
    rows: Option<Vec<i64>>,
    method: Method,
    /// Masses to the power 1/T before records are drawn.
    power: f64,
}

/// A chain's model.
#[derive(Default)]
pub struct Fit {
    /// Seen from the origin's place.
    pub law: Bars,
    pub divergences: OnceCell<Divergences>,
    pub gaps: OnceCell<Gaps>,
}

// Checks ---------------------------------------------------------------------------------------------------------------------------------

/// Bins on each side of bin 0, at most: beyond, records count to the last.
const FARTHEST: f64 = 4_503_599_627_370_496.0;
/// Bins that expected counts may have.
const MOST: f64 = 1e6;

impl Histogram {
    /// A law or a table's column (`values`) as the origin; either a number of bins or a width, in the data's units.
    pub fn new(
        truth: Truth,
        values: Option<&[f64]>,
        (bins, width): (Option<u64>, Option<f64>),
        method: Method,
        sampling: &Sampling,
    ) -> Result<Histogram, Error> {
        sampling.only(&["temperature"], "histogram")?;
        let (width, start) = match (bins, width) {
            (Some(bins), None) if (1..=1_000_000).contains(&bins) => {
                let [low, high] = central(&truth);
                ((high - low) / bins as f64, low)
            }
            (None, Some(width)) if width > 0.0 && width.is_finite() => (width / truth.scale, -truth.place / truth.scale),
            (None, Some(width)) => return Err(Error::plan("model.width", width, "a finite number above 0")),
            (Some(bins), None) => return Err(Error::plan("model.bins", bins, "a whole number from 1 to 1,000,000")),
            _ => return Err(Error::plan("model.bins", "both or neither of bins and width", "either bins or width")),
        };
        if !(width > 0.0 && width.is_finite()) {
            return Err(
                Error::plan("model.bins", bins.unwrap_or(0), "a width, where the origin's values do not vary").hint("set model.width")
            );
        }
        let power = 1.0 / sampling.temperature.unwrap_or(1.0);
        let mut family = Histogram { truth, width, start, bulk: [0, 0], rows: None, method, power };
        family.bulk = [family.bin(family.truth.quantile(1e-3)), family.bin(family.truth.upper_quantile(1e-3))];
        family.rows = values.map(|values| {
            let last = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let place = |&x: &f64| match bins {
                // The largest row belongs to the last bin.
                Some(bins) if x == last => bins as i64 - 1,
                Some(bins) => family.bin((x - family.truth.place) / family.truth.scale).min(bins as i64 - 1),
                // From the data's own numbers: a row on an edge is not moved by the origin's units.
                None => (x / (family.width * family.truth.scale)).floor().clamp(-FARTHEST, FARTHEST) as i64,
            };
            let mut rows: Vec<i64> = values.iter().map(place).collect();
            rows.sort_unstable();
            rows
        });
        if family.method == Method::Population && family.rows.is_none() {
            let [low, high] = family.negligible();
            if !((high - low) / family.width <= MOST) {
                let rule = "at most 1,000,000 bins where n is infinite";
                return Err(Error::plan("model.width", format!("{:.3e} bins", (high - low) / family.width), rule)
                    .hint("use wider bins, or a finite n"));
            }
        }
        Ok(family)
    }

    fn bin(&self, y: f64) -> i64 {
        ((y - self.start) / self.width).floor().clamp(-FARTHEST, FARTHEST) as i64
    }

    /// Left edge of a bin.
    pub fn edge(&self, bin: i64) -> f64 {
        self.start + self.width * bin as f64
    }

    /// Places beyond which 1e-17 of the origin's mass lies.
    fn negligible(&self) -> [f64; 2] {
        [f64::max(self.truth.quantile(1e-17), self.truth.support[0]), self.truth.upper_quantile(1e-17)]
    }
}

/// The origin's central range.
fn central(truth: &Truth) -> [f64; 2] {
    if truth.sorted_rows().is_some() {
        return truth.support;
    }
    match truth.support[0].is_finite() {
        true => [truth.support[0], truth.upper_quantile(0.001)],
        false => [truth.quantile(0.000_5), truth.upper_quantile(0.000_5)],
    }
}

// Source ---------------------------------------------------------------------------------------------------------------------------------

impl Histogram {
    /// The origin's mass of the bins from..to.
    fn mass(&self, from: i64, to: i64) -> f64 {
        let open = |bin: i64| bin.abs() as f64 >= FARTHEST;
        let low = if open(from) { [0.0, 1.0] } else { self.truth.masses(self.edge(from)) };
        let high = if open(to) { [1.0, 0.0] } else { self.truth.masses(self.edge(to)) };
        f64::max(if low[0] < 0.5 { high[0] - low[0] } else { low[1] - high[1] }, 0.0)
    }

    /// Multinomial counts of n real records: the line is halved again and again, so that empty stretches cost nothing.
    fn split(&self, (from, to): (i64, i64), mass: f64, n: f64, side: &mut Stream, out: &mut Vec<(i64, f64)>) {
        if n == 0.0 {
            return;
        }
        if to - from == 1 {
            return out.push((from, n));
        }
        let (low, high) = (from.max(self.bulk[0]), to.min(self.bulk[1]));
        // The middle of the bulk first: halves of an endless line would take longer.
        let middle = if low < high && (from < low || to > high) { low + (high - low) / 2 } else { from + (to - from) / 2 };
        let middle = middle.clamp(from + 1, to - 1);
        let left = self.mass(from, middle);
        let count = if mass > 0.0 { binomial(n, f64::min(left / mass, 1.0), side) } else { 0.0 };
        self.split((from, middle), left, count, side, out);
        self.split((middle, to), self.mass(middle, to), n - count, side, out);
    }

    /// Expected counts of n real records.
    fn expected(&self, n: u64) -> Vec<(i64, f64)> {
        if let Some(rows) = &self.rows {
            return scaled(&tally(rows.iter().copied()), n);
        }
        let [low, high] = self.negligible().map(|place| self.bin(place));
        scaled(&(low..=high).map(|bin| (bin, self.mass(bin, bin + 1))).filter(|bin| bin.1 > 0.0).collect::<Vec<_>>(), n)
    }

    /// Counts of n real records drawn one by one.
    fn drawn(&self, n: u64, group: &mut Group, chain: usize) -> Vec<(i64, f64)> {
        let mut all = vec![];
        let (level, batch) = (group.level, group.batch);
        let mut records = vec![0.0; n.min(CHUNK) as usize];
        for (chunk, size) in chunks(n) {
            if group.control.cancelled() {
                break;
            }
            let (records, key) = (&mut records[..size as usize], group.keys[chain]);
            let mut bins: Vec<i64> = if let Some(rows) = &self.rows {
                let pick = |words: &mut Words| (0..size).map(|_| rows[below(words.next(level), rows.len() as u64) as usize]).collect();
                if n <= CHUNK { pick(group.words(chain)) } else { pick(&mut Words::new(&key, Purpose::RealChunk, batch, chunk)) }
            } else {
                if n <= CHUNK {
                    self.truth.fill(group, chain, Purpose::RealChunk, records);
                } else {
                    self.truth.fill_chunk(level, &key, Purpose::RealChunk, batch, chunk, records);
                }
                records.iter().map(|&y| self.bin(y)).collect()
            };
            bins.sort_unstable();
            all = merged(&all, &tally(bins.into_iter()));
        }
        all
    }

    /// Counts of n records of a model drawn one by one.
    fn resampled(&self, law: &[(i64, f64)], n: u64, group: &mut Group, chain: usize) -> Vec<(i64, f64)> {
        let table = Alias::new(&law.iter().map(|bin| bin.1).collect::<Vec<_>>());
        let mut counts = vec![0.0; law.len()];
        let (level, key, batch) = (group.level, group.keys[chain], group.batch);
        if n <= CHUNK {
            alias::tally(&table, group.words(chain), level, n, &mut counts);
        } else {
            for (chunk, size) in chunks(n).take_while(|_| !group.control.cancelled()) {
                alias::tally(&table, &mut Words::new(&key, Purpose::SampleChunk, batch, chunk), level, size, &mut counts);
            }
        }
        law.iter().zip(counts).map(|(bin, count)| (bin.0, count)).filter(|bin| bin.1 > 0.0).collect()
    }
}

impl Source for Histogram {
    type Data = Bins;
    type Fitted = Vec<Fit>;

    fn data(&self, chains: usize) -> Bins {
        Bins { chains: vec![vec![]; chains], expected: self.method == Method::Population }
    }

    fn initial(&self, fixed: u64, n: u64, group: &mut Group, first: &mut Bins, rest: &mut Bins) -> Result<(), Error> {
        let lanes = group.padded();
        let Some(rows) = self.rows.as_ref().filter(|rows| rows.len() as u64 == n) else {
            self.real(&vec![fixed; lanes], group, first)?;
            return self.real(&vec![n - fixed; lanes], group, rest);
        };
        // The whole table; its first part is a random subset.
        let all = tally(rows.iter().copied());
        for chain in 0..group.chains() {
            first.chains[chain] = subset(&all, fixed, &mut group.sides[chain]);
            let less: Vec<(i64, f64)> = first.chains[chain].iter().map(|bin| (bin.0, -bin.1)).collect();
            rest.chains[chain] = merged(&all, &less).into_iter().filter(|bin| bin.1 > 0.0).collect();
        }
        group.control.check()
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut Bins) -> Result<(), Error> {
        group.batch += 1;
        for chain in 0..group.chains() {
            let n = sizes[chain];
            into.chains[chain] = match (self.method, &self.rows) {
                (Method::Population, _) => self.expected(n),
                (Method::Draws, _) => self.drawn(n, group, chain),
                (Method::Exact, Some(rows)) => multinomial(&tally(rows.iter().copied()), n, &mut group.sides[chain]),
                (Method::Exact, None) => {
                    let (mut out, last) = (vec![], FARTHEST as i64);
                    self.split((-last, last + 1), 1.0, n as f64, &mut group.sides[chain], &mut out);
                    out
                }
            };
        }
        group.control.check()
    }

    fn sample(&self, training: &Bins, _model: &Vec<Fit>, sizes: &[u64], group: &mut Group, into: &mut Bins) -> Result<(), Error> {
        group.batch += 1;
        for chain in 0..group.chains() {
            let (from, n) = (&training.chains[chain], sizes[chain]);
            if from.is_empty() {
                into.chains[chain].clear();
                continue;
            }
            let sum = total(from);
            let changed: Vec<(i64, f64)>;
            let law = if self.power == 1.0 {
                from
            } else {
                changed = from.iter().map(|bin| (bin.0, math::pow(bin.1 / sum, self.power))).collect();
                &changed
            };
            into.chains[chain] = match self.method {
                Method::Population => scaled(law, n),
                Method::Exact => multinomial(law, n, &mut group.sides[chain]),
                Method::Draws => self.resampled(law, n, group, chain),
            };
        }
        group.control.check()
    }

    fn constant(&self, record: f64, sizes: &[u64], into: &mut Bins) -> Result<(), Error> {
        let bin = self.bin((record - self.truth.place) / self.truth.scale);
        for (into, &n) in into.chains.iter_mut().zip(sizes) {
            *into = if n == 0 { vec![] } else { vec![(bin, n as f64)] };
        }
        Ok(())
    }

    fn select(&self, batch: &mut Bins, kept: &[u64], by: By) -> Result<(), Error> {
        for (bins, &kept) in batch.chains.iter_mut().zip(kept) {
            let centre = |bin: &(i64, f64)| self.edge(bin.0) + 0.5 * self.width;
            let loss = |bin: &(i64, f64)| match by {
                By::Highest => -centre(bin),
                By::Lowest => centre(bin),
                By::Central => centre(bin).abs(),
            };
            bins.sort_by(|a, b| loss(a).total_cmp(&loss(b)));
            let mut left = kept as f64;
            for bin in bins.iter_mut() {
                bin.1 = f64::min(bin.1, left);
                left -= bin.1;
            }
            bins.retain(|bin| bin.1 > 0.0);
            bins.sort_unstable_by_key(|bin| bin.0);
        }
        Ok(())
    }
}

// Fit ------------------------------------------------------------------------------------------------------------------------------------

impl Family for Histogram {
    fn fitted(&self, chains: usize) -> Vec<Fit> {
        (0..chains).map(|_| Fit::default()).collect()
    }

    fn fit(&self, training: &Bins, model: &mut Vec<Fit>, _level: Level, lives: &mut Lives) {
        for (chain, bins) in training.chains.iter().enumerate() {
            if !(total(bins) > 0.0) {
                lives.stop(chain, Death::EmptyTrainingSet);
                continue;
            }
            let law = Bars::new(self.width, bins.iter().map(|bin| (self.edge(bin.0), bin.1)));
            model[chain] = Fit { law, ..Fit::default() };
        }
    }
}

impl Law for Histogram {
    fn signals(&self, view: &View<'_, Histogram>, out: &mut Signals) {
        columns::signals(self, view, out);
    }

    fn measure(&self, name: &str) -> Option<Measure<Histogram>> {
        columns::measure(name)
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<Histogram>, Error> {
        Err(Error::plan("watch", &watch.name, "no followed classes: a histogram has none"))
    }
}

// Ready -----------------------------------------------------------------------------------------------------------------------------------

/// A cell of this family.
pub fn ready(given: &Given, bins: Option<u64>, width: Option<f64>) -> Result<Box<dyn Runnable>, Error> {
    let (truth, values) = match &given.cell.origin {
        Origin::Table { table, columns } => {
            let values = given.numbers(*table, columns)?;
            (Truth::point_or_rows(&values)?, Some(values))
        }
        origin => match Truth::of(origin)? {
            Some(truth) => (truth, None),
            None => return Err(given.mismatch("histogram", "numbers: a law on the line, or a numeric column of a table")),
        },
    };
    let Cell { method, stages, .. } = given.cell;
    given.typed(Histogram::new(truth, values.as_deref(), (bins, width), *method, &stages.sampling)?, 1)
}

#[cfg(test)]
mod tests;
