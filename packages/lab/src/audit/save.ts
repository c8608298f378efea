// Where an audit leaves its traces: the folder of its run, and the experiment as a file that `genloss run` takes.

import { access, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GenlossError } from '@genloss/models'
import type { ExperimentInput } from '../experiment.js'
import { readPlan } from '../folder.js'
import type { AuditExperiment } from './experiment.js'

/** What a folder must fit. */
export interface PlannedText {
  /** The plan's canonical text and its hash. */
  text: string
  hash: string
}

/**
 * The folder of an audit's run: `runs/audit-<name>`, or, where that holds another audit of the same file, the same with
 * the plan's hash. Either way the same audit finds its folder again.
 */
export async function auditFolder(name: string, { text, hash }: PlannedText, parent = 'runs'): Promise<string> {
  const plain = join(parent, name)
  return (await isTaken(plain, text)) ? `${plain}-${hash.slice(0, 8)}` : plain
}

async function isTaken(folder: string, text: string): Promise<boolean> {
  const there = await access(join(folder, 'plan.json')).then(
    () => true,
    () => false,
  )
  return there && (await readPlan(folder)).text !== text
}

/** Writes the experiment as YAML. @throws GenlossError `input` */
export async function saveExperiment(path: string, experiment: AuditExperiment): Promise<void> {
  const what =
    experiment.watch === undefined
      ? "It follows the groups; 'bias' is how often the generator makes each, over how often it saw it."
      : `It ${experiment.model === undefined || (experiment.model as { kind?: string }).kind === 'empirical' ? 'resamples whole rows of the table' : 'fits a model to the rows and draws new ones'}; 'watch' lists the sets of rows whose share (or mean) is recorded.`
  const head = `# Made by 'genloss audit'. To run it: genloss run ${path}\n# ${what}\n`
  await writeExperiment(path, experiment, head)
}

/** Writes an experiment as YAML below lines of remarks. @throws GenlossError `input` */
export async function writeExperiment(path: string, experiment: ExperimentInput, head: string): Promise<void> {
  const { stringify } = await import('yaml')
  const text = head + stringify(experiment, { lineWidth: 120, flowCollectionPadding: false })
  await writeFile(path, text).catch((cause: NodeJS.ErrnoException) => {
    const rule = 'a file that can be written'
    throw new GenlossError({ code: 'input', path: 'save', value: path, rule, hint: cause.code }, { cause })
  })
}
