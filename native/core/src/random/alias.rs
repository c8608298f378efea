//! The alias table: one word draws a class of any discrete law; classes of weight zero are never drawn.
//!
//! Source: Walker, ACM TOMS 3 (1977); Vose, IEEE Trans. Softw. Eng. 17 (1991).

use super::stream::unit;
use super::words::Words;
use crate::simd::Level;

/// A table over classes 0..K.
#[derive(Clone, Debug)]
pub struct Alias {
    cut: Vec<f64>,
    other: Vec<u32>,
}

impl Alias {
    /// From weights >= 0 with a positive sum.
    pub fn new(weights: &[f64]) -> Alias {
        let classes = weights.len();
        let total: f64 = weights.iter().sum();
        let heaviest = (0..classes).max_by(|&a, &b| weights[a].total_cmp(&weights[b])).unwrap_or(0);
        let mut cut: Vec<f64> = weights.iter().map(|w| w / total * classes as f64).collect();
        // What rounding leaves over goes to the heaviest class, never to one of weight zero.
        let mut other = vec![heaviest as u32; classes];
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..classes).partition(|&k| cut[k] < 1.0);
        while let (Some(&low), Some(&high)) = (small.last(), large.last()) {
            small.pop();
            other[low] = high as u32;
            cut[high] -= 1.0 - cut[low];
            if cut[high] < 1.0 {
                large.pop();
                small.push(high);
            }
        }
        for k in large {
            cut[k] = 1.0;
        }
        for k in small {
            cut[k] = if weights[k] > 0.0 { 1.0 } else { 0.0 };
        }
        Alias { cut, other }
    }

    /// The class of a word: K times it as a fraction is a place and, independent of that, a number in (0, 1).
    #[inline(always)]
    pub fn draw(&self, word: u64) -> u32 {
        let product = u128::from(word) * self.cut.len() as u128;
        let (place, choice) = ((product >> 64) as usize, product as u64);
        // Both are at hand: a choice that can't be foreseen costs more than a number that is not needed.
        std::hint::select_unpredictable(unit(choice) < self.cut[place], place as u32, self.other[place])
    }
}

/// Adds the classes of so many draws to their counts.
pub fn tally(alias: &Alias, words: &mut Words, level: Level, draws: u64, counts: &mut [f64]) {
    let mut left = draws as usize;
    while left > 0 {
        let taken = words.take(level, left);
        taken.iter().for_each(|&word| counts[alias.draw(word) as usize] += 1.0);
        left -= taken.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::stream::Stream;

    #[test]
    fn shares_are_right_and_zero_is_never_drawn() {
        let weights = [0.0, 3.0, 1.0, 0.0, 0.5, 0.0];
        let table = Alias::new(&weights);
        let mut stream = Stream::new([1, 2, 3, 4]);
        let mut seen = [0u32; 6];
        let n = 1_000_000;
        for _ in 0..n {
            seen[table.draw(stream.word()) as usize] += 1;
        }
        for (k, weight) in weights.iter().enumerate() {
            let p = weight / 4.5;
            let sd = f64::sqrt(f64::from(n) * p * (1.0 - p));
            assert!((f64::from(seen[k]) - f64::from(n) * p).abs() <= 5.0 * sd, "class {k}");
        }
    }

    /// Thirty weights of 0.1f32 and five of zero (rounded sums are where such tables go wrong).
    #[test]
    fn rounded_weights_leave_zeros_alone() {
        let mut weights = vec![f64::from(0.1f32); 30];
        weights.extend([0.0; 5]);
        let table = Alias::new(&weights);
        let mut stream = Stream::new([5, 6, 7, 8]);
        assert!((0..10_000_000).all(|_| table.draw(stream.word()) < 30));
    }
}
