"""Makes packages/metrics/src/oracles.json: what numpy, scipy, mpmath and exact rationals say about the functions of
@genloss/metrics. Needs numpy, scipy and mpmath; run from the root of the repository: python tools/oracles/metrics.py"""

import json
import math
import re
import statistics
import textwrap
from pathlib import Path

import mpmath as mp
import numpy as np
from scipy import special, stats

mp.mp.dps = 40
TARGET = Path(__file__).resolve().parents[2] / "packages/metrics/src/oracles.json"
PROBABILITIES = [1e-300, 1e-20, 1e-10, 1e-4, 0.025, 0.074, 0.076, 0.3, 0.5, 0.6, 0.924, 0.926, 0.975, 0.999999]
FREEDOMS = [0.5, 1, 2, 3, 4.5, 9, 29, 99, 999, 99999, 999999]
BETAS = [(0.5, 0.5), (1, 1), (1, 100), (2, 3), (5.5, 0.5), (30, 0.2), (49.5, 0.5), (500, 500), (3, 998), (4, 999997)]
COUNTS = [(0, 1), (1, 1), (0, 10), (1, 10), (5, 10), (10, 10), (27, 534), (3, 1000), (999, 1000), (2, 1000000)]
CONFIDENCES = [0.8, 0.95, 0.99]


def plain(value):
    """A number as JSON holds it; NaN and infinities as the words that JavaScript's Number() reads."""
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def row(*values):
    return [plain(v) for v in values]


def beta_tail(x, a, b):
    """P(Beta(a, b) <= x) in 40 digits; by the binomial sum where the parameters are whole."""
    if a == int(a) and b == int(b) and a <= b:
        n = int(a + b - 1)
        return 1 - mp.fsum(mp.binomial(n, k) * x**k * (1 - x) ** (n - k) for k in range(int(a)))
    return mp.betainc(a, b, 0, x, regularized=True)


def beta_quantile(p, a, b):
    """Two Newton steps in 40 digits from scipy's value, which alone is off by up to 2e-11."""
    x = mp.mpf(float(stats.beta.ppf(p, a, b)))
    for _ in range(2 if 0 < x < 1 else 0):
        density = mp.exp((a - 1) * mp.log(x) + (b - 1) * mp.log(1 - x) - mp.log(mp.beta(a, b)))
        x -= (beta_tail(x, a, b) - mp.mpf(p)) / density
    return x


def t_tail(t, freedom):
    """P(T > t) for t > 0 in 40 digits; by quadrature of the density where the hypergeometric series is slow."""
    if freedom < 1000:
        return beta_tail(freedom / (freedom + t * t), mp.mpf(freedom) / 2, mp.mpf(1) / 2) / 2
    return mp.quad(lambda x: t_density(x, freedom), [t, t + 2, t + 10, t + 60])


def t_density(t, freedom):
    nu = mp.mpf(freedom)
    return (1 + t * t / nu) ** (-(nu + 1) / 2) / (mp.sqrt(nu) * mp.beta(nu / 2, mp.mpf(1) / 2))


def t_quantile(p, freedom):
    outside = mp.mpf(min(p, 1 - p))
    t = mp.mpf(abs(float(stats.t.ppf(p, freedom))))
    for _ in range(2):
        t += (t_tail(t, freedom) - outside) / t_density(t, freedom)
    return t if p > 0.5 else -t


def functions():
    gammas = [1e-5, 0.1, 0.5, 1, 1.5, 2, 3.3, 9.99, 10, 11.5, 100, 1e5, 1e10]
    quantiles_of_beta = [(p, a, b) for a, b in BETAS for p in (1e-10, 0.001, 0.025, 0.5, 0.9, 0.975)]
    points = [(x, a, b) for a, b in BETAS[:9] for x in (1e-6, 0.01, 0.2, 0.5, 0.8, 0.99)]
    return {
        "lnGamma": [row(x, special.gammaln(x)) for x in gammas],
        "incompleteBeta": [row(x, a, b, special.betainc(a, b, x)) for x, a, b in points],
        "betaQuantile": [row(p, a, b, beta_quantile(p, a, b)) for p, a, b in quantiles_of_beta],
        "normalQuantile": [row(p, special.ndtri(p)) for p in PROBABILITIES],
        "tQuantile": [row(p, f, t_quantile(p, f)) for f in FREEDOMS for p in (1e-10, 0.025, 0.3, 0.6, 0.975, 0.9999)],
    }


