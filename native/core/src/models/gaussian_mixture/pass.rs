//! One pass over the records: responsibilities of a mixture's components and the weighted moments that they give, block by block.
//!
//! ln p_k(x) = ln w_k - d/2 ln 2 pi - sum ln L_ii - |u|^2 with u = L^-1 (x - mu) / sqrt 2 and S = L L'; r_k = p_k / sum p by the greatest ln p subtracted
//! first. Moments are taken about a given centre, so that nothing is lost at large means. Source: Dempster, Laird, Rubin, JRSS B 39 (1977).

use rayon::prelude::*;

use super::blocks::{Block, Blocks, ROWS, Row};
use super::law::Mixture;
use crate::math;
use crate::math::matrix::{log_det, solve_transposed};
use crate::random::lanes::LANES;
use crate::simd::{Level, kernel};

/// Blocks of a task: sums of tasks are added in order, whatever the number of threads.
const TASK: usize = 32;

/// ln(2 pi) / 2.
pub const HALF_LN_2PI: f64 = 0.918_938_533_204_672_7;

/// A mixture as kernels read it.
pub struct Densities {
    width: usize,
    /// Whether covariances have no entries off the diagonal.
    diagonal: bool,
    /// ln p_k at the component's mean.
    peaks: Vec<f64>,
    means: Vec<f64>,
    /// L^-1 / sqrt 2 of each component, row by row.
    whiten: Vec<f64>,
}

impl Densities {
    /// Prepares a mixture.
    pub fn new(mixture: &Mixture, diagonal: bool) -> Densities {
        let width = mixture.width;
        let mut whiten = vec![0.0; mixture.factors.len()];
        let mut peaks = Vec::with_capacity(mixture.weights.len());
        let mut column = vec![0.0; width];
        for (k, &weight) in mixture.weights.iter().enumerate() {
            let factor = mixture.factor_of(k);
            // Column j of L^-1 solves L y = e_j.
            for j in 0..width {
                column.fill(0.0);
                column[j] = 1.0;
                solve_transposed(factor, width, &mut column);
                (j..width).for_each(|i| whiten[(k * width + i) * width + j] = column[i]);
            }
            peaks.push(math::ln(weight) - width as f64 * HALF_LN_2PI - 0.5 * log_det(factor, width));
        }
        whiten.iter_mut().for_each(|entry| *entry *= std::f64::consts::FRAC_1_SQRT_2);
        Densities { width, diagonal: diagonal || width == 1, peaks, means: mixture.means.clone(), whiten }
    }

    fn components(&self) -> usize {
        self.peaks.len()
    }
}

/// What a pass adds up.
#[derive(Clone, Debug, PartialEq)]
pub struct Sums {
    /// Sum of weight times ln p.
    pub log_likelihood: f64,
    width: usize,
    moments: Vec<f64>,
}

impl Sums {
    /// Nothing yet.
    pub fn new(components: usize, width: usize) -> Sums {
        Sums { log_likelihood: 0.0, width, moments: vec![0.0; components * (1 + width + width * width)] }
    }

    fn split(&self, k: usize) -> (&[f64], &[f64], &[f64]) {
        let size = 1 + self.width + self.width * self.width;
        let (count, rest) = self.moments[k * size..][..size].split_at(1);
        let (first, second) = rest.split_at(self.width);
        (count, first, second)
    }

    /// Records of a component.
    pub fn count(&self, k: usize) -> f64 {
        self.split(k).0[0]
    }

    /// Sums of deviations from the centre.
    pub fn first(&self, k: usize) -> &[f64] {
        self.split(k).1
    }

    /// Sums of products of deviations, row by row; only entries on and below the diagonal are there.
    pub fn second(&self, k: usize) -> &[f64] {
        self.split(k).2
    }

    fn add(&mut self, later: &Sums) {
        self.log_likelihood += later.log_likelihood;
        for (sum, more) in self.moments.iter_mut().zip(&later.moments) {
            *sum += more;
        }
    }
}

/// Scratch of one block.
pub struct Room {
    /// ln p_k, then shares: component by component.
    shares: Vec<Row>,
    top: [Row; ROWS],
    /// Deviations of one component, coordinate by coordinate.
    deviations: Vec<Row>,
    product: [Row; ROWS],
    square: [Row; ROWS],
}

