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

/** Where each chain of a block starts: chain i is rows starts[i]..starts[i + 1] (exclusive). */
export type Starts = Uint32Array

/** The chains of a block in row order. Throws RangeError where columns differ in length. */
export function chainsOf(block: BlockColumns): Starts {
  const { cell, replicate } = block
  const rows = cell.length
  checkLength('replicate', replicate, rows)
  checkLength('generation', block.generation, rows)
  const starts = new Uint32Array(rows + 1)
  let chains = 0
  for (let row = 0; row < rows; row++) {
    if (row === 0 || cell[row] !== cell[row - 1] || replicate[row] !== replicate[row - 1]) starts[chains++] = row
  }
  starts[chains] = rows
  block.names.forEach((name, i) => {
    checkLength(`values.${name}`, block.values[i], rows)
  })
  block.eventNames.forEach((name, i) => {
    checkLength(`events.${name}`, block.events[i], chains)
  })
  return starts.subarray(0, chains + 1)
}

function checkLength(path: string, column: { readonly length: number } | undefined, length: number): void {
  if (column?.length !== length) refuse(`${path}.length`, String(length), column?.length)
}

/** The order of the chains that start at two rows: negative where the first comes first, 0 where they are the same. */
export function compareChains(a: BlockColumns, row: number, b: BlockColumns, other: number): number {
  return a.cell[row]! - b.cell[other]! || a.replicate[row]! - b.replicate[other]!
}

/** Chains first..last (exclusive) of one block, ascending, that stay together in the merged order. */
interface Span {
  block: BlockColumns
  starts: Starts
  first: number
  last: number
}

const firstRow = ({ starts, first }: Span): number => starts[first]!
const lastRow = ({ starts, last }: Span): number => starts[last - 1]!

/** The longest spans of chains of a block that ascend. */
function ascending(block: BlockColumns): Span[] {
  const starts = chainsOf(block)
  const chains = starts.length - 1
  const spans: Span[] = []
  for (let first = 0, last = 0; first < chains; first = last) {
    do last++
    while (last < chains && compareChains(block, starts[last - 1]!, block, starts[last]!) < 0)
    spans.push({ block, starts, first, last })
  }
  return spans
}

function inOrder(spans: Span[]): Span[] {
  return spans.sort((a, b) => compareChains(a.block, firstRow(a), b.block, firstRow(b)))
}

/** The spans of all blocks in (cell, replicate) order, cut where chains of another lie between. */
function sortedSpans(blocks: readonly BlockColumns[]): Span[] {
  const whole = inOrder(blocks.flatMap(ascending))
  const follows = (a: Span, b: Span): boolean => compareChains(a.block, lastRow(a), b.block, firstRow(b)) < 0
  if (whole.every((span, i) => i === 0 || follows(whole[i - 1]!, span))) return whole
  const chain = (span: Span, i: number): Span => ({ ...span, first: span.first + i, last: span.first + i + 1 })
  const single = inOrder(
    whole.flatMap((span) => Array.from({ length: span.last - span.first }, (_, i) => chain(span, i))),
  )
  const spans: Span[] = []
  for (const next of single) {
    const last = spans.at(-1)
    if (last && !follows(last, next)) {
      const { cell, replicate } = next.block
      const row = firstRow(next)
      refuse('blocks', 'every chain once', `cell ${cell[row]}, replicate ${replicate[row]} twice`)
    }
    if (last?.block === next.block && last.last === next.first) last.last = next.last
    else spans.push(next)
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
    const { starts, first, last } = span
    const [from, to] = byChain ? [first, last] : [starts[first]!, starts[last]!]
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
  const rows = spans.reduce((sum, { starts, first, last }) => sum + starts[last]! - starts[first]!, 0)
  const chains = spans.reduce((sum, { first, last }) => sum + last - first, 0)
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
