//! The gaussian-mixture family: a mixture of normal laws fitted by expectation maximisation.

pub mod blocks;
pub mod em;
mod init;
pub mod law;
pub mod pass;

#[cfg(test)]
mod tests;
