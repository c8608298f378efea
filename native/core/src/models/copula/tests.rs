//! Tests of the copula family: against known copulas, of the methods against each other, and of merging.

use std::sync::Arc;

use super::*;
use crate::family::Data;
use crate::math;
use crate::models::trial::run_table;
use crate::random::key::Key;
use crate::random::normal::Normals;
use crate::table::TableColumn;

/// Latent correlations of `sample`: a number, a heavy-tailed number with gaps, a yes-no, four classes, and a number that goes with none.
const R: [[f64; 5]; 5] = [
    [1.0, 0.7, 0.5, -0.4, 0.0],
    [0.7, 1.0, 0.3, -0.2, 0.0],
    [0.5, 0.3, 1.0, -0.6, 0.0],
    [-0.4, -0.2, -0.6, 1.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 1.0],
];

/// `n` rows of a gaussian copula; a quarter of the second column is missing at random if `gaps`.
pub(super) fn sample(n: usize, gaps: bool, seed: u64) -> Table {
    let mut factor: Vec<f64> = R.as_flattened().to_vec();
    math::matrix::cholesky(Level::BASE, &mut factor, 5, 0.0).unwrap();
    let mut normals = Normals::new(&Key::of_chain(seed, [3, 1], 0), Purpose::Draws, 0, 0);
    let (mut z, mut x) = ([0.0; 6], [0.0; 5]);
    let mut columns: Vec<Vec<f64>> = vec![vec![]; 5];
    for _ in 0..n {
        normals.fill(Level::BASE, &mut [0; 256], &mut z);
        math::matrix::multiply_transposed(&factor, 5, &z[..5], &mut x);
        columns[0].push((40.0 + 12.0 * x[0]).round());
        columns[1].push(if gaps && z[5] < -0.6744897501960817 { f64::NAN } else { math::exp(3.0 + x[1]) });
        columns[2].push(f64::from(u8::from(x[2] > 0.5)));
        // Classes whose codes do not stand in the order of the latent number.
        columns[3].push(if x[3] < -1.2 {
            2.0
        } else if x[3] < 0.1 {
            0.0
        } else {
            3.0 - 2.0 * f64::from(u8::from(x[3] > 1.5))
        });
        columns[4].push(x[4]);
    }
    let codes = |values: &Vec<f64>| TableColumn::Codes(values.iter().map(|x| *x as u32).collect::<Vec<_>>().into());
    let numbers = |values: &Vec<f64>| TableColumn::Numbers(Arc::from(values.as_slice()));
    let [a, b, c, d, e] = &columns[..] else { unreachable!() };
    Table::new(vec![numbers(a), numbers(b), codes(c), codes(d), numbers(e)]).unwrap()
}

pub(super) fn copula(table: &Table, margin: Margin, method: Method) -> Copula {
    Copula::new(table, &[0, 1, 2, 3, 4], &[margin; 5], Bounds::Natural, method).unwrap()
}

pub(super) fn fitted(family: &Copula) -> Fit {
    Fit::new(Level::best(), &family.coding, &family.whole, false).unwrap()
}

/// Latent correlations come back, of classes too, whose order is up to a turn; the standard error of a pair of normal scores is
/// (1 - r^2) / sqrt(n), and of a yes-no at most twice that.
#[test]
fn a_known_copula_is_found() {
    for gaps in [false, true] {
        let n = 40_000;
        let family = copula(&sample(n, gaps, 1), Margin::Empirical, Method::Draws);
        let fit = fitted(&family);
        let p = family.coding.coordinates;
        assert_eq!(p, if gaps { 6 } else { 5 });
        let turn = if fit.correlations[3] * R[0][3] > 0.0 { 1.0 } else { -1.0 };
        for i in 0..5 {
            for j in i + 1..5 {
                let sign = if i == 3 || j == 3 { turn } else { 1.0 };
                let (found, r) = (sign * fit.correlations[i * p + j], R[i][j]);
                // The classes have their order from the table, which leans a little to what is found.
                assert!((found - r).abs() < 4.0 * 2.0 / f64::sqrt(n as f64), "{i} {j}: {found}, {r}, gaps {gaps}");
            }
        }
        if gaps {
            assert!((fit.present[1] - 0.75).abs() < 4.0 * f64::sqrt(0.1875 / n as f64));
            assert!((0..5).all(|i| fit.correlations[i * p + 5].abs() < 8.0 / f64::sqrt(n as f64)));
        }
    }
}

