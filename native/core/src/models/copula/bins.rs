//! The bins of a column of numbers: at most 4,096 places in order, each with what the real values in it come to.
//!
//! Where margins are the records' own values and at most 4,096 of them differ, every value is a bin, and nothing is lost. Else bins hold
//! equal numbers of real rows, ties together. Smooth margins need places between and beyond the real values too: half of the cuts are
//! quantiles, half lie evenly over the range, and outer bins grow by a factor up to where no law has mass to speak of.

use crate::plan::{Bounds, Margin};

/// Bins of a column, at most.
pub const MOST: usize = 4096;

/// Bins beyond the range, on a side.
const OUTER: usize = 64;

/// Growth of outer bins.
const GROWTH: f64 = 1.25;

/// More than how far outer bins reach, in ranges.
const FARTHEST: f64 = 1e8;

/// Even bins from a natural bound to the least value.
const GAP: usize = 16;

/// Bins of a column of numbers in ascending order.
#[derive(Clone, Debug, Default)]
pub struct Bins {
    /// Edges, one more than bins; a value at an edge belongs to the bin above it.
    pub edges: Vec<f64>,
    /// Mean of the real values in each bin; of a bin without any its middle.
    pub means: Vec<f64>,
    /// Variance within each bin: of its real values, or of the uniform law.
    pub within: Vec<f64>,
    /// Real rows in each bin.
    pub rows: Vec<f64>,
    /// Whether all values are whole numbers.
    pub whole: bool,
    /// Bounds of the law, of whole numbers half of one further out: infinite where there is none.
    pub bounds: [f64; 2],
}

impl Bins {
    /// Bins of ascending values, at least one of them, all finite.
    pub fn new(sorted: &[f64], margin: Margin, bounds: Bounds) -> Bins {
        let whole = sorted.iter().all(|x| x.fract() == 0.0);
        let (least, most) = (sorted[0], sorted[sorted.len() - 1]);
        // Bins beyond values that are as large as floats can be would not be finite.
        let open = margin != Margin::Empirical && (most - least) * FARTHEST < f64::MAX;
        let limits = match bounds {
            Bounds::Observed => [least, most],
            Bounds::Natural => [if least >= 0.0 { 0.0 } else { f64::NEG_INFINITY }, f64::INFINITY],
        };
        let edges = if open && least < most { smooth_edges(sorted, whole, limits) } else { value_edges(sorted) };
        let half = if whole { 0.5 } else { 0.0 };
        let mut bins = Bins { whole, bounds: [limits[0] - half, limits[1] + half], ..Bins::default() };
        bins.place(sorted, edges);
        bins
    }

    /// Bins.
    pub fn len(&self) -> usize {
        self.means.len()
    }

    /// The bin of a value.
    pub fn of(&self, x: f64) -> usize {
        self.edges[1..self.len()].partition_point(|edge| *edge <= x)
    }

    fn place(&mut self, sorted: &[f64], edges: Vec<f64>) {
        self.edges = edges;
        let bins = self.edges.len() - 1;
        let mut from = 0;
        for bin in 0..bins {
            let (low, high) = (self.edges[bin], self.edges[bin + 1]);
            let to = if bin + 1 == bins { sorted.len() } else { from + sorted[from..].partition_point(|x| *x < high) };
            let rows = &sorted[from..to];
            from = to;
            let count = rows.len() as f64;
            self.rows.push(count);
            if rows.is_empty() {
                self.means.push(0.5 * (low + high));
                let width = high - low;
                self.within.push(if self.whole && width <= 1.0 { 0.0 } else { width * width / 12.0 });
                continue;
            }
            let mean = rows[0] + rows.iter().map(|x| x - rows[0]).sum::<f64>() / count;
            self.means.push(mean);
            self.within.push(rows.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count);
        }
    }
}

/// Edges between different values, or between equal shares of the rows where more than `MOST` differ.
fn value_edges(sorted: &[f64]) -> Vec<f64> {
    let (least, most) = (sorted[0], sorted[sorted.len() - 1]);
    let middle = |pair: &[f64]| pair[0] + 0.5 * (pair[1] - pair[0]);
    let different: Vec<f64> = sorted.windows(2).filter(|pair| pair[0] < pair[1]).map(middle).collect();
    let mut edges = vec![least];
    if different.len() < MOST {
        edges.extend(different);
    } else {
        quantile_cuts(sorted, MOST, &mut edges);
    }
    edges.push(most);
    edges
}

/// Appends cuts at equal shares of the rows, ascending and each once.
fn quantile_cuts(sorted: &[f64], shares: usize, into: &mut Vec<f64>) {
    let n = sorted.len();
    for k in 1..shares {
        let cut = sorted[(k as u128 * n as u128 / shares as u128) as usize];
        if cut > *into.last().unwrap_or(&f64::NEG_INFINITY) && cut > sorted[0] {
            into.push(cut);
        }
    }
}

