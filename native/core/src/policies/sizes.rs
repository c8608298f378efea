//! Sizes: records a generation, one number, infinity, or a schedule.

use crate::error::Error;
use crate::math;
use crate::plan::{LARGEST, SizeRule};

/// What a batch of infinitely many records counts as: large enough that shares of it are exact, small enough to add up.
pub const NOMINAL: u64 = 1 << 52;

/// Records of each generation.
#[derive(Clone, Debug)]
pub struct Sizes(SizeRule);

impl Sizes {
    /// Checks a rule.
    pub fn new(rule: &SizeRule, path: &str) -> Result<Sizes, Error> {
        let whole = |value: u64| {
            if (1..=LARGEST).contains(&value) { Ok(()) } else { Err(Error::plan(path, value, "a whole number from 1 to 2^53")) }
        };
        match rule {
            SizeRule::Constant(n) => whole(*n)?,
            SizeRule::Infinite(_) => {}
            SizeRule::Power(rule) => {
                whole(rule.start)?;
                if !rule.power.is_finite() {
                    return Err(Error::plan(format!("{path}.power"), rule.power, "a finite number"));
                }
            }
            SizeRule::Factor(rule) => {
                whole(rule.start)?;
                if !(rule.factor > 0.0 && rule.factor.is_finite()) {
                    return Err(Error::plan(format!("{path}.factor"), rule.factor, "a finite number above 0"));
                }
            }
            SizeRule::List(rule) => {
                if rule.list.is_empty() {
                    return Err(Error::plan(format!("{path}.list"), "[]", "at least one size"));
                }
                rule.list.iter().try_for_each(|&n| whole(n))?;
            }
        }
        Ok(Sizes(rule.clone()))
    }

    /// Records of a generation; at most 2^53, at least 1.
    pub fn at(&self, generation: u64) -> u64 {
        match &self.0 {
            SizeRule::Constant(n) => *n,
            SizeRule::Infinite(_) => NOMINAL,
            SizeRule::Power(rule) => up(rule.start as f64 * math::pow(1.0 + generation as f64, rule.power)),
            SizeRule::Factor(rule) => up(rule.start as f64 * math::pow(rule.factor, generation as f64)),
            SizeRule::List(rule) => rule.list[usize::try_from(generation).unwrap_or(usize::MAX).min(rule.list.len() - 1)],
        }
    }

    /// Whether there are infinitely many.
    pub fn infinite(&self) -> bool {
        matches!(self.0, SizeRule::Infinite(_))
    }

    /// Whether every generation has the same.
    pub fn constant(&self) -> bool {
        matches!(self.0, SizeRule::Constant(_) | SizeRule::Infinite(_))
    }
}

/// Rounded up, but for what is a whole number to rounding.
fn up(value: f64) -> u64 {
    let near = value.round();
    let whole = if (value - near).abs() <= 1e-12 * near { near } else { value.ceil() };
    whole.clamp(1.0, LARGEST as f64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{FactorRule, ListRule, PowerRule};

    fn first(rule: SizeRule) -> Vec<u64> {
        let sizes = Sizes::new(&rule, "n").unwrap();
        (0..4).map(|g| sizes.at(g)).collect()
    }

    #[test]
    fn schedules() {
        assert_eq!(first(SizeRule::Power(PowerRule { start: 20, power: 1.0 })), [20, 40, 60, 80]);
        assert_eq!(first(SizeRule::Power(PowerRule { start: 20, power: 1.5 })), [20, 57, 104, 160]);
        assert_eq!(first(SizeRule::Factor(FactorRule { start: 10, factor: 1.1 })), [10, 11, 13, 14]);
        assert_eq!(first(SizeRule::List(ListRule { list: vec![5, 7] })), [5, 7, 7, 7]);
        assert_eq!(Sizes::new(&SizeRule::Power(PowerRule { start: 2, power: 900.0 }), "n").unwrap().at(1 << 40), LARGEST);
        assert!(Sizes::new(&SizeRule::List(ListRule { list: vec![] }), "n").is_err());
    }
}
