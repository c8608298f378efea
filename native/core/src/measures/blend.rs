//! A law made of parts: weighted laws of an origin under normal kernels, as infinitely many records give them.

use super::line::Line;
use super::pair::Bell;
use super::quadrature::merged;
use super::smooth::Smooth;
use crate::math;
use crate::simd::Level;
use crate::truth::{EXPONENTIAL_MARKS, NORMAL_MARKS, Part, Seen, Truth, normal_excess};

/// One part of a blend, seen from the blend's centre.
enum Piece<'a> {
    /// The origin itself.
    Bare(Seen<'a>),
    /// N(place, sd^2)
    Normal { place: f64, law: Bell },
    /// An exponential law of rate 1 from an edge on, plus N(0, sd^2).
    Exponential { edge: f64, sd: f64 },
    /// Kernels at rows.
    Rows(Box<Smooth>),
}

/// A blend of laws with densities.
#[derive(Default)]
pub struct Blend<'a> {
    pieces: Vec<(f64, Piece<'a>)>,
}

impl<'a> Blend<'a> {
    /// No parts yet.
    pub fn new() -> Blend<'a> {
        Blend { pieces: vec![] }
    }

    /// Adds a share of the origin under a kernel of an sd, seen from a centre. False where it has no density, or none in closed form.
    pub fn add_origin(&mut self, level: Level, share: f64, truth: &'a Truth, sd: f64, centre: f64) -> bool {
        if sd == 0.0 {
            self.pieces.push((share, Piece::Bare(truth.seen_from(centre))));
            return truth.sorted_rows().is_none();
        }
        if let Some(parts) = truth.parts() {
            for Part { weight, mean, sd: own } in parts {
                let law = Bell(f64::sqrt(own * own + sd * sd));
                self.pieces.push((share * weight, Piece::Normal { place: mean - centre, law }));
            }
            return true;
        }
        if let Some(rows) = truth.sorted_rows() {
            let points = rows.iter().map(|x| (x - centre, 1.0)).collect();
            return match Smooth::new(level, sd, points) {
                Some(law) => {
                    self.pieces.push((share, Piece::Rows(Box::new(law))));
                    true
                }
                None => false,
            };
        }
        if truth.has_power_tail() {
            return false;
        }
        self.pieces.push((share, Piece::Exponential { edge: truth.support[0] - centre, sd }));
        true
    }

    /// Adds a share of one record under a kernel of an sd, seen from a centre. False where there is no kernel.
    pub fn add_point(&mut self, share: f64, point: f64, sd: f64, centre: f64) -> bool {
        self.pieces.push((share, Piece::Normal { place: point - centre, law: Bell(sd) }));
        sd > 0.0
    }

    fn sum(&self, of: impl Fn(&Piece<'a>) -> [f64; 2]) -> [f64; 2] {
        self.pieces.iter().fold([0.0, 0.0], |[a, b], (share, piece)| {
            let [lower, upper] = of(piece);
            [a + share * lower, b + share * upper]
        })
    }
}

/// P(X <= z) and P(X > z) of Exp(1) + N(0, s^2): Phi(z/s) - g and Phi(-z/s) + g, where g = exp(s^2/2 - z) Phi(z/s - s) is the density.
fn smoothed(z: f64, s: f64) -> [f64; 2] {
    let g = math::exp(log_smoothed(z, s));
    [f64::max(math::normal_cdf(z / s) - g, 0.0), math::normal_sf(z / s) + g]
}

fn log_smoothed(z: f64, s: f64) -> f64 {
    0.5 * s * s - z + math::ln_normal_sf(s - z / s)
}

