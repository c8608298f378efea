//! The text of a block, as it crosses the boundary: canonical JSON, unknown fields denied, every default already filled in.

use serde::Deserialize;

use crate::error::Error;
use crate::policies::sizes::Sizes;

mod model;
mod origin;
mod stages;
mod watch;

pub use model::{
    Bandwidth, Bounds, Covariance, Estimator, Features, FittedScale, Margin, MixtureCovariance, MixtureInit, Model, Noise, RateEstimator,
    Rule, Scale, Start,
};
pub use origin::{Component, Origin};
pub use stages::{By, Filter, Poison, Sampling, Selection, Stages, Weights};
pub use watch::{Statistic, Watch};

/// The version of the numbers: raised whenever a change moves any of them.
pub const NUMERICS: u32 = 1;

/// Bytes of columns of a block, at most: plans cut blocks far below.
const MOST_BYTES: f64 = 4294967296.0;

/// Records a generation, at most.
pub const LARGEST: u64 = 1 << 53;

/// A block: cells, each with a range of replicates, and the columns wanted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Must equal `NUMERICS`.
    pub numerics: u32,
    /// Whether events are dated.
    pub events: bool,
    /// Names of the measures wanted, in order.
    pub columns: Vec<String>,
    /// Row sets or classes to follow, each a column of its own.
    #[serde(default)]
    pub watch: Vec<Watch>,
    /// The cells.
    pub cells: Vec<Cell>,
}

/// One cell.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The cell's number in its plan.
    pub index: u32,
    /// 32 hex digits: the hash of the law, from which streams are keyed.
    pub law: String,
    /// The run's seed, a decimal u64.
    pub seed: String,
    /// First replicate and the one after the last.
    pub replicates: [u64; 2],
    /// The real distribution or data.
    pub origin: Origin,
    /// The family and its learner.
    pub model: Model,
    /// What each next training set is made of.
    pub policy: Policy,
    /// Records a generation.
    pub n: SizeRule,
    /// Real records of generation 0.
    pub initial: SizeRule,
    /// The last generation G; 0..=G are fitted.
    pub generations: u32,
    /// How a generation's training set is obtained.
    pub method: Method,
    /// Generations that are recorded.
    pub record: Record,
    /// Consecutive generations that make an event.
    pub sustain: u32,
    /// What is done to records on their way into training sets.
    #[serde(default)]
    pub stages: Stages,
    /// What an empty training set does.
    #[serde(default, rename = "onEmpty")]
    pub on_empty: OnEmpty,
}

/// A size: one number, infinity, or one that changes from generation to generation.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub enum SizeRule {
    /// The same number always.
    Constant(u64),
    /// `"inf"`
    Infinite(Infinity),
    /// start (1 + g)^power, rounded up.
    Power(PowerRule),
    /// start factor^g, rounded up.
    Factor(FactorRule),
    /// One a generation; the last holds on.
    List(ListRule),
}

/// The word `inf`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub enum Infinity {
    /// No statistical error: expected statistics.
    #[serde(rename = "inf")]
    Infinity,
}

/// See `SizeRule`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct PowerRule {
    pub start: u64,
    pub power: f64,
}

/// See `SizeRule`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct FactorRule {
    pub start: u64,
    pub factor: f64,
}

/// See `SizeRule`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ListRule {
    pub list: Vec<u64>,
}

/// What an empty training set does.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum OnEmpty {
    /// The chain stops.
    #[default]
    Stop,
    /// The last training set and its model stay.
    Keep,
}

/// The policy.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Policy {
    /// The last batch alone.
    Replace {},
    /// Everything made so far.
    Accumulate {},
    /// The last batches, with or without all real records.
    Window {
        batches: u64,
        #[serde(rename = "keepReal")]
        keep_real: bool,
    },
    /// A subset of everything made so far.
    AccumulateSubsample { replacement: bool },
    /// Shares of the last batch, of the last training set and of real records.
    Mix {
        synthetic: f64,
        #[serde(default)]
        previous: f64,
        real: f64,
        source: RealSource,
        composition: Composition,
        recycle: bool,
    },
}

