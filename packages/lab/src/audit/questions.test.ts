import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readTable, type TableData, tailCodes } from '../sources/index.js'
import { countsNote } from './counts.js'
import { findQuestions, watchList } from './questions.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-questions-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
/** The table of columns given as lists. */
async function tableOf(columns: Record<string, readonly unknown[]>, group?: string): Promise<TableData> {
  const names = Object.keys(columns)
  const rows = columns[names[0]!]!.map((_, row) => names.map((name) => quoted(columns[name]![row])).join(','))
  const file = join(folder, `table${files++}.csv`)
  writeFileSync(file, `${[names.map(quoted).join(','), ...rows].join('\n')}\n`)
  return readTable(file, group === undefined ? {} : { group })
}

const quoted = (value: unknown) => (value === null ? '' : `"${String(value).replaceAll('"', '""')}"`)
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)
const range = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('groups', () => {
  it('are the categories of the asked column, the rarest first, and one row is enough', async () => {
    const table = await tableOf({
      kind: [...times(30, 'a'), 'b', ...times(9, 'c')],
      other: range(40).map((i) => `x${i % 2}`),
    })
    const { groups } = findQuestions(table, 'kind').groups
    expect(groups.map(({ column, value, rows }) => [column, value, rows])).toEqual([
      ['kind', 'b', 1],
      ['kind', 'c', 9],
      ['kind', 'a', 30],
    ])
  })

  it('are found in every column of words without a choice, missing among them', async () => {
    const table = await tableOf({ a: [...times(15, 'x'), ...times(5, null)], b: range(20).map((i) => `y${i % 3}`) })
    const { groups } = findQuestions(table).groups
    expect(groups.map(({ column, value, rows }) => `${column} ${value} ${rows}`)).toEqual([
      'a missing 5',
      'a x 15',
      'b y2 6',
      'b y0 7',
      'b y1 7',
    ])
  })

  it('may be numbers when asked for, and else the numbers are named as passed over', async () => {
    const columns = { flag: range(40).map((i) => Number(i % 4 === 0)), word: range(40).map((i) => `w${i % 2}`) }
    const asked = findQuestions(await tableOf(columns, 'flag'), 'flag')
    expect(asked.groups.groups.map(({ value, rows }) => [value, rows])).toEqual([
      ['1', 10],
      ['0', 30],
    ])
    const { skipped } = findQuestions(await tableOf(columns))
    expect(skipped).toEqual([{ column: 'flag', why: 'only the numbers 0 and 1; --group follows them' }])
  })

  it('are capped at the rarest, and the rest is counted', async () => {
    const table = await tableOf({ city: range(80).flatMap((k) => times(k + 2, `c${k}`)) }, 'city')
    const { groups, leftOut } = findQuestions(table, 'city').groups
    expect(groups).toHaveLength(60)
    expect(leftOut).toBe(80 - 60)
    expect([groups[0]!.rows, groups.at(-1)!.rows]).toEqual([2, 61])
  })

  it('keep names apart that differ only in signs, and any script', async () => {
    const values = ['a-b', 'a b', 'select', '名古屋', 'Ñandú', '--', '"; drop table x', '1'].flatMap((v) => times(3, v))
    const table = await tableOf({ select: values, __proto__x: values })
    const questions = findQuestions(table, 'select')
    const names = watchList(questions).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.slice(0, 8)).toEqual([
      'share_select_a_b',
      'share_select_a_b_2',
      'share_select_select',
      'share_select_名古屋',
      'share_select_ñandú',
      'share_select_x',
      'share_select_drop_table_x',
      'share_select_1',
    ])
    expect(watchList(questions)[0]).toEqual({ name: 'share_select_a_b', where: [{ select: 'a-b' }] })
  })
})

describe('columns that are passed over', () => {
  it('are named with the reason: ids, constants, nothing but missing', async () => {
    const table = await tableOf({
      id: range(60),
      code: range(60).map((i) => `u${i}`),
      same: times(60, 'x'),
      one: times(60, 7),
      none: times(60, null),
      kind: range(60).map((i) => `k${i % 3}`),
    })
    const { skipped, groups } = findQuestions(table)
    expect(groups.groups).toHaveLength(3)
    expect(Object.fromEntries(skipped.map(({ column, why }) => [column, why]))).toEqual({
      id: 'like an id: its numbers name rows',
      code: 'like an id: every row has a value of its own',
      same: 'constant: every row has the same value',
      one: 'constant: every row has the same value',
      none: 'every value is missing',
    })
  })

  it('are like names where nearly every row has a value of its own, unless asked for', async () => {
    const columns = { who: ['a', 'b', 'c', 'd', 'e', 'e'], kind: ['x', 'x', 'x', 'y', 'y', 'y'] }
    const { skipped } = findQuestions(await tableOf(columns))
    expect(skipped).toEqual([{ column: 'who', why: 'like names: 5 different values in 6 rows' }])
    expect(findQuestions(await tableOf(columns, 'who'), 'who').groups.groups).toHaveLength(5)
  })

  it('can not be the group', async () => {
    const table = await tableOf({ same: times(60, 'x'), kind: range(60).map((i) => `k${i % 3}`) })
    expect(() => findQuestions(table, 'same')).toThrow(
      "group: expected a column with at least two values that repeat, got 'same' (constant: every row has the same value; groups are found in 'kind')",
    )
  })

  it('leave nothing to ask of some tables', async () => {
    const table = await tableOf({ same: times(60, 'x'), id: range(60) })
    expect(() => findQuestions(table)).toThrow(/expected a table with groups or tails to follow, got '60 rows'/)
  })
})

