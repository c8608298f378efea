//! Same plan, same bytes: whatever the threads, the instruction level, the grouping, the order, the number of replicates and generations.

use genloss_core::simd::Level;
use genloss_laws::cell::{Method, of};
use genloss_laws::families::list;
use genloss_laws::policy::{every, mix_of, subsets};
use genloss_laws::prelude::*;
use genloss_laws::stages;
use serde_json::{Value, json};

const ROWS: u32 = 60;

/// Cells that are run beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Cheap,
    Costly,
}

/// Every variant of every listed family by each of its methods, and some with other origins and sizes.
fn listed(kind: Kind, n: u64) -> Vec<Cell> {
    let mut cells = vec![];
    for row in list().into_iter().filter(|row| row.costly == (kind == Kind::Costly)) {
        for variant in row.cells {
            cells.extend(variant.methods.iter().map(|&method| variant.cell.clone().by(method)));
        }
    }
    if kind == Kind::Cheap {
        let table_of = |column: usize| json!({ "kind": "table", "table": 0, "columns": [column] });
        let classes = categorical(&[0.5, 0.3, 0.15, 0.05]);
        let others = [
            gaussian().mle().origin(1e6, 3.0).initial(n + 5),
            of(table_of(0), json!({ "kind": "gaussian", "estimator": "mle" })).initial(ROWS.into()),
            of(table_of(1), json!({ "kind": "categorical" })).initial(ROWS.into()),
            table(&[0]).initial(ROWS.into()),
        ];
        cells.extend(others.iter().flat_map(|cell| Method::BOTH.map(|method| cell.clone().by(method))));
        cells.push(resampled(&classes));
    }
    cells
}

/// Those of a policy and stages that have a meaning, with their places in the plan.
fn cells(kind: Kind, policy: &Value, stages: &Value, n: u64) -> Vec<Cell> {
    let of = |cell: Cell| cell.policy(policy.clone()).n(n).stages(stages.clone()).keep_on_empty();
    let all = listed(kind, n).into_iter().map(of).filter(|cell| match block(kind, [cell.clone().generations(1)]).try_run() {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.code, "plan", "{error}: {}", cell.json());
            false
        }
    });
    all.zip(0..).map(|(cell, index)| cell.index(index)).collect()
}

/// Measures, events, and the table.
fn block(kind: Kind, cells: impl IntoIterator<Item = Cell>) -> Block {
    let x: Vec<f64> = (0..ROWS).map(|k| f64::from(k * k % 23) + 0.1).collect();
    let code: Vec<u32> = (0..ROWS).map(|k| k * k % 4).collect();
    let block = Block::of(cells).table(vec![numbers(&x), codes(&code)]).events();
    let block = block.columns("n real_share mean_age mean variance fit_log_variance mean_shift variance_ratio early_state late_state");
    match kind {
        Kind::Costly => block.columns("fit_bandwidth fit_weight_min bins_alive w1"),
        Kind::Cheap => block
            .columns("tail_p01 kl_forward w1 w2 tv ks hellinger entropy heterozygosity classes_alive missing_mass distinct_alive")
            .columns("fit_mean fit_shape fit_log_scale fit_log_det partial_variance excess_risk"),
    }
}

/// Sizes within a chunk and over it, with the generations and replicates that they are run with.
const SIZES: [(u64, u32, u64); 3] = [(3, 9, 37), (50, 6, 37), (20_000, 2, 18)];

fn sized(kind: Kind, policy: &Value, (n, generations, replicates): (u64, u32, u64)) -> Vec<Cell> {
    let of = |cell: Cell| cell.generations(generations).replicates(replicates).sustain(2);
    cells(kind, policy, &json!({}), n).into_iter().map(of).collect()
}

/// The block of these cells at numbers of threads and at every level.
fn same_on_any_machine(kind: Kind, cells: &[Cell], threads: &[usize], what: &str) {
    let run = |threads, level| block(kind, cells.to_vec()).threads(threads).level(level).run().bits();
    let first = run(1, Level::BASE);
    for &threads in threads {
        assert!(run(threads, Level::best()) == first, "{what} on {threads} threads");
    }
    for level in Level::available() {
        assert!(run(2, level) == first, "{what} at {}", level.name());
    }
}

#[test]
fn threads_and_levels_change_no_bit() {
    for policy in every().into_iter().chain(subsets()) {
        // Of policies that draw sets from sets one has sets of several chunks: they are drawn alike.
        let sizes = if subsets()[1..].contains(&policy) { &SIZES[..2] } else { &SIZES };
        for &size in sizes {
            let threads = if size.0 == 50 { &[1, 2, 3, 8, 16][..] } else { &[3] };
            same_on_any_machine(Kind::Cheap, &sized(Kind::Cheap, &policy, size), threads, &format!("{policy} {size:?}"));
        }
        for size in [(4, 5, 20), (50, 3, 20)] {
            same_on_any_machine(Kind::Costly, &sized(Kind::Costly, &policy, size), &[3], &format!("{policy} {size:?}"));
        }
    }
    same_on_any_machine(Kind::Costly, &sized(Kind::Costly, &replace(), (20_000, 1, 3)), &[3], "more records than a chunk");
}

