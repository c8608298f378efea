//! No text and no table makes the core panic: whatever comes in, columns or an error in words come out.
//!
//! The cases are the same at every run (a fixed generator); a failure is shrunk and shown.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use genloss_core::describe::describe;
use genloss_core::plan;
use genloss_core::simd::Level;
use genloss_core::table::{Table, TableColumn};
use genloss_laws::run::{codes, numbers, run_text};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Value, json};

/// Records, chains and rows that a case may cost; larger ones are parsed and not run.
const WORK: f64 = 2e5;

fn number() -> impl Strategy<Value = f64> {
    let special = [0.0, -0.0, 1.0, -1.0, 0.5, 1e-320, 5e-324, 1e-300, 1e300, f64::MAX, -f64::MAX, 0.1, 1e9, 3.5];
    prop_oneof![select(special.to_vec()), -10.0..10.0f64]
}

fn cell_of_a_table() -> impl Strategy<Value = f64> {
    prop_oneof![4 => number(), 1 => select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY])]
}

/// Tables of 1 to 30 rows: numbers of any kind, a constant, codes, and a column of one code.
fn a_table() -> impl Strategy<Value = Arc<Table>> {
    (1usize..30).prop_flat_map(|rows| {
        let columns = (vec(cell_of_a_table(), rows), number(), vec(0u32..6, rows), 0u32..40, vec(-5.0..5.0f64, rows));
        columns.prop_map(move |(wild, constant, classes, code, tame)| {
            let columns: Vec<TableColumn> =
                vec![numbers(&wild), numbers(&vec![constant; rows]), codes(&classes), codes(&vec![code; rows]), numbers(&tame)];
            Arc::new(Table::new(columns).expect("columns of one length"))
        })
    })
}

fn probabilities() -> impl Strategy<Value = Vec<f64>> {
    let weight = prop_oneof![select(vec![0.0, 0.0, 1.0, 1e-300, 1e-12]), 0.0..1.0f64];
    vec(weight, 1..8).prop_map(|weights| {
        let sum: f64 = weights.iter().sum();
        weights.iter().map(|w| w / sum).map(|p| if p.is_finite() { p } else { 1.0 }).collect()
    })
}

fn origin() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => (number(), number()).prop_map(|(mean, sd)| json!({ "kind": "gaussian", "mean": mean, "sd": sd })),
        2 => Just(json!({ "kind": "gaussian", "mean": 0.0, "sd": 1.0 })),
        2 => probabilities().prop_map(|p| json!({ "kind": "categorical", "probabilities": p })),
        1 => (0usize..2, vec(0usize..6, 0..4)).prop_map(|(table, columns)| json!({ "kind": "table", "table": table / 2, "columns": columns })),
        2 => (0usize..5).prop_map(|column| json!({ "kind": "table", "table": 0, "columns": [column] })),
    ]
}

fn model() -> impl Strategy<Value = Value> {
    let kinds = ["unbiased", "mle"].map(|estimator| json!({ "kind": "gaussian", "estimator": estimator }));
    let copulas = ["kde", "heavy-tailed"].map(|margin| json!({ "kind": "copula", "margins": [margin], "bounds": "natural" }));
    let plain = [&kinds[..], &[json!({ "kind": "categorical" }), json!({ "kind": "empirical" }), json!({ "kind": "empirical" })]].concat();
    prop_oneof![9 => select(plain), 1 => select(copulas.to_vec())]
}

fn policy() -> impl Strategy<Value = Value> {
    let share = prop_oneof![select(vec![0.0, 1.0, 0.5, 0.1, 1e-30, 1e-17, 0.999_999_999_999]), 0.0..1.0f64];
    let mix = (share, select(vec!["fresh", "fixed", "fixed-stratified"]), select(vec!["stratified", "bernoulli"]), any::<bool>());
    prop_oneof![
        Just(json!({ "kind": "replace" })),
        Just(json!({ "kind": "accumulate" })),
        (select(vec![1u64, 2, 3, 100, 1 << 60]), any::<bool>())
            .prop_map(|(batches, keep)| json!({ "kind": "window", "batches": batches, "keepReal": keep })),
        mix.prop_map(|(real, source, composition, recycle)| {
            json!({ "kind": "mix", "synthetic": 1.0 - real, "real": real, "source": source, "composition": composition, "recycle": recycle })
        }),
    ]
}

fn size() -> impl Strategy<Value = u64> {
    prop_oneof![4 => 1u64..40, 1 => 16_380u64..16_390, 1 => select(vec![1 << 53, 1_000_000_000_000, 100_000])]
}

fn cell() -> impl Strategy<Value = Value> {
    let run = (0u32..6, 0u64..3, 1u64..20, select(vec!["draws", "exact"]), any::<bool>(), 1u32..5);
    ((origin(), model(), policy()), (size(), prop_oneof![3 => size(), 1 => Just(0)]), run).prop_map(
        |((origin, model, policy), (n, initial), (generations, first, count, method, all, sustain))| {
            let record = if all || generations == 0 { json!("all") } else { json!([0, generations]) };
            json!({
                "index": 0, "law": "00112233445566778899aabbccddeeff", "seed": "7", "replicates": [first, first + count],
                "origin": origin, "model": model, "policy": policy, "n": n, "initial": if initial == 0 { n } else { initial },
                "generations": generations, "method": method, "record": record, "sustain": sustain,
            })
        },
    )
}

