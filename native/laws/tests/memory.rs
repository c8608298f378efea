//! A billion draws a generation take no more memory than a thousand. A process of its own, so that nothing else moves its peak.

use genloss_laws::cell::Method;
use genloss_laws::prelude::*;
use genloss_laws::process::peak_memory;

#[test]
fn a_billion_draws_need_no_memory() {
    let run = |n: u64| {
        let cells = [gaussian(), categorical(&[0.3, 0.3, 0.4])].map(|cell| cell.n(n).by(Method::Draws));
        Block::of(cells).columns("mean_shift variance_ratio heterozygosity").run()
    };
    run(1000);
    let Some(before) = peak_memory() else { return };
    let run = run(1_000_000_000);
    let grown = peak_memory().expect("as before") - before;
    assert!(grown < 16 << 20, "the peak grew by {} KiB", grown >> 10);
    // One chain: within 5 standard errors.
    let bound = 5.0 / f64::sqrt(1e9);
    assert!(run.of_cell(0, 0, "mean_shift")[0].abs() < bound);
    assert!((run.of_cell(0, 0, "variance_ratio")[0] - 1.0).abs() < bound * f64::sqrt(2.0));
    assert!((run.of_cell(1, 0, "heterozygosity")[0] - 0.66).abs() < bound);
}
