//! What the tests of several families need: a run of one cell as text, and chains of a family by hand.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use crate::columns::Columns;
use crate::control::Control;
use crate::family::{Family, Group, Lives};
use crate::plan::Block;
use crate::pool::{Threads, run_block, work};
use crate::simd::Level;
use crate::table::{Table, TableColumn};

/// The columns of a cell, with a table of numbers unless there is none.
pub fn run(cell: &str, columns: &[&str], table: &[&[f64]]) -> Columns {
    let numbers = table.iter().map(|values| TableColumn::Numbers(Arc::from(*values))).collect::<Vec<_>>();
    run_table(cell, columns, "[]", (!table.is_empty()).then(|| Table::new(numbers).unwrap()))
}

/// The columns of a cell, with a table and the sets of rows that are followed.
pub fn run_table(cell: &str, columns: &[&str], watch: &str, table: Option<Table>) -> Columns {
    let names = columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
    let block = format!(r#"{{"cells":[{cell}],"columns":[{names}],"events":true,"numerics":1,"watch":{watch}}}"#);
    let block = Block::parse(&block).unwrap();
    let tables: Vec<Arc<Table>> = table.into_iter().map(Arc::new).collect();
    let (cancel, progress) = (AtomicU32::new(0), AtomicU32::new(0));
    run_block(&block, &tables, &Control::new(&cancel, &progress, work(&block)), Level::best(), &Threads::of(2).unwrap()).unwrap()
}

/// `count` chains under replace; each generation's training set is given to `see` with the models fitted to it.
pub fn chains<F: Family>(
    family: &F,
    law: [u64; 2],
    (n, generations, count): (u64, u32, usize),
    mut see: impl FnMut(u32, &F::Data, &F::Fitted),
) -> Lives {
    let (cancel, progress) = (AtomicU32::new(0), AtomicU32::new(0));
    let control = Control::new(&cancel, &progress, 1);
    let mut group = Group::new(5, law, 0, count, Level::best(), &control);
    let sizes = vec![n; group.padded()];
    let (mut data, mut model, mut lives) = (family.data(count), family.fitted(count), Lives::new(count));
    for generation in 0..=generations {
        if generation == 0 {
            family.real(&sizes, &mut group, &mut data).unwrap();
        } else {
            let training = data.clone();
            family.sample(&training, &model, &sizes, &mut group, &mut data).unwrap();
        }
        lives.at(generation);
        family.fit(&data, &mut model, Level::best(), &mut lives);
        see(generation, &data, &model);
    }
    lives
}
