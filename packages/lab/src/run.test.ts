import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from './api.js'
import { sha256 } from './canonical.js'
import type { Progress } from './engine.js'
import { partName } from './folder.js'
import { prepare } from './prepare.js'
import type { RunDocument, RunResult } from './result.js'
import { fillFolder, runPrepared } from './run.js'
import { BlockMaker, blocksOfShard, prepareRun } from './shards/index.js'
import { partHashes } from './test/part-hashes.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genloss-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

const small = { origin: 'gaussian', n: 10, generations: 20, replicates: 50, seed: 7 }
/** About three blocks. */
const large = { ...small, generations: 99, replicates: 4000 }
const place = (name: string) => join(folder, name)

/** The columns as hashes: comparing numbers one by one takes a test runner a minute. */
function bytesOf({ columns }: RunResult): Record<string, string> {
  const hash = ({ buffer, byteOffset, byteLength }: Float64Array) =>
    sha256(new Uint8Array(buffer, byteOffset, byteLength))
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, hash(column)]))
}

describe('a run in memory', () => {
  it('has columns, shape, summaries and events', async () => {
    const result = await run({ ...small, model: 'gaussian:estimator=mle' })
    expect(result.run).toBeNull()
    expect(result.shape).toEqual({ replicates: 50, generations: 21 })
    expect(result.columns.variance_ratio).toBeInstanceOf(Float64Array)
    expect(result.columns.variance_ratio).toHaveLength(50 * 21)
    expect(result.summary('n').mean).toEqual(new Float64Array(21).fill(10))
    expect(result.events.late).toMatchObject({ share: expect.any(Number), count: 50 })
    expect(result.generations.at(-1)).toBe(20)
    expect(() => result.summary('tail_p1')).toThrow(expect.objectContaining({ code: 'usage', path: 'column' }))
  })

  it('is the same for any number of threads and any grouping, and a prefix of a longer one', async () => {
    const one = await run(small, { threads: 1, simd: 'base' })
    const two = await run({ ...small, generations: 40, replicates: 130 }, { threads: 3 })
    for (const name of ['mean', 'variance_ratio', 'tail_p01']) {
      for (let r = 0; r < 50; r++) {
        const short = one.columns[name]!.subarray(r * 21, (r + 1) * 21)
        expect(two.columns[name]!.subarray(r * 41, r * 41 + 21)).toEqual(short)
      }
    }
  })

  it('moves with the seed, never by arithmetic on it', async () => {
    const mean = async (seed: number) => (await run({ ...small, seed })).columns.mean!
    const [zero, one] = [await mean(0), await mean(1)]
    expect(one).not.toEqual(zero)
    // Replicate 1 of seed 0 is not replicate 0 of seed 1.
    expect(one.subarray(0, 21)).not.toEqual(zero.subarray(21, 42))
  })

  it('of several cells keeps them apart', async () => {
    const result = await run({ ...small, n: [10, 20], policy: ['replace', 'accumulate'] })
    expect(result.cells.map(({ swept }) => swept.n)).toEqual([10, 10, 20, 20])
    expect(result.cells[3]!.summary('n').mean[20]).toBe(420)
    expect(() => result.columns).toThrow(
      expect.objectContaining({ path: 'columns', hint: expect.stringMatching(/cells\[i\]/) }),
    )
    expect(new Set(result.cells.map(({ cell }) => cell)).size).toBe(4)
  })

  it('refuses what memory should not hold', async () => {
    await expect(run({ ...small, replicates: 2 ** 31 })).rejects.toMatchObject({ code: 'usage', path: 'out' })
  })

  it('refuses threads and levels that make no sense', async () => {
    await expect(run(small, { threads: 0 })).rejects.toMatchObject({ code: 'usage', path: 'threads' })
    await expect(run(small, { simd: 'sse9' })).rejects.toMatchObject({ path: 'simd' })
  })
})

