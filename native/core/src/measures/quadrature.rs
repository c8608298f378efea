//! Integrals of smooth functions over panels by the Gauss-Kronrod rule of 10 and 21 points, and roots between points.
//!
//! A panel whose two answers differ is halved. Nodes depend on the function alone and sums run from left to right, so the bits are the same
//! whatever the threads. Source: Piessens et al., QUADPACK (1983); nodes by tools/oracles/quadrature.py.

/// Node, weight of the 21 points, weight of the 10; the nodes at 0 and above, on (-1, 1).
const RULE: [(f64, f64, f64); 11] = [
    (0.995_657_163_025_808_1, 0.011_694_638_867_371_874, 0.0),
    (0.973_906_528_517_171_7, 0.032_558_162_307_964_725, 0.066_671_344_308_688_14),
    (0.930_157_491_355_708_2, 0.054_755_896_574_351_995, 0.0),
    (0.865_063_366_688_984_5, 0.075_039_674_810_919_96, 0.149_451_349_150_580_6),
    (0.780_817_726_586_416_9, 0.093_125_454_583_697_6, 0.0),
    (0.679_409_568_299_024_4, 0.109_387_158_802_297_64, 0.219_086_362_515_982_05),
    (0.562_757_134_668_604_7, 0.123_491_976_262_065_84, 0.0),
    (0.433_395_394_129_247_2, 0.134_709_217_311_473_34, 0.269_266_719_309_996_35),
    (0.294_392_862_701_460_2, 0.142_775_938_577_060_09, 0.0),
    (0.148_874_338_981_631_22, 0.147_739_104_901_338_49, 0.295_524_224_714_752_87),
    (0.0, 0.149_445_554_002_916_9, 0.0),
];

/// Error that a panel may have, over the integral of |f| over all panels.
const TOLERANCE: f64 = 1e-12;
/// Times that a panel may be halved.
const DEPTH: u32 = 26;

/// One panel: the integral, the integral of |f| and the error, of K functions at once.
#[derive(Clone, Copy)]
struct Panel<const K: usize> {
    value: [f64; K],
    size: [f64; K],
    error: [f64; K],
}

fn panel<const K: usize>(a: f64, b: f64, f: &mut impl FnMut(f64) -> [f64; K]) -> Panel<K> {
    let (centre, half) = (0.5 * (a + b), 0.5 * (b - a));
    let middle = f(centre);
    let mut sides = [[[0.0; K]; 2]; 10];
    let (mut fine, mut coarse, mut size) = ([0.0; K], [0.0; K], [0.0; K]);
    for (pair, (node, of_21, of_10)) in sides.iter_mut().zip(RULE) {
        *pair = [f(centre - half * node), f(centre + half * node)];
        for k in 0..K {
            fine[k] += of_21 * (pair[0][k] + pair[1][k]);
            coarse[k] += of_10 * (pair[0][k] + pair[1][k]);
            size[k] += of_21 * (pair[0][k].abs() + pair[1][k].abs());
        }
    }
    let mut error = [0.0; K];
    for k in 0..K {
        fine[k] += RULE[10].1 * middle[k];
        size[k] = half * (size[k] + RULE[10].1 * middle[k].abs());
        // The difference of the two rules is far above the error of the finer one: QUADPACK's power of 3/2 of it, about the mean.
        let mean = 0.5 * fine[k];
        let spread: f64 = sides.iter().zip(RULE).map(|(s, (_, w, _))| w * ((s[0][k] - mean).abs() + (s[1][k] - mean).abs())).sum();
        let spread = half * (spread + RULE[10].1 * (middle[k] - mean).abs());
        let apart = half * (fine[k] - coarse[k]).abs();
        let ratio = 200.0 * apart / spread;
        error[k] = if apart <= 1e-14 * size[k] { 0.0 } else { spread * f64::min(1.0, ratio * f64::sqrt(ratio)) };
    }
    Panel { value: fine.map(|value| half * value), size, error }
}

/// Halves a panel until each part is right, or until halving no longer helps (rounding, not the rule, is then what is left).
fn halve<const K: usize>(
    (a, b): (f64, f64),
    whole: Panel<K>,
    allowed: &[f64; K],
    depth: u32,
    f: &mut impl FnMut(f64) -> [f64; K],
) -> [f64; K] {
    let middle = 0.5 * (a + b);
    // An infinite or undefined part stays what it is.
    let far = |panel: &Panel<K>| (0..K).filter(|&k| panel.error[k] > allowed[k] && panel.error[k] < f64::INFINITY).collect::<Vec<_>>();
    let bad = far(&whole);
    if bad.is_empty() || depth == 0 || !(a < middle && middle < b) {
        return whole.value;
    }
    let (left, right) = (panel(a, middle, f), panel(middle, b, f));
    let useless = depth + 4 < DEPTH && bad.iter().all(|&k| left.error[k] + right.error[k] > 0.7 * whole.error[k]);
    let depth = if useless { 0 } else { depth - 1 };
    let (left, right) = (halve((a, middle), left, allowed, depth, f), halve((middle, b), right, allowed, depth, f));
    std::array::from_fn(|k| left[k] + right[k])
}

