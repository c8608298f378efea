"""Derives the coefficients and the test values of native/core/src/math with mpmath.

Run `python special_functions.py` (needs mpmath; about ten seconds): it writes coefficients.rs and oracles.csv there.
Both are committed. The fits are minimax (remez.py), rounded to doubles, and their errors are measured after the rounding.
"""

import csv
import io
import random
from pathlib import Path

from mpmath import (
    atanh, erfc, erfinv, exp, expm1, fac2, findroot, floor, gamma, ldexp, log, log1p,
    loggamma, mp, mpf, nstr, pi, psi, sqrt,
)

from remez import chebyshev_grid, fit, polynomial

FOLDER = Path(__file__).resolve().parents[2] / "native/core/src/math"
mp.dps = 110


# Reference functions: each takes and gives multiple-precision numbers.


def erfcx(x):
    if x > 60:
        return sum((-1) ** k * fac2(2 * k - 1) / (2 * x * x) ** k for k in range(30)) / (x * sqrt(pi))
    return exp(x * x) * erfc(x)


def normal_sf(x):
    return erfc(x / sqrt(mpf(2))) / 2


def normal_pdf(x):
    return exp(-x * x / 2) / sqrt(2 * pi)


def ln_normal_sf(x):
    return log1p(-normal_sf(-x)) if x < 0 else log(erfcx(x / sqrt(mpf(2))) / 2) - x * x / 2


def normal_isf(ln_p):
    """x with ln Q(x) = ln_p, by Newton's method; for ln_p < ln 0.5."""
    x = sqrt(-2 * ln_p)
    for _ in range(200):
        step = (ln_normal_sf(x) - ln_p) * erfcx(x / sqrt(mpf(2))) * sqrt(pi / 2)
        x += step
        if abs(step) < mpf(10) ** (10 - mp.dps):
            return x
    raise ArithmeticError(f"no quantile at {nstr(ln_p, 10)}")


def normal_quantile(p):
    if abs(p - 0.5) < 0.3:
        return sqrt(mpf(2)) * erfinv(2 * p - 1)
    return -normal_isf(log(p)) if p < 0.5 else normal_isf(log(1 - p))


def binet(z):
    """ln Gamma(z) - [(z - 1/2) ln z - z + ln(2 pi)/2]."""
    return loggamma(z) - (z - mpf(1) / 2) * log(z) + z - log(2 * pi) / 2


def ln_gamma_ratio(x):
    """ln[Gamma(x + 1/2) / (Gamma(x) sqrt x)]."""
    return loggamma(x + mpf(1) / 2) - loggamma(x) - log(x) / 2


def digamma(x):
    return psi(0, x)


def trigamma(x):
    return psi(1, x)


DIGAMMA_ROOT = findroot(digamma, mpf("1.4616321449683623"))


# Coefficients.


def far_grid(start):
    """Squares of z in [start, 1e4), denser at both ends in 1/z^2."""
    inverse = chebyshev_grid(0, 1 / mpf(start) ** 2, 500)[1:]
    return [1 / w for w in reversed(inverse) if 1 / w < 1e8]


def relative(value):
    return 1 / abs(value)


