//! Mix: T_{g+1} = n records: shares of the last model's, of the last training set's and of real ones (the paper's alpha, beta, gamma).
//!
//! Real records are new draws from the origin each generation (fresh) or some of T_0 again and again: the first ones (fixed), or as many
//! of each class as is in proportion (fixed-stratified). Counts are fixed by largest remainder (stratified) or each record's kind is drawn
//! with the shares as its probabilities (bernoulli).
//! Source: Shumailov et al., Nature 631 (2024), supplementary theorem on the mixed setting.

use super::{Policy, Pool, Step, shares::Shares, sizes::Sizes};
use crate::error::Error;
use crate::family::{Data, Family};
use crate::plan::{Composition, Filter, RealSource};
use crate::random::binomial::binomial;

/// A mix with its counts.
pub struct Mix {
    /// Synthetic, previous, real.
    shares: [f64; 3],
    decimal: Shares<3>,
    source: RealSource,
    composition: Composition,
    recycle: bool,
}

impl Mix {
    /// `shares` are synthetic, previous and real and add up to 1. A filter that tops up makes each record generated or real by chance.
    pub fn new(
        shares: [f64; 3],
        source: RealSource,
        composition: Composition,
        recycle: bool,
        filter: Option<Filter>,
    ) -> Result<Mix, Error> {
        let Some(filter) = filter else {
            return Ok(Mix { decimal: Shares::new(shares), shares, source, composition, recycle });
        };
        if shares[1] > 0.0 {
            return Err(Error::plan("policy.previous", shares[1], "0 where records are filtered"));
        }
        if source.is_fixed() {
            return Err(Error::plan("policy.source", "a fixed set", "fresh where records are filtered"));
        }
        if !filter.top_up {
            return Ok(Mix { decimal: Shares::new(shares), shares, source, composition, recycle });
        }
        let (generated, real) = (shares[0] * (1.0 - filter.true_positive_rate), shares[2] * (1.0 - filter.false_positive_rate));
        if generated + real == 0.0 {
            return Err(Error::plan("stages.filter", "a detector that marks every record", "one that lets some records pass"));
        }
        let shares = [generated / (generated + real), 0.0, real / (generated + real)];
        Ok(Mix { decimal: Shares::new(shares), shares, source, composition: Composition::Bernoulli, recycle })
    }

    /// Checks the sizes that the first step needs, and keeps its counts at hand.
    pub fn check(&mut self, n: &Sizes, initial: u64) -> Result<(), Error> {
        self.decimal.know(n.at(1));
        let [_, previous, real] = self.decimal.counts(n.at(1));
        let too_many = |path: &str, records: u64| {
            Err(Error::plan(path, format!("{records} records"), format!("at most the {initial} real records that there are"))
                .hint(format!("lower {path} or n, or set policy.recycle to true")))
        };
        if self.source.is_fixed() {
            if !n.constant() {
                return Err(Error::plan("n", "a schedule", "one size where the real records are a fixed set"));
            }
            if real > initial && !self.recycle {
                return too_many("policy.real", real);
            }
        }
        if previous > initial && !self.recycle { too_many("policy.previous", previous) } else { Ok(()) }
    }

    /// Records of T_0 that have to be told apart from its rest.
    pub fn fixed_part(&self, n: &Sizes, initial: u64) -> u64 {
        if self.source.is_fixed() { self.decimal.counts(n.at(1))[2] % initial } else { 0 }
    }

    /// Keeps the fixed real set and completes T_0; `batch` holds T_0's first part and `training` its rest.
    pub fn keep<F: Family>(&self, pool: &mut Pool<F>, n: &Sizes, initial: u64) {
        if !self.source.is_fixed() {
            return;
        }
        let mut all = pool.batch.clone();
        all.merge(&pool.training);
        pool.aside.clear();
        merge_copies(&mut pool.aside.data, &all.data, self.decimal.counts(n.at(1))[2] / initial);
        pool.aside.data.merge(&pool.batch.data);
        pool.training = all;
    }

