import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from './api.js'
import { partName } from './folder.js'
import { prepare } from './prepare.js'
import { fillFolder, runPrepared } from './run.js'
import { partHashes } from './test/part-hashes.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genloss-extension-'))
})
afterAll(() => rm(folder, { recursive: true }))

const place = (name: string) => join(folder, name)
const base = { origin: 'gaussian', n: [10, 30], policy: ['replace', 'mix:real=0.1'], generations: 20, seed: 7 }
const first = { ...base, replicates: 40, method: 'draws' as const }

/** Chains that a run in a folder has taken over and run, by what the core was asked for. */
async function extended(name: string, from: object, to: object) {
  const out = place(name)
  await run(from, { out })
  const prepared = await prepare(to)
  const asked: { cell: number; replicates: [number, number] }[] = []
  const { chainsAt } = prepared
  prepared.chainsAt = (chains) => {
    asked.push(...chains)
    return chainsAt(chains)
  }
  await runPrepared(prepared, { out, extend: true })
  const fresh = place(`${name}-fresh`)
  await run(to, { out: fresh })
  expect(partHashes(out)).toEqual(partHashes(fresh))
  expect(await readFile(join(out, 'plan.json'), 'utf8')).toBe(await readFile(join(fresh, 'plan.json'), 'utf8'))
  expect(await readdir(out)).not.toContain('earlier')
  return asked
}

describe('an extended run has the bytes of a fresh one, and runs only', () => {
  it('the replicates that are new', async () => {
    const asked = await extended('replicates', first, { ...first, replicates: 100 })
    expect(asked.map(({ replicates }) => replicates)).toEqual([40, 40, 40, 40].map((from) => [from, 100]))
  })

  it('what is left, where it was told to stop', async () => {
    const [out, to] = [place('stopped'), { ...first, replicates: 100 }]
    await run(first, { out })
    const prepared = await prepare(to)
    const stopped = runPrepared(prepared, { out, extend: true, drain: AbortSignal.abort() })
    await expect(stopped).rejects.toMatchObject({
      code: 'interrupted',
      value: expect.stringMatching(/^stopped after 0 of/),
    })
    await runPrepared(prepared, { out, extend: true })
    await run(to, { out: place('stopped-fresh') })
    expect(partHashes(out)).toEqual(partHashes(place('stopped-fresh')))
  })

  it('the cells that are new, wherever they stand', async () => {
    const asked = await extended('cells', first, {
      ...first,
      n: [5, 10, 20, 30],
      policy: [...base.policy, 'accumulate'],
    })
    expect(asked.map(({ cell }) => cell)).toEqual([0, 1, 2, 5, 6, 7, 8, 11])
  })

  it('nothing where the same cells are written in another way', async () => {
    const one = { ...first, policy: 'replace', n: [10, 20, 30] }
    expect(await extended('all', one, { ...one, sweep: { generations: [20] } })).toEqual([])
  })

  it('blocks of many replicates, cut anew', async () => {
    const large = { ...first, n: 10, policy: 'replace', generations: 100, replicates: 3000 }
    const asked = await extended('large', large, { ...large, replicates: 4000 })
    const chains = asked.reduce((sum, { replicates }) => sum + replicates[1] - replicates[0], 0)
    expect(chains).toBe(1000)
  })

  it('longer chains from their beginning: their first rows are what they were', async () => {
    const out = place('generations')
    const before = await run({ ...first, n: 10, policy: 'replace' }, { out })
    const after = await run({ ...first, n: 10, policy: 'replace', generations: 40 }, { out, extend: true })
    const rows = (result: typeof before, length: number) => result.columns.variance_ratio!.subarray(0, length)
    expect(rows(after, 21)).toEqual(rows(before, 21))
    expect(after.shape).toEqual({ replicates: 40, generations: 41 })
  })
})

describe('a run is not extended', () => {
  it.each([
    ['without being asked', { ...first, replicates: 41 }, false, /replicates: 40 there, 41 here.*--extend/],
    ['by fewer replicates', { ...first, replicates: 39 }, true, /replicates: 40 there, 39 here/],
    ['by fewer generations', { ...first, generations: 19 }, true, /generations: 20 there, 19 here/],
    ['by other cells', { ...first, n: [10, 40] }, true, /sweep of n/],
    ['by another seed', { ...first, seed: 8, replicates: 100 }, true, /seed: '7' there, '8' here/],
    ['by other columns', { ...first, columns: ['mean'], replicates: 100 }, true, /columns/],
  ] as const)('%s', async (name, to, extend, hint) => {
    const out = place(`not-${name}`)
    await run(first, { out })
    const before = partHashes(out)
    const refused = run(to as object, { out, extend })
    await expect(refused).rejects.toMatchObject({ code: 'plan', path: 'out', hint: expect.stringMatching(hint) })
    expect(partHashes(out)).toEqual(before)
  })
})

it('an extension that is cut off goes on, without being asked again, and leaves out parts that are broken', async () => {
  const out = place('cut-off')
  const to = { ...first, replicates: 100 }
  await run(first, { out })
  await truncate(join(out, 'parts', partName(0)), 50)
  const stopped = fillFolder(await prepare(to), out, { extend: true, signal: AbortSignal.abort() })
  await expect(stopped).rejects.toMatchObject({ code: 'interrupted' })
  expect(await readdir(out)).toContain('earlier')
  await run(to, { out })
  const fresh = place('cut-off-fresh')
  await run(to, { out: fresh })
  expect(partHashes(out)).toEqual(partHashes(fresh))
  expect(await readdir(out)).not.toContain('earlier')
})
