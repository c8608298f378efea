//! Sets of rows that a plan follows, as events of a fitted copula.
//!
//! A set is known by its rows. It is looked for among the bins of one column, then of two columns of few bins: what decides whether a row
//! is in it. Its share is then a sum of masses, or a series in the latent correlation of the two (`series`), and so is the mean of a column
//! of numbers over it.

use super::Copula;
use super::coding::MISSING;
use super::columns::each;
use super::fit::Fit;
use super::series::{Pair, Series, Steps};
use crate::error::Error;
use crate::family::Measure;
use crate::plan::Watch;
use crate::simd::Level;

/// Rows of a set that one column, or two, may fail to tell, as a share of its rows.
const BLURRED: f64 = 0.1;

/// Rows of a bin that is told by its neighbours too.
const FEW: f64 = 5.0;

/// Pairs of bins that are looked through.
const MOST: usize = 1 << 20;

/// What decides whether a row belongs to a set.
enum Members {
    /// All rows, or none.
    Share(f64),
    /// The share of each bin of a column, the missing values last.
    One { column: usize, shares: Vec<f64> },
    /// Bins of a first column, grouped, with the share of each bin of a second one.
    Two { first: usize, second: usize, groups: Vec<(Vec<bool>, Vec<f64>)> },
}

/// The measure of a set.
pub fn follow(family: &Copula, watch: &Watch) -> Result<Measure<Copula>, Error> {
    let codes = family.table.codes(watch.column)?;
    let inside: Vec<bool> = codes.iter().map(|code| watch.codes.contains(code)).collect();
    let members = members(family, &inside).ok_or_else(|| {
        Error::plan("watch", &watch.name, "a set of rows that one or two modelled columns decide, for a copula")
            .hint("model the columns that it is told by, or take empirical")
    })?;
    let Some(mean) = watch.mean else { return Ok(each(move |family, fit| share(family, fit, &members))) };
    let Some(column) = family.columns.iter().position(|&index| index == mean) else {
        return Err(Error::plan("watch.mean", mean, "a modelled column of numbers, for a copula"));
    };
    if matches!(members, Members::Two { .. }) {
        return Err(Error::plan("watch", &watch.name, "the mean over a set that one column decides, for a copula"));
    }
    Ok(each(move |family, fit| mean_over(family, fit, column, &members)))
}

fn members(family: &Copula, inside: &[bool]) -> Option<Members> {
    let coding = &family.coding;
    let (d, size) = (coding.width(), inside.iter().filter(|x| **x).count() as f64);
    if size == 0.0 || size == inside.len() as f64 {
        return Some(Members::Share(size / inside.len() as f64));
    }
    let share = size / inside.len() as f64;
    let bin = |row: usize, j: usize| match coding.rows[row * d + j] {
        MISSING => coding.columns[j].bins,
        code => code as usize,
    };
    let mut best = (BLURRED * size, None);
    for j in 0..d {
        let mut counts = vec![[0.0; 2]; coding.columns[j].bins + 1];
        for (row, inside) in inside.iter().enumerate() {
            let cell = &mut counts[bin(row, j)];
            cell[0] += 1.0;
            cell[1] += f64::from(u8::from(*inside));
        }
        let doubt = if coding.columns[j].numbers.is_some() { near_doubt(&counts, share) } else { doubt(&counts) };
        let telling = coding.columns[j].numbers.is_some() || 2 * counts.len() <= inside.len();
        if telling && doubt < best.0 {
            best = (doubt, Some(Members::One { column: j, shares: shares_of(&counts) }));
        }
    }
    if best.1.is_some() {
        return best.1;
    }
    for i in 0..d {
        for j in i + 1..d {
            let (k, l) = (coding.columns[i].bins + 1, coding.columns[j].bins + 1);
            if coding.columns[i].presence.is_some() || coding.columns[j].presence.is_some() || k.saturating_mul(l) > MOST.min(inside.len())
            {
                continue;
            }
            let mut counts = vec![[0.0; 2]; k * l];
            for (row, inside) in inside.iter().enumerate() {
                let cell = &mut counts[bin(row, i) * l + bin(row, j)];
                cell[0] += 1.0;
                cell[1] += f64::from(u8::from(*inside));
            }
            let doubt = doubt(&counts);
            if doubt < best.0 {
                best = (doubt, Some(Members::Two { first: i, second: j, groups: groups(&counts, k, l) }));
            }
        }
    }
    best.1
}

/// The share of each bin that is inside; a bin without rows has that of the bins with some beside it. The last one, of missing values, stands alone.
fn shares_of(counts: &[[f64; 2]]) -> Vec<f64> {
    let own = |[n, m]: [f64; 2]| if n > 0.0 { Some(m / n) } else { None };
    let last = counts.len() - 1;
    let (mut above, mut next) = (vec![None; last], None);
    for (bin, counts) in counts[..last].iter().enumerate().rev() {
        next = own(*counts).or(next);
        above[bin] = next;
    }
    let mut before = None;
    let mut shares: Vec<f64> = Vec::with_capacity(counts.len());
    for (bin, counts) in counts[..last].iter().enumerate() {
        before = own(*counts).or(before);
        let (low, high) = (before.or(above[bin]), above[bin].or(before));
        shares.push(0.5 * (low.unwrap_or(0.0) + high.unwrap_or(0.0)));
    }
    shares.push(own(counts[last]).unwrap_or(0.0));
    shares
}

