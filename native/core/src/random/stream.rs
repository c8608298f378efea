//! The scalar stream: xoshiro256++ with uniforms and indices, for rejections, choices and small counts.
//!
//! Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021).

/// A xoshiro256++ generator.
#[derive(Clone, Debug)]
pub struct Stream {
    state: [u64; 4],
}

impl Stream {
    /// A stream from 256 bits of state (see `Key::state`).
    pub fn new(state: [u64; 4]) -> Stream {
        Stream { state }
    }

    /// The next 64 bits.
    #[inline]
    pub fn word(&mut self) -> u64 {
        let s = &mut self.state;
        let out = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        out
    }

    /// A uniform number in (0, 1), never 0 or 1.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        unit(self.word())
    }

    /// A uniform index below `n` by a 64-bit multiply: the bias is at most n / 2^64.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        below(self.word(), n)
    }
}

/// 52 bits as an odd multiple of 2^-52: in (0, 1), symmetric about 1/2. No integer conversion, so it vectorises everywhere.
#[inline(always)]
pub fn unit(bits: u64) -> f64 {
    (signed(bits) + TWO_51) * (1.0 / 4_503_599_627_370_496.0)
}

const TWO_51: f64 = 2_251_799_813_685_248.0;

/// An odd integer in (-2^51, 2^51) as a float: the mantissa trick. Multiply by 2^-51 for a number in (-1, 1).
#[inline(always)]
pub fn signed(bits: u64) -> f64 {
    f64::from_bits(((bits >> 12) | 1) | 0x4330_0000_0000_0000) - (2.0 * TWO_51 + TWO_51)
}

/// floor(bits * n / 2^64).
#[inline(always)]
pub fn below(bits: u64, n: u64) -> u64 {
    ((u128::from(bits) * u128::from(n)) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_open_and_symmetric() {
        assert!(unit(0) > 0.0 && unit(u64::MAX) < 1.0);
        assert_eq!(unit(0), 1.0 - unit(u64::MAX));
        assert_eq!(signed(0), -signed(u64::MAX));
    }

    /// First outputs of the reference implementation for the state 1, 2, 3, 4.
    #[test]
    fn meets_the_reference() {
        let mut stream = Stream::new([1, 2, 3, 4]);
        let first: Vec<u64> = (0..4).map(|_| stream.word()).collect();
        assert_eq!(first, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
    }

    #[test]
    fn indices_stay_below() {
        assert_eq!(below(u64::MAX, 7), 6);
        assert_eq!(below(0, 7), 0);
    }
}
