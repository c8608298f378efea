//! Training sets put together in several ways, and what is fitted to each: for any family of the core.

use std::sync::atomic::AtomicU32;

use genloss_core::control::Control;
use genloss_core::family::{Data, Family, Group, Lives, View};
use genloss_core::rows::{Recorded, Rows};
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
    /// The sums of the records of B and C, and those of each put together; None where the records are what is kept.
    pub learned: Option<[Vec<f64>; 2]>,
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

/// A column of the models fitted to sets.
fn fit<F: Family>(family: &F, set: &F::Data, column: &str) -> Vec<f64> {
    let (mut model, mut lives, mut out) = (family.fitted(CHAINS), Lives::new(CHAINS), vec![0.0; CHAINS]);
    family.fit(set, &mut model, Level::best(), &mut lives);
    assert!(lives.all_alive());
    family.observe(set, &mut model);
    let measure = family.measure(column).unwrap_or_else(|| panic!("no column {column}"));
    measure(family, &View { training: set, model: &model, level: Level::best() }, &mut out);
    out
}

/// What `make` makes of a group of chains.
fn with_group<T>(make: impl FnOnce(&mut Group) -> T) -> T {
    let (cancel, progress) = (AtomicU32::new(0), AtomicU32::new(0));
    let control = Control::new(&cancel, &progress, 1);
    make(&mut Group::new(SEED, [0, 0], 0, CHAINS, Level::best(), &control))
}

/// Of a family: fits to sets of 7, 900 and 40 records.
pub fn of_sets<F: Family>(family: &F, columns: &[&'static str]) -> Vec<Sums> {
    let [a, b, c] = with_group(|group| {
        [7, 900, 40].map(|size| {
            let mut set = family.data(CHAINS);
            family.real(&[size; CHAINS], group, &mut set).expect("real records");
            set
        })
    });
    let grouped = [merged(&[&merged(&[&a, &b]), &c]), merged(&[&a, &merged(&[&b, &c])])];
    let twice = [merged(&[&scaled(&a, 2.0), &b]), merged(&[&a, &a, &b])];
    let thrice = [scaled(&a, 3.0), merged(&[&a, &a, &a])];
    let sums = |&column: &&'static str| Sums {
        column,
        grouped: grouped.each_ref().map(|set| fit(family, set, column)),
        twice: twice.each_ref().map(|set| fit(family, set, column)),
        thrice: thrice.each_ref().map(|set| fit(family, set, column)),
        learned: None,
        one: fit(family, &a, column),
    };
    columns.iter().map(sums).collect()
}

/// The same of a family that learns sums from records.
pub fn of_records<F: Recorded>(family: &F, columns: &[&'static str]) -> Vec<Sums> {
    let [mut all, mut first, mut rest] = [(); 3].map(|()| family.data(CHAINS));
    with_group(|group| {
        for chain in 0..CHAINS {
            let [mut b, mut c] = [900, 40].map(|size| {
                let mut rows = Rows::default();
                family.real_rows(chain, size, group, &mut rows.values);
                rows
            });
            family.learn(&b, chain, &mut first);
            family.learn(&c, chain, &mut rest);
            b.values.append(&mut c.values);
            family.learn(&b, chain, &mut all);
        }
    });
    let parts = merged(&[&first, &rest]);
    let mut sums = of_sets(family, columns);
    for sum in &mut sums {
        sum.learned = Some([fit(family, &all, sum.column), fit(family, &parts, sum.column)]);
    }
    sums
}
