//! Known values (`oracles.json`): each names a cell, a generation and a quantity, and is judged on chains of that cell.

use serde::Deserialize;
use serde_json::Value;

use crate::cell::{self, Cell, Method};
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
    pub n: u64,
    pub initial: u64,
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

/// A statistic of a column, or of a simple function of columns.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    pub statistic: String,
    pub of: String,
    #[serde(default)]
    pub at: f64,
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
        let key = |o: &Oracle| (o.origin.clone(), o.model.clone(), o.policy.clone(), o.n, o.initial);
        key(self) == key(other)
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
        self.model["kind"] == "categorical" || (self.model["estimator"] == "mle" && moments)
    }

    fn generations(&self) -> Vec<u32> {
        match self.quantity.statistic.as_str() {
            "first-median" => vec![self.generation.saturating_sub(1), self.generation],
            _ => (self.from.unwrap_or(self.generation)..=self.generation).collect(),
        }
    }
}

/// Chains of the cell that some oracles share, as many as the budget of records (draws) or of steps of a class (exact) allows.
pub fn chains_of(oracles: &[Oracle], model: Option<Value>, method: Method, budget: u64) -> Run {
    let first = &oracles[0];
    let recorded: Vec<u32> = oracles.iter().flat_map(Oracle::generations).collect();
    let generations = *recorded.iter().max().expect("at least one oracle");
    let classes = first.origin["probabilities"].as_array().map_or(1, Vec::len) as u64;
    let each = if method == Method::Draws { first.n.max(30) } else { classes } * (u64::from(generations) + 1);
    let replicates = (budget / each).clamp(400, 20_000);
    let cell = cell::of(first.origin.clone(), model.unwrap_or_else(|| first.model.clone()))
        .policy(first.policy.clone())
        .n(first.n)
        .initial(first.initial)
        .generations(generations)
        .replicates(replicates)
        .by(method)
        .record(&recorded);
    block_of(oracles, cell).run()
}

fn block_of(oracles: &[Oracle], cell: Cell) -> Block {
    let mut names: Vec<&str> = oracles.iter().flat_map(|oracle| sources(&oracle.tested().0.of)).copied().collect();
    names.sort_unstable();
    names.dedup();
    let mut block = Block::of([cell]);
    for name in names {
        block = match name {
            "share_0" => block.follow("share_0", 0, &[0]),
            "late" => block.events(),
            _ => block.columns(name),
        };
    }
    block
}

/// Columns that a quantity is computed from.
fn sources(of: &str) -> &'static [&'static str] {
    match of {
        "variance" | "sd" => &["variance"],
        "mean" | "mean_squared" => &["mean"],
        "fit_log_variance" => &["fit_log_variance"],
        "variance_ratio" => &["variance_ratio"],
        "w2_squared" => &["w2"],
        "kl_forward" => &["kl_forward"],
        "kl_reverse" => &["kl_reverse"],
        "beyond" => &["mean", "variance"],
        "heterozygosity" => &["heterozygosity"],
        "heterozygosity_ratio" => &["heterozygosity_ratio"],
        "classes_alive" | "classes_dead" => &["classes_alive"],
        "missing_mass" => &["missing_mass"],
        "distinct_alive" => &["distinct_alive"],
        "share_0" | "third_moment_0" => &["share_0"],
        "date_late" => &["late"],
        _ => panic!("no quantity {of}"),
    }
}

/// The quantity of each chain at a generation.
fn values(quantity: &Quantity, oracle: &Oracle, run: &Run, generation: u32) -> Vec<f64> {
    let map = |name: &str, f: &dyn Fn(f64) -> f64| run.at(generation, name).into_iter().map(f).collect::<Vec<f64>>();
    match quantity.of.as_str() {
        "sd" => map("variance", &f64::sqrt),
        "mean_squared" => map("mean", &|m| m * m),
        "w2_squared" => map("w2", &|w| w * w),
        "classes_dead" => {
            let classes = oracle.origin["probabilities"].as_array().expect("classes").len() as f64;
            map("classes_alive", &|alive| classes - alive)
        }
        "third_moment_0" => map("share_0", &|p| p * (1.0 - p) * (1.0 - 2.0 * p)),
        "beyond" => {
            let beyond = |m: f64, v: f64| {
                let sd = f64::sqrt(v);
                crate::special::upper((quantity.at - m) / sd) + crate::special::upper((quantity.at + m) / sd)
            };
            run.at(generation, "mean").into_iter().zip(run.at(generation, "variance")).map(|(m, v)| beyond(m, v)).collect()
        }
        "date_late" => run.dates("late").into_iter().map(f64::from).collect(),
        name => run.at(generation, name),
    }
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
        _ => estimate(oracle, run).z(expected),
    }
}

/// The estimate of a mean, a variance, a rate or a coefficient of variation.
pub fn estimate(oracle: &Oracle, run: &Run) -> Estimate {
    let quantity = oracle.tested().0;
    let here = || averaged(quantity, oracle, run);
    match quantity.statistic.as_str() {
        "mean" => with_rare_events(quantity, oracle, stats::mean(&here()), here().len()),
        "variance" => stats::variance(&here()),
        "cv" => stats::coefficient_of_variation(&here()),
        "rate" => {
            let fits = f64::from(oracle.generation) + 1.0;
            let Estimate { value, se } = stats::mean(&here());
            Estimate { value: value / fits, se: se / fits }
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

/// The standard error of a mean to which few chains contribute comes from the exact law of the counts, not from those few.
fn with_rare_events(quantity: &Quantity, oracle: &Oracle, estimate: Estimate, chains: usize) -> Estimate {
    if quantity.of == "distinct_alive" && estimate.se == 0.0 {
        // Every chain has one original left: how far the mean may lie above is a matter of a chain with two.
        let second = (oracle.tested().1 - estimate.value).abs();
        return Estimate { se: f64::sqrt(second / chains as f64), ..estimate };
    }
    let two_classes = oracle.origin["probabilities"].as_array().filter(|p| p.len() == 2 && oracle.policy["kind"] == "replace");
    let Some(p) = two_classes.and_then(|p| p[0].as_f64()) else { return estimate };
    let of: fn(f64) -> f64 = match quantity.of.as_str() {
        "heterozygosity" => |p| 2.0 * p * (1.0 - p),
        "third_moment_0" => |p| p * (1.0 - p) * (1.0 - 2.0 * p),
        _ => return estimate,
    };
    let law = crate::markov::count_law(oracle.n as usize, p, oracle.generation);
    let moment = |k: i32| law.iter().enumerate().map(|(i, q)| q * of(i as f64 / oracle.n as f64).powi(k)).sum::<f64>();
    Estimate { se: f64::sqrt((moment(2) - moment(1).powi(2)) / chains as f64), ..estimate }
}
