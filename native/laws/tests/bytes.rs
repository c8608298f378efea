//! Same plan, same bytes: whatever the threads, the instruction level, the grouping, the order, the number of replicates and generations.

use genloss_core::simd::Level;
use genloss_laws::cell::{Method, of};
use genloss_laws::policy::every;
use genloss_laws::prelude::*;
use serde_json::json;

/// Cells of every family and method, for a policy and a size; `rows` are those of the block's table.
fn cells(policy: &serde_json::Value, n: u64) -> Vec<Cell> {
    let table_of = |column: usize| json!({ "kind": "table", "table": 0, "columns": [column] });
    let classes = categorical(&[0.5, 0.3, 0.15, 0.05]);
    let both = [
        gaussian(),
        gaussian().mle().origin(1e6, 3.0).initial(n + 5),
        classes.clone(),
        of(table_of(0), json!({ "kind": "gaussian", "estimator": "mle" })).initial(ROWS.into()),
        of(table_of(1), json!({ "kind": "categorical" })).initial(ROWS.into()),
        table(&[0]).initial(ROWS.into()),
    ];
    let mut cells: Vec<Cell> = both.iter().flat_map(|cell| Method::BOTH.map(|method| cell.clone().by(method))).collect();
    cells.extend([resampled(&gaussian()), resampled(&classes)]);
    cells.into_iter().zip(0..).map(|(cell, index)| cell.policy(policy.clone()).n(n).index(index)).collect()
}

const ROWS: u32 = 60;

/// Measures of every family, events, and the table.
fn block(cells: impl IntoIterator<Item = Cell>) -> Block {
    let x: Vec<f64> = (0..ROWS).map(|k| f64::from(k * k % 23) + 0.1).collect();
    let code: Vec<u32> = (0..ROWS).map(|k| k * k % 4).collect();
    Block::of(cells)
        .table(vec![numbers(&x), codes(&code)])
        .columns("n real_share mean_age mean variance fit_log_variance tail_p01 kl_forward w1 w2 tv ks hellinger entropy")
        .columns("heterozygosity classes_alive missing_mass distinct_alive early_state late_state")
        .events()
}

/// Sizes within a chunk and over it, with the generations and replicates that they are run with.
const SIZES: [(u64, u32, u64); 3] = [(3, 9, 37), (50, 6, 37), (20_000, 2, 18)];

fn sized(policy: &serde_json::Value, (n, generations, replicates): (u64, u32, u64)) -> Vec<Cell> {
    let runnable = |cell: &Cell| block([cell.clone()]).try_run().is_ok();
    let cells = cells(policy, n).into_iter().map(|cell| cell.generations(generations).replicates(replicates).sustain(2));
    // A fixed real set can't be larger than the table; that is an error, not a number.
    cells.filter(|cell| policy["source"] != "fixed" || runnable(&cell.clone().replicates(1).generations(0))).collect()
}

#[test]
fn threads_and_levels_change_no_bit() {
    for policy in every() {
        for size in SIZES {
            let cells = sized(&policy, size);
            let run = |threads, level| block(cells.clone()).threads(threads).level(level).run().bits();
            let first = run(1, Level::BASE);
            for threads in [1, 2, 3, 8, 16] {
                assert!(run(threads, Level::best()) == first, "{policy} {size:?} on {threads} threads");
            }
            for level in Level::available() {
                assert!(run(2, level) == first, "{policy} {size:?} at {}", level.name());
            }
        }
    }
}

/// Columns of several runs one after the other.
fn joined(runs: Vec<Run>) -> (Vec<Vec<u64>>, Vec<Vec<i32>>) {
    let mut parts = runs.into_iter().map(|run| run.bits());
    let mut all = parts.next().expect("at least one run");
    for (values, events) in parts {
        all.0.iter_mut().zip(values).for_each(|(column, more)| column.extend(more));
        all.1.iter_mut().zip(events).for_each(|(column, more)| column.extend(more));
    }
    all
}

#[test]
fn replicates_in_any_ranges_are_the_same_chains() {
    for policy in every() {
        for cell in sized(&policy, (12, 5, 1)) {
            let whole = block([cell.clone().replicates(100)]).run().bits();
            let ranges = [(0, 1), (1, 17), (17, 100)].map(|(from, to)| cell.clone().range(from, to));
            assert!(joined(ranges.iter().cloned().map(|part| block([part]).run()).collect()) == whole, "{}", cell.json());
            // The same ranges as cells of one block, beside each other.
            assert!(block(ranges).run().bits() == whole, "{}", cell.json());
        }
    }
}

#[test]
fn cells_of_a_block_do_not_know_of_each_other() {
    for policy in every() {
        let cells = sized(&policy, (12, 5, 20));
        let alone = joined(cells.iter().cloned().map(|cell| block([cell]).run()).collect());
        assert!(block(cells.clone()).run().bits() == alone, "{policy}");
        let back: Vec<Cell> = cells.into_iter().rev().collect();
        let (rows, backwards) = (block(back.clone()).run(), joined(back.into_iter().map(|cell| block([cell]).run()).collect()));
        assert!(rows.bits() == backwards, "{policy} backwards");
        assert!(rows.columns.cell.first() > rows.columns.cell.last(), "rows follow the order of the block's cells");
    }
}

/// Values of a run's first chains and generations, column by column.
fn corner(cell: &Cell, replicates: usize, generations: usize) -> Vec<Vec<Vec<u64>>> {
    let run = block([cell.clone()]).run();
    let bits = |r: usize, column: &str| run.chain(r, column)[..=generations].iter().map(|x| x.to_bits()).collect();
    run.columns.names.iter().map(|name| (0..replicates).map(|r| bits(r, name)).collect()).collect()
}

#[test]
fn a_short_run_is_the_beginning_of_a_long_one() {
    for policy in every() {
        for (n, (few, long), (less, more)) in [(4, (50, 500), (1, 1000)), (20_000, (1, 3), (1, 17))] {
            // Everything made so far is too much to keep for thousands of chains, and a law's records are too slow to count.
            let (long, more) = if n == 4 && policy["kind"] == "accumulate" { (120, 64) } else { (long, more) };
            for cell in sized(&policy, (n, 1, 1)) {
                let slow = cell.json()["model"]["kind"] == "empirical";
                let (long, more) = if slow { (long.min(80), more.min(64)) } else { (long, more) };
                let short = corner(&cell.clone().generations(few as u32).replicates(less), less as usize, few);
                let whole = corner(&cell.clone().generations(long as u32).replicates(more), less as usize, few);
                assert!(short == whole, "{}", cell.json());
            }
        }
    }
}

#[test]
fn what_is_recorded_changes_no_value() {
    for policy in every() {
        for cell in sized(&policy, (12, 9, 20)) {
            let (all, some) = (block([cell.clone()]).run(), block([cell.clone().record(&[3, 9])]).run());
            for name in &all.columns.names {
                for generation in [0, 3, 9] {
                    let bits = |run: &Run| run.at(generation, name).into_iter().map(f64::to_bits).collect::<Vec<_>>();
                    assert_eq!(bits(&all), bits(&some), "{name} at {generation} of {}", cell.json());
                }
            }
            assert_eq!(all.columns.events, some.columns.events, "{}", cell.json());
        }
    }
}
