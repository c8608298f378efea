//! Random numbers: keys, bulk lanes, a scalar stream, and the variates that families need.

pub mod alias;
pub mod binomial;
pub mod choose;
pub mod exponential;
pub mod gamma;
pub mod hypergeometric;
pub mod key;
pub mod lanes;
pub mod normal;
#[rustfmt::skip]
mod normal_table;
pub mod poisson;
pub mod stream;
pub mod wishart;
pub mod words;
