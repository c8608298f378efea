"""Nodes and weights of the Gauss-Kronrod rule with 10 and 21 points, for native/core/src/measures/quadrature.rs.

The Kronrod nodes are the zeros of the Legendre polynomial P10 and of the Stieltjes polynomial E11, which is orthogonal to every lower power
under the weight P10 (A. S. Kronrod, Nodes and weights of quadrature formulas, 1965). Weights integrate every polynomial of degree 20.

    python tools/oracles/quadrature.py        needs mpmath; prints Rust constants of the nodes >= 0, largest first
"""

from mpmath import legendre, lu_solve, matrix, mp, mpf, polyroots, taylor

mp.dps = 60
POINTS = 10


def power_integral(degree):
    return mpf(2) / (degree + 1) if degree % 2 == 0 else mpf(0)


def product_integral(a, b):
    """Integral over (-1, 1) of the product of two polynomials given by ascending coefficients."""
    return sum(x * y * power_integral(i + j) for i, x in enumerate(a) for j, y in enumerate(b))


def monomial(degree):
    return [mpf(0)] * degree + [mpf(1)]


def weights(nodes):
    size = len(nodes)
    system = matrix(size, size)
    right = matrix(size, 1)
    for degree in range(size):
        right[degree] = power_integral(degree)
        for column, node in enumerate(nodes):
            system[degree, column] = node**degree
    return list(lu_solve(system, right))


def main():
    gauss = [c for c in taylor(lambda x: legendre(POINTS, x), 0, POINTS)]
    size = POINTS + 1
    system, right = matrix(size, size), matrix(size, 1)
    for row in range(size):
        weighted = [mpf(0)] * (len(gauss) + row)
        for i, c in enumerate(gauss):
            weighted[i + row] += c
        right[row] = -product_integral(weighted, monomial(size))
        for column in range(size):
            system[row, column] = product_integral(weighted, monomial(column))
    stieltjes = list(lu_solve(system, right)) + [mpf(1)]
    roots = lambda ascending: [mp.re(r) for r in polyroots(ascending[::-1], maxsteps=500, extraprec=400)]
    inner = sorted(roots(gauss))
    nodes = sorted(inner + roots(stieltjes), reverse=True)
    both = dict(zip(nodes, weights(nodes)))
    ten = dict(zip(inner, weights(inner)))
    for node in nodes:
        if node > -mpf(10) ** -30:
            print(f"({mp.nstr(abs(node), 19)}, {mp.nstr(both[node], 19)}, {mp.nstr(ten.get(node, mpf(0)), 19)}),")


main()
