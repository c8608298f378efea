//! Batches of records of normal laws in several dimensions: by the law of their scatter, record by record, or in expectation.
//!
//! A record is x = m + R'z with z ~ N(0, I), so that standard deviates with mean c and scatter A'A become a batch with mean m + R'c and
//! scatter (AR)'(AR): factors are multiplied, and no scatter is ever factorised on the way. Deviates are drawn in as many directions as the
//! law has. Exact: A'A ~ Wishart(n - 1) and c ~ N(0, I / n), independent (Cochran); about a known mean, Wishart(n).

use crate::control::Control;
use crate::error::Error;
use crate::family::{CHUNK, Group};
use crate::math::matrix::{add, cholesky, dot};
use crate::moments::power;
use crate::plan::Method;
use crate::random::key::{Key, Purpose};
use crate::random::lanes::LANES;
use crate::random::normal::{Normals, Room};
use crate::random::stream::Stream;
use crate::random::wishart;
use crate::scatter::{Scatter, absorb, settle_rows};
use crate::simd::{Level, kernel};

/// Records whose deviates are held at a time.
const BLOCK: usize = 256;

/// A chain's law in `d` dimensions: mean and upper factor of the covariance, rows with powers of two, or one root a coordinate (width 1).
#[derive(Clone, Copy)]
pub struct NormalLaw<'a> {
    pub mean: &'a [f64],
    pub factor: &'a [f64],
    pub exponent: &'a [f64],
    pub width: usize,
}

/// How batches are made.
#[derive(Clone, Copy)]
pub struct Making {
    pub method: Method,
    pub purpose: Purpose,
    /// Whether the mean is estimated; without, second moments are about 0.
    pub centred: bool,
    /// Deviates of so many leading coordinates are the same in every batch.
    pub same: usize,
    /// The variance that records are drawn with over the law's own.
    pub widen: f64,
}

/// Batches of `sizes[chain]` records of each chain's law, in place of what `into` held.
pub fn batches<'a>(
    law: impl Fn(usize) -> NormalLaw<'a>,
    making: &Making,
    sizes: &[u64],
    group: &mut Group,
    into: &mut Scatter,
) -> Result<(), Error> {
    let mut deviates = Deviates::default();
    for chain in 0..group.chains() {
        let law = law(chain);
        deviates.aim(&law);
        deviates.make(making, sizes[chain], group, chain);
        deviates.place(&law, sizes[chain], chain, into);
    }
    group.control.check()
}

/// Standard deviates of a batch: what their mean and scatter are.
#[derive(Default)]
struct Deviates {
    /// Directions in which the law varies: rows of its factor.
    rows: Vec<usize>,
    /// Coordinates are independent, and only their own roots are wanted.
    apart: bool,
    /// sqrt(n) times the mean of the deviates.
    centre: Vec<f64>,
    /// Upper factor of their scatter, or one root a direction.
    factor: Vec<f64>,
}

impl Deviates {
    /// As many directions as the law has.
    fn aim(&mut self, law: &NormalLaw) {
        let w = law.width;
        self.apart = w == 1;
        self.rows.clear();
        self.rows.extend((0..law.exponent.len()).filter(|&k| law.factor[k * w..(k + 1) * w].iter().any(|&x| x != 0.0)));
        let r = self.rows.len();
        self.centre.resize(r, 0.0);
        self.factor.resize(if self.apart { r } else { r * r }, 0.0);
    }

    fn make(&mut self, making: &Making, n: u64, group: &mut Group, chain: usize) {
        self.centre.fill(0.0);
        self.factor.fill(0.0);
        let r = self.rows.len();
        if n == 0 || r == 0 {
            return;
        }
        match making.method {
            Method::Population => {
                let step = if self.apart { 1 } else { r + 1 };
                self.factor.iter_mut().step_by(step).for_each(|x| *x = f64::sqrt(n as f64));
            }
            Method::Exact => self.exact(making, n, group, chain),
            Method::Draws => self.drawn(making, n, group, chain),
        }
        if making.widen != 1.0 {
            let root = f64::sqrt(making.widen);
            self.centre.iter_mut().chain(&mut self.factor).for_each(|x| *x *= root);
        }
    }

