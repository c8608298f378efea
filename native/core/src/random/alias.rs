//! The alias table: one word draws a class of any discrete law; classes of weight zero are never drawn.
//!
//! Source: Walker, ACM TOMS 3 (1977); Vose, IEEE Trans. Softw. Eng. 17 (1991).

use super::stream::{below, unit};

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

    /// The class of two words.
    #[inline]
    pub fn draw(&self, place: u64, choice: u64) -> u32 {
        let k = below(place, self.cut.len() as u64) as usize;
        if unit(choice) < self.cut[k] { k as u32 } else { self.other[k] }
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
            seen[table.draw(stream.word(), stream.word()) as usize] += 1;
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
        assert!((0..10_000_000).all(|_| table.draw(stream.word(), stream.word()) < 30));
    }
}
