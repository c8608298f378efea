//! The gaussian family on origins that are not normal: sums of their records, and distances by quadrature.

use super::sums::pairwise;
use super::{Fitted, Gaussian, Real};
use crate::family::{CHUNK, Group, Measure, View};
use crate::measures::Normal;
use crate::measures::pair::{Bell, Pair};
use crate::random::key::Purpose;
use crate::truth::Truth;

/// Sums of `n` records of a law in its units, and of their squares.
pub fn law_sums(truth: &Truth, group: &mut Group, chain: usize, n: u64) -> (f64, f64) {
    let sums = |values: &[f64]| values.iter().fold((0.0, 0.0), |(sum, square), y| (sum + y, square + y * y));
    let mut values = vec![0.0; n.min(CHUNK) as usize];
    if n <= CHUNK {
        truth.fill(group, chain, Purpose::RealChunk, &mut values);
        return sums(&values);
    }
    let (level, key, batch, control) = (group.level, group.keys[chain], group.batch, group.control);
    pairwise(control, 0, n.div_ceil(CHUNK), &|chunk| {
        let mut values = vec![0.0; CHUNK.min(n - chunk * CHUNK) as usize];
        truth.fill_chunk(level, &key, Purpose::RealChunk, batch, chunk, &mut values);
        sums(&values)
    })
}

type Of = fn(&Truth, &Pair<'_, Bell>, Normal) -> f64;

/// KL(origin || N(m, s^2)) = ln(2 pi s^2) / 2 + (1 + m^2) / (2 s^2) - the origin's entropy.
fn kl_forward(truth: &Truth, q: Normal) -> f64 {
    const LN_TWO_PI: f64 = 1.837_877_066_409_345_5;
    if q.s == 0.0 || truth.variance.is_infinite() {
        return f64::INFINITY;
    }
    0.5 * (LN_TWO_PI + q.log_variance() + (truth.variance + q.m * q.m) / (q.s * q.s)) - truth.entropy
}

fn find(name: &str) -> Option<Of> {
    let of: Of = match name {
        "w1" => |truth, pair, _| truth.scale * pair.w1(),
        "w2" => |truth, pair, _| truth.scale * pair.w2(),
        "kl_forward" => |truth, _, q| kl_forward(truth, q),
        "kl_reverse" => |_, pair, _| pair.divergences().reverse,
        "hellinger" => |_, pair, _| pair.divergences().hellinger,
        "tv" => |_, pair, _| pair.gaps().tv,
        "ks" => |_, pair, _| pair.gaps().ks,
        _ => return None,
    };
    Some(of)
}

/// The measure of a distance where the origin is a law that is not normal; `otherwise` where it is normal or a table.
pub fn distance(name: &str, otherwise: Measure<Gaussian>) -> Measure<Gaussian> {
    let Some(of) = find(name) else { return otherwise };
    Box::new(move |family: &Gaussian, view: &View<'_, Gaussian>, out: &mut [f64]| {
        let Real::Law(truth) = &family.real else { return otherwise(family, view, out) };
        for (chain, out) in out.iter_mut().enumerate() {
            let q = point(view.model, chain);
            let law = Bell(q.s);
            let model = (q.s > 0.0).then_some(&law);
            *out = of(truth, &Pair { truth, centre: q.m, model, mean: 0.0, variance: q.s * q.s }, q);
        }
    })
}

fn point(model: &Fitted, chain: usize) -> Normal {
    Normal { m: model.mean[chain], s: model.sd[chain], variance: model.variance[chain], exponent: model.exponent[chain] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::truth::Part;

    /// The closed form of the divergence beside its integral.
    #[test]
    fn forward_divergence_is_its_integral() {
        let part = |weight, mean, sd| Part { weight, mean, sd };
        let mixture = Truth::mixture(&[part(0.5, -3.0, 1.0), part(0.5, 3.0, 1.0)]).unwrap();
        // 0.5 ln(2 pi e (1 + 9)) - h(mixture), by mpmath.
        assert!((kl_forward(&mixture, Normal::new(0.0, 1.0)) - 0.461_994_613_468_064_14).abs() < 1e-12);
        for truth in [mixture, Truth::exponential(2.0).unwrap(), Truth::pareto(1.0, 4.0).unwrap()] {
            for (m, s) in [(0.0, 1.0), (0.4, 0.3), (-2.0, 3.0)] {
                let law = Bell(s);
                let pair = Pair { truth: &truth, centre: m, model: Some(&law), mean: 0.0, variance: s * s };
                let (found, expected) = (kl_forward(&truth, Normal::new(m, s)), pair.divergences().forward);
                assert!((found / expected - 1.0).abs() < 1e-9, "{m} {s}: {found} beside {expected}");
            }
        }
        assert_eq!(kl_forward(&Truth::pareto(1.0, 2.0).unwrap(), Normal::new(0.0, 1.0)), f64::INFINITY);
    }
}
