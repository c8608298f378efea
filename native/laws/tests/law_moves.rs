//! Origins that are moved or stretched are the same chains under common random numbers, to rounding, under every policy.

use genloss_laws::families::{Law, list};
use genloss_laws::policy::{every, subsets};
use genloss_laws::prelude::*;

/// Relative, or absolute below 1: 30 generations carry a rounding on.
const SLACK: f64 = 1e-10;

#[test]
fn location_and_scale_change_no_chain() {
    let mut compared = 0;
    for row in list() {
        let Law::Of(moves) = &row.moves else { continue };
        for m in moves {
            for &method in m.methods {
                let sets = if method == Method::Draws { subsets() } else { vec![] };
                for policy in every().into_iter().chain(sets) {
                    let run = |cell: &Cell| {
                        let cell = cell.clone().policy(policy.clone()).n(12).generations(30).replicates(20).by(method).law(1);
                        let names: Vec<&str> = m.scaled.iter().map(|(name, _)| *name).collect();
                        row.block(cell).watching(m.same).watching(&names.join(" ")).run()
                    };
                    let (from, to) = (run(&m.from), run(&m.to));
                    for (name, factor) in m.same.split(' ').map(|name| (name, 1.0)).chain(m.scaled.iter().copied()) {
                        for (a, b) in (0..=30).flat_map(|g| from.at(g, name).into_iter().zip(to.at(g, name))) {
                            let near = a * factor == b || (a * factor - b).abs() <= SLACK * b.abs().max(1.0);
                            assert!(near, "{name} is {b}, expected {factor} times {a}: {policy} {method:?} {}", m.to.json());
                            compared += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(compared > 400_000, "{compared} numbers were compared");
}
