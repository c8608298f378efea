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


def exponential_draws(n, replicates, generations):
    """Fit the mean of n exponential draws, again and again."""
    rng = generator()
    mean = np.ones(replicates)
    draws = np.empty((replicates, n))
    for _ in range(generations + 1):
        rng.standard_exponential(out=draws)
        mean *= draws.mean(axis=1)
    return mean


def poisson_draws(n, replicates, generations, mean):
    """Fit the mean of n Poisson counts."""
    rng = generator()
    rates = np.full(replicates, float(mean))
    for _ in range(generations + 1):
        rates = rng.poisson(rates[:, None], (replicates, n)).mean(axis=1)
    return rates


def pareto_draws(n, replicates, generations):
    """Fit the least record and the shape of n Pareto draws: their logarithms are exponential."""
    rng = generator()
    log_scale, shape = np.zeros(replicates), np.full(replicates, 3.0)
    draws = np.empty((replicates, n))
    for _ in range(generations + 1):
        rng.standard_exponential(out=draws)
        least = draws.min(axis=1)
        log_scale += least / shape
        shape *= 1 / (draws.mean(axis=1) - least)
    return shape


def multivariate_gaussian_draws(n, replicates, generations, dimensions):
    """Fit mean and covariance (divisor n - 1) of n normal vectors; factors are carried along."""
    rng = generator()
    mean = np.zeros((replicates, dimensions))
    factor = np.tile(np.eye(dimensions), (replicates, 1, 1))
    draws = np.empty((replicates, n, dimensions))
    for _ in range(generations + 1):
        rng.standard_normal(out=draws)
        shift = draws.mean(axis=1)
        scatter = draws.transpose(0, 2, 1) @ draws - n * shift[:, :, None] * shift[:, None, :]
        mean += np.einsum("rij,rj->ri", factor, shift)
        factor = factor @ np.linalg.cholesky(scatter / (n - 1))
    return np.einsum("rij,rij->r", factor, factor) / dimensions


def linear_regression_draws(n, replicates, generations, dimensions):
    """Least squares on n records of the last plane with unit noise and fresh normal features."""
    rng = generator()
    weights = np.zeros((replicates, dimensions))
    features, noise = np.empty((replicates, n, dimensions)), np.empty((replicates, n))
    for _ in range(generations + 1):
        rng.standard_normal(out=features)
        rng.standard_normal(out=noise)
        across = features.transpose(0, 2, 1)
        weights += np.linalg.solve(across @ features, across @ noise[:, :, None])[:, :, 0]
    return (weights * weights).sum(axis=1)


def kde_draws(n, replicates, generations):
    """A kernel by Scott's rule at n records that were drawn from the last such estimate."""
    rng = generator()
    records = rng.standard_normal((replicates, n))
    for _ in range(generations):
        width = n**-0.2 * records.std(axis=1, ddof=1)
        chosen = rng.integers(0, n, (replicates, n))
        records = np.take_along_axis(records, chosen, axis=1) + width[:, None] * rng.standard_normal((replicates, n))
    return records.var(axis=1) * (1 + n**-0.4 * n / (n - 1))


def histogram_draws(n, replicates, generations, width):
    """Counts of bins of n normal records; later records are drawn bin by bin."""
    rng = generator()
    bins = np.floor(rng.standard_normal((replicates, n)) / width)
    for _ in range(generations):
        bins = np.take_along_axis(bins, rng.integers(0, n, (replicates, n)), axis=1)
    return bins.var(axis=1) * width * width + width * width / 12


def gaussian_mixture_draws(n, replicates, generations, iterations):
    """Two normal components by so many iterations of expectation maximisation from the truth, chain by chain."""
    rng = generator()
    out = np.empty(replicates)
    for chain in range(replicates):
        weights, means, variances = np.array([0.5, 0.5]), np.array([-2.0, 2.0]), np.ones(2)
        for _ in range(generations + 1):
            second = rng.random(n) >= weights[0]
            records = np.where(second, means[1], means[0])
            records += np.sqrt(np.where(second, variances[1], variances[0])) * rng.standard_normal(n)
            weights, means, variances = np.array([0.5, 0.5]), np.array([-2.0, 2.0]), np.ones(2)
            for _ in range(iterations):
                apart = records - means[:, None]
                logs = np.log(weights / np.sqrt(variances))[:, None] - apart * apart / (2 * variances[:, None])
                shares = 1 / (1 + np.exp(logs[1] - logs[0]))
                shares = np.stack([shares, 1 - shares])
                counts = shares.sum(axis=1)
                weights, means = counts / n, shares @ records / counts
                variances = np.einsum("kn,kn->k", shares, (records - means[:, None]) ** 2) / counts + 1e-6
        centre = weights @ means
        out[chain] = weights @ (variances + (means - centre) ** 2)
    return out