/// Every column of every family, one that none has, and a followed set.
fn columns() -> Vec<String> {
    let families = describe()["families"].as_array().cloned().unwrap_or_default();
    let mut names: Vec<String> = families
        .iter()
        .flat_map(|family| family["columns"].as_array().cloned().unwrap_or_default())
        .filter_map(|column| column["name"].as_str().map(String::from))
        .chain(["no_such_column".into()])
        .collect();
    names.sort();
    names.dedup();
    names
}

fn block() -> impl Strategy<Value = Value> {
    let watch = (0usize..6, vec(0u32..50, 0..4), prop_oneof![3 => Just(Value::Null), 1 => (0usize..6).prop_map(|c| json!(c))]);
    (vec(cell(), 1), prop_oneof![4 => Just(false), 1 => Just(true)], any::<bool>(), watch).prop_map(
        |(cells, followed, events, (column, codes, mean))| {
            let mut names = columns();
            let mut watch = vec![];
            if followed {
                names.push("followed".into());
                watch.push(json!({ "name": "followed", "column": column, "codes": codes, "mean": mean }));
            }
            json!({ "numerics": plan::NUMERICS, "events": events, "columns": names, "watch": watch, "cells": cells })
        },
    )
}

/// What a case would cost if it were run.
fn cost(block: &plan::Block) -> f64 {
    let of = |cell: &plan::Cell| {
        let chains = (cell.replicates[1] - cell.replicates[0]) as f64 * (f64::from(cell.generations) + 1.0);
        // Rows of a table are drawn one by one, whatever the method.
        let drawn = cell.method == plan::Method::Draws || matches!(cell.origin, plan::Origin::Table { .. });
        let size = |rule: &plan::SizeRule| if let plan::SizeRule::Constant(n) = rule { *n as f64 } else { 1e18 };
        let (n, initial) = (size(&cell.n), size(&cell.initial));
        // A recycled real set is put together copy by copy.
        let copies = if matches!(cell.policy, plan::Policy::Mix { recycle: true, .. }) { n / initial } else { 1.0 };
        chains * if drawn { f64::max(n, initial) } else { copies.max(1.0) }
    };
    block.cells.iter().map(of).sum()
}

/// Runs a text; says how the core failed at its duty, if it did.
fn judge(text: &str, table: Arc<Table>) -> Result<bool, TestCaseError> {
    let parsed = match plan::Block::parse(text) {
        Ok(block) => block,
        Err(error) => return if error.code == "plan" { Ok(false) } else { Err(TestCaseError::fail(error.to_string())) },
    };
    if cost(&parsed) > WORK {
        return Ok(false);
    }
    match run_text(text, &[table], &AtomicU32::new(0), &AtomicU32::new(0), Level::best(), 2) {
        Ok(columns) => {
            let rows = columns.cell.len();
            prop_assert!(columns.values.iter().all(|values| values.len() == rows), "columns of one length");
            prop_assert_eq!(columns.names.len(), parsed.columns.len());
            Ok(true)
        }
        Err(error) if ["plan", "data"].contains(&error.code) => Ok(false),
        Err(error) => Err(TestCaseError::fail(format!("{}: {error}", error.code))),
    }
}

fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 4000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn well_formed_blocks_give_columns_or_words() {
    let ran = std::cell::Cell::new(0);
    let outcome = runner(15_000).run(&(block(), a_table()), |(block, table)| {
        ran.set(ran.get() + u32::from(judge(&block.to_string(), table)?));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    println!("{} of 15000 ran", ran.get());
    assert!(ran.get() > 3000, "only {} ran", ran.get());
}

/// Every place of a JSON value, as a path.
fn places(value: &Value, path: &str, out: &mut Vec<String>) {
    out.push(path.to_string());
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| places(value, &format!("{path}/{key}"), out)),
        Value::Array(items) => items.iter().enumerate().for_each(|(i, value)| places(value, &format!("{path}/{i}"), out)),
        _ => {}
    }
}

fn anything() -> impl Strategy<Value = Value> {
    let words = ["", "all", "mle", "nan", "-1", "é", "18446744073709551616", "+5", "ffffffffffffffffffffffffffffffff"];
    prop_oneof![
        select(vec![json!(null), json!(true), json!([]), json!({}), json!([0]), json!([1, 0]), json!([[0]]), json!({ "kind": "replace" })]),
        select(words.to_vec()).prop_map(|word| json!(word)),
        number().prop_map(|x| json!(x)),
        select(vec![0u64, 1, 2, u64::from(u32::MAX), 1 << 53, u64::MAX]).prop_map(|x| json!(x)),
        any::<i64>().prop_map(|x| json!(x)),
    ]
}

#[test]
fn damaged_blocks_give_columns_or_words() {
    let damage = vec((any::<prop::sample::Index>(), anything()), 1..3);
    let outcome = runner(12_000).run(&(block(), a_table(), damage), |(mut block, table, damage)| {
        for (place, value) in damage {
            let mut all = vec![];
            places(&block, "", &mut all);
            *block.pointer_mut(&all[place.index(all.len())]).expect("a place of the block") = value;
        }
        judge(&block.to_string(), table).map(drop)
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn torn_texts_give_words() {
    let tear = (any::<prop::sample::Index>(), any::<u8>());
    let outcome = runner(4000).run(&(block(), a_table(), tear), |(block, table, (place, byte))| {
        let mut text = block.to_string().into_bytes();
        let at = place.index(text.len());
        text[at] = byte;
        judge(&String::from_utf8_lossy(&text), table.clone()).map(drop)?;
        text.truncate(at);
        judge(&String::from_utf8_lossy(&text), table).map(drop)
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
