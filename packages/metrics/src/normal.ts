/** The quantile of the standard normal distribution. */
import { refuse } from './shape.js'

// Rational approximations PPND16 of M. J. Wichura, "Algorithm AS 241: The percentage points of the normal
// distribution", Applied Statistics 37 (1988) 477-484; highest power last.
const CENTRE = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
] as const
const SIDE = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
] as const
const FAR = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
] as const

type Coefficients = readonly number[]

function ratio([above, below]: readonly [Coefficients, Coefficients], x: number): number {
  let numerator = 0
  let denominator = 0
  for (let k = 7; k >= 0; k--) {
    numerator = numerator * x + above[k]!
    denominator = denominator * x + below[k]!
  }
  return numerator / denominator
}

/**
 * The p-quantile of the standard normal distribution; relative error about 1e-15. -Infinity at 0, Infinity at 1.
 *
 * Throws RangeError for p outside [0, 1].
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) refuse('p', 'a number from 0 to 1', p)
  const centred = p - 0.5
  if (Math.abs(centred) <= 0.425) return centred * ratio(CENTRE, 0.180625 - centred * centred)
  const tail = centred < 0 ? p : 1 - p
  const root = Math.sqrt(-Math.log(tail))
  if (root === Number.POSITIVE_INFINITY) return centred < 0 ? -root : root
  const size = root <= 5 ? ratio(SIDE, root - 1.6) : ratio(FAR, root - 5)
  return centred < 0 ? -size : size
}
