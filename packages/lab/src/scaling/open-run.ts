// A run that stands in a folder already, with what it lacks made.

import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { GenlossError } from '@genloss/models'
import type { BlockRange } from '../blocks.js'
import { sha256 } from '../canonical.js'
import { CoreTables } from '../core-tables.js'
import { partName, readPlan } from '../folder.js'
import { description, native } from '../native.js'
import { cellOf, type Plan } from '../plan.js'
import { type Prepared, prepare } from '../prepare.js'
import type { RunResult } from '../result.js'
import { folderResult, type RunSettings, runPrepared } from '../run.js'

/**
 * The run of a folder: read from its parts where all are there; where some are missing, its experiment goes on.
 *
 * @throws GenlossError `input` where there is no run, `plan` where its experiment now makes another plan, and as `run` does
 */
export async function openRun(path: string, settings: RunSettings = {}): Promise<RunResult> {
  const folder = resolve(path)
  const { plan, text } = await readPlan(folder)
  const hash = sha256(text)
  const isThere = (range: BlockRange, block: number) =>
    native().checkPart(join(folder, 'parts', partName(block)), hash, false, range) === null
  if (plan.blocks.every(isThere)) return folderResult(planned(plan, text, hash), path)
  const given = await experimentOf(folder)
  return runPrepared(await prepare(given), { ...settings, out: path })
}

async function experimentOf(folder: string): Promise<unknown> {
  const file = join(folder, 'experiment.json')
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    const hint = 'parts of this run are missing; run its experiment again with the same folder'
    throw new GenlossError(
      { code: 'io', path: file, value: 'nothing that can be read', rule: 'an experiment', hint },
      { cause },
    )
  }
}

/** What is needed to read a run back, from its plan alone. */
function planned(plan: Plan, text: string, hash: string): Prepared {
  const core = description()
  const cellAt = (index: number) => cellOf(plan, index, core)
  const refuse = () => {
    throw new GenlossError({ code: 'usage', path: 'run', value: hash, rule: 'a run that is only read' })
  }
  return {
    ...{ plan, text, hash, core, cellAt, name: undefined, given: undefined, notes: [], recordBytes: 0 },
    // Columns are read when they are asked for, however few they are.
    bytes: Number.POSITIVE_INFINITY,
    draft: '',
    modules: new Map(),
    hosting: undefined,
    tables: new CoreTables(new Map()),
    files: [],
    blockAt: refuse,
    chainsAt: refuse,
    fitsOf: refuse,
    costOf: refuse,
    bytesOf: refuse,
  }
}
