//! Events: found inside the loop, so that they are exact even when few generations are recorded.

use crate::family::{Lives, Signals, padded};
use crate::simd::{Level, kernel};

/// One event of each chain: the first generation that opens `sustain` consecutive ones below a threshold.
#[derive(Clone, Debug)]
struct Spells {
    run: Vec<u32>,
    date: Vec<i32>,
}

impl Spells {
    fn new(chains: usize) -> Spells {
        Spells { run: vec![0; padded(chains)], date: vec![-1; padded(chains)] }
    }
}

kernel! {
    /// Lengthens or ends each run; a run that reaches `sustain` is dated by the generation that opened it, once.
    fn step(spells: &mut Spells, below: &[u32], generation: u32, sustain: u32) {
        let chains = below.len();
        let (run, date) = (&mut spells.run[..chains], &mut spells.date[..chains]);
        let opened = (generation + 1).wrapping_sub(sustain) as i32;
        for i in 0..chains {
            run[i] = (run[i] + 1) * below[i];
            let dated = (date[i] < 0) & (run[i] == sustain);
            date[i] = if dated { opened } else { date[i] };
        }
    }
}

/// The events of a group of chains.
#[derive(Clone, Debug)]
pub struct Events {
    sustain: u32,
    early: Spells,
    late: Spells,
    touched: Spells,
    diverged: Spells,
}

impl Events {
    /// No event yet.
    pub fn new(chains: usize, sustain: u32) -> Events {
        let none = Spells::new(chains);
        Events { sustain, early: none.clone(), late: none.clone(), touched: none.clone(), diverged: none }
    }

    /// Takes the signals of one generation; those of dead chains are dropped.
    pub fn step(&mut self, level: Level, generation: u32, signals: &mut Signals, lives: &Lives) {
        for chain in 0..if lives.all_alive() { 0 } else { lives.stopped.len() } {
            if !lives.alive(chain) {
                signals.set(chain, false, false, false);
            }
        }
        step(level, &mut self.early, &signals.early, generation, self.sustain);
        step(level, &mut self.late, &signals.late, generation, self.sustain);
        step(level, &mut self.touched, &signals.early, generation, 1);
        step(level, &mut self.diverged, &signals.diverged, generation, 1);
    }

    /// Dates of early, late, touched and diverged, in the order of `columns::EVENTS`; -1 where there is none.
    pub fn dates(&self, chain: usize) -> [i32; 4] {
        [&self.early, &self.late, &self.touched, &self.diverged].map(|event| event.date[chain])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::Death;

    fn run(early: &[bool], sustain: u32, lives: &Lives) -> [i32; 4] {
        let mut events = Events::new(1, sustain);
        let mut signals = Signals::new(1);
        for (generation, &early) in early.iter().enumerate() {
            signals.set(0, early, false, generation == 4);
            events.step(Level::best(), generation as u32, &mut signals, lives);
        }
        events.dates(0)
    }

    #[test]
    fn an_event_opens_a_sustained_run() {
        let below = [true, false, true, true, true, false, true, true, true];
        assert_eq!(run(&below, 3, &Lives::new(1)), [2, -1, 0, 4]);
    }

    #[test]
    fn a_run_cut_short_by_the_end_is_no_event() {
        assert_eq!(run(&[true, true], 3, &Lives::new(1)), [-1, -1, 0, -1]);
    }

    #[test]
    fn a_dead_chain_has_no_events() {
        let mut lives = Lives::new(1);
        lives.stop(0, Death::NotFinite);
        assert_eq!(run(&[true; 6], 1, &lives), [-1; 4]);
    }
}
