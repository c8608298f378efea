//! Stages: what is done to records on their way into training sets. Written once, for every policy and family.
//!
//! Generated records: drawn (from a changed law, inside the family), filtered, selected, joined by poison, weighted. Real records after
//! T_0: filtered, weighted.

use super::batch::{Composition, Made};
use super::shares::{self};
use super::{Rules, Step};
use crate::error::Error;
use crate::family::{Data, Family};
use crate::plan::{self, Composition as MixComposition};
use crate::random::binomial::binomial;

impl Rules {
    /// Stages and policies that have no meaning together.
    pub(super) fn check(&self, cell: &plan::Cell) -> Result<(), Error> {
        let stages = &self.stages;
        let refuse = |stage: &str, value: &str, rule: &str| Err(Error::plan(format!("stages.{stage}"), value, rule));
        if stages.weights.is_some() && Rules::subsets(&cell.policy) {
            return refuse("weights", "weights", "a policy that takes whole batches: records drawn from a set have no weights");
        }
        if let (Some(poison), plan::Policy::Mix { synthetic, composition, .. }) = (stages.poison, &cell.policy) {
            if *composition == MixComposition::Bernoulli || stages.filter.is_some() {
                return refuse("poison", "poison", "a stratified mix without a filter: it takes the place of generated records");
            }
            if poison.share > *synthetic + 1e-12 {
                return refuse("poison.share", &poison.share.to_string(), "at most the share of generated records");
            }
        }
        if self.n.infinite() && (stages.selection.is_some() || stages.filter.is_some_and(|f| !f.top_up)) {
            return refuse("selection", "a chosen or filtered set", "a finite n");
        }
        Ok(())
    }
}

impl<F: Family> Step<'_, '_, F> {
    /// A generated batch of n records into the pool's batch.
    pub(super) fn generate(&mut self, model: &F::Fitted) -> Result<(), Error> {
        let n = self.n();
        self.pool.sizes.fill(n);
        self.generate_sizes(model)
    }

    /// A generated batch of the pool's sizes.
    pub(super) fn generate_sizes(&mut self, model: &F::Fitted) -> Result<(), Error> {
        let n = self.n();
        let stages = &self.rules.stages;
        let poison = stages.poison_at(self.generation).map_or(0, |poison| shares::count(poison.share, n));
        let Step { family, group, pool, .. } = self;
        let chains = group.chains();
        if poison > 0 {
            pool.sizes.iter_mut().for_each(|size| *size -= poison.min(*size));
        }
        if let Some(filter) = stages.filter.filter(|filter| !filter.top_up) {
            for (size, side) in pool.sizes.iter_mut().zip(&mut group.sides) {
                *size = binomial(*size as f64, 1.0 - filter.true_positive_rate, side) as u64;
            }
        }
        let made = Made::of(&pool.sizes[..chains], |size| Composition::generated(size, poison));
        match stages.selection {
            None => family.sample(&pool.training.data, model, &pool.sizes, group, &mut pool.batch.data)?,
            Some(selection) => {
                let kept = pool.sizes.clone();
                pool.sizes.iter_mut().for_each(|size| *size = (*size as f64 / selection.keep).ceil() as u64);
                family.sample(&pool.training.data, model, &pool.sizes, group, &mut pool.batch.data)?;
                family.select(&mut pool.batch.data, &kept, selection.by)?;
            }
        }
        if let (Some(stage), 1..) = (stages.poison, poison) {
            let mut constant = pool.constant.take().unwrap_or_else(|| family.data(chains));
            pool.sizes.fill(poison);
            family.constant(stage.record, &pool.sizes, &mut constant)?;
            pool.batch.data.merge(&constant);
            pool.constant = Some(constant);
        }
        if let Some(weights) = stages.weights {
            pool.batch.data.scale(weights.synthetic);
        }
        pool.batch.made = made;
        Ok(())
    }

    /// New real records of the pool's real sizes, set aside.
    pub(super) fn real(&mut self) -> Result<(), Error> {
        let stages = &self.rules.stages;
        let Step { family, group, pool, .. } = self;
        if let Some(filter) = stages.filter.filter(|filter| !filter.top_up) {
            for (size, side) in pool.real_sizes.iter_mut().zip(&mut group.sides) {
                *size = binomial(*size as f64, 1.0 - filter.false_positive_rate, side) as u64;
            }
        }
        family.real(&pool.real_sizes, group, &mut pool.aside.data)?;
        if let Some(weights) = stages.weights {
            pool.aside.data.scale(weights.real);
        }
        self.pool.aside.made = self.made_real(0);
        Ok(())
    }

    /// What the real records set aside are made of, at an age.
    pub(super) fn made_real(&self, age: u64) -> Made {
        Made::of(&self.pool.real_sizes[..self.group.chains()], |size| {
            let fresh = Composition::real(size);
            Composition { age: fresh.total * age as f64, ..fresh }
        })
    }
}
