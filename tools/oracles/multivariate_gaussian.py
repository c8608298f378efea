"""Test values of the multivariate gaussian columns, by numpy and scipy from the matrices themselves (no factors, no own units).

Run: python tools/oracles/multivariate_gaussian.py; the numbers are copied into the tests of native/core/src/models/multivariate_gaussian/tests.rs.
"""

import numpy as np
from scipy import linalg, stats

m0 = np.array([1.0, -2.0, 10.0])
S0 = np.array([[4.0, 1.2, -0.6], [1.2, 1.0, 0.3], [-0.6, 0.3, 9.0]])
m = np.array([1.5, -1.0, 4.0])
S = np.array([[1.0, -0.2, 0.5], [-0.2, 2.0, 0.7], [0.5, 0.7, 3.0]])


def report(name, m0, S0, m, S):
    d, apart = len(m0), m - m0
    values = linalg.eigh(S, S0, eigvals_only=True)
    C = np.linalg.solve(S0, S)
    logdet = lambda A: np.linalg.slogdet(A)[1]
    forward = 0.5 * (np.trace(np.linalg.solve(S, S0)) + apart @ np.linalg.solve(S, apart) - d + logdet(S) - logdet(S0))
    reverse = 0.5 * (np.trace(C) + apart @ np.linalg.solve(S0, apart) - d - logdet(S) + logdet(S0))
    middle = (S + S0) / 2
    bc = np.exp((logdet(S) + logdet(S0)) / 4 - logdet(middle) / 2 - apart @ np.linalg.solve(middle, apart) / 8)
    root = linalg.sqrtm(S0)
    w2 = np.sqrt(apart @ apart + np.trace(S + S0 - 2 * np.real(linalg.sqrtm(root @ S @ root))))
    edge = lambda p: stats.norm.isf(p / 2)
    z = apart / np.sqrt(np.diag(S0))
    s = np.sqrt(np.diag(S) / np.diag(S0))
    lower = lambda p: stats.norm.cdf((-edge(p) - z) / s) / (p / 2)
    upper = lambda p: stats.norm.sf((edge(p) - z) / s) / (p / 2)
    rows = {
        "variance_ratio": np.trace(C) / d,
        "variance_min": values[0],
        "variance_max": values[-1],
        "mean_shift": np.sqrt(apart @ np.linalg.solve(S0, apart)),
        "fit_log_det": logdet(S),
        "partial_variance": (1 / np.linalg.inv(S)[-1, -1]) / (1 / np.linalg.inv(S0)[-1, -1]),
        "support_dimension": float(d),
        "participation_ratio": np.trace(C) ** 2 / np.trace(C @ C),
        "tail_p05": np.min((lower(0.05) + upper(0.05)) / 2),
        "tail_p01": np.min((lower(0.01) + upper(0.01)) / 2),
        "tail_p001": np.min((lower(0.001) + upper(0.001)) / 2),
        "tail_lower_p01": np.min(lower(0.01)),
        "tail_upper_p01": np.min(upper(0.01)),
        "w2": w2,
        "kl_forward": forward,
        "kl_reverse": reverse,
        "hellinger": np.sqrt(1 - bc),
        "entropy": stats.multivariate_normal(m, S).entropy(),
    }
    print(name)
    for column, value in rows.items():
        print(f'    ("{column}", {float(value)!r}),')


report("full", m0, S0, m, S)
report("standard", np.zeros(3), np.eye(3), m - m0, S)
report("diagonal", m0, S0, m, np.diag(np.diag(S)))