    fn exact(&mut self, making: &Making, n: u64, group: &mut Group, chain: usize) {
        let (level, key, mut side) = (group.level, group.keys[chain], group.sides[chain].clone());
        let (normals, room) = group.normals(chain);
        let nu = n - u64::from(making.centred);
        if making.centred {
            normals.fill(level, room, &mut self.centre);
        }
        if self.apart {
            self.factor.iter_mut().for_each(|root| *root = wishart::chi(nu, &mut side));
        } else {
            let r = self.rows.len();
            let mut source = wishart::Source { level, normals, room, side: &mut side };
            wishart::factor(nu, r, &mut source, &mut self.factor);
            if making.same > 0 {
                // The leading block is independent of the rest: one that is the same in every batch takes its place.
                let s = making.same;
                let mut block = vec![0.0; s * s];
                let mut side = Stream::new(key.state(Purpose::RealChunk, 0, 0, LANES as u64 + 1));
                let mut normals = Normals::new(&key, Purpose::RealChunk, 0, 0);
                wishart::factor(nu, s, &mut wishart::Source { level, normals: &mut normals, room, side: &mut side }, &mut block);
                for (row, same) in self.factor.chunks_exact_mut(r).zip(block.chunks_exact(s)) {
                    row[..s].copy_from_slice(same);
                }
            }
        }
        group.sides[chain] = side;
    }

    fn drawn(&mut self, making: &Making, n: u64, group: &mut Group, chain: usize) {
        let (level, key, r) = (group.level, group.keys[chain], self.rows.len());
        if !self.apart && n <= 2 * r as u64 {
            return self.one_by_one(making, n as usize, group, chain);
        }
        let shape = Shape { r, apart: self.apart, same: making.same };
        let sums = if n <= CHUNK {
            let (normals, room) = group.normals(chain);
            shape.sums(level, &key, normals, room, 0, n)
        } else {
            let (purpose, batch, control) = (making.purpose, group.batch, group.control);
            pairwise(control, shape.size(), 0, n.div_ceil(CHUNK), &|chunk| {
                let mut normals = Normals::new(&key, purpose, batch, chunk);
                shape.sums(level, &key, &mut normals, &mut [0; 256], chunk, CHUNK.min(n - chunk * CHUNK))
            })
        };
        let (sum, products) = sums.split_at(r);
        let count = n as f64;
        if making.centred {
            let root = f64::sqrt(count);
            self.centre.iter_mut().zip(sum).for_each(|(c, sum)| *c = sum / root);
        }
        if self.apart {
            for (root, (product, c)) in self.factor.iter_mut().zip(products.iter().zip(&self.centre)) {
                *root = f64::sqrt(f64::max(product - c * c, 0.0));
            }
            return;
        }
        self.factor.copy_from_slice(products);
        for (row, c) in self.factor.chunks_exact_mut(r).zip(&self.centre) {
            add(row, -c, &self.centre);
        }
        // More than twice as many deviates as directions: a pivot that is lost to rounding has no chance to speak of.
        if let Err(k) = cholesky(level, &mut self.factor, r, 0.0) {
            self.factor[k * r..].fill(0.0);
        }
    }

    /// Few deviates: each is turned into the factor, so that rank is exact.
    fn one_by_one(&mut self, making: &Making, n: usize, group: &mut Group, chain: usize) {
        let (level, key, r) = (group.level, group.keys[chain], self.rows.len());
        let mut z = vec![0.0; r * n];
        let (normals, room) = group.normals(chain);
        Shape { r, apart: false, same: making.same }.fill(level, normals, room, &mut same_of(&key, making.same, 0), &mut z);
        for (i, z) in z.chunks_exact_mut(n).enumerate() {
            if making.centred {
                let mean = z.iter().sum::<f64>() / n as f64;
                self.centre[i] = mean * f64::sqrt(n as f64);
                z.iter_mut().for_each(|z| *z -= mean);
            }
        }
        let (mut v, mut exponents) = (vec![0.0; r], vec![0.0; r]);
        for record in 0..n {
            v.iter_mut().enumerate().for_each(|(i, v)| *v = z[i * n + record]);
            absorb(&mut self.factor, &mut exponents, &mut v, 0.0, 0);
        }
    }

    /// Puts the batch of a law together.
    fn place(&self, law: &NormalLaw, n: u64, chain: usize, into: &mut Scatter) {
        let (d, w) = (law.exponent.len(), law.width);
        let at = into.at(chain);
        into.n[chain] = n as f64;
        into.mean[at.clone()].copy_from_slice(law.mean);
        into.exponent[at.clone()].copy_from_slice(law.exponent);
        if n > 0 {
            let root = f64::sqrt(n as f64);
            for (&k, c) in self.rows.iter().zip(&self.centre) {
                let from = if w == 1 { 0 } else { k };
                add(&mut into.mean[at.start + k..at.end], c / root * power(law.exponent[k]), &law.factor[k * w + from..(k + 1) * w]);
            }
        }
        let factor_at = into.factor_at(chain);
        let exponent = &mut into.exponent[at];
        if self.apart {
            let out = &mut into.factor[factor_at];
            out.fill(0.0);
            self.rows.iter().zip(&self.factor).for_each(|(&k, a)| out[k] = a * law.factor[k]);
            return out.iter_mut().zip(exponent).for_each(|(x, e)| settle_rows(std::slice::from_mut(x), std::slice::from_mut(e)));
        }
        if into.width == d {
            let out = &mut into.factor[factor_at];
            self.compose(law, out, exponent);
            return settle_rows(out, exponent);
        }
        // Coordinates of the law hang together, but only their own roots are wanted: they are lengths of columns.
        let mut whole = vec![0.0; d * d];
        self.compose(law, &mut whole, exponent);
        let out = &mut into.factor[factor_at];
        out.fill(0.0);
        for row in whole.chunks_exact(d) {
            out.iter_mut().zip(row).for_each(|(out, x)| *out += x * x);
        }
        out.iter_mut().for_each(|x| *x = f64::sqrt(*x));
    }

