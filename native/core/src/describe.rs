//! The one description of this build: families, columns, policies, events, levels. Documents and programs read it, nobody copies it.

use serde_json::{Value, json};

use crate::columns::EVENTS;
use crate::family::Death;
use crate::models::{self, columns};
use crate::plan::NUMERICS;
use crate::policies;
use crate::simd::Level;

/// The description as JSON.
pub fn describe() -> Value {
    let families: Vec<Value> = models::LIST
        .iter()
        .map(|listed| json!({ "kind": listed.kind, "doc": listed.doc, "columns": columns(listed), "methods": listed.methods }))
        .collect();
    let policies: Vec<Value> = policies::LIST.iter().map(|(kind, doc)| json!({ "kind": kind, "doc": doc })).collect();
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "numerics": NUMERICS,
        "simd": Level::available().into_iter().map(Level::name).collect::<Vec<_>>(),
        "families": families,
        "policies": policies,
        "events": EVENTS,
        "stoppedReasons": Death::REASONS,
    })
}
