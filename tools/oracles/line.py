"""Distances between laws on the line for native/core/src/measures/line_tests.rs, by scipy and dense Gauss-Legendre panels.

Each law is a scipy distribution, a weighted sum of them, scipy's own gaussian_kde or a piecewise uniform law. Integrals use 4,000 panels of
20 points; |F - G| and |p - q| are cut at their roots (brentq). The values agree with those of 2,000 panels to 1e-11.

    python tools/oracles/line.py        needs numpy and scipy; prints the rows of the table in the tests
"""

import numpy as np
from scipy import optimize, stats
from scipy.special import logsumexp

NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)


class Sum:
    def __init__(self, parts):
        self.parts = parts

    def logpdf(self, x):
        return logsumexp([np.log(w) + law.logpdf(x) for w, law in self.parts], axis=0)

    def cdf(self, x):
        return sum(w * law.cdf(x) for w, law in self.parts)

    def sf(self, x):
        return sum(w * law.sf(x) for w, law in self.parts)

    def _solve(self, mass, goal):
        return np.array([optimize.brentq(lambda x: float(mass(np.array([x]))[0]) - t, -60, 60, xtol=1e-15, rtol=1e-14) for t in np.atleast_1d(goal)])

    def ppf(self, u):
        return self._solve(self.cdf, u)

    def isf(self, u):
        return self._solve(self.sf, u)


def kde(points, width):
    return Sum([(1 / len(points), stats.norm(x, width)) for x in points])


def integral(f, edges):
    a, b = np.asarray(edges[:-1])[:, None], np.asarray(edges[1:])[:, None]
    x = 0.5 * (a + b) + 0.5 * (b - a) * NODES
    return float(np.sum(0.5 * (b - a) * WEIGHTS * f(x.ravel()).reshape(x.shape)))


def cut(f, edges):
    """The edges and the roots of f between fine steps."""
    x = np.unique(np.concatenate([np.linspace(a, b, 41) for a, b in zip(edges[:-1], edges[1:])]))
    y = f(x)
    found = [optimize.brentq(lambda t: float(f(np.array([t]))[0]), x[i], x[i + 1], xtol=1e-15) for i in np.flatnonzero(y[:-1] * y[1:] < 0)]
    return np.unique(np.concatenate([edges, found])), found


def gap(p, q):
    return lambda x: np.where(p.cdf(x) + q.cdf(x) < 1, p.cdf(x) - q.cdf(x), q.sf(x) - p.sf(x))


def measures(p, q, edges):
    """w1, w2, forward, reverse, hellinger, tv, ks and the entropy of q."""
    out = {}
    marks, _ = cut(gap(p, q), edges)
    out["w1"] = integral(lambda x: np.abs(gap(p, q)(x)), marks)
    # Along q, and p's quantiles of the smaller mass; along p where only q has quantiles (p has a power tail).
    def carried(x, along, across):
        low, high = along.cdf(x), along.sf(x)
        return np.where(low < 0.5, across.ppf(np.clip(low, 1e-300, 0.5)), across.isf(np.clip(high, 1e-300, 0.5)))

    along, across = (p, q) if isinstance(q, type(stats.norm())) else (q, p)
    images = along.ppf(across.cdf(np.linspace(-12, 12, 481))) if along is p else np.array([])
    marks = np.unique(np.concatenate([edges, images[np.isfinite(images)]]))
    out["w2"] = np.sqrt(integral(lambda x: np.exp(along.logpdf(x)) * (x - carried(x, along, across)) ** 2, marks))
    with np.errstate(divide="ignore", invalid="ignore"):
        forward = lambda x: np.where(np.exp(p.logpdf(x)) > 0, np.exp(p.logpdf(x)) * (p.logpdf(x) - q.logpdf(x)), 0.0)
        reverse = lambda x: np.where(np.exp(q.logpdf(x)) > 0, np.exp(q.logpdf(x)) * (q.logpdf(x) - p.logpdf(x)), 0.0)
        out["forward"], out["reverse"] = integral(forward, edges), integral(reverse, edges)
        out["hellinger"] = np.sqrt(0.5 * integral(lambda x: (np.exp(0.5 * p.logpdf(x)) - np.exp(0.5 * q.logpdf(x))) ** 2, edges))
        marks, roots = cut(lambda x: p.logpdf(x) - q.logpdf(x), edges)
        out["tv"] = 0.5 * integral(lambda x: np.abs(np.exp(p.logpdf(x)) - np.exp(q.logpdf(x))), marks)
        out["ks"] = max(abs(float(gap(p, q)(np.array([x]))[0])) for x in roots) if roots else 0.0
        out["entropy"] = -integral(lambda x: np.where(np.exp(q.logpdf(x)) > 0, np.exp(q.logpdf(x)) * q.logpdf(x), 0.0), edges)
    return out


def show(name, values):
    print(name, "[" + ", ".join("NAN" if v is None or not np.isfinite(v) else repr(float(v)) for v in values.values()) + "]")


def main():
    wide = np.linspace(-14, 14, 4001)
    mixture = Sum([(0.3, stats.norm(-2, 0.5)), (0.5, stats.norm(0, 1)), (0.2, stats.norm(3, 0.25))])
    mean, sd = 0.0, np.sqrt(0.3 * (4 + 0.25) + 0.5 + 0.2 * (9 + 0.0625))
    points = [-1.9, -0.7, -0.4, 0.1, 0.2, 1.3, 2.6]
    show("mixture to its normal fit", measures(mixture, stats.norm(mean, sd), wide))
    show("normal to kde 0.3", measures(stats.norm(), kde(points, 0.3), wide))
    show("normal to kde 0.05", measures(stats.norm(), kde(points, 0.05), np.linspace(-14, 14, 8001)))
    show("mixture to kde 0.5", measures(mixture, kde(points, 0.5), np.linspace(-14, 14, 201)))
    fine = np.concatenate([np.linspace(0, 1, 2000), np.linspace(1, 60, 4000)[1:]])
    both = np.unique(np.concatenate([np.linspace(-14, 0, 2000), fine]))
    show("exponential to normal(1.2, 0.8)", measures(stats.expon(), stats.norm(1.2, 0.8), both))
    points = [0.1, 0.4, 0.9, 2.5]
    show("exponential to kde 0.2", measures(stats.expon(), kde(points, 0.2), both))
    tail = np.concatenate([np.linspace(-14, 1, 1500), np.exp(np.linspace(0, np.log(1e15), 9000))[1:]])
    show("pareto(1, 3) to normal(1.5, 0.7)", measures(stats.pareto(3), stats.norm(1.5, 0.7), tail))


main()
