//! Margins: the masses of a column's bins under the law that is fitted to their counts.
//!
//! kde: a normal kernel at every record, of sd 0.9 min(sd, IQR / 1.349) n^(-1/5) (Silverman, "Density Estimation" (1986), 3.31), mirrored at
//! bounds; records stand at the mean of cells an eighth of it wide. heavy-tailed: the counts, and for the outermost 5 % on each side without a
//! natural bound a generalised Pareto law, fitted by probability-weighted moments (Hosking and Wallis, Technometrics 29 (1987)).

use super::bins::Bins;
use super::coding::Coded;
use crate::math;
use crate::plan::Margin;
use crate::random::lanes::LANES;
use crate::simd::{Level, kernel};

/// Mass of a tail that has a law of its own.
const TAIL: f64 = 0.05;

/// Fewest records that a law of a tail is fitted to.
const FEWEST: f64 = 10.0;

/// Cells of records in a kernel's sd.
const CELLS: f64 = 8.0;

/// Kernel sds beyond which nothing is left.
const REACH: f64 = 8.5;

/// The masses of a column's bins, adding up to 1, from its counts (their sum is `n`, above 0); `infinite` stands for counts without limit.
pub fn fit(level: Level, column: &Coded, counts: &[f64], n: f64, infinite: bool) -> Vec<f64> {
    let empirical = || counts.iter().map(|count| count / n).collect::<Vec<f64>>();
    let Some(bins) = &column.numbers else { return empirical() };
    let alive = counts.iter().filter(|count| **count > 0.0).count();
    if column.margin == Margin::Empirical || alive < 2 || bins.len() < 2 {
        return empirical();
    }
    let masses = match column.margin {
        Margin::Empirical => unreachable!("returned above"),
        Margin::Normal => normal(bins, counts, n, |x| x, &bins.within),
        Margin::LogNormal => normal(bins, counts, n, |x| if x > 0.0 { math::ln(x) } else { f64::NEG_INFINITY }, &[]),
        Margin::Kde => match kde(level, bins, counts, n, infinite) {
            Some(masses) => masses,
            None => return empirical(),
        },
        Margin::HeavyTailed => heavy_tailed(bins, counts, n),
    };
    let total: f64 = masses.iter().sum();
    if !(total > 0.0 && total.is_finite()) {
        return empirical();
    }
    masses.iter().map(|mass| mass / total).collect()
}

/// Mean and variance of binned values, mapped.
fn moments(bins: &Bins, counts: &[f64], n: f64, map: impl Fn(f64) -> f64) -> (f64, f64) {
    let values: Vec<f64> = bins.means.iter().map(|x| map(*x)).collect();
    let used = || values.iter().zip(counts).filter(|(_, count)| **count > 0.0);
    let first = used().next().map_or(0.0, |(x, _)| *x);
    let mean = used().map(|(x, count)| count * (x - first)).sum::<f64>() / n;
    let variance = used().map(|(x, count)| count * (x - first - mean) * (x - first - mean)).sum::<f64>() / n;
    (first + mean, variance)
}

/// Differences of a distribution function at the edges; the outermost bins hold what is beyond them unless there is a bound.
fn differences(bins: &Bins, cdf: impl Fn(f64) -> f64) -> Vec<f64> {
    let edges = &bins.edges;
    let last = edges.len() - 1;
    let value = |k: usize| match k {
        0 if bins.bounds[0] == f64::NEG_INFINITY => 0.0,
        k if k == last && bins.bounds[1] == f64::INFINITY => 1.0,
        k => cdf(edges[k]),
    };
    let values: Vec<f64> = (0..edges.len()).map(value).collect();
    values.windows(2).map(|pair| f64::max(pair[1] - pair[0], 0.0)).collect()
}

/// A normal law of the mapped values; `within` are the variances within bins, where they are known.
fn normal(bins: &Bins, counts: &[f64], n: f64, map: impl Fn(f64) -> f64, within: &[f64]) -> Vec<f64> {
    let (mean, variance) = moments(bins, counts, n, &map);
    let sd = f64::sqrt(variance + within.iter().zip(counts).map(|(v, count)| v * count).sum::<f64>() / n);
    differences(bins, |x| math::normal_cdf((map(x) - mean) / sd))
}

/// Nodes in a kernel's sd, between which the distribution function is a cubic: its error is below 1e-5.
const NODES: f64 = 4.0;

/// The smoothed distribution function of records in cells, times their number.
struct Smooth {
    level: Level,
    cells: Cells,
    h: f64,
    n: f64,
    /// First node, and values and slopes times the step at the nodes; empty where nodes would be more than the places asked for.
    first: f64,
    nodes: Vec<[f64; 2]>,
}

impl Smooth {
    fn new(level: Level, cells: Cells, h: f64, n: f64, places: usize) -> Smooth {
        let (least, most) = (cells.places[0] - REACH * h, cells.places[cells.places.len() - 1] + REACH * h);
        let step = h / NODES;
        let count = (most - least) / step + 2.0;
        let mut smooth = Smooth { level, cells, h, n, first: least, nodes: vec![] };
        if count < places as f64 {
            let node = |k: usize| {
                let x = least + step * k as f64;
                let (from, to) = smooth.window(x);
                let cells = &smooth.cells;
                let slope = density(level, &cells.places[from..to], &cells.weights[from..to], x, 1.0 / h);
                [smooth.exactly(x), slope / NODES]
            };
            smooth.nodes = (0..count as usize).map(node).collect();
        }
        smooth
    }

