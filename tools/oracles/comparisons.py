"""Makes packages/metrics/src/comparisons.json: what scipy and formulas written out say about dates under different
horizons, and about differences between groups; lifelines and statsmodels must agree. Needs numpy, scipy, mpmath,
lifelines and statsmodels; run from the root of the repository: python tools/oracles/comparisons.py"""

import math
from fractions import Fraction
from pathlib import Path

import numpy as np
from lifelines.statistics import multivariate_logrank_test
from metrics import layout, mp, plain, rank_of, row
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight
from statsmodels.stats.proportion import confint_proportions_2indep

TARGET = Path(__file__).resolve().parents[2] / "packages/metrics/src/comparisons.json"


def chi_square():
    points = [(1e-3, 1), (0.5, 1), (3.841458820694124, 1), (60, 1), (900, 1), (2.5, 2), (7, 3), (0.1, 10), (40, 10), (130, 100)]
    return [row(x, k, mp.gammainc(mp.mpf(k) / 2, mp.mpf(x) / 2, regularized=True)) for x, k in points]


def draw(rng, n, p, stop, horizons):
    """Dates, stops and horizons of n chains, each event as the engine would have seen it."""
    event, gone = rng.geometric(p, n) - 1, rng.geometric(stop, n) - 1 if stop else np.full(n, 10**9)
    horizon = rng.choice(horizons, n)
    events = np.where((event <= horizon) & (event <= gone), event, -1)
    stopped = np.where((gone <= horizon) & (gone < event), gone, -1)
    return [[int(v) for v in values] for values in (events, stopped, horizon)]


def survival(events, horizons):
    """1 - Kaplan-Meier by scipy, and Greenwood's variance by its sum."""
    seen = [e for e in events if e >= 0]
    left = [h for e, h in zip(events, horizons) if e < 0]
    found = stats.ecdf(stats.CensoredData(uncensored=seen, right=left)).cdf
    shares, variances = [], []
    for g in range(max(horizons) + 1):
        share = float(found.evaluate(g))
        total = Fraction(0)
        for t in range(g + 1):
            risk = sum(1 for e, h in zip(events, horizons) if (e if e >= 0 else h) >= t)
            come = sum(1 for e in events if e == t)
            if come and risk > come:
                total += Fraction(come, risk * (risk - come))
        shares.append(plain(share))
        variances.append(plain((1 - share) ** 2 * float(total)))
    return {"share": shares, "variance": variances}


def competing(events, stopped, horizons):
    """Aalen-Johansen and its delta-method variance, each as the sum over all generations, in exact rationals."""
    last = [e if e >= 0 else s if s >= 0 else h for e, s, h in zip(events, stopped, horizons)]
    steps, free = [], Fraction(1)
    for t in range(max(horizons) + 1):
        risk = sum(1 for v in last if v >= t)
        come, gone = sum(1 for e in events if e == t), sum(1 for s in stopped if s == t)
        steps.append((t, risk, come, gone, free))
        if risk:
            free *= 1 - Fraction(come + gone, risk)
    share, shares = Fraction(0), []
    for _, risk, come, _, before in steps:
        share += before * Fraction(come, risk) if risk else 0
        shares.append(share)
    variances = []
    for g, total in enumerate(shares):
        sum_of = Fraction(0)
        for t, risk, come, gone, before in steps[: g + 1]:
            if risk == 0:
                continue
            later, all_of = total - shares[t], come + gone
            if all_of and risk > all_of:
                sum_of += later**2 * Fraction(all_of, risk * (risk - all_of))
            sum_of += before**2 * Fraction(come * (risk - come), risk**3)
            sum_of -= 2 * later * before * Fraction(come, risk**2)
        variances.append(plain(float(sum_of)))
    status = np.array([1 if e >= 0 else 2 if s >= 0 else 0 for e, s in zip(events, stopped)])
    other = CumIncidenceRight(np.array(last), status)
    assert np.allclose([float(shares[t]) for t in other.times], other.cinc[0], rtol=1e-12)
    return {"share": [plain(float(v)) for v in shares], "variance": variances}


def incidences(rng):
    cases = []
    for n, p, stop, horizons in [(12, 0.2, 0, [3, 6, 10]), (40, 0.1, 0, [5, 20]), (25, 0.15, 0.1, [12]), (60, 0.08, 0.05, [4, 9, 25])]:
        events, stopped, horizon = draw(rng, n, p, stop, horizons)
        found = competing(events, stopped, horizon) if stop else survival(events, horizon)
        cases.append({"events": events, "stopped": stopped, "horizons": horizon, **found})
    return cases