    /// A R, a row's power of two being the largest of those that it is made of.
    fn compose(&self, law: &NormalLaw, out: &mut [f64], exponent: &mut [f64]) {
        let (d, r) = (law.exponent.len(), self.rows.len());
        out.fill(0.0);
        for (j, row) in self.factor.chunks_exact(r.max(1)).enumerate() {
            let place = self.rows[j];
            let largest = self.rows[j..].iter().fold(f64::NEG_INFINITY, |e, &k| f64::max(e, law.exponent[k]));
            for (&k, a) in self.rows[j..].iter().zip(&row[j..]) {
                let scale = a * power(law.exponent[k] - largest);
                add(&mut out[place * d + k..(place + 1) * d], scale, &law.factor[k * d + k..(k + 1) * d]);
            }
            exponent[place] = largest;
        }
    }
}

/// The sequence of the deviates that are the same in every batch: batches are counted from 1, so that no other has its key.
fn same_of(key: &Key, same: usize, chunk: u64) -> Option<Normals> {
    (same > 0).then(|| Normals::new(key, Purpose::RealChunk, 0, chunk))
}

/// What is added up of deviates.
#[derive(Clone, Copy)]
struct Shape {
    r: usize,
    apart: bool,
    same: usize,
}

impl Shape {
    /// How many sums there are.
    fn size(&self) -> usize {
        self.r + if self.apart { self.r } else { self.r * self.r }
    }

    /// Deviates of one coordinate after the other.
    fn fill(&self, level: Level, normals: &mut Normals, room: &mut Room, same: &mut Option<Normals>, z: &mut [f64]) {
        let records = z.len() / self.r;
        for (i, z) in z.chunks_exact_mut(records).enumerate() {
            match same {
                Some(same) if i < self.same => same.fill(level, room, z),
                _ => normals.fill(level, room, z),
            }
        }
    }

    /// Sums of `n` deviates, and sums of their products (upper half, or squares alone).
    fn sums(&self, level: Level, key: &Key, normals: &mut Normals, room: &mut Room, chunk: u64, n: u64) -> Vec<f64> {
        let r = self.r;
        let mut sums = vec![0.0; self.size()];
        let mut z = vec![0.0; r * BLOCK.min(n as usize)];
        let (mut same, mut left) = (same_of(key, self.same, chunk), n as usize);
        while left > 0 {
            let records = left.min(BLOCK);
            self.fill(level, normals, room, &mut same, &mut z[..r * records]);
            add_products(level, &z, records, r, self.apart, &mut sums);
            left -= records;
        }
        sums
    }
}

kernel! {
    fn add_products(z: &[f64], records: usize, r: usize, apart: bool, sums: &mut [f64]) {
        let ones = [1.0; BLOCK];
        for i in 0..r {
            let x = &z[i * records..(i + 1) * records];
            sums[i] += dot(x, &ones);
            if apart {
                sums[r + i] += dot(x, x);
                continue;
            }
            for j in i..r {
                sums[r + i * r + j] += dot(x, &z[j * records..(j + 1) * records]);
            }
        }
    }
}

/// Sums of chunks from..to, added up pairwise in the order of their numbers whatever the number of threads; cut short when cancelled.
fn pairwise(control: &Control, size: usize, from: u64, to: u64, chunk: &(impl Fn(u64) -> Vec<f64> + Sync)) -> Vec<f64> {
    if control.cancelled() {
        return vec![0.0; size];
    }
    if to - from == 1 {
        return chunk(from);
    }
    let middle = from + (to - from).div_ceil(2);
    let (mut early, late) = if to - from >= 4 {
        rayon::join(|| pairwise(control, size, from, middle, chunk), || pairwise(control, size, middle, to, chunk))
    } else {
        (pairwise(control, size, from, middle, chunk), pairwise(control, size, middle, to, chunk))
    };
    add(&mut early, 1.0, &late);
    early
}
