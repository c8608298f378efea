//! Compares a function with the values that mpmath gave (oracles.csv), in units in the last place.

/// Spacing of the doubles from `value` on, away from zero.
fn ulp(value: f64) -> f64 {
    let exponent = (value.to_bits() >> 52) & 0x7ff;
    f64::from_bits(if exponent > 52 { (exponent - 52) << 52 } else { 1 << exponent.saturating_sub(1) })
}

/// (argument, value, rest) of every row of one function; value + rest is the exact value.
pub fn rows(function: &str) -> Vec<(f64, f64, f64)> {
    let number = |text: &str| text.parse::<f64>().expect("a number in oracles.csv");
    let rows: Vec<_> = include_str!("oracles.csv")
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|fields| fields[0] == function)
        .map(|fields| (number(fields[1]), number(fields[2]), number(fields[3])))
        .collect();
    assert!(rows.len() >= 50, "{function}: {} rows in oracles.csv", rows.len());
    rows
}

/// Fails where the function is more than `bound` ulp from the exact value.
pub fn check(function: &str, f: impl Fn(f64) -> f64, bound: f64) {
    let (mut worst, mut at) = (0.0, 0.0);
    for (x, value, rest) in rows(function) {
        let error = ((f(x) - value) - rest).abs() / ulp(value);
        assert!(error.is_finite(), "{function}({x:e}) = {:e}, expected {value:e}", f(x));
        if error > worst {
            (worst, at) = (error, x);
        }
    }
    println!("{function}: {worst:.3} ulp at {at:e}");
    assert!(worst <= bound, "{function}({at:e}) = {:e}: {worst:.3} ulp off, bound {bound}", f(at));
}

/// Fails unless `f` gives the same bits one by one and in the loop over 16 lanes that becomes vector code.
pub fn check_lanes(function: &str, f: impl Fn(f64) -> f64 + Copy) {
    let mut arguments: Vec<f64> = rows(function).iter().map(|row| row.0).collect();
    arguments.extend([0.0, -0.0, 1.0, -1.0, 1e308, -1e308, 5e-324, f64::INFINITY, f64::NEG_INFINITY, f64::NAN]);
    arguments.resize(arguments.len().next_multiple_of(16), 0.5);
    for block in arguments.as_chunks::<16>().0 {
        let mut lanes = [0.0; 16];
        for i in 0..16 {
            lanes[i] = f(block[i]);
        }
        for (x, lane) in block.iter().zip(lanes) {
            let single = f(std::hint::black_box(*x));
            assert!(single.to_bits() == lane.to_bits() || (single.is_nan() && lane.is_nan()), "{function}({x:e})");
        }
    }
}
