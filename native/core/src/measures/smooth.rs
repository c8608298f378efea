//! A law of normal kernels of one width at weighted points: density, masses and excess at a cost that does not depend on their number.
//!
//! The line is cut into cells as wide as a kernel. The points of a cell become 24 moments about its centre (a Hermite series), and those of
//! all cells within reach become a Taylor polynomial of 24 terms in each cell: right to 1e-12 of the density and 1e-15 of the masses, or to the rounding of a place in widths.
//! Beyond four cells of any point the density is summed point by point, on logarithms. Source: Greengard and Strain, "The fast Gauss
//! transform", SIAM J. Sci. Stat. Comput. 12 (1991), on a grid whose translations are constants.

use std::sync::LazyLock;

use super::line::{Line, invert};
use crate::math;
use crate::simd::{Level, kernel};
use crate::truth::normal_excess;

/// Terms of either series.
const TERMS: usize = 24;
/// Cells on each side whose points matter; 2e-18 of a kernel's mass is left beyond.
const REACH: i64 = 9;
/// Cells on each side of a point in which the polynomial's density is right relative to itself.
const NEAR: i64 = 4;
/// ln sqrt(2 pi).
const LN_SQRT_TWO_PI: f64 = 0.918_938_533_204_672_8;
/// Cells away from the centre that a whole number of kernel widths may lie.
const FARTHEST: f64 = 1e15;

/// phi(d) He_m(d) at a distance of d cells, m below 2 TERMS.
type Hermite = [f64; 2 * TERMS];

static TABLE: LazyLock<Vec<Hermite>> = LazyLock::new(|| {
    (-REACH..=REACH)
        .map(|d| {
            let d = d as f64;
            let mut row = [0.0; 2 * TERMS];
            (row[0], row[1]) = (math::normal_pdf(d), d * math::normal_pdf(d));
            for m in 1..2 * TERMS - 1 {
                row[m + 1] = d * row[m] - m as f64 * row[m - 1];
            }
            row
        })
        .collect()
});

/// The points of one cell: moments w d^k / k! about its centre, d in widths.
struct Source {
    cell: i64,
    moments: [f64; TERMS],
}

/// What a cell knows: the density's Taylor coefficients in widths from its centre, masses and excess at the centre.
struct Cell {
    cell: i64,
    near: bool,
    series: [f64; TERMS],
    masses: [f64; 2],
    excess: [f64; 2],
}

/// Kernels of a width at points.
pub struct Smooth {
    width: f64,
    /// Ascending points with weights that add up to 1.
    points: Vec<(f64, f64)>,
    /// Sums of weight and of weight times point before each point.
    before: Vec<[f64; 2]>,
    cells: Vec<Cell>,
}

kernel! {
    /// Adds the density's coefficients that a source gives a cell: sum over j of moment_j phi(d) He_(j + k)(d), times (-1)^k / k! later.
    fn translate(moments: &[f64; TERMS], hermite: &Hermite, series: &mut [f64; TERMS]) {
        let mut sum = *series;
        for j in 0..TERMS {
            let row = &hermite[j..j + TERMS];
            for k in 0..TERMS {
                sum[k] += moments[j] * row[k];
            }
        }
        *series = sum;
    }
}

impl Smooth {
    /// Kernels of sd `width` at points with weights, in any order. None where the width can't be told from 0 beside the points' distances.
    pub fn new(level: Level, width: f64, mut points: Vec<(f64, f64)>) -> Option<Smooth> {
        points.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let total: f64 = points.iter().map(|point| point.1).sum();
        points.iter_mut().for_each(|point| point.1 /= total);
        let far = points.iter().map(|point| point.0.abs()).fold(0.0, f64::max);
        if !(width > 0.0 && total > 0.0 && far / width < FARTHEST) {
            return None;
        }
        let mut before = Vec::with_capacity(points.len() + 1);
        let mut sums = [0.0, 0.0];
        before.push(sums);
        for &(x, w) in &points {
            sums = [sums[0] + w, sums[1] + w * x];
            before.push(sums);
        }
        let mut law = Smooth { width, points, before, cells: vec![] };
        law.cells = law.cut(level);
        Some(law)
    }