/// Infinitely many records of a fitted copula fit it again, gaps and all: nothing is lost without sampling error.
#[test]
fn a_population_is_its_own_fit() {
    for gaps in [false, true] {
        let family = copula(&sample(3000, gaps, 2), Margin::Empirical, Method::Population);
        let first = fitted(&family);
        let mut set = Set::new(&family.coding);
        exact::expected(&family.coding, &first, 1 << 40, &mut set);
        let second = Fit::new(Level::best(), &family.coding, &set, true).unwrap();
        for (a, b) in first.masses.iter().zip(&second.masses).chain(first.present.iter().zip(&second.present)) {
            assert!((a - b).abs() < 1e-12, "{a} {b}");
        }
        for (k, (a, b)) in first.correlations.iter().zip(&second.correlations).enumerate() {
            assert!((a - b).abs() < 1e-7, "gaps {gaps}, {k}: {a} {b}");
        }
    }
}

/// A set learned at once is the sum of its parts, to rounding; so a fit to a merged set is the fit to all of its records.
#[test]
fn sets_merge_exactly() {
    let family = copula(&sample(900, true, 3), Margin::Kde, Method::Draws);
    let rows = family.reference.rows(&family.coding);
    let learn = |values: &[f64], weights: Vec<f64>| {
        let mut sets = family.data(1);
        family.learn(&Rows { values: values.to_vec(), weights }, 0, &mut sets);
        sets
    };
    let (mut merged, later) = (learn(&rows[..5 * 333], vec![]), learn(&rows[5 * 333..], vec![]));
    merged.merge(&later);
    let whole = learn(rows, vec![]);
    assert_eq!(merged.chains[0].counts, whole.chains[0].counts);
    assert_eq!(merged.chains[0].counts, family.whole.counts);
    for (a, b) in merged.chains[0].products.iter().zip(&whole.chains[0].products) {
        assert!((a - b).abs() <= 1e-11 * (1.0 + b.abs()), "{a} {b}");
    }
    // A record of weight 2 is two records.
    let mut weighed = learn(rows, vec![2.0; 900]);
    weighed.scale(0.5);
    assert_eq!(weighed.chains[0].counts, whole.chains[0].counts);
}

const COLUMNS: [&str; 12] = [
    "mean_shift",
    "variance_ratio",
    "variance_min",
    "tail_p05",
    "w1",
    "tv",
    "heterozygosity_ratio",
    "missing_share",
    "correlation_ratio",
    "correlation_drift",
    "fit_log_det",
    "mean_0",
];

fn cell(method: &str, policy: &str, (n, initial, generations, replicates): (u64, u64, u32, u64), margin: &str) -> String {
    // Chains of the two methods have nothing in common.
    let law = if method == "draws" { 1 } else { 2 };
    format!(
        r#"{{"generations":{generations},"index":0,"initial":{initial},"law":"0000000000000000000000000000000{law}","method":"{method}",
        "model":{{"bounds":"natural","kind":"copula","margins":["{margin}","{margin}","{margin}","{margin}","{margin}"]}},"n":{n},
        "origin":{{"kind":"table","table":0,"columns":[0,1,2,3,4]}},"policy":{policy},
        "record":[0,{generations}],"replicates":[0,{replicates}],"seed":"7","sustain":1}}"#
    )
}

/// Statistic of Kolmogorov and Smirnov between two samples.
fn ks(a: &[f64], b: &[f64]) -> f64 {
    let sorted = |values: &[f64]| {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        values
    };
    let (a, b) = (sorted(a), sorted(b));
    let share = |values: &[f64], x: f64| values.partition_point(|y| *y <= x) as f64 / values.len() as f64;
    a.iter().chain(&b).map(|&x| (share(&a, x) - share(&b, x)).abs()).fold(0.0, f64::max)
}

/// The last generation of every chain, a column each.
fn last(columns: &crate::columns::Columns) -> Vec<Vec<f64>> {
    columns.values.iter().map(|values| values.iter().skip(1).step_by(2).copied().collect()).collect()
}

