//! Keys of streams: Philox4x64-10 turns (seed, law, replicate, purpose, batch, chunk, lane) into independent states.
//!
//! Keys are hashed, never added, so neighbouring seeds and batches share nothing.
//! Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

const MULTIPLIER: [u64; 2] = [0xD2E7_470E_E14C_6C93, 0xCA5A_8263_9512_1157];
const WEYL: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B];

#[inline]
fn multiply(a: u64, b: u64) -> (u64, u64) {
    let product = u128::from(a) * u128::from(b);
    ((product >> 64) as u64, product as u64)
}

/// One Philox4x64-10 block: four words that are a bijection of the counter for each key.
pub fn philox(counter: [u64; 4], key: [u64; 2]) -> [u64; 4] {
    let (mut x, mut k) = (counter, key);
    for _ in 0..10 {
        let (high0, low0) = multiply(MULTIPLIER[0], x[0]);
        let (high1, low1) = multiply(MULTIPLIER[1], x[2]);
        x = [high1 ^ x[1] ^ k[0], low1, high0 ^ x[3] ^ k[1], low0];
        k = [k[0].wrapping_add(WEYL[0]), k[1].wrapping_add(WEYL[1])];
    }
    x
}

/// What a stream is for: streams of different purposes never meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The lane of a chain in the exact method.
    Exact = 1,
    /// The scalar stream beside it: rejections and rare choices.
    Side = 2,
    /// The sixteen lanes of a chain that draws records.
    Draws = 3,
    /// A chunk of one batch of real records.
    RealChunk = 4,
    /// A chunk of one batch of generated records.
    SampleChunk = 5,
    /// The sixteen lanes of a chain that chooses rows or classes.
    Choices = 6,
    /// The sixteen lanes of normal numbers of one call of a host.
    HostNormals = 7,
    /// The sixteen lanes of words of one call of a host.
    HostWords = 8,
}

/// The key of one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key([u64; 2]);

impl Key {
    /// The key of a replicate of a cell: a hash of the run's seed, the 128 bits of the cell's law and the replicate's number.
    pub fn of_chain(seed: u64, law: [u64; 2], replicate: u64) -> Key {
        let [a, b, _, _] = philox([seed, replicate, 0x6765_6E6C_6F73_7301, 0], law);
        Key([a, b])
    }

    /// 256 fresh bits: the state of one xoshiro256++ stream.
    pub fn state(&self, purpose: Purpose, batch: u64, chunk: u64, lane: u64) -> [u64; 4] {
        philox([(purpose as u64) << 32 | lane, batch, chunk, 0x6765_6E6C_6F73_7302], self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers of the Random123 distribution (kat_vectors, philox4x64 10).
    #[test]
    fn philox_meets_the_published_vectors() {
        assert_eq!(philox([0; 4], [0; 2]), [0x1655_4D9E_CA36_314C, 0xDB20_FE9D_672D_0FDC, 0xD7E7_72CE_E186_176B, 0x7E68_B68A_EC7B_A23B]);
        assert_eq!(
            philox([u64::MAX; 4], [u64::MAX; 2]),
            [0x87B0_92C3_013F_E90B, 0x438C_3C67_BE8D_0224, 0x9CC7_D7C6_9CD7_77B6, 0xA09C_AEBF_594F_0BA0]
        );
    }

    #[test]
    fn keys_are_hashed_not_added() {
        let law = [1, 2];
        let one = Key::of_chain(1, law, 0).state(Purpose::Draws, 0, 0, 0);
        let other = Key::of_chain(0, law, 1000).state(Purpose::Draws, 1000, 0, 0);
        assert_ne!(one, other);
        assert_ne!(Key::of_chain(1, law, 0), Key::of_chain(0, law, 1));
        assert_ne!(Key::of_chain(1, [1, 2], 0), Key::of_chain(1, [2, 1], 0));
    }
}
