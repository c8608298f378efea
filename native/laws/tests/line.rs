//! Models on the line: the same bytes whatever the way they are run, the same law whatever the units, and their own law in their draws.

use genloss_core::simd::Level;
use genloss_laws::cell::{Method, of};
use genloss_laws::policy::every;
use genloss_laws::prelude::*;
use serde_json::{Value, json};

const DISTANCES: &str =
    "mean variance variance_ratio tail_p01 tail_upper_p01 w1 w2 kl_forward kl_reverse hellinger tv ks entropy outside_support";

fn mixture() -> Value {
    json!({ "kind": "mixture", "components": [
        { "weight": 0.25, "mean": [-4.0], "covariance": [[0.25]] },
        { "weight": 0.75, "mean": [1.0], "covariance": [[4.0]] },
    ] })
}

/// Every origin on the line.
fn origins() -> Vec<Value> {
    vec![
        json!({ "kind": "gaussian", "mean": 3.0, "sd": 2.0 }),
        json!({ "kind": "exponential", "mean": 2.0 }),
        json!({ "kind": "pareto", "scale": 1.0, "shape": 2.5 }),
        mixture(),
        json!({ "kind": "table", "table": 0, "columns": [0] }),
    ]
}

fn models() -> Vec<Value> {
    vec![
        json!({ "kind": "kde", "bandwidth": "scott" }),
        json!({ "kind": "kde", "bandwidth": 0.3 }),
        json!({ "kind": "histogram", "bins": 12 }),
        json!({ "kind": "histogram", "width": 0.5 }),
        json!({ "kind": "gaussian", "estimator": "mle" }),
    ]
}

fn cells() -> impl Iterator<Item = Cell> {
    let exact = |model: &Value| if model["kind"] == "kde" { vec![Method::Draws] } else { vec![Method::Draws, Method::Exact] };
    origins().into_iter().flat_map(move |origin| {
        models()
            .into_iter()
            .flat_map(move |model| exact(&model).into_iter().map(|method| of(origin.clone(), model.clone()).by(method)).collect::<Vec<_>>())
    })
}

fn block(cells: impl IntoIterator<Item = Cell>) -> Block {
    let rows: Vec<f64> = (0..60).map(|k| f64::from(k * k % 23) + 0.1).collect();
    Block::of(cells).table(vec![numbers(&rows)]).events()
}

fn runnable(cell: &Cell) -> bool {
    block([cell.clone().replicates(1)]).columns(DISTANCES).try_run().is_ok()
}

#[test]
fn threads_levels_and_ranges_change_no_bit() {
    for policy in every() {
        let cells: Vec<Cell> =
            cells().map(|cell| cell.policy(policy.clone()).n(30).generations(3).replicates(5)).filter(runnable).collect();
        assert!(cells.len() >= 25, "{policy}: {}", cells.len());
        let run = |cells: Vec<Cell>, threads, level| block(cells).columns(DISTANCES).threads(threads).level(level).run().bits();
        let first = run(cells.clone(), 1, Level::BASE);
        assert!(run(cells.clone(), 3, Level::best()) == first, "{policy}");
        let parts = |cell: &Cell| [(0, 2), (2, 5)].map(|(from, to)| cell.clone().range(from, to));
        assert!(run(cells.iter().flat_map(parts).collect(), 2, Level::best()) == first, "{policy} in parts");
    }
}

/// Batches of many chunks, on several threads.
#[test]
fn large_batches_change_no_bit() {
    let cells: Vec<Cell> = cells().map(|cell| cell.n(40_000).generations(1).replicates(1)).filter(runnable).collect();
    let run = |threads, level| block(cells.clone()).columns(DISTANCES).threads(threads).level(level).run().bits();
    let first = run(1, Level::BASE);
    assert!(run(4, Level::best()) == first);
}

/// Another unit: the same chains, distances times the scale, divergences as they were.
#[test]
fn laws_move_and_stretch_with_their_units() {
    let pair = |mean: f64, scale: f64| {
        let component =
            |weight: f64, m: f64, v: f64| json!({ "weight": weight, "mean": [mean + scale * m], "covariance": [[scale * scale * v]] });
        json!({ "kind": "mixture", "components": [component(0.25, -4.0, 0.25), component(0.75, 1.0, 4.0)] })
    };
    for (bandwidth, scaled) in [(json!("scott"), json!("scott")), (json!(0.5), json!(1.5))] {
        let run = |origin: Value, bandwidth: Value| {
            let cell = of(origin, json!({ "kind": "kde", "bandwidth": bandwidth })).by(Method::Draws).law(7);
            cell.n(40).generations(4).replicates(20).run(DISTANCES)
        };
        let (here, there) = (run(pair(0.0, 1.0), bandwidth), run(pair(1e6, 3.0), scaled));
        for generation in 0..=4 {
            for (column, shift, scale) in [
                ("mean", 1e6, 3.0),
                ("variance", 0.0, 9.0),
                ("w1", 0.0, 3.0),
                ("w2", 0.0, 3.0),
                ("tv", 0.0, 1.0),
                ("kl_forward", 0.0, 1.0),
                ("tail_p01", 0.0, 1.0),
            ] {
                for (a, b) in here.at(generation, column).iter().zip(there.at(generation, column)) {
                    let expected = shift + scale * a;
                    assert!((b - expected).abs() <= 1e-8 * f64::max(expected.abs(), 1e-2), "{column}: {b} beside {expected}");
                }
            }
        }
    }
}

/// Counts drawn at once and one by one have the same law, whichever the origin: moments of the model after three generations.
#[test]
fn exact_histograms_are_drawn_histograms() {
    for origin in origins() {
        for (policy, width) in [(replace(), 0.7), (mix(0.3), 2.0), (accumulate(), 0.1)] {
            let cell = of(origin.clone(), json!({ "kind": "histogram", "width": width })).policy(policy.clone()).n(30).generations(3);
            let [exact, drawn] =
                Method::BOTH.map(|method| block([cell.clone().replicates(4000).by(method)]).columns("mean bins_alive tail_p01").run());
            for column in ["mean", "bins_alive", "tail_p01"] {
                for generation in [0, 3] {
                    let [a, b] = [&exact, &drawn].map(|run| mean(&run.at(generation, column)));
                    // The mean of a power law's mean converges too slowly.
                    let heavy = origin["kind"] == "pareto" && column == "mean";
                    // Sixty rows have no outermost 1 %.
                    let none = origin["kind"] == "table" && column == "tail_p01";
                    let z = if a.se == 0.0 { 0.0 } else { (a.value - b.value) / f64::hypot(a.se, b.se) };
                    assert!(
                        heavy || (none && a.value.is_nan() && b.value.is_nan()) || z.abs() < 4.5,
                        "{column} of {origin} at {generation}: {a:?} {b:?}"
                    );
                }
            }
        }
    }
}
