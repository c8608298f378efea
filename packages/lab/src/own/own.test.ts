// Models of one's own through the same plan, blocks, parts and results as genloss's own.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accumulate, accumulateSubsample, checks, defineModel, type Model, mix, origins, window } from '@genloss/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../api.js'
import { sweptWord } from '../plan.js'
import { prepare } from '../prepare.js'
import { BlockMaker, prepareRun } from '../shards/maker.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genloss-own-'))
})
afterAll(() => rm(folder, { recursive: true }))

const normal = `
  name: 'normal',
  parameters: { spread: { check: checks.number({ above: 0 }), doc: 'factor on the sd', fallback: 1 } },
  fit({ value }, { spread }) {
    let mean = 0
    for (const x of value) mean += x / value.length
    let squares = 0
    for (const x of value) squares += (x - mean) ** 2
    return { mean, sd: spread * Math.sqrt(squares / value.length) }
  },
  sample({ mean, sd }, n, { stream }) {
    const value = stream.normals(new Float64Array(n))
    return { value: value.map((x) => mean + sd * x) }
  },`

async function moduleOf(body: string, name = 'model.ts', head = ''): Promise<string> {
  const file = join(folder, name)
  const code = `import { checks, defineModel } from 'genloss'\n${head}\nvoid checks\nexport default defineModel({${body}})\n`
  await writeFile(file, code)
  return file
}

const broken = (fit: string) => `name: 'broken', fit(columns, parameters, context) { ${fit} },
  sample(fitted, n, { stream }) { return { value: stream.normals(new Float64Array(n)) } },`

const cell = { origin: 'gaussian', n: 40, generations: 5, replicates: 9, seed: 3 }
const kind = 'module'

async function hashesOf(run: string): Promise<string[]> {
  const parts = (await readdir(join(run, 'parts'))).sort()
  const read = async (part: string) =>
    createHash('sha256')
      .update(await readFile(join(run, 'parts', part)))
      .digest('hex')
  return Promise.all(parts.map(read))
}

describe('modules', () => {
  it('are run only where that is allowed, and the refusal names them', async () => {
    const file = await moduleOf(normal)
    const refusal = run({ ...cell, model: { kind, file } })
    await expect(refusal).rejects.toMatchObject({
      code: 'input',
      path: 'model.file',
      hint: expect.stringContaining(file),
    })
  })

  it('give the same bytes on 1, 2 and 4 workers, and after a run that was cut', async () => {
    const file = await moduleOf(normal)
    const swept = { ...cell, n: [40, 60], columns: ['mean', 'ks', 'w1'], model: { kind, file } }
    const made: string[][] = []
    for (const threads of [1, 2, 4]) {
      const out = join(folder, `bytes-${threads}`)
      await run(swept, { allowCode: true, threads, out })
      made.push(await hashesOf(out))
    }
    expect(made[1]).toEqual(made[0])
    expect(made[2]).toEqual(made[0])
    const cut = join(folder, 'bytes-2')
    const [part] = await readdir(join(cut, 'parts'))
    await rm(join(cut, 'parts', part!))
    await run(swept, { allowCode: true, threads: 4, out: cut })
    expect(await hashesOf(cut)).toEqual(made[0])
    const [kept] = await readdir(join(cut, 'modules'))
    expect(await readFile(join(cut, 'modules', kept!), 'utf8')).toContain('spread')
  })

  it('are known by what they do, wherever they stand', async () => {
    const one = await moduleOf(normal, 'one.ts')
    const other = await moduleOf(normal, 'other.ts', '// another comment')
    const changed = await moduleOf(normal.replace('squares / value.length', 'squares / (value.length - 1)'), 'third.ts')
    const hashes = await Promise.all(
      [one, other, changed].map(
        async (file) => (await prepare({ ...cell, model: { kind, file } }, { allowCode: true })).hash,
      ),
    )
    expect(hashes[0]).toBe(hashes[1])
    expect(hashes[2]).not.toBe(hashes[0])
  })

  it('have settings that are checked and swept', async () => {
    const file = await moduleOf(normal)
    const sweep = { 'model.spread': ['0.5', 2] }
    const result = await run({ ...cell, model: { kind, file }, sweep }, { allowCode: true, threads: 2 })
    expect(result.cells.map(({ settings }) => (settings.model as { spread?: number }).spread)).toEqual([0.5, 2])
    const [narrow, wide] = result.cells.map((one) => one.summary('variance_ratio').mean[1]!)
    expect(narrow! < 1 && wide! > 2).toBe(true)
    const ask = (more: object) => prepare({ ...cell, model: { kind, file, ...more } }, { allowCode: true })
    await expect(ask({ spread: -1 })).rejects.toThrow(/model\.spread: expected a finite number above 0/)
    await expect(ask({ spred: 1 })).rejects.toThrow(/model\.spred.*did you mean 'spread'/)
    await expect(ask({ sampling: 1 })).rejects.toThrow(/model\.sampling/)
  })

  it('that can not be read, bundled or loaded say why', async () => {
    const ask = (file: string) => prepare({ ...cell, model: { kind, file } }, { allowCode: true })
    await expect(ask(join(folder, 'none.ts'))).rejects.toThrow(/ENOENT/)
    await expect(ask(await moduleOf('name: (', 'syntax.ts'))).rejects.toThrow(/a module that can be bundled/)
    await expect(ask(await moduleOf(normal, 'lost.ts', "import { x } from './nowhere.js'\nvoid x"))).rejects.toThrow(
      /nowhere/,
    )
    await writeFile(join(folder, 'empty.ts'), 'export const x = 1\n')
    await expect(ask(join(folder, 'empty.ts'))).rejects.toThrow(/an export that is a model/)
  })
})