    fn sources(&self) -> Vec<Source> {
        let mut sources: Vec<Source> = vec![];
        for &(x, w) in &self.points {
            let place = x / self.width;
            let cell = place.floor();
            if sources.last().is_none_or(|last| last.cell != cell as i64) {
                sources.push(Source { cell: cell as i64, moments: [0.0; TERMS] });
            }
            let d = place - cell - 0.5;
            let source = sources.last_mut().expect("one was pushed");
            let mut term = w;
            for (k, moment) in source.moments.iter_mut().enumerate() {
                *moment += term;
                term *= d / (k + 1) as f64;
            }
        }
        sources
    }

    fn cut(&self, level: Level) -> Vec<Cell> {
        let sources = self.sources();
        let mut cells: Vec<Cell> = vec![];
        let (mut from, mut to) = (0, 0);
        for source in &sources {
            let first = cells.last().map_or(i64::MIN, |cell| cell.cell + 1).max(source.cell - REACH);
            for cell in first..=source.cell + REACH {
                while to < sources.len() && sources[to].cell <= cell + REACH {
                    to += 1;
                }
                while sources[from].cell < cell - REACH {
                    from += 1;
                }
                cells.push(self.cell(level, cell, &sources[from..to]));
            }
        }
        cells
    }

    fn cell(&self, level: Level, cell: i64, sources: &[Source]) -> Cell {
        let centre = (cell as f64 + 0.5) * self.width;
        let mut series = [0.0; TERMS];
        // Points out of reach lie wholly below or above.
        let edge = |cell: i64| self.points.partition_point(|point| (point.0 / self.width).floor() < cell as f64);
        let (low, high) = (self.before[edge(cell - REACH)], self.before[edge(cell + REACH + 1)]);
        let all = self.before[self.points.len()];
        let mut masses = [low[0], all[0] - high[0]];
        let mut excess = [centre * low[0] - low[1], (all[1] - high[1]) - centre * (all[0] - high[0])];
        let mut near = false;
        for Source { cell: from, moments } in sources {
            let d = cell - from;
            near |= d.abs() <= NEAR;
            let hermite = &TABLE[(d + REACH) as usize];
            translate(level, moments, hermite, &mut series);
            let d = d as f64;
            let [below, above] = [math::normal_cdf(d), math::normal_sf(d)];
            let [lower, upper] = normal_excess(d);
            let (mut once, mut twice) = (0.0, 0.0);
            for k in 1..TERMS {
                once += moments[k] * hermite[k - 1];
                twice += if k > 1 { moments[k] * hermite[k - 2] } else { 0.0 };
            }
            masses[0] += moments[0] * below - once;
            masses[1] += moments[0] * above + once;
            excess[0] += self.width * (moments[0] * lower - moments[1] * below + twice);
            excess[1] += self.width * (moments[0] * upper + moments[1] * above + twice);
        }
        let mut factor = 1.0 / self.width;
        for (k, term) in series.iter_mut().enumerate() {
            *term *= factor;
            factor *= -1.0 / (k + 1) as f64;
        }
        Cell { cell, near, series, masses, excess }
    }

    /// The cell of a place, and how many widths from its centre the place lies.
    fn find(&self, x: f64) -> (f64, Option<&Cell>) {
        let place = x / self.width;
        let cell = place.floor();
        let offset = place - cell - 0.5;
        if !(cell.abs() < 2.0 * FARTHEST) {
            return (offset, None);
        }
        // Cells without a gap are found by their number.
        let (first, wanted) = (self.cells[0].cell, cell as i64);
        let guess = usize::try_from(wanted - first).ok().and_then(|i| self.cells.get(i)).filter(|found| found.cell == wanted);
        let search = || self.cells.binary_search_by_key(&wanted, |cell| cell.cell).ok().map(|i| &self.cells[i]);
        (offset, guess.or_else(search))
    }

