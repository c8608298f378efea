//! Policies in words, as the text of a block has them.

use serde_json::{Value, json};

/// The last batch alone.
pub fn replace() -> Value {
    json!({ "kind": "replace" })
}

/// Everything made so far.
pub fn accumulate() -> Value {
    json!({ "kind": "accumulate" })
}

/// The last batches.
pub fn window(batches: u64) -> Value {
    json!({ "kind": "window", "batches": batches, "keepReal": false })
}

/// The last batches and all real records.
pub fn window_with_real(batches: u64) -> Value {
    json!({ "kind": "window", "batches": batches, "keepReal": true })
}

/// A share of real records: new ones each generation, in fixed counts.
pub fn mix(real: f64) -> Value {
    mix_of(real, "fresh", "stratified")
}

/// A share of real records from a source (`fresh`, `fixed`) in a composition (`stratified`, `bernoulli`).
pub fn mix_of(real: f64, source: &str, composition: &str) -> Value {
    // The other share as a person would write it: 0.9 beside 0.1.
    let synthetic = ((1.0 - real) * 1e12).round() / 1e12;
    json!({ "kind": "mix", "synthetic": synthetic, "real": real, "source": source, "composition": composition, "recycle": false })
}

/// Records drawn from everything made so far.
pub fn subsample(replacement: bool) -> Value {
    json!({ "kind": "accumulate-subsample", "replacement": replacement })
}

/// Shares of the last model, of the last training set and of new real records.
pub fn three_way(synthetic: f64, previous: f64, real: f64) -> Value {
    json!({
        "kind": "mix", "synthetic": synthetic, "previous": previous, "real": real,
        "source": "fresh", "composition": "stratified", "recycle": false,
    })
}

/// One policy of every kind and option that takes whole batches.
pub fn every() -> Vec<Value> {
    vec![
        replace(),
        accumulate(),
        window(3),
        window_with_real(2),
        mix(0.3),
        mix_of(0.3, "fixed", "stratified"),
        mix_of(0.3, "fresh", "bernoulli"),
    ]
}

/// Policies that draw sets from sets.
pub fn subsets() -> Vec<Value> {
    vec![subsample(false), subsample(true), three_way(0.5, 0.3, 0.2)]
}
