// Closed forms as curves of columns.

import type { Curve } from '../definition.js'
import type { Drift } from './drift-record.js'

/** The curves of a drift, for any family with the columns `variance_ratio` and `mean_shift`. */
export function momentCurves(found: Drift | undefined, source = 'recursion of moments (docstring of drift)'): Curve[] {
  if (!found) return []
  return [
    { column: 'variance_ratio', statistic: 'mean', values: found.variance, source },
    { column: 'mean_shift', statistic: 'mean', values: found.mean, source },
    { column: 'mean_shift', statistic: 'variance', values: found.meanVariance, source },
  ]
}