/// Integrals of K functions from the first to the last of ascending marks, between which they are smooth.
pub fn integrate<const K: usize>(marks: &[f64], mut f: impl FnMut(f64) -> [f64; K]) -> [f64; K] {
    let panels: Vec<Panel<K>> = marks.windows(2).map(|pair| panel(pair[0], pair[1], &mut f)).collect();
    let mut allowed = [0.0; K];
    for panel in &panels {
        for k in 0..K {
            allowed[k] += TOLERANCE * panel.size[k];
        }
    }
    let mut total = [0.0; K];
    for (pair, whole) in marks.windows(2).zip(panels) {
        let part = halve((pair[0], pair[1]), whole, &allowed, DEPTH, &mut f);
        for k in 0..K {
            total[k] += part[k];
        }
    }
    total
}

/// The 21 points of a panel, ascending, with their weights.
pub fn nodes(a: f64, b: f64) -> [(f64, f64); 21] {
    let (centre, half) = (0.5 * (a + b), 0.5 * (b - a));
    std::array::from_fn(|k| {
        let (node, weight, _) = RULE[if k < 10 { k } else { 20 - k }];
        (centre + if k < 10 { -half * node } else { half * node }, half * weight)
    })
}

/// Points between two marks at which a sign is looked for.
const LOOKS: u32 = 8;

/// Where `f` changes its sign between the first and the last of ascending marks, ascending; a jump at a mark is such a place too.
pub fn crossings(marks: &[f64], mut f: impl FnMut(f64) -> f64) -> Vec<f64> {
    let mut places = vec![];
    let mut last: Option<(f64, f64)> = None;
    for pair in marks.windows(2) {
        for look in 0..LOOKS {
            let x = pair[0] + (pair[1] - pair[0]) * ((f64::from(look) + 0.5) / f64::from(LOOKS));
            let value = f(x);
            if value == 0.0 || value.is_nan() {
                continue;
            }
            if let Some(before) = last.filter(|before| (before.1 < 0.0) != (value < 0.0)) {
                places.push(root(before, (x, value), &mut f));
            }
            last = Some((x, value));
        }
    }
    places
}

/// A root between two points of different signs, by false position (Illinois) with a bisection wherever that is slow.
pub fn root(left: (f64, f64), right: (f64, f64), f: &mut impl FnMut(f64) -> f64) -> f64 {
    let ((mut a, mut at_a), (mut b, mut at_b)) = (left, right);
    let mut kept = 0;
    for step in 0..200 {
        let middle = 0.5 * (a + b);
        if !(a < middle && middle < b) {
            break;
        }
        let secant = a - at_a * ((b - a) / (at_b - at_a));
        let x = if step % 3 < 2 && secant > a && secant < b { secant } else { middle };
        let value = f(x);
        if value == 0.0 || value.is_nan() {
            return x;
        }
        if (value < 0.0) == (at_a < 0.0) {
            (a, at_a) = (x, value);
            at_b *= if kept > 0 { 0.5 } else { 1.0 };
            kept = 1;
        } else {
            (b, at_b) = (x, value);
            at_a *= if kept < 0 { 0.5 } else { 1.0 };
            kept = -1;
        }
    }
    0.5 * (a + b)
}

/// Ascending marks of two lists, each once.
pub fn merged(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut all: Vec<f64> = a.iter().chain(b).copied().filter(|x| x.is_finite()).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;

    #[test]
    fn polynomials_are_exact_and_kinks_are_found() {
        let [power, kink, narrow] =
            integrate(&[0.0, 1.0], |x| [21.0 * math::pow(x, 20.0), (x - 0.3).abs(), math::exp(-1e4 * (x - 0.7) * (x - 0.7))]);
        assert!((power - 1.0).abs() < 1e-14, "{power}");
        assert!((kink - 0.29).abs() < 1e-12, "{kink}");
        assert!((narrow / (f64::sqrt(std::f64::consts::PI) * 1e-2) - 1.0).abs() < 1e-11, "{narrow}");
    }

    #[test]
    fn an_infinite_value_stays() {
        let [value] = integrate(&[-1.0, 0.0, 1.0], |x| [if x > 0.5 { f64::INFINITY } else { 1.0 }]);
        assert_eq!(value, f64::INFINITY);
    }

    #[test]
    fn roots_and_jumps() {
        let found = crossings(&[0.0, 1.0, 2.0], |x| (x - 0.25) * (x - 0.75) * if x < 1.0 { -1.0 } else { 1.0 });
        for (found, expected) in found.iter().zip([0.25, 0.75, 1.0]) {
            assert!((found - expected).abs() < 1e-14, "{found}");
        }
        assert_eq!(found.len(), 3);
        assert_eq!(crossings(&[0.0, 1.0], |_| 0.0), Vec::<f64>::new());
    }
}
