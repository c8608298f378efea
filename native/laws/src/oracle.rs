//! Known values (`oracles.json`): each names a cell, a generation and a quantity, and is judged on chains of that cell.

use genloss_core::table::TableColumn;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cell::{self, Cell, Method};
use crate::quantity::{Quantity, named, sources, values};
use crate::run::{Block, Run};
use crate::stats::{self, Estimate, binomial_z, count};

/// One known value.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oracle {
    /// As in the collection that it comes from.
    pub name: String,
    pub origin: Value,
    pub model: Value,
    pub policy: Value,
    /// Records a generation: a number, "inf", or a schedule.
    pub n: Value,
    pub initial: Value,
    #[serde(default)]
    pub stages: Value,
    #[serde(default, rename = "onEmpty")]
    pub on_empty: Option<String>,
    /// The methods that have this law; both of them where none is named.
    #[serde(default)]
    pub methods: Vec<Method>,
    /// Generation 0 is the model fitted to the initial real records.
    pub generation: u32,
    /// The quantity is averaged over the generations from here on (a stationary value).
    #[serde(default)]
    pub from: Option<u32>,
    /// The value belongs to generations without end; the generation is one that is near enough.
    #[serde(default)]
    pub limit: bool,
    pub quantity: Quantity,
    /// None is infinite.
    pub value: Option<f64>,
    /// The value is what a common mistake gives.
    #[serde(default)]
    pub wrong: bool,
    /// The value beside a wrong one.
    #[serde(default)]
    pub right: Option<f64>,
    /// A mean that chains of any affordable number can't show: this is tested for it.
    #[serde(default)]
    pub instead: Option<Instead>,
}

/// What is tested for a heavy-tailed quantity.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instead {
    pub quantity: Quantity,
    pub value: f64,
}

/// Reads them all.
pub fn all() -> Vec<Oracle> {
    serde_json::from_str(include_str!("../oracles.json")).expect("oracles.json")
}

/// Oracles of one cell, to be judged on the same chains.
pub fn by_cell(oracles: &[Oracle]) -> Vec<Vec<Oracle>> {
    let mut cells: Vec<Vec<Oracle>> = vec![];
    for oracle in oracles {
        match cells.iter_mut().find(|cell| cell[0].same_cell(oracle)) {
            Some(cell) => cell.push(oracle.clone()),
            None => cells.push(vec![oracle.clone()]),
        }
    }
    cells
}

impl Oracle {
    fn same_cell(&self, other: &Oracle) -> bool {
        let key = |o: &Oracle| {
            let cell = [&o.origin, &o.model, &o.policy, &o.n, &o.initial, &o.stages].map(Value::clone);
            (cell, o.on_empty.clone(), o.methods.clone())
        };
        key(self) == key(other)
    }

    /// Whether a method has this law.
    pub fn has(&self, method: Method) -> bool {
        let of_a_law = self.model["kind"] == "empirical";
        match method {
            _ if !self.methods.is_empty() => self.methods.contains(&method),
            Method::Draws => true,
            Method::Exact => !of_a_law,
            Method::Population => false,
        }
    }

    /// Records that a chain draws up to a generation.
    fn records(&self, generation: u32) -> u64 {
        (0..=generation).map(|g| self.size(g)).sum()
    }

    /// Records of a generation's batch; 0 of an infinite one.
    pub fn size(&self, generation: u32) -> u64 {
        let Some(start) = self.n["start"].as_f64() else { return self.n.as_u64().unwrap_or(0) };
        let g = f64::from(generation);
        let grown = match (self.n["power"].as_f64(), self.n["factor"].as_f64()) {
            (Some(power), _) => start * (1.0 + g).powf(power),
            (_, factor) => start * factor.expect("power or factor").powf(g),
        };
        grown.ceil() as u64
    }

    /// What is looked at: the quantity itself, or what stands in for it.
    pub fn tested(&self) -> (&Quantity, f64) {
        match &self.instead {
            Some(instead) => (&instead.quantity, instead.value),
            None => (&self.quantity, self.value.unwrap_or(f64::INFINITY)),
        }
    }

