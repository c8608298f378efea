//! Gamma variates by Marsaglia and Tsang with a tighter squeeze, for sixteen chains in step and for a scalar stream.
//!
//! d = a - 1/3, c = 1/sqrt(9 d), v = (1 + c x)^3: accept where u < 1 - (0.0331 * 2/3 / d) x^4 or ln u < x^2/2 + d - d v + d ln v.
//! The squeeze's usual constant is right for d = 2/3; raising its inequality to the power 1.5 d >= 1 (Bernoulli) gives this one.
//! Source: Marsaglia and Tsang, ACM TOMS 26 (2000).

use super::lanes::{LANES, Lanes};
use super::normal::{normal, rejected, rest, uniform, value};
use super::stream::Stream;
use crate::math;
use crate::simd::{Level, kernel};

/// d and c of sixteen shapes a >= 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Shapes {
    d: [f64; LANES],
    c: [f64; LANES],
}

impl Shapes {
    /// Constants for gamma shapes; a shape below 1 is treated as 1 (callers draw those another way).
    pub fn new(shape: &[f64; LANES]) -> Shapes {
        let d = shape.map(|a| f64::max(a, 1.0) - 1.0 / 3.0);
        Shapes { d, c: d.map(|d| 1.0 / f64::sqrt(9.0 * d)) }
    }
}

#[inline(always)]
fn squeeze(x: f64, u: f64, d: f64) -> bool {
    let square = x * x;
    u < 1.0 - (0.0331 * 2.0 / 3.0 / d) * (square * square)
}

fn accepted(x: f64, u: f64, v: f64, d: f64) -> bool {
    v > 0.0 && (squeeze(x, u, d) || math::ln(u) < 0.5 * x * x + d - d * v + d * math::ln(v))
}

fn cube(x: f64, c: f64) -> f64 {
    let t = 1.0 + c * x;
    t * t * t
}

/// One gamma variate of shape a > 0 and scale 1.
pub fn gamma(shape: f64, stream: &mut Stream) -> f64 {
    if shape < 1.0 {
        // Gamma(a) = Gamma(a + 1) U^(1/a)
        return gamma(shape + 1.0, stream) * math::exp(math::ln(stream.uniform()) / shape);
    }
    let d = shape - 1.0 / 3.0;
    draw(d, 1.0 / f64::sqrt(9.0 * d), stream)
}

fn draw(d: f64, c: f64, stream: &mut Stream) -> f64 {
    loop {
        let x = normal(stream);
        let v = cube(x, c);
        if accepted(x, stream.uniform(), v, d) {
            return d * v;
        }
    }
}

kernel! {
    /// Three words a lane: a normal z and a gamma variate of the lane's shape. A set bit of the answer asks for `mend`.
    fn pair(lanes: &mut Lanes, shapes: &Shapes, words: &mut [[u64; LANES]; 3], z: &mut [f64; LANES], gamma: &mut [f64; LANES]) -> u32 {
        let first = lanes.step();
        let second = lanes.step();
        let third = lanes.step();
        let mut bad = [0u64; LANES];
        for i in 0..LANES {
            z[i] = value(first[i]);
            let x = value(second[i]);
            let t = 1.0 + shapes.c[i] * x;
            let v = t * t * t;
            gamma[i] = shapes.d[i] * v;
            let good = (v > 0.0) & squeeze(x, uniform(third[i]), shapes.d[i]);
            bad[i] = ((rejected(first[i]) | rejected(second[i])) >> 63) | u64::from(!good);
        }
        *words = [first, second, third];
        let mut any = 0;
        for i in 0..LANES {
            any |= bad[i];
        }
        if any == 0 {
            return 0;
        }
        let mut flags = 0;
        for i in 0..LANES {
            flags |= (bad[i] as u32 & 1) << i;
        }
        flags
    }
}

/// A standard normal and an independent gamma variate for each of sixteen chains; what a lane uses never depends on the others.
pub fn normal_and_gamma(
    level: Level,
    lanes: &mut Lanes,
    sides: &mut [Stream],
    shapes: &Shapes,
    z: &mut [f64; LANES],
    gamma: &mut [f64; LANES],
) {
    let mut words = [[0; LANES]; 3];
    let mut flags = pair(level, lanes, shapes, &mut words, z, gamma);
    while flags != 0 {
        let i = flags.trailing_zeros() as usize;
        // Spare lanes of the last group have no chain behind them.
        if let Some(side) = sides.get_mut(i) {
            let [first, second, third] = [words[0][i], words[1][i], words[2][i]];
            if rejected(first) >> 63 == 1 {
                z[i] = rest(first, side);
            }
            let x = if rejected(second) >> 63 == 1 { rest(second, side) } else { value(second) };
            let (d, c) = (shapes.d[i], shapes.c[i]);
            let v = cube(x, c);
            gamma[i] = if accepted(x, uniform(third), v, d) { d * v } else { draw(d, c, side) };
        }
        flags &= flags - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::key::{Key, Purpose};

    /// Mean and variance of Gamma(a) are a; E[ln] = digamma(a): for lanes and for the scalar twin.
    #[test]
    fn moments_of_lanes_and_of_the_scalar_twin() {
        let keys: Vec<Key> = (0..16).map(|r| Key::of_chain(1, [2, 3], r)).collect();
        for shape in [0.3, 1.0, 1.5, 4.5, 49.5, 5e5] {
            let n = 20_000;
            let mut lanes = Lanes::of_chains(&keys, Purpose::Exact);
            let mut sides: Vec<Stream> = keys.iter().map(|k| Stream::new(k.state(Purpose::Side, 0, 0, 0))).collect();
            let (mut z, mut g) = ([0.0; LANES], [0.0; LANES]);
            let mut values = Vec::new();
            if shape >= 1.0 {
                for _ in 0..n / 16 {
                    normal_and_gamma(Level::best(), &mut lanes, &mut sides, &Shapes::new(&[shape; LANES]), &mut z, &mut g);
                    values.extend(g);
                }
                check(shape, &values);
                values.clear();
            }
            values.extend((0..n).map(|_| gamma(shape, &mut sides[0])));
            check(shape, &values);
        }
    }

    fn check(shape: f64, values: &[f64]) {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        assert!((mean - shape).abs() < 5.0 * f64::sqrt(shape / n), "{shape}: mean {mean}");
        let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        let kurtosis = 3.0 + 6.0 / shape;
        assert!((variance / shape - 1.0).abs() < 5.0 * f64::sqrt((kurtosis - 1.0) / n), "{shape}: variance {variance}");
        let log = values.iter().map(|&x| math::ln(x)).sum::<f64>() / n;
        let sd = f64::sqrt(math::trigamma(shape) / n);
        assert!((log - math::digamma(shape)).abs() < 5.0 * sd, "{shape}: log {log}");
    }

    #[test]
    fn the_squeeze_is_safe() {
        for d in [2.0 / 3.0, 1.0, 3.0, 50.0, 1e4] {
            let c = 1.0 / f64::sqrt(9.0 * d);
            for k in -400..=400 {
                let x = f64::from(k) * 0.01;
                let v = cube(x, c);
                if v <= 0.0 {
                    continue;
                }
                let exact = math::exp(0.5 * x * x + d - d * v + d * math::ln(v));
                assert!(1.0 - (0.0331 * 2.0 / 3.0 / d) * x.powi(4) <= exact * (1.0 + 1e-9), "d {d} x {x}");
            }
        }
    }
}
