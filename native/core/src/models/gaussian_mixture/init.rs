//! Where iterations start: clusters of k-means started by k-means++, or records chosen at random.
//!
//! k-means++ takes each next centre with a probability in proportion to the squared distance to the nearest one, the best of 2 + ln K
//! candidates; k-means then moves centres to their clusters' means until they have moved by less than 1e-4 of the mean variance, or 300 times.
//! Weights, means and covariances of the clusters are the start. Source: Arthur and Vassilvitskii, SODA 2007; Lloyd, IEEE Trans. IT 28 (1982).

use super::blocks::{Block, Blocks, ROWS, Row};
use super::em::{Failure, Settings, Step};
use super::law::Mixture;
use super::pass::{Room, Sums, dot, fold, gather};
use crate::math;
use crate::plan::{MixtureCovariance, MixtureInit};
use crate::random::choose::choose;
use crate::random::lanes::LANES;
use crate::random::stream::Stream;
use crate::simd::{Level, kernel};

/// Rounds of k-means at most.
const ROUNDS: u32 = 300;
/// Squared movement of the centres, in mean variances, below which k-means ends.
const STILL: f64 = 1e-4;

/// A start for these records.
pub fn start(level: Level, blocks: &Blocks, settings: &Settings, stream: &mut Stream) -> Result<Mixture, Failure> {
    let all = whole(level, blocks, settings)?;
    match settings.init {
        MixtureInit::Random => {
            let chosen = choose(blocks.points as u64, settings.components as u64, false, stream);
            let weights = vec![1.0 / settings.components as f64; settings.components];
            let means = chosen.iter().cycle().take(settings.components).flat_map(|&point| blocks.record(point)).collect();
            Mixture::new(blocks.width, weights, means, all.covariances.repeat(settings.components)).ok_or(Failure::NotFinite)
        }
        _ => {
            let width = blocks.width;
            let spread = (0..width).map(|i| all.covariances[i * width + i]).sum::<f64>() / width as f64;
            let centres = k_means(level, blocks, plus_plus(level, blocks, settings.components, stream), STILL * spread);
            clusters(level, blocks, &centres, &all, settings)
        }
    }
}

/// The one component that all records make.
fn whole(level: Level, blocks: &Blocks, settings: &Settings) -> Result<Mixture, Failure> {
    let width = blocks.width;
    let mut identity = vec![0.0; width * width];
    (0..width).for_each(|i| identity[i * width + i] = 1.0);
    let mut centre = blocks.record(0);
    let mut again = true;
    loop {
        let last = Mixture::new(width, vec![1.0], centre.clone(), identity.clone()).ok_or(Failure::NotFinite)?;
        let mut sums = Sums::new(1, width);
        let mut room = Room::new(1, width);
        for block in (0..blocks.count()).map(|block| blocks.block(block)) {
            room.shares(0, block.weights.len()).copy_from_slice(block.weights);
            gather(level, block, false, &centre, &mut room, &mut sums);
        }
        let step = Step::new(&sums, &centre, &last, settings);
        if !(step.cancelled && again) {
            return step.mixture(blocks.total).ok_or(Failure::NotFinite);
        }
        // The first record lies far out: the second time, moments are taken about the mean.
        (centre, again) = (step.means, false);
    }
}

/// square = squared distances to a centre.
#[inline(always)]
fn distances(block: Block<'_>, centre: &[f64], square: &mut [Row]) {
    square.fill([0.0; LANES]);
    for (values, centre) in block.values.chunks_exact(block.weights.len()).zip(centre) {
        fold(values, square, |square, x| square + (x - centre) * (x - centre));
    }
}

kernel! {
    /// Squared distances to a centre where they are below those that stand; gives their weighted sum.
    fn nearer(block: Block<'_>, centre: &[f64], now: &[Row], out: &mut [Row]) -> f64 {
        distances(block, centre, out);
        fold(now, out, |square, now| if square < now { square } else { now });
        dot(block.weights, out)
    }
}

kernel! {
    /// The nearest centre of each record, of equal ones the first, and the squared distance to it.
    fn nearest(block: Block<'_>, centres: &[f64], width: usize, label: &mut [Row], near: &mut [Row]) {
        let mut room = [[0.0; LANES]; ROWS];
        let square = &mut room[..block.weights.len()];
        label.fill([0.0; LANES]);
        near.fill([f64::INFINITY; LANES]);
        for (k, centre) in centres.chunks_exact(width).enumerate() {
            distances(block, centre, square);
            let (squares, nears, labels) = (square.as_flattened(), near.as_flattened(), label.as_flattened_mut());
            for i in 0..squares.len() {
                labels[i] = if squares[i] < nears[i] { k as f64 } else { labels[i] };
            }
            fold(square, near, |near, square| if square < near { square } else { near });
        }
    }
}

/// Writes the records' weights where their label is `k`, and 0 elsewhere.
fn indicate(weights: &[Row], label: &[Row], k: usize, out: &mut [Row]) {
    for ((weights, label), out) in weights.iter().zip(label).zip(out) {
        for l in 0..LANES {
            out[l] = if label[l] == k as f64 { weights[l] } else { 0.0 };
        }
    }
}

