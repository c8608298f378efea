"""Test values of the linear regression family: fits by numpy, distances of normal laws of (x, y) by scipy.

Run: python tools/oracles/linear_regression.py; the numbers are copied into linear_regression_tests.rs.
"""

import numpy as np
from scipy import linalg, stats

X = np.array([[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0], [0.1, 0.3], [-2.0, -0.5]])
y = np.array([1.0, 2.5, -1.25, 0.4, -3.0])


def fit(X, y, ridge, weights=None):
    k = np.ones(len(y)) if weights is None else weights
    W = np.diag(k)
    w = np.linalg.solve(X.T @ W @ X + ridge * np.eye(X.shape[1]), X.T @ W @ y)
    rss = k @ (y - X @ w) ** 2
    return w.tolist(), float(np.sqrt(rss / (k.sum() - X.shape[1])))


print("least squares", fit(X, y, 0.0))
print("ridge 0.7", fit(X, y, 0.7))
print("weights", fit(X, y, 0.0, np.array([1.0, 2.0, 1.0, 3.0, 2.0])))

# Model w, sd s beside the origin 0, s0: joint laws of (x, y).
w, s, s0 = np.array([0.3, -0.4]), 0.8, 2.0
law = lambda w, s: np.block([[np.eye(2), w[:, None]], [w[None, :], np.array([[w @ w + s * s]])]])
S, S0 = law(w, s), law(0 * w, s0)
logdet = lambda A: np.linalg.slogdet(A)[1]
root = linalg.sqrtm(S0)
edge = lambda p: stats.norm.isf(p / 2) * s0
print("kl_forward", float(0.5 * (np.trace(np.linalg.solve(S, S0)) - 3 + logdet(S) - logdet(S0))))
print("kl_reverse", float(0.5 * (np.trace(np.linalg.solve(S0, S)) - 3 - logdet(S) + logdet(S0))))
print("hellinger", float(np.sqrt(1 - np.exp((logdet(S) + logdet(S0)) / 4 - logdet((S + S0) / 2) / 2))))
print("w2", float(np.sqrt(np.trace(S + S0 - 2 * np.real(linalg.sqrtm(root @ S @ root))))))
for p in (0.05, 0.01, 0.001):
    print("tail", p, float(2 * stats.norm.sf(edge(p) / np.sqrt(w @ w + s * s)) / p))
print("entropy", float(stats.norm(0, s).entropy()))


# Chains record by record, d = 2, noise 2, n = 8, three rounds: means over chains of |w|^2 and of ln of the noise variance, with standard
# errors. They are constants of native/laws/tests/linear_regression.rs.
D, N, NOISE, ROUNDS, CHAINS = 2, 8, 2.0, 3, 400_000
rng = np.random.default_rng(1)


def records(w, sd, n, X=None):
    X = rng.standard_normal((CHAINS, n, D)) if X is None else X
    return X, np.einsum("cnd,cd->cn", X, w) + sd[:, None] * rng.standard_normal((CHAINS, n)), np.ones((CHAINS, n))


def weighed(batch, weight):
    return batch[0], batch[1], weight * batch[2]


def joined(*batches):
    return tuple(np.concatenate(parts, axis=1) for parts in zip(*batches))


def subset(batch, n, replacement):
    total = batch[0].shape[1]
    if replacement:
        at = rng.integers(total, size=(CHAINS, n))
    else:
        at = np.argsort(rng.random((CHAINS, total)), axis=1)[:, :n]
    return np.take_along_axis(batch[0], at[:, :, None], axis=1), *(np.take_along_axis(part, at, axis=1) for part in batch[1:])


def fits(batch, ridge, fitted):
    X, y, k = batch
    gram = np.einsum("cni,cn,cnj->cij", X, k, X) + ridge * np.eye(D)
    w = np.linalg.solve(gram, np.einsum("cni,cn,cn->ci", X, k, y)[:, :, None])[:, :, 0]
    if not fitted:
        return w, np.full(CHAINS, NOISE)
    rss = np.einsum("cn,cn->c", k, (y - np.einsum("cni,ci->cn", X, w)) ** 2)
    return w, np.sqrt(rss / (k.sum(axis=1) - D))


def chains(name, policy, fitted=False, ridge=0.0, same=False, temperature=1.0, weights=(1.0, 1.0)):
    zero, true = np.zeros((CHAINS, D)), np.full(CHAINS, NOISE)
    real = weighed(records(zero, true, N), weights[0])
    kept = real[0] if same else None
    history, training = [real], real
    w, sd = fits(training, ridge, fitted)
    for _ in range(ROUNDS):
        sample = lambda n: weighed(records(w, np.sqrt(temperature) * sd, n, kept), weights[1])
        fresh = lambda n: weighed(records(zero, true, n), weights[0])
        training = policy(sample, fresh, history, training)
        w, sd = fits(training, ridge, fitted)
    risk, log = np.einsum("ci,ci->c", w, w), 2 * np.log(sd)
    line = lambda x: f"({x.mean():.6f}, {x.std() / np.sqrt(CHAINS):.6f})"
    print(f"{name:24}", line(risk), line(log) if fitted else "")


def remembered(history, batch):
    history.append(batch)
    return batch


def window(sample, fresh, history, training):
    remembered(history, sample(N))
    return joined(history[0], *history[-2:]) if len(history) > 2 else joined(*history)


def accumulate(sample, fresh, history, training):
    remembered(history, sample(N))
    return joined(*history)


def subsample(replacement):
    def policy(sample, fresh, history, training):
        remembered(history, sample(N))
        return subset(joined(*history), N, replacement)

    return policy


def last_two(sample, fresh, history, training):
    remembered(history, sample(N))
    return joined(*history[-2:])


replace = lambda sample, fresh, history, training: sample(N)
fixed = lambda sample, fresh, history, training: joined(tuple(part[:, :2] for part in history[0]), sample(N - 2))
three_way = lambda sample, fresh, history, training: joined(sample(4), subset(training, 2, False), fresh(2))

chains("window with real", window)
chains("fixed real", fixed, fitted=True)
chains("accumulate", accumulate, fitted=True)
chains("same, last two", last_two, same=True)
chains("subsample", subsample(False))
chains("three-way", three_way, fitted=True)
chains("ridge", replace, fitted=True, ridge=3.0)
chains("temperature", replace, fitted=True, temperature=0.5)
chains("weights", accumulate, fitted=True, weights=(2.0, 0.5))
