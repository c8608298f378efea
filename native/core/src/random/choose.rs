//! Choices among numbered items.

use super::stream::Stream;

/// `wanted` of the numbers 0 to n - 1: different ones in ascending order, or any with replacement; all of them where there are fewer.
///
/// Different ones by Floyd's method: each set has the same chance, at `wanted` random words and n bits of memory.
/// Source: Bentley and Floyd, "Programming pearls: a sample of brilliance", CACM 30 (1987).
pub fn choose(n: u64, wanted: u64, replacement: bool, stream: &mut Stream) -> Vec<usize> {
    if n == 0 {
        return vec![];
    }
    if replacement {
        return (0..wanted).map(|_| stream.below(n) as usize).collect();
    }
    let wanted = wanted.min(n);
    let mut taken = vec![0u64; n.div_ceil(64) as usize];
    for last in n - wanted..n {
        let item = stream.below(last + 1);
        let (word, bit) = ((item / 64) as usize, item % 64);
        let item = if taken[word] >> bit & 1 == 1 { last } else { item };
        taken[(item / 64) as usize] |= 1 << (item % 64);
    }
    let mut chosen = Vec::with_capacity(wanted as usize);
    for (word, mut bits) in taken.into_iter().enumerate() {
        while bits != 0 {
            chosen.push(word * 64 + bits.trailing_zeros() as usize);
            bits &= bits - 1;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_has_the_same_chance() {
        let mut stream = Stream::new([1, 2, 3, 4]);
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..40_000 {
            *seen.entry(choose(5, 2, false, &mut stream)).or_insert(0) += 1;
        }
        let chi: f64 = seen.values().map(|&k| f64::powi(f64::from(k) - 4000.0, 2) / 4000.0).sum();
        assert!(seen.len() == 10 && chi < 30.0, "{chi}");
        assert_eq!(choose(3, 9, false, &mut stream), [0, 1, 2]);
        assert_eq!((choose(0, 2, true, &mut stream).len(), choose(1, 4, true, &mut stream)), (0, vec![0; 4]));
    }
}
