//! Training sets put together in several ways, and what is fitted to each: for any family of the core.

use std::sync::atomic::AtomicU32;

use genloss_core::control::Control;
use genloss_core::family::{Data, Family, Group, Lives, View};
use genloss_core::simd::Level;

use crate::SEED;

/// Chains that are looked at.
const CHAINS: usize = 16;

/// A column of the models fitted to three sets of real records, A, B and C.
pub struct Sums {
    pub column: &'static str,
    /// (A + B) + C and A + (B + C).
    pub grouped: [Vec<f64>; 2],
    /// 2 A + B by weights, and A + A + B.
    pub twice: [Vec<f64>; 2],
    /// Weight 3 on every record of A, and A + A + A.
    pub thrice: [Vec<f64>; 2],
    /// A alone: what the others must differ from.
    pub one: Vec<f64>,
}

fn merged<D: Data>(parts: &[&D]) -> D {
    let mut all = parts[0].clone();
    parts[1..].iter().for_each(|part| all.merge(part));
    all
}

fn scaled<D: Data>(set: &D, weight: f64) -> D {
    let mut set = set.clone();
    set.scale(weight);
    set
}

/// Of a family: fits to sets of 7, 900 and 40 records.
pub fn of_sets<F: Family>(family: &F, columns: &[&'static str]) -> Vec<Sums> {
    let (cancel, progress) = (AtomicU32::new(0), AtomicU32::new(0));
    let control = Control::new(&cancel, &progress, 1);
    let mut group = Group::new(SEED, [0, 0], 0, CHAINS, Level::best(), &control);
    let [a, b, c] = [7, 900, 40].map(|size| {
        let mut set = family.data(CHAINS);
        family.real(&[size; CHAINS], &mut group, &mut set).expect("real records");
        set
    });
    let fit = |set: &F::Data, column: &str| {
        let (mut model, mut lives, mut out) = (family.fitted(CHAINS), Lives::new(CHAINS), vec![0.0; CHAINS]);
        family.fit(set, &mut model, Level::best(), &mut lives);
        assert!(lives.all_alive());
        family.observe(set, &mut model);
        let measure = family.measure(column).unwrap_or_else(|| panic!("no column {column}"));
        measure(family, &View { training: set, model: &model, level: Level::best() }, &mut out);
        out
    };
    let grouped = [merged(&[&merged(&[&a, &b]), &c]), merged(&[&a, &merged(&[&b, &c])])];
    let twice = [merged(&[&scaled(&a, 2.0), &b]), merged(&[&a, &a, &b])];
    let thrice = [scaled(&a, 3.0), merged(&[&a, &a, &a])];
    let sums = |&column: &&'static str| Sums {
        column,
        grouped: grouped.each_ref().map(|set| fit(set, column)),
        twice: twice.each_ref().map(|set| fit(set, column)),
        thrice: thrice.each_ref().map(|set| fit(set, column)),
        one: fit(&a, column),
    };
    columns.iter().map(sums).collect()
}
