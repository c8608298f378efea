//! Distances beside values that scipy gives (tools/oracles/line.py).

use std::sync::atomic::AtomicU32;

use super::line::{Line, entropy};
use super::pair::{Bell, Pair};
use super::smooth::Smooth;
use crate::control::Control;
use crate::family::Group;
use crate::math;
use crate::random::key::Purpose;
use crate::simd::Level;
use crate::truth::{Part, Truth};

/// w1, w2, forward, reverse, hellinger, tv, ks and the model's entropy, in the data's units.
fn all<L: Line>(truth: &Truth, law: &L, centre: f64, mean: f64, variance: f64) -> [f64; 8] {
    let pair = Pair { truth, centre, model: Some(law), mean, variance };
    let (d, g) = (pair.divergences(), pair.gaps());
    let scale = truth.scale;
    [scale * pair.w1(), scale * pair.w2(), d.forward, d.reverse, d.hellinger, g.tv, g.ks, entropy(law) + math::ln(scale)]
}

fn normal(truth: &Truth, mean: f64, sd: f64) -> [f64; 8] {
    let s = sd / truth.scale;
    all(truth, &Bell(s), (mean - truth.place) / truth.scale, 0.0, s * s)
}

fn kde(truth: &Truth, points: &[f64], width: f64) -> [f64; 8] {
    let n = points.len() as f64;
    let units = points.iter().map(|x| (x - truth.place) / truth.scale);
    let mean = units.clone().sum::<f64>() / n;
    let h = width / truth.scale;
    let variance = units.clone().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n + h * h;
    let law = Smooth::new(Level::best(), h, units.map(|x| (x - mean, 1.0)).collect()).unwrap();
    all(truth, &law, mean, 0.0, variance)
}

const POINTS: [f64; 7] = [-1.9, -0.7, -0.4, 0.1, 0.2, 1.3, 2.6];
const FEW: [f64; 4] = [0.1, 0.4, 0.9, 2.5];
const NO: f64 = f64::INFINITY;

#[test]
fn agrees_with_scipy() {
    let gaussian = Truth::gaussian(0.0, 1.0).unwrap();
    let mixture = Truth::mixture(&[
        Part { weight: 0.3, mean: -2.0, sd: 0.5 },
        Part { weight: 0.5, mean: 0.0, sd: 1.0 },
        Part { weight: 0.2, mean: 3.0, sd: 0.25 },
    ])
    .unwrap();
    let exponential = Truth::exponential(1.0).unwrap();
    let pareto = Truth::pareto(1.0, 3.0).unwrap();
    // Mean 0 and variance 0.3 * 4.25 + 0.5 + 0.2 * 9.0625.
    let sd = f64::sqrt(3.5875);
    let rows = [
        (
            "mixture to its normal fit",
            normal(&mixture, 0.0, sd),
            [
                0.3875938384933572,
                0.5043864016878524,
                0.2907733852167452,
                0.5160611451302872,
                0.28066448907532304,
                0.26438287810283445,
                0.10660094050625624,
                2.0576663237432076,
            ],
        ),
        (
            "normal to kde 0.3",
            kde(&gaussian, &POINTS, 0.3),
            [
                0.2799350780275596,
                0.46304298074531114,
                0.22244900367576853,
                0.31437966351152025,
                0.2481394419815325,
                0.2071573122169264,
                0.11884414643981953,
                1.5609874411217235,
            ],
        ),
        (
            "normal to kde 0.05",
            kde(&gaussian, &POINTS, 0.05),
            [
                0.34387195741545795,
                0.5037503400455229,
                15.056300236557199,
                1.5654054019021895,
                0.6633435753072728,
                0.679363246337896,
                0.1675123474905752,
                0.26621170273105443,
            ],
        ),
        (
            "mixture to kde 0.5",
            kde(&mixture, &POINTS, 0.5),
            [
                0.4947843971076218,
                0.5860726085744332,
                0.2608359928727853,
                0.23765271264240662,
                0.2466549611076227,
                0.299896875468298,
                0.17863620693757873,
                1.7214582877409677,
            ],
        ),
        (
            "exponential to normal(1.2, 0.8)",
            normal(&exponential, 1.2, 0.8),
            [
                0.39334361098560977,
                0.4846486800664987,
                0.5082949818904626,
                NO,
                0.33234142592972526,
                0.34727788562086753,
                0.2421928616747488,
                1.195794981890463,
            ],
        ),
        (
            "exponential to kde 0.2",
            kde(&exponential, &FEW, 0.2),
            [
                0.21090598248370593,
                0.4227118255507798,
                2.42456047771364,
                NO,
                0.38499327785868526,
                0.2824177632656221,
                0.12353576396986427,
                0.8303422935069849,
            ],
        ),
        (
            "pareto(1, 3) to normal(1.5, 0.7)",
            normal(&pareto, 1.5, 0.7),
            [
                0.33482628238258305,
                0.6461740880990361,
                1.0928486670496929,
                NO,
                0.46653947158194065,
                0.4643450517087719,
                0.2375252620269765,
                1.0622635892659402,
            ],
        ),
    ];
    for (name, found, expected) in rows {
        for (k, (found, expected)) in found.into_iter().zip(expected).enumerate() {
            assert!(found == expected || (found / expected - 1.0).abs() < 1e-10, "{name}, {k}: {found} beside {expected}");
        }
    }
}

