import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from './api.js'
import { duckdbVersion, query } from './query.js'
import type { RunResult } from './result.js'

let out: string
let result: RunResult
const sweep = {
  n: [10, 20],
  'policy,generations': [
    ['replace', 9],
    ['mix:real=0.1', 19],
  ],
}
beforeAll(async () => {
  out = join(await mkdtemp(join(tmpdir(), 'genloss-test-')), "it's a run")
  result = await run({ origin: 'gaussian', replicates: 40, seed: 7, sweep }, { out })
})
afterAll(() => rm(out, { recursive: true }))

const ask = (sql: string) => query(out, sql)

describe('views', () => {
  it('cells has every swept setting', async () => {
    expect(await ask('FROM cells')).toEqual(
      result.cells.map(({ cell, settings }) => ({
        cell,
        n: settings.n,
        policy: settings.policy.kind === 'mix' ? 'mix:real=0.1' : 'replace',
        generations: settings.generations,
      })),
    )
  })

  it('observations has every row', async () => {
    const rows = await ask(
      'SELECT cell, count(*) AS n, max(replicate) AS r, max(generation) AS g, sum(mean) AS s FROM observations GROUP BY cell',
    )
    const byCell = new Map(rows.map((row) => [row.cell, row]))
    for (const { cell, shape, column } of result.cells.map((one) =>
      Object.assign(one, { column: one.column.bind(one) }),
    )) {
      const sum = column('mean').reduce((a, b) => a + b, 0)
      expect(byCell.get(cell)).toMatchObject({
        n: shape.replicates * shape.generations,
        r: 39,
        g: shape.generations - 1,
      })
      expect(byCell.get(cell)!.s).toBeCloseTo(sum, 9)
    }
  })

  it('events has a row a chain and event', async () => {
    const rows = await ask(
      "SELECT cell, count(*) AS n, count(generation) AS come FROM events WHERE event = 'early' GROUP BY cell",
    )
    for (const { cell, data } of result.cells) {
      const come = data.events('early').filter((date) => date >= 0).length
      expect(rows).toContainEqual({ cell, n: 40, come })
    }
    expect(await ask('SELECT DISTINCT event FROM events ORDER BY event')).toHaveLength(5)
  })

  it('summary is what the JSON document has', async () => {
    const { cell } = result.cells[1]!
    const rows = await ask(
      `SELECT mean, sd, low, high, median, median_low, median_high, q05, q95, reliable FROM summary WHERE cell = '${cell}' AND measure = 'variance_ratio' ORDER BY generation`,
    )
    const { summary } = result.cells[1]!.toJSON()
    expect(rows).toHaveLength(20)
    for (const curve of Object.keys(rows[0]!)) {
      expect(rows.map((row) => row[curve])).toEqual(summary.variance_ratio![curve])
    }
  })

  it('leave out parts that are damaged, and say so', async () => {
    const broken = join(out, '..', 'broken')
    await run({ origin: 'gaussian', n: 10, replicates: 5, generations: 2 }, { out: broken })
    const part = join(broken, 'parts', '00000000.parquet')
    await truncate(part, (await readFile(part)).length - 9)
    const notes: string[] = []
    const rows = await query(broken, 'SELECT count(*) AS n FROM observations', { onNote: (note) => notes.push(note) })
    expect(rows).toEqual([{ n: 0 }])
    expect(notes).toEqual([expect.stringMatching(/^parts\/00000000\.parquet is left out: /)])
    expect(await query(broken, 'FROM summary')).toEqual([])
    expect(await query(broken, 'FROM events')).toEqual([])
    expect(await query(broken, 'FROM cells')).toHaveLength(1)
  })
})

describe('values', () => {
  it('are plain', async () => {
    const sql = `SELECT 9007199254740992 AS fits, 9007199254740993 AS big, -9007199254740993 AS low, 1.25::DECIMAL(9,2) AS d,
      DATE '2020-02-01' AS day, [1, NULL] AS list, {'a': 'x'} AS struct, MAP {'k': 2} AS map, NULL AS nothing, true AS yes,
      'inf'::DOUBLE AS inf, sum(1) AS s`
    expect(await ask(sql)).toEqual([
      {
        fits: 2 ** 53,
        big: '9007199254740993',
        low: '-9007199254740993',
        d: 1.25,
        day: '2020-02-01',
        list: [1, null],
        struct: { a: 'x' },
        map: { k: 2 },
        nothing: null,
        yes: true,
        inf: Number.POSITIVE_INFINITY,
        s: 1,
      },
    ])
  })

  it('say the version of DuckDB', async () => expect(await duckdbVersion()).toMatch(/^v\d+\.\d+/))
})

describe('safety', () => {
  const refused = expect.objectContaining({
    code: 'usage',
    path: 'sql',
    hint: expect.stringMatching(/the views are cells \(cell, n/),
  })

  it.each([
    'SELECT foo FROM observations',
    'SELEC 1',
    '',
    'SELECT 1; SELECT 2',
    "COPY (SELECT 1) TO '/tmp/genloss-never.csv'",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('plan.json')",
    "ATTACH '/tmp/genloss-never.db'",
    'INSTALL httpfs',
    'SET enable_external_access = true',
    'CREATE TABLE x AS SELECT 1',
    'DROP VIEW cells',
    'EXPLAIN ANALYZE SELECT 1',
    "SELECT * FROM 'https://example.org/x.parquet'",
  ])('refuses %s', async (sql) => {
    await expect(ask(sql)).rejects.toEqual(refused)
  })

  it('does not let a part be written over', async () => {
    const [name] = await readdir(join(out, 'parts'))
    const path = join(out, 'parts', name!)
    const before = await readFile(path)
    await expect(ask(`COPY (SELECT 1) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`)).rejects.toEqual(refused)
    expect((await readFile(path)).equals(before)).toBe(true)
  })

  it('says where there is no run', async () => {
    await expect(query(join(out, 'parts'), 'SELECT 1')).rejects.toMatchObject({
      code: 'input',
      rule: 'the folder of a run',
    })
  })
})
