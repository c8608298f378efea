//! Distances of two laws on the line, by closed forms between crossings (w1, tv, ks) and by quadrature (w2, divergences).
//!
//! Laws are seen from the model's centre, so that a model that has all but collapsed, or lies far away, loses no digit. p is the origin and
//! q the model.

use super::quadrature::{crossings, integrate, merged};
use crate::math;

/// A law with a density.
pub trait Line: Sized {
    /// Whether `quantile` is a closed form.
    const HAS_QUANTILES: bool = false;
    /// Whether the law has sharp ends, where quantiles of others change without bound.
    const BOUNDED: bool = false;
    /// How far masses may be off by rounding, where they are not right relative to themselves.
    const RESOLUTION: f64 = 0.0;
    /// ln of the density; -infinity outside the support.
    fn log_density(&self, x: f64) -> f64;
    /// P(X <= x) and P(X > x), each right where it is small.
    fn masses(&self, x: f64) -> [f64; 2];
    /// E max(x - X, 0) and E max(X - x, 0).
    fn excess(&self, x: f64) -> [f64; 2];
    /// Ascending points between which the density is smooth at the scale of their distance; the mass beyond them is negligible but for `rest`.
    fn marks(&self) -> Vec<f64>;
    /// Mass, first and second moment above the last mark of a law with a power tail.
    fn rest(&self) -> [f64; 3] {
        [0.0; 3]
    }
    /// x with masses (lower, upper), known to lie within the bracket, perhaps near a guess.
    fn quantile(&self, masses: [f64; 2], bracket: [f64; 2], guess: f64) -> f64 {
        invert(self, masses, bracket, guess)
    }
}

/// x with masses (lower, upper) within a bracket: Newton's method on the logarithm of the smaller mass, safe by bisection.
pub fn invert<L: Line>(law: &L, masses: [f64; 2], bracket: [f64; 2], guess: f64) -> f64 {
    let side = usize::from(masses[1] < masses[0]);
    let target = masses[side];
    let [mut low, mut high] = bracket;
    if !(target > 0.0) {
        return bracket[side];
    }
    let goal = math::ln(target);
    let middle = |low: f64, high: f64| 0.5 * (low + high);
    let mut x = if low < guess && guess < high { guess } else { middle(low, high) };
    for _ in 0..200 {
        let mass = law.masses(x)[side];
        if (mass - target).abs() <= L::RESOLUTION || !(low < x && x < high) {
            break;
        }
        if (mass < target) == (side == 0) {
            low = x;
        } else {
            high = x;
        }
        // d ln(mass) / dx = +- density / mass
        let log = math::ln(mass);
        let step = (log - goal) / math::exp(law.log_density(x) - log);
        let next = if side == 0 { x - step } else { x + step };
        if low < next && next < high {
            x = next;
            // The next step would be the square of this one.
            if (log - goal).abs() < 1e-8 {
                break;
            }
        } else {
            x = middle(low, high);
        }
    }
    x
}

/// Divergences and the Hellinger distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Divergences {
    /// KL(p || q)
    pub forward: f64,
    /// KL(q || p)
    pub reverse: f64,
    /// sqrt(1 - BC)
    pub hellinger: f64,
}

/// By quadrature of p (e^d - 1 - d) with d = ln q - ln p, of the same with p and q exchanged, and of (sqrt p - sqrt q)^2 / 2: parts are
/// never negative, so that laws that are all but equal keep their digits.
pub fn divergences(p: &impl Line, q: &impl Line) -> Divergences {
    let marks = merged(&p.marks(), &q.marks());
    let [forward, reverse, square] = integrate(&marks, |x| {
        let (a, b) = (p.log_density(x), q.log_density(x));
        let (ea, eb) = (math::exp(a), math::exp(b));
        let root = math::exp(0.5 * a) - math::exp(0.5 * b);
        [part(ea, eb, b - a), part(eb, ea, a - b), 0.5 * root * root]
    });
    // Beyond the last mark only a power tail of p is left, and -ln q grows as the square.
    let ([_, _, second], last) = (p.rest(), marks[marks.len() - 1]);
    let beyond = if second > 0.0 { -q.log_density(last) / (last * last) * second } else { 0.0 };
    Divergences { forward: f64::max(forward + beyond, 0.0), reverse: f64::max(reverse, 0.0), hellinger: f64::sqrt(f64::min(square, 1.0)) }
}

/// a (e^d - 1 - d) for b = a e^d: what a point adds to KL(a || b).
fn part(a: f64, b: f64, d: f64) -> f64 {
    if a == 0.0 {
        return b;
    }
    if b == 0.0 && d == f64::NEG_INFINITY {
        return f64::INFINITY;
    }
    // Far apart the two terms are of different size; close by they all but cancel.
    if d.abs() < 0.01 {
        a * d * d * (0.5 + d * (1.0 / 6.0 + d * (1.0 / 24.0 + d * (1.0 / 120.0 + d * (1.0 / 720.0)))))
    } else {
        b - a - a * d
    }
}

/// Total variation and Kolmogorov distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gaps {
    pub tv: f64,
    pub ks: f64,
}

