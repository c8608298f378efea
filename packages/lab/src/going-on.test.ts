// A run that is killed, cut, filled up, robbed of its folder or joined by another goes on, and its parts are those of an
// undisturbed one.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from './api.js'
import { partName, RunFolder } from './folder.js'
import { prepare } from './prepare.js'
import { fillFolder } from './run.js'
import { partHashes, partNames } from './test/part-hashes.js'

/** 512 cells, each a part of its own: cells that follow each other differ in replicates. */
const sweep = {
  origin: 'gaussian',
  generations: 30,
  seed: 7,
  sweep: {
    n: { from: 10, to: 640, steps: 64, scale: 'linear' },
    replicates: [20, 40, 21, 41, 22, 42, 23, 43],
  },
}
const lab = fileURLToPath(new URL('../dist/index.js', import.meta.url))

let folder: string
let whole: Record<string, string>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genloss-going-on-'))
  await fillFolder(await prepare(sweep), place('whole'))
  whole = parts('whole')
})
afterAll(() => rm(folder, { recursive: true }))

const place = (name: string) => join(folder, name)

const parts = (name: string) => partHashes(place(name))
const written = (name: string) => partNames(place(name)).length

function start(name: string): ChildProcess {
  const text = `const { prepare, fillFolder } = await import(${JSON.stringify(lab)})
    const done = await fillFolder(await prepare(${JSON.stringify(sweep)}), ${JSON.stringify(place(name))})
    console.log(JSON.stringify(done))`
  return spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function outputOf(child: ChildProcess): Promise<{ made: number; kept: number }> {
  let text = ''
  child.stdout!.on('data', (chunk) => {
    text += chunk
  })
  expect(await once(child, 'close')).toEqual([0, null])
  return JSON.parse(text)
}

describe('a sweep of 512 parts', () => {
  it('is whole', async () => expect(Object.keys(whole)).toHaveLength(512))

  it('killed at 20 random moments and resumed has the same bytes', async () => {
    let word = 20_260_711
    const random = () => {
      word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0
      return word / 2 ** 32
    }
    let before = 0
    const seen: number[] = []
    for (let kill = 0; kill < 20; kill++) {
      const child = start('killed')
      const closed = once(child, 'close')
      // Some at once, most when the run has begun to write: up to thirty parts later.
      const until = kill % 5 === 0 ? 0 : before + 1 + Math.floor(30 * random())
      for (let now = before; now < until && child.exitCode === null; await wait(2)) now = written('killed')
      if (kill % 5 === 0) await wait(120 * random())
      child.kill('SIGKILL')
      await closed
      before = written('killed')
      seen.push(before)
    }
    expect(before).toBeGreaterThan(100)
    expect(before).toBeLessThan(512)
    for (const [name, hash] of Object.entries(parts('killed'))) expect(hash, name).toBe(whole[name])
    const done = await fillFolder(await prepare(sweep), place('killed'))
    expect(done).toMatchObject({ made: 512 - before, kept: before })
    expect(parts('killed')).toEqual(whole)
  })

  it('made by two processes in one folder at once has the same bytes', async () => {
    const [one, other] = await Promise.all([outputOf(start('two')), outputOf(start('two'))])
    expect(one.made + one.kept).toBe(512)
    expect(other.made + other.kept).toBe(512)
    expect(parts('two')).toEqual(whole)
  })
})

const small = { origin: 'gaussian', n: [10, 20], replicates: 3, generations: 4, seed: 7, columns: ['mean'] }

describe('a part', () => {
  it('cut at any byte is made again', async () => {
    const out = place('cut')
    const prepared = await prepare(small)
    await fillFolder(prepared, out)
    const path = join(out, 'parts', partName(0))
    const { size } = await stat(path)
    const { text: plan, hash } = prepared
    const opened = await RunFolder.open(out, { plan, hash, experiment: small, provenance: {} })
    expect(await opened.check(0)).toBeNull()
    for (let length = size - 1; length >= 0; length--) {
      await truncate(path, length)
      expect(await opened.check(0), `${length} of ${size} bytes`).toMatch(/cut short|not a Parquet file/)
    }
    expect(await fillFolder(prepared, out)).toMatchObject({
      made: 1,
      notes: [expect.stringMatching(/00000000\.parquet was made again: it is cut short/)],
    })
    expect(await opened.check(0, true)).toBeNull()
  })

  it('under the name of another, or beside them, never counts twice', async () => {
    const out = place('twice')
    const several = { ...small, sweep: { replicates: [3, 5, 4] } }
    const { replicates: _, ...swept } = several
    const first = await run(swept, { out })
    const before = parts('twice')
    const path = (name: string) => join(out, 'parts', name)
    await copyFile(path(partName(0)), path(partName(1)))
    await copyFile(path(partName(2)), path('00000002 (copy).parquet'))
    await copyFile(path(partName(2)), path(partName(99)))
    const again = await run(swept, { out })
    expect(again.notes.join('\n')).toMatch(/00000001\.parquet was made again: it belongs to another block/)
    expect(again.cells.map(({ shape }) => shape)).toEqual(first.cells.map(({ shape }) => shape))
    for (const [name, hash] of Object.entries(before)) expect(parts('twice')[name]).toBe(hash)
  })

  it('that a killed writer has begun is taken away when it is old', async () => {
    const out = place('drafts')
    await run(small, { out })
    const [old, young] = ['.00000000.parquet.1.0.tmp', '.00000000.parquet.2.0.tmp'] as const
    for (const name of [old, young]) await writeFile(join(out, 'parts', name), 'PAR1')
    const yesterday = new Date(Date.now() - 86_400_000)
    await utimes(join(out, 'parts', old), yesterday, yesterday)
    await run(small, { out })
    expect((await readdir(join(out, 'parts'))).filter((name) => name.startsWith('.'))).toEqual([young])
  })
})

/** A folder on a small disk, if this process may mount one. */
async function smallDisk(bytes: number): Promise<string | undefined> {
  const path = place('disk')
  await mkdir(path, { recursive: true })
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path], { stdio: 'ignore' })
  return status === 0 ? path : undefined
}

