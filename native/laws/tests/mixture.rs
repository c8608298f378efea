//! Gaussian mixtures: what expectation maximisation conserves, infinitely many records, starts, stages, and what can't be run.
//!
//! An M step gives the mixture the mean and covariance of the records (plus the floor), so that the total moments of any mixture follow the
//! law of the normal maximum likelihood fit. Statistical comparisons: four standard errors of our own estimate at one seed.

use genloss_core::simd::Level;
use genloss_laws::cell::{Method, of};
use genloss_laws::policy::{mix_of, subsample, three_way};
use genloss_laws::prelude::*;
use serde_json::{Value, json};

const FLOOR: f64 = 1e-6;

fn normal() -> Value {
    json!({ "kind": "gaussian", "mean": 0.0, "sd": 1.0 })
}

/// Components of equal weight and variance 1 at these places.
fn mixture(means: &[f64]) -> Value {
    let part = |mean: &f64| json!({ "weight": 1.0 / means.len() as f64, "mean": [mean], "covariance": [[1.0]] });
    json!({ "kind": "mixture", "components": means.iter().map(part).collect::<Vec<_>>() })
}

fn model(components: usize, init: &str) -> Value {
    json!({
        "kind": "gaussian-mixture", "components": components, "covariance": "full", "iterations": 100, "tolerance": 1e-3,
        "init": init, "restarts": 1, "floor": FLOOR,
    })
}

fn changed(mut value: Value, key: &str, to: Value) -> Value {
    value[key] = to;
    value
}

fn cell(origin: Value, model: Value) -> Cell {
    of(origin, model).by(Method::Draws)
}

fn near(found: Estimate, expected: f64, what: &str) {
    let z = found.z(expected);
    assert!(z.abs() <= 4.0, "{what}: {found:?}, expected {expected}, z {z}");
}

/// E v + Var m = 1 at every generation of every policy, and E v = (1 - 1/n)^fits under replace; the floor adds itself each generation.
#[test]
fn total_moments_are_those_of_the_normal_fit() {
    let policies = [replace(), accumulate(), mix(0.3), window_with_real(2), subsample(false), three_way(0.5, 0.2, 0.3)];
    for (components, init, policies) in [(1, "k-means++", &policies[..]), (3, "warm", &policies[..]), (3, "random", &policies[..1])] {
        for policy in policies {
            let cell = cell(normal(), model(components, init)).policy(policy.clone()).n(10).generations(4).replicates(1000);
            let run = cell.run("variance mean");
            for generation in [0, 1, 4] {
                let (v, m) = (run.at(generation, "variance"), run.at(generation, "mean"));
                let kept: Vec<f64> = v.iter().zip(&m).map(|(v, m)| v + m * m).collect();
                near(mean(&kept), 1.0, &format!("E v + Var m of {components} {init} under {policy} at {generation}"));
                if *policy == replace() {
                    near(mean(&v), f64::powi(0.9, generation as i32 + 1) + FLOOR, "E v");
                }
            }
        }
    }
}

/// The same in two dimensions, by the trace beside the origin's covariance, whatever the shape of components.
#[test]
fn total_moments_in_two_dimensions() {
    let origin = json!({ "kind": "multivariate-gaussian", "dimensions": 2, "mean": [5.0, -1.0], "covariance": [[4.0, 1.0], [1.0, 1.0]] });
    for covariance in ["full", "diagonal", "spherical"] {
        let model = changed(model(2, "k-means++"), "covariance", json!(covariance));
        let run = cell(origin.clone(), model)
            .n(12)
            .generations(3)
            .replicates(2000)
            .run("variance_ratio variance_min variance_max mean_shift tail_p01");
        for generation in [0, 3] {
            let (ratio, shift) = (run.at(generation, "variance_ratio"), run.at(generation, "mean_shift"));
            let (least, most) = (run.at(generation, "variance_min"), run.at(generation, "variance_max"));
            for (i, ratio) in ratio.iter().enumerate() {
                assert!((0.5 * (least[i] + most[i]) - ratio).abs() < 1e-12 * (1.0 + ratio), "{ratio} of {} {}", least[i], most[i]);
            }
            // Only the full shape conserves the covariance, which the correlated origin's units ask for.
            if covariance == "full" {
                let kept: Vec<f64> = ratio.iter().zip(&shift).map(|(ratio, shift)| ratio + 0.5 * shift * shift).collect();
                near(mean(&kept), 1.0, "E tr S0^-1 S / d + E |m|^2 / d");
            }
        }
        assert!(run.at(3, "tail_p01").iter().all(|&tail| tail >= 0.0));
    }
}

