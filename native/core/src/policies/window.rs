//! Window: T_{g+1} = the last `batches` batches (T_0 is the first of all); with keepReal, T_0 as well.

use super::{Composition, Step, assemble};
use crate::error::Error;
use crate::family::{Data, Family};

/// Whether T_0 is still among the last batches: the ring has room for all that were made so far.
fn holds_real(batches: u64, generation: u64) -> bool {
    generation < batches
}

/// One step; `generation` is g + 1.
pub fn next<F: Family>(
    step: &mut Step<'_, '_, F>,
    model: &F::Fitted,
    batches: usize,
    keep_real: bool,
    generation: u64,
) -> Result<(), Error> {
    step.sample(model)?;
    let pool = &mut *step.pool;
    if batches == 1 {
        // No older batch to keep: the new one is taken over whole.
        std::mem::swap(&mut pool.training, &mut pool.batch);
        if keep_real {
            pool.training.merge(&pool.real);
        }
        return Ok(());
    }
    let full = pool.ring.len() >= batches;
    let room = if full { pool.ring.pop_front() } else { None };
    let room = room.unwrap_or_else(|| step.family.data(step.group.chains()));
    pool.ring.push_back(std::mem::replace(&mut pool.batch, room));
    let apart = keep_real && !holds_real(batches as u64, generation);
    assemble(&mut pool.training, apart.then_some(&pool.real).into_iter().chain(&pool.ring));
    Ok(())
}

/// Real records of age g if they are still there, and the last batches.
pub fn composition(batches: u64, keep_real: bool, generation: u64, n: u64, initial: u64) -> Composition {
    let held = holds_real(batches, generation);
    let generated = if held { generation } else { batches };
    let real = if held || keep_real { Composition::of(initial, generation, true) } else { Composition::default() };
    let (k, n) = (generated as f64, n as f64);
    real.and(Composition { total: k * n, real: 0.0, age: n * (0.5 * k * (k - 1.0)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_records_leave_unless_kept() {
        let of = |batches, keep, g| {
            let made = composition(batches, keep, g, 10, 5);
            (made.total, made.real, made.age)
        };
        assert_eq!(of(1, false, 1), (10.0, 0.0, 0.0));
        assert_eq!(of(1, true, 3), (15.0, 5.0, 15.0));
        assert_eq!(of(3, false, 2), (25.0, 5.0, 10.0 + 10.0));
        assert_eq!(of(3, false, 3), (30.0, 0.0, 10.0 * 3.0));
        assert_eq!(of(3, true, 3), (35.0, 5.0, 15.0 + 30.0));
    }
}
