//! Exact and draws are two ways to one law: two-sample Kolmogorov-Smirnov tests on independent chains of both.
//!
//! Each test function allows itself a false alarm once in a thousand seeds, shared among its comparisons (Bonferroni).

use genloss_laws::cell::{Method, of};
use genloss_laws::ks::same_law;
use genloss_laws::policy::{every, mix_of};
use genloss_laws::prelude::*;
use serde_json::json;

const ALPHA: f64 = 1e-3;

/// Comparisons of one test function.
#[derive(Default)]
struct Comparisons(Vec<(f64, String)>);

impl Comparisons {
    /// Compares columns of a block by both methods at some generations.
    fn add(&mut self, cell: &Cell, prepare: impl Fn(Block) -> Block, columns: &[&str], generations: &[u32]) {
        let run = |method| prepare(Block::of([cell.clone().by(method).record(generations)])).run();
        let (exact, draws) = (run(Method::Exact), run(Method::Draws));
        for &generation in generations {
            for column in columns {
                let p = same_law(&exact.at(generation, column), &draws.at(generation, column));
                self.0.push((p, format!("{column} at {generation} of {}", cell.json())));
            }
        }
    }

    fn agree(&self) {
        let bound = ALPHA / self.0.len() as f64;
        let least = self.0.iter().min_by(|a, b| a.0.total_cmp(&b.0)).expect("at least one comparison");
        println!("{} comparisons, least p {:.2e}, bound {bound:.2e}", self.0.len(), least.0);
        for (p, what) in &self.0 {
            assert!(*p >= bound, "p {p:.2e} below {bound:.2e}: {what}");
        }
    }
}

#[test]
fn gaussian_means_and_variances() {
    let columns = ["mean", "fit_log_variance"];
    let with = |block: Block| block.columns("mean fit_log_variance");
    let mut all = Comparisons::default();
    for policy in every() {
        for (n, generations) in [(2, 3), (3, 30), (10, 5), (400, 30)] {
            let cell = gaussian().policy(policy.clone()).n(n).generations(generations).replicates(4000);
            all.add(&cell, with, &columns, &[0, 1, generations]);
            all.add(&cell.mle().initial(n + 7), with, &columns, &[0, generations]);
        }
    }
    all.agree();
}

#[test]
fn gaussian_on_both_sides_of_a_chunk() {
    let mut all = Comparisons::default();
    for n in [16_384, 16_385, 40_000] {
        for policy in [replace(), mix(0.5), mix_of(0.5, "fixed", "stratified")] {
            let cell = gaussian().policy(policy).n(n).generations(2).replicates(400);
            all.add(&cell, |block| block.columns("mean fit_log_variance"), &["mean", "fit_log_variance"], &[0, 2]);
        }
    }
    all.agree();
}

#[test]
fn categorical_counts() {
    let mut all = Comparisons::default();
    let shares = |block: Block| block.columns("classes_alive").follow("first", 0, &[0]).follow("last", 0, &[3]).follow("two", 0, &[1, 2]);
    let columns = ["first", "last", "two", "classes_alive"];
    for policy in every() {
        for (n, generations) in [(1, 2), (10, 5), (100, 20), (3000, 3)] {
            let cell = categorical(&[0.6, 0.01, 0.29, 0.1]).policy(policy.clone()).n(n).generations(generations).replicates(4000);
            all.add(&cell.initial(n + 1), shares, &columns, &[0, 1, generations]);
        }
    }
    let cell = categorical(&[0.6, 0.01, 0.29, 0.1]).n(20_000).generations(2).replicates(600);
    all.add(&cell, shares, &columns, &[0, 2]);
    all.agree();
}

/// Rows of a table: a numeric column with ties and a column of codes.
fn rows(count: u32) -> (Vec<f64>, Vec<u32>) {
    ((0..count).map(|k| f64::from(k * k % 17) - 3.0).collect(), (0..count).map(|k| k * k % 5).collect())
}

