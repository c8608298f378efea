//! Sets that are sums or counts stay as large as they are: a million generations of a million records that are all kept take no more
//! memory than a hundred. A process of its own, so that nothing else moves its peak.

use genloss_laws::cell::Method;
use genloss_laws::families::{Law, list};
use genloss_laws::policy::accumulate;
use genloss_laws::process::peak_memory;

const RECORDS: u64 = 1_000_000;

#[test]
fn what_is_kept_does_not_grow() {
    for row in list() {
        let Law::Of(cells) = &row.constant_memory else { continue };
        for cell in cells {
            let run = |generations: u32| {
                let cell = cell.clone().policy(accumulate()).n(RECORDS).generations(generations).record(&[generations]).by(Method::Exact);
                row.block(cell).columns("n mean_age variance_ratio heterozygosity").run()
            };
            // A family of many counts a step has fewer generations, in as much time.
            let generations = if row.costly || row.rows.is_some() { 100_000 } else { 1_000_000 };
            run(100);
            let Some(before) = peak_memory() else { return };
            let run = run(generations);
            let grown = peak_memory().expect("as before") - before;
            assert!(grown < 4 << 20, "{}: the peak grew by {} KiB", row.kind, grown >> 10);
            // Every record is still there, half as old on average as the oldest.
            let (n, age) = (run.at(generations, "n")[0], run.at(generations, "mean_age")[0]);
            assert_eq!((n, age), (RECORDS as f64 * (f64::from(generations) + 1.0), 0.5 * f64::from(generations)), "{}", row.kind);
            // The first batch decides: E[H] and E[v] stay within 2 / n of the origin's, single chains within a few roots.
            let left = ["variance_ratio", "heterozygosity"].map(|column| run.at(generations, column)[0]);
            let expected = if row.kind == "categorical" { 0.635 } else { 1.0 };
            let near = left.iter().any(|x| (x - expected).abs() < 0.05);
            assert!(near, "{}: {left:?} after {generations} generations", row.kind);
        }
    }
}
