//! A cell in words: what it is of, and how it is run.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::SEED;
use crate::policy::replace;
use crate::run::{Block, Run};

/// How a generation is made.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// From the law of the statistics.
    Exact,
    /// Record by record.
    Draws,
    /// Infinitely many records.
    Population,
}

impl Method {
    /// Both that have chance in them.
    pub const BOTH: [Method; 2] = [Method::Exact, Method::Draws];

    fn word(self) -> &'static str {
        match self {
            Method::Exact => "exact",
            Method::Draws => "draws",
            Method::Population => "population",
        }
    }
}

/// The text of a cell, in the making.
#[derive(Clone, Debug)]
pub struct Cell {
    origin: Value,
    model: Value,
    policy: Value,
    n: Value,
    initial: Option<Value>,
    generations: u32,
    replicates: [u64; 2],
    seed: u64,
    method: Method,
    record: Value,
    sustain: u32,
    law: Option<u128>,
    index: u32,
    stages: Value,
    on_empty: &'static str,
}

/// A cell of any origin and model: 10 records, generation 0 alone, one replicate, replace, exact.
pub fn of(origin: Value, model: Value) -> Cell {
    Cell {
        origin,
        model,
        policy: replace(),
        n: json!(10),
        initial: None,
        generations: 0,
        replicates: [0, 1],
        seed: SEED,
        method: Method::Exact,
        record: json!("all"),
        sustain: 1,
        law: None,
        index: 0,
        stages: json!({}),
        on_empty: "stop",
    }
}

/// N(0, 1) under a normal model with the unbiased variance.
pub fn gaussian() -> Cell {
    of(json!({ "kind": "gaussian", "mean": 0.0, "sd": 1.0 }), json!({ "kind": "gaussian", "estimator": "unbiased" }))
}

/// Classes under class frequencies.
pub fn categorical(probabilities: &[f64]) -> Cell {
    of(json!({ "kind": "categorical", "probabilities": probabilities }), json!({ "kind": "categorical" }))
}

/// Columns of the block's first table under resampling of whole rows.
pub fn table(columns: &[usize]) -> Cell {
    of(json!({ "kind": "table", "table": 0, "columns": columns }), json!({ "kind": "empirical" }))
}

/// The same origin under resampling, by draws.
pub fn resampled(cell: &Cell) -> Cell {
    Cell { model: json!({ "kind": "empirical" }), ..cell.clone() }.by(Method::Draws)
}

impl Cell {
    /// The variance with divisor n.
    pub fn mle(self) -> Cell {
        Cell { model: json!({ "kind": "gaussian", "estimator": "mle" }), ..self }
    }

    /// Another normal origin.
    pub fn origin(self, mean: f64, sd: f64) -> Cell {
        Cell { origin: json!({ "kind": "gaussian", "mean": mean, "sd": sd }), ..self }
    }

    /// A model of any kind.
    pub fn model(self, model: Value) -> Cell {
        Cell { model, ..self }
    }

    /// A policy (see `policy`).
    pub fn policy(self, policy: Value) -> Cell {
        Cell { policy, ..self }
    }

    /// Records a generation.
    pub fn n(self, n: u64) -> Cell {
        Cell { n: json!(n), ..self }
    }

    /// Records a generation by a rule: a schedule or "inf".
    pub fn sizes(self, n: Value) -> Cell {
        Cell { n, ..self }
    }

    /// Infinitely many records.
    pub fn infinite(self) -> Cell {
        self.sizes(json!("inf")).by(Method::Population)
    }

    /// What is done to records on their way into training sets.
    pub fn stages(self, stages: Value) -> Cell {
        Cell { stages, ..self }
    }

    /// An empty training set leaves the last one.
    pub fn keep_on_empty(self) -> Cell {
        Cell { on_empty: "keep", ..self }
    }

    /// Real records of generation 0; as many as the others where it is not said.
    pub fn initial(self, initial: u64) -> Cell {
        Cell { initial: Some(json!(initial)), ..self }
    }

    /// The last generation.
    pub fn generations(self, generations: u32) -> Cell {
        Cell { generations, ..self }
    }

    /// Replicates 0..count.
    pub fn replicates(self, count: u64) -> Cell {
        Cell { replicates: [0, count], ..self }
    }

    /// Replicates from..to.
    pub fn range(self, from: u64, to: u64) -> Cell {
        Cell { replicates: [from, to], ..self }
    }

    /// A seed of its own.
    pub fn seed(self, seed: u64) -> Cell {
        Cell { seed, ..self }
    }

    /// The method.
    pub fn by(self, method: Method) -> Cell {
        Cell { method, ..self }
    }

    /// Records these generations only (0 is added).
    pub fn record(self, generations: &[u32]) -> Cell {
        let mut list = generations.to_vec();
        list.push(0);
        list.sort_unstable();
        list.dedup();
        Cell { record: json!(list), ..self }
    }

    /// Consecutive generations that make an event.
    pub fn sustain(self, sustain: u32) -> Cell {
        Cell { sustain, ..self }
    }

    /// The hash of another law: common random numbers.
    pub fn law(self, law: u128) -> Cell {
        Cell { law: Some(law), ..self }
    }

    /// The cell's number in its plan.
    pub fn index(self, index: u32) -> Cell {
        Cell { index, ..self }
    }

    /// Replicates of this cell.
    pub fn chains(&self) -> usize {
        (self.replicates[1] - self.replicates[0]) as usize
    }

    /// Generations that are recorded.
    pub fn recorded(&self) -> usize {
        self.record.as_array().map_or(self.generations as usize + 1, Vec::len)
    }

    /// As the text of a block has it.
    pub fn json(&self) -> Value {
        let initial = self.initial.clone().unwrap_or_else(|| match &self.n {
            Value::Object(rule) => rule.get("start").or_else(|| rule["list"].get(0)).expect("a schedule").clone(),
            n => n.clone(),
        });
        let law = json!([self.origin, self.model, self.policy, self.n, initial, self.method.word()]);
        let law = if self.stages == json!({}) { law } else { json!([law, self.stages, self.on_empty]) };
        json!({
            "index": self.index,
            "law": format!("{:032x}", self.law.unwrap_or_else(|| hash(&law.to_string()))),
            "seed": self.seed.to_string(),
            "replicates": self.replicates,
            "origin": self.origin,
            "model": self.model,
            "policy": self.policy,
            "n": self.n,
            "initial": initial,
            "generations": self.generations,
            "method": self.method.word(),
            "record": self.record,
            "sustain": self.sustain,
            "stages": self.stages,
            "onEmpty": self.on_empty,
        })
    }

    /// Runs the cell alone, or says why it can't be run.
    pub fn try_run(self, columns: &str) -> Result<genloss_core::columns::Columns, genloss_core::error::Error> {
        Block::of([self]).columns(columns).try_run()
    }

    /// Runs the cell alone; columns are words in one string.
    pub fn run(self, columns: &str) -> Run {
        Block::of([self]).columns(columns).run()
    }
}

/// FNV-1a in 128 bits: cells of different laws have different streams, as in a plan.
fn hash(text: &str) -> u128 {
    text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b)
    })
}
