//! Small symmetric matrices, row by row: Cholesky factors, their inverses, and eigenvalues.

/// Writes the lower factor L of `matrix` = L L'; false where the matrix is not positive definite.
pub fn cholesky(matrix: &[f64], width: usize, factor: &mut [f64]) -> bool {
    factor.fill(0.0);
    for i in 0..width {
        for j in 0..=i {
            let mut rest = matrix[i * width + j];
            for k in 0..j {
                rest -= factor[i * width + k] * factor[j * width + k];
            }
            if i > j {
                factor[i * width + j] = rest / factor[j * width + j];
            } else if rest > 0.0 && rest < f64::INFINITY {
                factor[i * width + i] = f64::sqrt(rest);
            } else {
                return false;
            }
        }
    }
    true
}

/// Writes the inverse of a lower triangular matrix, itself lower triangular.
pub fn invert_lower(factor: &[f64], width: usize, inverse: &mut [f64]) {
    inverse.fill(0.0);
    for j in 0..width {
        inverse[j * width + j] = 1.0 / factor[j * width + j];
        for i in j + 1..width {
            let mut sum = 0.0;
            for k in j..i {
                sum += factor[i * width + k] * inverse[k * width + j];
            }
            inverse[i * width + j] = -sum / factor[i * width + i];
        }
    }
}

/// Eigenvalues of a symmetric matrix in ascending order, by cyclic Jacobi rotations. Source: Golub and Van Loan (2013), section 8.5.
pub fn eigenvalues(matrix: &[f64], width: usize) -> Vec<f64> {
    let mut a = matrix.to_vec();
    let at = |i: usize, j: usize| i * width + j;
    let size: f64 = a.iter().map(|x| x * x).sum();
    for _ in 0..60 {
        let off: f64 = (0..width).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[at(i, j)] * a[at(i, j)]).sum();
        if !(off > size * 1e-34) {
            break;
        }
        for p in 0..width {
            for q in p + 1..width {
                let apq = a[at(p, q)];
                if apq == 0.0 {
                    continue;
                }
                let theta = (a[at(q, q)] - a[at(p, p)]) / (2.0 * apq);
                let t = theta.signum() / (theta.abs() + f64::sqrt(theta * theta + 1.0));
                let c = 1.0 / f64::sqrt(t * t + 1.0);
                let s = t * c;
                for k in 0..width {
                    let (kp, kq) = (a[at(k, p)], a[at(k, q)]);
                    a[at(k, p)] = c * kp - s * kq;
                    a[at(k, q)] = s * kp + c * kq;
                }
                for k in 0..width {
                    let (pk, qk) = (a[at(p, k)], a[at(q, k)]);
                    a[at(p, k)] = c * pk - s * qk;
                    a[at(q, k)] = s * pk + c * qk;
                }
            }
        }
    }
    let mut values: Vec<f64> = (0..width).map(|i| a[at(i, i)]).collect();
    values.sort_by(f64::total_cmp);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: [f64; 9] = [4.0, 2.0, -1.0, 2.0, 5.0, 0.5, -1.0, 0.5, 3.0];

    #[test]
    fn factor_and_inverse_multiply_back() {
        let (mut l, mut inverse) = ([0.0; 9], [0.0; 9]);
        assert!(cholesky(&A, 3, &mut l));
        invert_lower(&l, 3, &mut inverse);
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = (0..3).map(|k| l[3 * i + k] * l[3 * j + k]).sum();
                assert!((product - A[3 * i + j]).abs() < 1e-14);
                let one: f64 = (0..3).map(|k| l[3 * i + k] * inverse[3 * k + j]).sum();
                assert!((one - if i == j { 1.0 } else { 0.0 }).abs() < 1e-15);
            }
        }
        assert!(!cholesky(&[1.0, 2.0, 2.0, 1.0], 2, &mut [0.0; 4]));
        assert!(!cholesky(&[f64::NAN], 1, &mut [0.0]));
    }

    /// Sum and product of eigenvalues are the trace and the determinant; numpy.linalg.eigvalsh gives the values.
    #[test]
    fn eigenvalues_meet_numpy() {
        let values = eigenvalues(&A, 3);
        for (found, expected) in values.iter().zip([1.584_206_693_092_622_9, 3.839_336_452_466_481_5, 6.576_456_854_440_893_5]) {
            assert!((found - expected).abs() < 1e-13, "{found} {expected}");
        }
        assert_eq!(eigenvalues(&[7.0], 1), [7.0]);
        assert_eq!(eigenvalues(&[2.0, 0.0, 0.0, 1.0], 2), [1.0, 2.0]);
    }
}
