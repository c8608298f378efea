//! Small dense matrices, row-major: triangular factors, solves, determinants, eigenvalues and singular values.
//!
//! A covariance S is carried by its upper factor R, S = R'R (the transpose of Cholesky's lower one), so that steps run along rows.
//! Every reduction has a fixed order, so that all levels give the same bits.
//! Source: Golub and Van Loan, "Matrix Computations", 4th edition, 4.2 (Cholesky), 8.5 (cyclic Jacobi), 8.6.3 (one-sided Jacobi).

use super::ln;
use crate::simd::{Level, kernel};

/// Partial sums of a scalar product.
const PARTS: usize = 8;

/// Sweeps after which a Jacobi iteration stops; four to ten are usual.
const SWEEPS: usize = 40;

/// Scalar product: eight partial sums, added up in a fixed tree.
#[inline(always)]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut parts = [0.0; PARTS];
    let (a, b) = (&a[..a.len().min(b.len())], &b[..a.len().min(b.len())]);
    let ((rows, rest), (other, other_rest)) = (a.as_chunks::<PARTS>(), b.as_chunks::<PARTS>());
    for (x, y) in rows.iter().zip(other) {
        for i in 0..PARTS {
            parts[i] += x[i] * y[i];
        }
    }
    for (part, (x, y)) in parts.iter_mut().zip(rest.iter().zip(other_rest)) {
        *part += x * y;
    }
    ((parts[0] + parts[4]) + (parts[2] + parts[6])) + ((parts[1] + parts[5]) + (parts[3] + parts[7]))
}

/// y += a x.
#[inline(always)]
pub fn add(y: &mut [f64], a: f64, x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += a * x;
    }
}

kernel! {
    /// Replaces the symmetric d x d matrix by its upper factor R, S = R'R, zeros below the diagonal; only the upper half is read.
    ///
    /// The error is the first row whose pivot is not above `floor` times that row's diagonal entry of S.
    pub fn cholesky(s: &mut [f64], d: usize, floor: f64) -> Result<(), usize> {
        let whole: Vec<f64> = (0..d).map(|k| s[k * d + k]).collect();
        for k in 0..d {
            let (above, below) = s.split_at_mut((k + 1) * d);
            let row = &mut above[k * d..];
            if !(row[k] > floor * whole[k] && row[k] < f64::INFINITY) {
                return Err(k);
            }
            let pivot = f64::sqrt(row[k]);
            row[..k].fill(0.0);
            row[k] = pivot;
            for x in &mut row[k + 1..] {
                *x /= pivot;
            }
            for (i, other) in (k + 1..d).zip(below.chunks_exact_mut(d)) {
                add(&mut other[i..], -row[i], &row[i..]);
            }
        }
        Ok(())
    }
}

kernel! {
    /// out = A B for upper triangular d x d matrices.
    pub fn multiply(a: &[f64], b: &[f64], d: usize, out: &mut [f64]) {
        for j in 0..d {
            let row = &mut out[j * d..(j + 1) * d];
            row.fill(0.0);
            for k in j..d {
                add(&mut row[k..], a[j * d + k], &b[k * d + k..(k + 1) * d]);
            }
        }
    }
}

/// Solves R'y = x in place, R upper triangular: y is what x is in units of R.
#[inline(always)]
pub fn solve_transposed(r: &[f64], d: usize, x: &mut [f64]) {
    for k in 0..d {
        let y = x[k] / r[k * d + k];
        x[k] = y;
        add(&mut x[k + 1..d], -y, &r[k * d + k + 1..(k + 1) * d]);
    }
}

/// Solves R y = x in place, R upper triangular.
#[inline(always)]
pub fn solve(r: &[f64], d: usize, x: &mut [f64]) {
    for k in (0..d).rev() {
        x[k] = (x[k] - dot(&r[k * d + k + 1..(k + 1) * d], &x[k + 1..d])) / r[k * d + k];
    }
}

/// out = R'x, R upper triangular: a deviate of identity covariance becomes one of covariance R'R.
#[inline(always)]
pub fn multiply_transposed(r: &[f64], d: usize, x: &[f64], out: &mut [f64]) {
    out[..d].fill(0.0);
    for k in 0..d {
        add(&mut out[k..d], x[k], &r[k * d + k..(k + 1) * d]);
    }
}

