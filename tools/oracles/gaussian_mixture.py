"""Values of gaussian mixtures that the core must meet, by scikit-learn's GaussianMixture.

    python tools/oracles/gaussian_mixture.py    (numpy, scipy, scikit-learn)

Prints the projections of native/laws/tests/mixture.rs and writes native/core/src/models/gaussian_mixture/oracles.json: for each case the start, the settings and what scikit-learn makes of them.
Records are made by plain arithmetic, so that the tests make the same ones: x_ij = sum over t < 3 of frac(i * STEP[(2 j + t) mod 7]) - 1.5,
plus `shift` in every coordinate for records with i mod 3 = 0, plus 0.6 times the coordinate before.
"""

import json
import math
import os

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import multivariate_normal, norm
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

# N(0, 1 + a^2) beside .5 N(-a, 1) + .5 N(a, 1): native/laws/tests/mixture.rs.


def projection(a):
    s = math.sqrt(1 + a * a)
    p = lambda x: 0.5 * (norm.pdf(x, -a) + norm.pdf(x, a))
    q = lambda x: norm.pdf(x, 0, s)
    cdf = lambda x: 0.5 * (norm.cdf(x, -a) + norm.cdf(x, a))
    # Laws are symmetric: twice the integral over x > 0, cut where densities cross and at every sd.
    cuts = sorted({0.0, a, a + 9, a + 14, 9 * s} | {float(k) for k in range(1, 14)} | set(crossings(lambda x: p(x) - q(x), a)))
    whole = lambda f: 2 * sum(quad(f, u, v, epsabs=1e-15, epsrel=1e-13, limit=200)[0] for u, v in zip(cuts, cuts[1:]))
    gap = lambda x: cdf(x) - norm.cdf(x, 0, s)
    inverse = lambda x: norm.isf(0.5 * (norm.sf(x, -a) + norm.sf(x, a)), 0, s)
    log = lambda x: np.logaddexp(norm.logpdf(x, -a), norm.logpdf(x, a)) - math.log(2)
    return [
        1 + a * a,
        whole(lambda x: p(x) * (log(x) - norm.logpdf(x, 0, s))),
        whole(lambda x: q(x) * (norm.logpdf(x, 0, s) - log(x))),
        math.sqrt(0.5 * whole(lambda x: (math.sqrt(p(x)) - math.sqrt(q(x))) ** 2)),
        0.5 * whole(lambda x: abs(p(x) - q(x))),
        max(abs(gap(x)) for x in crossings(lambda x: p(x) - q(x), a)),
        whole(lambda x: abs(gap(x))),
        math.sqrt(whole(lambda x: p(x) * (x - inverse(x)) ** 2)),
    ]


def crossings(f, a):
    grid = np.linspace(1e-3, a + 9, 4000)
    values = [f(x) for x in grid]
    return [brentq(f, u, v, xtol=1e-15) for u, v, fu, fv in zip(grid, grid[1:], values, values[1:]) if fu * fv < 0]


for a in (1.0, 3.0):
    print("projection", a, [float(value) for value in projection(a)])
