//! Accumulate: T_{g+1} = T_g + S_g, everything made so far.

use super::Step;
use crate::error::Error;
use crate::family::Family;

/// One step.
pub fn next<F: Family>(step: &mut Step<'_, '_, F>, model: &F::Fitted) -> Result<(), Error> {
    step.generate(model)?;
    step.pool.training.merge(&step.pool.batch);
    Ok(())
}
