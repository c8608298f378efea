// The one call for programs: an experiment in, a result out.

import type { ExperimentInput } from './experiment.js'
import { type PrepareOptions, prepare } from './prepare.js'
import type { RunResult } from './result.js'
import { type RunSettings, runPrepared } from './run.js'

export interface RunOptions extends RunSettings, Omit<PrepareOptions, 'out'> {}

/**
 * Runs an experiment: in memory, or in the folder `out`, where a run of the same plan goes on from what is there.
 *
 * Everything that can be checked is checked before anything is written. `signal` stops the run within about a tenth of
 * a second; `onProgress` is called some ten times a second with fits done, of all, and a second.
 *
 * @throws GenlossError: `plan` and `input` for what is asked, `data` for what is in a table, `io`, `native`,
 *   `interrupted`
 *
 * @example
 * const result = await run({ origin: origins.gaussian(), model: gaussian({ estimator: 'mle' }), n: 100, replicates: 1000 })
 * result.summary('tail_p01').median // retention of the tails, one value a generation
 */
export async function run(experiment: ExperimentInput, options: RunOptions = {}): Promise<RunResult> {
  return runPrepared(await prepare(experiment, options), options)
}
