import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isObject } from '@genloss/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../api.js'
import type { RunResult } from '../result.js'
import { type LineageDocument, lineage, lineageSchema } from './index.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-lineage-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

/** What a value breaks of a schema, in the keywords that ours uses. */
function faults(value: unknown, schema: Record<string, unknown>, path = ''): string[] {
  const known = new Set([
    '$schema',
    '$id',
    'title',
    'description',
    'type',
    'required',
    'additionalProperties',
    'properties',
  ])
  for (const word of [
    'items',
    'enum',
    'const',
    'oneOf',
    'minimum',
    'maximum',
    'pattern',
    'prefixItems',
    'minItems',
    'maxItems',
  ])
    known.add(word)
  const found = Object.keys(schema)
    .filter((word) => !known.has(word))
    .map((word) => `${path}: keyword ${word}`)
  const fail = (why: string) => found.push(`${path || '/'}: ${why}`)
  const type =
    value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value
  const types = schema.type === undefined ? [type] : ([schema.type].flat() as string[])
  if (!types.includes(type) && !(type === 'integer' && types.includes('number'))) fail(`a ${type}, not ${types}`)
  if ('const' in schema && schema.const !== value) fail(`${value}, not ${schema.const}`)
  if (schema.enum && !(schema.enum as unknown[]).includes(value)) fail(`${value}, not one of ${schema.enum}`)
  if (typeof value === 'number' && value < ((schema.minimum as number) ?? value))
    fail(`${value} below ${schema.minimum}`)
  if (typeof value === 'number' && value > ((schema.maximum as number) ?? value))
    fail(`${value} above ${schema.maximum}`)
  if (typeof value === 'string' && schema.pattern && !new RegExp(schema.pattern as string).test(value)) fail(`${value}`)
  if (schema.oneOf) {
    const fitting = (schema.oneOf as Record<string, unknown>[]).filter((one) => faults(value, one).length === 0)
    if (fitting.length !== 1) fail(`${fitting.length} alternatives fit`)
  }
  if (Array.isArray(value)) {
    const items = (i: number) =>
      ((schema.prefixItems as Record<string, unknown>[])?.[i] ?? schema.items) as Record<string, unknown>
    if (schema.minItems && value.length !== schema.minItems) fail(`${value.length} items`)
    for (const [i, item] of value.entries()) if (items(i)) found.push(...faults(item, items(i), `${path}/${i}`))
  }
  if (isObject(value) && schema.properties) {
    const properties = schema.properties as Record<string, Record<string, unknown>>
    for (const key of (schema.required as string[]) ?? []) if (!(key in value)) fail(`no ${key}`)
    for (const [key, one] of Object.entries(value)) {
      if (properties[key]) found.push(...faults(one, properties[key], `${path}/${key}`))
      else if (schema.additionalProperties === false) fail(`unknown ${key}`)
    }
  }
  return found
}