/// Infinitely many records of the law that the start is at: nothing moves but by the floor, and next to no distance is left.
#[test]
fn a_mixture_that_is_the_origin_stays() {
    let columns =
        "variance mean fit_component_sd variance_ratio w1 w2 kl_forward kl_reverse hellinger tv ks tail_p001 n fit_log_likelihood entropy";
    let run = cell(mixture(&[-2.0, 2.0]), model(2, "given")).infinite().generations(3).run(columns);
    for generation in 0..=3 {
        let at = |column| run.at(generation, column)[0];
        let added = f64::from(generation + 1) * FLOOR;
        assert!((at("variance") - 5.0 - added).abs() < 1e-12 && (at("variance_ratio") - 1.0 - 0.2 * added).abs() < 1e-12);
        assert!((at("fit_component_sd") - 1.0).abs() < added && (at("tail_p001") - 1.0).abs() < 20.0 * added && at("mean").abs() < 1e-12);
        assert!(["w1", "w2", "tv", "ks", "hellinger"].into_iter().all(|column| at(column) > 0.0 && at(column) < added));
        assert!(["kl_forward", "kl_reverse"].into_iter().all(|column| at(column) > 0.0 && at(column) < added * added));
        assert!(at("n") == f64::INFINITY && (at("fit_log_likelihood") + at("entropy")).abs() < added);
    }
}

/// One normal law for infinitely many records of two: its distances stay what one projection made them. Values by scipy
/// (tools/oracles/gaussian_mixture.py).
#[test]
fn a_projection_is_made_once() {
    let model = changed(model(1, "k-means++"), "floor", json!(1e-12));
    for (a, expected) in PROJECTIONS {
        let run =
            cell(mixture(&[-a, a]), model.clone()).infinite().generations(2).run("variance kl_forward kl_reverse hellinger tv ks w1 w2");
        for generation in [0, 2] {
            let columns = ["variance", "kl_forward", "kl_reverse", "hellinger", "tv", "ks", "w1", "w2"];
            for (column, expected) in columns.into_iter().zip(expected) {
                let found = run.at(generation, column)[0];
                assert!((found - expected).abs() < 1e-8, "{column} of {a}: {found} beside {expected}");
            }
        }
    }
}

const PROJECTIONS: [(f64, [f64; 8]); 2] = [
    (
        1.0,
        [
            2.0,
            0.009_742_769_933_141_002,
            0.011_177_544_031_747_534,
            0.050_757_705_655_242_32,
            0.055_752_374_032_268_355,
            0.022_019_673_130_871_72,
            0.072_069_071_869_414_03,
            0.090_588_750_381_898_27,
        ],
    ),
    (
        3.0,
        [
            10.0,
            0.461_994_613_467_945_2,
            0.937_980_191_016_774_9,
            0.376_228_589_803_406_7,
            0.409_590_080_559_414_37,
            0.158_238_081_352_481_52,
            0.946_238_232_530_049,
            1.091_169_000_213_769_7,
        ],
    ),
];

/// Nodes stand for infinitely many records: many records come to the same mixture.
#[test]
fn infinitely_many_records_are_the_limit_of_many() {
    let origin = json!({ "kind": "exponential", "mean": 3.0 });
    let model = changed(model(2, "k-means++"), "tolerance", json!(1e-6));
    let columns = "variance mean fit_component_sd fit_weight_min fit_log_likelihood outside_support";
    let limit = cell(origin.clone(), model.clone()).infinite().generations(1).run(columns);
    let many = cell(origin, model).n(400_000).run(columns);
    let floor = FLOOR;
    assert!((limit.at(0, "mean")[0] - 3.0).abs() < 1e-9 && (limit.at(0, "variance")[0] - 9.0 - floor).abs() < 1e-8);
    for column in ["fit_component_sd", "fit_weight_min", "fit_log_likelihood", "outside_support"] {
        let (limit, many) = (limit.at(0, column)[0], many.at(0, column)[0]);
        assert!((limit / many - 1.0).abs() < 0.02, "{column}: {limit} beside {many}");
    }
}