/// Exact against draws after five rounds at n = 400, by two-sample tests at alpha = 0.001 each: what is told of single columns, whose laws
/// are exact, and what joins columns, whose laws are approximations. Mean correlations drift
/// apart by terms of order 1 / n a round, up to 2 % here after five.
#[test]
fn exact_and_drawn_chains_agree() {
    let table = sample(400, true, 4);
    let watch = r#"[{"name":"mean_0","column":5,"codes":[0],"mean":0}]"#;
    let mut columns: Vec<TableColumn> = (0..5).map(|k| table.column(k).unwrap().clone()).collect();
    columns.push(TableColumn::Codes(vec![0; 400].into()));
    let table = Table::new(columns).unwrap();
    let count = 300;
    // c(0.001) sqrt(2 / count): 1.949 for two samples of equal size.
    let bound = 1.949 * f64::sqrt(2.0 / count as f64);
    for (policy, margin) in [(r#"{"kind":"replace"}"#, "empirical"), (r#"{"kind":"accumulate"}"#, "kde")] {
        let run =
            |method: &str| last(&run_table(&cell(method, policy, (400, 400, 5, count), margin), &COLUMNS, watch, Some(table.clone())));
        let (drawn, exact) = (run("draws"), run("exact"));
        for (name, (a, b)) in COLUMNS.iter().zip(drawn.iter().zip(&exact)) {
            let distance = ks(a, b);
            let (m, n) = (a.iter().sum::<f64>() / count as f64, b.iter().sum::<f64>() / count as f64);
            if *name == "correlation_ratio" {
                assert!((m / n - 1.0).abs() < 0.025, "{policy}: {m}, {n}");
                continue;
            }
            assert!(distance < bound, "{policy}: {name}: {distance}, means {m} and {n}");
        }
    }
}

/// One column of numbers with a margin, and its masses.
fn margin_of(values: &[f64], margin: Margin, bounds: Bounds) -> (Copula, Fit) {
    let table = Table::new(vec![TableColumn::Numbers(Arc::from(values))]).unwrap();
    let family = Copula::new(&table, &[0], &[margin], bounds, Method::Draws).unwrap();
    let fit = fitted(&family);
    (family, fit)
}

fn normal_numbers(n: usize) -> Vec<f64> {
    let mut values = vec![0.0; n];
    Normals::new(&Key::of_chain(9, [1, 2], 0), Purpose::Draws, 0, 0).fill(Level::BASE, &mut [0; 256], &mut values);
    values
}

/// Mean and variance of a fitted column.
fn moments_of(family: &Copula, fit: &Fit) -> (f64, f64) {
    let bins = family.coding.columns[0].numbers.as_ref().unwrap();
    reference::moments(&bins.means, &bins.within, &fit.masses)
}

#[test]
fn smooth_margins_have_the_moments_of_their_laws() {
    let values = normal_numbers(2000);
    let (n, mean, m2) = crate::moments::Moments::of(&values);
    let variance = m2 / n;
    for (margin, added) in [(Margin::Empirical, 0.0), (Margin::Normal, 0.0), (Margin::Kde, 0.81 * math::pow(n, -0.4))] {
        let (family, fit) = margin_of(&values, margin, Bounds::Natural);
        let (m, v) = moments_of(&family, &fit);
        // The kernel's sd is 0.9 of the sd, or of the interquartile range where that is less.
        let tolerance = if margin == Margin::Kde { 0.1 * added } else { 1e-4 };
        assert!((m - mean).abs() < 1e-3 && (v / variance - 1.0 - added).abs() < tolerance, "{margin:?}: {m} {v}, {mean} {variance}");
    }
    let positive: Vec<f64> = values.iter().map(|z| math::exp(1.0 + 0.5 * z)).collect();
    let (family, fit) = margin_of(&positive, Margin::LogNormal, Bounds::Natural);
    let logs = crate::moments::Moments::of(&positive.iter().map(|x| math::ln(*x)).collect::<Vec<_>>());
    let expected = math::exp(logs.1 + 0.5 * logs.2 / logs.0);
    assert!((moments_of(&family, &fit).0 / expected - 1.0).abs() < 2e-3);
}

/// Of a Pareto law of shape 2 (tail index 1/2) the fitted tail goes on beyond the greatest record as the law does, and nothing below the 95 %
/// quantile moves; an upper bound keeps all within.
#[test]
fn heavy_tails_go_on_beyond_the_records() {
    let n = 20_000;
    let values: Vec<f64> = (0..n).map(|i| 1.0 / f64::sqrt((f64::from(i) + 0.5) / f64::from(n))).collect();
    let (family, fit) = margin_of(&values, Margin::HeavyTailed, Bounds::Natural);
    let bins = family.coding.columns[0].numbers.as_ref().unwrap();
    let beyond = |x: f64| (0..bins.len()).filter(|&k| bins.edges[k] >= x).map(|k| fit.masses[k]).sum::<f64>();
    for x in [10.0, 50.0, 300.0, 1000.0] {
        let (found, edge) = (beyond(x), bins.edges.iter().copied().find(|edge| *edge >= x).unwrap());
        let expected = 1.0 / (edge * edge);
        assert!((found / expected - 1.0).abs() < 0.25, "{x}: {found}, {expected}");
    }
    let shares = &family.coding.columns[0].shares;
    let body = bins.of(4.0);
    assert!((0..body).all(|k| (fit.masses[k] - shares[k]).abs() < 1e-12));
    let (bounded, fit) = margin_of(&values, Margin::HeavyTailed, Bounds::Observed);
    let bins = bounded.coding.columns[0].numbers.as_ref().unwrap();
    assert!(bins.edges[bins.len()] <= values[0] && (fit.masses.iter().sum::<f64>() - 1.0).abs() < 1e-9);
}

/// Every table can be fitted: one row, constants, gaps almost everywhere, columns that say the same, more columns than rows.
#[test]
fn hard_tables_are_fitted() {
    let numbers = |values: &[f64]| TableColumn::Numbers(Arc::from(values));
    let codes = |values: &[u32]| TableColumn::Codes(Arc::from(values));
    let twice: Vec<f64> = (0..50).map(f64::from).collect();
    let minus: Vec<f64> = twice.iter().map(|x| -3.0 * x).collect();
    let mut gaps = vec![f64::NAN; 50];
    gaps[7] = 3.0;
    let tables = [
        vec![numbers(&[1.5]), codes(&[0])],
        vec![numbers(&[2.0; 9]), codes(&[0; 9]), numbers(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 1e12])],
        vec![numbers(&twice), numbers(&twice), numbers(&minus), numbers(&gaps)],
        (0..12).map(|k| numbers(&[f64::from(k), 1.0, f64::from(k * k % 5)])).collect(),
        vec![codes(&(0..500).collect::<Vec<u32>>()), codes(&(0..500).map(|i| i % 2).collect::<Vec<u32>>())],
    ];
    for (which, columns) in tables.into_iter().enumerate() {
        let d = columns.len();
        let table = Table::new(columns).unwrap();
        for margin in ["empirical", "kde", "normal", "heavy-tailed"] {
            for method in ["draws", "exact"] {
                let n = table.rows();
                let margins = vec![format!("\"{margin}\""); d].join(",");
                let columns = (0..d).map(|k| k.to_string()).collect::<Vec<_>>().join(",");
                let text = format!(
                    r#"{{"generations":6,"index":0,"initial":{n},"law":"00000000000000000000000000000009","method":"{method}",
                    "model":{{"bounds":"natural","kind":"copula","margins":[{margins}]}},"n":{n},
                    "origin":{{"kind":"table","table":0,"columns":[{columns}]}},"policy":{{"kind":"replace"}},
                    "record":"all","replicates":[0,3],"seed":"7","sustain":1}}"#
                );
                let found = run_table(&text, &["fit_log_det", "early_state"], "[]", Some(table.clone()));
                assert!(found.values[0].iter().all(|x| x.is_finite()), "table {which}, {margin}, {method}: {:?}", found.values[0]);
                assert!(found.events[4].iter().all(|stopped| *stopped < 0));
            }
        }
    }
}

