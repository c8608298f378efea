//! Zstandard data for readers of files: Node has no decoder of its own before version 22.

use genloss_core::error::Error;
use genloss_store::Broken;
use napi::bindgen_prelude::{Buffer, Uint8Array};
use napi_derive::napi;

use crate::thrown;

/// A decoder of a stream of Zstandard frames.
#[napi]
pub struct Unpacker {
    inner: genloss_store::Unpacker,
}

fn broken(broken: &Broken) -> napi::Error {
    let (value, hint) = match broken {
        Broken::Cut => ("cut", "the end is missing: copy or download it again".to_string()),
        Broken::Damaged(why) => ("damaged", why.clone()),
    };
    thrown(&Error { code: "input", path: "zstd".into(), value: value.into(), rule: "a whole zstd file".into(), hint })
}

#[napi]
impl Unpacker {
    /// A decoder before the first frame.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> napi::Result<Unpacker> {
        genloss_store::Unpacker::new().map(|inner| Unpacker { inner }).map_err(|error| broken(&error))
    }

    /// Unpacks the next bytes.
    #[napi(catch_unwind)]
    pub fn push(&mut self, bytes: Uint8Array) -> napi::Result<Buffer> {
        self.inner.push(&bytes).map(Buffer::from).map_err(|error| broken(&error))
    }

    /// Says that no byte follows: throws if that is inside a frame.
    #[napi(catch_unwind)]
    pub fn end(&self) -> napi::Result<()> {
        self.inner.end().map_err(|error| broken(&error))
    }
}
