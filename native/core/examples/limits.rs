//! How near a drawn sample is to its limits: the cost of its words alone and of its normal number alone, by instruction level.
//!
//! `cargo run --release --manifest-path native/Cargo.toml -p genloss-core --example limits`
//! Every figure is the least of many short runs by the clock on the wall, so that other work on the machine does not enter.

use std::hint::black_box;
use std::time::Instant;

use genloss_core::random::key::{Key, Purpose};
use genloss_core::random::lanes::{self, Lanes};
use genloss_core::random::normal::{self, BLOCK};
use genloss_core::random::stream::Stream;
use genloss_core::simd::Level;

/// Blocks a run: about 50 microseconds, too short for most interruptions.
const BLOCKS: usize = 64;

/// Nanoseconds a sample: the least of 4000 runs.
fn least(mut block: impl FnMut()) -> f64 {
    let run = |_| {
        let start = Instant::now();
        for _ in 0..BLOCKS {
            block();
        }
        start.elapsed().as_nanos() as f64 / (BLOCKS * BLOCK) as f64
    };
    (0..4000).map(run).fold(f64::INFINITY, f64::min)
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
    println!("level    words    normals    ns a sample, on one core");
    for level in Level::available() {
        let mut lanes = Lanes::of_key(&key, Purpose::Draws, 0, 0);
        let mut side = Stream::new(key.state(Purpose::Side, 0, 0, 0));
        let (mut words, mut values) = (vec![0; BLOCK], vec![0.0; BLOCK]);
        let of_words = least(|| lanes::fill(level, black_box(&mut lanes), black_box(&mut words)));
        let of_normals = least(|| normal::fill(level, black_box(&mut lanes), &mut side, &mut words, black_box(&mut values)));
        println!("{:<8} {of_words:.3}    {of_normals:.3}", level.name());
    }
    println!("a cycle: at most {:.3} ns", cycle());
}