    /// One step.
    pub fn next<F: Family>(&self, step: &mut Step<'_, '_, F>, model: &F::Fitted) -> Result<(), Error> {
        let n = step.n();
        self.count(step, n);
        if !self.source.is_fixed() {
            step.real()?;
        } else {
            step.pool.aside.made = step.made_real(step.generation);
        }
        if self.shares[1] > 0.0 {
            // T_g is read before it is replaced.
            let Step { group, pool, .. } = &mut *step;
            let chains = group.chains();
            let short = (0..chains).any(|chain| pool.training.made.get(chain).total < pool.previous_sizes[chain] as f64);
            let mut taken = pool.previous.take().unwrap_or_else(|| pool.training.clone());
            pool.training.data.take(&pool.previous_sizes, short && self.recycle, group, &mut taken.data)?;
            taken.made_of_subset(&pool.training.made, chains, &pool.previous_sizes);
            pool.previous = Some(taken);
        }
        step.generate_sizes(model)?;
        // The batch is the larger part as a rule: it is taken over whole, and the other records join it.
        let pool = &mut *step.pool;
        std::mem::swap(&mut pool.training, &mut pool.batch);
        if let Some(previous) = &pool.previous {
            pool.training.merge(previous);
        }
        pool.training.merge(&pool.aside);
        Ok(())
    }

    /// Counts of each chain's records by kind.
    fn count<F: Family>(&self, step: &mut Step<'_, '_, F>, n: u64) {
        let Step { group, pool, rules, .. } = step;
        let [synthetic, previous, real] = self.decimal.counts(n);
        pool.sizes.fill(synthetic);
        pool.previous_sizes.fill(previous);
        pool.real_sizes.fill(real);
        // Infinitely many records hold their expectation.
        if self.composition == Composition::Stratified || rules.n.infinite() {
            return;
        }
        for (chain, side) in group.sides.iter_mut().enumerate() {
            let real = binomial(n as f64, self.shares[2], side);
            let rest = 1.0 - self.shares[2];
            let previous = if self.shares[1] > 0.0 { binomial(n as f64 - real, f64::min(self.shares[1] / rest, 1.0), side) } else { 0.0 };
            pool.real_sizes[chain] = real as u64;
            pool.previous_sizes[chain] = previous as u64;
            pool.sizes[chain] = n - real as u64 - previous as u64;
        }
    }
}

impl Policy {
    /// The mix, where the policy is one.
    pub(super) fn mix(&self) -> Option<&Mix> {
        if let Policy::Mix(mix) = self { Some(mix) } else { None }
    }
}

/// Adds `copies` copies of a set, in as many steps as the number has binary digits.
fn merge_copies<D: Data>(into: &mut D, set: &D, mut copies: u64) {
    let mut doubled = set.clone();
    while copies > 0 {
        if copies & 1 == 1 {
            into.merge(&doubled);
        }
        copies >>= 1;
        if copies > 0 {
            doubled.merge(&doubled.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moments::Moments;

    #[test]
    fn copies_are_counted() {
        let mut set = Moments::new(1);
        (set.n[0], set.mean[0], set.m2[0]) = (3.0, 2.0, 1.5);
        for copies in [0, 1, 2, 7, 1 << 50] {
            let mut all = Moments::new(1);
            merge_copies(&mut all, &set, copies);
            assert_eq!((all.n[0], all.m2[0]), (3.0 * copies as f64, 1.5 * copies as f64));
        }
    }

    #[test]
    fn a_filter_that_tops_up_is_a_mix_by_chance() {
        let filter = Some(Filter { true_positive_rate: 0.8, false_positive_rate: 0.1, top_up: true });
        let mix = Mix::new([0.9, 0.0, 0.1], RealSource::Fresh, Composition::Stratified, false, filter).unwrap();
        assert!((mix.shares[0] - 0.18 / 0.27).abs() < 1e-15 && mix.composition == Composition::Bernoulli);
    }
}
