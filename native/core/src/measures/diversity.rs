//! Diversity of classes: heterozygosity, classes alive, missing mass.

/// 1 - sum q^2: the chance that two draws differ.
pub fn heterozygosity(q: impl Iterator<Item = f64>) -> f64 {
    f64::max(1.0 - q.map(|q| q * q).sum::<f64>(), 0.0)
}

/// Classes with q > 0.
pub fn alive(q: impl Iterator<Item = f64>) -> f64 {
    q.filter(|&q| q > 0.0).count() as f64
}

/// Origin mass of classes with q = 0.
pub fn missing_mass(p: impl Iterator<Item = f64>, q: impl Iterator<Item = f64>) -> f64 {
    p.zip(q).map(|(p, q)| if q == 0.0 { p } else { 0.0 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_three_classes() {
        let q = || [0.5, 0.5, 0.0].into_iter();
        assert_eq!((heterozygosity(q()), alive(q())), (0.5, 2.0));
        assert_eq!(missing_mass([0.6, 0.3, 0.1].into_iter(), q()), 0.1);
    }
}
