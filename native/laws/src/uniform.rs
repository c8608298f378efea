//! Records by their distribution functions: even on (0, 1), whatever the law.

/// Values of a discrete law, each given by the mass below it and its own: spread evenly over its step.
pub fn spread(steps: impl Iterator<Item = (f64, f64)>) -> Vec<f64> {
    // A sequence that fills (0, 1) evenly and knows nothing of the values.
    steps.zip(0..).map(|((below, mass), i)| below + mass * f64::fract((f64::from(i) + 0.5) * 0.618_033_988_749_894_9)).collect()
}

/// Values that are one of `rows` equally likely numbers k + 1/2.
pub fn ranks(values: &[f64], rows: u32) -> Vec<f64> {
    let each = 1.0 / f64::from(rows);
    spread(values.iter().map(|x| ((x - 0.5).round() * each, each)))
}
