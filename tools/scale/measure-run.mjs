// @ts-check
// What a run asks of one processor and one file system, measured: planning, the start of a worker, parts, and collecting.
import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlockMaker, blocksOfShard, collect, partName, partsThere, prepare, runShard } from '@genloss/lab'

/**
 * Tiny cells in a grid of two axes: 2 KB of columns a chain, 10 chains a cell.
 * @param {number} cells
 */
function tinyCells(cells) {
  const side = Math.round(Math.sqrt(cells))
  const values = Array.from({ length: side }, (_, i) => i)
  return {
    origin: 'gaussian',
    policy: { kind: 'mix', real: 0.1 },
    generations: 20,
    replicates: 10,
    method: 'exact',
    sweep: { 'policy.real': values.map((i) => i / side), n: values.map((i) => 10 + i) },
  }
}

/**
 * Cells that are blocks of their own, and tiny ones: those that follow each other differ in replicates.
 * @param {number} parts
 */
export function ownParts(parts) {
  const n = Array.from({ length: Math.ceil(parts / 2) }, (_, i) => 10 + i)
  const common = { origin: 'gaussian', generations: 1, method: 'exact', columns: ['mean'], events: false }
  return { ...common, sweep: { n, replicates: [1, 2] } }
}

/**
 * @template T
 * @param {(folder: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
async function withFolder(use) {
  const folder = await mkdtemp(join(tmpdir(), 'genloss-scale-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/**
 * Seconds of a processor and by the clock.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<{ cpu: number, wall: number, value: T }>}
 */
async function timed(work) {
  const [cpu, wall] = [process.cpuUsage(), performance.now()]
  const value = await work()
  const { user, system } = process.cpuUsage(cpu)
  return { cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1000, value }
}

/**
 * What a process takes until it can make the first block of a planned run: seconds of a processor and by the clock, bytes.
 * @param {string} run
 * @returns {{ cpu: number, wall: number, memory: number }}
 */
function startOf(run) {
  const text = `import { BlockMaker, blocksOfShard, prepareRun } from ${JSON.stringify(import.meta.resolve('@genloss/lab'))}
    const maker = await BlockMaker.open(await prepareRun(${JSON.stringify(run)}), ${JSON.stringify(run)})
    blocksOfShard(maker.prepared, { index: 1, count: 1000 })
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
    const cpu = (userCPUTime + systemCPUTime) / 1e6
    console.log(JSON.stringify({ cpu, wall: performance.now() / 1000, memory: 1024 * maxRSS }))`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', text], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

/**
 * Planning of so many tiny cells, and what a worker or shard of the planned run then takes to start.
 * @param {number} cells
 */
export function planningOf(cells) {
  return withFolder(async (folder) => {
    const run = join(folder, 'run')
    const { value: prepared, ...planning } = await timed(() => prepare(tinyCells(cells)))
    const memory = process.resourceUsage().maxRSS * 1024
    const blocks = prepared.plan.blocks.length
    await BlockMaker.open(prepared, run)
    return {
      cells: side(cells),
      blocks,
      planBytes: prepared.text.length,
      columnBytes: prepared.bytes,
      foretold:
        blocksOfShard(prepared, { index: 1, count: 1 }).reduce((sum, one) => sum + prepared.costOf(one), 0) / 1e9,
      planning,
      memory,
      start: startOf(run),
    }
  })
}

/** @param {number} cells */
function side(cells) {
  return Math.round(Math.sqrt(cells)) ** 2
}

/**
 * What a worker takes to start in a folder of so many parts (empty files stand for them: they are listed, not read).
 * @param {number} parts
 */
export function standingOf(parts) {
  return withFolder(async (run) => {
    await BlockMaker.open(await prepare(ownParts(parts)), run)
    for (let block = 0; block < parts; block++) await writeFile(join(run, 'parts', partName(block)), '')
    const listing = await timed(() => partsThere(run, parts))
    const planBytes = (await stat(join(run, 'plan.json'))).size
    return { parts, planBytes, start: startOf(run), listing: { cpu: listing.cpu, wall: listing.wall } }
  })
}

/**
 * Running so many tiny cells on one thread, then checking the folder, collecting it into another by copies and by links;
 * and the same with cells that are a part each.
 * @param {number} cells
 * @param {number} parts
 */
export async function collectingOf(cells, parts) {
  return { large: await collected(tinyCells(cells)), small: await collected(ownParts(parts)) }
}

/** @param {object} experiment */
function collected(experiment) {
  return withFolder(async (folder) => {
    const run = join(folder, 'run')
    const prepared = await prepare(experiment)
    const running = await timed(() => runShard(prepared, { index: 1, count: 1 }, run, { threads: 1 }))
    const names = await readdir(join(run, 'parts'))
    let bytes = 0
    for (const name of names) bytes += (await stat(join(run, 'parts', name))).size
    /** @param {() => Promise<unknown>} work */
    const taken = async (work) => {
      const { cpu, wall } = await timed(work)
      return { cpu, wall, cpuPerPart: cpu / names.length }
    }
    return {
      parts: names.length,
      bytes,
      columnBytes: prepared.bytes,
      running: { cpu: running.cpu, wall: running.wall },
      check: await taken(() => collect(run)),
      copy: await taken(() => collect(join(folder, 'copied'), [run])),
      link: await taken(() => collect(join(folder, 'linked'), [run], { link: true })),
    }
  })
}