describe('a folder that two runs begin at once', () => {
  it('is that of one plan: the same one twice, or the first of two', async () => {
    const [prepared, other] = [await prepare(small), await prepare({ ...small, seed: 8 })]
    for (let turn = 0; turn < 20; turn++) {
      const same = place(`at-once-${turn}`)
      const done = await Promise.all([prepared, prepared, prepared].map((one) => fillFolder(one, same)))
      expect(done.every(({ made, kept }) => made + kept === prepared.plan.blocks.length)).toBe(true)
      const two = await Promise.allSettled([prepared, other].map((one) => fillFolder(one, place(`two-plans-${turn}`))))
      const refused = two.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
      expect(refused).toMatchObject([{ code: 'plan', path: 'out', hint: expect.stringMatching(/seed: '[78]' there/) }])
    }
  })
})

describe('a place that fails', () => {
  it('a disk that fills is an error that says so, and a rerun with room goes on', async (context) => {
    const disk = await smallDisk(2 ** 20)
    if (!disk) return context.skip()
    try {
      const out = join(disk, 'run')
      const full = await fillFolder(await prepare(sweep), out).catch((error: unknown) => error)
      expect(full).toMatchObject({ code: 'io', rule: 'a part that can be written' })
      expect(String((full as Error).message)).toMatch(/[Nn]o space left/)
      const kept = Object.keys(parts(join('disk', 'run'))).length
      expect(kept).toBeGreaterThan(0)
      spawnSync('mount', ['-o', 'remount,size=256m', disk])
      expect(await fillFolder(await prepare(sweep), out)).toMatchObject({ kept, made: 512 - kept })
      expect(parts(join('disk', 'run'))).toEqual(whole)
    } finally {
      spawnSync('umount', [disk])
    }
  })

  it('a folder that vanishes is an error that says so, and a rerun makes it again', async () => {
    const out = place('vanished')
    const prepared = await prepare(sweep)
    let seen = 0
    const gone = fillFolder(prepared, out, {}, () => {
      if (++seen === 20) void rename(out, `${out}-elsewhere`)
    })
    // A part or a line of the log comes first.
    await expect(gone).rejects.toMatchObject({
      code: 'io',
      hint: expect.stringMatching(/folder exists|path does not exist/),
    })
    expect(await fillFolder(prepared, out)).toMatchObject({ made: 512 })
    expect(parts('vanished')).toEqual(whole)
  })
})
