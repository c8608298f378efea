"""Values of native/core/src/models/kde/tests.rs: scipy.stats.gaussian_kde on ten rows of two columns, and on the first column alone.

    python tools/oracles/kde.py        needs numpy and scipy
"""

import numpy as np
from scipy.stats import gaussian_kde

ROWS = np.array([[1.0, 2.0], [2.5, 1.0], [0.5, 3.5], [4.0, 0.5], [3.0, 2.5], [2.0, 2.0], [1.5, 4.0], [5.0, 1.5], [0.0, 3.0], [2.2, 1.8]]).T

for rule in ("scott", "silverman"):
    for data in (ROWS, ROWS[:1]):
        kde = gaussian_kde(data, bw_method=rule)
        model = np.cov(data, ddof=0).reshape(len(data), -1) + kde.covariance
        edge = 0.7
        print(rule, repr(kde.factor), kde.covariance.ravel().tolist(), model.ravel().tolist(), kde.integrate_box_1d(-np.inf, edge) if len(data) == 1 else "")
