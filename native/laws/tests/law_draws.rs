//! Records drawn from origins and from fitted models have the distribution function of what they are drawn from: their values of it are
//! even on (0, 1), by a Kolmogorov-Smirnov test of 20,000 chains; p above 1e-5.

use genloss_core::models::LIST;
use genloss_laws::draws::LEAST;
use genloss_laws::families::{Law, list};
use genloss_laws::ks::follows;

#[test]
fn every_family_of_the_core_has_a_row() {
    let kinds: Vec<&str> = list().iter().map(|row| row.kind).collect();
    // A model outside of the core has the laws of its functions: its host tries them (checkModel), and its own tests the rest.
    let own = LIST.iter().map(|listed| listed.kind).filter(|kind| *kind != "module");
    assert_eq!(kinds, own.collect::<Vec<_>>());
    for row in list() {
        let exceptions = row.exceptions();
        assert!(!row.cells.is_empty() && exceptions.len() < 6, "{}", row.kind);
        for (law, reason) in exceptions {
            println!("{} has no law of {law}: {reason}", row.kind);
            assert!(reason.split(' ').count() > 3, "{}: {reason}", row.kind);
        }
    }
}

#[test]
fn records_have_the_distribution_function() {
    for row in list() {
        let Law::Of(draws) = &row.draws else { continue };
        for draw in draws {
            for &method in draw.methods {
                let cell = draw.cell.clone().by(method).replicates(20_000);
                let values = (draw.uniform)(&row.block(cell.clone()).watching(draw.columns).run());
                assert!(values.iter().all(|u| (0.0..=1.0).contains(u)), "{}", cell.json());
                let p = follows(&values, |u| u);
                println!("{} generation {} by {method:?}: p {p:.3}", row.kind, cell.json()["generations"]);
                assert!(p > LEAST, "p {p:.1e}: {}", cell.json());
            }
        }
    }
}
