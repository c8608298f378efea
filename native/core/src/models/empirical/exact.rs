//! Counts of a table's rows in place of the rows: their law is multinomial.

use super::columns::{self, Atoms};
use super::observed::Observed;
use crate::counts::Counts;
use crate::error::Error;
use crate::family::{Family, Group, Law, Lives, Measure, Signals, Source, View};
use crate::models::categorical::{Categorical, Fitted};
use crate::plan::{Method, Sampling, Watch};
use crate::simd::Level;

/// The family on counts of rows, for the exact method: a categorical law whose classes are the table's rows.
pub struct EmpiricalExact {
    rows: Categorical,
    atoms: Atoms,
}

impl EmpiricalExact {
    /// A table's rows.
    pub fn new(atoms: Atoms, method: Method, sampling: &Sampling) -> Result<EmpiricalExact, Error> {
        sampling.only(&["temperature"], "empirical")?;
        let once = vec![1.0; atoms.rows()];
        Ok(EmpiricalExact { rows: Categorical::rows(&once, method)?.sampling(sampling)?, atoms })
    }
}

impl Source for EmpiricalExact {
    type Data = Counts;
    type Fitted = Vec<Observed>;

    fn data(&self, chains: usize) -> Counts {
        self.rows.data(chains)
    }

    fn initial(&self, fixed: u64, n: u64, group: &mut Group, first: &mut Counts, rest: &mut Counts) -> Result<(), Error> {
        self.rows.initial(fixed, n, group, first, rest)
    }

    fn real(&self, sizes: &[u64], group: &mut Group, into: &mut Counts) -> Result<(), Error> {
        self.rows.real(sizes, group, into)
    }

    fn sample(&self, training: &Counts, _model: &Vec<Observed>, sizes: &[u64], group: &mut Group, into: &mut Counts) -> Result<(), Error> {
        self.rows.sample(training, &Fitted::TRAINING, sizes, group, into)
    }
}

impl Family for EmpiricalExact {
    fn fitted(&self, chains: usize) -> Vec<Observed> {
        vec![Observed::default(); chains]
    }

    fn fit(&self, training: &Counts, _model: &mut Vec<Observed>, level: Level, lives: &mut Lives) {
        self.rows.fit(training, &mut { Fitted::TRAINING }, level, lives);
    }
}

impl Law for EmpiricalExact {
    fn observe(&self, training: &Counts, model: &mut Vec<Observed>) {
        for (chain, observed) in model.iter_mut().enumerate() {
            observed.copy_counts(training.chain(chain));
        }
    }

    fn signals(&self, view: &View<'_, EmpiricalExact>, out: &mut Signals) {
        self.atoms.signals(view.model, out);
    }

    fn measure(&self, name: &str) -> Option<Measure<EmpiricalExact>> {
        let of = columns::find(name)?;
        Some(Box::new(move |family: &EmpiricalExact, view: &View<'_, EmpiricalExact>, out: &mut [f64]| {
            for (out, observed) in out.iter_mut().zip(view.model) {
                *out = of(&family.atoms, observed);
            }
        }))
    }

    fn follow(&self, watch: &Watch) -> Result<Measure<EmpiricalExact>, Error> {
        let set = self.atoms.set(watch)?;
        Ok(Box::new(move |_: &EmpiricalExact, view: &View<'_, EmpiricalExact>, out: &mut [f64]| {
            for (out, observed) in out.iter_mut().zip(view.model) {
                *out = set.measure(observed);
            }
        }))
    }
}
