//! Counts and sums at the ends of their parameters: published mistakes (cases B14, B16) and others of the same kind.
//!
//! Bounds: 4.5 standard errors of one seed that is never changed.

use genloss_core::random::binomial::{binomial, binomials};
use genloss_core::random::hypergeometric::hypergeometric;
use genloss_core::random::lanes::LANES;
use genloss_core::random::poisson::poisson;
use genloss_core::simd::Level;
use genloss_laws::cell::{Method, of};
use genloss_laws::draws::{BOUND, gammas, has_mass, stream, streams};
use genloss_laws::policy::mix_of;
use genloss_laws::prelude::*;
use genloss_laws::special::upper;
use genloss_laws::stats::count;
use serde_json::json;

const TWO_53: f64 = 9_007_199_254_740_992.0;

/// Counts of 320,000 draws by both paths: one stream after the other, and sixteen lanes in step.
fn binomial_counts(n: f64, p: f64) -> Vec<f64> {
    let (mut lanes, mut sides) = streams();
    let mut out = [0.0; LANES];
    let mut counts = vec![];
    for _ in 0..10_000 {
        binomials(Level::best(), &mut lanes, &mut sides, &[n; LANES], &[p; LANES], &mut out);
        counts.extend(out);
        counts.extend((0..LANES).map(|i| binomial(n, p, &mut sides[i])));
    }
    assert!(counts.iter().all(|&k| (0.0..=n).contains(&k) && k == k.trunc()), "n {n} p {p}");
    counts
}

/// B14: 16 million trials of probability 3.14e-10 end, with a count of 0 in 99.4981 %; 10 billion of one half stay near 5 billion.
#[test]
fn b14_binomials_of_large_n() {
    let rare = binomial_counts(1.6e7, 3.144_475_314_855_856_6e-10);
    has_mass(count(&rare, |k| k == 0.0), rare.len() as u64, 0.994_981_47, "no success");
    has_mass(count(&rare, |k| k == 1.0), rare.len() as u64, 0.994_981_47 * 0.005_031_160_503_769, "one success");
    let even = binomial_counts(1e10, 0.5);
    assert!(even.iter().all(|k| (k - 5e9).abs() < 50_000.0 * 7.0));
    assert!(mean(&even).z(5e9).abs() < BOUND && variance(&even).z(2.5e9).abs() < BOUND, "{:?} {:?}", mean(&even), variance(&even));
}

/// Where n p or n (1 - p) is tiny the count is all but Poisson, at any n and on both ends of p.
#[test]
fn b14_rare_successes_and_rare_failures() {
    for n in [1.0, 20.0, 1.6e7, 1e10, 1e15, TWO_53] {
        for rate in [1e-300, 1e-12, 1e-3, 0.4, 0.999] {
            let p = rate / n;
            let counts = binomial_counts(n, p);
            let none = f64::exp(n * f64::ln_1p(-p));
            has_mass(count(&counts, |k| k == 0.0), counts.len() as u64, none, &format!("n {n} p {p}"));
            if 1.0 - p < 1.0 {
                // 1 - p has been rounded: the count of failures follows what it is now.
                let (p, fails) = (1.0 - p, 1.0 - (1.0 - p));
                let counts = binomial_counts(n, p);
                let none = if fails == 1.0 { 0.0 } else { f64::exp(n * f64::ln_1p(-fails)) };
                has_mass(count(&counts, |k| k == n), counts.len() as u64, none, &format!("n {n} p 1 - {fails}"));
            }
        }
    }
    assert!(binomial_counts(TWO_53, f64::MIN_POSITIVE / 4.0).iter().all(|&k| k == 0.0));
    assert!(binomial_counts(3.0, 1.0 - f64::EPSILON / 2.0).iter().all(|&k| k == 3.0));
}

/// Masses P(K = k) of counts by their ratios, from the largest on in both directions, so that nothing underflows where mass is.
fn masses(mode: usize, last: usize, up: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut mass = vec![0.0; last + 1];
    mass[mode] = 1.0;
    (mode + 1..=last).for_each(|k| mass[k] = mass[k - 1] * up(k as f64));
    (0..mode).rev().for_each(|k| mass[k] = mass[k + 1] / up((k + 1) as f64));
    let total: f64 = mass.iter().sum();
    mass.iter().map(|m| m / total).collect()
}

