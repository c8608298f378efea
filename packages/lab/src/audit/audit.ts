// The audit from file to answer: read the table, find the questions, run the pipelines, answer.

import { basename } from 'node:path'
import type { EngineOptions } from '../engine.js'
import { runPrepared } from '../run.js'
import { readTable, type TableData } from '../sources/index.js'
import { type AuditAnswer, answerOf } from './answer.js'
import { countBeside, readBeside } from './beside.js'
import { checkOptions } from './checks.js'
import { countsNote } from './counts.js'
import { deduplicated } from './dedup.js'
import { type AuditExperiment, factorExperiment } from './experiment.js'
import { unmatched } from './matching.js'
import { answerable } from './modelled.js'
import { type AuditOptions, type AuditSettings, readOptions, wrong } from './options.js'
import { readPipelines } from './pipelines.js'
import type { Skipped } from './profile.js'
import { findQuestions, groupsOf } from './questions.js'
import { auditFolder, saveExperiment } from './save.js'
import { stageAnswers } from './stage-answer.js'
import { whatIf } from './what-if.js'

/** How an audit is run. */
export interface AuditRun extends EngineOptions {
  /** The run's folder; by default `runs/audit-<name>`, where an audit that was stopped goes on; null stays in memory. */
  out?: string | null
  /** A file to write the experiment to, for `genloss run`: with generated rows, that of the groups' factors. */
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
 * is counted is sampling loss alone: the best case. With rows that the person's own generator made (`synthetic`) its
 * one-step factors are measured, and every group, crossing and tail is followed as a chain of classes with them instead.
 * With a `model` each round fits it to the rows and draws new ones: its misfit at round 0 is in the answer.
 * Everything is checked before anything is written.
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
  const read = await readTable(file, { ...reading, ...(group === undefined ? {} : { group }) })
  const table = settings.dedup ? deduplicated(read) : read
  const note = countsNote(table)
  if (note !== undefined) table.report.notes.push(note)
  const pipelines = readPipelines(settings.pipelines, settings, table.rows)
  const beside = await readAll(settings, table)
  const asked = findQuestions(table, group, beside.excluded)
  const { questions, experiment, prepared, undecided } = await answerable(asked, table, pipelines, settings)
  const [synthetic, holdout] = beside.tables.map((other) => other && countBeside(questions, table, other))
  checkOptions({ table, holdout, pipelines, questions, settings })
  if (settings.dedup && run.save !== undefined)
    throw wrong('save', run.save, "no file with 'dedup'", 'the experiment would read the rows that repeat again')
  const { out: _, save: __, ...engine } = run
  const { onProgress: ___, ...quiet } = engine
  // Before anything is written: the stages asked for may have no meaning in a pipeline.
  const chances = await whatIf(
    { table, settings, pipelines, questions: settings.model ? groupsOf(questions) : questions, synthetic },
    quiet,
  )
  const stages = await stageAnswers(table, pipelines, settings, quiet)
  const out = run.out === undefined ? await auditFolder(experiment.name, prepared) : run.out
  const columns = [...new Set(questions.groups.groups.map(({ column }) => column))]
  const savedOf = (plain: AuditExperiment) =>
    (synthetic && factorExperiment(settings, table, pipelines, columns, synthetic)) ?? plain
  // Under the folder's name, so that `genloss run` finds what the audit has done.
  const named = run.out === undefined && out !== null ? { ...experiment, name: basename(out) } : experiment
  if (run.save !== undefined) await saveExperiment(run.save, savedOf(named))
  const result = await runPrepared(prepared, { ...engine, ...(out === null ? {} : { out }) })
  const cells = result.cells.map(({ data }) => data)
  const recorded = {
    table,
    settings,
    pipelines,
    questions,
    undecided,
    cells,
    chances,
    stages,
    synthetic,
    holdout,
    run: out,
  }
  return { answer: answerOf(recorded), experiment: named }
}

/** The tables beside the real one, and columns that can't be followed in all of them. */
async function readAll(settings: AuditSettings, table: TableData) {
  const { synthetic, holdout, group } = settings
  const tables = await Promise.all(
    [synthetic, holdout].map((file) => (file === undefined ? undefined : readBeside(file, settings))),
  )
  for (const [name, other] of [
    ['synthetic', tables[0]],
    ['holdout', tables[1]],
  ] as const)
    if (other?.sha256 === table.sha256)
      throw wrong(name, other.path, 'other rows than those of the table', 'it is the same file')
  const excluded = new Map<string, Skipped>()
  for (const other of tables)
    for (const skipped of other ? unmatched(table, other, group) : []) excluded.set(skipped.column, skipped)
  return { tables, excluded: [...excluded.values()] }
}
