//! Linear regression chains: every policy and stage against a program that keeps records, both methods as one law, the same bytes always.

use genloss_core::simd::Level;
use genloss_laws::cell::{Method, of};
use genloss_laws::ks::same_law;
use genloss_laws::policy::{every, mix_of, subsample, three_way};
use genloss_laws::prelude::*;
use genloss_laws::stats;
use serde_json::{Value, json};

/// Every column of the family.
fn columns() -> String {
    let list = genloss_core::models::linear_regression::list();
    list.iter().map(|column| column.name).collect::<Vec<_>>().join(" ")
}

fn regression(dimensions: u64, noise: f64, model: &Value) -> Cell {
    let mut settings = json!({ "kind": "linear-regression", "features": "fresh", "ridge": 0.0, "noise": "known" });
    for (name, value) in model.as_object().expect("settings") {
        settings[name] = value.clone();
    }
    of(json!({ "kind": "linear-regression", "dimensions": dimensions, "noise": noise }), settings)
}

/// Means and standard errors of 400,000 chains after three rounds: tools/oracles/linear_regression.py.
#[test]
fn chains_agree_with_numpy() {
    let (known, fitted) = (json!({}), json!({ "noise": "fitted" }));
    let none = json!({});
    let weights = json!({ "weights": { "real": 2.0, "synthetic": 0.5 } });
    let cases = [
        ("window with real", window_with_real(2), known.clone(), none.clone(), (2.135060, 0.004867), None),
        ("fixed real", mix_of(0.25, "fixed", "stratified"), fitted.clone(), none.clone(), (5.393559, 0.013125), Some((0.582285, 0.001892))),
        ("accumulate", accumulate(), fitted.clone(), none.clone(), (2.087920, 0.004788), Some((1.030119, 0.001130))),
        ("same, last two", window(2), json!({ "features": "same" }), none.clone(), (3.530836, 0.008452), None),
        ("subsample", subsample(false), known, none.clone(), (3.713055, 0.007889), None),
        ("three-way", three_way(0.5, 0.25, 0.25), fitted.clone(), none.clone(), (3.355542, 0.008291), Some((1.170549, 0.001327))),
        ("ridge", replace(), json!({ "noise": "fitted", "ridge": 3.0 }), none, (1.079711, 0.002724), Some((1.002974, 0.001806))),
        (
            "temperature",
            replace(),
            fitted.clone(),
            json!({ "sampling": { "temperature": 0.5 } }),
            (3.011940, 0.006359),
            Some((-1.397570, 0.001985)),
        ),
        ("weights", accumulate(), fitted, weights, (1.719818, 0.004116), Some((1.015964, 0.001021))),
    ];
    for (name, policy, model, stages, risk, log) in cases {
        let kept = policy["kind"] == "accumulate-subsample" || policy["previous"].as_f64().unwrap_or(0.0) > 0.0;
        for method in Method::BOTH.into_iter().filter(|&method| !kept || method == Method::Draws) {
            let cell = regression(2, 2.0, &model).policy(policy.clone()).stages(stages.clone()).n(8).generations(3);
            let run = cell.replicates(40_000).record(&[3]).by(method).run("excess_risk fit_log_variance");
            let logs = log.map(|log| ("fit_log_variance", log));
            for (column, (value, se)) in [("excess_risk", risk)].into_iter().chain(logs) {
                let found = stats::mean(&run.at(3, column));
                let z = (found.value - value) / f64::hypot(found.se, se);
                assert!(z.abs() < 4.0, "{column} under {name} by {method:?}: {found:?}, expected {value}, z {z}");
            }
        }
    }
}

/// Each method allows itself a false alarm once in a thousand seeds, shared among its comparisons (Bonferroni).
#[test]
fn exact_and_drawn_chains_have_one_law() {
    let mut comparisons = vec![];
    let ridge = json!({ "noise": "fitted", "ridge": 2.0 });
    for (model, n, policies) in [
        (json!({ "noise": "fitted" }), 7, every()),
        (json!({}), 4, vec![replace(), accumulate()]),
        (ridge, 2, vec![replace(), mix(0.5)]),
        (json!({ "noise": "fitted", "features": "same" }), 7, vec![replace(), accumulate(), window_with_real(2)]),
    ] {
        // A ridge has a fit of fewer records than features, but the noise of such a fit has no divisor.
        let model = if n <= 4 { json!({ "noise": "known", "ridge": model.get("ridge").unwrap_or(&json!(0.0)) }) } else { model };
        for policy in policies {
            let run = |method| {
                let cell = regression(4, 1.0, &model).policy(policy.clone()).n(n).generations(3).replicates(4000);
                cell.record(&[3]).by(method).run("excess_risk fit_log_variance tail_p01")
            };
            let (exact, drawn) = (run(Method::Exact), run(Method::Draws));
            for column in ["excess_risk", "fit_log_variance", "tail_p01"] {
                let p = same_law(&exact.at(3, column), &drawn.at(3, column));
                comparisons.push((p, format!("{column} of {model}, n {n}, under {policy}")));
            }
        }
    }
    let bound = 1e-3 / comparisons.len() as f64;
    for (p, what) in comparisons {
        assert!(p >= bound, "p {p:.2e} below {bound:.2e}: {what}");
    }
}

