//! The gaussian family's exact law: a batch's mean and sum of squares drawn at once, at a cost that does not depend on its size.
//!
//! Mean = m + s Z / sqrt(n) and M2 = v chi2_{n-1}, independent (Cochran); a chain reads its own lane and its own scalar stream only.

use super::{Fitted, Gaussian};
use crate::family::Group;
use crate::moments::Moments;
use crate::random::gamma::{Shapes, gamma, normal_and_gamma};
use crate::random::lanes::LANES;
use crate::simd::kernel;

kernel! {
    fn exact_moments(
        sizes: &[u64], inverse: &[f64; LANES], z: &[f64; LANES], gamma: &[f64; LANES], mean: &[f64], sd: &[f64], variance: &[f64],
        out_n: &mut [f64], out_mean: &mut [f64], out_m2: &mut [f64],
    ) {
        for i in 0..LANES {
            out_n[i] = sizes[i] as f64;
            out_mean[i] = mean[i] + sd[i] * z[i] * inverse[i];
            out_m2[i] = variance[i] * (2.0 * gamma[i]);
        }
    }
}

/// Constants of sixteen sizes, kept while the sizes stay.
struct Sizes {
    sizes: [u64; LANES],
    shapes: Shapes,
    inverse: [f64; LANES],
    ordinary: bool,
}

impl Sizes {
    fn new(sizes: [u64; LANES]) -> Sizes {
        Sizes {
            sizes,
            shapes: Shapes::new(&sizes.map(|n| 0.5 * (n as f64 - 1.0))),
            inverse: sizes.map(|n| if n == 0 { 0.0 } else { 1.0 / f64::sqrt(n as f64) }),
            ordinary: sizes.iter().all(|&n| n >= 3),
        }
    }
}

thread_local! {
    static SIZES: std::cell::RefCell<Vec<Sizes>> = const { std::cell::RefCell::new(Vec::new()) };
}

impl Gaussian {
    /// Moments of batches of each chain's law, from their own law.
    pub(super) fn exact(&self, from: Option<&Fitted>, sizes: &[u64], group: &mut Group, into: &mut Moments) {
        let (mut z, mut g) = ([0.0; LANES], [0.0; LANES]);
        let (zeros, ones) = ([0.0; LANES], [1.0; LANES]);
        SIZES.with_borrow_mut(|kept| {
            for (block, lanes) in group.exact.iter_mut().enumerate() {
                let at = block * LANES..(block + 1) * LANES;
                let wanted: [u64; LANES] = sizes[at.clone()].try_into().expect("sizes are padded");
                let place = kept.iter().position(|s| s.sizes == wanted).unwrap_or_else(|| {
                    kept.truncate(7);
                    kept.insert(0, Sizes::new(wanted));
                    0
                });
                let size = &kept[place];
                let end = (at.end).min(group.sides.len());
                let sides = &mut group.sides[at.start.min(end)..end];
                normal_and_gamma(group.level, lanes, sides, &size.shapes, &mut z, &mut g);
                if !size.ordinary {
                    // chi2 with 0 or 1 degree of freedom is outside the kernel's shapes.
                    for (i, &n) in wanted.iter().enumerate() {
                        if n < 2 {
                            g[i] = 0.0;
                        } else if n == 2 {
                            g[i] = sides.get_mut(i).map_or(0.5, |side| gamma(0.5, side));
                        }
                    }
                }
                let (mean, sd, variance) = match from {
                    Some(f) => (&f.mean[at.clone()], &f.sd[at.clone()], &f.variance[at.clone()]),
                    None => (&zeros[..], &ones[..], &ones[..]),
                };
                exact_moments(
                    group.level,
                    &wanted,
                    &size.inverse,
                    &z,
                    &g,
                    mean,
                    sd,
                    variance,
                    &mut into.n[at.clone()],
                    &mut into.mean[at.clone()],
                    &mut into.m2[at],
                );
            }
        });
        match from {
            Some(f) => into.exponent.copy_from_slice(&f.exponent),
            None => into.exponent.fill(0.0),
        }
    }
}
