//! Records of every kind of origin: of a chain's own sequences, or of keyed chunks.

use rayon::prelude::*;

use super::{Kind, Part, Truth};
use crate::family::{CHUNK, Group};
use crate::math;
use crate::random::key::{Key, Purpose};
use crate::random::normal::{Normals, Room};
use crate::random::stream::{below, unit};
use crate::random::words::Words;
use crate::simd::Level;

/// Set in the number of a chunk whose words choose components, so that they share nothing with the chunk's normals.
const CHOICES: u64 = 1 << 63;

impl Truth {
    /// Fills `out` with records in the law's units: of a chain's own sequences, or of keyed chunks.
    pub fn fill(&self, group: &mut Group, chain: usize, purpose: Purpose, out: &mut [f64]) {
        let level = group.level;
        if out.len() as u64 <= CHUNK {
            return self.fill_own(group, chain, out);
        }
        let (key, batch, control) = (group.keys[chain], group.batch, group.control);
        out.par_chunks_mut(CHUNK as usize).enumerate().for_each(|(chunk, out)| {
            if !control.cancelled() {
                self.fill_chunk(level, &key, purpose, batch, chunk as u64, out);
            }
        });
    }

    fn fill_own(&self, group: &mut Group, chain: usize, out: &mut [f64]) {
        let level = group.level;
        if let Kind::Mixture { parts, alias } = &self.kind {
            for x in out.iter_mut() {
                *x = f64::from(alias.draw(group.words(chain).next(level)));
            }
            let (normals, room) = group.normals(chain);
            out.iter_mut().for_each(|x| *x = of_part(&parts[*x as usize], normals.next(level, room)));
        } else if matches!(self.kind, Kind::Gaussian) {
            let (normals, room) = group.normals(chain);
            out.iter_mut().for_each(|x| *x = normals.next(level, room));
        } else {
            let words = group.words(chain);
            out.iter_mut().for_each(|x| *x = self.of_word(words.next(level)));
        }
    }

    /// Fills one chunk of a large batch.
    pub fn fill_chunk(&self, level: Level, key: &Key, purpose: Purpose, batch: u64, chunk: u64, out: &mut [f64]) {
        let mut words = Words::new(key, purpose, batch, chunk | CHOICES);
        if let Kind::Gaussian | Kind::Mixture { .. } = &self.kind {
            let mut room: Room = [0; 256];
            let mut normals = Normals::new(key, purpose, batch, chunk);
            for x in out.iter_mut() {
                let z = normals.next(level, &mut room);
                *x = match &self.kind {
                    Kind::Mixture { parts, alias } => of_part(&parts[alias.draw(words.next(level)) as usize], z),
                    _ => z,
                };
            }
        } else {
            out.iter_mut().for_each(|x| *x = self.of_word(words.next(level)));
        }
    }

    /// A record that one word makes.
    fn of_word(&self, word: u64) -> f64 {
        match &self.kind {
            Kind::Exponential => -math::ln(unit(word)) - 1.0,
            Kind::Pareto { shape, edge, unit: scale } => edge + math::expm1(-math::ln(unit(word)) / shape) / scale,
            Kind::Rows { rows, .. } => rows[below(word, rows.len() as u64) as usize],
            Kind::Gaussian | Kind::Mixture { .. } => f64::NAN,
        }
    }
}

fn of_part(part: &Part, z: f64) -> f64 {
    part.mean + part.sd * z
}
