//! Data policies: what the training set of the next generation is made of. Each is written once, for every family.

mod accumulate;
mod mix;
mod replace;
pub mod shares;
mod window;

use std::collections::VecDeque;

use crate::error::Error;
use crate::family::{Data, Family, Group, padded};
use crate::plan;

/// Name and meaning of every policy: the list that people read.
pub const LIST: [(&str, &str); 4] = [
    ("replace", "train on the last generated batch alone"),
    ("accumulate", "train on everything made so far, the real records included"),
    ("window", "train on the last generated batches (batches), with all real records beside them if keepReal"),
    ("mix", "train on n records: a share of real ones (fresh draws or a fixed set), the rest from the last model"),
];

/// A policy with its sizes.
pub enum Policy {
    Replace,
    Accumulate,
    Window { batches: usize, keep_real: bool },
    Mix(mix::Mix),
}

/// The training sets of a group of chains and what a policy keeps beside them.
pub struct Pool<F: Family> {
    /// The training sets of this generation.
    pub training: F::Data,
    batch: F::Data,
    real: F::Data,
    ring: VecDeque<F::Data>,
    /// Records of each chain's next batch.
    sizes: Vec<u64>,
    /// Real records of each chain's mixed set.
    real_sizes: Vec<u64>,
}

/// Counts of a training set's records, by origin and age.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Composition {
    /// Records.
    pub total: f64,
    /// Real records.
    pub real: f64,
    /// Sum of ages in generations: a record made for this training set has age 0.
    pub age: f64,
}

impl Composition {
    /// Records of one age.
    fn of(records: u64, age: u64, real: bool) -> Composition {
        let total = records as f64;
        Composition { total, real: if real { total } else { 0.0 }, age: total * age as f64 }
    }

    fn and(self, other: Composition) -> Composition {
        Composition { total: self.total + other.total, real: self.real + other.real, age: self.age + other.age }
    }

    /// A column of `columns::POOL` by name.
    pub fn measure(self, name: &str) -> f64 {
        match name {
            "n" => self.total,
            "real_share" => self.real / self.total,
            "synthetic_share" => (self.total - self.real) / self.total,
            "mean_age" => self.age / self.total,
            _ => f64::NAN,
        }
    }
}

impl<F: Family> Pool<F> {
    /// Empty pools.
    pub fn new(family: &F, chains: usize) -> Pool<F> {
        Pool {
            training: family.data(chains),
            batch: family.data(chains),
            real: family.data(chains),
            ring: VecDeque::new(),
            sizes: vec![0; padded(chains)],
            real_sizes: vec![0; padded(chains)],
        }
    }
}

/// What a step of a policy works on.
pub struct Step<'a, 'g, F: Family> {
    pub family: &'a F,
    pub group: &'a mut Group<'g>,
    pub pool: &'a mut Pool<F>,
    /// Records of a generated batch (replace, accumulate, window) or of the whole set (mix).
    pub n: u64,
}

impl Policy {
    /// The policy of a cell.
    pub fn new(policy: &plan::Policy, n: u64, initial: u64) -> Result<Policy, Error> {
        Ok(match policy {
            plan::Policy::Replace {} => Policy::Replace,
            plan::Policy::Accumulate {} => Policy::Accumulate,
            plan::Policy::Window { batches, keep_real } => {
                Policy::Window { batches: usize::try_from(*batches).unwrap_or(usize::MAX), keep_real: *keep_real }
            }
            plan::Policy::Mix { synthetic, real, source, composition, recycle } => {
                Policy::Mix(mix::Mix::new([*synthetic, *real], *source, *composition, *recycle, n, initial)?)
            }
        })
    }

    /// T_0: the initial real records.
    pub fn start<F: Family>(&self, step: &mut Step<'_, '_, F>, initial: u64) -> Result<(), Error> {
        let fixed = if let Policy::Mix(mix) = self { mix.fixed_part(initial) } else { 0 };
        let Step { family, group, pool, n } = step;
        pool.sizes.fill(*n);
        family.initial(fixed, initial, group, &mut pool.batch, &mut pool.training)?;
        match self {
            Policy::Mix(mix) => mix.keep(pool, initial),
            Policy::Window { keep_real, .. } => {
                pool.ring.push_back(pool.training.clone());
                if *keep_real {
                    pool.real = pool.training.clone();
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// T_{g+1} from T_g and the models fitted to it; `generation` is g + 1.
    pub fn next<F: Family>(&self, step: &mut Step<'_, '_, F>, model: &F::Fitted, generation: u64) -> Result<(), Error> {
        match self {
            Policy::Replace => replace::next(step, model),
            Policy::Accumulate => accumulate::next(step, model),
            Policy::Window { batches, keep_real } => window::next(step, model, *batches, *keep_real, generation),
            Policy::Mix(mix) => mix.next(step, model),
        }
    }

    /// What a chain's training set of a generation is made of.
    pub fn composition<F: Family>(&self, pool: &Pool<F>, chain: usize, generation: u64, n: u64, initial: u64) -> Composition {
        if generation == 0 {
            return Composition::of(initial, 0, true);
        }
        match self {
            Policy::Replace => Composition::of(n, 0, false),
            Policy::Accumulate => accumulate::composition(generation, n, initial),
            Policy::Window { batches, keep_real } => window::composition(*batches as u64, *keep_real, generation, n, initial),
            Policy::Mix(mix) => mix.composition(pool.real_sizes[chain], generation),
        }
    }
}

impl<F: Family> Step<'_, '_, F> {
    /// Draws a batch of `n` records of each chain's model into the pool's batch.
    fn sample(&mut self, model: &F::Fitted) -> Result<(), Error> {
        let pool = &mut *self.pool;
        self.family.sample(&pool.training, model, &pool.sizes, self.group, &mut pool.batch)
    }
}

/// Puts several sets together in order.
fn assemble<'d, D: Data + 'd>(into: &mut D, parts: impl Iterator<Item = &'d D>) {
    into.clear();
    parts.for_each(|part| into.merge(part));
}