def log_rank(groups):
    """Chi-square of O - E by a pseudo-inverse; two groups as scipy has it."""
    ends = [[e if e >= 0 else h for e, h in zip(*group)] for group in groups]
    difference, covariance = np.zeros(len(groups)), np.zeros((len(groups), len(groups)))
    for t in range(max(max(end) for end in ends) + 1):
        risk = np.array([sum(1 for v in end if v >= t) for end in ends], float)
        come = np.array([sum(1 for e in events if e == t) for events, _ in groups], float)
        n, d = risk.sum(), come.sum()
        if d == 0 or np.count_nonzero(risk) < 2:
            continue
        difference += come - d * risk / n
        spread = d * (n - d) / (n - 1) if n > 1 else 0
        covariance += spread * (np.diag(risk / n) - np.outer(risk, risk) / n**2)
    statistic = float(difference @ np.linalg.pinv(covariance, rcond=1e-9) @ difference)
    if len(groups) == 2:
        data = [
            stats.CensoredData(uncensored=[e for e in events if e >= 0], right=[h for e, h in zip(events, hs) if e < 0])
            for events, hs in groups
        ]
        assert math.isclose(statistic, stats.logrank(*data).statistic ** 2, rel_tol=1e-9)
    times, labels = np.concatenate(ends), np.concatenate([np.full(len(end), i) for i, end in enumerate(ends)])
    seen = np.concatenate([np.array(events) >= 0 for events, _ in groups])
    assert math.isclose(statistic, multivariate_logrank_test(times, labels, seen).test_statistic, rel_tol=1e-9)
    return {"groups": [{"events": e, "horizons": h} for e, h in groups], "statistic": plain(statistic),
            "p": plain(stats.chi2.sf(statistic, len(groups) - 1))}


def log_ranks(rng):
    settings = [[(15, 0.1), (20, 0.25)], [(30, 0.05), (30, 0.06)], [(20, 0.1), (25, 0.15), (10, 0.4)], [(40, 0.02), (40, 0.1), (40, 0.05), (12, 0.3)]]
    cases = []
    for setting in settings:
        drawn = [draw(rng, n, p, 0, [8, 15, 30]) for n, p in setting]
        cases.append(log_rank([(events, horizons) for events, _, horizons in drawn]))
    return cases


def wilson(successes, trials):
    interval = stats.binomtest(successes, trials).proportion_ci(0.95, method="wilson")
    return successes / trials, interval.low, interval.high


def mover(a, b, rho=0.0):
    """The difference and its ends from two estimates with theirs."""
    (x, xl, xu), (y, yl, yu) = a, b
    low = x - y - math.sqrt((x - xl) ** 2 + (yu - y) ** 2 - 2 * rho * (x - xl) * (yu - y))
    return x - y, low, x - y + math.sqrt((xu - x) ** 2 + (y - yl) ** 2 - 2 * rho * (xu - x) * (y - yl))


def shares():
    counts = [(56, 70, 48, 80), (9, 10, 3, 10), (10, 10, 0, 20), (0, 10, 0, 10), (27, 534, 40, 600)]
    for case in counts:
        assert np.allclose(mover(wilson(*case[:2]), wilson(*case[2:]))[1:], confint_proportions_2indep(*case, method="newcomb"))
    return [row(*case, *mover(wilson(*case[:2]), wilson(*case[2:]))) for case in counts]


def paired_shares():
    rows = []
    for both, a, b, neither in [(36, 12, 2, 0), (20, 12, 2, 16), (0, 0, 0, 10), (53, 1, 0, 0), (400, 30, 10, 560)]:
        n = both + a + b + neither
        margins = (both + a) * (b + neither) * (both + b) * (a + neither)
        product = both * neither - a * b
        rho = 0 if margins == 0 else (max(0, product - n / 2) if product > 0 else product) / math.sqrt(margins)
        rows.append(row(both, a, b, neither, *mover(wilson(both + a, n), wilson(both + b, n), rho)))
    return rows


def means(rng):
    cases = []
    for n, m in [(5, 9), (30, 12), (2, 2)]:
        a, b = np.round(rng.normal(0, 1, n), 4), np.round(rng.normal(0.5, 3, m), 4)
        interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
        cases.append({"a": row(*a), "b": row(*b), "found": row(a.mean() - b.mean(), interval.low, interval.high)})
    return cases


def medians(rng):
    cases = []
    for n in [5, 12, 41]:
        values = np.sort(np.round(rng.normal(0, 1, n), 4))
        rank = rank_of(n, 0.95)
        cases.append({"values": row(*rng.permutation(values)), "found": row(np.median(values), values[rank - 1], values[n - rank])})
    return cases


def main():
    rng = np.random.default_rng(1958)
    oracles = {
        "chiSquareTail": chi_square(),
        "incidence": incidences(rng),
        "logRank": log_ranks(rng),
        "shareDifference": shares(),
        "pairedShareDifference": paired_shares(),
        "meanDifference": means(rng),
        "medianEstimate": medians(rng),
    }
    TARGET.write_text(layout(oracles) + "\n")


if __name__ == "__main__":
    main()