/// ln det of S = R'R; minus infinity where a pivot is 0.
pub fn log_det(r: &[f64], d: usize) -> f64 {
    (0..d).map(|k| 2.0 * ln(r[k * d + k])).sum()
}

/// The inverse of S = R'R.
pub fn inverse(r: &[f64], d: usize, out: &mut [f64]) {
    for k in 0..d {
        // Rows of the symmetric inverse are its columns.
        let row = &mut out[k * d..(k + 1) * d];
        row.fill(0.0);
        row[k] = 1.0;
        solve_transposed(r, d, row);
        solve(r, d, row);
    }
}

/// out = R'R.
pub fn square(r: &[f64], d: usize, out: &mut [f64]) {
    out.fill(0.0);
    for row in r.chunks_exact(d) {
        for i in 0..d {
            add(&mut out[i * d..(i + 1) * d], row[i], row);
        }
    }
}

/// tan, cos and sin of the rotation that makes an entry `off` vanish between diagonal entries `a` and `b`: the smaller of the two angles.
#[inline(always)]
fn rotation(a: f64, b: f64, off: f64) -> (f64, f64, f64) {
    let zeta = (b - a) / (2.0 * off);
    let t = f64::copysign(1.0, zeta) / (zeta.abs() + f64::sqrt(1.0 + zeta * zeta));
    let c = 1.0 / f64::sqrt(1.0 + t * t);
    (t, c, c * t)
}

kernel! {
    /// Eigenvalues of a symmetric d x d matrix, which is overwritten, in ascending order: Jacobi rotations in rows, pair after pair.
    pub fn eigenvalues(s: &mut [f64], d: usize) -> Vec<f64> {
        for _ in 0..SWEEPS {
            let mut turned = false;
            for p in 0..d {
                for q in p + 1..d {
                    let (a, b, off) = (s[p * d + p], s[q * d + q], s[p * d + q]);
                    // Far below the last digit of the larger entry there is nothing to turn.
                    if !(off.abs() > 1e-18 * f64::max(a.abs(), b.abs())) {
                        continue;
                    }
                    turned = true;
                    let (t, c, sin) = rotation(a, b, off);
                    for i in 0..d {
                        let (x, y) = (s[p * d + i], s[q * d + i]);
                        s[p * d + i] = c * x - sin * y;
                        s[q * d + i] = sin * x + c * y;
                    }
                    for i in 0..d {
                        s[i * d + p] = s[p * d + i];
                        s[i * d + q] = s[q * d + i];
                    }
                    (s[p * d + p], s[q * d + q]) = (a - t * off, b + t * off);
                    (s[p * d + q], s[q * d + p]) = (0.0, 0.0);
                }
            }
            if !turned {
                break;
            }
        }
        let mut values: Vec<f64> = (0..d).map(|k| s[k * d + k]).collect();
        values.sort_by(f64::total_cmp);
        values
    }
}

/// Eigenvalues of S0^-1 S, ascending, for a symmetric S (overwritten) and the upper factor of S0.
pub fn generalised_eigenvalues(level: Level, s: &mut [f64], r0: &[f64], d: usize) -> Vec<f64> {
    // R0'^-1 S R0^-1: rows first, then columns, which are rows of the transpose.
    for _ in 0..2 {
        s.chunks_exact_mut(d).for_each(|row| solve_transposed(r0, d, row));
        transpose(s, d);
    }
    eigenvalues(level, s, d)
}

fn transpose(s: &mut [f64], d: usize) {
    for i in 0..d {
        for j in i + 1..d {
            s.swap(i * d + j, j * d + i);
        }
    }
}

