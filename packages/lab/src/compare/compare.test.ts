import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { samples, uniforms } from '@genloss/metrics'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { timesFor } from './categories.js'
import { compare, type NumberComparison, type TextComparison } from './index.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'genloss-compare-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** Rows of a real sample, and of one whose upper tail, smallest group and last category are gone. */
function pair(rows = 400) {
  const uniform = uniforms(21)
  const real = Array.from({ length: rows }, (_, k) => ({
    wage: Math.round(1000 * -Math.log(uniform())) / 100,
    region: k % 20 === 0 ? 'north' : k % 2 === 0 ? 'south' : 'west',
    job: k % 10 === 0 ? 'miner' : 'clerk',
  }))
  const made = real.map((row, k) => ({
    ...row,
    wage: Math.min(row.wage, 20),
    region: k % 2 === 0 ? 'south' : 'west',
    job: 'clerk',
  }))
  return { real, made }
}

type Row = Record<string, string | number>
const csv = (rows: readonly Row[], mark = ',') =>
  [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))].map((line) => line.join(mark)).join('\n')
const jsonl = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).join('\n')
const columnsOf = (rows: readonly Row[]) =>
  Object.fromEntries(Object.keys(rows[0]!).map((name) => [name, rows.map((row) => row[name])])) as Record<
    string,
    string[]
  >

