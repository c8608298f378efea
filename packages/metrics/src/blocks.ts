/** Merges the columns of several blocks into one set in (cell, replicate) order. */
import { refuse } from './shape.js'

/**
 * The columns of one block, as the engine and the part files give them.
 *
 * Rows are ordered by (cell, replicate, generation). `values[i][row]` belongs to `names[i]`, NaN = undefined;
 * `events[i][chain]` to `eventNames[i]`, a generation or -1 = never, chains in row order.
 */
export interface BlockColumns {
  cell: Uint32Array
  replicate: Uint32Array
  generation: Uint32Array
  names: string[]
  values: Float64Array[]
  eventNames: string[]
  events: Int32Array[]
}

/** A chain: rows from..to (exclusive) of a block. */
export interface Chain {
  cell: number
  replicate: number
  from: number
  to: number
}

/** The chains of a block in row order. Throws RangeError where columns differ in length. */
export function chainsOf(block: BlockColumns): Chain[] {
  const { cell, replicate } = block
  const rows = cell.length
  checkLength('replicate', replicate, rows)
  checkLength('generation', block.generation, rows)
  const chains: Chain[] = []
  for (let from = 0, to = 0; from < rows; from = to) {
    while (to < rows && cell[to] === cell[from] && replicate[to] === replicate[from]) to++
    chains.push({ cell: cell[from]!, replicate: replicate[from]!, from, to })
  }
  block.names.forEach((name, i) => {
    checkLength(`values.${name}`, block.values[i], rows)
  })
  block.eventNames.forEach((name, i) => {
    checkLength(`events.${name}`, block.events[i], chains.length)
  })
  return chains
}

function checkLength(path: string, column: { readonly length: number } | undefined, length: number): void {
  if (column?.length !== length) refuse(`${path}.length`, String(length), column?.length)
}

/** Consecutive chains of one block that stay together in the merged order. */
interface Span {
  block: BlockColumns
  from: number
  to: number
  firstChain: number
  lastChain: number
}

function sortedSpans(blocks: readonly BlockColumns[]): Span[] {
  const all = blocks.flatMap((block) => chainsOf(block).map((chain, index) => ({ block, index, ...chain })))
  all.sort((a, b) => a.cell - b.cell || a.replicate - b.replicate)
  const spans: Span[] = []
  let last: (typeof all)[number] | undefined
  for (const chain of all) {
    const { block, index, cell, replicate, from, to } = chain
    if (last?.cell === cell && last.replicate === replicate) {
      refuse('blocks', 'every chain once', `cell ${cell}, replicate ${replicate} twice`)
    }
    if (last?.block === block && last.index === index - 1) {
      const span = spans.at(-1)!
      span.to = to
      span.lastChain = index
    } else {
      spans.push({ block, from, to, firstChain: index, lastChain: index })
    }
    last = chain
  }
  return spans
}

function join<Column extends Uint32Array | Int32Array | Float64Array>(
  into: Column,
  spans: readonly Span[],
  pick: (span: Span) => Column | undefined,
  byChain: boolean,
): Column {
  let at = 0
  for (const span of spans) {
    const [from, to] = byChain ? [span.firstChain, span.lastChain + 1] : [span.from, span.to]
    const part = pick(span)
    if (part !== undefined) into.set(part.subarray(from, to), at)
    at += to - from
  }
  return into
}

function checkEventNames(blocks: readonly BlockColumns[], eventNames: readonly string[]): void {
  for (const [i, block] of blocks.entries()) {
    const same = block.eventNames.length === eventNames.length && block.eventNames.every((n) => eventNames.includes(n))
    if (!same) refuse(`blocks[${i}].eventNames`, `the events of the first block: ${eventNames}`, block.eventNames)
  }
}

/**
 * Merges blocks into one set of columns, ordered by (cell, replicate, generation) whatever the order of the blocks.
 *
 * The result has every value column that some block has, in order of first appearance; where a block lacks one (its
 * cells' family has no such measure) it is NaN, undefined. Events must be the same everywhere. Throws RangeError for
 * a chain that occurs twice, for differing events and for columns that differ in length.
 */
export function concatenate(blocks: readonly BlockColumns[]): BlockColumns {
  const names = [...new Set(blocks.flatMap((block) => block.names))]
  const eventNames = [...(blocks[0]?.eventNames ?? [])]
  checkEventNames(blocks, eventNames)
  const spans = sortedSpans(blocks)
  const rows = spans.reduce((sum, span) => sum + span.to - span.from, 0)
  const chains = spans.reduce((sum, span) => sum + span.lastChain + 1 - span.firstChain, 0)
  const whole = (pick: (block: BlockColumns) => Uint32Array): Uint32Array =>
    join(new Uint32Array(rows), spans, ({ block }) => pick(block), false)
  const value = (name: string): Float64Array =>
    join(new Float64Array(rows).fill(Number.NaN), spans, ({ block }) => block.values[block.names.indexOf(name)], false)
  const event = (name: string): Int32Array =>
    join(new Int32Array(chains), spans, ({ block }) => block.events[block.eventNames.indexOf(name)], true)
  return {
    cell: whole((block) => block.cell),
    replicate: whole((block) => block.replicate),
    generation: whole((block) => block.generation),
    names,
    values: names.map(value),
    eventNames,
    events: eventNames.map(event),
  }
}
