"""Values of gaussian mixtures that the core must meet, by scikit-learn's GaussianMixture.

    python tools/oracles/gaussian_mixture.py    (numpy, scipy, scikit-learn)

Writes native/core/src/models/gaussian_mixture/oracles.json: for each case the start, the settings and what scikit-learn makes of them.
Records are made by plain arithmetic, so that the tests make the same ones: x_ij = sum over t < 3 of frac(i * STEP[(2 j + t) mod 7]) - 1.5,
plus `shift` in every coordinate for records with i mod 3 = 0, plus 0.6 times the coordinate before.
"""

import json
import math
import os

import numpy as np
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture

STEP = [math.sqrt(p) for p in (2, 3, 5, 7, 11, 13, 17)]
OUT = os.path.join(os.path.dirname(__file__), "../../native/core/src/models/gaussian_mixture/oracles.json")


def records(n, d, shift):
    x = np.zeros((n, d))
    for i in range(n):
        for j in range(d):
            value = -1.5
            for t in range(3):
                product = (i + 1) * STEP[(2 * j + t) % 7]
                value += product - math.floor(product)
            value += shift if i % 3 == 0 else 0.0
            x[i, j] = value + (0.6 * x[i, j - 1] if j > 0 else 0.0)
    return x


def case(name, n, d, k, covariance, iterations, tolerance, shift):
    x = records(n, d, shift)
    means = x[[5 + 7 * c for c in range(k)]]
    kind = {"full": "full", "diagonal": "diag", "spherical": "spherical"}[covariance]
    ones = {"full": np.array([np.eye(d)] * k), "diagonal": np.ones((k, d)), "spherical": np.ones(k)}[covariance]
    fit = GaussianMixture(k, covariance_type=kind, tol=tolerance, max_iter=iterations, reg_covar=1e-6, weights_init=np.full(k, 1 / k),
                          means_init=means, precisions_init=ones).fit(x)
    full = {"full": lambda c: c, "diagonal": lambda c: np.array([np.diag(v) for v in c]),
            "spherical": lambda c: np.array([v * np.eye(d) for v in c])}[covariance](fit.covariances_)
    return {"name": name, "n": n, "d": d, "k": k, "covariance": covariance, "iterations": iterations, "tolerance": tolerance, "shift": shift,
            "means_start": means.ravel().tolist(), "lower_bound": float(fit.lower_bound_), "used": int(fit.n_iter_),
            "converged": bool(fit.converged_), "score": float(fit.score(x)), "weights": fit.weights_.tolist(),
            "means": fit.means_.ravel().tolist(), "covariances": full.ravel().tolist()}


cases = [
    case("one dimension", 600, 1, 2, "full", 100, 1e-3, 2.5),
    case("one dimension to the end", 600, 1, 2, "full", 60, 0.0, 2.5),
    case("two dimensions", 1500, 2, 3, "full", 40, 0.0, 2.0),
    case("two dimensions, diagonal", 700, 2, 2, "diagonal", 100, 1e-5, 3.0),
    case("two dimensions, spherical", 700, 2, 3, "spherical", 25, 0.0, 3.0),
    case("three dimensions", 513, 3, 2, "full", 30, 0.0, 2.0),
    case("five dimensions", 800, 5, 2, "full", 25, 0.0, 2.0),
    case("five dimensions, diagonal", 530, 5, 3, "diagonal", 25, 0.0, 2.0),
    case("six dimensions, spherical", 530, 6, 2, "spherical", 100, 1e-4, 2.0),
    case("one component", 100, 2, 1, "full", 10, 1e-3, 1.0),
]
laws = [multivariate_normal([1, -2], [[2, 0.6], [0.6, 0.5]]), multivariate_normal([0, 0], np.eye(2))]
points = [[0, 0], [1, -2], [40, 3]]
densities = [[p, float(np.logaddexp(math.log(0.3) + laws[0].logpdf(p), math.log(0.7) + laws[1].logpdf(p)))] for p in points]
with open(OUT, "w") as out:
    rows = ",\n    ".join(json.dumps(c) for c in cases)
    out.write('{\n  "cases": [\n    ' + rows + '\n  ],\n  "densities": ' + json.dumps(densities) + "\n}\n")
for c in cases:
    print(c["name"], c["used"], c["converged"], c["lower_bound"], c["weights"])