/// Counts against masses: chi-square over what is expected at least ten times, and the two ends beyond masses down to one in ten thousand.
fn counts_follow(counts: &[f64], mass: &[f64], what: &str) {
    let total = counts.len() as u64;
    let mut seen = vec![0u64; mass.len()];
    counts.iter().for_each(|&k| seen[k as usize] += 1);
    let (mut chi, mut cells) = (0.0, -1.0);
    for (&seen, mass) in seen.iter().zip(mass) {
        let expected = mass * total as f64;
        if expected >= 10.0 {
            chi += (seen as f64 - expected) * (seen as f64 - expected) / expected;
            cells += 1.0;
        }
    }
    let cells = f64::max(cells, 1.0);
    assert!(chi - cells < BOUND * f64::sqrt(2.0 * cells) + 10.0, "{what}: chi-square {chi} on {cells}");
    for level in [0.1, 0.01, 1e-3, 1e-4] {
        let ends = [(0..mass.len()).collect::<Vec<_>>(), (0..mass.len()).rev().collect()];
        for (end, order) in ["lower", "upper"].into_iter().zip(ends) {
            let (mut p, mut found) = (0.0, 0);
            for k in order {
                if p + mass[k] > level {
                    break;
                }
                (p, found) = (p + mass[k], found + seen[k]);
            }
            has_mass(found, total, p, &format!("{end} end of mass {level} of {what}"));
        }
    }
}

/// On both sides of the change of method, near one half, and where n is small: the whole law.
#[test]
fn binomials_have_their_whole_law() {
    for (n, p) in [
        (1, 0.5),
        (3, 0.3),
        (19, 0.5),
        (20, 0.499),
        (20, 0.5),
        (21, 0.5),
        (100, 0.0999),
        (100, 0.1001),
        (1000, 0.99),
        (9_990_000, 1e-6),
        (5000, 0.5),
    ] {
        let mode = ((n + 1) as f64 * p).floor().min(n as f64) as usize;
        let last = n.min(mode + 700 + 20 * (mode as f64).sqrt() as usize);
        let mass = masses(mode, last, |k| (n as f64 - k + 1.0) / k * (p / (1.0 - p)));
        counts_follow(&binomial_counts(n as f64, p), &mass, &format!("binomial n {n} p {p}"));
    }
}

#[test]
fn poisson_counts_have_their_whole_law() {
    let mut random = stream();
    for rate in [1e-300, 1e-9, 1e-3, 0.7, 9.999, 10.0, 10.001, 36.0, 400.0, 20_000.0] {
        let counts: Vec<f64> = (0..300_000).map(|_| poisson(rate, &mut random)).collect();
        let mode = f64::floor(rate) as usize;
        let mass = masses(mode, mode + 60 + 20 * (mode as f64).sqrt() as usize, |k| rate / k);
        counts_follow(&counts, &mass, &format!("poisson {rate}"));
    }
    assert_eq!([0.0, -1.0, f64::NAN].map(|rate| poisson(rate, &mut random)), [0.0; 3]);
}

/// B16: half of 2^41 - 4 records of which half are good; no end is passed, and the mean is 549755813887.
#[test]
fn b16_hypergeometrics_of_large_sets() {
    let mut random = stream();
    let set = 1_099_511_627_774.0;
    let counts: Vec<f64> = (0..100_000).map(|_| hypergeometric(set, set, set, &mut random) - 549_755_813_887.0).collect();
    assert!(counts.iter().all(|k| k.abs() < 8.0 * 524_288.0 / f64::sqrt(2.0)));
    let spread = set * 0.25 * set / (2.0 * set - 1.0);
    assert!(mean(&counts).z(0.0).abs() < BOUND && variance(&counts).z(spread).abs() < BOUND, "{:?} {:?}", mean(&counts), variance(&counts));
    // All but one, one, and single records of the largest sets.
    let half = TWO_53 / 2.0;
    for (good, bad, sample, least) in [
        (half, half, TWO_53 - 1.0, half - 1.0),
        (half, half, 1.0, 0.0),
        (1.0, TWO_53 - 1.0, half, 0.0),
        (TWO_53 - 1.0, 1.0, half, half - 1.0),
    ] {
        let more = (0..100_000).filter(|_| {
            let k = hypergeometric(good, bad, sample, &mut random);
            assert!(k == least || k == least + 1.0, "{good} {bad} {sample}: {k}");
            k > least
        });
        has_mass(more.count() as u64, 100_000, 0.5, &format!("{good} {bad} {sample}"));
    }
}

