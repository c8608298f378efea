//! Instruction levels and the `kernel!` macro: one portable body, compiled once for each level, chosen at run time.
//!
//! A body uses plain `+ - * /` and `sqrt` over a fixed logical width, so every level gives the same bits; only the speed differs.

/// An instruction level that this processor has. Values exist only for levels that were detected, which makes calling a kernel sound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Level(pub(crate) Kind);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Base,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// The level that needs nothing beyond the target's baseline.
    pub const BASE: Level = Level(Kind::Base);

    /// All levels of this processor, slowest first.
    pub fn available() -> Vec<Level> {
        #[allow(unused_mut)]
        let mut levels = vec![Level::BASE];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") {
                levels.push(Level(Kind::Avx2));
            }
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512cd")
            {
                levels.push(Level(Kind::Avx512));
            }
        }
        levels
    }

    /// The fastest level of this processor.
    pub fn best() -> Level {
        *Level::available().last().expect("the baseline is always there")
    }

    /// A level by name, if this processor has it.
    pub fn named(name: &str) -> Option<Level> {
        Level::available().into_iter().find(|level| level.name() == name)
    }

    /// `base`, `avx2` or `avx512`.
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Base => "base",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => "avx512",
        }
    }
}

/// Defines `fn name(level: Level, args...)` whose body is compiled for every level. Helpers it calls must be `#[inline(always)]`.
macro_rules! kernel {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $ty:ty),* $(,)?) $(-> $ret:ty)? $body:block) => {
        $(#[$meta])*
        #[allow(unsafe_code, clippy::too_many_arguments)]
        $vis fn $name(level: $crate::simd::Level, $($arg: $ty),*) $(-> $ret)? {
            #[inline(always)]
            fn body($($arg: $ty),*) $(-> $ret)? $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn avx2($($arg: $ty),*) $(-> $ret)? {
                    body($($arg),*)
                }
                #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,avx512cd")]
                fn avx512($($arg: $ty),*) $(-> $ret)? {
                    body($($arg),*)
                }
                match level.0 {
                    // SAFETY: a Level exists only where its instructions were detected.
                    $crate::simd::Kind::Avx512 => return unsafe { avx512($($arg),*) },
                    $crate::simd::Kind::Avx2 => return unsafe { avx2($($arg),*) },
                    $crate::simd::Kind::Base => {}
                }
            }
            body($($arg),*)
        }
    };
}
pub(crate) use kernel;
