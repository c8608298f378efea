//! Tails of normal and gamma variates: published mistakes (case B19) and others of the same kind, to distances where no run of draws comes.
//!
//! Bounds: 4.5 standard errors, or p above 1e-5, of one seed that is never changed.

use genloss_core::random::key::Purpose;
use genloss_core::random::lanes::{LANES, Lanes};
use genloss_core::random::normal::{BLOCK, TAIL, fill, tail};
use genloss_core::random::stream::Stream;
use genloss_core::simd::Level;
use genloss_laws::draws::{BOUND, LEAST, gammas, has_mass, keys, stream};
use genloss_laws::ks::follows;
use genloss_laws::special::{lower, pdf, upper};
use genloss_laws::stats::count;

/// B19: a hundred million draws, by narrow bins and beyond each of several distances, on both sides.
#[test]
fn b19_a_hundred_million_normal_draws() {
    const DRAWS: u64 = 100_007_936;
    const STEPS: usize = 420;
    let key = keys()[0];
    let (mut lanes, mut side) = (Lanes::of_key(&key, Purpose::Draws, 0, 0), Stream::new(key.state(Purpose::Draws, 0, 0, LANES as u64)));
    let (mut words, mut values) = ([0; BLOCK], [0.0; BLOCK]);
    let edges = [3.442_619_855_899, 4.0, TAIL, 4.5, 5.0, 5.5];
    let mut bins = vec![0u64; 2 * STEPS];
    let mut beyond = [[0u64; 6]; 2];
    let (mut square, mut far) = (0.0, vec![]);
    for _ in 0..DRAWS / BLOCK as u64 {
        fill(Level::best(), &mut lanes, &mut side, &mut words, &mut values);
        for &x in &values {
            square += x * x;
            // A hundred bins a unit, to 4.2 on each side.
            if let Some(bin) = bins.get_mut(((x + STEPS as f64 / 100.0) * 100.0).floor() as usize).filter(|_| x > -4.2) {
                *bin += 1;
            }
            if x.abs() > edges[0] {
                edges.iter().zip(&mut beyond[usize::from(x > 0.0)]).for_each(|(edge, seen)| *seen += u64::from(x.abs() > *edge));
                if x.abs() > TAIL {
                    far.push(x.abs());
                }
            }
        }
    }
    assert!((square / DRAWS as f64 - 1.0).abs() < BOUND * f64::sqrt(2.0 / DRAWS as f64), "variance {}", square / DRAWS as f64);
    for (edge, i) in edges.into_iter().zip(0..) {
        for (side, seen) in ["below", "above"].into_iter().zip(&beyond) {
            has_mass(seen[i], DRAWS, upper(edge), &format!("{side} {edge}"));
        }
    }
    let past_four = (beyond[0][1] + beyond[1][1]) as f64 * 1e8 / DRAWS as f64;
    assert!((past_four - 6334.0).abs() < 320.0, "{past_four} beyond 4 standard deviations");
    let chi: f64 = bins
        .iter()
        .zip(0..)
        .map(|(&seen, bin)| {
            let from = f64::from(bin - STEPS as i32) / 100.0;
            // The mass of a bin without loss on either side.
            let mass = if from >= 0.0 { upper(from) - upper(from + 0.01) } else { lower(from + 0.01) - lower(from) };
            let expected = mass * DRAWS as f64;
            (seen as f64 - expected) * (seen as f64 - expected) / expected
        })
        .sum();
    let freedom = bins.len() as f64;
    assert!((chi - freedom).abs() < BOUND * f64::sqrt(2.0 * freedom), "chi-square {chi} on {freedom} bins");
    assert!(follows(&far, |x| 1.0 - upper(x) / upper(TAIL)) > LEAST, "the tail's own draws");
}

/// A stream whose first two words are given; what follows is as random as the stream that it is made with.
fn beginning_with(first: u64, second: u64, random: &mut Stream) -> Stream {
    // An output of xoshiro256++ is rotl(s0 + s3, 23) + s0: s3 follows from it and s0. Step 2 is chosen, and step 1 taken back from it.
    let last = |word: u64, s0: u64| word.wrapping_sub(s0).rotate_right(23).wrapping_sub(s0);
    let s0 = random.word();
    let mixed = last(second, s0).rotate_right(45);
    let before = s0 ^ mixed;
    let s3 = last(first, before);
    let made = Stream::new([before, mixed ^ s3, random.word(), s3]);
    let mut ahead = made.clone();
    assert_eq!([ahead.word(), ahead.word()], [first, second]);
    made
}

