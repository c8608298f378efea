//! The ends of the range: cancelling, sizes up to 2^53, ten thousand generations, origins far from 0.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use genloss_laws::cell::{Method, of};
use genloss_laws::policy::every;
use genloss_laws::prelude::*;
use genloss_laws::special::{digamma, trigamma};
use genloss_laws::stats::rms;
use serde_json::json;

/// How long a block takes to stop once it is cancelled after a while.
fn time_to_stop(block: &Block, after: Duration) -> Duration {
    let (cancel, progress) = (AtomicU32::new(0), AtomicU32::new(0));
    std::thread::scope(|scope| {
        let run = scope.spawn(|| block.run_under(&cancel, &progress));
        std::thread::sleep(after);
        let asked = Instant::now();
        cancel.store(1, Ordering::Relaxed);
        let outcome = run.join().expect("no panic");
        assert_eq!(outcome.map(|_| ()).unwrap_err().code, "interrupted");
        asked.elapsed()
    })
}

#[test]
fn a_cancelled_block_stops_at_once() {
    let code: Vec<u32> = (0..1000).map(|k| k % 7).collect();
    let x: Vec<f64> = (0..1000).map(f64::from).collect();
    let column = |column: usize| json!({ "kind": "table", "table": 0, "columns": [column] });
    let big = 1_000_000_000;
    for (name, cell) in [
        ("gaussian", gaussian().n(big)),
        ("categorical", categorical(&[0.3, 0.3, 0.4]).n(big)),
        ("all that there can be", gaussian().n(1 << 53)),
        ("all classes that there can be", categorical(&[0.3, 0.3, 0.4]).n(1 << 53)),
        ("rows of numbers", of(column(1), json!({ "kind": "gaussian", "estimator": "mle" })).n(big)),
        ("rows of codes", of(column(0), json!({ "kind": "categorical" })).n(big)),
        ("records of a law", resampled(&gaussian()).n(big)),
        ("records of classes", resampled(&categorical(&[0.5, 0.5])).n(big)),
        ("many generations", gaussian().n(1000).generations(1_000_000).replicates(64)),
        ("many chains", gaussian().n(1000).generations(1000).replicates(100_000).record(&[])),
    ] {
        let cell = cell.by(Method::Draws).record(&[]);
        let block = Block::of([cell]).table(vec![codes(&code), numbers(&x)]).columns("mean heterozygosity").events();
        for after in [10, 300] {
            let took = time_to_stop(&block, Duration::from_millis(after));
            // A tenth of a second is usual; the bound only tells stopping from running to the end, however busy the machine is.
            assert!(took < Duration::from_secs(10), "{name} stopped {took:?} after it was asked");
        }
    }
}

#[test]
fn a_block_cancelled_before_it_starts_does_nothing() {
    let block = Block::of([gaussian().n(1_000_000_000).by(Method::Draws)]).columns("mean");
    let outcome = block.run_under(&AtomicU32::new(1), &AtomicU32::new(0));
    assert_eq!(outcome.map(|_| ()).unwrap_err().code, "interrupted");
}

#[test]
fn progress_reaches_the_whole() {
    let progress = AtomicU32::new(0);
    let cells = [gaussian().generations(9).replicates(300), categorical(&[0.5, 0.5]).generations(3).replicates(7)];
    Block::of(cells).columns("mean").events().run_under(&AtomicU32::new(0), &progress).expect("a run");
    assert_eq!(progress.load(Ordering::Relaxed), 65_536);
}

/// Deviations of generation 0 in their own standard errors are standard: mean square 1 within 4 standard errors of it.
fn standard(deviates: &[f64], what: &str) {
    let bound = 4.0 * f64::sqrt(0.5 / deviates.len() as f64);
    assert!((rms(deviates) - 1.0).abs() < bound, "{what}: root mean square {}", rms(deviates));
    assert!(mean(deviates).z(0.0).abs() < 4.0, "{what}: mean {:?}", mean(deviates));
}

