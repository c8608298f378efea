//! The stages of a cell: what is done to records on their way into training sets.

use serde::Deserialize;

use crate::error::Error;

/// What is done to records on their way into training sets.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stages {
    /// A changed law that models are sampled from.
    #[serde(default)]
    pub sampling: Sampling,
    /// A detector of generated records.
    #[serde(default)]
    pub filter: Option<Filter>,
    /// A choice among generated records.
    #[serde(default)]
    pub selection: Option<Selection>,
    /// A record that is put in.
    #[serde(default)]
    pub poison: Option<Poison>,
    /// Weights of records in the fit.
    #[serde(default)]
    pub weights: Option<Weights>,
}

/// A changed law that models are sampled from, in this order.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sampling {
    /// Densities to the power 1/T.
    #[serde(default)]
    pub temperature: Option<f64>,
    /// A factor a class.
    #[serde(default)]
    pub bias: Option<Vec<f64>>,
    /// The k most probable classes only.
    #[serde(default, rename = "topK")]
    pub top_k: Option<u64>,
    /// The smallest set of most probable classes that holds p.
    #[serde(default, rename = "topP")]
    pub top_p: Option<f64>,
    /// The variance times this.
    #[serde(default)]
    pub spread: Option<f64>,
    /// Records within so many sds of the model's mean only.
    #[serde(default)]
    pub truncate: Option<f64>,
}

/// A detector: marked records are thrown away. T_0 is not filtered.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Filter {
    /// The chance that a generated record is marked.
    pub true_positive_rate: f64,
    /// The chance that a real record is marked.
    pub false_positive_rate: f64,
    /// Whether more is made until the set is full.
    pub top_up: bool,
}

/// n records are kept of ceil(n / keep) generated candidates.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// The share that is kept.
    pub keep: f64,
    /// Which ones.
    pub by: By,
}

/// What a selection prefers.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The largest values of the first column.
    Highest,
    /// The smallest.
    Lowest,
    /// Those nearest to the origin's mean, in its standard deviations.
    Central,
}

/// A record that takes a share of each new set.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Poison {
    /// The share.
    pub share: f64,
    /// The first generation with it.
    pub from: u32,
    /// The last one; none is the end.
    pub until: Option<u32>,
    /// The record: a number, or a class.
    pub record: f64,
}

/// Frequency weights: a record of weight 2 counts as two.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    pub real: f64,
    pub synthetic: f64,
}

impl Sampling {
    /// Refuses changes of the law that a family can't make.
    pub fn only(&self, known: &[&str], family: &str) -> Result<(), Error> {
        let asked = [
            ("temperature", self.temperature.is_some()),
            ("bias", self.bias.is_some()),
            ("topK", self.top_k.is_some()),
            ("topP", self.top_p.is_some()),
            ("spread", self.spread.is_some()),
            ("truncate", self.truncate.is_some()),
        ];
        match asked.into_iter().find(|(name, asked)| *asked && !known.contains(name)) {
            None => Ok(()),
            Some((name, _)) => {
                let rule = if known.is_empty() { "no change of the law".into() } else { known.join(", ") };
                Err(Error::plan(format!("stages.sampling.{name}"), family, format!("{rule} for a {family} model")))
            }
        }
    }
}

impl Stages {
    pub(super) fn check(&self, path: &str) -> Result<(), Error> {
        let mut numbers: Vec<(&str, Option<f64>, f64, f64)> = vec![
            ("sampling.temperature", self.sampling.temperature, f64::MIN_POSITIVE, f64::MAX),
            ("sampling.spread", self.sampling.spread, 0.0, f64::MAX),
            ("sampling.truncate", self.sampling.truncate, f64::MIN_POSITIVE, f64::MAX),
            ("sampling.topP", self.sampling.top_p, f64::MIN_POSITIVE, 1.0),
            ("sampling.topK", self.sampling.top_k.map(|k| k as f64), 1.0, f64::MAX),
            ("filter.truePositiveRate", self.filter.map(|f| f.true_positive_rate), 0.0, 1.0),
            ("filter.falsePositiveRate", self.filter.map(|f| f.false_positive_rate), 0.0, 1.0),
            ("selection.keep", self.selection.map(|s| s.keep), 1e-9, 1.0),
            ("poison.share", self.poison.map(|p| p.share), 0.0, 1.0),
            ("poison.record", self.poison.map(|p| p.record), f64::MIN, f64::MAX),
            ("weights.real", self.weights.map(|w| w.real), 0.0, f64::MAX),
            ("weights.synthetic", self.weights.map(|w| w.synthetic), 0.0, f64::MAX),
        ];
        numbers.extend(self.sampling.bias.iter().flatten().map(|factor| ("sampling.bias", Some(*factor), 0.0, f64::MAX)));
        for (field, value, least, most) in numbers {
            if value.is_some_and(|value| !(least..=most).contains(&value)) {
                let value = value.unwrap_or(f64::NAN);
                return Err(Error::plan(format!("{path}.{field}"), value, format!("a number from {least} to {most}")));
            }
        }
        if self.filter.is_some_and(|f| f.top_up && f.true_positive_rate == 1.0 && f.false_positive_rate == 1.0) {
            return Err(Error::plan(format!("{path}.filter.topUp"), true, "a detector that lets some records pass"));
        }
        if self.poison.is_some_and(|p| p.from < 1) {
            return Err(Error::plan(format!("{path}.poison.from"), 0, "generation 1 or later: T_0 is real"));
        }
        if self.weights.is_some_and(|w| w.real == 0.0 && w.synthetic == 0.0) {
            return Err(Error::plan(format!("{path}.weights"), 0, "a weight above 0"));
        }
        Ok(())
    }

    /// The poison of a generation, if it is on.
    pub fn poison_at(&self, generation: u64) -> Option<Poison> {
        self.poison.filter(|p| u64::from(p.from) <= generation && p.until.is_none_or(|until| generation <= u64::from(until)))
    }
}
