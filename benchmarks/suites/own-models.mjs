// @ts-check
// What does a model of one's own cost: beside a plain loop of the same functions, on two workers beside one, beside the native family?
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gaussian, run } from 'genloss'
import { timed } from '../kit/measure.mjs'
import { microseconds } from '../kit/units.mjs'

const size = { n: 10_000, generations: 99, replicates: 40 }
const generations = size.replicates * (size.generations + 1)

/** A normal model, as a person would write it. */
const source = `import { defineModel } from 'genloss'

export const functions = {
  name: 'normal',
  columns: { value: 'number' },
  fit({ value }) {
    let mean = 0
    for (const x of value) mean += x
    mean /= value.length
    let squares = 0
    for (const x of value) squares += (x - mean) ** 2
    return { mean, sd: Math.sqrt(squares / value.length) }
  },
  sample({ mean, sd }, n, { stream }) {
    const value = stream.normals(new Float64Array(n))
    for (let i = 0; i < n; i++) value[i] = mean + sd * value[i]
    return { value }
  },
}
export default defineModel(functions)
`

/** Normal numbers of a plain program, by the polar method. */
function plainStream() {
  let spare = Number.NaN
  const normal = () => {
    if (!Number.isNaN(spare)) {
      const kept = spare
      spare = Number.NaN
      return kept
    }
    for (;;) {
      const [u, v] = [2 * Math.random() - 1, 2 * Math.random() - 1]
      const s = u * u + v * v
      if (s >= 1 || s === 0) continue
      const factor = Math.sqrt((-2 * Math.log(s)) / s)
      spare = v * factor
      return u * factor
    }
  }
  return {
    /** @param {Float64Array} into */
    normals(into) {
      for (let i = 0; i < into.length; i++) into[i] = normal()
      return into
    },
  }
}

/** Made when the suite runs. */
let folder = ''

/** @type {import('../kit/suite.mjs').Suite} */
export const ownModels = {
  name: 'own-models',
  question: "What does a generation of a model of one's own cost?",
  unit: microseconds('generation'),
  measure: 'wall',
  rounds: 5,
  cases: async () => {
    folder = mkdtempSync(join(tmpdir(), 'genloss-own-models-'))
    const file = join(folder, 'normal.mjs')
    writeFileSync(file, source)
    // Outside of genloss the module is imported like any other.
    const found = dirname(createRequire(import.meta.url).resolve('genloss/package.json'))
    symlinkSync(join(found, '..'), join(folder, 'node_modules'))
    const { default: normal, functions } = await import(pathToFileURL(file).href)
    const stream = plainStream()
    const loop = async () => {
      for (let replicate = 0; replicate < size.replicates; replicate++) {
        let records = { value: stream.normals(new Float64Array(size.n)) }
        for (let g = 0; g <= size.generations; g++)
          records = functions.sample(functions.fit(records), size.n, { stream })
      }
    }
    const cell = { origin: 'gaussian', ...size, columns: ['mean', 'variance'], events: false }
    /** @type {(model: object, threads: number) => () => Promise<unknown>} */
    const of = (model, threads) => () => run({ ...cell, model }, { threads, allowCode: true })
    const module = { kind: 'module', file }
    const native = gaussian({ estimator: 'mle' })
    return [
      {
        name: 'a normal model, n = 1e4',
        things: generations,
        contenders: [
          ['a plain loop', () => timed(loop)],
          ['in the program', () => timed(of(normal(), 1))],
          ['one worker', () => timed(of(module, 1))],
          ['two workers', () => timed(of(module, 2))],
          ['native', () => timed(() => run({ ...cell, model: native, method: 'draws' }, { threads: 1 }))],
        ],
      },
    ]
  },
  end: () => rmSync(folder, { recursive: true, force: true }),
}
