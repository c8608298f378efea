//! Events: found inside the loop, so that they are exact even when few generations are recorded.

use crate::family::Signal;

/// One event of a chain: the first generation that opens `sustain` consecutive ones below a threshold.
#[derive(Clone, Copy, Debug)]
struct Spell {
    run: u32,
    date: i32,
}

impl Spell {
    const NONE: Spell = Spell { run: 0, date: -1 };

    #[inline]
    fn step(&mut self, below: bool, generation: u32, sustain: u32) {
        self.run = if below { self.run + 1 } else { 0 };
        if self.date < 0 && self.run == sustain {
            self.date = (generation + 1 - sustain) as i32;
        }
    }
}

/// The events of a group of chains.
#[derive(Clone, Debug)]
pub struct Events {
    sustain: u32,
    early: Vec<Spell>,
    late: Vec<Spell>,
    touched: Vec<Spell>,
    diverged: Vec<Spell>,
}

impl Events {
    /// No event yet.
    pub fn new(chains: usize, sustain: u32) -> Events {
        let none = vec![Spell::NONE; chains];
        Events { sustain, early: none.clone(), late: none.clone(), touched: none.clone(), diverged: none }
    }

    /// Takes the signals of one generation; dead chains are left as they are.
    pub fn step(&mut self, generation: u32, signals: &[Signal], alive: impl Fn(usize) -> bool) {
        for (chain, signal) in signals.iter().enumerate() {
            if alive(chain) {
                self.early[chain].step(signal.early, generation, self.sustain);
                self.late[chain].step(signal.late, generation, self.sustain);
                self.touched[chain].step(signal.early, generation, 1);
                self.diverged[chain].step(signal.diverged, generation, 1);
            }
        }
    }

    /// Dates of early, late, touched and diverged, in the order of `columns::EVENTS`; -1 where there is none.
    pub fn dates(&self, chain: usize) -> [i32; 4] {
        [&self.early, &self.late, &self.touched, &self.diverged].map(|event| event[chain].date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_opens_a_sustained_run() {
        let mut events = Events::new(1, 3);
        let below = [true, false, true, true, true, false, true, true, true];
        for (generation, &early) in below.iter().enumerate() {
            events.step(generation as u32, &[Signal { early, late: false, diverged: generation == 4 }], |_| true);
        }
        assert_eq!(events.dates(0), [2, -1, 0, 4]);
    }

    #[test]
    fn a_run_cut_short_by_the_end_is_no_event() {
        let mut events = Events::new(1, 3);
        for generation in 0..2 {
            events.step(generation, &[Signal { early: true, ..Signal::default() }], |_| true);
        }
        assert_eq!(events.dates(0), [-1, -1, 0, -1]);
    }
}