describe('compare', () => {
  it('says which columns, tails, categories and groups differ', async () => {
    const { real, made } = pair()
    const found = await compare(file('real.csv', csv(real)), file('made.csv', csv(made)), { group: 'region' })
    const [wage, region, job] = found.columns as [NumberComparison, TextComparison, TextComparison]
    const [a, b] = [real, made].map((rows) => rows.map((row) => row.wage))
    expect(wage).toMatchObject({ ...samples.distances(a!, b!), rows: [400, 400], range_coverage: expect.any(Number) })
    expect(wage.quantiles.find(({ p }) => p === 0.5)).toMatchObject({ error: samples.quantileError(a!, b!, 0.5) })
    expect(wage.variance_ratio).toBeCloseTo(samples.varianceRatio(a!, b!), 14)
    expect(wage.extremes.lost_above).toBeGreaterThan(20)
    expect(wage.extremes.p).toBeLessThan(1e-6)
    const top = wage.tails.find(({ side, p }) => side === 'upper' && p === 0.05)!
    expect(top).toMatchObject({
      retention: 0,
      rows: [20, 0],
      shortfall: [samples.expectedShortfall(a!, 0.05, 'upper'), 20],
    })
    expect(top.p_value).toBeLessThan(1e-4)
    expect(wage.refused_tails.map(({ p, reason }) => [p, reason])).toContainEqual([0.001, 'few'])
    expect(region).toMatchObject({
      categories: [3, 2],
      coverage: 2 / 3,
      missing_mass: 0.05,
      kl_forward: Number.POSITIVE_INFINITY,
    })
    expect(region.infinite).toEqual(['kl_forward'])
    expect(region.values[0]).toMatchObject({ value: 'north', rows: [20, 0], retention: 0 })
    expect(job.chance!.tv.p).toBe(0.001)
    // A small category that is gone moves total variation no more than chance does; chi-square sees it.
    expect(region.chance!.tv.p).toBeGreaterThan(0.01)
    expect(region.chance!.chi_square.p).toBe(0.001)
    const north = found.groups.find(({ value }) => value === 'north')!
    expect(north).toMatchObject({ rows: [20, 0], columns: [], joint: null })
    const west = found.groups.find(({ value }) => value === 'west')!
    expect(west.columns.map(({ column }) => column)).toEqual(['wage', 'job'])
    expect((west.columns[0] as NumberComparison).rows).toEqual([200, 200])
    expect(found.verdict).toContain('made.csv differs from real.csv beyond chance in 3 of 3 columns')
    expect(found.verdict).toContain('Of the highest 5 % of wage nothing is left')
    expect(found.verdict).toContain('Of region, 1 of 3 categories is gone (5 % of the reference')
    expect(found.verdict).toContain('Group region = north: nothing is left of its share (20 rows before, 0 now).')
  })

  it('gives the same for CSV, TSV, JSON lines, Parquet and columns in memory, and for a second time', async () => {
    const { real, made } = pair(120)
    const parquet = join(folder, 'made.parquet')
    const connection = await (await DuckDBInstance.create()).connect()
    await connection.run(`copy (from '${file('made-small.csv', csv(made))}') to '${parquet}'`)
    connection.closeSync()
    const answers = await Promise.all(
      [
        [file('a.csv', csv(real)), file('b.csv', csv(made))],
        [file('a.tsv', csv(real, '\t')), file('b.jsonl', jsonl(made))],
        [file('a.jsonl', jsonl(real)), parquet],
        [columnsOf(real), columnsOf(made)],
        [columnsOf(real), columnsOf(made)],
      ].map(([a, b]) => compare(a!, b!, { group: 'region', permutations: 99, seed: 3 })),
    )
    const told = answers.map(({ columns, groups, joint }) => JSON.stringify({ columns, groups, joint }))
    for (const text of told) expect(text).toBe(told[0])
  })

  it('samples of one law do not differ, and rows in another order do not count', async () => {
    const { real } = pair()
    const again = await compare(columnsOf(real), columnsOf([...real].reverse()), { group: 'region' })
    for (const column of again.columns) {
      if (column.kind === 'number') expect(column).toMatchObject({ w1: 0, w2: 0, ks: 0, energy: 0, variance_ratio: 1 })
      else expect(column).toMatchObject({ tv: 0, kl_forward: 0, coverage: 1, missing_mass: 0 })
    }
    expect(again.verdict).toMatch(/^sample does not differ from reference by more than chance gives/)
  })

  it('rows far out are seen where distances drown them', async () => {
    const x = Float64Array.from({ length: 20_000 }, (_, k) => k / 20_000)
    const far = x.slice().fill(100, 19_990)
    const { columns, verdict } = await compare({ x }, { x: far })
    expect(columns[0]).toMatchObject({ extremes: { above: 10, below: 0, lost_above: 0 } })
    expect((columns[0] as NumberComparison).chance!.w1.p).toBeGreaterThan(0.5)
    expect(verdict).toContain("Range of x: 10 rows above the reference's largest (1)")
  })

  it('what columns only do together is seen', async () => {
    const uniform = uniforms(22)
    const rows = (sign: number) => {
      const x = Float64Array.from({ length: 300 }, uniform)
      return { x, y: x.map((value) => sign * (value - 0.5) + uniform() / 100) }
    }
    const { columns, joint, verdict } = await compare(rows(1), rows(-1))
    for (const column of columns) expect((column as NumberComparison).chance!.w1.p).toBeGreaterThan(0.01)
    expect(joint).toMatchObject({ columns: ['x', 'y'], rows: [300, 300], used: [300, 300] })
    expect(joint!.chance!.sliced_w1.p).toBe(0.005)
    expect(verdict).toContain('what the columns do together does')
  })
})

it('counts different rows that stand in both samples', async () => {
  const reference = { x: [1, 1, 2, 3, Number.NaN], w: ['a', 'a', 'b', null, 'c'] }
  const sample = { x: [3, Number.NaN, 2, 2, 1], w: [null, 'c', 'a', 'a', 'a'] }
  const { shared } = await compare(reference, sample)
  expect(shared).toEqual({ distinct: [4, 4], shared: 3 })
  expect((await compare({ x: [1] }, { x: [1] })).shared).toBeNull()
})

it('deals rows out less often where there are very many categories', () => {
  expect([timesFor(3, 999), timesFor(200_000, 999), timesFor(1e7, 999), timesFor(1e7, 0)]).toEqual([999, 500, 99, 0])
})