/// Rows that a table of bins leaves in doubt. Cells of one row are never in doubt: there must be fewer cells than rows.
fn doubt(counts: &[[f64; 2]]) -> f64 {
    counts.iter().map(|[n, m]| if *n > 0.0 { m * (n - m) / n } else { 0.0 }).sum()
}

/// The same of bins in order, which may hold one row each: a row is told by the others in its bin, of a few rows by those of the bins beside it
/// too; the missing stand alone.
fn near_doubt(counts: &[[f64; 2]], share: f64) -> f64 {
    let last = counts.len() - 1;
    let used: Vec<[f64; 2]> = counts[..last].iter().copied().filter(|[n, _]| *n > 0.0).collect();
    let of = |[n, m]: [f64; 2], near: &[[f64; 2]]| {
        let (others, members) = near.iter().fold((-1.0, 0.0), |(others, members), [n, m]| (others + n, members + m));
        let (within, without) = if others > 0.0 { ((members - 1.0) / others, members / others) } else { (share, share) };
        m * (1.0 - within) + (n - m) * without
    };
    let ordered = (0..used.len()).map(|k| {
        let reach = if used[k][0] < FEW { 1 } else { 0 };
        of(used[k], &used[k.saturating_sub(reach)..usize::min(k + reach + 1, used.len())])
    });
    ordered.sum::<f64>() + if counts[last][0] > 0.0 { of(counts[last], &counts[last..]) } else { 0.0 }
}

/// Bins of the first column with the same members among the second's stand together.
fn groups(counts: &[[f64; 2]], k: usize, l: usize) -> Vec<(Vec<bool>, Vec<f64>)> {
    let mut groups: Vec<(Vec<bool>, Vec<f64>)> = vec![];
    for (bin, row) in counts.chunks_exact(l).enumerate() {
        let shares: Vec<f64> = row.iter().map(|[n, m]| if *n > 0.0 { m / n } else { 0.0 }).collect();
        if shares.iter().all(|share| *share == 0.0) {
            continue;
        }
        match groups.iter_mut().find(|(_, other)| *other == shares) {
            Some((bins, _)) => bins[bin] = true,
            None => groups.push(((0..k).map(|other| other == bin).collect(), shares)),
        }
    }
    groups
}

fn share(family: &Copula, fit: &Fit, members: &Members) -> f64 {
    let coding = &family.coding;
    match members {
        Members::Share(share) => *share,
        Members::One { column, shares } => {
            let present: f64 = fit.of(&coding.columns[*column]).iter().zip(shares).map(|(mass, share)| mass * share).sum();
            fit.present[*column] * present + (1.0 - fit.present[*column]) * shares[shares.len() - 1]
        }
        Members::Two { first, second, groups } => {
            let r = fit.correlations[first * coding.coordinates + second];
            let chance = |(bins, shares): &(Vec<bool>, Vec<f64>)| {
                mean_product(fit, (*first, &|bin| f64::from(u8::from(bins[bin]))), (*second, &|bin| shares[bin]), r)
            };
            f64::clamp(groups.iter().map(chance).sum(), 0.0, 1.0)
        }
    }
}

/// The mean product of two functions of the bins of two columns.
fn mean_product(fit: &Fit, (i, high): (usize, &dyn Fn(usize) -> f64), (j, tall): (usize, &dyn Fn(usize) -> f64), r: f64) -> f64 {
    let (a, b): (&Steps, &Steps) = (&fit.coordinates[i].steps, &fit.coordinates[j].steps);
    let (first, second) = (Series::new(Level::BASE, a, high), Series::new(Level::BASE, b, tall));
    Pair::new((&first, a, high), (&second, b, tall)).covariance(r) + first.mean * second.mean
}

/// The mean of a column of numbers over a set; NaN where the set is empty.
fn mean_over(family: &Copula, fit: &Fit, column: usize, members: &Members) -> f64 {
    let coding = &family.coding;
    let Some(bins) = &coding.columns[column].numbers else { return f64::NAN };
    let masses = fit.of(&coding.columns[column]);
    match members {
        Members::One { column: other, shares } if *other == column => {
            let (mut n, mut sum) = (0.0, 0.0);
            for ((mass, share), mean) in masses.iter().zip(shares).zip(&bins.means) {
                n += mass * share;
                sum += mass * share * mean;
            }
            sum / n
        }
        Members::One { column: other, shares } => {
            let r = fit.correlations[column * coding.coordinates + other];
            let inside = fit.of(&coding.columns[*other]).iter().zip(shares).map(|(mass, share)| mass * share).sum::<f64>();
            mean_product(fit, (column, &|bin| bins.means[bin]), (*other, &|bin| shares[bin]), r) / inside
        }
        _ => masses.iter().zip(&bins.means).map(|(mass, mean)| mass * mean).sum(),
    }
}