fn smooth_edges(sorted: &[f64], whole: bool, bounds: [f64; 2]) -> Vec<f64> {
    let (least, most) = (sorted[0], sorted[sorted.len() - 1]);
    let range = most - least;
    let inner = MOST - 2 * OUTER - GAP;
    let mut edges = Vec::new();
    if whole && range < inner as f64 {
        edges.extend((0..range as usize).map(|k| least + k as f64 + 0.5));
    } else {
        let values = value_edges(sorted);
        if values.len() <= inner / 2 {
            edges.extend(&values[1..values.len() - 1])
        } else {
            quantile_cuts(sorted, inner / 2, &mut edges)
        }
        edges.extend((1..inner / 2).map(|k| least + range * (k as f64 / (inner / 2) as f64)));
    }
    let step = if whole { f64::max(1.0, (range / 128.0).ceil()) } else { range / 128.0 };
    let half = if whole { 0.5 } else { 0.0 };
    let mut width = step;
    let beyond: Vec<f64> = std::iter::once(half)
        .chain((0..OUTER).scan(half, |far, _| {
            *far += width;
            width = if whole { (width * GROWTH).ceil() } else { width * GROWTH };
            Some(*far)
        }))
        .collect();
    if bounds[1] > most {
        edges.extend(beyond.iter().map(|far| most + far))
    } else {
        edges.push(most + half)
    }
    if bounds[0] == f64::NEG_INFINITY {
        edges.extend(beyond.iter().map(|far| least - far));
    } else {
        edges.push(bounds[0] - half);
        let gap = least - bounds[0];
        if gap > 0.0 {
            edges.push(least - half);
            let count = if whole { (gap as usize).min(GAP) } else { GAP };
            edges.extend((1..count).map(|k| {
                let cut = bounds[0] + gap * (k as f64 / count as f64);
                if whole { cut.round() - 0.5 } else { cut }
            }));
        }
    }
    if whole {
        edges.iter_mut().for_each(|edge| *edge = edge.floor() + 0.5);
    }
    edges.sort_by(f64::total_cmp);
    edges.dedup();
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_bins_of_their_own() {
        let bins = Bins::new(&[1.0, 1.0, 2.5, 7.0], Margin::Empirical, Bounds::Natural);
        assert_eq!((bins.means.clone(), bins.rows.clone()), (vec![1.0, 2.5, 7.0], vec![2.0, 1.0, 1.0]));
        assert_eq!([1.0, 2.5, 7.0].map(|x| bins.of(x)), [0, 1, 2]);
        assert!(bins.within.iter().all(|v| *v == 0.0) && !bins.whole);
        let one = Bins::new(&[3.5; 4], Margin::Kde, Bounds::Natural);
        assert_eq!((one.len(), one.of(3.5), one.means[0]), (1, 0, 3.5));
    }

    /// Many values: no more than 4,096 bins, and all rows, means and variances are kept in sum.
    #[test]
    fn many_values_share_bins() {
        let values: Vec<f64> = (0..100_000).map(|i| f64::from(i) * f64::from(i) * 1e-3).collect();
        for (margin, least) in [(Margin::Empirical, 4096), (Margin::Kde, 3000), (Margin::HeavyTailed, 3000)] {
            let bins = Bins::new(&values, margin, Bounds::Natural);
            assert!((least..=MOST).contains(&bins.len()), "{margin:?}: {}", bins.len());
            assert!(bins.edges.windows(2).all(|pair| pair[0] < pair[1]));
            assert_eq!(bins.rows.iter().sum::<f64>(), 100_000.0);
            let mean = values.iter().sum::<f64>() / 1e5;
            let from_bins = bins.rows.iter().zip(&bins.means).map(|(n, m)| n * m).sum::<f64>() / 1e5;
            assert!((from_bins / mean - 1.0).abs() < 1e-12);
            let square = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 1e5;
            let parts = (0..bins.len()).map(|k| bins.rows[k] * (bins.within[k] + (bins.means[k] - mean) * (bins.means[k] - mean)));
            assert!((parts.sum::<f64>() / 1e5 / square - 1.0).abs() < 1e-9);
            assert!(values.iter().step_by(997).all(|x| {
                let k = bins.of(*x);
                (bins.edges[k]..=bins.edges[k + 1]).contains(x)
            }));
            assert_eq!(bins.edges[0], 0.0, "nothing lies below a natural bound");
        }
    }

    #[test]
    fn whole_numbers_stay_whole() {
        let values: Vec<f64> = (0..60).map(|i| f64::from(20 + i * i % 37)).collect();
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        let bins = Bins::new(&sorted, Margin::Normal, Bounds::Observed);
        assert!(bins.whole && bins.edges.iter().all(|edge| (edge - 0.5).fract() == 0.0));
        assert_eq!(bins.len() as f64, sorted[59] - sorted[0] + 1.0);
        assert!((0..bins.len()).all(|k| bins.means[k] == sorted[0] + k as f64 && bins.within[k] == 0.0));
    }
}