/// Shares of a class, of a crossing and of a tail, and means over a class, at generation 0: those of the rows, or near them where two
/// columns decide and the copula is a model of them.
#[test]
fn sets_are_followed() {
    let n = 4000;
    let table = sample(n, false, 5);
    let (yes, class, age) = (table.codes(2).unwrap(), table.codes(3).unwrap(), table.numbers(0).unwrap());
    let crossed: Vec<u32> = (0..n).map(|i| yes[i] * 4 + class[i]).collect();
    let mut sorted = age.to_vec();
    sorted.sort_by(f64::total_cmp);
    let old: Vec<u32> = age.iter().map(|x| u32::from(*x >= sorted[n * 9 / 10])).collect();
    let mut columns: Vec<TableColumn> = (0..5).map(|k| table.column(k).unwrap().clone()).collect();
    columns.extend([TableColumn::Codes(crossed.clone().into()), TableColumn::Codes(old.clone().into())]);
    let table = Table::new(columns).unwrap();
    let watch = r#"[{"name":"yes","column":2,"codes":[1]},{"name":"both","column":5,"codes":[4]},{"name":"old","column":6,"codes":[1]},
        {"name":"age_yes","column":2,"codes":[1],"mean":0},{"name":"age_old","column":6,"codes":[1],"mean":0}]"#;
    let names = ["yes", "both", "old", "age_yes", "age_old"];
    let found = run_table(&cell("draws", r#"{"kind":"replace"}"#, (50, n as u64, 1, 1), "empirical"), &names, watch, Some(table));
    let share = |codes: &[u32], code: u32| codes.iter().filter(|c| **c == code).count() as f64 / n as f64;
    let mean = |codes: &[u32]| {
        let chosen: Vec<f64> = (0..n).filter(|&i| codes[i] == 1).map(|i| age[i]).collect();
        chosen.iter().sum::<f64>() / chosen.len() as f64
    };
    let value = |k: usize| found.values[k][0];
    assert!((value(0) - share(&yes, 1)).abs() < 1e-12 && (value(2) - share(&old, 1)).abs() < 1e-12);
    assert!((value(1) - share(&crossed, 4)).abs() < 0.02, "{} {}", value(1), share(&crossed, 4));
    assert!((value(3) - mean(&yes)).abs() < 0.6, "{} {}", value(3), mean(&yes));
    assert!((value(4) - mean(&old)).abs() < 1e-9, "{} {}", value(4), mean(&old));
}

/// The bins between and beyond the real values of a smooth margin belong to the sets of their neighbours.
#[test]
fn sets_hold_what_lies_between_their_rows() {
    let n = 2000;
    let table = sample(n, true, 7);
    let wage = table.numbers(1).unwrap();
    let mut sorted: Vec<f64> = wage.iter().copied().filter(|x| !x.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let cut = sorted[sorted.len() * 95 / 100];
    let rich: Vec<u32> = wage.iter().map(|x| u32::from(*x >= cut)).collect();
    let share = rich.iter().sum::<u32>() as f64 / n as f64;
    let mut columns: Vec<TableColumn> = (0..5).map(|k| table.column(k).unwrap().clone()).collect();
    columns.push(TableColumn::Codes(rich.into()));
    let table = Table::new(columns).unwrap();
    let watch = r#"[{"name":"rich","column":5,"codes":[1]}]"#;
    for (margin, apart) in [("empirical", 1e-12), ("kde", 0.004), ("heavy-tailed", 0.002)] {
        let text = cell("draws", r#"{"kind":"replace"}"#, (50, n as u64, 1, 1), margin);
        let found = run_table(&text, &["rich"], watch, Some(table.clone())).values[0][0];
        assert!((found - share).abs() < apart, "{margin}: {found}, {share}");
    }
}

/// The same bytes at every level and with any number of threads.
#[test]
fn levels_and_threads_move_no_bit() {
    use crate::control::Control;
    use crate::pool::{Threads, run_block};
    use std::sync::atomic::AtomicU32;
    let table = Arc::new(sample(500, true, 6));
    let texts = ["draws", "exact"].map(|method| cell(method, r#"{"kind":"replace"}"#, (40_000, 500, 2, 2), "kde"));
    let names = COLUMNS[..11].iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
    for text in texts {
        let block = crate::plan::Block::parse(&format!(r#"{{"cells":[{text}],"columns":[{names}],"events":true,"numerics":1}}"#)).unwrap();
        let run = |level, threads| {
            let (cancel, progress) = (AtomicU32::new(0), AtomicU32::new(0));
            let control = Control::new(&cancel, &progress, 1);
            let found = run_block(&block, std::slice::from_ref(&table), &control, level, &Threads::of(threads).unwrap()).unwrap();
            found.values.into_iter().flatten().map(f64::to_bits).collect::<Vec<_>>()
        };
        let first = run(Level::BASE, 1);
        for level in Level::available() {
            assert_eq!(first, run(level, 1), "{}", level.name());
            assert_eq!(first, run(level, 3), "{}", level.name());
        }
    }
}