    /// Share of the points below x, and their weighted sum.
    fn points_below(&self, x: f64) -> [f64; 2] {
        self.before[self.points.partition_point(|point| point.0 <= x)]
    }

    /// ln of the density far from all points, or where the polynomial is not right relative to itself: the terms that matter, point by point.
    fn log_density_by_points(&self, x: f64) -> f64 {
        let next = self.points.partition_point(|point| point.0 <= x);
        let distance = |i: usize| (self.points[i].0 - x).abs() / self.width;
        let left = if next > 0 { distance(next - 1) } else { f64::INFINITY };
        let right = if next < self.points.len() { distance(next) } else { f64::INFINITY };
        let least = f64::min(left, right);
        // exp(-38) of the nearest point's term is left out, at most, of each.
        let reach = f64::sqrt(least * least + 76.0) * self.width;
        let from = self.points.partition_point(|point| point.0 < x - reach);
        let to = self.points.partition_point(|point| point.0 <= x + reach);
        let sum: f64 = self.points[from..to]
            .iter()
            .map(|&(point, weight)| {
                let t = (point - x).abs() / self.width;
                weight * math::exp(-0.5 * (t - least) * (t + least))
            })
            .sum();
        math::ln(sum) - 0.5 * least * least - LN_SQRT_TWO_PI - math::ln(self.width)
    }
}

/// Sum of series_k y^(k + more) over (k + 1)..(k + more).
fn polynomial(series: &[f64; TERMS], y: f64, more: usize) -> f64 {
    let mut sum = 0.0;
    for k in (0..TERMS).rev() {
        let term = match more {
            0 => series[k],
            1 => series[k] / (k + 1) as f64,
            _ => series[k] / ((k + 1) * (k + 2)) as f64,
        };
        sum = sum * y + term;
    }
    match more {
        0 => sum,
        1 => sum * y,
        _ => sum * y * y,
    }
}

impl Line for Smooth {
    const RESOLUTION: f64 = 2e-16;

    fn log_density(&self, x: f64) -> f64 {
        if let (y, Some(cell)) = self.find(x)
            && cell.near
        {
            let density = polynomial(&cell.series, y, 0);
            if density > 0.0 {
                return math::ln(density);
            }
        }
        self.log_density_by_points(x)
    }

    fn masses(&self, x: f64) -> [f64; 2] {
        let (y, Some(cell)) = self.find(x) else {
            let below = self.points_below(x)[0];
            return [below, self.before[self.points.len()][0] - below];
        };
        let step = self.width * polynomial(&cell.series, y, 1);
        [f64::max(cell.masses[0] + step, 0.0), f64::max(cell.masses[1] - step, 0.0)]
    }

    fn excess(&self, x: f64) -> [f64; 2] {
        let (y, Some(cell)) = self.find(x) else {
            let ([weight, sum], [all, total]) = (self.points_below(x), self.before[self.points.len()]);
            return [x * weight - sum, (total - sum) - x * (all - weight)];
        };
        let step = self.width * y;
        let bend = self.width * self.width * polynomial(&cell.series, y, 2);
        [f64::max(cell.excess[0] + cell.masses[0] * step + bend, 0.0), f64::max(cell.excess[1] - cell.masses[1] * step + bend, 0.0)]
    }

    fn quantile(&self, masses: [f64; 2], bracket: [f64; 2], guess: f64) -> f64 {
        // Masses are right to 1e-15: less than that lies at the end of the bracket.
        let side = usize::from(masses[1] < masses[0]);
        if masses[side] < 1e-15 { bracket[side] } else { invert(self, masses, bracket, guess) }
    }