/// KL(origin || normal) = ln(2 pi s^2) / 2 + (variance + shift^2) / (2 s^2) - entropy, and infinite where there is no variance.
#[test]
fn power_tails_are_summed_to_their_end() {
    for shape in [2.05, 2.5, 3.0, 7.0] {
        let truth = Truth::pareto(2.0, shape).unwrap();
        let (mean, variance) = (2.0 * shape / (shape - 1.0), 4.0 * shape / ((shape - 1.0) * (shape - 1.0) * (shape - 2.0)));
        let entropy = 1.0 + 1.0 / shape - f64::ln(0.5 * shape);
        let expected = 0.5 * f64::ln(2.0 * std::f64::consts::PI * 2.25) + (variance + (mean - 3.0) * (mean - 3.0)) / 4.5 - entropy;
        let found = normal(&truth, 3.0, 1.5)[2];
        assert!((found / expected - 1.0).abs() < 1e-9, "{shape}: {found} beside {expected}");
    }
    let heavy = Truth::pareto(1.0, 1.5).unwrap();
    let found = normal(&heavy, 3.0, 2.0);
    assert_eq!((found[1], found[2]), (f64::INFINITY, f64::INFINITY));
    assert!(found[0].is_finite() && found[4] < 1.0 && found[6] < 1.0, "{found:?}");
    assert_eq!(normal(&Truth::pareto(1.0, 0.7).unwrap(), 3.0, 2.0)[0], f64::INFINITY);
}

/// Rows of a table: distances of distribution functions beside sums over a fine grid, and no densities.
#[test]
fn rows_beside_a_normal_law() {
    let rows = [-1.5, -0.5, -0.5, 0.25, 1.0, 2.75];
    let truth = Truth::rows(&rows).unwrap();
    let (m, s) = (0.4, 1.3);
    let [w1, w2, forward, _, _, tv, ks, _] = normal(&truth, m, s);
    let cdf = |x: f64| math::normal_cdf((x - m) / s);
    let share = |x: f64| rows.iter().filter(|row| **row <= x).count() as f64 / 6.0;
    let step = 1e-3;
    let first: f64 = (-12_000..12_000).map(|k| (f64::from(k) + 0.5) * step).map(|x| (share(x) - cdf(x)).abs() * step).sum();
    assert!((w1 - first).abs() < 1e-5, "{w1} {first}");
    let place = |i: usize| (0..4000).map(move |k| (i as f64 + (f64::from(k) + 0.5) / 4000.0) / 6.0);
    let second: f64 = (0..6)
        .flat_map(|i| place(i).map(move |u| (i, u)))
        .map(|(i, u)| f64::powi(rows[i] - m - s * math::normal_quantile(u), 2) / 24_000.0)
        .sum();
    assert!((w2 - f64::sqrt(second)).abs() < 1e-4, "{w2} {}", f64::sqrt(second));
    let most = rows.iter().map(|&x| f64::max((share(x) - cdf(x)).abs(), (share(x - 1e-9) - cdf(x)).abs())).fold(0.0, f64::max);
    assert!((ks - most).abs() < 1e-12, "{ks} {most}");
    assert!(forward.is_nan() && tv.is_nan());
}

/// Draws of every kind beside the law's own distribution function (Kolmogorov's bound at one in ten thousand), few and many at a time.
#[test]
fn draws_follow_their_law() {
    let part = |weight, mean, sd| Part { weight, mean, sd };
    let laws = [
        Truth::gaussian(3.0, 2.0).unwrap(),
        Truth::exponential(2.0).unwrap(),
        Truth::pareto(2.0, 1.5).unwrap(),
        Truth::mixture(&[part(0.25, -4.0, 0.5), part(0.0, 9.0, 1.0), part(0.75, 1.0, 2.0)]).unwrap(),
        Truth::rows(&[1.0, 2.0, 2.0, 7.0]).unwrap(),
    ];
    let (cancel, progress) = (AtomicU32::new(0), AtomicU32::new(0));
    let control = Control::new(&cancel, &progress, 1);
    for (law, n) in laws.iter().flat_map(|law| [(law, 10_000), (law, 40_000)]) {
        let mut group = Group::new(5, [1, 2], 0, 1, Level::best(), &control);
        let mut values = vec![0.0; n];
        law.fill(&mut group, 0, Purpose::RealChunk, &mut values);
        values.sort_by(f64::total_cmp);
        let share = |x: f64| values.partition_point(|&y| y <= x) as f64 / n as f64;
        let places = values.iter().copied().step_by(97);
        let gap = places.map(|x| (share(x) - law.cdf(x)).abs()).fold(0.0, f64::max);
        assert!(gap < 2.23 / f64::sqrt(n as f64), "{law:?} {n}: {gap}");
    }
}