describe('the lineage of a sweep over policies', () => {
  const out = join(folder, 'sweep')
  let result: RunResult
  let document: LineageDocument
  beforeAll(async () => {
    const policy = [
      'replace',
      'accumulate',
      'accumulate-subsample',
      'window:batches=2,keepReal=true',
      'mix:real=0.3',
      'mix:real=0.3,source=fixed',
      'mix:real=0.2,previous=0.3',
      'mix:real=0.3,composition=bernoulli',
    ]
    const columns = ['n', 'real_share', 'synthetic_share', 'poison_share', 'mean_age']
    const origin = 'categorical:probabilities=0.6/0.3/0.1'
    const common = { origin, n: 40, initial: 60, generations: 6, replicates: 400, columns, method: 'draws' as const }
    result = await run({ ...common, sweep: { policy } } as never, { out })
    document = await lineage(out)
  })

  it('is what the core recorded of every training set', () => {
    for (const [i, { generations, settings }] of document.cells.entries()) {
      const cell = result.cells[i]!
      const byChance = settings.policy.kind === 'mix' && settings.policy.composition === 'bernoulli'
      for (const [g, { generation, records, rows }] of generations!.entries()) {
        expect(generation).toBe(g)
        const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + of(row), 0)
        const mean = (name: string) => cell.summary(name).mean[g]!
        // Where 40 records are real by chance: four standard errors over 400 chains.
        const near = byChance ? 4 * Math.sqrt((0.3 * 0.7) / 40 / 400) : 1e-12
        expect(sum(({ share }) => share)).toBeCloseTo(1, 12)
        expect(records).toBe(mean('n'))
        const real = sum(({ origin, share }) => (origin === 'real' ? share : 0))
        const age = sum(({ age, share }) => (share * (age.least + age.most)) / 2)
        expect(Math.abs(real - mean('real_share'))).toBeLessThanOrEqual(near)
        expect(Math.abs(age - mean('mean_age'))).toBeLessThanOrEqual(1e-12)
      }
    }
  })

  it('puts what is alike together, and says what is expected only', () => {
    const at = (cell: number) => document.cells[cell]!.generations![6]!.rows
    expect(at(1)).toEqual([
      {
        origin: 'real',
        made: { first: 0, last: 0 },
        age: { least: 6, most: 6 },
        records: 60,
        share: 0.2,
        certain: true,
      },
      {
        origin: 'generated',
        made: { first: 1, last: 6 },
        age: { least: 0, most: 5 },
        records: 240,
        share: 0.8,
        certain: true,
      },
    ])
    expect(at(2).map(({ records, certain }) => [records, certain])).toEqual([
      [8, false],
      [32, false],
    ])
    expect(at(5)[0]).toMatchObject({ origin: 'real', age: { least: 6, most: 6 }, records: 12 })
  })

  it('follows the published schema', () => {
    const json = JSON.parse(JSON.stringify(document))
    expect(faults(json, lineageSchema)).toEqual([])
    expect(faults({ ...json, parts: undefined, more: 1, schema: 'urn:other' }, lineageSchema).length).toBeGreaterThan(2)
    json.cells[0].generations[0].rows[0].origin = 'imagined'
    expect(faults(json, lineageSchema)).toEqual([expect.stringMatching(/origin: imagined, not one of/)])
  })

  it('has the hashes of the plan, the experiment and the parts, and finds damage', async () => {
    expect(document.plan).toMatchObject({ sha256: hash(join(out, 'plan.json')), cells: 8 })
    expect(document.inputs).toEqual([
      { kind: 'experiment', name: 'experiment.json', sha256: hash(join(out, 'experiment.json')) },
    ])
    for (const { part, sha256, bytes, state } of document.parts) {
      expect(sha256).toBe(hash(join(out, 'parts', part)))
      expect(bytes).toBe(readFileSync(join(out, 'parts', part)).length)
      expect(state).toBe('whole')
    }
    expect(document.made_by).toMatchObject({ genloss: expect.any(String), node: process.version })
    const first = join(out, 'parts', document.parts[0]!.part)
    truncateSync(first, 100)
    expect((await lineage(out)).parts[0]!.state).not.toMatch(/^(whole|missing)$/)
    unlinkSync(first)
    expect((await lineage(out)).parts[0]).toMatchObject({ state: 'missing', bytes: null, sha256: null })
  })

  it('is of the cells and generations asked for', async () => {
    const some = await lineage(out, { cells: [3, 1], generations: [0, 4] })
    expect(some.cells.map(({ index }) => index)).toEqual([3, 1])
    expect(some.cells[0]!.generations!.map(({ generation }) => generation)).toEqual([0, 4])
    await expect(lineage(out, { cells: [8] })).rejects.toThrow(/^cells: expected cells from 0 to 7, got 8/)
    await expect(lineage(out, { generations: [7] })).rejects.toThrow(/^generations: expected generations from 0 to 6/)
    await expect(lineage(folder)).rejects.toThrow(/the folder of a run/)
  })
})

it('has the parts of the cells asked for alone', async () => {
  const out = join(folder, 'large')
  // Cells of so many chains are blocks of their own.
  const common = {
    origin: 'gaussian',
    n: 10,
    generations: 100,
    replicates: 20_000,
    columns: ['variance'],
    events: false,
  }
  await run({ ...common, method: 'exact', sweep: { seed: ['1', '2'] } } as never, { out })
  const all = await lineage(out)
  const some = await lineage(out, { cells: [1] })
  expect(all.parts.length).toBeGreaterThan(some.parts.length)
  expect(some.parts).toEqual(all.parts.filter(({ cells }) => cells[0] <= 1 && cells[1] > 1))
})

describe('the lineage of tables', () => {
  it('has their hashes, and says whether the files are still the same', async () => {
    const file = join(folder, 'people.csv')
    writeFileSync(file, `region,age\n${'north,30\n'.repeat(3)}${'south,40\n'.repeat(9)}`)
    const out = join(folder, 'people')
    const experiment = { origin: { kind: 'table', file, group: 'region' }, n: 12, generations: 3, replicates: 5 }
    await run(
      { ...experiment, model: 'empirical', record: { at: [0, 3] }, policy: ['replace', 'mix:real=0.5'] } as never,
      { out },
    )
    const found = await lineage(out)
    const columns = [
      { name: 'region', kind: 'text' },
      { name: 'age', kind: 'number' },
    ]
    const table = { kind: 'table', name: 'people', sha256: hash(file), rows: 12, columns, file, state: 'same' }
    expect(found.inputs[0]).toEqual(table)
    expect(found.cells.map(({ input }) => input)).toEqual([0, 0])
    expect(found.cells[0]!.generations!.map(({ generation, records }) => [generation, records])).toEqual([
      [0, 12],
      [3, 12],
    ])
    expect(faults(JSON.parse(JSON.stringify(found)), lineageSchema)).toEqual([])
    writeFileSync(file, 'region,age\nnorth,30\n')
    expect((await lineage(out)).inputs[0]).toEqual({ ...table, state: 'changed' })
    unlinkSync(file)
    expect((await lineage(out)).inputs[0]).toEqual({ ...table, state: 'missing' })
    unlinkSync(join(out, 'experiment.json'))
    expect((await lineage(out)).inputs).toEqual([{ ...table, file: null, state: 'unknown' }])
  })
})
