//! The gaussian family over the records themselves, and subsets of a table.

use super::sums::truncated;
use super::{Fitted, Gaussian, Real};
use crate::family::Group;
use crate::moments::Moments;
use crate::random::key::Purpose;
use crate::random::stream::below;
use crate::rows::{self, Recorded, Rows};

impl Recorded for Gaussian {
    fn table(&self) -> Option<&[f64]> {
        if let Real::Rows(rows) = &self.real { Some(rows) } else { None }
    }

    fn unit(&self, record: f64) -> f64 {
        (record - self.mean) / self.sd
    }

    fn real_rows(&self, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        let from = into.len();
        into.resize(from + n, 0.0);
        match &self.real {
            Real::Normal => rows::normals(group, chain, Purpose::RealChunk, &mut into[from..]),
            Real::Law(truth) => truth.fill(group, chain, Purpose::RealChunk, &mut into[from..]),
            Real::Rows(table) => {
                rows::words(group, chain, Purpose::RealChunk, &mut into[from..], |word| table[below(word, table.len() as u64) as usize])
            }
        }
    }

    fn sample_rows(&self, model: &Fitted, chain: usize, n: usize, group: &mut Group, into: &mut Vec<f64>) {
        let from = into.len();
        into.resize(from + n, 0.0);
        match self.truncate {
            Some(k) => rows::words(group, chain, Purpose::SampleChunk, &mut into[from..], |word| truncated(word, k)),
            None => rows::normals(group, chain, Purpose::SampleChunk, &mut into[from..]),
        }
        let (mean, sd) = (model.mean[chain], model.sd[chain] * f64::sqrt(self.widen));
        into[from..].iter_mut().for_each(|z| *z = mean + sd * *z);
    }

    fn learn(&self, rows: &Rows, chain: usize, into: &mut Moments) {
        (into.n[chain], into.mean[chain], into.m2[chain]) = Moments::of_weighted(&rows.values, &rows.weights);
        into.exponent[chain] = 0.0;
    }
}

/// Moments of `fixed` rows chosen without replacement, and of the others.
pub fn subset(rows: &[f64], fixed: u64, group: &mut Group, first: &mut Moments, rest: &mut Moments) {
    let level = group.level;
    for chain in 0..group.chains() {
        let words = group.words(chain);
        let mut order: Vec<f64> = rows.to_vec();
        let fixed = (fixed as usize).min(order.len());
        for i in 0..fixed {
            let other = i + below(words.next(level), (order.len() - i) as u64) as usize;
            order.swap(i, other);
        }
        for (part, into) in [(&order[..fixed], &mut *first), (&order[fixed..], &mut *rest)] {
            (into.n[chain], into.mean[chain], into.m2[chain]) = Moments::of(part);
            into.exponent[chain] = 0.0;
        }
    }
}
