//! Elementary and special functions that give the same bits on every platform and SIMD level.
//!
//! Only `+ - * /`, `sqrt`, comparisons and bit operations are used, whose results IEEE 754 fixes: no
//! fused multiply-add, no `ln` or `exp` of the platform, no table read at a computed index.
//! The functions marked `#[inline(always)]` have no branches, so that a loop over them becomes vector
//! code at the level of the function that holds the loop; the others are for set-up and reports.
//! NaN in gives NaN out (payload unspecified).
//!
//! Coefficients and test values come from mpmath by tools/oracles/special_functions.py.

mod coefficients;
mod erf;
mod exp;
mod gamma;
mod ln;
pub mod matrix;
mod normal;
mod polynomial;
mod pow;

#[cfg(test)]
mod oracle;

pub use erf::{erfc, erfcx};
pub use exp::{exp, expm1};
pub use gamma::{c4, digamma, digamma_minus_ln, gamma_ratio, ln_factorial, ln_gamma, ln_gamma_ratio, stirling_remainder, trigamma};
pub use ln::{ln, ln_1p};
pub use normal::{ln_normal_sf, normal_cdf, normal_pdf, normal_quantile, normal_sf};
pub use pow::pow;
