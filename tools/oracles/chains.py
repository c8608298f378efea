"""Adds to native/laws/oracles.json the values that this file derives: exact recursions in rational numbers, for chains whose fitted mean is a
sample mean. Run from the root of the repository: python tools/oracles/chains.py (no packages needed)

A family with variance function V(mu) = v0 + v1 mu + v2 mu^2 (exponential: mu^2, Poisson: mu, normal of known variance: 1) under a policy of
whole batches: with Gamma the covariances of batch means and w the shares of the batches in a training set,
  Var[m] = w' Gamma w,  Gamma[new, old] = Gamma w,  Gamma[new, new] = Var[m] + (V(mu_0) + v2 Var[m]) / n_new,
since E[m] = mu_0 at every generation and E[V(m)] = V(mu_0) + v2 Var[m].

A subset of n of everything made so far: T_0 is all of the first n records, and a later set loses the share f of the pool's heterozygosity,
1/n with replacement and (N - n) / (n (N - 1)) without; the pool's share then falls by (f + (1 - f)/n) / (batches + 1)^2."""

import json
from fractions import Fraction
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "native/laws/oracles.json"

EXPONENTIAL = ({"kind": "exponential", "mean": 1}, {"kind": "exponential", "estimator": "mle"}, Fraction(1), Fraction(1))
POISSON = ({"kind": "poisson", "mean": 0.5}, {"kind": "poisson"}, Fraction(1, 2), Fraction(0))


def mix(real, source="fresh", composition="stratified"):
    return {
        "kind": "mix",
        "synthetic": round(1 - real, 12),
        "real": real,
        "source": source,
        "composition": composition,
        "recycle": False,
    }


POLICIES = [
    {"kind": "accumulate"},
    {"kind": "window", "batches": 3, "keepReal": False},
    {"kind": "window", "batches": 2, "keepReal": True},
    mix(0.3),
    mix(0.3, "fixed"),
]


class Batches:
    """Sizes and covariances of the means of all batches made so far."""

    def __init__(self, v0, v2):
        self.v0, self.v2, self.sizes, self.gamma = v0, v2, [], []

    def weights(self, batches):
        total = sum(self.sizes[b] for b in batches)
        return {b: Fraction(self.sizes[b], total) for b in batches}

    def variance(self, w):
        return sum(w[a] * w[b] * self.gamma[a][b] for a in w for b in w)

    def add(self, size, row, own):
        self.gamma = [old + [x] for old, x in zip(self.gamma, row)] + [row + [own]]
        self.sizes.append(size)
        return len(self.sizes) - 1

    def real(self, size):
        return self.add(size, [Fraction(0)] * len(self.sizes), Fraction(self.v0, size))

    def drawn(self, size, w):
        m = self.variance(w)
        row = [sum(w[a] * self.gamma[a][b] for a in w) for b in range(len(self.sizes))]
        return self.add(size, row, m + (self.v0 + self.v2 * m) / size)


def variances(policy, n, v0, v2, generations):
    """Var[m] at generations 0, 1, ... of a policy with fixed counts."""
    all_of = Batches(v0, v2)
    real = round(policy.get("real", 0) * n)
    first = [all_of.real(real), all_of.real(n - real)] if policy.get("source") == "fixed" else [all_of.real(n)]
    w, batches = all_of.weights(first), []
    out = [all_of.variance(w)]
    for _ in range(generations):
        batches.append(all_of.drawn(n - real, w))
        kind = policy["kind"]
        if kind == "accumulate":
            used = first + batches
        elif kind == "window":
            # The last batches; the real one is the first of them, or kept for good.
            recent = (batches if policy["keepReal"] else first + batches)[-policy["batches"] :]
            used = (first if policy["keepReal"] else []) + recent
        elif policy["source"] == "fixed":
            used = [first[0], batches[-1]]
        else:
            used = [all_of.real(real), batches[-1]]
        w = all_of.weights(used)
        out.append(all_of.variance(w))
    return out


def bernoulli(real, n, v0, v2, generations):
    """Var[m] where each record is real with the share as its probability: records are draws from a mixture."""
    a = Fraction(str(real))
    out = [v0 / n]
    for _ in range(generations):
        d = out[-1]
        out.append((v0 + (1 - a) * v2 * d + a * (1 - a) * d) / n + (1 - a) ** 2 * d)
    return out


def subsets(replacement, n, generations, whole=True):
    """E[heterozygosity] over the origin's of the models fitted to subsets; generation 0 is fitted to the whole of T_0, or to a subset too."""
    pool = 1 - Fraction(1, n)
    out = []
    for generation in range(generations + 1):
        size = n * (generation + 1)
        lost = Fraction(1, n) if replacement else Fraction(size - n, n * (size - 1))
        lost = Fraction(0) if whole and generation == 0 else lost
        out.append(pool * (1 - lost))
        pool *= 1 - (lost + (1 - lost) / n) / (generation + 2) ** 2
    return out


def subset_entries():
    for replacement, classes, n in [(True, 2, 10), (True, 5, 30), (False, 4, 30)]:
        values = subsets(replacement, n, 20)
        for generation in [1, 4, 20]:
            yield {
                "name": "categorical.accsub.of_initial",
                "origin": {"kind": "categorical", "probabilities": [1 / classes] * classes},
                "model": {"kind": "categorical"},
                "policy": {"kind": "accumulate-subsample", "replacement": replacement},
                "n": n,
                "initial": n,
                "generation": generation,
                "quantity": {"statistic": "mean", "of": "heterozygosity_ratio"},
                "value": float(values[generation]),
            }


def entries():
    yield from subset_entries()
    for origin, model, v0, v2 in [EXPONENTIAL, POISSON]:
        for n in [10, 40]:
            for policy in POLICIES + [mix(0.3, composition="bernoulli")]:
                drawn = policy.get("composition") == "bernoulli"
                values = bernoulli(policy["real"], n, v0, v2, 20) if drawn else variances(policy, n, v0, v2, 20)
                for generation in [1, 4, 20]:
                    yield {
                        "name": "nefqvf.covariance",
                        "origin": origin,
                        "model": model,
                        "policy": policy,
                        "n": n,
                        "initial": n,
                        "generation": generation,
                        "quantity": {"statistic": "variance", "of": "mean"},
                        "value": float(values[generation]),
                    }


def check():
    """Values of the collection whose chains resample T_0 itself, which no cell here does: the same recursion has them."""
    values = subsets(True, 10, 4, whole=False)
    assert all(abs(values[g] - Fraction(x)) < 1e-15 for g, x in [(1, "0.771525"), (4, "0.7405971647180625")]), values


def main():
    check()
    mine = list(entries())
    names = {entry["name"] for entry in mine}
    kept = [line.rstrip(",\n") for line in TARGET.open() if line.startswith("{")]
    kept = [line for line in kept if json.loads(line)["name"] not in names]
    TARGET.write_text("[\n" + ",\n".join(kept + [json.dumps(entry) for entry in mine]) + "\n]\n")


main()
