//! The gaussian family's columns again, from each model's mean and variance alone, by quadrature and other formulas.

use genloss_laws::cell::{Method, of};
use genloss_laws::prelude::*;
use genloss_laws::special::{lower, normal_quantile, pdf, simpson, upper};
use serde_json::json;

const ALL: &str = "mean variance fit_mean fit_variance fit_log_variance variance_ratio mean_shift tail_p05 tail_p01 tail_p001 \
    tail_lower_p01 tail_upper_p01 w1 w2 kl_forward kl_reverse hellinger tv ks entropy outside_support early_state late_state";

fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance * f64::max(1.0, expected.abs()), "{what}: {found}, expected {expected}");
}

/// A model in units of its origin.
#[derive(Clone, Copy, Debug)]
struct Model {
    m: f64,
    s: f64,
}

impl Model {
    fn density(self, x: f64) -> f64 {
        pdf((x - self.m) / self.s) / self.s
    }

    fn gap(self, x: f64) -> f64 {
        lower(x) - lower((x - self.m) / self.s)
    }

    /// ln of the origin's density over the model's.
    fn log_ratio(self, x: f64) -> f64 {
        let z = (x - self.m) / self.s;
        0.5 * (z * z - x * x) + self.s.ln()
    }

    /// An integral over all that either law reaches.
    fn over_both(self, steps: usize, f: impl Fn(f64) -> f64) -> f64 {
        simpson(f64::min(-10.0, self.m - 10.0 * self.s), f64::max(10.0, self.m + 10.0 * self.s), steps, f)
    }

    /// The largest value of a function that is smooth between points, by two grids.
    fn largest(self, f: impl Fn(f64) -> f64) -> f64 {
        let on = |from: f64, step: f64, steps: i32| {
            let places = (0..=steps).map(|k| from + f64::from(k) * step);
            places.max_by(|a, b| f(*a).total_cmp(&f(*b))).expect("at least one place")
        };
        let step = 0.1 * f64::min(1.0, self.s);
        let near = on(-8.0, step, (16.0 / step) as i32);
        f(on(near - step, step / 500.0, 1000))
    }

    /// An integral over the origin's deviates.
    fn over_origin(self, f: impl Fn(f64) -> f64) -> f64 {
        simpson(-12.0, 12.0, 4000, |z| pdf(z) * f(z))
    }
}

/// Where models are looked at.
const GENERATIONS: [u32; 4] = [0, 3, 7, 12];

/// Models of a few chains that have drifted apart.
fn models(mean: f64, sd: f64) -> (Run, Vec<Vec<Model>>) {
    let cell = gaussian().origin(mean, sd).n(6).generations(12).replicates(6);
    let run = cell.run(ALL);
    let at = |g| {
        let pairs = run.at(g, "mean").into_iter().zip(run.at(g, "variance"));
        pairs.map(|(m, v)| Model { m: (m - mean) / sd, s: v.sqrt() / sd }).collect()
    };
    let models = GENERATIONS.map(at).to_vec();
    (run, models)
}

/// Checks a column against a formula on every model.
fn check(mean: f64, sd: f64, column: &str, tolerance: f64, formula: impl Fn(Model) -> f64) {
    let (run, models) = models(mean, sd);
    for (generation, models) in GENERATIONS.into_iter().zip(&models) {
        for (found, &model) in run.at(generation, column).into_iter().zip(models) {
            close(found, formula(model), tolerance, &format!("{column} of {model:?} from N({mean}, {sd})"));
        }
    }
}

#[test]
fn moments_are_in_the_units_of_the_data() {
    for (mean, sd) in [(0.0, 1.0), (3.0, 2.0), (-1e3, 0.01)] {
        check(mean, sd, "variance_ratio", 1e-12, |q| q.s * q.s);
        check(mean, sd, "mean_shift", 1e-10, |q| q.m);
        check(mean, sd, "fit_mean", 1e-12, |q| mean + sd * q.m);
        check(mean, sd, "fit_variance", 1e-12, |q| sd * sd * q.s * q.s);
        check(mean, sd, "fit_log_variance", 1e-12, |q| 2.0 * (sd * q.s).ln());
        check(mean, sd, "outside_support", 0.0, |_| 0.0);
    }
}

#[test]
fn tails_are_masses_over_masses() {
    for (column, p) in [("tail_p05", 0.05), ("tail_p01", 0.01), ("tail_p001", 0.001)] {
        let edge = -normal_quantile(0.5 * p);
        check(3.0, 2.0, column, 1e-9, |q| (lower((-edge - q.m) / q.s) + upper((edge - q.m) / q.s)) / p);
    }
    let edge = -normal_quantile(0.005);
    let sides = move |q: Model| (lower((-edge - q.m) / q.s) / 0.005, upper((edge - q.m) / q.s) / 0.005);
    check(3.0, 2.0, "tail_lower_p01", 1e-9, |q| sides(q).0);
    check(3.0, 2.0, "tail_upper_p01", 1e-9, |q| sides(q).1);
    check(3.0, 2.0, "early_state", 0.0, |q| f64::from(u8::from(sides(q).0 <= 0.1 || sides(q).1 <= 0.1)));
    check(3.0, 2.0, "late_state", 0.0, |q| f64::from(u8::from(q.s * q.s <= 0.01)));
}