def fits():
    """Yields (name, sentence, grid, f, weight(v, f), degrees, pinned value at 0)."""
    half_ln2 = log(mpf(2)) / 2 * mpf("1.0001")
    yield (
        "EXP", "(e^r - 1 - r)/r^2 in r, |r| <= ln(2)/2; error relative to e^r - 1",
        [r for r in chebyshev_grid(-half_ln2, half_ln2, 400) if r != 0],
        lambda r: (exp(r) - 1 - r) / r**2, lambda r, f: r * r / abs(expm1(r)), (9, 0), None,
    )
    yield (
        "LN", "(2 atanh(s)/s - 2)/s^2 in s^2, |s| <= 3 - 2 sqrt(2); error relative to 2 atanh(s)",
        chebyshev_grid(mpf(10) ** -9, (3 - 2 * sqrt(mpf(2))) ** 2, 400),
        lambda z: (2 * atanh(sqrt(z)) / sqrt(z) - 2) / z, lambda z, f: z / 2, (6, 0), None,
    )
    mapped = chebyshev_grid(-1, 1, 1200)[1:-1]
    yield (
        "ERFCX", "exp(x^2) erfc(x) in x >= 0, exactly 1 at 0",
        [x for x in (3 * (1 + t) / (1 - t) for t in mapped) if x < 1e6],
        erfcx, lambda x, f: relative(f), (10, 11), 1,
    )
    yield (
        "QUANTILE_CENTRE", "quantile of 1/2 + q divided by q, in 0.425^2 - q^2, |q| <= 0.425",
        chebyshev_grid(0, mpf("0.425") ** 2 * (1 - mpf(10) ** -9), 400),
        lambda r: normal_quantile(sqrt(mpf("0.425") ** 2 - r) + 0.5) / sqrt(mpf("0.425") ** 2 - r),
        lambda r, f: relative(f), (7, 7), None,
    )
    yield (
        "QUANTILE_TAIL", "x with Q(x) = p, in sqrt(-2 ln p), p from 2^-1074 to 0.0751: a start for Newton's method",
        [exp(r) for r in chebyshev_grid(log(sqrt(-2 * log(mpf("0.0751")))), log(mpf("38.61")), 400)],
        lambda r: normal_isf(-r * r / 2), lambda r, f: relative(f), (5, 4), None,
    )
    tiny = mpf(10) ** -30
    yield (
        "LN_GAMMA", "ln Gamma(1 + v) / (v (v - 1)) in v, 0 <= v <= 2",
        chebyshev_grid(0, 2, 400),
        lambda v: loggamma(1 + v + tiny) / ((v + tiny) * (v + tiny - 1)), lambda v, f: relative(f), (7, 7), None,
    )
    yield (
        "BINET", "z times [ln Gamma(z) - Stirling's formula] in z^2, z >= 2",
        far_grid(2), lambda v: sqrt(v) * binet(sqrt(v)), lambda v, f: relative(f), (5, 5), None,
    )
    yield (
        "HALF_STEP", "-x ln[Gamma(x + 1/2) / (Gamma(x) sqrt x)] in x^2, x >= 3",
        far_grid(3), lambda v: -sqrt(v) * ln_gamma_ratio(sqrt(v)), lambda v, f: relative(f), (5, 5), None,
    )
    yield (
        "DIGAMMA_NEAR", "psi(1 + v) / (1 + v - root) in v, 0 <= v <= 1",
        chebyshev_grid(0, 1, 401), lambda v: digamma(1 + v) / (1 + v - DIGAMMA_ROOT),
        lambda v, f: relative(f), (5, 5), None,
    )
    yield (
        "DIGAMMA_FAR", "x^2 [ln x - 1/(2x) - psi(x)] in x^2, x >= 3",
        far_grid(3), lambda v: v * (log(v) / 2 - 1 / (2 * sqrt(v)) - digamma(sqrt(v))),
        lambda v, f: relative(f), (5, 5), None,
    )
    yield (
        "TRIGAMMA", "x^3 [psi'(x) - 1/x - 1/(2 x^2)] in x^2, x >= 3",
        far_grid(3), lambda v: sqrt(v) ** 3 * (trigamma(sqrt(v)) - 1 / sqrt(v) - 1 / (2 * v)),
        lambda v, f: relative(f), (5, 5), None,
    )


def truncated(value, bits):
    """The leading `bits` bits of a number in [1/2, 1)."""
    return floor(ldexp(value, bits)) / mpf(2) ** bits


