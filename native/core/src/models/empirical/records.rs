//! Resampled records: numbers of originals, and values where the origin is a law.

use crate::error::Error;
use crate::family::{Data, Group};
use crate::random::choose::choose;

/// The number of records that are no one's copy: poison.
pub const NO_ORIGINAL: u32 = u32::MAX;

/// Records of each chain: which original each is, and for a law its value.
#[derive(Clone, Debug, Default)]
pub struct RecordSets {
    pub chains: Vec<Records>,
}

/// Those of one chain.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// Numbers of originals: rows of the table, or serial numbers of real records of a law.
    pub originals: Vec<u32>,
    /// Values of a law's records; empty for a table.
    pub values: Vec<f64>,
}

impl Data for RecordSets {
    /// Weights are refused at planning: records are resampled, not weighed.
    fn scale(&mut self, _weight: f64) {}

    fn copy(&mut self, chain: usize, from: &RecordSets) {
        self.chains[chain].clone_from(&from.chains[chain]);
    }

    fn take(&self, sizes: &[u64], replacement: bool, group: &mut Group, into: &mut RecordSets) -> Result<(), Error> {
        for (chain, (from, into)) in self.chains.iter().zip(&mut into.chains).enumerate() {
            let chosen = choose(from.originals.len() as u64, sizes[chain], replacement, &mut group.sides[chain]);
            into.originals.clear();
            into.originals.extend(chosen.iter().map(|&i| from.originals[i]));
            into.values.clear();
            if !from.values.is_empty() {
                into.values.extend(chosen.iter().map(|&i| from.values[i]));
            }
        }
        group.control.check()
    }

    fn clear(&mut self) {
        for chain in &mut self.chains {
            chain.originals.clear();
            chain.values.clear();
        }
    }

    fn merge(&mut self, later: &RecordSets) {
        for (chain, more) in self.chains.iter_mut().zip(&later.chains) {
            chain.originals.extend_from_slice(&more.originals);
            chain.values.extend_from_slice(&more.values);
        }
    }
}
