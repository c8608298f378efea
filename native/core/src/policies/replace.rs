//! Replace: T_{g+1} = S_g, the last generated batch alone.

use super::Step;
use crate::error::Error;
use crate::family::Family;

/// One step.
pub fn next<F: Family>(step: &mut Step<'_, '_, F>, model: &F::Fitted) -> Result<(), Error> {
    step.generate(model)?;
    std::mem::swap(&mut step.pool.training, &mut step.pool.batch);
    Ok(())
}
