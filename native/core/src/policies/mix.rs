//! Mix: T_{g+1} = n records, a share of them real, the rest from the last model.
//!
//! Real records are new draws from the origin each generation (fresh) or the first records of T_0 again and again (fixed). Counts are
//! fixed by largest remainder (stratified) or each record is real with the share as its probability (bernoulli).

use super::{Composition as Made, Pool, Step, shares};
use crate::error::Error;
use crate::family::{Data, Family};
use crate::plan::{Composition, RealSource};
use crate::random::binomial::binomial;

/// A mix with its counts.
pub struct Mix {
    share: f64,
    real: u64,
    n: u64,
    source: RealSource,
    composition: Composition,
}

impl Mix {
    /// `shares` are synthetic and real and add up to 1.
    pub fn new(shares: [f64; 2], source: RealSource, composition: Composition, recycle: bool, n: u64, initial: u64) -> Result<Mix, Error> {
        let [_, real] = shares::counts(shares, n);
        if source == RealSource::Fixed && real > initial && !recycle {
            return Err(Error::plan(
                "policy.real",
                format!("{real} real records"),
                format!("at most the {initial} real records that there are"),
            )
            .hint("lower policy.real or n, or set policy.recycle to true"));
        }
        Ok(Mix { share: shares[1], real, n, source, composition })
    }

    /// Records of T_0 that have to be told apart from its rest.
    pub fn fixed_part(&self, initial: u64) -> u64 {
        if self.source == RealSource::Fixed { self.real % initial } else { 0 }
    }

    /// Keeps the fixed real set and completes T_0; `batch` holds T_0's first part and `training` its rest.
    pub fn keep<F: Family>(&self, pool: &mut Pool<F>, initial: u64) {
        if self.source == RealSource::Fresh {
            return;
        }
        let mut all = pool.batch.clone();
        all.merge(&pool.training);
        pool.real.clear();
        merge_copies(&mut pool.real, &all, self.real / initial);
        pool.real.merge(&pool.batch);
        pool.training = all;
    }

    /// One step.
    pub fn next<F: Family>(&self, step: &mut Step<'_, '_, F>, model: &F::Fitted) -> Result<(), Error> {
        let Step { family, group, pool, .. } = step;
        pool.real_sizes.fill(self.real);
        if self.composition == Composition::Bernoulli {
            for (size, side) in pool.real_sizes.iter_mut().zip(&mut group.sides) {
                *size = binomial(self.n as f64, self.share, side) as u64;
            }
        }
        for (size, real) in pool.sizes.iter_mut().zip(&pool.real_sizes) {
            *size = self.n - real;
        }
        if self.source == RealSource::Fresh {
            family.real(&pool.real_sizes, group, &mut pool.real)?;
        }
        family.sample(&pool.training, model, &pool.sizes, group, &mut pool.batch)?;
        // The batch is the larger part as a rule: it is taken over whole, and the real records join it.
        std::mem::swap(&mut pool.training, &mut pool.batch);
        pool.training.merge(&pool.real);
        Ok(())
    }

    /// Real records (of age g if they are fixed) beside the last batch.
    pub fn composition(&self, real: u64, generation: u64) -> Made {
        let age = if self.source == RealSource::Fixed { generation } else { 0 };
        Made::of(real, age, true).and(Made::of(self.n - real, 0, false))
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
}