#[test]
fn resampled_rows_of_a_table() {
    let (x, code) = rows(24);
    let mut all = Comparisons::default();
    let with = |block: Block| {
        let block = block.table(vec![numbers(&x), codes(&code), codes(&(0..24).collect::<Vec<u32>>())]);
        block.columns("distinct_alive mean variance").follow("row", 2, &[5]).follow("class", 1, &[1])
    };
    let columns = ["distinct_alive", "mean", "variance", "row", "class"];
    for policy in every() {
        for (n, initial) in [(24, 24), (7, 24), (70, 24), (24, 30)] {
            let cell = table(&[0]).policy(policy.clone()).n(n).initial(initial).generations(6).replicates(4000);
            all.add(&cell, with, &columns, &[1, 6]);
        }
    }
    all.agree();
}

#[test]
fn fitted_columns_of_a_table() {
    let (x, code) = rows(40);
    let mut all = Comparisons::default();
    for policy in [replace(), mix(0.3), mix_of(0.3, "fixed", "stratified"), accumulate()] {
        for (n, initial) in [(40, 40), (15, 40), (60, 20)] {
            let origin = |column: usize| json!({ "kind": "table", "table": 0, "columns": [column] });
            let with = |block: Block| block.table(vec![numbers(&x), codes(&code)]);
            let ends = |cell: Cell| cell.policy(policy.clone()).n(n).initial(initial).generations(4).replicates(4000);
            let normal = ends(of(origin(0), json!({ "kind": "gaussian", "estimator": "unbiased" })));
            all.add(&normal, |block| with(block).columns("mean fit_log_variance"), &["mean", "fit_log_variance"], &[0, 1, 4]);
            let classes = ends(of(origin(1), json!({ "kind": "categorical" })));
            all.add(&classes, |block| with(block).columns("classes_alive").follow("one", 0, &[1]), &["classes_alive", "one"], &[0, 1, 4]);
        }
    }
    all.agree();
}

/// A table of more rows than are drawn from at once.
#[test]
fn resampled_rows_of_a_large_table() {
    let rows = 20_000;
    let column = |code: &dyn Fn(u32) -> u32| codes(&(0..rows).map(code).collect::<Vec<u32>>());
    let with = |block: Block| {
        let block = block.table(vec![column(&|row| row % 5), column(&|row| u32::from(row < 300)), column(&|row| row / 8192)]);
        block.columns("distinct_alive").follow("class", 0, &[1]).follow("few", 1, &[1]).follow("last", 2, &[2])
    };
    let mut all = Comparisons::default();
    for (n, policy) in [(rows, replace()), (3 * rows, mix(0.3)), (500, accumulate())] {
        let cell = table(&[0]).policy(policy).n(n.into()).initial(rows.into()).generations(2).replicates(200);
        all.add(&cell, with, &["distinct_alive", "class", "few", "last"], &[1, 2]);
    }
    all.agree();
}

/// Every row of a large table is drawn equally often: chi-square by the row's place in its block, by its block, and by parts of blocks.
#[test]
fn draws_from_a_large_table_are_uniform() {
    let rows = 3 * 8192 + 1000;
    for set in [|row: u32| row % 64, |row| row / 8192, |row| row / 100 % 64, u32::count_ones] {
        let code: Vec<u32> = (0..rows).map(set).collect();
        let sets = code.iter().max().map_or(0, |last| last + 1);
        let cell = table(&[0]).n(100_000).initial(100_000).replicates(30).by(Method::Draws);
        let block = Block::of([cell]).table(vec![codes(&code)]);
        let run = (0..sets).fold(block, |block, k| block.follow(&format!("set_{k}"), 0, &[k])).run();
        let (mut chi, mut cells) = (0.0, 0.0);
        for k in 0..sets {
            let expected = 3e6 * code.iter().filter(|&&code| code == k).count() as f64 / f64::from(rows);
            let seen: f64 = run.at(0, &format!("set_{k}")).iter().map(|share| share * 1e5).sum();
            if expected > 20.0 {
                chi += (seen - expected) * (seen - expected) / expected;
                cells += 1.0;
            }
        }
        let bound = 4.5 * f64::sqrt(2.0 * cells);
        assert!((chi - (cells - 1.0)).abs() < bound, "chi-square {chi} on {cells} sets");
    }
}
