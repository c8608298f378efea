//! How near the kernels are to their limits: what the parts of a generation cost alone, by instruction level. Words and normals are parts
//! of a drawn sample; a normal with a gamma variate is what an exact generation draws; a binomial count is one class of an exact multinomial.
//!
//! `cargo run --release --manifest-path native/Cargo.toml -p genloss-core --example limits`
//! Every figure is the least of many short runs by the clock on the wall, so that other work on the machine does not enter.

use std::hint::black_box;
use std::time::Instant;

use genloss_core::random::binomial::binomials;
use genloss_core::random::gamma::{Shapes, normal_and_gamma};
use genloss_core::random::key::{Key, Purpose};
use genloss_core::random::lanes::{self, LANES, Lanes};
use genloss_core::random::normal::{self, BLOCK};
use genloss_core::random::stream::Stream;
use genloss_core::simd::Level;

/// Blocks a run: 10 microseconds and up, too short for most interruptions.
const BLOCKS: usize = 64;

/// Nanoseconds a sample: the least of 2000 runs.
fn least(mut block: impl FnMut()) -> f64 {
    let run = |_| {
        let start = Instant::now();
        for _ in 0..BLOCKS {
            block();
        }
        start.elapsed().as_nanos() as f64 / (BLOCKS * BLOCK) as f64
    };
    (0..2000).map(run).fold(f64::INFINITY, f64::min)
}

/// Nanoseconds a clock cycle: an addition waits one cycle for the one before it.
fn cycle() -> f64 {
    let mut sum = 1_u64;
    least(|| {
        for _ in 0..BLOCK {
            sum = black_box(1_u64).wrapping_add(sum);
        }
        black_box(sum);
    })
}

fn main() {
    let key = Key::of_chain(1, [0, 0], 0);
    let mut sides: Vec<Stream> = (0..LANES).map(|lane| Stream::new(key.state(Purpose::Side, 0, 0, lane as u64))).collect();
    println!("level    words    normals    normal and gamma    binomial    ns each, on one core");
    for level in Level::available() {
        let mut lanes = Lanes::of_key(&key, Purpose::Draws, 0, 0);
        let (mut words, mut values) = (vec![0; BLOCK], vec![0.0; BLOCK]);
        let of_words = least(|| lanes::fill(level, black_box(&mut lanes), black_box(&mut words)));
        let of_normals = least(|| normal::fill(level, black_box(&mut lanes), &mut sides[0], &mut words, black_box(&mut values)));
        let (shapes, mut z, mut out) = (Shapes::new(&[49.5; LANES]), [0.0; LANES], [0.0; LANES]);
        let of_pairs = least(|| {
            for _ in 0..BLOCK / LANES {
                normal_and_gamma(level, &mut lanes, &mut sides, black_box(&shapes), &mut z, black_box(&mut out));
            }
        });
        let (n, p) = ([1e9; LANES], [0.1; LANES]);
        let of_binomials = least(|| {
            for _ in 0..BLOCK / LANES {
                binomials(level, &mut lanes, &mut sides, black_box(&n), black_box(&p), black_box(&mut out));
            }
        });
        println!("{:<8} {of_words:.3}    {of_normals:.3}      {of_pairs:.2}                {of_binomials:.1}", level.name());
    }
    println!("a cycle: at most {:.3} ns", cycle());
}
