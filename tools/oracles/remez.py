"""Minimax fits: polynomials and rational functions by Remez exchange in multiple precision.

Finds P and Q with max |P(v)/Q(v) - f(v)| * weight(v) as small as possible on a grid, where both are
polynomials in v. Source: E. W. Cheney, Introduction to Approximation Theory, chapters 3 and 5 (exchange of the reference set,
Newton's method for the levelled error).
"""

from mpmath import mp, mpf, matrix, lu_solve, cos, pi


def chebyshev_grid(low, high, points):
    """Points of [low, high], denser at the ends, in ascending order, ends included."""
    middle, half = (mpf(low) + high) / 2, (mpf(high) - low) / 2
    return [middle - half * cos(pi * i / (points - 1)) for i in range(points)]


def polynomial(coefficients, v):
    """Horner's rule, coefficients in ascending order."""
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * v + c
    return total


def fit(grid, values, weights, top, bottom=0, pinned=None):
    """Coefficients (P, Q, error) of the best P/Q of degrees `top` and `bottom` with Q(0) = 1.

    grid, values, weights: v, f(v) and the weight of the error, ascending in v, equally long.
    pinned: a value that P(0) takes exactly (so that f(0) = pinned is reproduced), or None.
    """
    first = 0 if pinned is None else 1
    free_top, free_bottom = top + 1 - first, bottom
    unknowns = free_top + free_bottom + 1
    p = [mpf(0)] * (top + 1)
    if pinned is not None:
        p[0] = mpf(pinned)
    q = [mpf(1)] + [mpf(0)] * bottom
    error = mpf(0)
    step = mpf(len(grid) - 1) / unknowns
    reference = [int((i + mpf(1) / 2) * step) for i in range(unknowns)]
    for _ in range(60):
        for newton in range(40):
            system, right = matrix(unknowns), matrix(unknowns, 1)
            for row, index in enumerate(reference):
                v, f, sign = grid[index], values[index], (-1) ** row
                target = f + sign * error / weights[index]
                denominator = polynomial(q, v)
                power = v**first
                for j in range(free_top):
                    system[row, j] = power
                    power *= v
                power = v
                for j in range(free_bottom):
                    system[row, free_top + j] = -target * power
                    power *= v
                system[row, unknowns - 1] = -sign * denominator / weights[index]
                right[row] = target * denominator - polynomial(p, v)
            step_taken = lu_solve(system, right)
            for j in range(free_top):
                p[first + j] += step_taken[j]
            for j in range(free_bottom):
                q[1 + j] += step_taken[free_top + j]
            error += step_taken[unknowns - 1]
            if abs(step_taken[unknowns - 1]) <= abs(error) * mpf(10) ** -12:
                break
        errors = [(polynomial(p, v) / polynomial(q, v) - f) * w for v, f, w in zip(grid, values, weights)]
        peaks = _alternating_peaks(errors, unknowns)
        worst = max(abs(e) for e in errors)
        if worst <= abs(error) * (1 + mpf(10) ** -3):
            return p, q, worst
        reference = peaks
    raise ArithmeticError(f"no levelled error after 60 exchanges: {mp.nstr(worst, 5)} against {mp.nstr(error, 5)}")


def _alternating_peaks(errors, count):
    """Indices of `count` extrema of alternating sign, the largest ones, in order."""
    peaks, start = [], 0
    for i in range(1, len(errors) + 1):
        if i == len(errors) or (errors[i] > 0) != (errors[start] > 0):
            peaks.append(max(range(start, i), key=lambda j: abs(errors[j])))
            start = i
    while len(peaks) > count:
        if len(peaks) == count + 1:
            peaks.pop(0 if abs(errors[peaks[0]]) < abs(errors[peaks[-1]]) else -1)
        else:
            weakest = min(range(len(peaks)), key=lambda k: abs(errors[peaks[k]]))
            if weakest in (0, len(peaks) - 1):
                peaks.pop(weakest)
            else:
                neighbour = min((weakest - 1, weakest + 1), key=lambda k: abs(errors[peaks[k]]))
                for k in sorted((weakest, neighbour), reverse=True):
                    peaks.pop(k)
    if len(peaks) < count:
        raise ArithmeticError(f"{len(peaks)} alternations, {count} needed: another degree or a finer grid")
    return peaks