    fn marks(&self) -> Vec<f64> {
        // Every second edge of cells, and the middle of every gap, where ln of the density has all but a kink.
        let mut marks: Vec<f64> = vec![];
        let mut run = 0;
        for (i, cell) in self.cells.iter().enumerate() {
            let joined = i > 0 && self.cells[i - 1].cell + 1 == cell.cell;
            if i > 0 && !joined {
                let end = (self.cells[i - 1].cell + 1) as f64 * self.width;
                let start = cell.cell as f64 * self.width;
                marks.extend([end, 0.5 * (end + start)]);
            }
            run = if joined { run + 1 } else { 0 };
            if run % 2 == 0 {
                marks.push(cell.cell as f64 * self.width);
            }
        }
        marks.extend(self.cells.last().map(|cell| (cell.cell + 1) as f64 * self.width));
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums over points, for the eye.
    fn plain(points: &[(f64, f64)], width: f64, x: f64) -> [f64; 5] {
        let total: f64 = points.iter().map(|point| point.1).sum();
        let mut sums = [0.0; 5];
        for &(point, weight) in points {
            let (z, w) = ((x - point) / width, weight / total);
            let [lower, upper] = normal_excess(z);
            let terms = [math::normal_pdf(z) / width, math::normal_cdf(z), math::normal_sf(z), width * lower, width * upper];
            for (sum, term) in sums.iter_mut().zip(terms) {
                *sum += w * term;
            }
        }
        sums
    }

    fn near(found: f64, expected: f64, scale: f64, what: &str) {
        assert!((found - expected).abs() <= 2e-14 * scale, "{what}: {found:e} beside {expected:e}");
    }

    #[test]
    fn agrees_with_sums_over_points() {
        let spread: Vec<(f64, f64)> =
            (0..400).map(|k| (math::normal_quantile((f64::from(k) + 0.5) / 400.0), 1.0 + f64::from(k % 3))).collect();
        let groups: Vec<(f64, f64)> = (0..60).map(|k| (f64::from(k % 3) * 7.0 + 0.01 * f64::from(k), 1.0)).collect();
        for (points, width) in [(&spread, 0.3), (&spread, 0.02), (&groups, 0.5), (&groups, 1e-3), (&spread, 4.0)] {
            let law = Smooth::new(Level::best(), width, points.clone()).unwrap();
            let largest = 0.4 / width;
            for k in -300..600 {
                let x = f64::from(k) * 0.037_1;
                let [density, lower, upper, below, above] = plain(points, width, x);
                let log = law.log_density(x);
                if density > 1e-280 {
                    near(log, math::ln(density), 50.0 + 0.05 * x.abs() / width, "ln density");
                }
                near(math::exp(log), density, largest, "density");
                let (masses, excess) = (law.masses(x), law.excess(x));
                near(masses[0], lower, 1.0, "lower mass");
                near(masses[1], upper, 1.0, "upper mass");
                near(excess[0], below, 20.0, "excess below");
                near(excess[1], above, 20.0, "excess above");
            }
        }
    }

    #[test]
    fn levels_agree_to_the_bit() {
        let points: Vec<(f64, f64)> = (0..100).map(|k| (f64::from(k * k % 37) * 0.1, 1.0)).collect();
        let at = |level| -> Vec<u64> {
            let law = Smooth::new(level, 0.2, points.clone()).unwrap();
            (0..200).map(|k| law.log_density(f64::from(k) * 0.05 - 3.0).to_bits()).collect()
        };
        assert!(Level::available().into_iter().all(|level| at(level) == at(Level::BASE)));
    }

    #[test]
    fn points_may_lie_anywhere() {
        let law = Smooth::new(Level::best(), 1e-6, vec![(-1e6, 1.0), (0.0, 2.0), (1e6, 1.0)]).unwrap();
        assert_eq!(law.masses(5.0), [0.75, 0.25]);
        assert!((law.excess(5.0)[0] - (0.25 * 1_000_005.0 + 0.5 * 5.0)).abs() < 1e-8);
        assert!((law.log_density(0.0) - math::ln(0.5 / 1e-6) + LN_SQRT_TWO_PI).abs() < 1e-12);
        assert!(Smooth::new(Level::best(), 0.0, vec![(1.0, 1.0)]).is_none());
        assert!(Smooth::new(Level::best(), 1e-300, vec![(1.0, 1.0)]).is_none());
    }
}
