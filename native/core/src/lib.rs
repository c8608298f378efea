//! genloss-core: the mathematics of recursive training. It knows no Node and does no input or output.
//!
//! A block of cells goes in as text, columns come out: `plan` -> `models` (families) -> `chain` (train, fit, events, measures) -> `columns`.

#![deny(unsafe_code)]

mod chain;
pub mod columns;
pub mod control;
mod counts;
pub mod describe;
pub mod error;
mod event;
pub mod family;
pub mod math;
pub mod measures;
pub mod models;
mod moments;
pub mod plan;
pub mod policies;
pub mod pool;
pub mod random;
pub mod rows;
mod scatter;
#[cfg(test)]
mod scatter_tests;
pub mod simd;
mod sums;
pub mod table;
pub mod truth;
