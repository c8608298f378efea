//! Slow statistical tests of the core; see tests/.
