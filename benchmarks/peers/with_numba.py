"""The experiments as compiled loops, one chain after another, on one thread.

numpy's Generator inside a compiled function is five to eight times as fast as numba's own np.random, so it is what we compare with.
"""

import numpy as np
from numba import njit

from with_numpy import generator


@njit(cache=True)
def draws_loop(rng, n, replicates, generations):
    out = np.empty(replicates)
    for chain in range(replicates):
        mean, sd = 0.0, 1.0
        for _ in range(generations + 1):
            total, squares = 0.0, 0.0
            for _ in range(n):
                z = rng.standard_normal()
                total += z
                squares += z * z
            shift = total / n
            mean += sd * shift
            sd *= np.sqrt((squares - n * shift * shift) / (n - 1))
        out[chain] = mean + sd
    return out


@njit(cache=True)
def exact_loop(rng, n, replicates, generations):
    out = np.empty(replicates)
    for chain in range(replicates):
        mean, sd = 0.0, 1.0
        for _ in range(generations + 1):
            mean += sd * rng.standard_normal() / np.sqrt(n)
            sd *= np.sqrt(rng.chisquare(n - 1) / (n - 1))
        out[chain] = mean + sd
    return out


@njit(cache=True)
def binomials_loop(rng, n, replicates, generations, probabilities):
    last = len(probabilities) - 1
    out = np.empty(replicates)
    shares = np.empty(last + 1)
    for chain in range(replicates):
        shares[:] = probabilities
        for _ in range(generations + 1):
            left, mass = n, 1.0
            for k in range(last):
                p = min(shares[k] / mass, 1.0) if mass > 0.0 else 0.0
                mass -= shares[k]
                count = rng.binomial(left, p)
                left -= count
                shares[k] = count / n
            shares[last] = left / n
        out[chain] = 1.0 - (shares * shares).sum()
    return out


@njit(cache=True)
def rows_loop(rng, rows, generations):
    kept = np.arange(rows).astype(np.uint32)
    for _ in range(generations):
        places = rng.integers(0, rows, rows)
        new = np.empty_like(kept)
        for i in range(rows):
            new[i] = kept[places[i]]
        kept = new
    return kept


def gaussian_draws(n, replicates, generations):
    return draws_loop(generator(), n, replicates, generations)


def gaussian_exact(n, replicates, generations):
    return exact_loop(generator(), n, replicates, generations)


def categorical_exact(n, replicates, generations, probabilities):
    return binomials_loop(generator(), n, replicates, generations, np.array(probabilities))


def empirical_rows(rows, generations):
    values = np.arange(rows) * 1.0
    start = (values.mean(), values.var())
    values = values[rows_loop(generator(), rows, generations)]
    return start, (values.mean(), values.var())
