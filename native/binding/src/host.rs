//! Blocks whose models are JavaScript functions: they are called on the thread that asked for the block, and nowhere else.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::ThreadId;

use genloss_core::control::Control;
use genloss_core::error::Error;
use genloss_core::models::module::{Call, Column, Death, Host, Streams};
use genloss_core::plan::Block;
use genloss_core::pool::{run_hosted as run, work};
use genloss_core::simd::Level;
use napi::bindgen_prelude::{Either, Env, Float64Array, FnArgs, FunctionRef, Reference, Uint32Array};
use napi::sys;
use napi_derive::napi;

use crate::block::{BlockColumns, Table, words};
use crate::thrown;

/// A column of records: numbers, or codes of classes.
type Records = Either<Float64Array, Uint32Array>;
/// Cell, replicate and generation.
type Fit = FunctionRef<FnArgs<(u32, f64, u32, Vec<Records>)>, u32>;
type Sample = FunctionRef<FnArgs<(u32, f64, u32, f64)>, Option<Vec<Records>>>;

/// Random numbers of the call that a host is in.
#[napi]
pub struct HostStreams {
    inner: Arc<Mutex<Option<Streams>>>,
    level: Level,
}

#[napi]
impl HostStreams {
    /// Random numbers for one run of a block at a time.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> HostStreams {
        HostStreams { inner: Arc::default(), level: Level::best() }
    }

    fn with(&self, mut out: Float64Array, of: impl FnOnce(&mut Streams, Level, &mut [f64])) -> napi::Result<()> {
        let mut inner = self.inner.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let Some(streams) = inner.as_mut() else {
            let error = Error::plan("stream", "a call that is over", "random numbers asked for while fit or sample runs");
            return Err(thrown(&error.hint("do not keep the context for later")));
        };
        // SAFETY: JavaScript waits in this call, and nothing else has the array's memory while it does.
        of(streams, self.level, unsafe { out.as_mut() });
        Ok(())
    }

    /// Fills with standard normal numbers.
    #[napi(catch_unwind)]
    pub fn normals(&self, out: Float64Array) -> napi::Result<()> {
        self.with(out, |streams, level, out| streams.normals(level, out))
    }

    /// Fills with uniform numbers between 0 and 1, neither of which comes.
    #[napi(catch_unwind)]
    pub fn uniforms(&self, out: Float64Array) -> napi::Result<()> {
        self.with(out, |streams, level, out| streams.uniforms(level, out))
    }

    /// Fills with exponential numbers of mean 1.
    #[napi(catch_unwind)]
    pub fn exponentials(&self, out: Float64Array) -> napi::Result<()> {
        self.with(out, |streams, level, out| streams.exponentials(level, out))
    }
}

/// Functions of one thread, as a host that the core may hold.
struct Functions {
    env: Env,
    thread: ThreadId,
    fit: Fit,
    sample: Sample,
    streams: Arc<Mutex<Option<Streams>>>,
    control: Arc<Uint32Array>,
}

// SAFETY: `Functions::call` and the control word are all that use what is bound to a thread, and both are reached on that thread alone:
// `call` compares the ids, and `run_hosted` runs the block on the thread that it was called on.
unsafe impl Send for Functions {}
// SAFETY: as above.
unsafe impl Sync for Functions {}

/// Values made since it was opened can be collected when it is dropped: a block makes millions.
struct Scope(sys::napi_env, sys::napi_handle_scope);

impl Scope {
    fn open(env: &Env) -> Scope {
        let mut scope = std::ptr::null_mut();
        // SAFETY: the environment is that of this thread, inside a call from JavaScript.
        unsafe { sys::napi_open_handle_scope(env.raw(), &mut scope) };
        Scope(env.raw(), scope)
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        // SAFETY: opened above on this thread, and scopes are dropped in the reverse order.
        unsafe { sys::napi_close_handle_scope(self.0, self.1) };
    }
}

impl Functions {
    /// Calls a function with the random numbers of this call; a failure stops the block.
    fn call<T>(&self, call: &Call, of: impl FnOnce(&Env) -> Option<T>) -> Option<T> {
        let stopped = self.control.first().is_none_or(|word| word_of(word).load(Ordering::Relaxed) != 0);
        if stopped || std::thread::current().id() != self.thread {
            return None;
        }
        *self.streams.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(call.streams());
        let scope = Scope::open(&self.env);
        let found = of(&self.env);
        drop(scope);
        *self.streams.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = None;
        if let (None, Some(word)) = (&found, self.control.first()) {
            word_of(word).store(1, Ordering::Relaxed);
        }
        found
    }
}

