"""Values for the tests of packages/models/src/theory: special functions, laws by quadrature, made with mpmath at 40 digits.

Run it and compare with the constants in the tests: `python tools/oracles/theory.py`.
"""

from mpmath import mp, mpf, mpc, gammainc, loggamma, erfc, sqrt, quad, exp, log, pi, inf, gamma, npdf, psi, cosh

mp.dps = 40


def show(name, rows):
    print(name)
    for row in rows:
        print("    [" + ", ".join(repr(float(v)) for v in row) + "],")


def special():
    points = [(0.5, 0.02), (0.5, 2), (0.5, 30), (1.5, 1), (4.5, 4.5), (4.5, 60), (50, 30), (50, 90)]
    show("incomplete gamma: a, x, P, Q", [
        (a, x, gammainc(mpf(a), 0, mpf(x), regularized=True), gammainc(mpf(a), mpf(x), inf, regularized=True)) for a, x in points
    ])
    points = [(0.5, 0.3), (0.5, 25), (1, 4), (4.5, 2), (49.5, 11), (499.5, 80)]
    show("ln gamma: a, b, re, im", [(a, b, loggamma(mpc(a, b)).real, loggamma(mpc(a, b)).imag) for a, b in points])
    show("normal tails: x, mass", [(x, erfc(mpf(x) / sqrt(2))) for x in (0.1, 1, 3, 6, 12, 30)])


def truncation():
    def variance(k):
        return quad(lambda x: x * x * npdf(x), [0, k]) / quad(npdf, [0, k])

    show("truncated variance: k, variance", [(k, variance(mpf(k))) for k in (0.001, 0.1, 1, 2, 2.999, 3.001, 5)])


def chi_density(nu, divisor, c):
    y = c * divisor
    return divisor * y ** (mpf(nu) / 2 - 1) * exp(-y / 2) / (2 ** (mpf(nu) / 2) * gamma(mpf(nu) / 2))


def tails():
    """E P(|X| > t) of the first and of the second model, by one and by two quadratures."""

    def first(t, n, divisor):
        return quad(lambda c: chi_density(n - 1, divisor, c) * erfc(t / sqrt(2 * (mpf(1) / n + c))), [0, 1, 4, inf])

    def second(t, n, divisor):
        mp.dps = 15
        inner = lambda a: quad(
            lambda c: chi_density(n - 1, divisor, c) * erfc(t / sqrt(2 * (mpf(1) / n + a / n + a * c))), [0, 1, 4, inf]
        )
        value = quad(lambda a: chi_density(n - 1, divisor, a) * inner(a), [0, 1, 4, inf])
        mp.dps = 40
        return value

    show("tail mass: t, n, divisor, first fit", [(t, n, v, first(t, n, v)) for t, n, v in
        [(2, 10, 9), (3, 10, 9), (2, 10, 10), (3, 4, 3), (3, 1000, 999)]])
    show("tail mass: t, n, divisor, second fit", [(t, n, v, second(t, n, v)) for t, n, v in [(3, 10, 9), (2, 5, 5)]])


def expressivity():
    """KL(mixture || its normal of the same moments), for equal mixtures of N(-a, 1) and N(a, 1); Laplace to normal."""

    def kl(a):
        p = lambda x: (npdf(x, -a, 1) + npdf(x, a, 1)) / 2
        v = 1 + a * a
        return quad(lambda x: p(x) * log(p(x) / npdf(x, 0, sqrt(v))), [-inf, -a, 0, a, inf])

    show("mixture to normal: a, KL", [(a, kl(mpf(a))) for a in (1, 3)])
    print("    Laplace to normal", float((log(pi) - 1) / 2))


def selection():
    """E of the mean and of the variance (divisor n - 1) of the n highest of m normal records, from moments of order statistics."""

    from mpmath import binomial, ncdf

    def density(i, m, x):
        return m * binomial(m - 1, i - 1) * ncdf(x) ** (i - 1) * ncdf(-x) ** (m - i) * npdf(x)

    def moment(i, m, power):
        return quad(lambda x: x**power * density(i, m, x), [-inf, -2, 0, 2, inf])

    # The highest two of three: E z_(2) z_(3) = sqrt 3 / (2 pi); the highest one has no variance, the highest of two mean 1 / sqrt pi.
    first, second = moment(3, 3, 1), moment(2, 3, 1)
    squares = (moment(3, 3, 2) + moment(2, 3, 2)) / 2
    product = sqrt(mpf(3)) / (2 * pi)
    mean = (first + second) / 2
    mean_square = (2 * squares + 2 * product) / 4
    show("2 of 3: mean, variance", [(2, 3, mean, 2 * (squares - mean_square))])
    # 2 of 4 and 3 of 4: joint densities of two order statistics.
    mp.dps = 15

    def joint(i, j, m, x, y):
        scale = gamma(m + 1) / (gamma(i) * gamma(j - i) * gamma(m - j + 1))
        return scale * ncdf(x) ** (i - 1) * (ncdf(y) - ncdf(x)) ** (j - i - 1) * ncdf(-y) ** (m - j) * npdf(x) * npdf(y)

    def pair(i, j, m):
        return quad(lambda x: quad(lambda y: x * y * joint(i, j, m, x, y), [x, x + 2, 9]), [-9, -2, 0, 2, 9])

    for n, m in ((2, 4), (3, 4)):
        kept = range(m - n + 1, m + 1)
        mean = sum(moment(i, m, 1) for i in kept) / n
        squares = sum(moment(i, m, 2) for i in kept) / n
        mean_square = (n * squares + 2 * sum(pair(i, j, m) for i in kept for j in kept if i < j)) / n**2
        show(f"{n} of {m}: mean, variance", [(n, m, mean, (squares - mean_square) * n / (n - 1))])
    mp.dps = 40


if __name__ == "__main__":
    special()
    truncation()
    tails()
    expressivity()
    selection()
