//! The moment budget: what a fit by moments or maximum likelihood has of its records is in expectation the origin's, at every generation,
//! under every policy without weights. For the variance with divisor n: E[v] + Var[m] = the origin's variance.

use genloss_laws::families::{Law, list};
use genloss_laws::policy::{every, subsets};
use genloss_laws::prelude::*;
use genloss_laws::stats::rms;

#[test]
fn moments_are_kept_under_every_policy() {
    let mut scores = vec![];
    for row in list() {
        let Law::Of(budgets) = &row.budget else { continue };
        for budget in budgets {
            for &method in budget.methods {
                let counts = row.kind == "categorical";
                let sets = if method == Method::Draws || counts { subsets() } else { vec![] };
                for policy in every().into_iter().chain(sets) {
                    let cell = budget.cell.clone().policy(policy).n(10).generations(4).replicates(3000).by(method).record(&[1, 4]);
                    let run = row.block(cell.clone()).watching(budget.columns).run();
                    for generation in [0, 1, 4] {
                        let columns: Vec<Vec<f64>> = budget.columns.split(' ').map(|name| run.at(generation, name)).collect();
                        let of = |chain: usize| (budget.value)(&columns.iter().map(|column| column[chain]).collect::<Vec<_>>());
                        let z = mean(&(0..3000).map(of).collect::<Vec<_>>()).z(budget.expected);
                        assert!(z.abs() <= 4.0, "z {z:.2} at {generation}: {}", cell.json());
                        scores.push(z);
                    }
                }
            }
        }
    }
    println!("{} comparisons, rms {:.3}", scores.len(), rms(&scores));
    assert!((0.8..=1.2).contains(&rms(&scores)), "rms {}", rms(&scores));
}
