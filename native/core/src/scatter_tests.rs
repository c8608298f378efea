//! Tests of the sets in several dimensions: against sums of products, at ranks below full, far from 0 and far below the smallest float.

use crate::family::Data;
use crate::math::matrix;
use crate::moments::power;
use crate::random::stream::Stream;
use crate::scatter::{Scatter, settle_rows};

/// The plain twin: the scatter matrix itself, as sums of products.
fn plain(rows: &[f64], d: usize) -> (Vec<f64>, Vec<f64>) {
    let n = (rows.len() / d) as f64;
    let mean: Vec<f64> = (0..d).map(|i| rows.iter().skip(i).step_by(d).sum::<f64>() / n).collect();
    let mut s = vec![0.0; d * d];
    for row in rows.chunks_exact(d) {
        for i in 0..d {
            for j in 0..d {
                s[i * d + j] += (row[i] - mean[i]) * (row[j] - mean[j]);
            }
        }
    }
    (mean, s)
}

fn entries(count: usize) -> Vec<f64> {
    let mut stream = Stream::new([5, 6, 7, 8]);
    (0..count).map(|_| 2.0 * stream.uniform() - 1.0).collect()
}

/// The scatter matrix of chain 0, its powers of two put in.
fn full(set: &Scatter) -> Vec<f64> {
    let d = set.dimensions;
    let mut out = vec![0.0; d * d];
    if set.width == 1 {
        (0..d).for_each(|k| out[k * d + k] = f64::powi(set.factor[k] * power(set.exponent[k]), 2));
        return out;
    }
    let mut r = set.factor[..d * d].to_vec();
    r.chunks_exact_mut(d).zip(&set.exponent).for_each(|(row, e)| row.iter_mut().for_each(|x| *x *= power(*e)));
    matrix::square(&r, d, &mut out);
    out
}

fn learned(rows: &[f64], d: usize, apart: bool) -> Scatter {
    let mut set = Scatter::new(1, d, apart);
    set.learn(0, rows, &[]);
    set
}

fn near(a: &[f64], b: &[f64], within: f64) {
    let scale = b.iter().fold(0.0, |m, x| f64::max(m, x.abs()));
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() <= within * scale), "{a:?} {b:?}");
}

#[test]
fn parts_merge_to_the_whole_in_any_grouping() {
    for (d, n) in [(1, 7), (2, 30), (5, 40), (5, 4)] {
        let rows: Vec<f64> = entries(n * d).iter().enumerate().map(|(i, x)| x + 100.0 * (i % d) as f64).collect();
        let (mean, s) = plain(&rows, d);
        for cuts in [vec![], vec![1], vec![2, 3], vec![1, 2, 3, n - 1]] {
            for apart in [false, true] {
                let mut pool = Scatter::new(1, d, apart);
                let ends: Vec<usize> = cuts.iter().copied().chain([n]).collect();
                let mut from = 0;
                for to in ends {
                    pool.merge(&learned(&rows[from * d..to * d], d, apart));
                    from = to;
                }
                assert_eq!(pool.n[0], n as f64);
                near(&pool.mean[..d], &mean, 1e-14);
                let expected: Vec<f64> =
                    if apart { (0..d * d).map(|k| if k / d == k % d { s[k] } else { 0.0 }).collect() } else { s.clone() };
                near(&full(&pool), &expected, 1e-12);
            }
        }
    }
}

#[test]
fn rank_is_exact() {
    // Four records in six dimensions, learned at once or one by one: three directions, whatever rounding does.
    let rows = entries(24);
    let mut one_by_one = Scatter::new(1, 6, false);
    rows.chunks_exact(6).for_each(|row| one_by_one.merge(&learned(row, 6, false)));
    for set in [learned(&rows, 6, false), one_by_one] {
        let rank = (0..6).filter(|k| set.factor[k * 6 + k] != 0.0).count();
        assert_eq!(rank, 3);
        assert!(set.factor[18..36].iter().all(|&x| x == 0.0));
    }
    // A second coordinate that is twice the first.
    let collinear: Vec<f64> = entries(20).iter().flat_map(|x| [*x, 2.0 * x + 1.0]).collect();
    let set = learned(&collinear, 2, false);
    assert_eq!(set.factor[3], 0.0);
    // Equal records, also far from 0.
    let equal = learned(&[0.1, 7e9].repeat(9), 2, false);
    assert_eq!((equal.factor[..4].to_vec(), equal.mean[1]), (vec![0.0; 4], 7e9));
}

#[test]
fn a_narrow_direction_keeps_its_digits() {
    // The second coordinate is the first plus 1e-9 of its own: its partial sum of squares is 1e-18 of the whole.
    let own = entries(200);
    let rows: Vec<f64> = own.chunks_exact(2).flat_map(|x| [x[0], x[0] + 1e-9 * x[1]]).collect();
    let exact: Vec<f64> = own.chunks_exact(2).flat_map(|x| [x[0], x[1]]).collect();
    let partial = |set: &Scatter| set.factor[3];
    let expected = 1e-9 * partial(&learned(&exact, 2, false));
    assert!((partial(&learned(&rows, 2, false)) / expected - 1.0).abs() < 1e-6);
    let mut parts = learned(&rows[..100], 2, false);
    parts.merge(&learned(&rows[100..], 2, false));
    assert!((partial(&parts) / expected - 1.0).abs() < 1e-6);
}

#[test]
fn weights_are_repetitions() {
    let rows = entries(15);
    let repeated: Vec<f64> = rows.chunks_exact(3).enumerate().flat_map(|(i, row)| row.repeat(i + 1)).collect();
    let mut weighted = Scatter::new(1, 3, false);
    weighted.learn(0, &rows, &[1.0, 2.0, 3.0, 4.0, 5.0]);
    let whole = learned(&repeated, 3, false);
    assert_eq!(weighted.n[0], 15.0);
    near(&weighted.mean[..3], &whole.mean[..3], 1e-15);
    near(&full(&weighted), &full(&whole), 1e-14);
}

#[test]
fn powers_of_two_stand_apart_from_numbers() {
    let far = |exponent: f64, scale: f64| {
        let mut set = learned(&entries(40), 2, false);
        set.mean.fill(0.0);
        set.exponent[..2].fill(exponent);
        set.factor[..4].iter_mut().for_each(|x| *x *= scale);
        settle_rows(&mut set.factor[..4], &mut set.exponent[..2]);
        set
    };
    // The same set in two notations, twice: a factor of sqrt 2, whatever the power.
    let mut sum = far(-5120.0, 1.0);
    sum.merge(&far(-5632.0, power(512.0)));
    let one = far(-5120.0, 1.0);
    let true_log = |set: &Scatter, k: usize| crate::math::ln(set.factor[3 * k]) + set.exponent[k] * std::f64::consts::LN_2;
    for k in 0..2 {
        assert!((true_log(&sum, k) - true_log(&one, k) - 0.5 * std::f64::consts::LN_2).abs() < 1e-11);
    }
    // Beside a set of ordinary size it is nothing.
    let mut beside = learned(&entries(40), 2, false);
    let (before, mean) = (beside.factor[..4].to_vec(), beside.mean[..2].to_vec());
    let mut tiny = far(-5120.0, 1.0);
    tiny.mean[..2].copy_from_slice(&mean);
    beside.merge(&tiny);
    near(&beside.factor[..4], &before, 1e-15);
}