def clopper_pearson():
    rows = []
    for successes, trials in COUNTS:
        for confidence in CONFIDENCES:
            outside = (1 - confidence) / 2
            low = beta_quantile(outside, successes, trials - successes + 1) if successes > 0 else 0
            high = beta_quantile(1 - outside, successes + 1, trials - successes) if successes < trials else 1
            rows.append(row(successes, trials, confidence, low, high))
    return rows


def wilson():
    rows = []
    for successes, trials in COUNTS:
        for confidence in CONFIDENCES:
            interval = stats.binomtest(successes, trials).proportion_ci(confidence, method="wilson")
            rows.append(row(successes, trials, confidence, interval.low, interval.high))
    return rows


def wilson_coverage():
    """Exact coverage of Wilson's 95 % interval: [trials, p, coverage]."""
    rows = []
    for trials, p in [(10, 0.3), (20, 0.05), (50, 0.5), (100, 0.02), (100, 0.1), (1000, 0.01)]:
        covered = 0
        for successes in range(trials + 1):
            interval = stats.binomtest(successes, trials).proportion_ci(0.95, method="wilson")
            if interval.low <= p <= interval.high:
                covered += stats.binom.pmf(successes, trials, p)
        rows.append(row(trials, p, covered))
    return rows


def rank_of(n, confidence):
    """The largest rank with mid-P at most half of the error and an error of at most 1.4 times the nominal one."""
    outside, best = (1 - confidence) / 2, 0
    for rank in range(1, n // 2 + 1):
        below, up_to = stats.binom.cdf(rank - 2, n, 0.5), stats.binom.cdf(rank - 1, n, 0.5)
        if (below + up_to) / 2 <= outside and up_to <= 1.4 * outside:
            best = rank
    return best


def median_rank():
    """[n, confidence, rank, coverage of the interval from that rank on either side, for a continuous law]."""
    rows = []
    for n in [1, 4, 5, 6, 7, 8, 10, 11, 16, 25, 30, 31, 100, 999, 1000, 100000]:
        for confidence in CONFIDENCES:
            centre = n / 2 - 3 * math.sqrt(n)
            rank = rank_of(n, confidence) if n <= 1000 else rank_near(n, confidence, int(centre))
            rows.append(row(n, confidence, rank, 1 - 2 * stats.binom.cdf(rank - 1, n, 0.5)))
    return rows


def rank_near(n, confidence, start):
    """`rank_of` for large n, where ranks up to `start` are known to be in."""
    outside, rank = (1 - confidence) / 2, start
    while (stats.binom.cdf(rank - 1, n, 0.5) + stats.binom.cdf(rank, n, 0.5)) / 2 <= outside:
        rank += 1
    return rank


def quantiles():
    samples = [[1, 2, 2.5, 3], [3], [2, 1], [5, -1, 4, 4, 0.5], [-7, 1e300, 3, 3, 3, 0, 12], [0.1, 0.7, 1e-9, 0.2]]
    probabilities = [0, 0.01, 0.05, 0.25, 0.3, 0.5, 0.75, 0.95, 0.99, 1]
    cases = [{"sample": sample, "values": row(*np.quantile(sample, probabilities))} for sample in samples]
    return {"probabilities": probabilities, "cases": cases}


def mean_interval(values):
    """Hall's interval: W + G W^2/3 + G^2 W^3/27 + G/(6n) = y solved by bisection in 40 digits, y = -+ t/sqrt(n)."""
    x, n = [mp.mpf(v) for v in values], len(values)
    mean = mp.fsum(x) / n
    squares, cubes = mp.fsum((v - mean) ** 2 for v in x), mp.fsum((v - mean) ** 3 for v in x)
    if squares == 0:
        return mean, mean
    sd = mp.sqrt(squares / (n - 1))
    skewness = mp.mpf(n) / ((n - 1) * (n - 2)) * cubes / sd**3
    reach = t_quantile(0.975, n - 1) / mp.sqrt(n)

    def solved(y):
        low, high = mp.mpf(-1000), mp.mpf(1000)
        for _ in range(150):
            w = (low + high) / 2
            value = w + skewness * w**2 / 3 + skewness**2 * w**3 / 27 + skewness / (6 * n)
            low, high = (w, high) if value < y else (low, w)
        return low

    return mean - sd * solved(reach), mean - sd * solved(-reach)


def summary():
    """A column of 15 replicates x 8 generations and what it says a generation. Means and sd in exact rationals."""
    rng = np.random.default_rng(20240724)
    replicates = 15
    columns = [
        np.round(rng.normal(0, 1, replicates), 4),
        np.round(np.exp(rng.normal(0, 3, replicates)), 4),
        1e9 + rng.integers(0, 20, replicates),
        np.full(replicates, 0.1),
        np.round(rng.normal(1, 1, replicates), 3) * 2.0**-700,
        np.round(rng.normal(1, 1, replicates), 3) * 2.0**900,
        np.where(rng.random(replicates) < 0.3, np.nan, np.round(rng.random(replicates), 4)),
        rng.integers(0, 3, replicates).astype(float),
    ]
    result = {"shape": [replicates, len(columns)], "values": [row(*chain) for chain in np.column_stack(columns)]}
    names = ("count", "mean", "sd", "low", "high", "median", "q05", "q95", "median_low", "median_high", "effective")
    lists = {name: [] for name in names}
    for column in columns:
        defined = [float(v) for v in column if not math.isnan(v)]
        n, mean, sd = len(defined), statistics.mean(defined), statistics.stdev(defined)
        low, high = mean_interval(defined)
        q05, median, q95 = np.quantile(defined, [0.05, 0.5, 0.95])
        rank = rank_of(n, 0.95)
        ends = sorted(defined)[rank - 1], sorted(defined)[n - rank]
        sizes = [mp.mpf(abs(v)) for v in defined]
        effective = mp.fsum(sizes) ** 2 / mp.fsum(v * v for v in sizes)
        for name, value in zip(lists, (n, mean, sd, low, high, median, q05, q95, *ends, effective)):
            lists[name].append(plain(value))
    return result | lists


def dates():
    """Cases: events, then [horizon, median, low, high] with null for beyond the horizon: every generation is tried."""
    rng = np.random.default_rng(7)
    cases = []
    for n, p, horizon in [(8, 0.3, 10), (30, 0.2, 20), (25, 0.05, 15), (40, 0.06, 12), (60, 0.01, 30), (99, 0.02, 300)]:
        drawn = rng.geometric(p, n) - 1
        events = np.where(drawn <= horizon, drawn, -1)
        ranked = np.sort(np.where(events < 0, np.inf, events))
        median = ranked[(n + 1) // 2 - 1]
        rank = rank_of(n, 0.95)

        def is_low_enough(g):
            shared = min(np.sum(ranked == g) / 2, math.sqrt(n) / 5)
            return np.sum(ranked < g) + shared <= n - rank + 0.5

        def is_high_enough(g):
            shared = min(np.sum(ranked == g) / 2, math.sqrt(n) / 5)
            return np.sum(ranked <= g) - shared >= rank - 0.5

        inside = [g for g in range(horizon + 1) if is_low_enough(g) and is_high_enough(g)]
        # A median beyond the horizon is possible where all dates up to it leave it open.
        is_open = np.sum(ranked <= horizon) <= n - rank + 0.5
        found = [median, inside[0] if inside else math.inf, math.inf if is_open else inside[-1]]
        cases.append({
            "events": [int(e) for e in events],
            "found": [horizon] + [None if math.isinf(v) else int(v) for v in found],
        })
    return cases


def list_of_numbers(values, indent, used):
    """One line where it fits into 120 columns after the `used` ones, else filled lines: the formatter's layout."""
    inner = re.sub(r"e([-+])0*", lambda sign: "e" + sign[1].replace("+", ""), json.dumps(values)[1:-1])
    if used + len(inner) + 3 <= 120:
        return f"[{inner}]"
    pad = " " * indent
    return "[\n" + textwrap.fill(inner, 120, initial_indent=pad, subsequent_indent=pad) + "\n" + pad[2:] + "]"


def layout(value, indent=2, used=0):
    """JSON in the layout that the repository's formatter leaves as it is."""
    pad = " " * indent
    if isinstance(value, dict):
        heads = [f'{pad}"{key}": ' for key in value]
        body = [head + layout(item, indent + 2, len(head)) for head, item in zip(heads, value.values())]
        return "{\n" + ",\n".join(body) + "\n" + pad[2:] + "}"
    if not isinstance(value, list):
        return json.dumps(value)
    if any(isinstance(v, (list, dict)) for v in value):
        return "[\n" + ",\n".join(pad + layout(v, indent + 2, indent) for v in value) + "\n" + pad[2:] + "]"
    return list_of_numbers(value, indent, used)


def main():
    oracles = functions() | {
        "wilson": wilson(),
        "clopperPearson": clopper_pearson(),
        "wilsonCoverage": wilson_coverage(),
        "medianRank": median_rank(),
        "quantiles": quantiles(),
        "summary": summary(),
        "dates": dates(),
    }
    TARGET.write_text(layout(oracles) + "\n")


if __name__ == "__main__":
    main()
