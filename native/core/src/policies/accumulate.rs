//! Accumulate: T_{g+1} = T_g + S_g, everything made so far.

use super::{Composition, Step};
use crate::error::Error;
use crate::family::{Data, Family};

/// One step.
pub fn next<F: Family>(step: &mut Step<'_, '_, F>, model: &F::Fitted) -> Result<(), Error> {
    step.sample(model)?;
    step.pool.training.merge(&step.pool.batch);
    Ok(())
}

/// Real records of age g, and batches of ages g - 1 to 0.
pub fn composition(generation: u64, n: u64, initial: u64) -> Composition {
    let (g, n) = (generation as f64, n as f64);
    Composition::of(initial, generation, true).and(Composition { total: g * n, real: 0.0, age: n * (0.5 * g * (g - 1.0)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_add_up() {
        let made = composition(3, 10, 5);
        assert_eq!((made.total, made.real, made.age), (35.0, 5.0, 15.0 + 10.0 * (2.0 + 1.0)));
    }
}
