// Gamma-function relatives, written so that nothing cancels for large arguments.

/** Below this the recurrences lift an argument to where the asymptotic series hold to double precision. */
const seriesFrom = 12

/**
 * psi(x) - ln x for x > 0, psi the digamma function: about -1/(2x). Recurrence psi(x) = psi(x+1) - 1/x and the
 * asymptotic series DLMF 5.11.2.
 */
export function digammaExcess(x: number): number {
  let excess = 0
  let at = x
  for (; at < seriesFrom; at++) excess += Math.log1p(1 / at) - 1 / at
  const y = 1 / (at * at)
  const series =
    y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132 - y * (691 / 32760 - y / 12))))))
  return excess - 0.5 / at - series
}

/** The digamma function for x > 0. */
export function digamma(x: number): number {
  return digammaExcess(x) + Math.log(x)
}

/** The trigamma function for x > 0; asymptotic series DLMF 5.15.8. */
export function trigamma(x: number): number {
  let sum = 0
  let at = x
  for (; at < seriesFrom; at++) sum += 1 / (at * at)
  const y = 1 / (at * at)
  const series =
    y * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y * (1 / 30 - y * (5 / 66 - y * (691 / 2730 - (7 * y) / 6))))))
  return sum + (1 + 0.5 / at + series) / at
}

/**
 * ln Gamma(x + 1/2) - ln Gamma(x) - (ln x)/2 for x > 0: about -1/(8x). With x = (n-1)/2 it is ln c4(n), the bias of the
 * sample standard deviation. Series from DLMF 5.11.13.
 */
export function halfStepExcess(x: number): number {
  let excess = 0
  let at = x
  for (; at < 4 * seriesFrom; at++) excess += 0.5 * Math.log1p(1 / at) - Math.log1p(0.5 / at)
  const y = 1 / (at * at)
  return excess - (1 / 8 - y * (1 / 192 - y * (1 / 640 - y * (17 / 14336)))) / at
}

/** Coefficients of Stirling's series, DLMF 5.11.1. */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156]

/** ln Gamma(x) for x > 0. */
export function lnGamma(x: number): number {
  let product = 1
  let at = x
  for (; at < seriesFrom; at++) product *= at
  const y = 1 / (at * at)
  const series = stirling.reduceRight((sum, coefficient) => sum * y + coefficient, 0) / at
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product)
}

/** ln of x^a e^-x / Gamma(a + 1). */
function lnScale(a: number, x: number): number {
  return a * Math.log(x) - x - lnGamma(a + 1)
}

/** The regularised lower incomplete gamma function P(a, x), a > 0: series DLMF 8.11.4 where x is small beside a. */
export function gammaP(a: number, x: number): number {
  if (!(x > 0)) return 0
  return x < a + 1 ? Math.exp(lnScale(a, x)) * lowerSeries(a, x) : 1 - upperFraction(a, x)
}

/** The regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x): continued fraction DLMF 8.9.2. */
export function gammaQ(a: number, x: number): number {
  if (!(x > 0)) return 1
  return x < a + 1 ? 1 - gammaP(a, x) : upperFraction(a, x)
}

/** Sum of x^k / ((a+1) ... (a+k)). */
export function lowerSeries(a: number, x: number): number {
  let term = 1
  let sum = 1
  for (let k = 1; term > sum * Number.EPSILON; k++) {
    term *= x / (a + k)
    sum += term
  }
  return sum
}

/** Lentz's method. */
function upperFraction(a: number, x: number): number {
  if (x === Number.POSITIVE_INFINITY) return 0
  const tiny = 1e-300
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let h = d
  for (let k = 1; k < 10_000; k++) {
    const step = -k * (k - a)
    b += 2
    d = 1 / (step * d + b || tiny)
    c = b + step / c || tiny
    h *= d * c
    if (Math.abs(d * c - 1) < 2 * Number.EPSILON) break
  }
  return Math.exp(lnScale(a, x)) * a * h
}

/** The mass of a standard normal distribution beyond x >= 0 on both sides: erfc(x / sqrt 2). */
export function normalTails(x: number): number {
  return gammaQ(0.5, (x * x) / 2)
}

/** ln Gamma(a + ib) for a > 0, real and imaginary part, the latter without jumps in b. */
export function lnGammaComplex(a: number, b: number): [number, number] {
  let [shift, turn] = [0, 0]
  let at = a
  for (; at < seriesFrom; at++) {
    shift += Math.log(Math.hypot(at, b))
    turn += Math.atan2(b, at)
  }
  const size = Math.hypot(at, b)
  const angle = Math.atan2(b, at)
  const log = Math.log(size)
  // Stirling's series in 1/z, z = size e^(i angle).
  let [re, im] = [0, 0]
  for (const [k, coefficient] of stirling.entries()) {
    const power = size ** -(2 * k + 1) * coefficient
    re += power * Math.cos((2 * k + 1) * angle)
    im -= power * Math.sin((2 * k + 1) * angle)
  }
  const half = at - 0.5
  return [
    half * log - b * angle - at + 0.5 * Math.log(2 * Math.PI) + re - shift,
    half * angle + b * log - b + im - turn,
  ]
}
