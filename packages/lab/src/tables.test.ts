import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from './api.js'
import { prepare } from './prepare.js'
import { readTable } from './sources/index.js'

const regions = ['north', 'south', 'east', 'west']
let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genloss-test-'))
  file = await csv('people.csv', 400)
})
afterAll(() => rm(folder, { recursive: true }))

/** Rows whose age is the row's number, whose region is the row's number modulo 4, and half of which are women. */
async function csv(name: string, rows: number): Promise<string> {
  const lines = Array.from({ length: rows }, (_, i) => `${i},${regions[i % 4]},${i % 8 < 4 ? 'f' : 'm'},3`)
  const path = join(folder, name)
  await writeFile(path, `age,region,sex,constant\n${lines.join('\n')}\n`)
  return path
}

const refusal = (code: string, path: string, message: RegExp) =>
  expect.objectContaining({ code, path, message: expect.stringMatching(message) })

describe('plans of tables', () => {
  it('count the memory of records by their modelled columns', async () => {
    const bytes = async (model: string, columns: string[]) => {
      const origin = { kind: 'table', file: two, columns }
      return (await prepare({ origin, model, policy: 'accumulate-subsample', n: 50, generations: 4 })).recordBytes
    }
    const two = join(folder, 'two.csv')
    await writeFile(two, `x,y\n${Array.from({ length: 50 }, (_, i) => `${i},${(i * i) % 7}`).join('\n')}\n`)
    for (const model of ['multivariate-gaussian', 'kde', 'gaussian-mixture']) {
      // What is kept beside the numbers, the places of a subset, is the same for any of them.
      const [one, both] = [await bytes(model, ['x']), await bytes(model, ['x', 'y'])]
      const places = 50 * 16
      expect(both - places, model).toBe(2 * (one - places))
    }
  })

  it('know them by content, never by path', async () => {
    const copy = await csv('people.csv.copy.csv', 400)
    const one = await prepare({ origin: { kind: 'table', file, columns: ['region'] }, generations: 2 })
    expect(one.text).not.toContain(folder)
    expect(one.plan.data).toMatchObject({
      [(one.plan.base.origin as { sha256: string }).sha256]: { name: 'people', rows: 400 },
    })
    const two = await prepare({ origin: { kind: 'table', file: copy, columns: ['region'] }, generations: 2 })
    expect(two.cellAt(0).law).toBe(one.cellAt(0).law)
  })

  it('are read as the origin says, which is part of what they are', async () => {
    const path = join(folder, 'german.csv')
    await writeFile(path, `Report\nwert;g\n${Array.from({ length: 40 }, (_, i) => `${i},5;${i % 2}`).join('\n')}\n`)
    const origin = { kind: 'table', file: path, columns: ['wert'], header: 2 }
    const one = await prepare({ origin, model: 'gaussian', generations: 2 })
    expect(one.files).toMatchObject([{ kinds: { numbers: 1, words: 0 }, rows: 40, written: { decimal: ',' } }])
    const told = await prepare({ origin: { ...origin, decimal: 'comma' }, model: 'gaussian', generations: 2 })
    expect(told.hash).not.toBe(one.hash)
    await expect(prepare({ origin: { ...origin, decimal: '.' }, model: 'gaussian' })).rejects.toEqual(
      refusal('plan', 'origin.columns', /one column of numbers/),
    )
    await expect(prepare({ origin: { ...origin, header: 'two' }, model: 'gaussian' })).rejects.toEqual(
      refusal('plan', 'origin.header', /the number of a line/),
    )
    await expect(prepare({ origin: { ...origin, query: 'SELECT 1' }, model: 'gaussian' })).rejects.toEqual(
      refusal('input', 'query', /only DuckDB and Parquet files/),
    )
    const two = { origin, model: 'gaussian', sweep: { 'origin.decimal': ['.', ','] } }
    await expect(prepare(two)).rejects.toEqual(refusal('plan', 'sweep', /no axis over how a file is read/))
    const both = { origin: [origin, { ...origin, decimal: ',' }], model: 'gaussian' }
    await expect(prepare(both)).rejects.toEqual(refusal('plan', 'origin', /one way to read a file/))
  })

  it('sweep over files, with a table each', async () => {
    const other = await csv('fewer.csv', 40)
    const { cellAt, plan } = await prepare({
      origin: { kind: 'table', file: [file, other] },
      generations: 1,
      replicates: 2,
    })
    expect([0, 1].map((i) => cellAt(i).settings.n)).toEqual([400, 40])
    expect(new Set(Object.values(plan.data).map(({ name }) => name))).toEqual(new Set(['people', 'fewer']))
  })

  it('take tables that are read already', async () => {
    const table = await readTable(file)
    await rm(await csv('gone.csv', 3))
    const gone = join(folder, 'gone.csv')
    const { cellAt } = await prepare({ origin: { kind: 'table', file: gone } }, { tables: [{ ...table, path: gone }] })
    expect(cellAt(0).settings.n).toBe(400)
  })

  it.each<[string, object, string, string, RegExp]>([
    ['another content', { sha256: '00'.repeat(32) }, 'plan', 'origin.sha256', /has changed/],
    ['a missing column', { columns: ['aeg'] }, 'input', 'columns', /age/],
    ['a missing group', { group: 'regoin' }, 'input', 'group', /region/],
  ])('refuse %s', async (_, settings, code, path, message) => {
    await expect(prepare({ origin: { kind: 'table', file, ...settings } })).rejects.toEqual(
      refusal(code, path, message),
    )
  })

  it.each<[string, object, string, RegExp]>([
    [
      'a tail of few rows',
      { watch: [{ name: 'a', column: 'age', side: 'lower', p: 0.01 }] },
      'watch[0].p',
      /at least 10/,
    ],
    ['a constant column', { origin: { columns: ['constant'] }, model: 'gaussian' }, 'origin.columns', /varies/],
  ])('refuse %s before anything is written', async (_, settings, path, message) => {
    const { origin = {}, ...rest } = settings as { origin?: object }
    const out = join(folder, 'never')
    const experiment = { ...rest, origin: { kind: 'table', file, ...origin } }
    await expect(run(experiment, { out })).rejects.toEqual(refusal('data', path, message))
    await expect(rm(out, { recursive: true })).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it.each<[string, object, string, RegExp]>([
    ['a value', { where: [{ region: 'nroth' }] }, 'watch[0].where[0].region', /north/],
    ['a value of a pair', { where: [{ region: 'north', sex: 'x' }] }, 'watch[0].where[0].sex', /f, m/],
  ])('refuse %s that no row has', async (_, set, path, message) => {
    const experiment = { origin: { kind: 'table', file }, watch: [{ name: 'a', ...set }] }
    await expect(prepare(experiment)).rejects.toEqual(refusal('plan', path, message))
  })
})

describe('watched sets', () => {
  it('start at their share of the table, and stay there on average', async () => {
    const watch = [
      { name: 'north', where: [{ region: 'north' }] },
      { name: 'ends', where: [{ region: 'north' }, { region: 'west' }] },
      { name: 'north_f', where: [{ region: 'north', sex: 'f' }] },
      { name: 'north_or_f', where: [{ region: 'north' }, { sex: 'f' }] },
      { name: 'seven', where: [{ age: '7' }] },
      { name: 'young', column: 'age', side: 'lower', p: 0.05 },
      { name: 'old', column: 'age', side: 'upper', p: 0.1 },
      { name: 'mean_age_north', where: [{ region: 'north' }], mean: 'age' },
    ]
    const shares: Record<string, number> = {
      north: 0.25,
      ends: 0.5,
      north_f: 0.125,
      north_or_f: 0.625,
      seven: 1 / 400,
      young: 0.05,
      old: 0.1,
      mean_age_north: 198,
      share_south: 0.25,
    }
    for (const method of ['draws', 'exact'] as const) {
      const origin = { kind: 'table', file, group: 'region' }
      const settings = { method, watch, shares: 'south', columns: ['n', 'distinct_alive'], generations: 3 }
      const result = await run({ origin, ...settings, replicates: 400, seed: 3 })
      for (const [name, share] of Object.entries(shares)) {
        const { mean, sd, count } = result.summary(name)
        expect(mean[0], `${name} by ${method}`).toBeCloseTo(share, 12)
        expect(Math.abs(mean[3]! - share), `${name} by ${method}`).toBeLessThan((4.5 * sd[3]!) / Math.sqrt(count[3]!))
      }
      expect(result.summary('distinct_alive').mean[0]).toBe(400)
    }
  })

  it('of models of one column', async () => {
    const settings = { generations: 1, replicates: 3 }
    const origin = { kind: 'table', file, columns: ['region'] }
    const categorical = await run({ origin, model: 'categorical', shares: 'all', ...settings })
    expect(categorical.summary('share_west').mean[0]).toBe(0.25)
    const gaussian = await run({ origin: { kind: 'table', file, columns: ['age'] }, model: 'gaussian', ...settings })
    expect(gaussian.summary('mean').mean[0]).toBeCloseTo(199.5, 10)
  })
})
