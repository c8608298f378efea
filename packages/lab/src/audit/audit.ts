// The audit from file to answer: read the table, find the questions, run the pipelines, answer.

import { basename } from 'node:path'
import type { EngineOptions } from '../engine.js'
import { prepare } from '../prepare.js'
import { runPrepared } from '../run.js'
import { readTable } from '../sources/index.js'
import { type AuditAnswer, answerOf } from './answer.js'
import { type AuditExperiment, auditExperiment } from './experiment.js'
import { type AuditOptions, readOptions } from './options.js'
import { readPipelines } from './pipelines.js'
import { findQuestions, watchList } from './questions.js'
import { auditFolder, saveExperiment } from './save.js'

/** How an audit is run. */
export interface AuditRun extends EngineOptions {
  /** The run's folder; by default `runs/audit-<name>`, where an audit that was stopped goes on; null stays in memory. */
  out?: string | null
  /** A file to write the experiment to, for `genloss run`. */
  save?: string
}

/** An audit's answer, and the experiment that gave it. */
export interface AuditResult {
  answer: AuditAnswer
  experiment: AuditExperiment
}

/**
 * Audits a table: which of its groups, rare crossings, tails and gaps are lost, and by which round, when models are
 * trained on their own output, under several ways to train on. Whole rows are resampled (Wright-Fisher on rows), so what
 * is counted is sampling loss alone: the best case. Everything is checked before anything is written.
 *
 * @throws GenlossError `input` for the file, the group, the pipelines and the other options; `interrupted`, and the same
 *   audit goes on from there; `io`, `native`
 *
 * @example
 * const { answer } = await audit({ file: 'people.csv', group: 'region' })
 * answer.verdict // 'region = north (27 of 534 rows) goes first. ...'
 */
export async function audit(options: AuditOptions, run: AuditRun = {}): Promise<AuditResult> {
  const settings = readOptions(options)
  const { file, group, reading } = settings
  const table = await readTable(file, { ...reading, ...(group === undefined ? {} : { group }) })
  const pipelines = readPipelines(settings.pipelines, settings, table.rows)
  const questions = findQuestions(table, group)
  const experiment = auditExperiment(settings, table, pipelines, watchList(questions))
  const prepared = await prepare(experiment, { tables: [table] })
  const out = run.out === undefined ? await auditFolder(experiment.name, prepared) : run.out
  // Under the folder's name, so that `genloss run` finds what the audit has done.
  const named = run.out === undefined && out !== null ? { ...experiment, name: basename(out) } : experiment
  if (run.save !== undefined) await saveExperiment(run.save, named)
  const { out: _, save: __, ...engine } = run
  const result = await runPrepared(prepared, { ...engine, ...(out === null ? {} : { out }) })
  const cells = result.cells.map(({ data }) => data)
  return { answer: answerOf({ table, settings, pipelines, questions, cells, run: out }), experiment: named }
}