describe('what goes wrong in a worker', () => {
  const limits = { seconds: 1, memory: 48 }
  it.each([
    ['throws', "throw new Error('boom')", /Error: boom/],
    ['exits', 'process.exit(3)', /process\.exit has no place/],
    ['hangs', 'for (;;);', /1 seconds without an end/],
    ['leaks', 'const all = []; for (;;) all.push({ all: [1, 2, 3] })', /MiB of memory|without an end/],
    ['gives nothing', '', /got 'nothing'/],
    ['gives a promise', 'return Promise.resolve(1)', /got 'a promise'/],
    ['rejects later', "Promise.reject(new Error('late')); return 1", /late/],
  ])('%s', async (name, body, message) => {
    const file = await moduleOf(broken(body), `broken-${name.replaceAll(' ', '-')}.ts`)
    const failing = run({ ...cell, model: { kind, file } }, { allowCode: true, threads: 2, limits })
    await expect(failing).rejects.toMatchObject({ code: 'model', message: expect.stringMatching(message) })
  })

  it('fails its own blocks, and the others are kept', async () => {
    const sometimes = (
      at: number,
    ) => `name: 'sometimes', parameters: { at: { check: checks.number(), doc: 'where it ends' } },
      fit(columns, { at }) { if (at === ${at}) process.exit(1); return 1 },
      sample(fitted, n, { stream }) { return { value: stream.normals(new Float64Array(n)) } },`
    const file = await moduleOf(sometimes(2), 'sometimes.ts')
    const out = join(folder, 'sometimes')
    // Cells of different columns can not share a block: replicates that differ keep them apart.
    const swept = {
      ...cell,
      model: { kind, file, at: 1 },
      sweep: {
        'model.at,replicates': [
          [1, 3],
          [2, 4],
          [3, 5],
        ],
      },
    }
    await expect(run(swept, { allowCode: true, threads: 2, out })).rejects.toMatchObject({ code: 'model' })
    expect((await readdir(join(out, 'parts'))).filter((name) => name.endsWith('.parquet'))).toHaveLength(2)
  })

  it('stops when it is asked to', async () => {
    const file = await moduleOf(broken('while (!context.cancelled); return 1'), 'slow.ts')
    const signal = AbortSignal.timeout(300)
    await expect(
      run({ ...cell, model: { kind, file } }, { allowCode: true, threads: 2, signal }),
    ).rejects.toMatchObject({
      code: 'interrupted',
    })
  })
})

describe('a queue and shards', () => {
  it('run code only where they are started with that', async () => {
    const file = await moduleOf(normal, 'shared.ts')
    const out = join(folder, 'shared')
    const experiment = { ...cell, n: [40, 50], columns: ['mean'], model: { kind, file } }
    const whole = await run(experiment, { allowCode: true, threads: 1, out: join(folder, 'whole') })
    const prepared = await prepare(experiment, { allowCode: true })
    await BlockMaker.open(prepared, out, { threads: 1 })
    await expect(prepareRun(out)).rejects.toMatchObject({ code: 'input', hint: expect.stringContaining(file) })
    const maker = await BlockMaker.open(await prepareRun(out, { allowCode: true }), out, { threads: 2 })
    for (const block of prepared.plan.blocks.keys()) await maker.make(block)
    expect(await hashesOf(out)).toEqual(await hashesOf(whole.run!))
  })

  it('are named in tables by the name of the model', async () => {
    const file = await moduleOf(normal, 'named.ts')
    const given = [
      { kind, file, spread: 1 },
      { kind, file, spread: 2 },
    ]
    const { plan } = await prepare({ ...cell, model: given }, { allowCode: true })
    const words = plan.axes[0]!.values.map((value) => sweptWord('model', value, {}))
    expect(words).toEqual(['normal:spread=1', 'normal:spread=2'])
  })
})