fn word_of(word: &u32) -> &AtomicU32 {
    // SAFETY: an aligned u32 that lives as long as the reference, used as an atomic by both sides.
    unsafe { AtomicU32::from_ptr(std::ptr::from_ref(word).cast_mut()) }
}

/// Records one after the other as columns.
fn columns(call: &Call, records: &[f64]) -> Vec<Records> {
    let width = call.columns.len();
    let entries = |k: usize| records.iter().skip(k).step_by(width);
    let column = |(k, column): (usize, &Column)| match column {
        Column::Number if width == 1 => Either::A(Float64Array::with_data_copied(records)),
        Column::Number => Either::A(Float64Array::new(entries(k).copied().collect())),
        Column::Class(_) => Either::B(Uint32Array::new(entries(k).map(|&code| code as u32).collect())),
    };
    call.columns.iter().enumerate().map(column).collect()
}

/// Appends columns as records; None where they are not the columns that were asked for.
fn append(call: &Call, n: usize, columns: &[Records], into: &mut Vec<f64>) -> Option<()> {
    let fits = |(column, found): (&Column, &Records)| match (column, found) {
        (Column::Number, Either::A(values)) => values.len() == n,
        (Column::Class(classes), Either::B(codes)) => codes.len() == n && codes.iter().all(|&code| (code as usize) < *classes),
        _ => false,
    };
    if columns.len() != call.columns.len() || !call.columns.iter().zip(columns).all(fits) {
        return None;
    }
    if let [Either::A(values)] = columns {
        into.extend_from_slice(values);
        return Some(());
    }
    let (from, width) = (into.len(), columns.len());
    into.resize(from + n * width, 0.0);
    for (k, column) in columns.iter().enumerate() {
        let places = into[from..].iter_mut().skip(k).step_by(width);
        match column {
            Either::A(values) => places.zip(values.iter()).for_each(|(place, x)| *place = *x),
            Either::B(codes) => places.zip(codes.iter()).for_each(|(place, &code)| *place = f64::from(code)),
        }
    }
    Some(())
}

impl Host for Functions {
    fn fit(&self, call: &Call, records: &[f64]) -> Result<(), Death> {
        let fate = self.call(call, |env| {
            let arguments = (call.cell, call.replicate as f64, call.generation, columns(call, records));
            self.fit.borrow_back(env).and_then(|fit| fit.call(arguments.into())).ok().filter(|&fate| fate <= 2)
        });
        match fate {
            Some(0) => Ok(()),
            Some(1) => Err(Death::TooFewRecords),
            _ => Err(Death::NotFinite),
        }
    }

    fn sample(&self, call: &Call, n: usize, into: &mut Vec<f64>) {
        self.call(call, |env| {
            let arguments = (call.cell, call.replicate as f64, call.generation, n as f64);
            let found = self.sample.borrow_back(env).and_then(|sample| sample.call(arguments.into())).ok().flatten()?;
            append(call, n, &found, into)
        });
    }
}

/// Functions that fit a model and sample from it, one chain after the other. `fit` answers 0, 1 for too few records, 2 for numbers that are
/// not finite, and more for a failure; `sample` answers columns, or null for a failure. A failure stops the block as the control word does.
#[napi(object, object_to_js = false)]
pub struct HostFunctions {
    /// cell, replicate, generation, columns
    #[napi(ts_type = "(cell: number, replicate: number, generation: number, columns: Array<Float64Array | Uint32Array>) => number")]
    pub fit: Fit,
    /// cell, replicate, generation, n
    #[napi(ts_type = "(cell: number, replicate: number, generation: number, n: number) => Array<Float64Array | Uint32Array> | null")]
    pub sample: Sample,
}

/// Runs a block of models outside of the core on this thread, until it ends. `control` is as in `runBlock`. Throws JSON text: code, path,
/// value, rule, hint.
#[napi(catch_unwind)]
pub fn run_hosted(
    env: Env,
    block: String,
    tables: Vec<Reference<Table>>,
    control: Uint32Array,
    host: HostFunctions,
    streams: &HostStreams,
) -> napi::Result<BlockColumns> {
    let tables: Vec<_> = tables.iter().map(|table| table.shared()).collect();
    let parsed = Block::parse(&block).map_err(|error| thrown(&error))?;
    let HostFunctions { fit, sample } = host;
    let control = Arc::new(control);
    let functions =
        Functions { env, thread: std::thread::current().id(), fit, sample, streams: streams.inner.clone(), control: control.clone() };
    let host: Arc<dyn Host> = Arc::new(functions);
    let (cancel, progress) = words(&control).map_err(|error| thrown(&error))?;
    let control = Control::new(cancel, progress, work(&parsed));
    run(&parsed, &tables, &control, Level::best(), &host).map(BlockColumns::from).map_err(|error| thrown(&error))
}
