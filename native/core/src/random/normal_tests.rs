//! Tests of the ziggurat: the same numbers at every level, and the normal law.

use super::*;

fn key() -> Key {
    Key::of_chain(11, [3, 4], 5)
}

#[test]
fn levels_agree_to_the_bit() {
    let mut seen = Vec::new();
    for level in Level::available() {
        let mut normals = Normals::new(&key(), Purpose::Draws, 0, 0);
        let parts: Vec<u64> = [1, 15, 16, 17, 100, 1000, 5000]
            .iter()
            .flat_map(|&n| {
                let (a, b) = normals.sums(level, &mut [0; 256], n);
                [a.to_bits(), b.to_bits()]
            })
            .collect();
        let (a, b) = chunk_sums(level, &key(), Purpose::SampleChunk, 9, 2, 16_000);
        seen.push((parts, a.to_bits(), b.to_bits()));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
}

/// 2^24 draws: moments, and the tail beyond 3, 4 and 4.5 (2^24 * 2Q(4) = 1063), within five standard errors.
#[test]
fn moments_and_tails() {
    let n = 1 << 24;
    let level = Level::best();
    let mut lanes = Lanes::of_key(&key(), Purpose::Draws, 0, 0);
    let mut side = Stream::new(key().state(Purpose::Side, 0, 0, 0));
    let (mut words, mut values) = ([0; BLOCK], [0.0; BLOCK]);
    let (mut sums, mut beyond) = ([0.0; 4], [0u32; 3]);
    for _ in 0..n / BLOCK {
        fill(level, &mut lanes, &mut side, &mut words, &mut values);
        for &x in &values {
            let square = x * x;
            for (sum, power) in sums.iter_mut().zip([x, square, x * square, square * square]) {
                *sum += power;
            }
            for (count, edge) in beyond.iter_mut().zip([3.0, 4.0, 4.5]) {
                *count += u32::from(x.abs() > edge);
            }
        }
    }
    let n = f64::from(n as u32);
    for (sum, (mean, variance)) in sums.iter().zip([(0.0, 1.0), (1.0, 2.0), (0.0, 15.0), (3.0, 96.0)]) {
        assert!((sum / n - mean).abs() < 5.0 * f64::sqrt(variance / n), "{} {mean}", sum / n);
    }
    for (count, edge) in beyond.iter().zip([3.0, 4.0, 4.5]) {
        let expected = n * 2.0 * math::normal_sf(edge);
        assert!((f64::from(*count) - expected).abs() < 5.0 * expected.sqrt(), "{count} {expected}");
    }
}

/// The tail sampler is exact at any distance: E[x | x > a] = pdf(a) / Q(a).
#[test]
fn far_tail() {
    let mut side = Stream::new([1, 2, 3, 4]);
    for from in [4.0, 7.0, 12.0] {
        let n = 200_000;
        let mean = (0..n).map(|_| tail(from, &mut side)).sum::<f64>() / f64::from(n);
        let expected = math::normal_pdf(from) / math::normal_sf(from);
        let sd = 1.0 / from;
        assert!((mean - expected).abs() < 5.0 * sd / f64::from(n).sqrt(), "{mean} {expected}");
    }
}

#[test]
fn the_sequence_does_not_depend_on_how_it_is_cut() {
    let mut whole = Normals::new(&key(), Purpose::Draws, 0, 0);
    let mut cut = whole.clone();
    let values: Vec<f64> = (0..1000).map(|_| whole.next(Level::BASE, &mut [0; 256])).collect();
    let (mut sum, mut from) = (0.0, 0);
    for n in [7, 300, 16, 677] {
        sum += cut.sums(Level::BASE, &mut [0; 256], n).0;
        from += n;
    }
    assert_eq!(from, 1000);
    let mut taken = Normals::new(&key(), Purpose::Draws, 0, 0);
    let mut out = vec![0.0; 1000];
    out.chunks_mut(77).for_each(|part| taken.fill(Level::BASE, &mut [0; 256], part));
    assert_eq!(out, values);
    assert!((sum - values.iter().sum::<f64>()).abs() < 1e-11);
}