/// Threads, instruction levels and ranges of replicates; sizes within a chunk and over it; with and without records kept.
#[test]
fn the_same_plan_gives_the_same_bytes() {
    let policies = every().into_iter().chain([subsample(true), three_way(0.4, 0.3, 0.3)]);
    for policy in policies {
        let kept = policy["kind"] == "accumulate-subsample" || policy["previous"].as_f64().unwrap_or(0.0) > 0.0;
        let whole = policy["kind"] != "mix" && !kept;
        for (n, generations, replicates) in [(9u64, 4, 37), (20_000, 1, 3)] {
            for (method, features) in [(Method::Exact, "fresh"), (Method::Draws, "fresh"), (Method::Exact, "same"), (Method::Draws, "same")]
            {
                if (kept && method == Method::Exact) || (features == "same" && !whole) {
                    continue;
                }
                let model = json!({ "noise": "fitted", "features": features, "ridge": if n == 9 { 0.5 } else { 0.0 } });
                let cell = regression(3, 1.5, &model).policy(policy.clone()).n(n).generations(generations).by(method).sustain(2);
                let block = |from, to| Block::of([cell.clone().range(from, to)]).columns(&columns()).columns("n").events();
                let first = block(0, replicates).threads(1).level(Level::BASE).run().bits();
                for level in Level::available() {
                    assert!(block(0, replicates).threads(3).level(level).run().bits() == first, "{policy} {method:?} at {}", level.name());
                }
                let mut parts = (vec![], vec![]);
                for (from, to) in [(0, 1), (1, replicates)] {
                    let part = block(from, to).threads(2).run().bits();
                    parts.0.push(part.0);
                    parts.1.push(part.1);
                }
                let joined = |columns: usize, part: &dyn Fn(usize, usize) -> Vec<u64>| -> Vec<Vec<u64>> {
                    (0..columns).map(|column| (0..2).flat_map(|i| part(i, column)).collect()).collect()
                };
                assert!(joined(first.0.len(), &|i, column| parts.0[i][column].clone()) == first.0, "{policy} {method:?} in ranges");
            }
        }
    }
}

/// Without chance nothing is lost by any policy; a temperature shrinks the noise by itself at every round.
#[test]
fn infinitely_many_records_have_no_error() {
    for model in [json!({}), json!({ "noise": "fitted", "ridge": 1.0 }), json!({ "features": "same" })] {
        for policy in every().into_iter().filter(|policy| model["features"] != "same" || policy["kind"] != "mix") {
            let run = regression(3, 2.0, &model).policy(policy.clone()).infinite().generations(4).run(&columns());
            let at = |name| run.at(4, name)[0];
            assert!(at("excess_risk") == 0.0 && (at("variance_ratio") - 1.0).abs() < 1e-12, "{policy}");
            assert!(at("kl_forward").abs() < 1e-12 && (at("tail_p001") - 1.0).abs() < 1e-9, "{policy}");
        }
    }
    let cooled = regression(3, 2.0, &json!({ "noise": "fitted" })).infinite().generations(4);
    let run = cooled.stages(json!({ "sampling": { "temperature": 0.5 } })).run("variance_ratio excess_risk");
    assert!((run.at(4, "variance_ratio")[0] / 0.0625 - 1.0).abs() < 1e-13 && run.at(4, "excess_risk")[0] == 0.0);
}