impl Room {
    /// Room for blocks of `width` coordinates.
    pub fn new(components: usize, width: usize) -> Room {
        let zero = [0.0; LANES];
        Room {
            shares: vec![zero; components * ROWS],
            top: [zero; ROWS],
            deviations: vec![zero; width * ROWS],
            product: [zero; ROWS],
            square: [zero; ROWS],
        }
    }

    /// Shares of component `k`, to be filled by hand.
    pub fn shares(&mut self, k: usize, rows: usize) -> &mut [Row] {
        &mut self.shares[k * ROWS..][..rows]
    }
}

/// Sum over lanes in a fixed tree: 8, 4, 2, 1. Kept out of loops: inlined, its last steps of two lanes set the width of the whole loop.
#[inline(never)]
fn total(row: &Row) -> f64 {
    let mut sums = [0.0; 8];
    for i in 0..8 {
        sums[i] = row[i] + row[i + 8];
    }
    for i in 0..4 {
        sums[i] += sums[i + 4];
    }
    (sums[0] + sums[2]) + (sums[1] + sums[3])
}

/// out = a function of each number. One flat loop is what compilers turn into vector code.
#[inline(always)]
pub fn map(a: &[Row], out: &mut [Row], f: impl Fn(f64) -> f64) {
    let out = out.as_flattened_mut();
    let a = &a.as_flattened()[..out.len()];
    for i in 0..out.len() {
        out[i] = f(a[i]);
    }
}

/// out = a function of each pair of numbers.
#[inline(always)]
pub fn zip(a: &[Row], b: &[Row], out: &mut [Row], f: impl Fn(f64, f64) -> f64) {
    let out = out.as_flattened_mut();
    let (a, b) = (&a.as_flattened()[..out.len()], &b.as_flattened()[..out.len()]);
    for i in 0..out.len() {
        out[i] = f(a[i], b[i]);
    }
}

/// sums = a function of each sum and each number.
#[inline(always)]
pub fn fold(a: &[Row], sums: &mut [Row], f: impl Fn(f64, f64) -> f64) {
    let sums = sums.as_flattened_mut();
    let a = &a.as_flattened()[..sums.len()];
    for i in 0..sums.len() {
        sums[i] = f(sums[i], a[i]);
    }
}

/// Sum over all numbers: lanes first, then a fixed tree.
#[inline(always)]
fn sum(a: &[Row]) -> f64 {
    let mut sum = [0.0; LANES];
    for a in a {
        for l in 0..LANES {
            sum[l] += a[l];
        }
    }
    total(&sum)
}

/// Sum over the products of pairs.
#[inline(always)]
pub fn dot(a: &[Row], b: &[Row]) -> f64 {
    let mut sum = [0.0; LANES];
    let b = &b[..a.len()];
    for r in 0..a.len() {
        for l in 0..LANES {
            sum[l] += a[r][l] * b[r][l];
        }
    }
    total(&sum)
}

/// u = sum over j of entries[j] y_j, four at a time.
#[inline(always)]
fn combine(entries: &[f64], y: &[Row], rows: usize, u: &mut [Row]) {
    let (fours, rest) = entries.as_chunks::<4>();
    let (u, y, length) = (u.as_flattened_mut(), y.as_flattened(), rows * LANES);
    u.fill(0.0);
    for (place, p) in fours.iter().enumerate() {
        let four = &y[4 * place * length..][..4 * length];
        let (a, b, c, d) = (&four[..length], &four[length..2 * length], &four[2 * length..3 * length], &four[3 * length..]);
        for i in 0..length {
            u[i] = (((u[i] + p[0] * a[i]) + p[1] * b[i]) + p[2] * c[i]) + p[3] * d[i];
        }
    }
    for (place, p) in rest.iter().enumerate() {
        let y = &y[(4 * fours.len() + place) * length..][..length];
        for i in 0..length {
            u[i] += p * y[i];
        }
    }
}

