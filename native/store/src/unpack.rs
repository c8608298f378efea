//! Unpacks Zstandard data piece by piece: frames one after another, skippable frames, check sums; data that end too early are an error.

use zstd::stream::raw::{Decoder, InBuffer, Operation, OutBuffer};

/// Room for one step of output.
const PIECE: usize = 1 << 17;

/// A decoder of a stream of frames.
pub struct Unpacker {
    decoder: Decoder<'static>,
    room: Vec<u8>,
    inside: bool,
}

/// Why data can't be unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// They end inside a frame.
    Cut,
    /// What the library says.
    Damaged(String),
}

impl Unpacker {
    /// A decoder before the first frame.
    pub fn new() -> Result<Unpacker, Broken> {
        Ok(Unpacker { decoder: Decoder::new().map_err(damaged)?, room: vec![0; PIECE], inside: false })
    }

    /// Unpacks the next bytes.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Broken> {
        let mut out = Vec::new();
        let mut input = InBuffer::around(bytes);
        loop {
            if !self.inside {
                if input.pos() == bytes.len() {
                    return Ok(out);
                }
                self.decoder.reinit().map_err(damaged)?;
                self.inside = true;
            }
            let mut output = OutBuffer::around(&mut self.room[..]);
            let hint = self.decoder.run(&mut input, &mut output).map_err(damaged)?;
            let made = output.pos();
            out.extend_from_slice(&self.room[..made]);
            self.inside = hint != 0;
            if self.inside && made < PIECE && input.pos() == bytes.len() {
                return Ok(out);
            }
        }
    }

    /// Says that no byte follows.
    pub fn end(&self) -> Result<(), Broken> {
        if self.inside { Err(Broken::Cut) } else { Ok(()) }
    }
}

fn damaged(error: std::io::Error) -> Broken {
    Broken::Damaged(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpack(bytes: &[u8], size: usize) -> Result<Vec<u8>, Broken> {
        let mut unpacker = Unpacker::new()?;
        let mut out = Vec::new();
        for piece in bytes.chunks(size) {
            out.extend(unpacker.push(piece)?);
        }
        unpacker.end().map(|()| out)
    }

    fn packed() -> (Vec<u8>, Vec<u8>) {
        let plain: Vec<u8> = (0..30_000u32).flat_map(|i| (i * i % 977).to_le_bytes()).collect();
        let mut frames = zstd::encode_all(&plain[..50_000], 3).unwrap();
        frames.extend([0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
        frames.extend(zstd::encode_all(&plain[50_000..], 19).unwrap());
        (plain, frames)
    }

    #[test]
    fn frames_follow_each_other_whatever_the_pieces() {
        let (plain, frames) = packed();
        for size in [1, 7, 4096, 1 << 20] {
            assert!(unpack(&frames, size).unwrap() == plain, "{size}");
        }
        assert_eq!(unpack(&[], 1).unwrap(), []);
    }

    #[test]
    fn every_cut_is_found_but_one_between_frames() {
        let (plain, frames) = packed();
        let between: Vec<usize> = (1..frames.len()).filter(|&cut| unpack(&frames[..cut], 1 << 20).is_ok()).collect();
        assert_eq!(between.len(), 2);
        assert!(unpack(&frames[..between[0]], 1 << 20).unwrap() == plain[..50_000]);
    }

    #[test]
    fn damage_is_found() {
        let (_, mut frames) = packed();
        assert!(matches!(unpack(b"not a frame", 4), Err(Broken::Damaged(_))));
        frames[0] ^= 1;
        assert!(matches!(unpack(&frames, 1 << 20), Err(Broken::Damaged(_))));
    }
}
