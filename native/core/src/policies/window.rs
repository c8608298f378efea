//! Window: T_{g+1} = the last `batches` batches (T_0 is the first of all); with keepReal, T_0 as well.

use super::{Step, assemble};
use crate::error::Error;
use crate::family::Family;
use crate::policies::batch::Batch;

/// One step; `aside` holds T_0 where it is kept.
pub fn next<F: Family>(step: &mut Step<'_, '_, F>, model: &F::Fitted, batches: usize, keep_real: bool) -> Result<(), Error> {
    step.generate(model)?;
    let pool = &mut *step.pool;
    if batches == 1 {
        // No older batch to keep: the new one is taken over whole.
        std::mem::swap(&mut pool.training, &mut pool.batch);
        if keep_real {
            pool.training.merge(&pool.aside);
        }
        return Ok(());
    }
    let full = pool.ring.len() >= batches;
    let room = if full { pool.ring.pop_front() } else { None };
    let room = room.unwrap_or_else(|| Batch::new(step.family.data(step.group.chains())));
    pool.ring.push_back(std::mem::replace(&mut pool.batch, room));
    // T_0 is still among the last batches while the ring has room for all that were made so far.
    let apart = keep_real && step.generation >= batches as u64;
    assemble(&mut pool.training, apart.then_some(&pool.aside).into_iter().chain(&pool.ring));
    Ok(())
}