#[test]
fn sizes_up_to_two_to_the_53_are_exact() {
    for n in [1_000_000_000_000, 1 << 52, 1 << 53] {
        let size = n as f64;
        for policy in every() {
            let run = gaussian().policy(policy.clone()).n(n).generations(3).replicates(2000).run("mean_shift variance_ratio n");
            standard(&run.at(0, "mean_shift").iter().map(|m| m * size.sqrt()).collect::<Vec<_>>(), "means");
            standard(&run.at(0, "variance_ratio").iter().map(|v| (v - 1.0) * f64::sqrt(0.5 * size)).collect::<Vec<_>>(), "variances");
            assert!(run.at(3, "variance_ratio").iter().all(|v| (v - 1.0).abs() < 20.0 / size.sqrt()));

            let p = [0.5, 0.2, 0.3];
            let classes = categorical(&p).policy(policy).n(n).generations(3).replicates(1000);
            let run = (0..3).fold(Block::of([classes]), |block, k| block.follow(&format!("item_{k}"), 0, &[k as u32])).run();
            for (k, p) in p.iter().enumerate() {
                let deviate = |q: f64| (q - p) / f64::sqrt(p * (1.0 - p) / size);
                standard(&run.at(0, &format!("item_{k}")).into_iter().map(deviate).collect::<Vec<_>>(), "shares");
            }
            let total = |r: usize| (0..3).map(|k| run.at(3, &format!("item_{k}"))[r]).sum::<f64>();
            assert!((0..1000).all(|r| (total(r) - 1.0).abs() < 1e-14));
        }
    }
}

#[test]
fn rows_of_a_table_are_resampled_two_to_the_53_times() {
    let x: Vec<f64> = (0..50).map(f64::from).collect();
    for n in [1_000_000_000_000, 1 << 53] {
        let cell = table(&[0]).n(n).initial(50).generations(2).replicates(400);
        let run = Block::of([cell]).table(vec![numbers(&x)]).columns("distinct_alive mean n").run();
        assert!(run.at(2, "distinct_alive").iter().all(|&rows| rows == 50.0) && run.at(1, "n").iter().all(|&m| m == n as f64));
        let spread = f64::sqrt((50.0 * 50.0 - 1.0) / 12.0 / n as f64);
        standard(&run.at(1, "mean").iter().map(|m| (m - 24.5) / spread).collect::<Vec<_>>(), "means");
    }
}

/// ln v falls by psi((n-1)/2) - ln(divisor/2) a generation, on and on, far below the smallest float.
#[test]
fn ten_thousand_generations_are_a_straight_line() {
    let marks = [99, 999, 4999, 9999];
    for method in Method::BOTH {
        for (cell, divisor) in [(gaussian(), 9.0), (gaussian().mle(), 10.0)] {
            let cell = cell.n(10).generations(9999).replicates(500).by(method).record(&marks);
            let block =
                Block::of([cell]).columns("fit_log_variance variance mean w1 w2 tv ks hellinger kl_forward kl_reverse entropy tail_p05");
            let run = block.events().run();
            let slope = digamma(4.5) - f64::ln(0.5 * divisor);
            for mark in marks {
                let fits = f64::from(mark) + 1.0;
                let log = run.at(mark, "fit_log_variance");
                assert!(log.iter().all(|x| x.is_finite()));
                let z = mean(&log).z(fits * slope);
                assert!(z.abs() < 4.0, "{fits} fits: slope {} instead of {slope}, z {z}", mean(&log).value / fits);
                let z = variance(&log).z(fits * trigamma(4.5));
                assert!(z.abs() < 4.0, "{fits} fits: the variance of ln v, z {z}");
                let gaps = run.columns.names.iter().filter(|name| run.at(mark, name).iter().any(|x| x.is_nan()));
                assert_eq!(gaps.count(), 0, "no measure is undefined after {fits} fits");
            }
            assert!(run.at(9999, "variance").iter().all(|&v| v == 0.0), "the variance itself is below the smallest float");
            assert!(run.dates("late").iter().all(|&date| (1..2000).contains(&date)) && run.dates("stopped").iter().all(|&date| date == -1));
        }
    }
}

