//! Learners that stop short: k natural-gradient steps in the mean parameters, theta <- theta + rate (theta_hat - theta).
//!
//! In the mean parameters of an exponential family the natural gradient of the log-likelihood is theta_hat - theta, so that k steps leave
//! (1 - rate)^k of the way. Source: Amari, "Natural gradient works efficiently in learning", Neural Computation 10 (1998).

use crate::error::Error;
use crate::math;
use crate::plan::Start;

/// How far a learner goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learner {
    /// The share of the way that is left when it stops.
    pub left: f64,
    /// Whether it begins at the last generation's model.
    pub warm: bool,
}

impl Learner {
    /// Of a model's settings; None where it converges.
    pub fn new(steps: Option<u32>, rate: f64, start: Start) -> Result<Option<Learner>, Error> {
        if !(rate > 0.0 && rate <= 1.0) {
            return Err(Error::plan("model.rate", rate, "a number above 0 and at most 1"));
        }
        Ok(steps.map(|steps| Learner { left: math::pow(1.0 - rate, f64::from(steps)), warm: start == Start::Warm }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_leave_powers_of_the_way() {
        let learner = Learner::new(Some(3), 0.5, Start::Warm).unwrap().unwrap();
        assert!((learner.left - 0.125).abs() < 1e-15 && learner.warm);
        assert_eq!(Learner::new(Some(2), 1.0, Start::Fresh).unwrap().unwrap().left, 0.0);
        assert_eq!(Learner::new(Some(0), 0.5, Start::Fresh).unwrap().unwrap().left, 1.0);
        assert_eq!(Learner::new(None, 0.5, Start::Fresh).unwrap(), None);
        assert!(Learner::new(Some(1), 1.5, Start::Fresh).is_err());
    }
}