#[test]
fn hypergeometrics_have_their_whole_law() {
    let mut random = stream();
    for (good, bad, sample) in
        [(3, 3, 3), (30, 20, 11), (20, 45, 33), (200, 100, 30), (1000, 4000, 50), (700, 700, 700), (40_000, 1_000_000, 9000)]
    {
        let counts: Vec<f64> =
            (0..200_000).map(|_| hypergeometric(f64::from(good), f64::from(bad), f64::from(sample), &mut random)).collect();
        let (g, b, s) = (f64::from(good), f64::from(bad), f64::from(sample));
        let mode = ((g + 1.0) * (s + 1.0) / (g + b + 2.0)).floor() as usize;
        let last = good.min(sample) as usize;
        let up = |k: f64| {
            let ratio = (g - k + 1.0) * (s - k + 1.0) / (k * (b - s + k));
            // Counts below sample - bad can't be.
            if ratio > 0.0 && ratio.is_finite() { ratio } else { f64::INFINITY }
        };
        counts_follow(&counts, &masses(mode, last, up), &format!("hypergeometric {good} {bad} {sample}"));
    }
}

/// Shapes up to 2^52 (n = 2^53): standardised, the law is normal with skewness 2 / sqrt(shape), to its tails.
#[test]
fn gamma_variates_of_large_shapes_and_counts_of_large_means_are_normal() {
    let draws = 200_000;
    let check = |values: &[f64], sd: f64, skewness: f64, what: &str| {
        let n = values.len() as f64;
        assert!(
            mean(values).z(0.0).abs() < BOUND && variance(values).z(1.0).abs() < BOUND,
            "{what}: {:?} {:?}",
            mean(values),
            variance(values)
        );
        let cubes: Vec<f64> = values.iter().map(|z| z * z * z - 3.0 * z).collect();
        assert!((mean(&cubes).value - skewness).abs() < BOUND * f64::sqrt(6.0 / n) * 1.1, "{what}: skewness {:?}", mean(&cubes));
        // Steps of one and the skewness no longer show.
        if sd > 1e4 {
            for edge in [1.0, 2.0, 3.0, 4.0] {
                has_mass(count(values, |z| z > edge), values.len() as u64, upper(edge), &format!("{what} above {edge}"));
                has_mass(count(values, |z| z < -edge), values.len() as u64, upper(edge), &format!("{what} below -{edge}"));
            }
        }
    };
    let mut random = stream();
    for size in [5e3, 1e9, 1e12, TWO_53 / 2.0] {
        let sd = f64::sqrt(size);
        let values: Vec<f64> = gammas(size, draws).iter().map(|g| (g - size) / sd).collect();
        check(&values, sd, 2.0 / sd, &format!("gamma {size}"));
        let values: Vec<f64> = (0..draws).map(|_| (poisson(size, &mut random) - size) / sd).collect();
        check(&values, sd, 1.0 / sd, &format!("poisson {size}"));
        for p in [0.5, 0.01, 0.97] {
            let (n, spread) = (2.0 * size, f64::sqrt(2.0 * size * p * (1.0 - p)));
            let values: Vec<f64> = binomial_counts(n, p).iter().map(|k| (k - n * p) / spread).collect();
            check(&values, spread, (1.0 - 2.0 * p) / spread, &format!("binomial {n} {p}"));
        }
    }
}

