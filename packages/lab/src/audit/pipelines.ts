// The ways to train on, in the words of people with data: replace, anchor:ROWS, keep-all, pile-up.

import { didYouMean, type GenlossError, type Policy } from '@genloss/models'
import { type AuditSettings, wrong } from './options.js'

/** One way to train on, with both counts: how many real and how many generated rows a round learns from. */
export interface Pipeline {
  /** The word that asks for it: `anchor:53`. */
  name: string
  policy: Policy
  /** Rows made by the last model a round, plus the real rows of an anchor: the `n` of the cell. */
  n: number
  realRows: number
  generatedRows: number
  /** What a round learns from, as a sentence's end: `53 real rows, drawn anew, and 481 generated ones`. */
  words: string
}

type Sizes = Pick<AuditSettings, 'rows' | 'generated'>

const words = ['replace', 'anchor', 'keep-all', 'pile-up'] as const
const rule = "'replace', 'anchor:ROWS', 'keep-all' or 'pile-up'"

/**
 * Reads the pipelines asked for, in their order, each once.
 *
 * @param tableRows rows of the table; the rows a round where `sizes` names none.
 * @throws GenlossError `input` for an unknown word and for more anchor rows than there are
 */
export function readPipelines(asked: readonly string[], sizes: Sizes, tableRows: number): Pipeline[] {
  const found = new Map<string, Pipeline>()
  for (const word of asked) {
    const pipeline = readPipeline(word.trim(), sizes, tableRows)
    found.set(pipeline.name, pipeline)
  }
  return [...found.values()]
}

function readPipeline(word: string, { rows: asked, generated = 0 }: Sizes, tableRows: number): Pipeline {
  const [kind = '', count] = word.split(/:(.*)/s)
  const n = asked ?? tableRows
  if (count !== undefined && kind !== 'anchor') throw unknown(word)
  switch (kind) {
    case 'replace':
      return pipeline(kind, { kind }, n, 0, n, `only the ${rowsOf(n)} that the last round generated`)
    case 'anchor':
      return anchor(count === undefined ? defaultAnchor(n, tableRows) : readCount(count, word), n, tableRows)
    case 'keep-all': {
      const made = generated || tableRows
      const policy: Policy = { kind: 'window', batches: 1, keepReal: true }
      return pipeline(
        kind,
        policy,
        made,
        tableRows,
        made,
        `all ${rowsOf(tableRows)} of the table and ${generatedOnes(made, 'new ')}`,
      )
    }
    case 'pile-up':
      return pipeline(
        kind,
        { kind: 'accumulate' },
        n,
        tableRows,
        n,
        `everything so far: the table, and ${grouped(n)} more generated rows each round`,
      )
    default:
      throw unknown(word)
  }
}

/** `1 generated one`, `481 new generated ones`. */
export function generatedOnes(count: number, which = ''): string {
  return `${grouped(count)} ${which}generated ${count === 1 ? 'one' : 'ones'}`
}

function anchor(real: number, n: number, tableRows: number): Pipeline {
  if (real > tableRows)
    throw wrong('pipeline', `anchor:${real}`, `at most ${tableRows} real rows`, 'the table has no more')
  if (real > n) throw wrong('pipeline', `anchor:${real}`, `at most ${n} real rows`, 'a round has no more; see --rows')
  const policy: Policy = { kind: 'mix', real: real / n, source: 'fresh', composition: 'stratified', recycle: false }
  const made = n - real
  return pipeline(
    `anchor:${real}`,
    policy,
    n,
    real,
    made,
    `${rowsOf(real, 'real ')} drawn anew and ${generatedOnes(made)}`,
  )
}

/** A tenth of the rows a round, rounded: at least one, at most what the table has. */
function defaultAnchor(n: number, tableRows: number): number {
  return Math.max(1, Math.min(tableRows, Math.round(n / 10)))
}

function readCount(text: string, word: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (count >= 1 && Number.isSafeInteger(count)) return count
  const percent = /%|\./.test(text) ? 'a count of rows, not a share: "10 % real" has two meanings' : undefined
  throw wrong('pipeline', word, "'anchor:ROWS' with ROWS a whole number of at least 1", percent)
}

function pipeline(
  name: string,
  policy: Policy,
  n: number,
  realRows: number,
  generatedRows: number,
  said: string,
): Pipeline {
  return { name, policy, n, realRows, generatedRows, words: said }
}

function unknown(word: string): GenlossError {
  return wrong('pipeline', word, rule, didYouMean(word.split(':')[0]!, words))
}

function rowsOf(count: number, kind = ''): string {
  return `${grouped(count)} ${kind}${count === 1 ? 'row' : 'rows'}`
}

/** A whole number with commas between thousands. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US')
}
