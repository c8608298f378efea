//! A law of finitely many points (the rows of a table, or one point) and its distances to other laws.

use super::line::Line;

/// Ascending points with the weight up to and including each.
#[derive(Clone, Debug)]
pub struct Steps {
    points: Vec<f64>,
    below: Vec<f64>,
}

impl Steps {
    /// Ascending points, ties allowed, one weight each.
    pub fn of_sorted(values: &[f64]) -> Steps {
        let (mut points, mut below): (Vec<f64>, Vec<f64>) = (vec![], vec![]);
        for (i, &x) in values.iter().enumerate() {
            if points.last() == Some(&x) {
                below.pop();
            } else {
                points.push(x);
            }
            below.push((i + 1) as f64);
        }
        Steps { points, below }
    }

    /// One point.
    pub fn point(x: f64) -> Steps {
        Steps { points: vec![x], below: vec![1.0] }
    }

    /// The points, seen from another centre.
    pub fn from(&self, centre: f64) -> Steps {
        Steps { points: self.points.iter().map(|x| x - centre).collect(), below: self.below.clone() }
    }

    fn total(&self) -> f64 {
        self.below[self.below.len() - 1]
    }

    /// Share at or below the i-th point and share above it.
    fn shares(&self, i: usize) -> [f64; 2] {
        [self.below[i] / self.total(), (self.total() - self.below[i]) / self.total()]
    }

    /// P(X <= x) and P(X > x).
    pub fn masses(&self, x: f64) -> [f64; 2] {
        match self.points.partition_point(|&point| point <= x) {
            0 => [0.0, 1.0],
            k => self.shares(k - 1),
        }
    }

    /// E X.
    pub fn mean(&self) -> f64 {
        let first = self.points[0];
        let steps = self.points.windows(2).enumerate().map(|(i, pair)| self.shares(i)[1] * (pair[1] - pair[0]));
        first + steps.sum::<f64>()
    }
}

/// Wasserstein-1 distance: the integral of |F - G|, where F is flat between points.
pub fn w1(p: &Steps, q: &impl Line) -> f64 {
    let last = p.points.len() - 1;
    let mut total = q.excess(p.points[0])[0] + q.excess(p.points[last])[1];
    let mut at = (q.masses(p.points[0]), q.excess(p.points[0]));
    for i in 0..last {
        let (a, b) = (p.points[i], p.points[i + 1]);
        let shares = p.shares(i);
        let then = (q.masses(b), q.excess(b));
        // Where G crosses the flat: nowhere, or once.
        let cut = if shares[0] <= at.0[0] {
            a
        } else if shares[0] >= then.0[0] {
            b
        } else {
            q.quantile(shares, [a, b], f64::NAN)
        };
        let inside = q.excess(cut);
        for (from, to, [below, above], [low, high]) in [(a, cut, inside, at.1), (cut, b, then.1, inside)] {
            // The integral of F - G, or of (1 - G) - (1 - F).
            let part = if shares[0] < 0.5 { shares[0] * (to - from) - (below - low) } else { (high - above) - shares[1] * (to - from) };
            total += part.abs();
        }
        at = then;
    }
    total
}

/// Wasserstein-2 distance: second moments less twice that of the coupling, whose part of each point is a first moment of q between quantiles.
/// `variance` is that of q and `mean` its mean.
pub fn w2(p: &Steps, q: &impl Line, mean: f64, variance: f64) -> f64 {
    let marks = q.marks();
    let (mut second, mut coupled, mut before) = (0.0, 0.0, 0.0);
    let mut last = 0.0;
    // E (Y - mean; Y <= y) = (y - mean) G(y) - E max(y - Y, 0)
    let first_moment = |y: f64| (y - mean) * q.masses(y)[0] - q.excess(y)[0];
    for (i, &x) in p.points.iter().enumerate() {
        let weight = (p.below[i] - last) / p.total();
        let shares = p.shares(i);
        let now = if shares[1] == 0.0 { 0.0 } else { first_moment(super::line::within(q, shares, &marks)) };
        second += weight * (x - mean) * (x - mean);
        coupled += (x - mean) * (now - before);
        (last, before) = (p.below[i], now);
    }
    f64::sqrt(f64::max(second + variance - 2.0 * coupled, 0.0))
}

/// Kolmogorov distance: the largest difference at a point, before its step or after it.
pub fn ks(p: &Steps, q: &impl Line) -> f64 {
    let (mut most, mut before) = (0.0, [0.0, 1.0]);
    for (i, &x) in p.points.iter().enumerate() {
        let (masses, shares) = (q.masses(x), p.shares(i));
        most = f64::max(most, f64::max(f64::abs(masses[0] - before[0]), f64::abs(masses[0] - shares[0])));
        before = shares;
    }
    most
}

/// Wasserstein distances of orders 1 and 2 and the Kolmogorov distance to a point.
pub fn to_point(p: &Steps, x: f64) -> [f64; 3] {
    let (mut first, mut second, mut last) = (0.0, 0.0, 0.0);
    let mut below = 0.0;
    for (&point, &to) in p.points.iter().zip(&p.below) {
        let weight = (to - last) / p.total();
        first += weight * (point - x).abs();
        second += weight * (point - x) * (point - x);
        below = if point < x { to } else { below };
        last = to;
    }
    [first, f64::sqrt(second), f64::max(below, p.total() - p.below_or_at(x)) / p.total()]
}

/// Wasserstein distances of orders 1 and 2 and the Kolmogorov distance of two laws of points: between the shares at which either steps both
/// quantiles stand still.
pub fn between(p: &Steps, q: &Steps) -> [f64; 3] {
    let (mut i, mut j, mut at) = (0, 0, 0.0);
    let (mut first, mut second) = (0.0, 0.0);
    while i < p.points.len() && j < q.points.len() {
        let (a, b) = (p.shares(i)[0], q.shares(j)[0]);
        let (to, apart) = (f64::min(a, b), p.points[i] - q.points[j]);
        first += (to - at) * apart.abs();
        second += (to - at) * apart * apart;
        at = to;
        i += usize::from(a <= b);
        j += usize::from(b <= a);
    }
    let gap = |x: &f64| f64::abs(p.masses(*x)[0] - q.masses(*x)[0]);
    [first, f64::sqrt(second), p.points.iter().chain(&q.points).map(gap).fold(0.0, f64::max)]
}

impl Steps {
    fn below_or_at(&self, x: f64) -> f64 {
        match self.points.partition_point(|&point| point <= x) {
            0 => 0.0,
            k => self.below[k - 1],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_points_and_points() {
        let (p, q) = (Steps::of_sorted(&[0.0, 1.0, 3.0]), Steps::of_sorted(&[5.0, 6.0, 8.0]));
        let [w1, w2, ks] = between(&p, &q);
        assert!((w1 - 5.0).abs() < 1e-12 && (w2 - 5.0).abs() < 1e-12 && ks == 1.0);
        // Quantiles of two and of three points, third by third and half by half: |0 - 0|, |0 - 1|, |4 - 1|, |4 - 1|.
        let [w1, w2, ks] = between(&Steps::of_sorted(&[0.0, 4.0]), &Steps::of_sorted(&[0.0, 1.0, 1.0]));
        assert!((w1 - (1.0 / 6.0 + 1.5)).abs() < 1e-12 && (w2 - f64::sqrt(1.0 / 6.0 + 4.5)).abs() < 1e-12 && (ks - 0.5).abs() < 1e-12);
    }
}