    /// Whether resampling the records themselves has the same value: all of classes, and first and second moments of the mle.
    pub fn holds_for_resampling(&self) -> bool {
        let Quantity { statistic, of, .. } = self.tested().0;
        let moments = matches!((statistic.as_str(), of.as_str()), ("mean", "variance" | "variance_ratio") | ("variance", "mean"));
        let normal = self.model["kind"] == "gaussian" && self.model["estimator"] == "mle" && moments;
        self.stages.is_null() && self.has(Method::Draws) && (self.model["kind"] == "categorical" || normal)
    }

    fn generations(&self) -> Vec<u32> {
        match self.quantity.statistic.as_str() {
            "first-median" => vec![self.generation.saturating_sub(1), self.generation],
            "rate" => self.from.into_iter().chain([self.generation]).collect(),
            _ => (self.from.unwrap_or(self.generation)..=self.generation).collect(),
        }
    }
}

/// How chains of a cell are made: by which method, and whether another model or a table of the same law stands in for the cell's own.
#[derive(Clone, Debug)]
pub struct Way {
    pub method: Method,
    /// Records of a generation by draws, steps of a class by the exact method.
    pub budget: u64,
    pub model: Option<Value>,
    /// The one column of a table.
    pub table: Option<TableColumn>,
}

impl Way {
    /// The cell as it is.
    pub fn of(method: Method, budget: u64) -> Way {
        Way { method, budget, model: None, table: None }
    }

    /// The records themselves are resampled.
    pub fn resampling(self) -> Way {
        Way { model: Some(json!({ "kind": "empirical" })), ..self }
    }

    /// Counts that a step of the exact method draws: of classes, or of the rows that are resampled.
    fn cells(&self, oracle: &Oracle) -> u64 {
        let rows = self.table.as_ref().filter(|_| self.model.is_some()).map(TableColumn::rows);
        rows.or_else(|| oracle.origin["probabilities"].as_array().map(Vec::len)).unwrap_or(1) as u64
    }

    /// Rows of a table are the law.
    pub fn on(self, column: TableColumn) -> Way {
        Way { table: Some(column), ..self }
    }
}

/// Chains of the cell that some oracles share, as many as the budget allows.
pub fn chains_of(oracles: &[Oracle], way: &Way) -> Run {
    let first = &oracles[0];
    let recorded: Vec<u32> = oracles.iter().flat_map(Oracle::generations).collect();
    let generations = *recorded.iter().max().expect("at least one oracle");
    let steps = u64::from(generations) + 1;
    // A record of a regression is d features and a response; its statistics are as many products as these have pairs.
    let numbers = first.origin["dimensions"].as_u64().map_or(1, |d| d + 1);
    let each = match way.method {
        Method::Draws => numbers * first.records(generations).max(30 * steps),
        _ => steps * way.cells(first).max(numbers * numbers),
    };
    let origin = match &way.table {
        Some(_) => json!({ "kind": "table", "table": 0, "columns": [0] }),
        None => first.origin.clone(),
    };
    let cell = cell::of(origin, way.model.clone().unwrap_or_else(|| first.model.clone()))
        .policy(first.policy.clone())
        .sizes(first.n.clone())
        .generations(generations)
        .replicates(if way.method == Method::Population { 1 } else { (way.budget / each).clamp(400, 20_000) })
        .by(way.method)
        .record(&recorded);
    let cell = first.initial.as_u64().into_iter().fold(cell, Cell::initial);
    let cell = if first.stages.is_null() { cell } else { cell.stages(first.stages.clone()) };
    let cell = if first.on_empty.as_deref() == Some("keep") { cell.keep_on_empty() } else { cell };
    let block = block_of(oracles, cell);
    way.table.iter().fold(block, |block, column| block.table(vec![column.clone()])).run()
}

fn block_of(oracles: &[Oracle], cell: Cell) -> Block {
    let quantities = oracles.iter().flat_map(|oracle| oracle.tested().0.words());
    let mut names: Vec<&str> = quantities.flat_map(sources).collect();
    names.sort_unstable();
    names.dedup();
    let follow = |block: Block, name: &str| if name == "late" { block.events() } else { block.watching(name) };
    names.into_iter().fold(Block::of([cell]), follow)
}

