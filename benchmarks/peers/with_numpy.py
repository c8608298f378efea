"""The experiments in numpy, vectorised over replicates, as a careful user would write them.

SFC64 is numpy's fastest bit generator. Every function returns what the last generation fitted.
"""

import numpy as np


def generator():
    """A fresh stream; its seed is of no importance for a time."""
    return np.random.Generator(np.random.SFC64(1))


def gaussian_draws(n, replicates, generations):
    """Fit a normal law (divisor n - 1) to n of its own draws, again and again.

    The moments are taken of standard normals and scaled afterwards, which saves two passes over the draws.
    """
    rng = generator()
    mean, sd = np.zeros(replicates), np.ones(replicates)
    draws = np.empty((replicates, n))
    for _ in range(generations + 1):
        rng.standard_normal(out=draws)
        shift = draws.mean(axis=1)
        variance = (np.einsum("ij,ij->i", draws, draws) - n * shift * shift) / (n - 1)
        mean += sd * shift
        sd *= np.sqrt(variance)
    return mean, sd * sd


def gaussian_exact(n, replicates, generations):
    """The same by the law of the two moments."""
    rng = generator()
    mean, sd = np.zeros(replicates), np.ones(replicates)
    for _ in range(generations + 1):
        mean += sd * rng.standard_normal(replicates) / np.sqrt(n)
        sd *= np.sqrt(rng.chisquare(n - 1, replicates) / (n - 1))
    return mean, sd * sd


def categorical_exact(n, replicates, generations, probabilities):
    """Class counts of n draws from the last generation's shares."""
    rng = generator()
    shares = np.tile(probabilities, (replicates, 1))
    for _ in range(generations + 1):
        shares = rng.multinomial(n, shares) / n
    return 1 - (shares * shares).sum(axis=1)


def empirical_rows(rows, generations):
    """Row numbers of a table resampled with replacement, again and again; moments of a column at the start and the end."""
    rng = generator()
    column = np.arange(rows) * 1.0
    kept = np.arange(rows, dtype=np.uint32)
    moments = [(column.mean(), column.var())]
    for _ in range(generations):
        kept = kept.take(rng.integers(0, rows, rows))
    values = column.take(kept)
    return [*moments, (values.mean(), values.var())]
