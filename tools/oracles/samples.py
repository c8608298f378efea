"""Makes packages/metrics/src/samples/oracles.json: what scipy and numpy say about two samples. W2 is an assignment of
rows that stand as often as they weigh, which scipy solves without sorting anything. Needs numpy and scipy; run from the
root of the repository: python tools/oracles/samples.py"""

import json
import math
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import jensenshannon

TARGET = Path(__file__).resolve().parents[2] / "packages/metrics/src/samples/oracles.json"


def plain(value):
    value = float(value)
    return value if math.isfinite(value) else str(value)


def expanded(values, weights):
    return np.repeat(values, weights) if weights is not None else np.asarray(values, float)


def w2(u, uw, v, vw):
    """By the cheapest assignment of rows, each sample repeated until both have the same number."""
    a, b = expanded(u, uw), expanded(v, vw)
    size = math.lcm(len(a), len(b))
    a, b = np.repeat(a, size // len(a)), np.repeat(b, size // len(b))
    cost = (a[:, None] - b[None, :]) ** 2
    rows, columns = linear_sum_assignment(cost)
    return math.sqrt(cost[rows, columns].sum() / size)


def shortfall(values, weights, p, side):
    """The mean of the outermost part, from the rows cut into so many equal pieces that p is a whole number of them."""
    rows = np.sort(expanded(values, weights))
    pieces = np.repeat(rows, 1000)
    count = round(p * len(pieces))
    assert abs(count - p * len(pieces)) < 1e-9
    return (pieces[:count] if side == "lower" else pieces[-count:]).mean()


def line(u, v, uw=None, vw=None):
    a, b = expanded(u, uw), expanded(v, vw)
    row = {"u": [plain(x) for x in u], "v": [plain(x) for x in v]}
    if uw is not None:
        row["uw"], row["vw"] = list(map(int, uw)), list(map(int, vw))
    row |= {
        "w1": plain(stats.wasserstein_distance(u, v, uw, vw)),
        "w2": plain(w2(u, uw, v, vw)),
        "energy": plain(stats.energy_distance(u, v, uw, vw)),
        "ks": plain(stats.ks_2samp(a, b, method="asymp").statistic),
        "quantiles": [[p, plain(np.quantile(b, p) - np.quantile(a, p))] for p in (0, 0.001, 0.05, 0.25, 0.5, 0.9, 0.99, 1)],
        "shortfall": [[p, side, plain(shortfall(u, uw, p, side))] for p in (0.05, 0.5, 1) for side in ("lower", "upper")],
        "mean": plain(a.mean()),
        "sd": plain(a.std(ddof=1)),
        "kurtosis": plain(stats.kurtosis(a, fisher=False)),
    }
    return row


def lines():
    rng = np.random.default_rng(20)
    rounded = lambda values: [float(f"{x:.6g}") for x in values]
    found = [
        line([0, 1, 3], [5, 6, 8]),
        line([0, 1], [0, 1], [3, 1], [2, 2]),
        line([1, 1, 2, 2, 2], [1, 2, 2, 3]),
        line([1, 2, 2.5, 3], [2.25]),
        line(rounded(rng.normal(size=20)), rounded(rng.normal(0.5, 2, size=30))),
        line(rounded(rng.pareto(1.1, size=24)), rounded(rng.pareto(1.1, size=24))),
        line([1e9 + x for x in rounded(rng.normal(size=12))], [1e9 + x for x in rounded(rng.normal(size=9))]),
        line(rng.integers(0, 4, 25).astype(float), rng.integers(1, 6, 35).astype(float)),
        line(rounded(rng.normal(size=6)), rounded(rng.normal(size=5)), rng.integers(1, 6, 6), rng.integers(1, 5, 5)),
        line(rounded(rng.normal(size=8) * 1e-60), rounded(rng.normal(size=6) * 1e-60)),
    ]
    return found


def categories():
    rng = np.random.default_rng(21)
    cases = [([0.5, 0.5, 0], [0.5, 0, 0.5]), ([0, 0.3, 0.7], [0.2, 0.3, 0.5]), ([10, 5, 1], [100, 50, 10])]
    for classes in (5, 40):
        cases.append((rng.integers(1, 50, classes).tolist(), rng.integers(0, 50, classes).tolist()))
    cases.append(([0.3, 0.7], [0.3 * (1 + 1e-9), 0.7 - 0.3e-9]))
    found = []
    for p, q in cases:
        a, b = np.array(p, float) / sum(p), np.array(q, float) / sum(q)
        found.append({
            "p": p,
            "q": q,
            "tv": plain(np.abs(a - b).sum() / 2),
            "kl_forward": plain(stats.entropy(a, b)),
            "kl_reverse": plain(stats.entropy(b, a)),
            "js": plain(jensenshannon(a, b) ** 2),
        })
    return found


def exceedances():
    """J of m rows beyond the k-th outermost of n: scipy's nhypergeom of the pooled rows."""
    found = []
    for n, k, m, seen in [(10, 1, 10, 3), (100, 5, 100, 0), (534, 6, 534, 1), (1000, 10, 50, 4), (20, 20, 7, 7), (100000, 1000, 90000, 700)]:
        law = stats.nhypergeom(n + m, m, k)
        p = min(1, 2 * min(law.cdf(seen), law.sf(seen - 1)))
        found.append([n, k, m, seen, plain(law.ppf(0.025)), plain(law.ppf(0.975)), plain(p)])
    return found


def fisher():
    """Twice the smaller tail of scipy's exact test, and the middle 95 % of its law."""
    found = []
    for a, n, b, m in [(3, 10, 5, 10), (27, 534, 8, 534), (5, 100, 0, 200), (0, 20, 0, 30), (7, 7, 3, 9), (5000, 100000, 4800, 90000)]:
        law = stats.hypergeom(n + m, a + b, m)
        p = min(stats.fisher_exact([[b, m - b], [a, n - a]], alternative=side).pvalue for side in ("less", "greater"))
        found.append([a, n, b, m, plain(law.ppf(0.025)), plain(law.ppf(0.975)), plain(min(1, 2 * p))])
    return found


def hypergeometric():
    """Draws, good, all, and the mean and the variance of the count of good ones."""
    found = []
    for draws, good, everything in [(5, 3, 12), (33, 60, 200), (50, 3, 4000), (400, 4000, 4010), (5000, 30, 100000), (1000, 50000, 100000)]:
        law = stats.hypergeom(everything, good, draws)
        found.append([draws, good, everything, plain(law.mean()), plain(law.var()), plain(law.cdf(math.floor(law.mean())))])
    return found


def permutations():
    """p of all ways to deal the rows of two small samples out, counted one by one."""
    found = []
    for a, b in [([1, 2, 3, 4.5], [2.5, 5, 6, 7, 8]), ([1, 1, 2, 2, 2], [1, 2, 2, 3]), ([0, 0, 0, 1, 5], [0, 9, 9, 9])]:
        pooled, n = np.array(a + b, float), len(a)
        row = {"a": a, "b": b}
        for name, statistic in [
            ("w1", stats.wasserstein_distance),
            ("energy", stats.energy_distance),
            ("ks", lambda x, y: stats.ks_2samp(x, y, method="asymp").statistic),
        ]:
            test = stats.permutation_test((a, b), statistic, n_resamples=np.inf, alternative="greater")
            row[name] = [plain(test.statistic), plain(test.pvalue)]
        found.append(row)
    return found


def chi_square():
    rng = np.random.default_rng(22)
    cases = [([20, 180, 200], [0, 200, 200]), (rng.integers(1, 9, 12).tolist(), rng.integers(0, 30, 12).tolist())]
    return [[a, b, plain(stats.chi2_contingency([a, b], correction=False).statistic)] for a, b in cases]


def main():
    oracle = {
        "lines": lines(),
        "categories": categories(),
        "exceedances": exceedances(),
        "fisher": fisher(),
        "hypergeometric": hypergeometric(),
        "chi_square": chi_square(),
        "permutations": permutations(),
    }
    TARGET.write_text(json.dumps(oracle, indent=1) + "\n")


if __name__ == "__main__":
    main()
