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
