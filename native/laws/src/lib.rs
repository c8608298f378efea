//! What the slow statistical tests share: cells in words, runs, estimates with standard errors, and independent twins of special functions.
//!
//! A test reads as a sentence: `gaussian().mle().policy(replace()).n(10).generations(50).replicates(20_000).run("variance")`.

pub mod cell;
pub mod draws;
pub mod families;
pub mod ks;
pub mod markov;
pub mod oracle;
pub mod policy;
pub mod process;
pub mod quantity;
pub mod run;
pub mod special;
pub mod stages;
pub mod stats;
pub mod sums;
pub mod uniform;

/// The seed of every test here. It is the first that was tried; a failure is a finding, never a reason to change it.
pub const SEED: u64 = 1;

/// Everything that a test file wants.
pub mod prelude {
    pub use crate::SEED;
    pub use crate::cell::{Cell, Method, categorical, gaussian, resampled, table};
    pub use crate::policy::{accumulate, mix, replace, window, window_with_real};
    pub use crate::run::{Block, Run, codes, numbers};
    pub use crate::stats::{Estimate, binomial_z, mean, variance};
}