def constants():
    ln2_high = truncated(log(mpf(2)), 42)
    yield "LN2_HIGH", "The leading 42 bits of ln 2: its product with an exponent is exact", ln2_high
    yield "LN2_LOW", "ln 2 - LN2_HIGH", log(mpf(2)) - ln2_high
    yield "FRAC_1_SQRT_PI", "1/sqrt(pi)", 1 / sqrt(pi)
    yield "FRAC_1_SQRT_2PI", "1/sqrt(2 pi)", 1 / sqrt(2 * pi)
    yield "SQRT_HALF_PI", "sqrt(pi/2)", sqrt(pi / 2)
    yield "STIRLING_AT_0", "1 - ln(2 pi)/2: Stirling's remainder at k = 0", 1 - log(2 * pi) / 2
    yield "STIRLING_OFFSET", "(ln(2 pi) - 1)/2", (log(2 * pi) - 1) / 2
    root = mpf(float(DIGAMMA_ROOT))
    yield "DIGAMMA_ROOT_HIGH", "The zero of digamma on x > 0, rounded", root
    yield "DIGAMMA_ROOT_LOW", "The rest of that zero", DIGAMMA_ROOT - root


def literal(value):
    return repr(float(value))


def array(name, sentence, coefficients):
    lines = [f"/// {sentence}", f"pub const {name}: [f64; {len(coefficients)}] = ["]
    return lines + [f"    {literal(c)}," for c in coefficients] + ["];", ""]


def coefficients():
    lines = [
        "//! Coefficients of the functions beside this file, in ascending powers.",
        "//!",
        "//! Generated by tools/oracles/special_functions.py (minimax fits in 110 digits, then rounded): do not edit.",
        "//! Each error is the largest one over the interval with the rounded coefficients and exact arithmetic.",
        "",
    ]
    for name, sentence, value in constants():
        lines += [f"/// {sentence}.", f"pub const {name}: f64 = {literal(value)};", ""]
    for name, sentence, grid, f, weight, (top, bottom), pinned in fits():
        values = [f(v) for v in grid]
        weights = [weight(v, y) for v, y in zip(grid, values)]
        p, q, ideal = fit(grid, values, weights, top, bottom, pinned)
        p, q = [mpf(float(c)) for c in p], [mpf(float(c)) for c in q]
        error = max(abs(polynomial(p, v) / polynomial(q, v) - y) * w for v, y, w in zip(grid, values, weights))
        print(f"{name:16} {top}/{bottom}  minimax {nstr(ideal, 3)}  rounded {nstr(error, 3)}")
        sentence = f"{sentence}; error {nstr(error, 2)}."
        if bottom:
            lines += array(f"{name}_P", f"Numerator: {sentence}", p)
            lines += array(f"{name}_Q", f"Denominator of [`{name}_P`].", q)
        else:
            lines += array(name, sentence[0].upper() + sentence[1:], p)
    return "\n".join(lines[:-1]) + "\n"


# Test values.


def uniform(low, high, count=100):
    return lambda dice: [dice.uniform(low, high) for _ in range(count)]


def logarithmic(low, high, count=100):
    """Magnitudes spread evenly in their logarithm; negative bounds give negative numbers."""
    sign = -1.0 if low < 0 else 1.0
    return lambda dice: [
        sign * float(exp(mpf(dice.uniform(float(log(abs(low))), float(log(abs(high))))))) for _ in range(count)
    ]