#[test]
fn stages_change_no_bit() {
    let policies = [replace(), accumulate(), mix(0.4), mix_of(0.4, "fixed", "stratified")];
    for stages in stages::every() {
        let mut ran = 0;
        for kind in [Kind::Cheap, Kind::Costly] {
            for policy in &policies {
                let cells: Vec<Cell> =
                    cells(kind, policy, &stages, 15).into_iter().map(|cell| cell.generations(4).replicates(20)).collect();
                ran += cells.len();
                if cells.is_empty() {
                    continue;
                }
                let what = format!("{stages} {policy}");
                same_on_any_machine(kind, &cells, &[3], &what);
                let parts = |from, to| cells.iter().cloned().map(move |cell| cell.range(from, to));
                let whole = block(kind, cells.clone()).run().bits();
                let ranges = cells.iter().zip(parts(0, 7).zip(parts(7, 20))).flat_map(|(_, (first, rest))| [first, rest]);
                assert!(block(kind, ranges).run().bits() == whole, "{what} in ranges");
            }
        }
        println!("{stages}: {ran} cells");
        assert!(ran >= 4, "{stages} has a meaning for {ran} cells only");
    }
}

/// Both kinds under every policy.
fn everything() -> impl Iterator<Item = (Kind, Value)> {
    [Kind::Cheap, Kind::Costly].into_iter().flat_map(|kind| every().into_iter().chain(subsets()).map(move |policy| (kind, policy)))
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
    for (kind, policy) in everything() {
        for cell in sized(kind, &policy, (12, 5, 1)) {
            let last = if kind == Kind::Cheap { 100 } else { 40 };
            let whole = block(kind, [cell.clone().replicates(last)]).run().bits();
            let ranges = [(0, 1), (1, 17), (17, last)].map(|(from, to)| cell.clone().range(from, to));
            assert!(joined(ranges.iter().cloned().map(|part| block(kind, [part]).run()).collect()) == whole, "{}", cell.json());
            // The same ranges as cells of one block, beside each other.
            assert!(block(kind, ranges).run().bits() == whole, "{}", cell.json());
        }
    }
}

#[test]
fn cells_of_a_block_do_not_know_of_each_other() {
    for (kind, policy) in everything() {
        let cells = sized(kind, &policy, (12, 5, 20));
        let alone = joined(cells.iter().cloned().map(|cell| block(kind, [cell]).run()).collect());
        assert!(block(kind, cells.clone()).run().bits() == alone, "{policy}");
        let back: Vec<Cell> = cells.into_iter().rev().collect();
        let (rows, backwards) = (block(kind, back.clone()).run(), joined(back.into_iter().map(|cell| block(kind, [cell]).run()).collect()));
        assert!(rows.bits() == backwards, "{policy} backwards");
        assert!(rows.columns.cell.first() > rows.columns.cell.last(), "rows follow the order of the block's cells");
    }
}

/// Values of a run's first chains and generations, column by column.
fn corner(kind: Kind, cell: &Cell, replicates: usize, generations: usize) -> Vec<Vec<Vec<u64>>> {
    let run = block(kind, [cell.clone()]).run();
    let bits = |r: usize, column: &str| run.chain(r, column)[..=generations].iter().map(|x| x.to_bits()).collect();
    run.columns.names.iter().map(|name| (0..replicates).map(|r| bits(r, name)).collect()).collect()
}

#[test]
fn a_short_run_is_the_beginning_of_a_long_one() {
    for (kind, policy) in everything() {
        for (n, (few, long), (less, more)) in [(4, (50, 500), (1, 400)), (20_000, (1, 3), (1, 17))] {
            let cheap = kind == Kind::Cheap;
            if n > 1000 && !cheap {
                continue;
            }
            let replaced = policy["kind"] == "replace";
            for cell in sized(kind, &policy, (n, 1, 1)) {
                // Records are too slow to count, and everything made so far is too much to keep, for hundreds of chains of 500 generations.
                let slow = !cheap
                    || ["empirical", "multivariate-gaussian", "linear-regression"].map(Value::from).contains(&cell.json()["model"]["kind"]);
                let most = if slow || !replaced { (70, 33) } else { (long, more) };
                let (long, more) = (long.min(most.0), more.min(most.1));
                let short = corner(kind, &cell.clone().generations(few as u32).replicates(less), less as usize, few);
                let whole = corner(kind, &cell.clone().generations(long as u32).replicates(more), less as usize, few);
                assert!(short == whole, "{}", cell.json());
            }
        }
    }
}

#[test]
fn what_is_recorded_changes_no_value() {
    for (kind, policy) in everything() {
        for cell in sized(kind, &policy, (12, 9, 20)) {
            let (all, some) = (block(kind, [cell.clone()]).run(), block(kind, [cell.clone().record(&[3, 9])]).run());
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