/// Where real records of a mix come from.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum RealSource {
    /// New draws from the origin each generation.
    Fresh,
    /// The first records of generation 0, again and again.
    Fixed,
    /// Records of generation 0 that hold each class in its proportion there, by largest remainder; again and again.
    FixedStratified,
}

impl RealSource {
    /// Whether the real records are one set for all generations.
    pub fn is_fixed(self) -> bool {
        self != RealSource::Fresh
    }
}

/// How the shares of a mix become counts.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Composition {
    /// Fixed counts by largest remainder.
    Stratified,
    /// Each record real with the share as its probability.
    Bernoulli,
}

/// The method.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// n records are drawn.
    Draws,
    /// The statistics are drawn from their own law, at a cost that does not depend on n.
    Exact,
    /// Infinitely many records: the statistics are their expectations.
    Population,
}

/// Generations recorded: all, or a list that holds 0.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub enum Record {
    /// `"all"`
    All(All),
    /// Ascending generations; the first is 0.
    At(Vec<u32>),
}

/// The word `all`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum All {
    /// Every generation.
    All,
}

impl Block {
    /// Parses and checks a block's text.
    pub fn parse(text: &str) -> Result<Block, Error> {
        let block: Block = serde_json::from_str(text)
            .map_err(|error| Error::plan("block", error, "the text of a block").hint("the engine and its caller differ in version"))?;
        if block.numerics != NUMERICS {
            return Err(Error::plan("numerics", block.numerics, format!("{NUMERICS}, the numbers this build makes"))
                .hint("install the version that the plan was made with, or make a new plan"));
        }
        for (i, cell) in block.cells.iter().enumerate() {
            cell.check(&format!("cells[{i}]"))?;
        }
        let numbers = |cell: &Cell| (cell.replicates[1] - cell.replicates[0]) as f64 * cell.recorded_count() as f64;
        let bytes = block.cells.iter().map(numbers).sum::<f64>() * (3.0 * 4.0 + 8.0 * block.columns.len() as f64);
        if bytes > MOST_BYTES {
            return Err(Error::plan(
                "block",
                format!("{:.0} MiB of columns", bytes / 1048576.0),
                "at most 4,096 MiB of columns in a block",
            )
            .hint("record fewer generations or columns, or cut the plan into smaller blocks"));
        }
        Ok(block)
    }
}

impl Cell {
    fn check(&self, path: &str) -> Result<(), Error> {
        let at = |field: &str| format!("{path}.{field}");
        if self.replicates[0] >= self.replicates[1] || self.replicates[1] > u64::from(u32::MAX) {
            return Err(Error::plan(at("replicates"), format!("{:?}", self.replicates), "a range within 0..2^32"));
        }
        Sizes::new(&self.n, &at("n"))?;
        let initial = Sizes::new(&self.initial, &at("initial"))?;
        if initial.constant() {
            let infinite = self.method == Method::Population;
            for (field, rule) in [("n", &self.n), ("initial", &self.initial)] {
                if matches!(rule, SizeRule::Infinite(_)) != infinite {
                    return Err(Error::plan(
                        at(field),
                        format!("{rule:?}"),
                        "inf for both sizes with method population, and for neither without",
                    ));
                }
            }
        } else {
            return Err(Error::plan(at("initial"), format!("{:?}", self.initial), "one size"));
        }
        if self.generations == u32::MAX {
            return Err(Error::plan(at("generations"), self.generations, "fewer than 2^32 - 1 generations"));
        }
        if self.sustain < 1 {
            return Err(Error::plan(at("sustain"), self.sustain, "at least 1"));
        }
        if let Record::At(list) = &self.record {
            let ascending = list.windows(2).all(|pair| pair[0] < pair[1]);
            if list.first() != Some(&0) || !ascending || list.last() > Some(&self.generations) {
                return Err(Error::plan(at("record"), format!("{list:?}"), "ascending generations from 0 to at most G"));
            }
        }
        // Digits alone: parsing would take a sign too.
        let digits = if self.seed.bytes().all(|byte| byte.is_ascii_digit()) { &self.seed } else { "" };
        digits.parse::<u64>().map_err(|_| Error::plan(at("seed"), &self.seed, "a decimal number below 2^64"))?;
        self.law_words().ok_or_else(|| Error::plan(at("law"), &self.law, "32 hex digits"))?;
        self.stages.check(&at("stages"))?;
        self.policy.check(&at("policy"))
    }