/// A sample widened by lambda makes the variance lambda times as large each generation.
#[test]
fn spread_is_exact_at_infinity() {
    let cell = cell(normal(), model(2, "warm")).stages(json!({ "sampling": { "spread": 1.25 } })).infinite().generations(4);
    let mut expected = 1.0 + FLOOR;
    let run = cell.run("variance");
    for generation in 0..=4 {
        let found = run.at(generation, "variance")[0];
        assert!((found - expected).abs() < 1e-9, "{generation}: {found} beside {expected}");
        expected = 1.25 * expected + FLOOR;
    }
}

/// Records that poison has made equal leave one component, on the floor, and that is said.
#[test]
fn equal_records_are_floored_and_said() {
    let poison = json!({ "poison": { "share": 1.0, "from": 1, "until": null, "record": 4.25 } });
    let poisoned = |init| cell(normal(), model(3, init)).stages(poison.clone()).generations(1);
    for cell in [poisoned("k-means++").n(20), poisoned("k-means++").infinite()] {
        let run = cell.run("mean variance components_alive fit_floored fit_component_sd fit_log_likelihood");
        let at = |column| run.at(1, column)[0];
        assert_eq!((at("components_alive"), at("fit_floored"), at("mean")), (1.0, 1.0, 4.25));
        assert!((at("fit_component_sd") - 1e-3).abs() < 1e-15 && (at("variance") - 1e-6).abs() < 1e-18);
        assert!(at("fit_log_likelihood") > 5.0 && at("fit_log_likelihood").is_finite());
    }
}

/// Ten records, then one: fewer than components stop the chain, with the reason.
#[test]
fn fewer_records_than_components_stop_a_chain() {
    let run = Block::of([cell(normal(), model(2, "warm")).sizes(json!({ "list": [10, 1] })).generations(3).replicates(3)])
        .columns("mean")
        .events()
        .run();
    assert_eq!((run.dates("stopped"), run.dates("stopped_reason")), (vec![1; 3], vec![1; 3]));
    assert!(run.at(0, "mean").iter().all(|m| m.is_finite()) && run.at(1, "mean").iter().all(|m| m.is_nan()));
}

/// Units: a mean of 1e8 moves no bit of what stands beside the origin, and a scale none but rounding where the floor goes with it.
#[test]
fn location_and_scale_are_units() {
    let columns = "variance_ratio mean_shift tail_p01 w1 fit_iterations";
    let at = |mean: f64, sd: f64| {
        let origin = json!({ "kind": "gaussian", "mean": mean, "sd": sd });
        cell(origin, changed(model(2, "k-means++"), "floor", json!(FLOOR * sd * sd))).law(7).n(50).generations(5).replicates(8).run(columns)
    };
    let (one, far, wide) = (at(0.0, 1.0), at(1e8, 1.0), at(0.0, 4.0));
    for column in ["variance_ratio", "mean_shift", "tail_p01", "fit_iterations"] {
        assert_eq!((one.at(5, column), one.at(5, column)), (far.at(5, column), wide.at(5, column)), "{column}");
    }
    assert_eq!(one.at(5, "w1").iter().map(|w| 4.0 * w).collect::<Vec<_>>(), wide.at(5, "w1"));
}

