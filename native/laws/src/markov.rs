//! The Wright-Fisher chain by its matrix: the exact law of a class's count under replace.

/// Binomial probabilities of 0..=n.
pub fn binomial(n: usize, p: f64) -> Vec<f64> {
    if p <= 0.0 || p >= 1.0 {
        let sure = if p <= 0.0 { 0 } else { n };
        return (0..=n).map(|k| f64::from(u8::from(k == sure))).collect();
    }
    let mut log = n as f64 * f64::ln_1p(-p);
    let odds = f64::ln(p) - f64::ln_1p(-p);
    let mut out = Vec::with_capacity(n + 1);
    for k in 0..=n {
        out.push(log.exp());
        log += odds + f64::ln((n - k) as f64) - f64::ln((k + 1) as f64);
    }
    out
}

/// The law of the count of a class of probability `p` among `n` records at a generation.
pub fn count_law(n: usize, p: f64, generation: u32) -> Vec<f64> {
    let rows: Vec<Vec<f64>> = (0..=n).map(|i| binomial(n, i as f64 / n as f64)).collect();
    (0..generation).fold(binomial(n, p), |law, _| (0..=n).map(|j| law.iter().zip(&rows).map(|(q, row)| q * row[j]).sum()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_stays_and_the_heterozygosity_decays() {
        let law = count_law(10, 0.3, 4);
        let mean: f64 = law.iter().enumerate().map(|(k, q)| q * k as f64 / 10.0).sum();
        let left: f64 = law.iter().enumerate().map(|(k, q)| q * 2.0 * (k as f64 / 10.0) * (1.0 - k as f64 / 10.0)).sum();
        assert!((mean - 0.3).abs() < 1e-12 && (left / (0.42 * 0.9f64.powi(5)) - 1.0).abs() < 1e-12);
    }
}