/// Too few records, records without noise, subsets with fewer distinct records than features: a number, an infinity, or a dead chain.
#[test]
fn hard_data_ends_a_chain_or_has_a_number() {
    let few = "too few records to fit";
    let cell = |model, n| regression(4, 1.0, &model).n(n).generations(5).replicates(30);
    for (name, cell, dies) in [
        ("fewer records than features", cell(json!({}), 3), Some(0)),
        ("as many", cell(json!({}), 4), None),
        ("no divisor for the noise", cell(json!({ "noise": "fitted" }), 4), Some(0)),
        ("a ridge", cell(json!({ "ridge": 1e-3 }), 2), None),
        ("a ridge alone", cell(json!({ "ridge": 1e300 }), 6), None),
        ("no noise", cell(json!({ "noise": "fitted" }), 9).stages(json!({ "sampling": { "spread": 0.0 } })), None),
    ] {
        for method in Method::BOTH {
            let run = Block::of([cell.clone().by(method)]).columns(&columns()).events().run();
            assert!(run.dates("stopped").iter().all(|&date| date == dies.unwrap_or(-1)), "{name} by {method:?}");
            for column in &run.columns.names {
                let undefined = run.at(0, column).iter().chain(&run.at(5, column)).filter(|x| x.is_nan()).count();
                assert_eq!(undefined, if dies.is_some() { 60 } else { 0 }, "{column}: {name} by {method:?}");
            }
        }
    }
    // Five of five records with replacement: as many different ones as features in some subsets only.
    let run = Block::of([cell(json!({}), 5).policy(subsample(true)).by(Method::Draws)]).columns(&columns()).events().run();
    let stopped = run.dates("stopped");
    assert!(stopped.contains(&-1) && stopped.iter().any(|&date| date > 0), "{stopped:?}");
    let reasons = genloss_core::family::Death::REASONS;
    assert!(run.dates("stopped_reason").iter().all(|&reason| reason < 0 || reasons[reason as usize] == few));
    for (chain, &date) in stopped.iter().enumerate() {
        let risks = run.chain(chain, "excess_risk");
        let alive = if date < 0 { risks.len() } else { date as usize };
        assert!(risks[..alive].iter().all(|x| x.is_finite()) && risks[alive..].iter().all(|x| x.is_nan()), "{risks:?} {date}");
    }
}

/// Early: a tenth of the outermost 1 % of responses is left. Late: a hundredth of the noise's variance. Diverged: a hundred times as much.
#[test]
fn signals_and_columns_agree() {
    let mut seen = [0; 3];
    for (policy, temperature) in [(replace(), 1.0), (accumulate(), 0.5), (replace(), 3.0)] {
        let cell = regression(3, 2.0, &json!({ "noise": "fitted" })).policy(policy).n(6).generations(40).replicates(50);
        let cell = cell.stages(json!({ "sampling": { "temperature": temperature } }));
        let run = Block::of([cell]).columns("variance_ratio tail_p01 early_state late_state").events().run();
        let diverged = run.dates("diverged");
        for (chain, &diverged) in diverged.iter().enumerate() {
            let [ratios, tails, early, late] =
                ["variance_ratio", "tail_p01", "early_state", "late_state"].map(|name| run.chain(chain, name));
            for g in 0..ratios.len() {
                assert_eq!([early[g] == 1.0, late[g] == 1.0], [tails[g] <= 0.1, ratios[g] <= 0.01], "{} {}", tails[g], ratios[g]);
                seen[0] += usize::from(early[g] == 1.0);
                seen[1] += usize::from(late[g] == 1.0);
            }
            assert_eq!(diverged, ratios.iter().position(|&ratio| ratio > 100.0).map_or(-1, |g| g as i32));
            seen[2] += usize::from(diverged >= 0);
        }
    }
    assert!(seen.iter().all(|&count| count > 10), "{seen:?}");
}

/// What has no meaning is refused before anything runs, by its path.
#[test]
fn settings_without_meaning_are_refused() {
    let same = || regression(2, 1.0, &json!({ "features": "same" }));
    let fresh = || regression(2, 1.0, &json!({}));
    let central = json!({ "selection": { "keep": 0.5, "by": "central" } });
    let filter = json!({ "filter": { "truePositiveRate": 0.5, "falsePositiveRate": 0.1, "topUp": false } });
    for (cell, path) in [
        (regression(0, 1.0, &json!({})), "origin.dimensions"),
        (regression(2, 0.0, &json!({})), "origin.noise"),
        (regression(2, 1.0, &json!({ "ridge": -1.0 })), "model.ridge"),
        (same().policy(mix(0.5)), "model.features"),
        (same().policy(subsample(false)).by(Method::Draws), "model.features"),
        (same().n(10).initial(20), "model.features"),
        (same().sizes(json!({ "start": 10, "power": 1.0 })), "model.features"),
        (same().stages(filter), "model.features"),
        (fresh().stages(central).by(Method::Draws), "stages.selection"),
        (fresh().stages(json!({ "sampling": { "truncate": 2.0 } })), "stages.sampling.truncate"),
        (fresh().policy(subsample(false)), "method"),
        (of(json!({ "kind": "gaussian", "mean": 0.0, "sd": 1.0 }), fresh().json()["model"].clone()), "origin.kind"),
    ] {
        let error = cell.clone().try_run("excess_risk").map(|_| ()).expect_err(&cell.json().to_string());
        assert_eq!((error.code, error.path), ("plan", format!("cells[0].{path}")), "{}", cell.json());
    }
}