describe('rare crossings', () => {
  it('hold at most 5 % of the rows, those with a few rows first, and are never a whole group', async () => {
    const kind = [...times(90, 'a'), ...times(8, 'b'), 'c', 'c']
    const side = [...times(85, 'l'), ...times(5, 'r'), ...times(7, 'l'), 'r', 'l', 'l']
    const { crossings, leftOut } = findQuestions(await tableOf({ kind, side }), 'kind').crossings
    expect(leftOut).toBe(0)
    expect(crossings.map(({ values, rows }) => [...values, rows])).toEqual([
      ['a', 'r', 5],
      ['b', 'r', 1],
    ])
  })

  it('have those with missing values last', async () => {
    const kind = [...times(40, 'a'), ...times(6, 'b'), ...times(6, null)]
    const side = range(52).map((i) => (i < 40 ? 'l' : ['l', 'm', 'r'][i % 3]))
    const { crossings } = findQuestions(await tableOf({ kind, side }), 'kind').crossings
    const found = crossings.map(({ missing }) => missing)
    expect(found).toEqual([...found].sort((x, y) => Number(x) - Number(y)))
    expect(found).toContain(true)
  })

  it('are capped, and those left out are counted', async () => {
    const rows = range(400)
    const table = await tableOf({ a: rows.map((i) => `a${i % 20}`), b: rows.map((i) => `b${Math.floor(i / 20) % 20}`) })
    const { crossings, leftOut, leftOutFew } = findQuestions(table).crossings
    expect([crossings.length, leftOut, leftOutFew]).toEqual([12, 388, 388])
  })
})

describe('tails', () => {
  const uneven = range(300).map((i) => (i * i * 7919) % 10_007)

  it('are the regions that the core is given', async () => {
    const values = uneven.map((x) => (x > 9000 ? x : Math.floor(x / 40) / 8))
    const table = await tableOf({ x: [...values, null, null] })
    const { tails, refused } = findQuestions(table).tails
    const column = table.columns[0] as { values: Float64Array }
    const { regions } = tailCodes(column.values, [0.05, 0.01])
    expect(tails.map(({ side, p, edge, rows }) => ({ side, p, threshold: edge, rows }))).toEqual(
      regions.map(({ codes: _, ...region }) => region),
    )
    expect(refused.map(({ p, rows, why }) => [p, why, rows < 10])).toEqual([
      [0.01, `${refused[0]!.rows} real rows, fewer than 10`, true],
      [0.01, `${refused[1]!.rows} real rows, fewer than 10`, true],
    ])
  })

  it('are refused where too many rows share the outermost number', async () => {
    const { tails, refused } = findQuestions(await tableOf({ x: [...times(200, 0), ...uneven.slice(0, 100)] })).tails
    expect(tails.map(({ side }) => side)).toEqual(['upper'])
    expect(refused[0]).toMatchObject({ side: 'lower', p: 0.05, why: expect.stringMatching(/rows share/) })
  })
})

describe('a table of counts', () => {
  it('is told from one of rows', async () => {
    const columns = { sex: ['f', 'f', 'm', 'm'], class: ['1', '2', '1', '2'].map((c) => `c${c}`), Freq: [3, 5, 0, 9] }
    expect(countsNote(await tableOf(columns))).toMatch(/^Freq: like a count of rows/)
    expect(countsNote(await tableOf({ ...columns, Freq: [3, 5, 0.5, 9] }))).toBeUndefined()
    expect(countsNote(await tableOf({ ...columns, class: ['c1', 'c1', 'c1', 'c2'] }))).toBeUndefined()
  })
})

describe('gaps', () => {
  it('compare each group that has 10 rows with the largest, the clearest first, by name', async () => {
    const kind = [...times(100, 'a'), ...times(40, 'b'), ...times(9, 'c')]
    const pay = kind.map((k, i) => (k === 'a' ? 10 : 8) + (i % 7) / 7)
    const age = kind.map((_, i) => 20 + ((i * 37) % 41))
    const { gaps } = findQuestions(await tableOf({ kind, pay, age }), 'kind').gaps
    expect(gaps.map(({ column, group, reference, rows }) => [column, group.value, reference, ...rows])).toEqual([
      ['pay', 'b', 'a', 40, 100],
      ['age', 'b', 'a', 40, 100],
    ])
    expect(gaps[0]!.means[0] - gaps[0]!.means[1]).toBeCloseTo(-2, 1)
  })
})
