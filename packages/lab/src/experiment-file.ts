// An experiment file (YAML or JSON) as plain values, and the line and column of what is wrong in it.

import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { GenlossError, isObject } from '@genloss/models'
import { type Document, isMap, isNode, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { ExperimentFile } from './read-experiment.js'

/**
 * Reads an experiment file; JSON is read as the YAML that it is. `name` is the file's base name.
 *
 * @throws GenlossError `input` if it can't be read or is not YAML or JSON
 */
export async function parseExperimentFile(path: string): Promise<ExperimentFile> {
  const content = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new GenlossError({ code: 'input', path, value: cause.code, rule: 'a file that can be read' }, { cause })
  })
  const lines = new LineCounter()
  const document = parseDocument(content, { lineCounter: lines, intAsBigInt: true, prettyErrors: false })
  const [problem] = document.errors
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0])
    throw new GenlossError({
      code: 'input',
      path,
      value: problem.message,
      rule: 'YAML or JSON',
      at: `${path}:${line}:${col}`,
    })
  }
  const input = plain(document.toJS())
  if (!isObject(input))
    throw new GenlossError({ code: 'input', path, value: input, rule: 'a file of settings, key: value' })
  const place = (error: unknown) => (error instanceof GenlossError ? placed(error, path, document, lines) : error)
  return { input, name: basename(path, extname(path)), place }
}

/** Whole numbers came as bigints, so that none lost a digit; those that fit a double become numbers. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint')
    return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (Array.isArray(value)) return value.map(plain)
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]))
  return value
}

function placed(error: GenlossError, path: string, document: Document, lines: LineCounter): GenlossError {
  if (error.at !== undefined || error.code !== 'plan') return error
  const node = deepest(document.contents as Node | null, error.path) ?? sweepNode(document, error.path)
  if (!node?.range) return error
  const { line, col } = lines.linePos(node.range[0])
  return error.placed(`${path}:${line}:${col}`)
}

/** A path that no setting has by itself may stand under `sweep`. */
function sweepNode(document: Document, path: string): Node | undefined {
  return deepest(document.contents as Node | null, `sweep.${path}`)
}

/** The node at a path, or the nearest one above it; undefined if not even the first step exists. */
function deepest(root: Node | null, path: string): Node | undefined {
  let node: Node | null = root
  let found: Node | undefined
  let rest = path
  while (node && rest !== '') {
    const step = nextStep(node, rest)
    if (!step) return found
    found = step.key
    node = step.value
    rest = step.rest
  }
  return node && rest === '' ? node : found
}

/** One step into a node: keys may hold dots and commas (`policy.real`), so the longest that fits is taken. */
function nextStep(node: Node, path: string): { key: Node; value: Node | null; rest: string } | undefined {
  if (isSeq(node)) {
    const [whole = '', index] = /^\[(\d+)\]\.?/.exec(path) ?? []
    const item = node.items[Number(index)]
    return isNode(item) ? { key: item, value: item, rest: path.slice(whole.length) } : undefined
  }
  if (!isMap(node)) return undefined
  const fits = node.items
    .map((pair) => ({ pair, key: String(isNode(pair.key) ? pair.key.toJSON() : pair.key) }))
    .filter(({ key }) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`))
    .sort((a, b) => b.key.length - a.key.length)
  const [best] = fits
  if (!best || !isNode(best.pair.key)) return undefined
  const rest = path.slice(best.key.length).replace(/^\./, '')
  return { key: best.pair.key, value: isNode(best.pair.value) ? best.pair.value : null, rest }
}
