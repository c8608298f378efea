//! Stages in words, as the text of a block has them.

use serde_json::{Value, json};

/// One of every kind and option; which of them a family has is the core's to say.
pub fn every() -> Vec<Value> {
    let sampling = |name: &str, value: Value| json!({ "sampling": { name: value } });
    let filter = |top_up: bool| json!({ "filter": { "truePositiveRate": 0.6, "falsePositiveRate": 0.1, "topUp": top_up } });
    let selection = |by: &str| json!({ "selection": { "keep": 0.5, "by": by } });
    vec![
        sampling("temperature", json!(0.9)),
        sampling("spread", json!(1.1)),
        sampling("truncate", json!(2.0)),
        sampling("topK", json!(3)),
        sampling("topP", json!(0.9)),
        sampling("bias", json!([1.0, 1.0, 1.0, 0.5])),
        filter(false),
        filter(true),
        selection("highest"),
        selection("lowest"),
        selection("central"),
        json!({ "poison": { "share": 0.2, "from": 1, "until": 3, "record": 1 } }),
        json!({ "weights": { "real": 2.0, "synthetic": 1.0 } }),
    ]
}