impl Line for Piece<'_> {
    fn log_density(&self, x: f64) -> f64 {
        match self {
            Piece::Bare(law) => law.log_density(x),
            Piece::Normal { place, law } => law.log_density(x - place),
            Piece::Exponential { edge, sd } => log_smoothed(x - edge, *sd),
            Piece::Rows(law) => law.log_density(x),
        }
    }

    fn masses(&self, x: f64) -> [f64; 2] {
        match self {
            Piece::Bare(law) => law.masses(x),
            Piece::Normal { place, law } => law.masses(x - place),
            Piece::Exponential { edge, sd } => smoothed(x - edge, *sd),
            Piece::Rows(law) => law.masses(x),
        }
    }

    fn excess(&self, x: f64) -> [f64; 2] {
        match self {
            Piece::Bare(law) => law.excess(x),
            Piece::Normal { place, law } => law.excess(x - place),
            Piece::Exponential { edge, sd } => {
                // The integral of g is the distribution function.
                let z = x - edge;
                let ([lower, upper], [below, above]) = (normal_excess(z / sd), smoothed(z, *sd));
                [f64::max(sd * lower - below, 0.0), sd * upper + above]
            }
            Piece::Rows(law) => law.excess(x),
        }
    }

    fn marks(&self) -> Vec<f64> {
        match self {
            Piece::Bare(law) => law.marks(),
            Piece::Normal { place, law } => law.marks().into_iter().map(|x| place + x).collect(),
            Piece::Exponential { edge, sd } => {
                let kernel = NORMAL_MARKS.map(|z| edge + sd * z);
                merged(&kernel, &EXPONENTIAL_MARKS.map(|z| edge + z))
            }
            Piece::Rows(law) => law.marks(),
        }
    }
}

impl Line for Blend<'_> {
    fn log_density(&self, x: f64) -> f64 {
        let logs: Vec<f64> = self.pieces.iter().map(|(share, piece)| math::ln(*share) + piece.log_density(x)).collect();
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if most == f64::NEG_INFINITY { most } else { most + math::ln(logs.iter().map(|log| math::exp(log - most)).sum()) }
    }

    fn masses(&self, x: f64) -> [f64; 2] {
        self.sum(|piece| piece.masses(x))
    }

    fn excess(&self, x: f64) -> [f64; 2] {
        self.sum(|piece| piece.excess(x))
    }

    fn marks(&self) -> Vec<f64> {
        self.pieces.iter().fold(vec![], |marks, (_, piece)| merged(&marks, &piece.marks()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::quadrature::integrate;

    /// Masses and excess are the integrals of the density: parts of every kind.
    #[test]
    fn parts_are_whole_laws() {
        let laws = [
            Truth::gaussian(2.0, 3.0).unwrap(),
            Truth::exponential(2.0).unwrap(),
            Truth::mixture(&[Part { weight: 0.3, mean: -1.0, sd: 0.5 }, Part { weight: 0.7, mean: 2.0, sd: 1.0 }]).unwrap(),
            Truth::rows(&[1.0, 2.0, 2.0, 5.0, 9.0]).unwrap(),
        ];
        for truth in &laws {
            let mut blend = Blend::new();
            assert!(blend.add_origin(Level::best(), 0.6, truth, 0.4, 0.2) && blend.add_origin(Level::best(), 0.3, truth, 1.5, 0.2));
            assert!(blend.add_point(0.1, 4.0, 0.2, 0.2));
            let marks = blend.marks();
            for x in [-2.0, -0.5, 0.3, 1.1, 3.9] {
                let cut: Vec<f64> = marks.iter().copied().filter(|&mark| mark < x).chain([x]).collect();
                let [mass, excess] = integrate(&cut, |t| [math::exp(blend.log_density(t)), (x - t) * math::exp(blend.log_density(t))]);
                let ([lower, upper], [below, above]) = (blend.masses(x), blend.excess(x));
                assert!((mass - lower).abs() < 1e-13 && (lower + upper - 1.0).abs() < 1e-14, "{x}: {mass} {lower} {upper}");
                let mean = 0.1 * 4.0 - 0.2;
                assert!((excess - below).abs() < 1e-13 && (below - above - (x - mean)).abs() < 1e-13, "{x}: {excess} {below} {above}");
            }
        }
        let rows = Truth::rows(&[1.0, 2.0]).unwrap();
        assert!(!Blend::new().add_origin(Level::best(), 1.0, &rows, 0.0, 0.0));
        assert!(!Blend::new().add_origin(Level::best(), 1.0, &Truth::pareto(1.0, 3.0).unwrap(), 0.1, 0.0));
    }
}
