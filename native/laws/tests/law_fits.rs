//! Fits of many records find what the records were drawn from: within 5 limiting standard errors, and infinitely many to ten digits.

use genloss_laws::cell::Method;
use genloss_laws::families::{Law, list};

const RECORDS: u64 = 200_000;

#[test]
fn fits_recover_their_origin() {
    for row in list() {
        let Law::Of(truths) = &row.recovers else { continue };
        for truth in truths {
            for &method in truth.methods {
                let (cell, bound) = match method {
                    Method::Population => (truth.cell.clone().infinite(), 1e-10 * truth.value.abs().max(1.0)),
                    _ => (truth.cell.clone().n(RECORDS).replicates(4).by(method), 5.0 * truth.sd / f64::sqrt(RECORDS as f64)),
                };
                for found in row.block(cell.clone()).watching(truth.column).run().at(0, truth.column) {
                    let apart = (found - truth.value).abs();
                    assert!(apart <= bound, "{} is {found} instead of {}: {}", truth.column, truth.value, cell.json());
                }
            }
        }
    }
}