describe('functions of a program', () => {
  const shifted = defineModel({
    name: 'shifted',
    version: '1',
    parameters: { by: { check: checks.number(), doc: 'added to every mean', fallback: 0 } },
    fit: ({ value }, { by }) =>
      (value as Float64Array).reduce((sum, x) => sum + x, 0) / (value as Float64Array).length + by,
    sample: (mean: number, n, { stream }) => ({ value: stream.normals(new Float64Array(n)).map((x) => mean + x) }),
  })

  it('run under every policy', async () => {
    for (const policy of [
      accumulate(),
      accumulateSubsample(),
      window({ batches: 2, keepReal: true }),
      mix({ real: 0.2 }),
    ]) {
      const result = await run({ ...cell, policy, model: shifted({ by: 1 }) })
      const drift = result.summary('mean').mean
      expect(drift[5]!).toBeGreaterThan(drift[0]!)
      expect(result.summary('n').mean[5]).toBe({ accumulate: 240, window: 120 }[policy.kind as string] ?? 40)
    }
  })

  it('see stages that need records alone', async () => {
    const poison = { share: 0.5, from: 1, record: 100 }
    const result = await run({ ...cell, model: shifted(), poison })
    expect(result.summary('poison_share').mean[1]).toBe(0.5)
    const refusals = { sampling: { temperature: 2 }, weights: { real: 2, synthetic: 1 } }
    for (const [stage, value] of Object.entries(refusals)) {
      await expect(
        run({ ...cell, policy: mix({ real: 0.5 }), model: shifted(), [stage]: value }),
      ).rejects.toMatchObject({
        code: 'plan',
        path: expect.stringContaining(stage),
      })
    }
  })

  it('need a version to go on in a folder', async () => {
    const out = join(folder, 'versioned')
    await run({ ...cell, model: shifted() }, { out })
    await expect(run({ ...cell, model: shifted() }, { out })).resolves.toMatchObject({})
    const bare = defineModel({ name: 'bare', fit: () => 1, sample: (_, n) => ({ value: new Float64Array(n) }) })
    await expect(run({ ...cell, model: bare() }, { out: join(folder, 'bare') })).rejects.toThrow(
      /a version in defineModel/,
    )
    expect(existsSync(join(folder, 'bare'))).toBe(false)
  })

  it('get classes and whole rows of tables under their names', async () => {
    const seen: string[][] = []
    const resampled = defineModel({
      name: 'resampled',
      fit(columns) {
        seen.push(Object.keys(columns))
        return columns
      },
      sample(columns, n, { stream }) {
        const first = Object.values(columns)[0]!
        const length = first instanceof Float64Array ? first.length : first.codes.length
        const rows = Uint32Array.from({ length: n }, () => stream.integer(length))
        const drawn = Object.entries(columns).map(([name, column]) => [
          name,
          column instanceof Float64Array
            ? Float64Array.from(rows, (row) => column[row]!)
            : { codes: rows.map((row) => column.codes[row]!), labels: column.labels },
        ])
        return Object.fromEntries(drawn)
      },
    })
    const file = join(folder, 'people.csv')
    const rows = Array.from({ length: 60 }, (_, i) => `${i},${i % 3 ? 'town' : 'land'}`)
    await writeFile(file, `age,place\n${rows.join('\n')}\n`)
    const model: Model = resampled()
    const table = await run({ ...cell, origin: { kind: 'table', file, group: 'place' }, model, shares: 'all' })
    expect(seen[0]).toEqual(['age', 'place'])
    expect(table.summary('share_town').mean[0]).toBeCloseTo(2 / 3, 1)
    expect(table.events.lost_land).toBeDefined()
    const classes = await run({ ...cell, origin: origins.categorical([0.5, 0.5]), model, n: 4, generations: 40 })
    expect(classes.summary('heterozygosity').mean[40]!).toBeLessThan(0.1)
  })

  it('gives what went wrong with the place', async () => {
    const few = defineModel({ name: 'few', fit: () => 1, sample: (_, n) => ({ value: new Float64Array(n - 1) }) })
    await expect(run({ ...cell, model: few() })).rejects.toThrow(
      "model 'few': expected 40 records in column 'value' of a sample, got 39 (in sample of replicate 0, generation 0)",
    )
    const stops = defineModel({
      name: 'stops',
      fit: (_columns, _parameters, { generation }) => (generation === 3 ? null : 1),
      sample: (_, n, { stream }) => ({ value: stream.normals(new Float64Array(n)) }),
    })
    const result = await run({ ...cell, model: stops() })
    expect(result.events.stopped!.median).toBe(3)
  })
})