/// From the distribution functions where the densities cross: F - G is extreme there, and half its way up and down is the total variation.
pub fn gaps(p: &impl Line, q: &impl Line) -> Gaps {
    let places = crossings(&merged(&p.marks(), &q.marks()), |x| p.log_density(x) - q.log_density(x));
    let (mut last, mut way, mut most) = (0.0, 0.0, 0.0);
    for x in places {
        let gap = gap(p, q, x);
        way += f64::abs(gap - last);
        most = f64::max(most, gap.abs());
        last = gap;
    }
    Gaps { tv: f64::min(0.5 * (way + f64::abs(last)), 1.0), ks: f64::min(most, 1.0) }
}

/// F - G, from the side on which it keeps its digits.
fn gap(p: &impl Line, q: &impl Line, x: f64) -> f64 {
    let (a, b) = (p.masses(x), q.masses(x));
    if a[0] + b[0] <= a[1] + b[1] { a[0] - b[0] } else { b[1] - a[1] }
}

/// Wasserstein-1 distance, the integral of |F - G|: between crossings of F and G it is a difference of `excess`.
pub fn w1(p: &impl Line, q: &impl Line) -> f64 {
    let marks = merged(&p.marks(), &q.marks());
    let mut places = crossings(&marks, |x| gap(p, q, x));
    // One more place in the middle, so that each side is summed from its own end.
    let middle = median(p);
    places.push(middle);
    places.sort_by(f64::total_cmp);
    let sides: Vec<[f64; 2]> = places
        .iter()
        .map(|&x| {
            let (a, b) = (p.excess(x), q.excess(x));
            [a[0] - b[0], b[1] - a[1]]
        })
        .collect();
    // [integral from -infinity to x, integral from x to infinity] of F - G
    let mut total = sides[0][0].abs() + sides[sides.len() - 1][1].abs();
    for (x, pair) in places.iter().zip(sides.windows(2)) {
        total += if *x < middle { (pair[1][0] - pair[0][0]).abs() } else { (pair[0][1] - pair[1][1]).abs() };
    }
    total
}

/// The median.
pub fn median(law: &impl Line) -> f64 {
    within(law, [0.5, 0.5], &law.marks())
}

/// The quantile of given masses, or the outermost mark where they lie beyond it.
pub fn within(law: &impl Line, masses: [f64; 2], marks: &[f64]) -> f64 {
    let ends = [marks[0], marks[marks.len() - 1]];
    let side = usize::from(masses[1] < masses[0]);
    if law.masses(ends[side])[side] >= masses[side] { ends[side] } else { law.quantile(masses, ends, f64::NAN) }
}

/// Wasserstein-2 distance, the root of the integral of (x - T(x))^2 p(x), where T carries `along`'s quantiles to `across`'s.
///
/// Nodes run along one law, and the other one is inverted: take the wider law, or the one without a closed form, as `along`.
pub fn w2(along: &impl Line, across: &impl Line) -> f64 {
    let (here, there) = (along.marks(), across.marks());
    // Pairs of places with the same masses below them: the marks of either law with their images.
    let mut pairs: Vec<(f64, f64)> = here.iter().map(|&x| (x, within(across, along.masses(x), &there))).collect();
    pairs.extend(there.iter().map(|&y| (within(along, across.masses(y), &here), y)));
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    // Each panel has its own bracket, the images of its ends, and slopes of T there: p over q.
    let mut places: Vec<f64> = vec![];
    let mut ends: Vec<([f64; 2], f64)> = vec![];
    for (place, image) in pairs {
        match ends.last_mut().filter(|_| places.last() == Some(&place)) {
            Some((images, _)) => images[1] = f64::max(images[1], image),
            None => {
                places.push(place);
                ends.push(([image, image], math::exp(along.log_density(place) - across.log_density(image))));
            }
        }
    }
    let [mut sum] = integrate(&places, |x| {
        let k = places.partition_point(|&place| place <= x).clamp(1, places.len() - 1);
        let (([_, low], rise), ([high, _], fall)) = (ends[k - 1], ends[k]);
        let (width, high) = (places[k] - places[k - 1], f64::max(high, low));
        let t = (x - places[k - 1]) / width;
        // The cubic of these images and slopes.
        let guess = low * (1.0 + 2.0 * t) * (1.0 - t) * (1.0 - t)
            + high * t * t * (3.0 - 2.0 * t)
            + width * t * (1.0 - t) * (rise * (1.0 - t) - fall * t);
        let apart = x - across.quantile(along.masses(x), [low, high], guess);
        [math::exp(along.log_density(x)) * apart * apart]
    });
    for (law, other) in [(along.rest(), there.last()), (across.rest(), here.last())] {
        // Beyond the last mark of a power tail the other law's quantile stands all but still.
        let t = other.copied().unwrap_or(0.0);
        sum += f64::max(law[2] - 2.0 * t * law[1] + t * t * law[0], 0.0);
    }
    f64::sqrt(sum)
}

/// Differential entropy in nats by quadrature.
pub fn entropy(law: &impl Line) -> f64 {
    let [value] = integrate(&law.marks(), |x| {
        let log = law.log_density(x);
        [if log == f64::NEG_INFINITY { 0.0 } else { -math::exp(log) * log }]
    });
    value
}