/// The z-score of a value on chains of its cell.
pub fn z(oracle: &Oracle, run: &Run) -> f64 {
    let (quantity, expected) = oracle.tested();
    let at = |generation| values(quantity, oracle, run, generation);
    let here = || at(oracle.generation);
    let trials = || here().len() as u64;
    match quantity.statistic.as_str() {
        "below" => binomial_z(count(&here(), |x| x < quantity.at), trials(), expected),
        "equal" => binomial_z(count(&here(), |x| (x - quantity.at).abs() < 1e-9), trials(), expected),
        // Half of the chains lie below the median, whatever the law.
        "median" => binomial_z(count(&here(), |x| x < expected), trials(), 0.5),
        // Half of them are below by this generation, and were not before: nought where both hold.
        "first-median" => {
            let below = |generation| binomial_z(count(&at(generation), |x| x <= quantity.at), trials(), 0.5);
            let before = if oracle.generation == 0 { 0.0 } else { below(oracle.generation - 1).max(0.0) };
            before + below(oracle.generation).min(0.0)
        }
        _ => match contribution(quantity, oracle, trials() as usize) {
            Some(chance) => {
                let usual = if quantity.of == "distinct_alive" { 1.0 } else { 0.0 };
                binomial_z(count(&here(), |x| (x - usual).abs() > 1e-9), trials(), chance)
            }
            None => estimate(oracle, run).z(expected),
        },
    }
}

/// The estimate of a mean, a variance, a rate or a coefficient of variation.
pub fn estimate(oracle: &Oracle, run: &Run) -> Estimate {
    let quantity = oracle.tested().0;
    let here = || averaged(quantity, oracle, run);
    match quantity.statistic.as_str() {
        "mean" => stats::mean(&here()),
        "variance" => stats::variance(&here()),
        "cv" => stats::coefficient_of_variation(&here()),
        // A generation's share of a sum of logarithms: from the truth on, or from a generation on.
        "rate" => {
            let last = values(quantity, oracle, run, oracle.generation);
            let (first, fits) = match oracle.from {
                Some(from) => (values(quantity, oracle, run, from), oracle.generation - from),
                None => (vec![0.0; last.len()], oracle.generation + 1),
            };
            let rates: Vec<f64> = last.iter().zip(first).map(|(last, first)| (last - first) / f64::from(fits)).collect();
            stats::mean(&rates)
        }
        "covariance" => {
            let with = named(quantity.with.as_deref().expect("what it covaries with"), run, oracle.generation);
            stats::covariance(&values(quantity, oracle, run, oracle.generation), &with)
        }
        other => panic!("no statistic {other}"),
    }
}

/// Each chain's own average over the generations asked for: chains stay independent of each other.
fn averaged(quantity: &Quantity, oracle: &Oracle, run: &Run) -> Vec<f64> {
    let from = oracle.from.unwrap_or(oracle.generation);
    let mut sums = values(quantity, oracle, run, from);
    for generation in from + 1..=oracle.generation {
        sums.iter_mut().zip(values(quantity, oracle, run, generation)).for_each(|(sum, x)| *sum += x);
    }
    let count = f64::from(oracle.generation - from + 1);
    sums.into_iter().map(|sum| sum / count).collect()
}

/// For a mean to which few chains contribute (classes that are all but lost, a second original that is all but gone): the chance that a
/// chain contributes at all. How many do is then what can be tested.
fn contribution(quantity: &Quantity, oracle: &Oracle, chains: usize) -> Option<f64> {
    let chance = match quantity.of.as_str() {
        // With one original left in nearly every chain, the mean is 1 and the chance of a second.
        "distinct_alive" if oracle.tested().1 < 1.01 => oracle.tested().1 - 1.0,
        "heterozygosity" | "third_moment_0" if oracle.policy["kind"] == "replace" => {
            let p = oracle.origin["probabilities"].as_array().filter(|p| p.len() == 2)?[0].as_f64()?;
            let law = crate::markov::count_law(oracle.size(0) as usize, p, oracle.generation);
            let counts =
                |k: usize| 0 < k && k < oracle.size(0) as usize && (quantity.of == "heterozygosity" || 2 * k != oracle.size(0) as usize);
            law.iter().enumerate().filter(|(k, _)| counts(*k)).map(|(_, q)| q).sum()
        }
        _ => return None,
    };
    (chance * chains as f64 <= 50.0).then_some(chance)
}