describe('the JSON document', () => {
  it('has what the program prints', async () => {
    const result = await run({ ...small, replicates: 200 })
    const document = JSON.parse(JSON.stringify(result))
    expect(document).toEqual(JSON.parse(JSON.stringify(await result.document())))
    expect(Object.keys(document)).toEqual(['run', 'plan', 'read', 'notes', 'cells', 'comparisons'])
    expect(document.comparisons).toEqual([])
    const [cell] = document.cells
    const parts = ['summary', 'conditional', 'state', 'incidence', 'events']
    expect(Object.keys(cell)).toEqual(['cell', 'settings', 'method', 'generations', ...parts])
    expect(cell.settings).toMatchObject({ n: 10, initial: 10, sustain: 4, seed: '7', policy: { kind: 'replace' } })
    expect(cell.method).toBe('exact')
    const curves = ['mean', 'sd', 'low', 'high', 'median', 'median_low', 'median_high', 'q05', 'q95', 'reliable']
    expect(Object.keys(cell.summary.variance_ratio)).toEqual(curves)
    expect(cell.summary.variance_ratio.reliable.slice(-1)).toEqual([false])
    expect(cell.summary.variance_ratio.mean).toHaveLength(21)
    expect(cell.summary).not.toHaveProperty('early_state')
    expect(Object.keys(cell.state)).toEqual(['early', 'early_low', 'early_high', 'late', 'late_low', 'late_high'])
    for (const curve of Object.values(cell.state)) expect(curve).toHaveLength(21)
    expect(cell.incidence.early.share[20]).toBe(cell.events.early.share)
    expect(Object.keys(cell.events)).toEqual(['early', 'late', 'touched', 'diverged', 'stopped'])
    const shares = ['share', 'share_low', 'share_high', 'share_stopped']
    expect(Object.keys(cell.events.early)).toEqual(['median', 'low', 'high', ...shares])
    expect(document.notes.join('\n')).toMatch(/means that hang on few chains.*variance_ratio \(from generation \d+\)/)
  })

  it('shows undefined and infinite as null and says so', async () => {
    const result = await run({ ...small, n: 1, model: 'gaussian:estimator=mle', generations: 2 })
    const { cells, notes } = result.toJSON()
    expect(cells[0]!.summary.kl_forward!.mean).toContain(null)
    expect(notes.join('\n')).toMatch(
      /infinite in some chains.*null in JSON: .*kl_forward|undefined, so null in JSON: .*kl_forward/,
    )
  })

  it('without events has none', async () => {
    const { cells } = (await run({ ...small, events: false })).toJSON()
    expect(cells[0]).toMatchObject({ state: {}, events: {} })
  })
})

