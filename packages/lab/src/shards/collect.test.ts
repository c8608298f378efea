import { copyFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partName } from '../folder.js'
import { type Prepared, prepare } from '../prepare.js'
import { runPrepared } from '../run.js'
import { partHashes } from '../test/part-hashes.js'
import { collect } from './collect.js'
import { blocksOfShard, runShard } from './run-shard.js'

let folder: string
let prepared: Prepared
let whole: Record<string, string>
const place = (name: string) => join(folder, name)
const count = 4

/** Cells that differ in columns and in replicates share no block: six blocks. */
const experiment = {
  origin: 'gaussian',
  n: [10, 20, 40],
  generations: 12,
  seed: 7,
  sweep: { replicates: [30, 31] },
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genloss-shards-'))
  prepared = await prepare(experiment)
  await runPrepared(prepared, { out: place('whole') })
  whole = partHashes(place('whole'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs the shards into folders of their own. */
async function shards(name: string, order: readonly number[]): Promise<string[]> {
  const outs: string[] = []
  for (const index of order) {
    const out = place(`${name}-${index}`)
    await runShard(prepared, { index, count }, out)
    outs.push(out)
  }
  return outs
}

describe('shards', () => {
  it('in any order, collected, are byte for byte the run that nothing disturbed', async () => {
    expect(Object.keys(whole).length).toBeGreaterThan(count)
    for (const [at, order] of [
      [1, 2, 3, 4],
      [3, 1, 4, 2],
    ].entries()) {
      const into = place(`into-${at}`)
      const found = await collect(into, await shards(`order-${at}`, order))
      expect(found).toMatchObject({ taken: Object.keys(whole).length, kept: 0, duplicates: 0, faulty: [], missing: [] })
      expect(partHashes(into)).toEqual(whole)
      expect(await readFile(join(into, 'plan.json'), 'utf8')).toBe(prepared.text)
      const again = await runPrepared(prepared, { out: into })
      expect(again.notes.join()).toMatch(/(\d+) of \1 parts were there and kept/)
    }
  })

  it('of one folder at the same time fill it', async () => {
    const out = place('shared')
    await Promise.all([4, 2, 3, 1, 2].map((index) => runShard(prepared, { index, count }, out)))
    expect(partHashes(out)).toEqual(whole)
    expect(await collect(out)).toMatchObject({ taken: 0, kept: prepared.plan.blocks.length, missing: [] })
  })

  it('without a block have nothing to do, and say so', async () => {
    const result = await runShard(prepared, { index: 9, count: 9 }, place('idle'))
    expect(result.blocks).toEqual({ plan: prepared.plan.blocks.length, shard: 0, made: 0, kept: 0 })
    expect(result.notes.join()).toMatch(/nothing to do/)
  })

  it('that are told to stop finish the block in hand, keep it, and go on later', async () => {
    const stop = new AbortController()
    const out = place('drained')
    let begun = 0
    const blockAt = (block: number) => {
      if (++begun === 2) stop.abort()
      return prepared.blockAt(block)
    }
    const all = { index: 1, count: 1 }
    await expect(runShard({ ...prepared, blockAt }, all, out, { drain: stop.signal })).rejects.toMatchObject({
      code: 'interrupted',
      value: 'stopped after 2 of 6 blocks',
    })
    expect(begun).toBe(2)
    expect(Object.keys(partHashes(out))).toHaveLength(2)
    await runShard(prepared, all, out)
    expect(partHashes(out)).toEqual(whole)
  })
})

describe('collect', () => {
  it('counts what comes twice once, and links where asked', async () => {
    const outs = await shards('twice', [1, 2, 3, 4])
    const into = place('twice-into')
    const found = await collect(into, [...outs, outs[1]!, place('whole')], { link: true })
    const all = prepared.plan.blocks.length
    expect(found).toMatchObject({ taken: all, duplicates: all, missing: [], differing: [] })
    expect(partHashes(into)).toEqual(whole)
    const part = partName(blocksOfShard(prepared, { index: 1, count })[0]!)
    expect((await stat(join(into, 'parts', part))).nlink).toBe(2)
  })

  it('leaves out parts that are cut, foreign or changed, and names them; the run makes them again', async () => {
    const outs = await shards('broken', [1, 2, 3, 4])
    const [cut, flipped] = [1, 2].map((index) => {
      const [block] = blocksOfShard(prepared, { index, count })
      return { block: block!, path: join(outs[index - 1]!, 'parts', partName(block!)) }
    })
    await truncate(cut!.path, (await stat(cut!.path)).size - 9)
    const bytes = await readFile(flipped!.path)
    bytes[200]! ^= 1
    await writeFile(flipped!.path, bytes)
    const into = place('broken-into')
    const found = await collect(into, outs)
    expect(found.faulty.map(({ part }) => part).sort()).toEqual([cut!.path, flipped!.path].sort())
    expect(found.missing).toEqual([cut!.block, flipped!.block].sort((a, b) => a - b))
    expect(await readdir(join(into, 'parts'))).toHaveLength(prepared.plan.blocks.length - 2)
    await copyFile(join(place('whole'), 'parts', partName(cut!.block)), cut!.path)
    expect(await collect(into, outs)).toMatchObject({ taken: 1, missing: [flipped!.block] })
    await runPrepared(prepared, { out: into })
    expect(partHashes(into)).toEqual(whole)
  })

  it('refuses shards of another plan and folders that are no run', async () => {
    const other = place('other')
    await runPrepared(await prepare({ ...experiment, seed: 8 }), { out: other })
    await expect(collect(place('mixed'), [place('whole'), other])).rejects.toMatchObject({
      code: 'plan',
      path: other,
      hint: expect.stringMatching(/seed: '7' there, '8' here/),
    })
    await expect(collect(other, [place('whole')])).rejects.toMatchObject({ code: 'plan', path: 'out' })
    await expect(collect(place('mixed'), [folder])).rejects.toMatchObject({ code: 'input', path: folder })
    await expect(collect(place('whole'), [], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'interrupted',
    })
    expect(await readdir(folder)).not.toContain('mixed')
  })
})
