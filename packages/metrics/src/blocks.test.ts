import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BlockColumns, byCell, concatenate } from './index.js'

/** Columns of chains given as `cell/replicate`, all over the same generations; every value tells where it belongs. */
function block(text: string, generations = [0, 1, 5], names = ['mean', 'w1']): BlockColumns {
  const chains = text.split(' ').flatMap((chain) => (chain === '' ? [] : [chain.split('/').map(Number)]))
  const rowsOf = ([cell = 0, replicate = 0]: number[]) =>
    generations.map((generation) => ({ cell, replicate, generation }))
  const rows = chains.flatMap(rowsOf)
  const tell = (row: (typeof rows)[number], i: number): number =>
    1e6 * row.cell + 1e3 * row.replicate + row.generation + i / 8
  return {
    cell: Uint32Array.from(rows, ({ cell }) => cell),
    replicate: Uint32Array.from(rows, ({ replicate }) => replicate),
    generation: Uint32Array.from(rows, ({ generation }) => generation),
    names,
    values: names.map((_, i) => Float64Array.from(rows, (row) => tell(row, i))),
    eventNames: ['early', 'late'],
    events: [
      Int32Array.from(chains, ([cell, replicate]) => 100 * cell! + replicate!),
      Int32Array.from(chains, () => -1),
    ],
  }
}

describe('concatenate', () => {
  it('merges in (cell, replicate) order whatever the order of the blocks', () => {
    const parts = [block('0/0 0/1'), block('0/2 0/3'), block('1/0 2/0 2/1')]
    const whole = block('0/0 0/1 0/2 0/3 1/0 2/0 2/1')
    expect(concatenate(parts)).toEqual(whole)
    expect(concatenate([parts[2]!, parts[0]!, parts[1]!])).toEqual(whole)
  })

  it('any cut of any chains comes together again', () => {
    const chain = fc.tuple(fc.nat(4), fc.nat(20))
    const distinct = fc.uniqueArray(chain, { selector: (pair) => pair.join('/'), maxLength: 30 })
    fc.assert(
      fc.property(distinct, fc.integer({ min: 1, max: 5 }), fc.nat(), (pairs, parts, seed) => {
        const whole = pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((pair) => pair.join('/'))
        const isIn = (part: number, i: number): boolean => (i * i + seed * i) % parts === part
        const blocks = Array.from({ length: parts }, (_, p) => block(whole.filter((_, i) => isIn(p, i)).join(' ')))
        expect(concatenate(blocks)).toEqual(block(whole.join(' ')))
      }),
    )
  })

  it('a column that a block lacks is undefined there', () => {
    const merged = concatenate([block('0/0', [0], ['mean']), block('1/0', [0], ['w1'])])
    expect(merged.names).toEqual(['mean', 'w1'])
    expect(merged.values.map((column) => [...column])).toEqual([
      [0, Number.NaN],
      [Number.NaN, 1e6],
    ])
  })

  it('events are matched by name', () => {
    const other = block('1/0')
    const swapped = { ...other, eventNames: ['late', 'early'], events: [other.events[1]!, other.events[0]!] }
    expect(concatenate([block('0/0'), swapped]).events.map((column) => [...column])).toEqual([
      [0, 100],
      [-1, -1],
    ])
  })

  it('nothing gives nothing', () => {
    expect(concatenate([]).values).toEqual([])
    expect(concatenate([block('')]).cell.length).toBe(0)
  })

  it('refuses a chain that occurs twice, other events, and columns of the wrong length', () => {
    expect(() => concatenate([block('3/7'), block('3/6 3/7')])).toThrow(
      new RangeError('blocks: expected every chain once, got cell 3, replicate 7 twice'),
    )
    const fewer = { ...block('1/0'), eventNames: ['early'], events: [Int32Array.of(1)] }
    expect(() => concatenate([block('0/0'), fewer])).toThrow('blocks[1].eventNames: expected')
    const short = { ...block('0/0'), generation: new Uint32Array(1) }
    expect(() => concatenate([short])).toThrow('generation.length: expected 3, got 1')
    const missing = { ...block('0/0'), events: [] }
    expect(() => concatenate([missing])).toThrow('events.early.length: expected 1, got undefined')
  })
})

describe('byCell', () => {
  it('gives views with their shape', () => {
    const columns = block('2/4 2/5 7/0')
    const [first, second, ...rest] = byCell(columns)
    expect(rest).toEqual([])
    expect([first!.cell, second!.cell]).toEqual([2, 7])
    expect(first!.shape).toEqual({ replicates: 2, generations: 3 })
    expect([...first!.replicates]).toEqual([4, 5])
    expect([...first!.generations]).toEqual([0, 1, 5])
    expect([...first!.values('mean')]).toEqual([2004000, 2004001, 2004005, 2005000, 2005001, 2005005])
    expect([...second!.values('w1')]).toEqual([7000000.125, 7000001.125, 7000005.125])
    expect([...first!.events('early')]).toEqual([204, 205])
    expect([...second!.events('early')]).toEqual([700])
    expect(first!.values('mean').buffer).toBe(columns.values[0]!.buffer)
  })

  it('takes no columns at all', () => {
    expect(byCell(block(''))).toEqual([])
  })

  it('refuses unknown names, ragged cells and a broken order', () => {
    const [cell] = byCell(block('0/0'))
    expect(() => cell!.values('w2')).toThrow(new RangeError('column: expected one of mean, w1, got w2'))
    expect(() => cell!.events('gone')).toThrow(new RangeError('event: expected one of early, late, got gone'))
    const ragged = concatenate([block('0/0', [0, 1]), block('0/1', [0])])
    expect(() => byCell(ragged)).toThrow('cell 0, replicate 1: expected 2 generations, got 1')
    const other = concatenate([block('0/0', [0, 1]), block('0/1', [0, 2])])
    expect(() => byCell(other)).toThrow('cell 0, replicate 1: expected generation 1 at place 1, got 2')
    for (const chains of ['0/1 0/0', '1/0 0/0', '0/0 1/0 0/1']) {
      expect(() => byCell(block(chains))).toThrow('columns: expected rows in the order of (cell, replicate)')
    }
  })
})
