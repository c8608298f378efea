//! A host in Rust beside the family that it imitates.

use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex};

use super::{Call, Column, Host};
use crate::columns::Columns;
use crate::control::Control;
use crate::family::Death;
use crate::moments::Moments;
use crate::plan::Block;
use crate::pool::{run_hosted, work};
use crate::simd::Level;
use crate::table::{Table, TableColumn};

/// A normal model of one chain at a time, and how often it was asked for how many records.
#[derive(Default)]
struct Normal {
    fitted: Mutex<(f64, f64)>,
    asked: Mutex<Vec<(u32, usize)>>,
}

impl Host for Normal {
    fn fit(&self, call: &Call, records: &[f64]) -> Result<(), Death> {
        assert_eq!(call.columns, [Column::Number]);
        let (n, mean, m2) = Moments::of(records);
        *self.fitted.lock().unwrap() = (mean, f64::sqrt(m2 / n));
        if n < 2.0 { Err(Death::TooFewRecords) } else { Ok(()) }
    }

    fn sample(&self, call: &Call, n: usize, into: &mut Vec<f64>) {
        self.asked.lock().unwrap().push((call.generation, n));
        let (mean, sd) = *self.fitted.lock().unwrap();
        let from = into.len();
        into.resize(from + n, 0.0);
        call.streams().normals(Level::best(), &mut into[from..]);
        into[from..].iter_mut().for_each(|x| *x = mean + sd * *x);
    }
}

/// Whole records drawn again.
#[derive(Default)]
struct Resampled(Mutex<Vec<f64>>);

impl Host for Resampled {
    fn fit(&self, _: &Call, records: &[f64]) -> Result<(), Death> {
        *self.0.lock().unwrap() = records.to_vec();
        Ok(())
    }

    fn sample(&self, call: &Call, n: usize, into: &mut Vec<f64>) {
        let (records, width) = (self.0.lock().unwrap(), call.columns.len());
        let mut places = vec![0.0; n];
        call.streams().uniforms(Level::best(), &mut places);
        for place in places {
            let row = (place * (records.len() / width) as f64) as usize;
            into.extend_from_slice(&records[row * width..(row + 1) * width]);
        }
    }
}

fn cell(replicates: &str, changes: &[(&str, &str)]) -> String {
    let text = r#"{"generations":4,"index":3,"initial":50,"law":"00000000000000000000000000000001","method":"draws",
        "model":{"kind":"module","records":200},"n":50,"origin":{"kind":"gaussian","mean":3,"sd":2},"policy":{"kind":"replace"},
        "record":"all","replicates":REPLICATES,"seed":"7","sustain":1}"#;
    changes.iter().fold(text.replace("REPLICATES", replicates), |text, (from, to)| text.replace(from, to))
}