#[test]
fn distances_are_their_integrals() {
    // W1 is the area between the distribution functions, W2^2 the mean square of matched quantiles.
    check(3.0, 2.0, "w1", 1e-5, |q| 2.0 * q.over_both(20_000, |x| q.gap(x).abs()));
    check(3.0, 2.0, "w2", 1e-9, |q| 2.0 * q.over_origin(|z| (q.m + (q.s - 1.0) * z).powi(2)).sqrt());
    check(3.0, 2.0, "kl_forward", 1e-9, |q| q.over_origin(|z| q.log_ratio(z)));
    check(3.0, 2.0, "kl_reverse", 1e-9, |q| q.over_origin(|z| -q.log_ratio(q.m + q.s * z)));
    check(3.0, 2.0, "tv", 1e-5, |q| 0.5 * q.over_both(40_000, |x| (pdf(x) - q.density(x)).abs()));
    check(3.0, 2.0, "entropy", 1e-9, |q| q.over_origin(|z| 0.5 * z * z - pdf(0.0).ln()) + (2.0 * q.s).ln());
    // Near 0 the root would magnify the quadrature's error.
    let (run, models) = models(3.0, 2.0);
    for (generation, models) in GENERATIONS.into_iter().zip(&models) {
        for (chain, &q) in models.iter().enumerate() {
            let overlap = q.over_both(20_000, |x| (pdf(x) * q.density(x)).sqrt());
            close(run.at(generation, "hellinger")[chain].powi(2), 1.0 - overlap, 1e-9, "hellinger squared");
            close(run.at(generation, "ks")[chain], q.largest(|x| q.gap(x).abs()), 1e-7, "ks");
        }
    }
}

/// A model that is a point: n = 1 by maximum likelihood.
#[test]
fn a_point_has_limits_and_no_gaps() {
    let run = gaussian().mle().n(1).replicates(8).run(ALL);
    for (chain, m) in run.at(0, "mean").into_iter().enumerate() {
        let column = |name: &str| run.at(0, name)[chain];
        assert_eq!((column("variance"), column("fit_log_variance")), (0.0, f64::NEG_INFINITY));
        close(column("w1"), simpson(-12.0, 12.0, 40_000, |z| pdf(z) * (z - m).abs()), 1e-6, "w1 of a point");
        close(column("w2"), (m * m + 1.0).sqrt(), 1e-12, "w2 of a point");
        close(column("ks"), f64::max(lower(m), upper(m)), 1e-12, "ks of a point");
        assert_eq!([column("hellinger"), column("tv")], [1.0, 1.0]);
        assert_eq!([column("kl_forward"), column("kl_reverse"), column("entropy")], [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY]);
    }
}

/// A normal model of a table's column: generation 0 is the column itself, and tails are those of its rows.
#[test]
fn a_column_of_a_table_is_its_own_origin() {
    let x: Vec<f64> = (0..400).map(|k| 10.0 + 0.01 * f64::from(k * k % 401) + if k % 7 == 0 { 3.0 } else { 0.0 }).collect();
    let mut sorted = x.clone();
    sorted.sort_by(f64::total_cmp);
    let origin = json!({ "kind": "table", "table": 0, "columns": [0] });
    let cell = of(origin, json!({ "kind": "gaussian", "estimator": "unbiased" })).n(50).initial(400).generations(4).replicates(5);
    let block = |method| Block::of([cell.clone().by(method)]).table(vec![numbers(&x)]).columns(ALL).run();
    let centre = x.iter().sum::<f64>() / 400.0;
    let square = x.iter().map(|x| (x - centre).powi(2)).sum::<f64>();
    for run in Method::BOTH.map(block) {
        close(run.at(0, "mean")[0], centre, 1e-12, "mean");
        close(run.at(0, "variance")[0], square / 399.0, 1e-12, "variance");
        close(run.at(0, "variance_ratio")[0], 400.0 / 399.0, 1e-12, "variance_ratio");
        for (m, v, chain, g) in
            (0..5).flat_map(|g| (0..5).map(move |chain| (chain, g))).map(|(c, g)| (run.at(g, "mean")[c], run.at(g, "variance")[c], c, g))
        {
            let s = v.sqrt();
            let column = |name: &str| run.at(g, name)[chain];
            for (name, count) in [("tail_p05", 10), ("tail_p01", 2)] {
                let (low, high) = (sorted[count - 1], sorted[400 - count]);
                let mass = x.iter().filter(|&&x| x <= low || x >= high).count() as f64 / 400.0;
                close(column(name), (lower((low - m) / s) + upper((high - m) / s)) / mass, 1e-9, name);
            }
            let outside = lower((sorted[0] - m) / s) + upper((sorted[399] - m) / s);
            close(column("outside_support"), outside, 1e-9, "outside_support");
            assert!(
                ["tail_p001", "w1", "w2", "kl_forward", "kl_reverse", "hellinger", "tv", "ks"].iter().all(|name| column(name).is_nan())
            );
        }
    }
}
