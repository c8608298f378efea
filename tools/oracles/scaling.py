"""Makes packages/metrics/src/scaling/oracles.json: least squares of logarithms by scipy.optimize, for y = A n^e and y = A n^e
+ B. Needs numpy, scipy and mpmath; run from the root of the repository: python tools/oracles/scaling.py"""

from pathlib import Path

import numpy as np
from metrics import layout, plain
from scipy import optimize

TARGET = Path(__file__).resolve().parents[2] / "packages/metrics/src/scaling/oracles.json"
TIGHT = {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15, "max_nfev": 20000}


def residuals(law, size, y, error, bound):
    """One-sided where a value is only a lower bound."""
    found = (np.log(y) - np.log(law(size))) / error
    return np.where(bound & (found < 0), 0, found)


def power(size, y, error, bound):
    def law(p):
        return lambda n: np.exp(p[0] + p[1] * np.log(n))

    slope, start = np.polyfit(np.log(size), np.log(y), 1)
    found = optimize.least_squares(lambda p: residuals(law(p), size, y, error, bound), [start, slope], **TIGHT)
    return {"amplitude": plain(np.exp(found.x[0])), "exponent": plain(found.x[1]), "chiSquare": plain(2 * found.cost)}


def level(size, y, error, bound, free):
    """The best of many starts among the laws that are allowed; in units of the middle of sizes and values."""
    n0, y0 = np.exp(np.mean(np.log(size))), np.exp(np.mean(np.log(y)))
    x = size / n0

    def cost(p):
        value = p[0] * x ** p[1] + p[2]
        return np.full(len(x), 1e6) if (value <= 0).any() else residuals(lambda _: value, size, y / y0, error, bound)

    best = power(size, y, error, bound) | {"plateau": 0}
    for exponent in [-3, -2, -1, -0.5, -0.2, 0.2, 0.5, 1, 2]:
        for plateau in [-0.5, 0.01, 0.3, 1, 2]:
            for amplitude in [1, -0.5]:
                found = optimize.least_squares(cost, [amplitude, exponent, plateau], x_scale="jac", **TIGHT)
                a, e, b = found.x
                allowed = (e < 0 and b >= 0) or (e > 0 and a > 0) if free else a > 0 and e < 0 and b >= 0
                if allowed and 2 * found.cost < best["chiSquare"] - 1e-9:
                    best = {
                        "amplitude": plain(y0 * a / n0**e),
                        "exponent": plain(e),
                        "chiSquare": plain(2 * found.cost),
                        "plateau": plain(y0 * b),
                    }
    return best


def cases():
    rng = np.random.default_rng(5)
    sizes = np.array([50, 100, 300, 1000, 5000, 20000])
    laws = {
        "a loss as 1/n": (lambda n: 1.5 / n, 0.05),
        "a loss with a plateau": (lambda n: 3 * n**-0.8 + 0.01, 0.03),
        "a steep loss": (lambda n: 4e3 * n**-2.5 + 1e-6, 0.1),
        "a date that grows": (lambda n: 0.7 * n**1.0 - 2, 0.04),
        "a date that levels out": (lambda n: 40 - 200 * n**-0.7, 0.02),
        "a loss that bends down": (lambda n: 1 - np.exp(-100 / n), 0.02),
    }
    rows = []
    for name, (law, scale) in laws.items():
        error = scale * rng.uniform(0.5, 2, len(sizes))
        y = law(sizes) * np.exp(error * rng.standard_normal(len(sizes)))
        bound = np.zeros(len(sizes), bool)
        if name == "a date that grows":
            bound[-1], y[-1] = True, 1.4 * y[-1]
        rows.append(
            {
                "name": name,
                "sizes": [plain(n) for n in sizes],
                "values": [plain(v) for v in y],
                "errors": [plain(e) for e in error],
                "bounds": [bool(b) for b in bound],
                "power": power(sizes, y, error, bound),
                "loss": level(sizes, y, error, bound, False),
                "free": level(sizes, y, error, bound, True),
            }
        )
    return rows


if __name__ == "__main__":
    TARGET.write_text(layout({"leastSquares": cases()}) + "\n")
