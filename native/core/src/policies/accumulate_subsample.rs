//! Accumulate and subsample: T_{g+1} is n records drawn from everything made so far, without or with replacement.

use super::Step;
use crate::error::Error;
use crate::family::{Data, Family};

/// One step; `aside` holds everything made so far.
pub fn next<F: Family>(step: &mut Step<'_, '_, F>, model: &F::Fitted, replacement: bool) -> Result<(), Error> {
    step.generate(model)?;
    let n = step.n();
    let Step { group, pool, .. } = step;
    pool.aside.merge(&pool.batch);
    pool.sizes.fill(n);
    let chains = group.chains();
    pool.aside.data.take(&pool.sizes, replacement, group, &mut pool.training.data)?;
    pool.training.made_of_subset(&pool.aside.made, chains, &pool.sizes);
    Ok(())
}
