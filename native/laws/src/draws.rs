//! Streams and draws of the core, for tests of variates.

use genloss_core::random::gamma::{Shapes, gamma, normal_and_gamma};
use genloss_core::random::key::{Key, Purpose};
use genloss_core::random::lanes::{LANES, Lanes};
use genloss_core::random::stream::Stream;
use genloss_core::simd::Level;

use crate::SEED;
use crate::stats::binomial_z;

/// Standard errors that an estimate may lie away.
pub const BOUND: f64 = 4.5;
/// The least p-value.
pub const LEAST: f64 = 1e-5;

/// Keys of sixteen chains.
pub fn keys() -> Vec<Key> {
    (0..16).map(|replicate| Key::of_chain(SEED, [0, 0], replicate)).collect()
}

/// Their lanes in step, and the stream beside each.
pub fn streams() -> (Lanes, Vec<Stream>) {
    let keys = keys();
    (Lanes::of_chains(&keys, Purpose::Exact), keys.iter().map(|key| Stream::new(key.state(Purpose::Side, 0, 0, 0))).collect())
}

/// One stream.
pub fn stream() -> Stream {
    streams().1.swap_remove(0)
}

/// At least so many gamma variates: one stream after the other, and sixteen lanes in step.
pub fn gammas(shape: f64, draws: usize) -> Vec<f64> {
    let (mut lanes, mut sides) = streams();
    let shapes = Shapes::new(&[shape; LANES]);
    let (mut z, mut g) = ([0.0; LANES], [0.0; LANES]);
    let mut values = vec![];
    while values.len() < draws {
        // Lanes draw shapes from 1 on.
        if shape >= 1.0 {
            normal_and_gamma(Level::best(), &mut lanes, &mut sides, &shapes, &mut z, &mut g);
            values.extend(g);
        }
        values.extend((0..LANES).map(|i| gamma(shape, &mut sides[i])));
    }
    values
}

/// Asserts that as many of `total` draws as expected fell where the law has mass p.
pub fn has_mass(seen: u64, total: u64, p: f64, what: &str) {
    let z = binomial_z(seen, total, p);
    assert!(z.abs() <= BOUND, "{what}: {seen} of {total} where {:.3} are expected, z {z:.2}", p * total as f64);
}