/// Centres by greedy k-means++.
fn plus_plus(level: Level, blocks: &Blocks, components: usize, stream: &mut Stream) -> Vec<f64> {
    let trials = 2 + math::ln(components as f64) as usize;
    let rows = blocks.points.div_ceil(LANES);
    let measure = |centre: &[f64], now: &[Row], out: &mut [Row]| -> f64 {
        let parts = (0..blocks.count()).map(|block| {
            let (from, block) = (block * ROWS, blocks.block(block));
            let to = from + block.weights.len();
            nearer(level, block, centre, &now[from..to], &mut out[from..to])
        });
        parts.sum()
    };
    let mut near = vec![[f64::INFINITY; LANES]; rows];
    let mut candidate = near.clone();
    let mut best = near.clone();
    let mut centres = Vec::with_capacity(components * blocks.width);
    for k in 0..components {
        let mut least = f64::INFINITY;
        let mut chosen = Vec::new();
        for _ in 0..if k == 0 { 1 } else { trials } {
            let point = if k == 0 { pick(blocks, None, stream) } else { pick(blocks, Some(&near), stream) };
            let record = blocks.record(point);
            let potential = measure(&record, &near, &mut candidate);
            if potential < least || chosen.is_empty() {
                (least, chosen) = (potential, record);
                std::mem::swap(&mut best, &mut candidate);
            }
        }
        centres.extend(chosen);
        std::mem::swap(&mut near, &mut best);
    }
    centres
}

/// A record with a probability in proportion to its weight times `near`; any record where all of that is 0.
fn pick(blocks: &Blocks, near: Option<&[Row]>, stream: &mut Stream) -> usize {
    let mass = |point: usize| blocks.weight(point) * near.map_or(1.0, |near| near[point / LANES][point % LANES]);
    let all: f64 = (0..blocks.points).map(mass).sum();
    if !(all > 0.0 && all < f64::INFINITY) {
        return stream.below(blocks.points as u64) as usize;
    }
    let (target, mut sum, mut last) = (stream.uniform() * all, 0.0, 0);
    for point in 0..blocks.points {
        let mass = mass(point);
        sum += mass;
        if mass > 0.0 {
            last = point;
        }
        if sum > target {
            break;
        }
    }
    last
}

/// Moves centres to their clusters' means until they stand still.
fn k_means(level: Level, blocks: &Blocks, mut centres: Vec<f64>, still: f64) -> Vec<f64> {
    let width = blocks.width;
    let components = centres.len() / width;
    let mut room = Room::new(components, width);
    let mut label = [[0.0; LANES]; ROWS];
    let mut near = [[0.0; LANES]; ROWS];
    for _ in 0..ROUNDS {
        let mut sums = Sums::new(components, width);
        for number in 0..blocks.count() {
            let block = blocks.block(number);
            let rows = block.weights.len();
            nearest(level, block, &centres, width, &mut label[..rows], &mut near[..rows]);
            for k in 0..components {
                indicate(block.weights, &label[..rows], k, room.shares(k, rows));
            }
            gather(level, block, true, &centres, &mut room, &mut sums);
        }
        let mut moved = 0.0;
        let mut spare = if (0..components).any(|k| sums.count(k) == 0.0) { farthest(level, blocks, &centres) } else { None };
        for k in 0..components {
            let centre = &mut centres[k * width..][..width];
            let count = sums.count(k);
            if count > 0.0 {
                for (centre, first) in centre.iter_mut().zip(sums.first(k)) {
                    *centre += first / count;
                    moved += (first / count) * (first / count);
                }
            } else if let Some(point) = spare.take() {
                // An empty cluster starts again where a record is worst served; one a round.
                centre.copy_from_slice(&blocks.record(point));
                moved = f64::INFINITY;
            }
        }
        if moved <= still {
            break;
        }
    }
    centres
}

/// The record with weight that is farthest from its centre; None where every record is a centre.
fn farthest(level: Level, blocks: &Blocks, centres: &[f64]) -> Option<usize> {
    let (mut label, mut near) = ([[0.0; LANES]; ROWS], [[0.0; LANES]; ROWS]);
    let (mut most, mut found) = (0.0, None);
    for number in 0..blocks.count() {
        let block = blocks.block(number);
        let rows = block.weights.len();
        nearest(level, block, centres, blocks.width, &mut label[..rows], &mut near[..rows]);
        for (i, (&square, &weight)) in near[..rows].as_flattened().iter().zip(block.weights.as_flattened()).enumerate() {
            if square > most && weight > 0.0 {
                (most, found) = (square, Some(number * ROWS * LANES + i));
            }
        }
    }
    found
}

/// Weights, means and covariances of the clusters around centres. An empty one has weight 0 and the covariance of all records.
fn clusters(level: Level, blocks: &Blocks, centres: &[f64], all: &Mixture, settings: &Settings) -> Result<Mixture, Failure> {
    let (width, components) = (blocks.width, settings.components);
    let empty = Mixture {
        width,
        weights: vec![0.0; components],
        means: centres.to_vec(),
        covariances: all.covariances.repeat(components),
        factors: all.factors.repeat(components),
    };
    let mut centres = centres.to_vec();
    loop {
        let mut sums = Sums::new(components, width);
        let mut room = Room::new(components, width);
        let mut label = [[0.0; LANES]; ROWS];
        let mut near = [[0.0; LANES]; ROWS];
        for block in (0..blocks.count()).map(|block| blocks.block(block)) {
            let rows = block.weights.len();
            nearest(level, block, &empty.means, width, &mut label[..rows], &mut near[..rows]);
            for k in 0..components {
                indicate(block.weights, &label[..rows], k, room.shares(k, rows));
            }
            gather(level, block, settings.covariance != MixtureCovariance::Full, &centres, &mut room, &mut sums);
        }
        let step = Step::new(&sums, &centres, &empty, settings);
        if step.cancelled && centres == empty.means {
            centres = step.means;
            continue;
        }
        return step.mixture(blocks.total).ok_or(Failure::NotFinite);
    }
}
