//! One group of chains through its generations: train, fit, find events, measure, next training set.

use crate::columns::{EVENTS, POOL};
use crate::error::Error;
use crate::event::Events;
use crate::family::{Family, Group, Lives, Measure, Signals, View};
use crate::plan::{Block, Cell};
use crate::policies::{Pool, Rules, Step};

/// A column of a cell, made ready.
pub enum Recorded<F: Family> {
    /// Of the pool's composition.
    Pool(&'static str),
    /// Of the family.
    Measure(Measure<F>),
    /// The family has no such column: undefined.
    Undefined,
}

/// A cell with its family, made ready to run.
pub struct Ready<F: Family> {
    pub family: F,
    pub cell: Cell,
    pub rules: Rules,
    pub recorded: Vec<u32>,
    pub columns: Vec<Recorded<F>>,
    pub events: bool,
}

impl<F: Family> Ready<F> {
    /// Looks up the block's columns in the family's list.
    pub fn new(family: F, cell: Cell, block: &Block) -> Result<Ready<F>, Error> {
        let rules = Rules::new(&cell)?;
        let column = |name: &String| -> Result<Recorded<F>, Error> {
            if let Some(pool) = POOL.iter().find(|column| column.name == name) {
                return Ok(Recorded::Pool(pool.name));
            }
            if let Some(watch) = block.watch.iter().find(|watch| &watch.name == name) {
                let measure = match watch.statistic {
                    Some(statistic) => family.statistic(watch, statistic),
                    None => family.follow(watch),
                };
                return measure.map(Recorded::Measure);
            }
            Ok(family.measure(name).map_or(Recorded::Undefined, Recorded::Measure))
        };
        let columns = block.columns.iter().map(column).collect::<Result<Vec<_>, Error>>()?;
        Ok(Ready { family, recorded: cell.recorded(), cell, rules, columns, events: block.events })
    }
}

/// Where a group writes: its slices of the block's columns, rows ordered by chain and recorded generation.
pub struct Out<'a> {
    /// One slice a column.
    pub values: Vec<&'a mut [f64]>,
    /// One slice an event, `stopped_reason` last.
    pub events: Vec<&'a mut [i32]>,
}

/// Runs a group to the end.
pub fn run<F: Family>(ready: &Ready<F>, group: &mut Group, out: &mut Out) -> Result<(), Error> {
    let Ready { family, cell, rules, recorded, .. } = ready;
    let chains = group.chains();
    let mut pool = Pool::new(family, chains);
    let mut model = family.fitted(chains);
    family.begin(group, &mut model);
    let mut lives = Lives::new(chains);
    let mut events = Events::new(chains, cell.sustain);
    let mut signals = Signals::new(chains);
    let mut scratch = vec![0.0; chains];
    let (mut next_record, mut unsaid) = (0, 0);
    let last = *recorded.last().expect("generation 0 is recorded");
    // Without events nothing after the last recorded generation can be seen.
    let end = if ready.events { cell.generations } else { last };
    for generation in 0..=end {
        let mut step = Step { family, group, pool: &mut pool, rules, generation: u64::from(generation) };
        if generation == 0 { rules.start(&mut step) } else { rules.next(&mut step, &model) }?;
        lives.at(generation);
        family.fit(&pool.training.data, &mut model, group.level, &mut lives);
        let record = recorded.get(next_record) == Some(&generation);
        if record || ready.events {
            family.observe(&pool.training.data, &mut model);
        }
        if ready.events {
            family.signals(&View { training: &pool.training.data, model: &model, level: group.level }, &mut signals);
            events.step(group.level, generation, &mut signals, &lives);
        }
        if record {
            let view = View { training: &pool.training.data, model: &model, level: group.level };
            for (column, values) in ready.columns.iter().zip(&mut out.values) {
                match column {
                    Recorded::Pool(name) => {
                        for (chain, out) in scratch.iter_mut().enumerate() {
                            *out = pool.training.made.get(chain).measure(name, rules.n.infinite());
                        }
                    }
                    Recorded::Measure(measure) => measure(family, &view, &mut scratch),
                    Recorded::Undefined => scratch.fill(f64::NAN),
                }
                for (chain, value) in scratch.iter().enumerate() {
                    let place = chain * recorded.len() + next_record;
                    values[place] = if lives.alive(chain) { *value } else { f64::NAN };
                }
            }
            next_record += 1;
        }
        group.control.check()?;
        unsaid += chains as u64;
        if unsaid >= group.control.grain() {
            group.control.advance(std::mem::take(&mut unsaid));
        }
    }
    // A run without events ends at its last recorded generation: the rest counts as done.
    group.control.advance(unsaid + chains as u64 * u64::from(cell.generations - end));
    write_events(&events, &lives, out);
    Ok(())
}

fn write_events(events: &Events, lives: &Lives, out: &mut Out) {
    if out.events.is_empty() {
        return;
    }
    for chain in 0..lives.stopped.len() {
        let dates = events.dates(chain);
        for (column, date) in out.events.iter_mut().zip(dates) {
            column[chain] = date;
        }
        out.events[EVENTS.len() - 1][chain] = lives.stopped[chain];
        out.events[EVENTS.len()][chain] = lives.reason[chain];
    }
}