kernel! {
    /// ln p_k of a block and the greatest of them.
    fn densities(block: Block<'_>, from: &Densities, room: &mut Room) {
        let (rows, width) = (block.weights.len(), from.width);
        let Room { shares, top, deviations, product, square } = room;
        let (top, product, square) = (&mut top[..rows], &mut product[..rows], &mut square[..rows]);
        top.fill([f64::NEG_INFINITY; LANES]);
        for (k, &peak) in from.peaks.iter().enumerate() {
            let whiten = &from.whiten[k * width * width..][..width * width];
            for (j, y) in deviations[..width * rows].chunks_exact_mut(rows).enumerate() {
                let mean = from.means[k * width + j];
                map(&block.values[j * rows..][..rows], y, |x| x - mean);
            }
            square.fill([0.0; LANES]);
            for i in 0..width {
                if from.diagonal {
                    let scale = whiten[i * width + i];
                    fold(&deviations[i * rows..][..rows], square, |square, y| square + (scale * y) * (scale * y));
                } else {
                    combine(&whiten[i * width..][..i + 1], &deviations[..], rows, product);
                    fold(product, square, |square, u| square + u * u);
                }
            }
            let densities = &mut shares[k * ROWS..][..rows];
            map(square, densities, |square| peak - square);
            fold(densities, top, |top, density| if density > top { density } else { top });
        }
    }
}
kernel! {
    /// Turns ln p_k into weighted shares; gives the sum of weight times ln p.
    fn normalise(weights: &[Row], components: usize, room: &mut Room) -> f64 {
        let mut likelihood = [0.0; LANES];
        for r in 0..weights.len() {
            let top = room.top[r];
            let mut sum = [0.0; LANES];
            for k in 0..components {
                let share = &mut room.shares[k * ROWS + r];
                for l in 0..LANES {
                    share[l] = math::exp(share[l] - top[l]);
                    sum[l] += share[l];
                }
            }
            let mut scale = [0.0; LANES];
            for l in 0..LANES {
                scale[l] = weights[r][l] / sum[l];
                likelihood[l] += weights[r][l] * (top[l] + math::ln(sum[l]));
            }
            for k in 0..components {
                let share = &mut room.shares[k * ROWS + r];
                for l in 0..LANES {
                    share[l] *= scale[l];
                }
            }
        }
        total(&likelihood)
    }
}

kernel! {
    /// Adds the moments of one component by its shares.
    fn moments(block: Block<'_>, diagonal: bool, shares: &[Row], centre: &[f64], room: (&mut [Row], &mut [Row]), into: &mut [f64]) {
        let (rows, width) = (block.weights.len(), centre.len());
        let (deviations, product) = (room.0, &mut room.1[..rows]);
        into[0] += sum(shares);
        for (i, centre) in centre.iter().enumerate() {
            map(&block.values[i * rows..][..rows], &mut deviations[i * rows..][..rows], |x| x - centre);
            zip(shares, &deviations[i * rows..][..rows], product, |share, y| share * y);
            into[1 + i] += sum(product);
            for j in if diagonal { i } else { 0 }..=i {
                into[1 + width + i * width + j] += dot(product, &deviations[j * rows..][..rows]);
            }
        }
    }
}

/// Adds a block's moments about `centres` by the shares in `room`.
pub fn gather(level: Level, block: Block<'_>, diagonal: bool, centres: &[f64], room: &mut Room, sums: &mut Sums) {
    let (width, rows) = (sums.width, block.weights.len());
    let size = 1 + width + width * width;
    for (k, centre) in centres.chunks_exact(width).enumerate() {
        let into = &mut sums.moments[k * size..][..size];
        moments(level, block, diagonal, &room.shares[k * ROWS..][..rows], centre, (&mut room.deviations, &mut room.product), into);
    }
}

fn step(level: Level, block: Block<'_>, from: &Densities, centres: Option<&[f64]>, room: &mut Room, sums: &mut Sums) {
    densities(level, block, from, room);
    sums.log_likelihood += normalise(level, block.weights, from.components(), room);
    if let Some(centres) = centres {
        gather(level, block, from.diagonal, centres, room, sums);
    }
}

/// The whole pass: ln p summed, and moments about each component's centre where centres are given.
pub fn pass(level: Level, blocks: &Blocks, from: &Densities, centres: Option<&[f64]>) -> Sums {
    let (components, width) = (from.components(), from.width);
    let task = |number: usize| {
        let (mut room, mut sums) = (Room::new(components, width), Sums::new(components, width));
        for block in number * TASK..blocks.count().min((number + 1) * TASK) {
            step(level, blocks.block(block), from, centres, &mut room, &mut sums);
        }
        sums
    };
    let tasks = blocks.count().div_ceil(TASK);
    let parts: Vec<Sums> = if tasks > 1 { (0..tasks).into_par_iter().map(task).collect() } else { (0..tasks).map(task).collect() };
    let mut sums = Sums::new(components, width);
    parts.iter().for_each(|part| sums.add(part));
    sums
}
