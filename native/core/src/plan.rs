//! The text of a block, as it crosses the boundary: canonical JSON, unknown fields denied, every default already filled in.

use serde::Deserialize;

use crate::error::Error;

/// The version of the numbers: raised whenever a change moves any of them.
pub const NUMERICS: u32 = 1;

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

/// A set of classes whose share is followed; with `mean`, the mean of a numeric column over the set.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// The column's name.
    pub name: String,
    /// Index of a code column of the table (0 for a categorical origin).
    pub column: usize,
    /// Codes of the set.
    pub codes: Vec<u32>,
    /// Index of the numeric column whose mean over the set is wanted.
    #[serde(default)]
    pub mean: Option<usize>,
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
    pub n: u64,
    /// Real records of generation 0.
    pub initial: u64,
    /// The last generation G; 0..=G are fitted.
    pub generations: u32,
    /// How a generation's training set is obtained.
    pub method: Method,
    /// Generations that are recorded.
    pub record: Record,
    /// Consecutive generations that make an event.
    pub sustain: u32,
}

/// The origin.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Origin {
    /// A normal law.
    Gaussian { mean: f64, sd: f64 },
    /// Classes with their probabilities.
    Categorical { probabilities: Vec<f64> },
    /// An exponential law.
    Exponential { mean: f64 },
    /// A Poisson law.
    Poisson { mean: f64 },
    /// A Pareto law.
    Pareto { scale: f64, shape: f64 },
    /// Columns of a table that came with the block.
    Table { table: usize, columns: Vec<usize> },
}

/// The model.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Model {
    /// A normal law fitted by moments.
    Gaussian { estimator: Estimator },
    /// Class frequencies.
    Categorical {},
    /// The training set itself: whole records are resampled.
    Empirical {},
    /// An exponential law fitted by its mean.
    Exponential { estimator: RateEstimator },
    /// A Poisson law fitted by its mean.
    Poisson {},
    /// A Pareto law; the scale is fitted, or known.
    Pareto { scale: Scale },
}

/// The estimator of an exponential law.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum RateEstimator {
    /// mean = sum / n
    Mle,
    /// rate = (n - 1) / sum
    UnbiasedRate,
}

/// A scale that is fitted or known.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub enum Scale {
    /// `"fitted"`
    Fitted(FittedScale),
    /// The known scale.
    Known(f64),
}

/// The word `fitted`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum FittedScale {
    /// The least record.
    Fitted,
}

/// The divisor of a fitted variance.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Estimator {
    /// n - 1
    Unbiased,
    /// n
    Mle,
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
    /// A share of real records beside the last batch.
    Mix { synthetic: f64, real: f64, source: RealSource, composition: Composition, recycle: bool },
}

/// Where real records of a mix come from.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum RealSource {
    /// New draws from the origin each generation.
    Fresh,
    /// The first records of generation 0, again and again.
    Fixed,
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
        Ok(block)
    }
}

impl Cell {
    fn check(&self, path: &str) -> Result<(), Error> {
        let at = |field: &str| format!("{path}.{field}");
        if self.replicates[0] >= self.replicates[1] || self.replicates[1] > u64::from(u32::MAX) {
            return Err(Error::plan(at("replicates"), format!("{:?}", self.replicates), "a range within 0..2^32"));
        }
        for (field, value) in [("n", self.n), ("initial", self.initial)] {
            if !(1..=LARGEST).contains(&value) {
                return Err(Error::plan(at(field), value, "a whole number from 1 to 2^53"));
            }
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
        self.seed.parse::<u64>().map_err(|_| Error::plan(at("seed"), &self.seed, "a decimal number below 2^64"))?;
        self.law_words().ok_or_else(|| Error::plan(at("law"), &self.law, "32 hex digits"))?;
        self.policy.check(&at("policy"))
    }

    /// The law's hash as key words.
    pub fn law_words(&self) -> Option<[u64; 2]> {
        if self.law.len() != 32 || !self.law.is_ascii() {
            return None;
        }
        let word = |part: &str| u64::from_str_radix(part, 16).ok();
        Some([word(&self.law[..16])?, word(&self.law[16..])?])
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
            Policy::Mix { synthetic, real, source, composition, .. } => {
                let sum = synthetic + real;
                let within = |share: f64| (0.0..=1.0).contains(&share);
                if !(within(*synthetic) && within(*real) && (sum - 1.0).abs() < 1e-9) {
                    return Err(Error::plan(path, format!("synthetic {synthetic}, real {real}"), "shares from 0 to 1 that add up to 1"));
                }
                if *source == RealSource::Fixed && *composition == Composition::Bernoulli {
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
            ("\"record\":\"all\"", "\"record\":[1,2]", "cells[0].record"),
            ("\"replicates\":[0,5]", "\"replicates\":[5,5]", "cells[0].replicates"),
        ] {
            assert_eq!(Block::parse(&text(change, to)).unwrap_err().path, path, "{to}");
        }
    }
}