    /// Cells within the kernel's reach of a place.
    fn window(&self, x: f64) -> (usize, usize) {
        let places = &self.cells.places;
        let from = places.partition_point(|place| *place < x - REACH * self.h);
        (from, from + places[from..].partition_point(|place| *place <= x + REACH * self.h))
    }

    fn exactly(&self, x: f64) -> f64 {
        let ((from, to), cells) = (self.window(x), &self.cells);
        let whole = cells.below.get(from).copied().unwrap_or(self.n);
        whole + below(self.level, &cells.places[from..to], &cells.weights[from..to], x, 1.0 / self.h)
    }

    fn below(&self, x: f64) -> f64 {
        if self.nodes.is_empty() {
            return self.exactly(x);
        }
        let at = (x - self.first) / self.h * NODES;
        if !(at > 0.0) {
            return 0.0;
        }
        let k = at as usize;
        if k + 1 >= self.nodes.len() {
            return self.n;
        }
        let ([a, da], [b, db], t) = (self.nodes[k], self.nodes[k + 1], at - k as f64);
        let u = 1.0 - t;
        u * u * ((1.0 + 2.0 * t) * a + t * da) + t * t * ((3.0 - 2.0 * t) * b - u * db)
    }
}

kernel! {
    /// Sum of w phi((edge - x) scale) over cells.
    fn density(places: &[f64], weights: &[f64], edge: f64, scale: f64) -> f64 {
        let mut sums = [0.0; LANES];
        let ((rows, rest), (others, last)) = (places.as_chunks::<LANES>(), weights.as_chunks::<LANES>());
        for (x, w) in rows.iter().zip(others) {
            for i in 0..LANES {
                sums[i] += w[i] * math::normal_pdf((edge - x[i]) * scale);
            }
        }
        for (i, (x, w)) in rest.iter().zip(last).enumerate() {
            sums[i] += w * math::normal_pdf((edge - x) * scale);
        }
        let mut total = 0.0;
        for sum in sums {
            total += sum;
        }
        total
    }
}

kernel! {
    /// Sum of w Phi((edge - x) scale) over cells.
    fn below(places: &[f64], weights: &[f64], edge: f64, scale: f64) -> f64 {
        let mut sums = [0.0; LANES];
        let ((rows, rest), (others, last)) = (places.as_chunks::<LANES>(), weights.as_chunks::<LANES>());
        for (x, w) in rows.iter().zip(others) {
            for i in 0..LANES {
                sums[i] += w[i] * math::normal_cdf((edge - x[i]) * scale);
            }
        }
        for (i, (x, w)) in rest.iter().zip(last).enumerate() {
            sums[i] += w * math::normal_cdf((edge - x) * scale);
        }
        let mut total = 0.0;
        for sum in sums {
            total += sum;
        }
        total
    }
}

/// Records gathered in cells: places, weights and the weight below each.
struct Cells {
    places: Vec<f64>,
    weights: Vec<f64>,
    below: Vec<f64>,
}

fn cells(bins: &Bins, counts: &[f64], width: f64) -> Cells {
    let mut cells = Cells { places: vec![], weights: vec![], below: vec![] };
    let (mut from, mut sum, mut weight, mut before) = (f64::NAN, 0.0, 0.0, 0.0);
    let mut close = |from: f64, sum: f64, weight: f64| {
        if weight > 0.0 {
            cells.below.push(before);
            before += weight;
            cells.places.push(from + sum / weight);
            cells.weights.push(weight);
        }
    };
    for (x, &count) in bins.means.iter().zip(counts).filter(|(_, count)| **count > 0.0) {
        if !(x - from <= width) {
            close(from, sum, weight);
            (from, sum, weight) = (*x, 0.0, 0.0);
        }
        sum += count * (x - from);
        weight += count;
    }
    close(from, sum, weight);
    cells
}

/// None where the rule gives no width.
fn kde(level: Level, bins: &Bins, counts: &[f64], n: f64, infinite: bool) -> Option<Vec<f64>> {
    let quantile = |p: f64| {
        let mut sum = 0.0;
        let at = counts.iter().position(|count| {
            sum += count;
            sum >= p * n
        });
        bins.means[at.unwrap_or(bins.len() - 1)]
    };
    let sd = f64::sqrt(moments(bins, counts, n, |x| x).1);
    let range = (quantile(0.75) - quantile(0.25)) / 1.349;
    let spread = if range > 0.0 { f64::min(sd, range) } else { sd };
    let h = if infinite { 0.0 } else { 0.9 * spread * math::pow(n, -0.2) };
    if !(h > 0.0) {
        return None;
    }
    let smooth = Smooth::new(level, cells(bins, counts, h / CELLS), h, n, bins.len());
    let cdf = |x: f64| smooth.below(x);
    let [low, high] = bins.bounds;
    Some(differences(bins, |x| {
        let mirrored = if low > f64::NEG_INFINITY { cdf(2.0 * low - x) } else { 0.0 };
        let back = if high < f64::INFINITY { n - cdf(2.0 * high - x) } else { 0.0 };
        (cdf(x) - mirrored + back) / n
    }))
}

