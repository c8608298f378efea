"""Makes native/core/src/random/hypergeometric.csv: ln P(k) - ln P(mode) and ln P(0) of the hypergeometric law, by log gammas of 60
digits. Needs mpmath; run from the root of the repository: python tools/oracles/hypergeometric.py"""

from pathlib import Path

import mpmath as mp

mp.mp.dps = 60
TARGET = Path(__file__).resolve().parents[2] / "native/core/src/random/hypergeometric.csv"


def log_choose(n, k):
    return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)


def log_probability(good, draw, total, k):
    return log_choose(good, k) + log_choose(total - good, draw - k) - log_choose(total, draw)


# good, draw, total with draw <= good <= total / 2.
PROBLEMS = [
    (30, 20, 60),
    (50, 40, 130),
    (1000, 700, 3000),
    (10**6, 10**4, 10**8),
    (10**9, 10**6, 2 * 10**12),
    (2**40 - 2, 2**40 - 2, 2 * (2**40 - 2)),
    (2**52, 2**52, 2**53),
    (2**52, 24, 2**53),
    (2**50 + 7, 2**49 + 1, 2**53 - 3),
]
SMALL = [
    (1, 1, 2),
    (3, 2, 6),
    (15, 15, 30),
    (10**6, 3, 10**9),
    (2**28, 2**28, 2**53),
    (2**52, 19, 2**53),
    (2**52, 1, 2**53),
    (2**40, 70000, 2**53),
    (2 * 10**7, 2 * 10**7, 10**14),
]


def lines():
    yield "what,good,draw,total,mode,count,value"
    for good, draw, total in PROBLEMS:
        mode = (good + 1) * (draw + 1) // (total + 2)
        sd = mp.sqrt(mp.mpf(draw) * good / total * (total - good) / total * (total - draw) / (total - 1))
        for away in [-12, -5, -1, 0, 1, 4, 9]:
            count = min(max(mode + int(away * sd), 0), draw)
            value = log_probability(good, draw, total, count) - log_probability(good, draw, total, mode)
            yield f"ratio,{good},{draw},{total},{mode},{count},{mp.nstr(value, 18)}"
    for good, draw, total in SMALL:
        yield f"none,{good},{draw},{total},0,0,{mp.nstr(log_probability(good, draw, total, 0), 18)}"


TARGET.write_text("\n".join(lines()) + "\n")