/// B14 in chains: a class of 3.14e-10 among 16 million records, by counts and record by record; Bernoulli mixes of 10 billion.
#[test]
fn b14_in_chains() {
    let p = 3.144_475_314_855_856_6e-10;
    let rare = categorical(&[1.0 - p, p]).n(16_000_000);
    let chains = 100_000;
    let run = rare.clone().replicates(chains).run("classes_alive");
    has_mass(count(&run.at(0, "classes_alive"), |alive| alive == 1.0), chains, 0.994_981_47, "one class is left");
    let run = rare.replicates(16).by(Method::Draws).run("classes_alive");
    assert!(count(&run.at(0, "classes_alive"), |alive| alive == 2.0) <= 2);
    for share in [0.5, 1e-10, 3e-9] {
        let n = 10_000_000_000;
        let run = gaussian().policy(mix_of(share, "fresh", "bernoulli")).n(n).generations(1).replicates(20_000).run("real_share");
        let found = run.at(1, "real_share");
        let z = mean(&found).z(share);
        assert!(z.abs() < BOUND && found.iter().all(|s| (0.0..=1.0).contains(s)), "share {share}: z {z}");
    }
}

/// The fixed real part of a table's T_0, and nothing beside it in T_1: classes by the hypergeometric law, or in exact proportion.
#[test]
fn fixed_rows_of_a_table() {
    // 60 rows of class 0, 6 of class 1 and 34 of class 2.
    let rows: Vec<u32> = (0..100).map(|row| if row < 60 { 0 } else { 1 + u32::from(row >= 66) }).collect();
    let origin = json!({ "kind": "table", "table": 0, "columns": [0] });
    for method in Method::BOTH {
        for (size, proportion) in [(17u64, [10.0, 1.0, 6.0]), (62, [37.0, 4.0, 21.0]), (100, [60.0, 6.0, 34.0])] {
            let run = |source: &str| {
                let cell = of(origin.clone(), json!({ "kind": "categorical" })).policy(mix_of(1.0, source, "stratified"));
                let cell = cell.n(size).initial(100).generations(1).replicates(20_000).by(method);
                let block = Block::of([cell]).table(vec![codes(&rows)]).columns("n");
                block.follow("0", 0, &[0]).follow("1", 0, &[1]).follow("2", 0, &[2]).run()
            };
            let (random, stratified) = (run("fixed"), run("fixed-stratified"));
            for (class, good) in [("0", 60.0), ("1", 6.0), ("2", 34.0)] {
                let n = size as f64;
                assert!(random.at(0, class).iter().all(|share| *share == good / 100.0));
                let counts: Vec<f64> = random.at(1, class).iter().map(|share| (share * n).round()).collect();
                let spread = n * (good / 100.0) * (1.0 - good / 100.0) * (100.0 - n) / 99.0;
                if size < 100 {
                    assert!(mean(&counts).z(n * good / 100.0).abs() < BOUND, "mean of class {class} of {size}");
                    assert!(variance(&counts).z(spread).abs() < BOUND, "variance of class {class} of {size}");
                }
                let whole = proportion[class.parse::<usize>().unwrap()];
                assert!(stratified.at(1, class).iter().all(|share| (share * n).round() == whole), "class {class} of {size}");
            }
        }
    }
}

/// In proportion to T_0 as it was drawn, where the origin is a law.
#[test]
fn fixed_records_of_drawn_classes() {
    let cell = categorical(&[0.5, 0.2, 0.3]).policy(mix_of(1.0, "fixed-stratified", "stratified"));
    for method in Method::BOTH {
        let block = Block::of([cell.clone().n(11).initial(57).generations(1).replicates(2000).by(method)]);
        let run = block.follow("0", 0, &[0]).follow("1", 0, &[1]).follow("2", 0, &[2]).run();
        for class in ["0", "1", "2"] {
            for (first, later) in run.at(0, class).iter().zip(run.at(1, class)) {
                assert!((first * 11.0 - later * 11.0).abs() < 1.0, "{first} of 57 and {later} of 11");
            }
        }
    }
}
