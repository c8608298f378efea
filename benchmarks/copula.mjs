// @ts-check
// The gaussian copula beside SDV's: how alike the rows are that each makes of one table, and how long it takes, in one run.
//
//   node benchmarks/copula.mjs PYTHON [ROWS]
//
// PYTHON is one that has peers/requirements-sdv.txt. The table has 15 columns: numbers of several shapes, whole ones, with
// gaps, and text of 2 to 20 classes, tied by three hidden factors that are not a gaussian copula throughout.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readTable } from '@genloss/lab'
import { copula, synthesize } from 'genloss'

const [python, rows = '100000'] = process.argv.slice(2)
if (!python) throw new Error('usage: node benchmarks/copula.mjs PYTHON [ROWS]')

/** Numbers in (0, 1): xorshift of 32 bits. */
let state = 12345
function uniform() {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return ((state >>> 0) + 0.5) / 2 ** 32
}
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
/** @param {string} stem @param {number} place @param {readonly number[]} cuts */
const classOf = (stem, place, cuts) => `${stem}${cuts.filter((cut) => place > cut).length}`

const twenty = Array.from({ length: 19 }, (_, i) => -2.2 + 0.24 * i)

/** One row: factors of wealth, age and place, and what shows of them. */
function row() {
  const [w, a, p] = [normal(), normal(), normal()]
  const mix = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ own) =>
    0.6 * x + 0.5 * y + own * normal()
  const income = Math.exp(10 + 0.6 * mix(w, a, 0.5))
  return {
    age: Math.max(18, Math.round(45 + 14 * mix(a, w, 0.6))),
    income: income.toFixed(2),
    savings: uniform() < 0.08 ? '' : (income * Math.exp(normal()) * 0.1).toFixed(2),
    debt: Math.max(0, 5000 * (mix(-1 * w, p, 0.8) + 0.3)).toFixed(0),
    children: Math.max(0, Math.round(1.2 + mix(a, p, 0.9))),
    height: (170 + 9 * mix(p, 0, 0.8)).toFixed(1),
    weight: (72 + 12 * mix(p, a, 0.7)).toFixed(1),
    score: (1 / (1 + Math.exp(-2 * mix(w, 0, 0.8)))).toFixed(4),
    visits: uniform() < 0.3 ? 0 : Math.floor(-4 * Math.log(uniform()) * Math.exp(0.3 * a)),
    claims: uniform() < 0.04 ? '' : (1 / Math.max(1e-4, uniform()) ** 0.45).toFixed(3),
    member: classOf('m', mix(w, p, 0.7), [0.4]),
    region: classOf('r', mix(p, 0, 0.6), [-0.8, 0.1, 0.9, 1.5]),
    school: classOf('s', mix(w, a, 0.7), [-1, 0, 1, 2.3]),
    job: classOf('j', mix(w, p, 0.8), twenty),
    colour: classOf('c', normal(), [-0.4, 0.4]),
  }
}

const folder = mkdtempSync(join(tmpdir(), 'genloss-copula-'))
try {
  const file = join(folder, 'table.csv')
  const data = Array.from({ length: Number(rows) }, row)
  const names = Object.keys(data[0] ?? {})
  writeFileSync(file, `${[names, ...data.map((one) => Object.values(one))].map((line) => line.join(',')).join('\n')}\n`)
  const table = await readTable(file)
  const categories = table.columns.filter(({ kind }) => kind === 'text').map(({ name }) => name)
  /** Seconds of CPU of the best of three, with what was made. @param {number} count */
  const timed = async (count) => {
    let best = Number.POSITIVE_INFINITY
    let made = {}
    for (let turn = 0; turn < 3; turn++) {
      const start = process.cpuUsage()
      made = await synthesize(table, copula(), { rows: count, seed: turn, threads: 1 })
      const { user, system } = process.cpuUsage(start)
      best = Math.min(best, (user + system) / 1e6)
    }
    return { best, made: /** @type {Awaited<ReturnType<typeof synthesize>>} */ (made) }
  }
  // Of one row the fit is all there is.
  const fit = (await timed(1)).best
  const { made } = await timed(Number(rows))
  // Of ten times as many rows, since so many alone take little beside the fit.
  const sample = ((await timed(10 * Number(rows))).best - fit) / 10
  const cell = (/** @type {unknown} */ x) => (x === null || Number.isNaN(x) ? '' : String(x))
  const lines = Array.from({ length: Number(rows) }, (_, i) => names.map((name) => cell(made[name]?.[i])).join(','))
  writeFileSync(join(folder, 'ours.csv'), `${[names.join(','), ...lines].join('\n')}\n`)
  const script = fileURLToPath(new URL('peers/with_sdv.py', import.meta.url))
  const answer = spawnSync(python, [script, file, join(folder, 'ours.csv'), join(folder, 'theirs.csv')], {
    input: JSON.stringify(categories),
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  })
  if (answer.status !== 0) throw new Error(`${python} ended with ${answer.status}`)
  const found = JSON.parse(answer.stdout.trim().split('\n').at(-1) ?? '')
  const line = (/** @type {(string | number)[]} */ ...entries) =>
    process.stdout.write(
      `${entries.map((entry) => (typeof entry === 'number' ? entry.toFixed(3) : entry).padStart(14)).join('')}\n`,
    )
  process.stdout.write(`${rows} rows x ${names.length} columns, one thread, seconds of CPU, ours the best of three\n`)
  line('', 'fit', 'sample', 'column shapes', 'pair trends')
  line('genloss', fit, sample, found.genloss.shapes, found.genloss.trends)
  line('SDV', found.fit, found.sample, found.sdv.shapes, found.sdv.trends)
  line('x', found.fit / fit, found.sample / sample)
} finally {
  rmSync(folder, { recursive: true })
}