    /// The law's hash as key words.
    pub fn law_words(&self) -> Option<[u64; 2]> {
        if self.law.len() != 32 || !self.law.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let word = |part: &str| u64::from_str_radix(part, 16).ok();
        Some([word(&self.law[..16])?, word(&self.law[16..])?])
    }

    fn recorded_count(&self) -> u64 {
        match &self.record {
            Record::All(_) => u64::from(self.generations) + 1,
            Record::At(list) => list.len() as u64,
        }
    }

    /// Recorded generations, ascending.
    pub fn recorded(&self) -> Vec<u32> {
        match &self.record {
            Record::All(_) => (0..=self.generations).collect(),
            Record::At(list) => list.clone(),
        }
    }
}

impl Policy {
    fn check(&self, path: &str) -> Result<(), Error> {
        match self {
            Policy::Window { batches, .. } if *batches < 1 => Err(Error::plan(format!("{path}.batches"), batches, "at least 1")),
            Policy::Mix { synthetic, previous, real, source, composition, .. } => {
                let shares = [*synthetic, *previous, *real];
                let sum: f64 = shares.iter().sum();
                if !(shares.iter().all(|share| (0.0..=1.0).contains(share)) && (sum - 1.0).abs() < 1e-9) {
                    return Err(Error::plan(
                        path,
                        format!("synthetic, previous, real of {shares:?}"),
                        "shares from 0 to 1 that add up to 1",
                    ));
                }
                if source.is_fixed() && *composition == Composition::Bernoulli {
                    return Err(Error::plan(format!("{path}.composition"), "bernoulli", "stratified where source is fixed")
                        .hint("the number of real records would change each generation while the set is one; use source fresh"));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(change: &str, to: &str) -> String {
        r#"{"cells":[{"generations":3,"index":0,"initial":10,"law":"00000000000000000000000000000001","method":"exact",
        "model":{"estimator":"mle","kind":"gaussian"},"n":10,"origin":{"kind":"gaussian","mean":0,"sd":1},"policy":{"kind":"replace"},
        "record":"all","replicates":[0,5],"seed":"7","sustain":1}],"columns":["mean"],"events":true,"numerics":1}"#
            .replace(change, to)
    }

    #[test]
    fn a_block_parses_and_unknown_fields_do_not() {
        assert_eq!(Block::parse(&text("", "")).unwrap().cells[0].recorded(), [0, 1, 2, 3]);
        for (change, to, path) in [
            ("\"sustain\":1", "\"sustain\":1,\"sustian\":2", "block"),
            ("\"kind\":\"replace\"", "\"kind\":\"replace\",\"batches\":2", "block"),
            ("\"numerics\":1", "\"numerics\":99", "numerics"),
            ("\"n\":10", "\"n\":0", "cells[0].n"),
            ("\"n\":10", "\"n\":9007199254740993", "cells[0].n"),
            ("\"n\":10", "\"n\":2.5", "block"),
            ("\"seed\":\"7\"", "\"seed\":\"-7\"", "cells[0].seed"),
            ("\"seed\":\"7\"", "\"seed\":\"+7\"", "cells[0].seed"),
            ("\"generations\":3", "\"generations\":4000000000", "block"),
            ("\"record\":\"all\"", "\"record\":[1,2]", "cells[0].record"),
            ("\"replicates\":[0,5]", "\"replicates\":[5,5]", "cells[0].replicates"),
        ] {
            assert_eq!(Block::parse(&text(change, to)).unwrap_err().path, path, "{to}");
        }
    }
}