/// A variance far below the smallest float comes back once real records are mixed in.
#[test]
fn accumulated_and_mixed_chains_do_not_sink() {
    for policy in [accumulate(), window_with_real(1), mix(0.2)] {
        let run = gaussian().policy(policy).n(10).generations(3000).replicates(100).record(&[3000]).run("fit_log_variance mean");
        assert!(run.at(3000, "fit_log_variance").iter().all(|log| log.abs() < 5.0));
    }
}

#[test]
fn an_origin_far_away_is_the_same_run() {
    let names = ["variance_ratio", "mean_shift", "tail_p05", "tail_upper_p01", "kl_forward", "tv", "ks", "hellinger", "early_state"];
    let bits = |run: &Run, name: &str| (0..=20).flat_map(|g| run.at(g, name)).map(f64::to_bits).collect::<Vec<_>>();
    for method in Method::BOTH {
        for policy in every() {
            let of = |mean, sd| {
                let cell = gaussian().policy(policy.clone()).origin(mean, sd).n(10).generations(20).replicates(30).by(method).law(1);
                Block::of([cell]).columns(&names.join(" ")).columns("mean variance w1 w2 entropy fit_log_variance").events().run()
            };
            let near = of(0.0, 1.0);
            for (centre, sd) in [(1e8, 1.0), (-3e15, 1e-3), (5.0, 1e100)] {
                let far = of(centre, sd);
                assert!(names.iter().all(|name| bits(&far, name) == bits(&near, name)), "N({centre}, {sd}) {policy}");
                assert_eq!(far.columns.events, near.columns.events);
                let same = |name: &str, map: &dyn Fn(f64) -> f64, slack: f64| {
                    let pairs = (0..=20).flat_map(|g| near.at(g, name).into_iter().zip(far.at(g, name)));
                    pairs.into_iter().for_each(|(near, far)| {
                        let apart = (map(near) - far).abs();
                        assert!(apart <= slack + 1e-13 * map(near).abs(), "{name} of N({centre}, {sd}): {far} from {near}");
                    });
                };
                same("mean", &|m| centre + sd * m, 0.0);
                same("variance", &|v| sd * sd * v, 0.0);
                same("w1", &|w| sd * w, 0.0);
                same("w2", &|w| sd * w, 0.0);
                same("entropy", &|h| h + sd.ln(), 1e-12);
                same("fit_log_variance", &|log| log + 2.0 * sd.ln(), 1e-12);
            }
        }
    }
}

/// A table moved and stretched is the same run to rounding.
#[test]
fn a_table_far_away_is_the_same_run() {
    let x: Vec<f64> = (0..64).map(|k| f64::from(k * k % 67)).collect();
    let moved: Vec<f64> = x.iter().map(|x| 1e6 + 0.5 * x).collect();
    let origin = json!({ "kind": "table", "table": 0, "columns": [0] });
    for cell in [of(origin, json!({ "kind": "gaussian", "estimator": "mle" })), table(&[0])] {
        for method in Method::BOTH {
            let cell = cell.clone().policy(mix(0.25)).n(40).initial(64).generations(12).replicates(20).by(method);
            let run = |x: &[f64]| Block::of([cell.clone()]).table(vec![numbers(x)]).columns("variance_ratio mean_shift tail_p05").run();
            let (near, far) = (run(&x), run(&moved));
            for name in ["variance_ratio", "mean_shift", "tail_p05"] {
                for (a, b) in (0..=12).flat_map(|g| near.at(g, name).into_iter().zip(far.at(g, name))) {
                    assert!((a - b).abs() < 1e-8 * f64::max(1.0, a.abs()), "{name}: {a} and {b}");
                }
            }
        }
    }
}
