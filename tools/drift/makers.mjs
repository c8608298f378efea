// @ts-check
// What stands in the generated blocks: tables from the lists of the native core, and the screen of `npm start`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { limitRules, lineageSchema } from '@genloss/lab'
import { samples } from '@genloss/metrics'
import { stages as shapes } from '@genloss/models'
import { demonstration } from '../setup/demonstration.mjs'
import { root, SetupError } from '../setup/shell.mjs'
import { table } from './blocks.mjs'

/**
 * @typedef {{ name: string, doc: string }} Column
 * @typedef {{ kind: string, doc: string, columns: Column[], methods: string[] }} Family
 * @typedef {{ families: Family[], policies: { kind: string, doc: string }[], stoppedReasons: string[] }} Description
 */

/** @returns {Description} */
function description() {
  return JSON.parse(createRequire(import.meta.url)('@genloss/native').describe())
}

/** @param {string[]} names */
const code = (names) => names.map((name) => `\`${name}\``).join(', ')

function models() {
  const rows = description().families.map(({ kind, doc, methods }) => [code([kind]), doc, code(methods)])
  return table(['model', 'what it is', 'methods'], rows)
}

function policies() {
  const rows = description().policies.map(({ kind, doc }) => [code([kind]), doc])
  return table(['policy', 'how the next model is trained'], rows)
}

/** Every setting of every stage, in the order in which the stages act. */
function stages() {
  const rows = Object.values(shapes).flatMap(({ kind, doc, fields }) => {
    const settings = Object.entries(fields).map(([name, { check, doc: meaning, fallback, optional }]) => {
      const otherwise = fallback === undefined ? (optional ? 'left out' : 'required') : `\`${fallback}\``
      return [code([`${kind}.${name}`]), meaning, check.rule, otherwise]
    })
    return [[`**${kind}**`, doc, '', ''], ...settings]
  })
  return table(['setting', 'what it does', 'accepted', 'default'], rows)
}

/** Every column once for each of its meanings, with the models that have it. */
function columns() {
  /** @type {Map<string, { column: Column, kinds: string[] }>} */
  const found = new Map()
  for (const { kind, columns: own } of description().families) {
    for (const column of own) {
      const key = `${column.name} ${column.doc}`
      const row = found.get(key) ?? { column, kinds: [] }
      row.kinds.push(kind)
      found.set(key, row)
    }
  }
  const rows = [...found.values()].map(({ column, kinds }) => [code([column.name]), column.doc, kinds.join(', ')])
  return table(['column', 'meaning', 'models'], rows)
}

/** The measures of two samples, each with all that defines it. */
function measures() {
  return samples.definitions
    .map(({ name, of, about, formula, unit, source, ties, weights, infinities, nan, empty }) => {
      const odd = `ties: ${ties}; weights: ${weights}; infinities: ${infinities}; NaN: ${nan}; empty: ${empty}`
      return `- **\`${name}\`** (of ${of}). ${about} \`${formula}\`. Unit: ${unit}. Source: ${source}. ${odd}.\n`
    })
    .join('')
}

/** What a gate can bind. */
function limits() {
  const kinds = { number: 'columns of numbers', text: 'columns of categories', rows: 'whole rows', any: 'any column' }
  const rows = limitRules.map(({ name, of, side, about }) => [code([name]), about, kinds[of], `at ${side}`])
  return table(['limit', 'of what', 'where', 'a single number is'], rows)
}

/** Why a chain can stop. */
function reasons() {
  return description()
    .stoppedReasons.map((reason) => `- ${reason}\n`)
    .join('')
}

/**
 * What `npm start` prints off a terminal, the same bytes on every machine. It runs in a folder that looks like the
 * checkout but holds no earlier runs, since an audit says where it recorded itself.
 */
function screen() {
  const folder = mkdtempSync(join(tmpdir(), 'genloss-screen-'))
  try {
    symlinkSync(join(root, 'packages'), join(folder, 'packages'), 'junction')
    const { status, stdout, stderr } = spawnSync(process.execPath, demonstration, { cwd: folder, encoding: 'utf8' })
    if (status !== 0)
      throw new SetupError(`node ${demonstration.join(' ')}\nfailed with exit code ${status}: ${stderr}`)
    return `\`\`\`text\n${stdout.trimEnd()}\n\`\`\`\n`
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @type {Record<string, () => string>} */
export const makers = { models, policies, stages, columns, reasons, measures, limits, screen }

/** The JSON Schema of a lineage as a file. */
export const lineageText = () => `${JSON.stringify(lineageSchema, null, 2)}\n`