/// Beyond 7 to 10 standard deviations, where no run of draws comes (2e-12 and less): the ziggurat's own tail, begun with words that lead
/// there. What it keeps has the normal law given that it is beyond; how often it does, the normal mass.
#[test]
fn b19_the_far_tail_by_conditional_draws() {
    let mut random = stream();
    // The tail's candidates TAIL + a, a = -ln(u) / TAIL, are taken where -2 ln(v) >= a^2, with this probability.
    let accepted = TAIL * upper(TAIL) / pdf(TAIL);
    for from in [7.0, 8.0, 9.0, 10.0] {
        // u and v below these powers of 1/2: all that is kept beyond the distance begins so.
        let bits = [TAIL * (from - TAIL), 0.5 * (from - TAIL) * (from - TAIL)].map(|log| (log / std::f64::consts::LN_2).floor() as i32);
        let trials = 200_000;
        let begun = |random: &mut Stream| beginning_with(random.word() >> bits[0], random.word() >> bits[1], random);
        let all: Vec<f64> = (0..trials).map(|_| tail(TAIL, &mut begun(&mut random))).collect();
        let kept: Vec<f64> = all.into_iter().filter(|&x| x > from).collect();
        assert!(kept.len() > 10_000, "{} draws beyond {from}", kept.len());
        let p = follows(&kept, |x| 1.0 - upper(x) / upper(from));
        assert!(p > LEAST, "beyond {from}: p {p:.1e}");
        let share = upper(from) / upper(TAIL) * accepted * f64::powi(2.0, bits[0] + bits[1]);
        has_mass(kept.len() as u64, trials, share, &format!("beyond {from}"));
    }
}

/// The tail routine begun at any distance.
#[test]
fn tails_begun_anywhere_are_normal() {
    let mut random = stream();
    for from in [0.5, 2.0, 4.0, 7.0, 10.0, 20.0, 37.0] {
        let draws: Vec<f64> = (0..200_000).map(|_| tail(from, &mut random)).collect();
        let p = follows(&draws, |x| 1.0 - upper(x) / upper(from));
        assert!(p > LEAST, "from {from}: p {p:.1e}");
    }
}

/// P(Gamma(shape) > x) for whole and half shapes, by Q(a + 1, x) = Q(a, x) + x^a e^-x / Gamma(a + 1).
fn gamma_upper(shape: f64, x: f64) -> f64 {
    let whole = shape == shape.trunc();
    let (mut a, mut sum) = if whole { (1.0, f64::exp(-x)) } else { (0.5, 2.0 * upper(f64::sqrt(2.0 * x))) };
    // x^a e^-x / Gamma(a + 1); Gamma(3/2) = sqrt(pi) / 2.
    let mut term = if whole { x * f64::exp(-x) } else { 2.0 * f64::sqrt(x / std::f64::consts::PI) * f64::exp(-x) };
    while a < shape {
        sum += term;
        a += 1.0;
        term *= x / a;
    }
    sum
}

/// The whole law, and both of its tails down to one in a hundred thousand.
#[test]
fn gamma_variates_have_their_whole_law() {
    for shape in [0.5, 1.0, 1.5, 2.0, 4.5, 10.0, 49.5, 400.0] {
        let values = gammas(shape, 400_000);
        let p = follows(&values[..100_000], |x| 1.0 - gamma_upper(shape, x));
        assert!(p > LEAST, "shape {shape}: p {p:.1e}");
        for level in [1e-2, 1e-3, 1e-4, 1e-5] {
            for (side, mass) in [("above", level), ("below", 1.0 - level)] {
                let (mut low, mut high) = (0.0, 20.0 * shape + 40.0);
                for _ in 0..200 {
                    let middle = 0.5 * (low + high);
                    if gamma_upper(shape, middle) > mass { low = middle } else { high = middle }
                }
                let seen = count(&values, |x| if side == "above" { x > low } else { x < low });
                has_mass(seen, values.len() as u64, level, &format!("shape {shape} {side} {low}"));
            }
        }
    }
}
