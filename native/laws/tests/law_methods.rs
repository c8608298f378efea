//! Exact and draws are one law, for every family under every policy of whole batches: two-sample Kolmogorov-Smirnov tests of each fitted
//! number. One false alarm in a thousand seeds is allowed to the whole (Bonferroni).

use genloss_laws::cell::Method;
use genloss_laws::families::list;
use genloss_laws::ks::same_law;
use genloss_laws::policy::every;

const ALPHA: f64 = 1e-3;

#[test]
fn exact_and_draws_are_one_law() {
    let mut found = vec![];
    for row in list() {
        for variant in row.cells.iter().filter(|variant| variant.methods.len() == 2) {
            for policy in every() {
                let cell = variant.cell.clone().policy(policy).n(12).generations(4).replicates(3000).record(&[1, 4]);
                let run = |method| row.block(cell.clone().by(method)).watching(variant.columns).run();
                let (exact, draws) = (run(Method::Exact), run(Method::Draws));
                for generation in [0, 1, 4] {
                    for column in variant.columns.split(' ') {
                        let p = same_law(&exact.at(generation, column), &draws.at(generation, column));
                        found.push((p, format!("{column} at {generation}: {}", cell.json())));
                    }
                }
            }
        }
    }
    let bound = ALPHA / found.len() as f64;
    let least = found.iter().map(|(p, _)| *p).fold(1.0, f64::min);
    println!("{} comparisons, least p {least:.1e}, bound {bound:.1e}", found.len());
    for (p, what) in found {
        assert!(p >= bound, "p {p:.1e} below {bound:.1e}: {what}");
    }
}
