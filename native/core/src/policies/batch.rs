//! Records that enter together, with what they are made of.

use crate::family::Data;

/// Counts of records, by origin and age.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Composition {
    /// Records.
    pub total: f64,
    /// Real records.
    pub real: f64,
    /// Poisoned records.
    pub poison: f64,
    /// Sum of ages in generations: a record made for this training set has age 0.
    pub age: f64,
}

impl Composition {
    /// New real records.
    pub fn real(records: u64) -> Composition {
        Composition { total: records as f64, real: records as f64, ..Composition::default() }
    }

    /// New generated records, some of them poison.
    pub fn generated(records: u64, poison: u64) -> Composition {
        Composition { total: (records + poison) as f64, poison: poison as f64, ..Composition::default() }
    }

    fn and(self, other: Composition) -> Composition {
        Composition {
            total: self.total + other.total,
            real: self.real + other.real,
            poison: self.poison + other.poison,
            age: self.age + other.age,
        }
    }

    /// A subset of so many records: what it holds in expectation.
    fn subset(self, records: f64) -> Composition {
        let share = if self.total > 0.0 { records / self.total } else { 0.0 };
        Composition { total: records, real: self.real * share, poison: self.poison * share, age: self.age * share }
    }

    /// A column of `columns::POOL` by name.
    pub fn measure(self, name: &str, infinite: bool) -> f64 {
        match name {
            "n" if infinite => f64::INFINITY,
            "n" => self.total,
            "real_share" => self.real / self.total,
            "synthetic_share" => (self.total - self.real - self.poison) / self.total,
            "poison_share" => self.poison / self.total,
            "mean_age" => self.age / self.total,
            _ => f64::NAN,
        }
    }
}

/// Compositions of a group's sets: one for all chains while they are alike, else one a chain.
#[derive(Clone, Debug, PartialEq)]
pub enum Made {
    Alike(Composition),
    Each(Vec<Composition>),
}

impl Made {
    /// Of each chain's records; alike where the sizes are.
    pub fn of(sizes: &[u64], of: impl Fn(u64) -> Composition) -> Made {
        let alike = sizes.iter().fold(true, |alike, size| alike & (*size == sizes[0]));
        if alike { Made::Alike(of(sizes[0])) } else { Made::Each(sizes.iter().map(|&size| of(size)).collect()) }
    }

    /// One chain's.
    pub fn get(&self, chain: usize) -> Composition {
        match self {
            Made::Alike(one) => *one,
            Made::Each(each) => each[chain],
        }
    }

    fn change(&mut self, f: impl Fn(Composition) -> Composition) {
        match self {
            Made::Alike(one) => *one = f(*one),
            Made::Each(each) => each.iter_mut().for_each(|one| *one = f(*one)),
        }
    }

    fn add(&mut self, other: &Made) {
        match (&mut *self, other) {
            (made, Made::Alike(more)) => made.change(|one| one.and(*more)),
            (Made::Alike(one), Made::Each(more)) => *self = Made::Each(more.iter().map(|more| one.and(*more)).collect()),
            (Made::Each(each), Made::Each(more)) => each.iter_mut().zip(more).for_each(|(one, more)| *one = one.and(*more)),
        }
    }
}

/// Sets of a group of chains.
#[derive(Clone)]
pub struct Batch<D> {
    pub data: D,
    pub made: Made,
}

impl<D: Data> Batch<D> {
    /// Empty sets.
    pub fn new(data: D) -> Batch<D> {
        Batch { data, made: Made::Alike(Composition::default()) }
    }

    /// Makes every set empty.
    pub fn clear(&mut self) {
        self.data.clear();
        self.made = Made::Alike(Composition::default());
    }

    /// Adds each chain's set of `later` to its own.
    pub fn merge(&mut self, later: &Batch<D>) {
        self.data.merge(&later.data);
        self.made.add(&later.made);
    }

    /// Takes over one chain's set of `from`, of `chains` in all, with what it is made of.
    pub fn copy(&mut self, chain: usize, chains: usize, from: &Batch<D>) {
        self.data.copy(chain, &from.data);
        if let Made::Alike(one) = self.made {
            self.made = Made::Each(vec![one; chains]);
        }
        if let Made::Each(each) = &mut self.made {
            each[chain] = from.made.get(chain);
        }
    }

    /// A generation goes by.
    pub fn older(&mut self) {
        self.made.change(|one| Composition { age: one.age + one.total, ..one });
    }

    /// Says what a subset of `from` is made of.
    pub fn made_of_subset(&mut self, from: &Made, chains: usize, sizes: &[u64]) {
        self.made = match from {
            Made::Alike(one) => Made::of(&sizes[..chains], |size| one.subset(size as f64)),
            Made::Each(each) => Made::Each(each.iter().zip(sizes).map(|(one, &size)| one.subset(size as f64)).collect()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_origins_add_up() {
        let mut all = Made::Alike(Composition::real(5));
        for _ in 0..3 {
            all.change(|one| Composition { age: one.age + one.total, ..one });
            all.add(&Made::of(&[8, 9], |size| Composition::generated(size, 2)));
        }
        let (first, second) = (all.get(0), all.get(1));
        assert_eq!((first.total, first.real, first.poison, first.age), (35.0, 5.0, 6.0, 15.0 + 10.0 * (2.0 + 1.0)));
        assert_eq!((second.total, second.age), (38.0, 15.0 + 11.0 * 3.0));
        assert_eq!(first.measure("synthetic_share", false), 24.0 / 35.0);
    }

    #[test]
    fn alike_sets_stay_one() {
        assert_eq!(Made::of(&[4; 3], Composition::real), Made::Alike(Composition::real(4)));
    }
}