kernel! {
    /// Singular values of a d x d matrix, which is overwritten, in ascending order: rows are turned until they are orthogonal.
    ///
    /// Small values keep their own relative accuracy where rows differ in scale, which eigenvalues of the product do not.
    pub fn singular_values(rows: &mut [f64], d: usize) -> Vec<f64> {
        let tolerance = f64::EPSILON * f64::sqrt(d as f64);
        let mut squares = vec![0.0; d];
        for _ in 0..SWEEPS {
            for (square, row) in squares.iter_mut().zip(rows.chunks_exact(d)) {
                *square = dot(row, row);
            }
            let mut largest = 0.0f64;
            for p in 0..d {
                let (above, below) = rows.split_at_mut((p + 1) * d);
                let first = &mut above[p * d..];
                for (q, second) in (p + 1..d).zip(below.chunks_exact_mut(d)) {
                    let (a, b) = (squares[p], squares[q]);
                    let off = dot(first, second);
                    let cosine = off.abs() / (f64::sqrt(a) * f64::sqrt(b));
                    if !(cosine > tolerance) {
                        continue;
                    }
                    largest = f64::max(largest, cosine);
                    let (t, c, sin) = rotation(a, b, off);
                    for (x, y) in first.iter_mut().zip(second) {
                        (*x, *y) = (c * *x - sin * *y, sin * *x + c * *y);
                    }
                    // Never below nothing, whatever rounding does.
                    (squares[p], squares[q]) = (f64::max(a - t * off, 0.0), f64::max(b + t * off, 0.0));
                }
            }
            // What is left after a sweep is of the order of the square of what it met.
            if largest < 1e-9 {
                break;
            }
        }
        let mut values: Vec<f64> = rows.chunks_exact(d).map(|row| f64::sqrt(dot(row, row))).collect();
        values.sort_by(f64::total_cmp);
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Values by numpy, scipy and mpmath: tools/oracles/matrix.py.
    const S: [f64; 16] = [4.0, 2.0, 0.6, 1.0, 2.0, 5.0, 1.0, 0.3, 0.6, 1.0, 3.0, 0.7, 1.0, 0.3, 0.7, 2.0];
    const S0: [f64; 16] = [2.0, 0.5, 0.2, 0.1, 0.5, 1.5, 0.3, 0.2, 0.2, 0.3, 1.0, 0.4, 0.1, 0.2, 0.4, 3.0];
    const R: [f64; 16] =
        [2.0, 1.0, 0.3, 0.5, 0.0, 2.0, 0.35, -0.1, 0.0, 0.0, 1.6695807857064, 0.3503873577177557, 0.0, 0.0, 0.0, 1.2717030705127552];
    const EIGENVALUES: [f64; 4] = [1.2998377022505085, 2.701801178966252, 2.888839377692972, 7.109521741090262];

    fn factor(s: &[f64], d: usize) -> Vec<f64> {
        let mut r = s.to_vec();
        cholesky(Level::best(), &mut r, d, 0.0).unwrap();
        r
    }

    fn near(a: &[f64], b: &[f64], relative: f64) {
        assert_eq!(a.len(), b.len());
        for (a, b) in a.iter().zip(b) {
            assert!((a - b).abs() <= relative * b.abs(), "{a} {b}");
        }
    }

    /// Entries that look random, the same every time.
    fn entries(count: usize) -> Vec<f64> {
        let mut stream = crate::random::stream::Stream::new([1, 2, 3, 4]);
        (0..count).map(|_| 2.0 * stream.uniform() - 1.0).collect()
    }

    #[test]
    fn factors_and_what_follows_from_them() {
        let r = factor(&S, 4);
        near(&r, &R, 1e-15);
        assert!((log_det(&r, 4) - 4.2784478640984736).abs() < 1e-15);
        let mut out = [0.0; 16];
        square(&r, 4, &mut out);
        near(&out, &S, 1e-15);
        inverse(&r, 4, &mut out);
        let upper = [
            0.35630902668019815,
            -0.13512014684923,
            0.011562713161528612,
            -0.16193344091924958,
            0.26563739109698814,
            -0.07403463822849252,
            0.05362658814003916,
            0.38597833862944414,
            -0.12976857936679587,
            0.6183417350169975,
        ];
        let seen: Vec<f64> = (0..4).flat_map(|i| out[4 * i + i..4 * (i + 1)].to_vec()).collect();
        near(&seen, &upper, 1e-14);
        let (mut x, mut y) = ([1.0, -2.0, 3.0, 0.5], [0.0; 4]);
        multiply_transposed(&r, 4, &x, &mut y);
        solve_transposed(&r, 4, &mut y);
        near(&y, &x, 1e-15);
        solve(&r, 4, &mut x);
        let back: Vec<f64> = (0..4).map(|i| dot(&r[4 * i..4 * (i + 1)], &x)).collect();
        near(&back, &[1.0, -2.0, 3.0, 0.5], 1e-14);
    }

    #[test]
    fn the_failing_pivot_is_named() {
        let collinear = [1.0, 2.0, 3.0, 2.0, 4.0, 6.0, 3.0, 6.0, 10.0];
        assert_eq!(cholesky(Level::best(), &mut collinear.clone(), 3, 1e-12), Err(1));
        assert_eq!(cholesky(Level::best(), &mut [1.0, 2.0, 2.0, 1.0], 2, 0.0), Err(1));
        assert_eq!(cholesky(Level::best(), &mut [f64::NAN], 1, 0.0), Err(0));
        assert_eq!(cholesky(Level::best(), &mut [0.0], 1, 0.0), Err(0));
    }

    #[test]
    fn eigenvalues_and_singular_values() {
        let level = Level::best();
        near(&eigenvalues(level, &mut S.to_vec(), 4), &EIGENVALUES, 1e-14);
        let small = [4.0, 2.0, -1.0, 2.0, 5.0, 0.5, -1.0, 0.5, 3.0];
        near(
            &eigenvalues(level, &mut small.to_vec(), 3),
            &[1.584_206_693_092_622_9, 3.839_336_452_466_481_5, 6.576_456_854_440_893_5],
            1e-14,
        );
        assert_eq!(eigenvalues(level, &mut [7.0], 1), [7.0]);
        assert_eq!(eigenvalues(level, &mut [2.0, 0.0, 0.0, 1.0], 2), [1.0, 2.0]);
        let generalised = [0.5287638980473123, 1.8418319527287745, 3.0199990906531036, 3.365371080719535];
        let r0 = factor(&S0, 4);
        near(&generalised_eigenvalues(level, &mut S.to_vec(), &r0, 4), &generalised, 1e-14);
        near(&singular_values(level, &mut R.to_vec(), 4), &EIGENVALUES.map(f64::sqrt), 1e-15);
        let graded = [1.0, 0.5, 0.25, 0.125, 0.0, 1e-3, 2e-3, -1e-3, 0.0, 0.0, 1e-6, 3e-6, 0.0, 0.0, 0.0, 1e-9];
        let exact = [1.219279835514526e-10, 3.0558787473553116e-06, 0.002328846801567441, 1.15244330727079];
        near(&singular_values(level, &mut graded.to_vec(), 4), &exact, 1e-14);
    }

    /// Both iterations see the same numbers, in many dimensions, at rank below full and at rank none.
    #[test]
    fn the_two_iterations_agree() {
        for (d, rank) in [(1, 1), (2, 1), (3, 3), (10, 10), (30, 30), (30, 7), (50, 50), (4, 0)] {
            let mut rows = vec![0.0; d * d];
            rows[..rank * d].copy_from_slice(&entries(rank * d));
            let mut s = vec![0.0; d * d];
            square(&rows, d, &mut s);
            let (values, roots) = (eigenvalues(Level::best(), &mut s, d), singular_values(Level::best(), &mut rows, d));
            let largest = values[d - 1];
            for (value, root) in values.iter().zip(&roots) {
                assert!((value - root * root).abs() <= 1e-13 * largest, "{d} {rank}: {value} {root}");
            }
            assert!(roots[..d - rank].iter().all(|root| root.abs() <= 1e-14 * largest.sqrt()), "{d} {rank}: {roots:?}");
        }
    }

    #[test]
    fn levels_give_the_same_bits() {
        for d in [1, 2, 3, 7, 8, 9, 33] {
            let rows = entries(d * d);
            let mut s = vec![0.0; d * d];
            square(&rows, d, &mut s);
            let seen: Vec<Vec<u64>> = Level::available()
                .into_iter()
                .map(|level| {
                    let (mut r, mut product) = (s.clone(), vec![0.0; d * d]);
                    cholesky(level, &mut r, d, 0.0).unwrap();
                    multiply(level, &r, &r, d, &mut product);
                    let values = [eigenvalues(level, &mut s.clone(), d), singular_values(level, &mut rows.clone(), d)];
                    r.iter().chain(&product).chain(values.iter().flatten()).map(|x| x.to_bits()).collect()
                })
                .collect();
            assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{d}");
        }
    }

    #[test]
    fn a_product_of_factors_is_a_factor_of_the_product() {
        let (a, b) = (factor(&S0, 4), factor(&S, 4));
        let mut product = [0.0; 16];
        multiply(Level::best(), &a, &b, 4, &mut product);
        for i in 0..4 {
            for j in 0..4 {
                let plain: f64 = (0..4).map(|k| a[4 * i + k] * b[4 * k + j]).sum();
                assert!((product[4 * i + j] - plain).abs() < 1e-15);
            }
        }
    }
}
