//! The multivariate gaussian family where records themselves are drawn: rows of a table, and records of a law.

use super::{Fitted, MultivariateGaussian, Real, law_of};
use crate::family::{CHUNK, Group, chunks};
use crate::math::matrix::add;
use crate::models::normal_batches::NormalLaw;
use crate::moments::power;
use crate::random::key::Purpose;
use crate::random::stream::below;
use crate::random::words::Words;
use crate::rows::{self, Recorded, Rows};
use crate::scatter::Scatter;

impl MultivariateGaussian {
    /// The set of `n` rows drawn with replacement: the chain's own sequence, or keyed chunks.
    pub(super) fn draw_rows(&self, table: &[f64], n: u64, group: &mut Group, chain: usize, into: &mut Scatter) {
        let (d, level) = (self.dimensions(), group.level);
        let draw = |words: &mut Words, n: u64, out: &mut Vec<f64>| {
            out.clear();
            for _ in 0..n {
                let row = below(words.next(level), (table.len() / d) as u64) as usize;
                out.extend_from_slice(&table[row * d..(row + 1) * d]);
            }
        };
        let mut rows = Vec::new();
        if n <= CHUNK {
            draw(group.words(chain), n, &mut rows);
            return into.learn(chain, &rows, &[]);
        }
        let (key, batch) = (group.keys[chain], group.batch);
        let mut part = Scatter::new(1, d, self.diagonal());
        into.n[chain] = 0.0;
        for (chunk, size) in chunks(n).take_while(|_| !group.control.cancelled()) {
            draw(&mut Words::new(&key, Purpose::RealChunk, batch, chunk), size, &mut rows);
            part.learn(0, &rows, &[]);
            into.join(chain, &part, 0);
        }
    }
}

impl Recorded for MultivariateGaussian {
    fn width(&self) -> usize {
        self.dimensions()
    }

    fn table(&self) -> Option<&[f64]> {
        if let Real::Rows(table) = &self.real { Some(table) } else { None }
    }

    fn real_rows(&self, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        let d = self.dimensions();
        match &self.real {
            Real::Normal => drawn_rows(&law_of(&self.origin, 0), 1.0, chain, n, Purpose::RealChunk, group, into),
            Real::Rows(table) => {
                let mut chosen = vec![0.0; n];
                rows::words(group, chain, Purpose::RealChunk, &mut chosen, |word| below(word, (table.len() / d) as u64) as f64);
                chosen.into_iter().for_each(|row| into.extend_from_slice(&table[row as usize * d..(row as usize + 1) * d]));
            }
        }
    }

    fn sample_rows(&self, model: &Fitted, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        drawn_rows(&law_of(&model.law, chain), f64::sqrt(self.widen), chain, n, Purpose::SampleChunk, group, into);
    }

    fn learn(&self, rows: &Rows, chain: usize, into: &mut Scatter) {
        into.learn(chain, &rows.values, &rows.weights);
    }
}

/// Appends n records of a law, their deviates `wide` times as large.
fn drawn_rows(law: &NormalLaw, wide: f64, chain: usize, n: usize, purpose: Purpose, group: &mut Group, into: &mut Vec<f64>) {
    let (d, w) = (law.exponent.len(), law.width);
    let mut z = vec![0.0; n * d];
    rows::normals(group, chain, purpose, &mut z);
    for z in z.chunks_exact(d) {
        let from = into.len();
        into.extend_from_slice(law.mean);
        for (k, z) in z.iter().enumerate() {
            let (row, first) = (&law.factor[k * w..(k + 1) * w], if w == 1 { 0 } else { k });
            add(&mut into[from + k..], wide * z * power(law.exponent[k]), &row[first..]);
        }
    }
}