fn run(cell: &str, names: &[&str], tables: &[Arc<Table>], host: &Arc<dyn Host>) -> Columns {
    let names = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
    let block = Block::parse(&format!(r#"{{"cells":[{cell}],"columns":[{names}],"events":true,"numerics":1}}"#)).unwrap();
    let (cancel, progress) = (AtomicU32::new(0), AtomicU32::new(0));
    run_hosted(&block, tables, &Control::new(&cancel, &progress, work(&block)), Level::best(), host).unwrap()
}

fn normal(cell: &str, names: &[&str]) -> (Columns, Vec<(u32, usize)>) {
    let host = Arc::new(Normal::default());
    let shared: Arc<dyn Host> = host.clone();
    let columns = run(cell, names, &[], &shared);
    let asked = host.asked.lock().unwrap().clone();
    (columns, asked)
}

#[test]
fn chains_do_not_depend_on_those_beside_them() {
    let names = ["mean", "variance_ratio", "tail_p05", "w1", "w2", "ks"];
    let (all, _) = normal(&cell("[0,6]", &[]), &names);
    let (some, _) = normal(&cell("[2,4]", &[]), &names);
    for (all, some) in all.values.iter().zip(&some.values) {
        assert_eq!(all[10..20].iter().map(|x| x.to_bits()).collect::<Vec<_>>(), some.iter().map(|x| x.to_bits()).collect::<Vec<_>>());
    }
}

#[test]
fn what_is_recorded_moves_no_number() {
    let (all, _) = normal(&cell("[0,2]", &[]), &["mean"]);
    let (ends, _) = normal(&cell("[0,2]", &[("\"all\"", "[0,4]")]), &["mean"]);
    assert_eq!([ends.values[0][0], ends.values[0][1]], [all.values[0][0], all.values[0][4]]);
}

#[test]
fn a_batch_is_drawn_once_and_measured() {
    let (_, asked) = normal(&cell("[0,1]", &[]), &["mean"]);
    // The batch, and the records that it lacks for the measures; the last generation's as well.
    assert_eq!(asked, (0..5).flat_map(|g| [(g, 50), (g, 150)]).collect::<Vec<_>>());
    let mix = r#"{"kind":"mix","synthetic":0.9,"previous":0,"real":0.1,"source":"fresh","composition":"stratified","recycle":false}"#;
    let (_, asked) = normal(&cell("[0,1]", &[(r#"{"kind":"replace"}"#, mix)]), &["mean"]);
    assert_eq!(asked[..2], [(0, 45), (0, 155)]);
    assert_eq!(asked.len(), 10);
}

#[test]
fn measures_are_those_of_the_records() {
    // 20,000 records of the origin's own law: four standard errors each.
    let (columns, _) =
        normal(&cell("[0,1]", &[("\"n\":50", "\"n\":20000"), ("50", "20000")]), &["mean", "variance", "tail_p05", "ks", "w1", "w2"]);
    let at = |column: usize| columns.values[column][0];
    assert!((at(0) - 3.0).abs() < 4.0 * 2.0 / f64::sqrt(1e4) && (at(1) - 4.0).abs() < 4.0 * 4.0 * f64::sqrt(2.0 / 1e4));
    assert!((at(2) - 1.0).abs() < 0.2 && at(3) < 0.03 && at(4) < 0.1 && at(5) < 0.2 && at(5) >= at(4), "{:?}", columns.values);
}

#[test]
fn a_model_that_can_not_be_fitted_stops_its_chain() {
    let (columns, _) = normal(&cell("[0,1]", &[("\"n\":50", "\"n\":1")]), &["mean"]);
    let event = |name: &str| columns.events[columns.event_names.iter().position(|event| event == name).unwrap()][0];
    assert_eq!((event("stopped"), event("stopped_reason")), (1, Death::TooFewRecords as i32));
    assert!(columns.values[0][0].is_finite() && columns.values[0][1].is_nan());
}

#[test]
fn rows_of_numbers_and_classes_stay_whole() {
    let values: Vec<f64> = (0..40).map(f64::from).collect();
    let codes: Vec<u32> = (0..40).map(|i| i / 20).collect();
    let table = Table::new(vec![TableColumn::Numbers(values.into()), TableColumn::Codes(codes.into())]).unwrap();
    let origin = r#"{"kind":"table","table":0,"columns":[0,1]}"#;
    let text = cell("[0,1]", &[(r#"{"kind":"gaussian","mean":3,"sd":2}"#, origin)]);
    let host: Arc<dyn Host> = Arc::new(Resampled::default());
    let names = ["mean", "variance_ratio", "heterozygosity_ratio", "classes_alive", "entropy", "tail_p05"];
    let columns = run(&text, &names, &[Arc::new(table)], &host);
    let first: Vec<f64> = columns.values.iter().map(|column| column[0]).collect();
    // 200 rows: the mean of 0..40 is 19.5 with a standard error below 1.2.
    assert!((first[0] - 19.5).abs() < 4.0 && (first[1] - 1.0).abs() < 0.4 && (first[2] - 1.0).abs() < 0.2, "{first:?}");
    assert!(first[3] == 2.0 && first[4].is_nan() && first[5].is_finite(), "{first:?}");
}