def around(centre, count=40, width=1.0):
    """Points within `width` that close in on a root or a seam from both sides."""
    return lambda dice: [
        centre + sign * dice.uniform(width / 2, width) * 2.0**-e for e in range(1, count // 2 + 1) for sign in (-1, 1)
    ]


def whole(low, high, count=100):
    spread = logarithmic(low, high, count)
    return lambda dice: [float(int(x)) for x in spread(dice)]


def exact(*points):
    return lambda dice: list(points)


SUITE = [
    ("exp", exp, [uniform(-708, 709.7), uniform(-1, 1), exact(-708.39, 709.78, 1.0, -1.0, 1e-300, 709.5)]),
    ("expm1", expm1, [uniform(-2, 2), logarithmic(1e-320, 700), logarithmic(-1e-20, -60), exact(709.78, 0.35, -0.35)]),
    ("ln", log, [logarithmic(1e-307, 1e308), around(1.0, 60), logarithmic(5e-324, 1e-308, 20), uniform(0.5, 2)]),
    ("ln_1p", log1p, [uniform(-0.999, 3), logarithmic(1e-320, 1e300), logarithmic(-1e-20, -0.9), around(-0.29, 20)]),
    ("erfc", erfc, [uniform(-6, 26.5), uniform(-1, 1), logarithmic(1e-20, 1), exact(0.0, 27.0, 27.2)]),
    ("erfcx", erfcx, [uniform(0, 30), logarithmic(1e-20, 1e200), uniform(-26, 0), exact(1e8, 1.0000001e8)]),
    ("normal_sf", normal_sf, [uniform(-9, 37.5), uniform(-2, 2), uniform(36, 38.4, 30), exact(0.0, 38.0, 37.5)]),
    ("normal_cdf", lambda x: normal_sf(-x), [uniform(-37.5, 9), uniform(-2, 2), exact(0.0, -37.5, -8.0)]),
    ("normal_pdf", normal_pdf, [uniform(-37.6, 37.6), uniform(-2, 2), exact(0.0, 38.0, 38.5)]),
    (
        "ln_normal_sf", ln_normal_sf,
        [uniform(-37, 40), uniform(-2, 2), logarithmic(1, 1e150), logarithmic(-1, -37), exact(0.0)],
    ),
    (
        "normal_quantile", normal_quantile,
        [
            uniform(0.0, 1.0), logarithmic(1e-307, 0.1), logarithmic(5e-324, 1e-308, 20), around(0.5, 60),
            around(0.075, 20, 0.1), exact(0.925, 0.925000001, 1 - 2.0**-53, 0.999999),
        ],
    ),
    ("ln_gamma", loggamma, [uniform(0.0, 12), around(1.0), around(2.0), logarithmic(1e-300, 1e300), around(3.0, 20)]),
    ("ln_factorial", lambda k: loggamma(k + 1), [whole(1, 9e15), exact(*map(float, range(60)))]),
    ("stirling_remainder", lambda k: binet(k + 1), [whole(1, 9e15), exact(*map(float, range(60)))]),
    ("ln_gamma_ratio", ln_gamma_ratio, [uniform(0, 12), logarithmic(1e-12, 1e20)]),
    ("gamma_ratio", lambda x: gamma(x + mpf(1) / 2) / gamma(x), [uniform(0, 12), logarithmic(1e-12, 1e15)]),
    ("c4", lambda n: exp(ln_gamma_ratio((n - 1) / 2)), [exact(*map(float, range(2, 60))), whole(60, 1e15)]),
    ("digamma", digamma, [uniform(0, 12), around(float(DIGAMMA_ROOT), 90), logarithmic(1e-300, 1e300)]),
    ("digamma_minus_ln", lambda x: digamma(x) - log(x), [uniform(0, 12), logarithmic(1e-12, 1e20)]),
    ("trigamma", trigamma, [uniform(0, 12), logarithmic(1e-150, 1e150)]),
    ("pow 2.5", lambda x: x ** mpf(2.5), [logarithmic(1e-5, 1e5)]),
    ("pow -0.3", lambda x: x ** mpf(-0.3), [logarithmic(1e-5, 1e5)]),
]


def oracles(target):
    """function, argument, value, rest: value + rest is the exact value to about 32 digits."""
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(["function", "x", "value", "rest"])
    for name, f, sources in SUITE:
        dice = random.Random(name)
        points = sorted({x for source in sources for x in source(dice)})
        for x in points:
            exact_value = f(mpf(x))
            value = float(exact_value)
            if value in (float("inf"), float("-inf")):
                continue
            writer.writerow([name, repr(x), repr(value), repr(float(f"{float(exact_value - mpf(value)):.4e}"))])
        print(f"{name:20} {len(points)} values")


if __name__ == "__main__":
    values = io.StringIO()
    oracles(values)
    (FOLDER / "coefficients.rs").write_text(coefficients())
    (FOLDER / "oracles.csv").write_text(values.getvalue())
