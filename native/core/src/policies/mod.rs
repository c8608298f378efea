//! Data policies: what the training set of the next generation is made of. Each is written once, for every family.

mod accumulate;
mod accumulate_subsample;
pub mod batch;
mod mix;
mod replace;
pub mod shares;
pub mod sizes;
mod stages;
mod window;

use std::collections::VecDeque;

use crate::error::Error;
use crate::family::{Data, Family, Group, padded};
use crate::plan::{self, OnEmpty, Stages};

use batch::{Batch, Composition, Made};
use sizes::Sizes;

/// Name and meaning of every policy: the list that people read.
pub const LIST: [(&str, &str); 5] = [
    ("replace", "train on the last generated batch alone"),
    ("accumulate", "train on everything made so far, the real records included"),
    ("accumulate-subsample", "train on n records drawn from everything made so far, without replacement or with it"),
    ("window", "train on the last generated batches (batches), with all real records beside them if keepReal"),
    (
        "mix",
        "train on n records: shares from the last model, from the last training set (previous) and of real ones (fresh or a fixed set)",
    ),
];

/// A policy with its sizes and stages.
pub struct Rules {
    policy: Policy,
    pub n: Sizes,
    pub initial: u64,
    pub stages: Stages,
    on_empty: OnEmpty,
}

enum Policy {
    Replace,
    Accumulate,
    AccumulateSubsample { replacement: bool },
    Window { batches: usize, keep_real: bool },
    Mix(mix::Mix),
}

/// The training sets of a group of chains and what a policy keeps beside them.
pub struct Pool<F: Family> {
    /// The training sets of this generation.
    pub training: Batch<F::Data>,
    batch: Batch<F::Data>,
    /// What a policy keeps apart: a fixed real set, T_0, everything made so far; or the real records of this generation.
    aside: Batch<F::Data>,
    ring: VecDeque<Batch<F::Data>>,
    previous: Option<Batch<F::Data>>,
    /// One record again and again.
    constant: Option<F::Data>,
    /// Records of each chain's next batch, of real ones and of those from the last training set.
    sizes: Vec<u64>,
    real_sizes: Vec<u64>,
    previous_sizes: Vec<u64>,
}

impl<F: Family> Pool<F> {
    /// Empty pools.
    pub fn new(family: &F, chains: usize) -> Pool<F> {
        let sizes = vec![0; padded(chains)];
        let empty = || Batch::new(family.data(chains));
        Pool {
            training: empty(),
            batch: empty(),
            aside: empty(),
            ring: VecDeque::new(),
            previous: None,
            constant: None,
            sizes: sizes.clone(),
            real_sizes: sizes.clone(),
            previous_sizes: sizes,
        }
    }

    fn older(&mut self) {
        [&mut self.training, &mut self.aside].into_iter().chain(&mut self.ring).for_each(Batch::older);
    }
}

/// What a step of a policy works on.
pub struct Step<'a, 'g, F: Family> {
    pub family: &'a F,
    pub group: &'a mut Group<'g>,
    pub pool: &'a mut Pool<F>,
    pub rules: &'a Rules,
    /// The generation that the training sets are made for.
    pub generation: u64,
}

impl Rules {
    /// The rules of a cell.
    pub fn new(cell: &plan::Cell) -> Result<Rules, Error> {
        let (n, initial) = (Sizes::new(&cell.n, "n")?, Sizes::new(&cell.initial, "initial")?.at(0));
        let policy = match &cell.policy {
            plan::Policy::Replace {} => Policy::Replace,
            plan::Policy::Accumulate {} => Policy::Accumulate,
            plan::Policy::AccumulateSubsample { replacement } => Policy::AccumulateSubsample { replacement: *replacement },
            plan::Policy::Window { batches, keep_real } => {
                Policy::Window { batches: usize::try_from(*batches).unwrap_or(usize::MAX), keep_real: *keep_real }
            }
            plan::Policy::Mix { synthetic, previous, real, source, composition, recycle } => {
                let mut mix = mix::Mix::new([*synthetic, *previous, *real], *source, *composition, *recycle, cell.stages.filter)?;
                mix.check(&n, initial)?;
                Policy::Mix(mix)
            }
        };
        let rules = Rules { policy, n, initial, stages: cell.stages.clone(), on_empty: cell.on_empty };
        rules.check(cell)?;
        Ok(rules)
    }

    /// Whether training sets are drawn from sets: families need records or counts for that.
    pub fn subsets(policy: &plan::Policy) -> bool {
        match policy {
            plan::Policy::AccumulateSubsample { .. } => true,
            plan::Policy::Mix { previous, .. } => *previous > 0.0,
            _ => false,
        }
    }

    /// T_0: the initial real records.
    pub fn start<F: Family>(&self, step: &mut Step<'_, '_, F>) -> Result<(), Error> {
        let mix = self.policy.mix();
        let fixed = mix.map_or(0, |mix| mix.fixed_part(&self.n, self.initial));
        let Step { family, group, pool, .. } = step;
        family.initial(fixed, self.initial, group, &mut pool.batch.data, &mut pool.training.data)?;
        if let Some(weights) = self.stages.weights {
            pool.batch.data.scale(weights.real);
            pool.training.data.scale(weights.real);
        }
        if let Some(mix) = mix {
            mix.keep(pool, &self.n, self.initial);
        }
        pool.training.made = Made::Alike(Composition::real(self.initial));
        match self.policy {
            Policy::AccumulateSubsample { .. } => pool.aside = pool.training.clone(),
            Policy::Window { keep_real, .. } => {
                pool.ring.push_back(pool.training.clone());
                if keep_real {
                    pool.aside = pool.training.clone();
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// T_{g+1} from T_g and the models fitted to it.
    pub fn next<F: Family>(&self, step: &mut Step<'_, '_, F>, model: &F::Fitted) -> Result<(), Error> {
        step.pool.older();
        let kept = (self.on_empty == OnEmpty::Keep).then(|| step.pool.training.clone());
        match &self.policy {
            Policy::Replace => replace::next(step, model),
            Policy::Accumulate => accumulate::next(step, model),
            Policy::AccumulateSubsample { replacement } => accumulate_subsample::next(step, model, *replacement),
            Policy::Window { batches, keep_real } => window::next(step, model, *batches, *keep_real),
            Policy::Mix(mix) => mix.next(step, model),
        }?;
        if let Some(kept) = kept {
            let (training, chains) = (&mut step.pool.training, step.group.chains());
            for chain in 0..chains {
                if training.made.get(chain).total == 0.0 {
                    training.copy(chain, chains, &kept);
                }
            }
        }
        Ok(())
    }
}

impl<F: Family> Step<'_, '_, F> {
    /// Records of this generation's batch (replace, accumulate, window) or set (mix, accumulate-subsample).
    fn n(&self) -> u64 {
        self.rules.n.at(self.generation)
    }
}

/// Puts several sets together in order.
fn assemble<'d, D: Data + 'd>(into: &mut Batch<D>, parts: impl Iterator<Item = &'d Batch<D>>) {
    into.clear();
    parts.for_each(|part| into.merge(part));
}