describe('odd tables', () => {
  it('missing numbers are left out and counted, missing words are a category', async () => {
    const real = file('gaps.csv', 'x,w\n1,a\n2,a\n3,\n4,b\n')
    const { columns, joint } = await compare(real, file('gaps2.csv', 'x,w\n1,a\n,a\nNA,b\n4,b\n'))
    expect(columns[0]).toMatchObject({ rows: [4, 2], missing: [0, 2], mean: [2.5, 2.5] })
    expect((columns[1] as TextComparison).values.map(({ value, rows }) => [value, rows])).toEqual([
      [null, [1, 0]],
      ['a', [2, 2]],
      ['b', [1, 2]],
    ])
    expect(joint).toBeNull()
    const empty = await compare(real, file('empty.csv', 'x,w\n,a\n,a\n'))
    expect(empty.columns[0]).toMatchObject({ kind: 'number', rows: [4, 0], w1: Number.NaN, chance: null, tails: [] })
    expect(empty.verdict).toContain('x has no value left.')
  })

  it('few rows are compared, and said to be few', async () => {
    const { columns, verdict } = await compare({ x: [1, 1, 2, 2, 2] }, { x: [1, 2, 2, 3] })
    expect(columns[0]).toMatchObject({ ks: 0.25, ks_at: 2, chance: { exact: true } })
    expect(verdict).toContain('With so few rows (4)')
    expect((await compare({ x: [0, 1] }, { x: [0, Number.POSITIVE_INFINITY] })).columns[0]).toMatchObject({
      w1: Number.POSITIVE_INFINITY,
      infinite: expect.arrayContaining(['w1', 'w2', 'energy']),
    })
  })

  it('a column that the other file lacks is an error with the nearest name, unless columns are named', async () => {
    const [a, b] = [file('x1.csv', 'age,wage\n1,2\n3,4\n'), file('x2.csv', 'agee,wage,more\n1,2,3\n3,4,5\n')]
    await expect(compare(a, b)).rejects.toMatchObject({
      code: 'input',
      path: b,
      rule: `a column 'age', as in ${a}`,
      hint: expect.stringContaining("did you mean 'agee'?"),
    })
    const found = await compare(a, b, { columns: ['wage'] })
    expect(found.columns.map(({ column }) => column)).toEqual(['wage'])
    await expect(compare(a, b, { columns: ['wag'] })).rejects.toThrow("(did you mean 'wage'?")
    await expect(compare(a, b, { group: 'regio' })).rejects.toMatchObject({ path: 'group' })
  })

  it('numbers against words are an error that says where, and are compared as categories where asked', async () => {
    const [a, b] = [file('y1.csv', 'zip\n12\n13\n13\n'), file('y2.csv', 'zip\n12\nx\n13\n')]
    await expect(compare(a, b)).rejects.toThrow(`y2.csv: zip: expected numbers, as in ${a}, got 'x' (zip: read as text`)
    const { columns } = await compare(a, b, { text: ['zip'] })
    expect((columns[0] as TextComparison).values).toMatchObject([
      { value: '13', rows: [2, 1] },
      { value: '12', rows: [1, 1] },
      { value: 'x', rows: [0, 1], retention: null },
    ])
  })

  it('ids and free text are passed over and named; new columns are noted', async () => {
    const rows = (from: number) =>
      Array.from({ length: 40 }, (_, k) => ({ id: from + k, note: `text ${from + k}`, x: k % 7 }))
    const { columns, skipped, notes } = await compare(columnsOf(rows(1)), {
      ...columnsOf(rows(100)),
      extra: rows(1).map(() => 'e'),
    })
    expect(columns.map(({ column }) => column)).toEqual(['x'])
    expect(skipped.map(({ column }) => column)).toEqual(['id', 'note'])
    expect(notes).toEqual(['sample has columns of its own: extra'])
    await expect(compare({ id: rows(1).map(({ id }) => id) }, { id: rows(1).map(({ id }) => id) })).rejects.toThrow(
      'expected at least one column of numbers or categories, got',
    )
  })

  it.each([
    [{ x: [1] }, { tails: [2] }, 'tails: expected shares above 0'],
    [{ x: [1] }, { seed: 1.5 }, 'seed: expected a whole number'],
    [{ x: [1], y: [1, 2] }, {}, 'reference.y: expected 1 values'],
    [{ x: ['a', 1] as never }, {}, 'reference.x[1]: expected a word or null'],
    [{}, {}, 'reference: expected at least one column'],
  ])('%j with %j is refused', async (reference, options, message) => {
    await expect(compare(reference, { x: [1] }, options)).rejects.toThrow(message)
  })
})