fn heavy_tailed(bins: &Bins, counts: &[f64], n: f64) -> Vec<f64> {
    let mut masses: Vec<f64> = counts.iter().map(|count| count / n).collect();
    let k = bins.len();
    if bins.bounds[1] == f64::INFINITY {
        let tail: Vec<(f64, f64)> = (0..k).rev().map(|bin| (bins.means[bin], counts[bin])).collect();
        if let Some((first, law)) = tail_law(&tail, n, |bin| bins.edges[k - 1 - bin]) {
            let edge = bins.edges[k - 1 - first];
            law.spread(&mut masses[k - 1 - first..], |bin| bins.edges[k - first + bin] - edge);
        }
    }
    if bins.bounds[0] == f64::NEG_INFINITY {
        let tail: Vec<(f64, f64)> = (0..k).map(|bin| (-bins.means[bin], counts[bin])).collect();
        if let Some((first, law)) = tail_law(&tail, n, |bin| -bins.edges[bin + 1]) {
            let edge = bins.edges[first + 1];
            masses[..=first].reverse();
            law.spread(&mut masses[..=first], |bin| edge - bins.edges[first - bin]);
            masses[..=first].reverse();
        }
    }
    masses
}

/// A generalised Pareto law of the excess over a threshold.
struct Pareto {
    shape: f64,
    scale: f64,
}

impl Pareto {
    fn cdf(&self, x: f64) -> f64 {
        if self.shape.abs() < 1e-9 {
            return 1.0 - math::exp(-x / self.scale);
        }
        let base = 1.0 + self.shape * x / self.scale;
        if base <= 0.0 { 1.0 } else { 1.0 - math::exp(-math::ln(base) / self.shape) }
    }

    /// Gives bins from the threshold outwards the mass that they have together; `upper` is how far a bin's outer edge is from it.
    fn spread(&self, masses: &mut [f64], upper: impl Fn(usize) -> f64) {
        let total: f64 = masses.iter().sum();
        let (mut below, last) = (0.0, masses.len() - 1);
        for (bin, mass) in masses.iter_mut().enumerate() {
            let to = if bin == last { 1.0 } else { self.cdf(upper(bin)) };
            *mass = total * f64::max(to - below, 0.0);
            below = to;
        }
    }
}

/// The law of a tail, given from the outermost bin inwards as values and counts, and the place in this order of its innermost bin; `inner` is
/// a bin's inner edge. None where there are too few records or they don't differ.
fn tail_law(tail: &[(f64, f64)], n: f64, inner: impl Fn(usize) -> f64) -> Option<(usize, Pareto)> {
    let mut count = 0.0;
    let mut first = None;
    for (bin, (_, records)) in tail.iter().enumerate() {
        if count + records > TAIL * n {
            break;
        }
        count += records;
        if *records > 0.0 {
            first = Some(bin);
        }
    }
    let first = first.filter(|_| count >= FEWEST)?;
    let edge = inner(first);
    // Means of the excess, and of the excess times the share that lies beyond it.
    let (mut plain, mut beyond, mut above) = (0.0, 0.0, 0.0);
    for (value, records) in &tail[..=first] {
        let excess = f64::max(value - edge, 0.0);
        plain += records * excess;
        beyond += records * excess * ((above + 0.5 * (records - 1.0).max(0.0)) / f64::max(count - 1.0, 1.0));
        above += records;
    }
    let (plain, beyond) = (plain / count, beyond / count);
    let apart = plain - 2.0 * beyond;
    if !(apart > 0.0 && plain > 0.0) {
        return None;
    }
    let shape = f64::clamp(2.0 - plain / apart, -0.5, 0.95);
    // The scale that keeps the mean excess.
    Some((first, Pareto { shape, scale: plain * (1.0 - shape) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cubic between nodes against the sum over all cells, and that against the plain sum over the records.
    #[test]
    fn smoothed_counts_are_those_of_kernels() {
        let values: Vec<f64> = (0..3000).map(|i| math::normal_quantile((f64::from(i) + 0.5) / 3000.0)).collect();
        let h = 0.18;
        let cells = || Cells { below: (0..3000).map(f64::from).collect(), weights: vec![1.0; 3000], places: values.clone() };
        let smooth = Smooth::new(Level::best(), cells(), h, 3000.0, 4000);
        assert!(!smooth.nodes.is_empty() && Smooth::new(Level::best(), cells(), h, 3000.0, 10).nodes.is_empty());
        for k in -500..500 {
            let x = f64::from(k) / 70.0;
            let plain: f64 = values.iter().map(|v| math::normal_cdf((x - v) / h)).sum();
            assert!((smooth.exactly(x) - plain).abs() < 1e-9 && (smooth.below(x) - plain).abs() < 3000.0 * 1e-5, "{x}");
        }
    }
}