describe('a run in a folder', () => {
  it('writes plan, experiment, provenance, parts and a log, and reads back what memory has', async () => {
    const out = place('whole')
    const result = await run(large, { out })
    expect((await readdir(out)).sort()).toEqual(['experiment.json', 'log', 'parts', 'plan.json', 'provenance.json'])
    const plan = await readFile(join(out, 'plan.json'), 'utf8')
    expect(sha256(plan)).toBe(result.plan)
    expect(JSON.parse(await readFile(join(out, 'experiment.json'), 'utf8'))).toEqual(large)
    expect(Object.keys(partHashes(out)).length).toBeGreaterThan(1)
    const [log] = (await readdir(join(out, 'log'))).filter((name) => name.endsWith('.jsonl'))
    const lines = (await readFile(join(out, 'log', log!), 'utf8')).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).event).at(-1)).toBe('end')

    const memory = await run(large)
    const again = await run(large, { out })
    expect(again.notes.join()).toMatch(/(\d+) of \1 parts were there and kept/)
    expect(bytesOf(again)).toEqual(bytesOf(memory))
    expect(again.events).toEqual(memory.events)
    const text = ({ cells }: RunDocument) => sha256(JSON.stringify(cells))
    expect(text(await again.document())).toBe(text(memory.toJSON()))
  })

  it('makes missing, cut-off and foreign parts again, naming them, byte for byte', async () => {
    const out = place('broken')
    await run(large, { out })
    const whole = partHashes(out)
    const other = place('other')
    await run({ ...large, seed: 8 }, { out: other })
    const path = (block: number, from = out) => join(from, 'parts', `0000000${block}.parquet`)
    await truncate(path(0), (await stat(path(0))).size - 100)
    await copyFile(path(1, other), path(1))
    await rm(path(2))
    const done: Progress[] = []
    const result = await run(large, { out, onProgress: (progress) => done.push(progress) })
    expect(result.notes.join('\n')).toMatch(/00000000\.parquet was made again: /)
    expect(result.notes.join('\n')).toMatch(/00000001\.parquet was made again: /)
    expect(partHashes(out)).toEqual(whole)
    expect(done.at(-1)!.done).toBe(done.at(-1)!.total)
  })

  it('makes the blocks asked for alone, and the others beside them', async () => {
    const whole = place('pieces-whole')
    await run(large, { out: whole })
    const all = partHashes(whole)
    const out = place('pieces')
    const prepared = await prepare(large)
    const last = prepared.plan.blocks.length - 1
    expect(await fillFolder(prepared, out, { blocks: [last] })).toMatchObject({ made: 1, kept: 0, notes: [] })
    expect(Object.keys(partHashes(out))).toEqual([partName(last)])
    expect(await fillFolder(prepared, out, { blocks: [last, 0] })).toMatchObject({ made: 1, kept: 1 })
    expect((await run(large, { out })).shape.replicates).toBe(4000)
    expect(partHashes(out)).toEqual(all)
  })

  it('refuses another plan and says what differs', async () => {
    const out = place('changed')
    await run(small, { out })
    const before = partHashes(out)
    await expect(run({ ...small, n: 20, seed: 8 }, { out })).rejects.toMatchObject({
      code: 'plan',
      path: 'out',
      hint: expect.stringMatching(/n: 10 there, 20 here.*seed: '7' there, '8' here/),
    })
    expect(partHashes(out)).toEqual(before)
  })

  it('leaves nothing behind on bad input', async () => {
    const out = place('nothing')
    await expect(run({ ...small, n: -1 }, { out })).rejects.toMatchObject({ path: 'n' })
    await expect(run({ origin: 'table:file=/nowhere/x.csv' }, { out })).rejects.toMatchObject({
      code: expect.any(String),
    })
    await expect(stat(out)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('makes no folder for what the core would refuse', async () => {
    const file = place('alike.csv')
    await writeFile(file, ['x,y', ...Array.from({ length: 20 }, (_, i) => `${i * i},${2 * i * i}`)].join('\n'))
    const wrong: [object, string][] = [
      [{ origin: { kind: 'table', file, columns: ['x', 'y'] }, model: 'kde' }, 'origin.columns[1]'],
      [
        {
          origin: {
            kind: 'multivariate-gaussian',
            covariance: [
              [1, 2],
              [2, 1],
            ],
          },
        },
        'origin.covariance',
      ],
    ]
    for (const [experiment, path] of wrong) {
      const out = place('refused')
      await expect(run({ ...small, ...experiment }, { out })).rejects.toMatchObject({ path })
      expect(await readdir(folder)).not.toContain('refused')
    }
  })
  it('refuses folders that it must not or can not write', async () => {
    const foreign = place('foreign')
    await mkdir(foreign)
    await writeFile(join(foreign, 'thesis.tex'), 'x')
    await expect(run(small, { out: foreign })).rejects.toMatchObject({
      code: 'input',
      path: 'out',
      hint: expect.stringMatching(/thesis/),
    })
    await expect(run(small, { out: join(foreign, 'thesis.tex') })).rejects.toMatchObject({ code: 'input', path: 'out' })
    await expect(run(small, { out: join(foreign, 'thesis.tex', 'deeper') })).rejects.toMatchObject({
      code: 'input',
      path: 'out',
    })
    await expect(run(small, { out: '/proc/genloss' })).rejects.toMatchObject({ code: 'input', path: 'out' })
    expect(await readdir(foreign)).toEqual(['thesis.tex'])
  })
})

describe('a run that is stopped', () => {
  const slow = { ...large, replicates: 2000, n: 20_000, method: 'draws', generations: 400 } as const

  it('before it starts does nothing', async () => {
    const out = place('aborted')
    await expect(run(small, { out, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'interrupted' })
    expect(partHashes(out)).toEqual({})
  })

  it('ends soon, keeps finished parts, and goes on later', async () => {
    const controller = new AbortController()
    const started = performance.now()
    setTimeout(() => controller.abort(), 300)
    await expect(run(slow, { signal: controller.signal })).rejects.toMatchObject({ code: 'interrupted', path: 'run' })
    expect(performance.now() - started).toBeLessThan(5000)

    const out = place('stopped')
    const stop = new AbortController()
    const onProgress = ({ done, total }: Progress) => {
      if (done > total / 3) stop.abort()
    }
    const drawn = { ...large, replicates: 16_000, method: 'draws' } as const
    await expect(run(drawn, { out, signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'interrupted',
    })
    const kept = Object.keys(partHashes(out)).length
    const result = await run(drawn, { out })
    expect(kept).toBeLessThan(Object.keys(partHashes(out)).length)
    if (kept > 0) expect(result.notes.join()).toMatch(`${kept} of`)
    expect(result.shape.replicates).toBe(16_000)
  })

  it('after the blocks in hand keeps them', async () => {
    const out = place('drained')
    const drain = new AbortController()
    const onProgress = ({ done }: Progress) => {
      if (done > 0) drain.abort()
    }
    const many = { ...large, replicates: 16_000 }
    await expect(run(many, { out, drain: drain.signal, onProgress })).rejects.toMatchObject({ code: 'interrupted' })
    const kept = Object.keys(partHashes(out)).length
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThan((await prepare(many)).plan.blocks.length)
  })
})

describe('a plan that stands in its folder', () => {
  const swept = { ...small, n: [10, 20, 30], method: 'draws' as const }

  it('is not made again, and gives the same as one that is', async () => {
    const out = place('known')
    await run(swept, { out })
    const [anew, known] = [await prepare(swept), await prepare(swept, { out })]
    expect(anew.chains).toBeDefined()
    expect(known.chains).toBeUndefined()
    for (const key of ['text', 'hash', 'draft', 'notes', 'bytes', 'recordBytes'] as const) {
      expect(known[key]).toEqual(anew[key])
    }
    for (const key of ['fitsOf', 'costOf', 'bytesOf'] as const) expect(known[key](0)).toBe(anew[key](0))
    expect(known.blockAt(0)).toEqual(anew.blockAt(0))
    const whole = partHashes(out)
    await rm(join(out, 'parts'), { recursive: true })
    await runPrepared(known, { out })
    expect(partHashes(out)).toEqual(whole)
  })

  it('stands as soon as a run is handed out, and shares are dealt alike with it and without', async () => {
    const out = place('handed-out')
    const many = { ...small, sweep: { n: [10, 1000, 40], replicates: [30, 31] } }
    const anew = await prepare(many)
    await BlockMaker.open(anew, out)
    const known = await prepareRun(out)
    expect(known.chains).toBeUndefined()
    for (const index of [1, 2, 3]) {
      const [own, same] = [anew, known].map((one) => blocksOfShard(one, { index, count: 3 }))
      expect(own).toHaveLength(2)
      expect(same).toEqual(own)
    }
  })

  it.each([
    ['another experiment', { ...swept, seed: 8 }, undefined],
    ['a plan that was changed', swept, ['plan.json', (text: string) => text.replace('"numerics":', '"numerics":1')]],
    ['a damaged note', swept, [join('log', 'planned.json'), (text: string) => text.slice(0, -9)]],
    [
      'a note of other blocks',
      swept,
      [join('log', 'planned.json'), (text: string) => text.replace('"costs":[', '$&1,')],
    ],
  ] as const)('is made again for %s', async (name, experiment, change) => {
    const out = place(`known-${name}`)
    await run(swept, { out })
    if (change) {
      const file = join(out, change[0])
      await writeFile(file, change[1](await readFile(file, 'utf8')))
    }
    expect((await prepare(experiment, { out })).chains).toBeDefined()
  })
})
