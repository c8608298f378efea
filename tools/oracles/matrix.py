"""Test values of the core's small matrices (math/matrix.rs), by numpy and scipy.

Run: python tools/oracles/matrix.py; the lines are copied into the tests of matrix.rs.
"""

import numpy as np
from scipy import linalg

np.set_printoptions(precision=17, floatmode="unique", linewidth=140, suppress=False)

S = np.array([[4.0, 2.0, 0.6, 1.0], [2.0, 5.0, 1.0, 0.3], [0.6, 1.0, 3.0, 0.7], [1.0, 0.3, 0.7, 2.0]])
S0 = np.array([[2.0, 0.5, 0.2, 0.1], [0.5, 1.5, 0.3, 0.2], [0.2, 0.3, 1.0, 0.4], [0.1, 0.2, 0.4, 3.0]])
# A matrix that is not symmetric, with rows of very different size.
M = np.array([[1.0, 0.5, 0.25, 0.125], [0.0, 1e-3, 2e-3, -1e-3], [0.0, 0.0, 1e-6, 3e-6], [0.0, 0.0, 0.0, 1e-9]])

R = np.linalg.cholesky(S).T
print("cholesky", R[np.triu_indices(4)].tolist())
print("log_det", float(np.linalg.slogdet(S)[1]))
print("inverse, upper half", np.linalg.inv(S)[np.triu_indices(4)].tolist())
print("eigenvalues", np.linalg.eigvalsh(S).tolist())
print("generalised", linalg.eigh(S, S0, eigvals_only=True).tolist())
print("singular values of R0' R", np.sort(np.linalg.svd(np.linalg.cholesky(S0) @ R, compute_uv=False)).tolist())

# The graded matrix in 60 digits: float64 loses the small values.
import mpmath

mpmath.mp.dps = 60
values = mpmath.svd_r(mpmath.matrix(M.tolist()), compute_uv=False)
print("graded", sorted(float(v) for v in values))
