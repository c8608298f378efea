// @ts-check
// THE list of suites, in the order in which they run. Those of `large` run with --large.
import { auditLarge } from './audit-large.mjs'
import { categoricalExact } from './categorical-exact.mjs'
import { empiricalRows } from './empirical-rows.mjs'
import { familyDraws } from './families.mjs'
import { gaussianDraws } from './gaussian-draws.mjs'
import { gaussianExact } from './gaussian-exact.mjs'
import { memory } from './memory.mjs'
import { ownModels } from './own-models.mjs'
import { startUp } from './start-up.mjs'

export const usual = [
  gaussianDraws,
  gaussianExact,
  categoricalExact,
  empiricalRows,
  familyDraws,
  ownModels,
  startUp,
  memory,
]

export const large = [auditLarge]