/// Every policy, size and origin gives the same bytes at any number of threads and at every level.
#[test]
fn threads_and_levels_change_no_bit() {
    let table = |columns: &[usize]| json!({ "kind": "table", "table": 0, "columns": columns });
    let plane = json!({ "kind": "multivariate-gaussian", "dimensions": 2 });
    let two = json!({ "kind": "mixture", "components": [
        { "weight": 0.4, "mean": [0.0, 3.0], "covariance": [[1.0, 0.5], [0.5, 1.0]] },
        { "weight": 0.6, "mean": [1.0, -3.0], "covariance": [[2.0, 0.0], [0.0, 0.5]] },
    ] });
    for policy in [replace(), accumulate(), window(2), mix_of(0.3, "fresh", "bernoulli"), subsample(true), three_way(0.5, 0.2, 0.3)] {
        for (n, generations, replicates) in [(9, 5, 5), (17_000, 1, 1)] {
            let origins = [(normal(), "warm"), (mixture(&[-2.0, 2.0]), "given"), (plane.clone(), "random"), (two.clone(), "given")];
            let mut cells: Vec<Cell> =
                origins.into_iter().map(|(origin, init)| cell(origin, model(if init == "given" { 2 } else { 3 }, init))).collect();
            // More previous records than a table has are refused.
            if n < 60 || policy["previous"].as_f64().unwrap_or(0.0) == 0.0 {
                cells.extend([cell(table(&[0]), model(2, "k-means++")).initial(60), cell(table(&[0, 1]), model(2, "warm")).initial(60)]);
            }
            let cells: Vec<Cell> = cells
                .into_iter()
                .zip(0..)
                .map(|(cell, index)| cell.policy(policy.clone()).n(n).generations(generations).replicates(replicates).index(index))
                .collect();
            let x: Vec<f64> = (0..60).map(|k| f64::from(k * k % 23) + 0.1).collect();
            let y: Vec<f64> = (0..60).map(|k| f64::from(k * 7 % 19) - x[k as usize]).collect();
            let run = |threads, level| {
                let block = Block::of(cells.clone()).table(vec![numbers(&x), numbers(&y)]).events().threads(threads).level(level);
                block
                    .columns(
                        "mean variance_ratio variance_max tail_p01 w1 kl_forward ks entropy fit_log_likelihood fit_iterations early_state",
                    )
                    .run()
                    .bits()
            };
            let first = run(1, Level::BASE);
            assert!(run(3, Level::best()) == first, "{policy} {n} on 3 threads");
            for level in Level::available() {
                assert!(run(2, level) == first, "{policy} {n} at {}", level.name());
            }
        }
    }
}

/// What has no meaning is refused before it starts, with the setting's name.
#[test]
fn what_cannot_be_run_is_refused() {
    let plane = || json!({ "kind": "multivariate-gaussian", "dimensions": 2 });
    let usual = || cell(normal(), model(2, "k-means++"));
    let with = |key: &str, value: Value| cell(normal(), changed(model(2, "k-means++"), key, value));
    let part = |weight: f64, covariance: Value| json!({ "weight": weight, "mean": [0.0], "covariance": covariance });
    let parts = |parts: Value| cell(json!({ "kind": "mixture", "components": parts }), model(1, "warm"));
    for (cell, path) in [
        (with("components", json!(0)), "model.components"),
        (with("components", json!(11)), "model.components"),
        (usual().initial(1).n(50), "model.components"),
        (with("iterations", json!(0)), "model.iterations"),
        (with("restarts", json!(0)), "model.restarts"),
        (with("tolerance", json!(-1e-3)), "model.tolerance"),
        (with("floor", json!(0.0)), "model.floor"),
        (with("init", json!("given")), "model.init"),
        (cell(mixture(&[-1.0, 1.0]), changed(model(2, "given"), "restarts", json!(3))), "model.restarts"),
        (usual().by(Method::Exact), "method"),
        (cell(plane(), model(2, "warm")).infinite(), "n"),
        (usual().infinite().policy(subsample(false)), "method"),
        (cell(json!({ "kind": "pareto", "scale": 1.0, "shape": 3.0 }), model(2, "warm")), "origin.kind"),
        (usual().stages(json!({ "sampling": { "temperature": 0.9 } })), "stages.sampling.temperature"),
        (usual().n(5_000_000_000), "n"),
        (cell(json!({ "kind": "poisson", "mean": 1.0 }), model(2, "warm")), "origin.kind"),
        (parts(json!([])), "origin.components"),
        (parts(json!([part(0.5, json!([[1.0]]))])), "origin.components"),
        (parts(json!([part(1.0, json!([[0.0]]))])), "origin.components[0].covariance[0][0]"),
        (parts(json!([part(1.0, json!([[1.0]])), part(-0.5, json!([[1.0]]))])), "origin.components[1].weight"),
    ] {
        let text = cell.json();
        let refused = cell.try_run("mean").map(|_| ()).expect_err(&text.to_string());
        assert_eq!(refused.path.trim_start_matches("cells[0]."), path, "{text}");
    }
}
