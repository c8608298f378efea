// A program in another language as a model: run, gone on with, and gone wrong in every way that is told.

import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checks } from '@genloss/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../api.js'
import { defineProgram } from './program.js'

const python = 'python3'
const script = new URL('./test/normal.py', import.meta.url).pathname
const hasPython = spawnSync(python, ['--version']).status === 0

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genloss-program-'))
})
afterAll(() => rm(folder, { recursive: true }))

const parameters = { mode: { check: checks.text, doc: 'how it goes wrong', fallback: 'right' } }
const settings = { name: 'normal', command: [python, script], files: [script], parameters, seconds: 20 }
const cell = { origin: 'gaussian', n: 30, generations: 1, replicates: 1, columns: ['mean', 'variance'], seed: 5 }

describe.runIf(hasPython)('a program', () => {
  const program = defineProgram(settings)

  it('is fitted and sampled from', async () => {
    const result = await run({ ...cell, n: 400, model: program({ records: 1 }) })
    // Means of 400 normal records, and of 400 of a model fitted to them: 4 standard errors.
    expect(Math.abs(result.summary('mean').mean[1]!)).toBeLessThan(4 * Math.sqrt(3 / 400))
    expect(result.summary('variance').mean[1]!).toBeGreaterThan(0.6)
  })

  it('goes on from the steps that are done', async () => {
    const out = join(folder, 'steps')
    const model = program({ records: 1 })
    await run({ ...cell, model }, { out })
    const work = join(out, 'work')
    const steps = await readdir(work)
    // Fit and sample of two generations.
    expect(steps).toHaveLength(4)
    const [part] = await readdir(join(out, 'parts'))
    const made = await readFile(join(out, 'parts', part!))
    const times = await Promise.all(steps.map((step) => readFile(join(work, step, 'manifest.json'), 'utf8')))
    await rm(join(out, 'parts', part!))
    await rm(join(work, steps[2]!, 'done.json'))
    await writeFile(join(work, steps[2]!, 'mark'), '')
    await writeFile(join(work, steps[0]!, 'mark'), '')
    await run({ ...cell, model }, { out })
    expect((await readFile(join(out, 'parts', part!))).equals(made)).toBe(true)
    expect(await readdir(work)).toHaveLength(4)
    // The step without an end was made again from nothing, the others were left alone.
    expect(await readdir(join(work, steps[2]!))).not.toContain('mark')
    expect(await readdir(join(work, steps[0]!))).toContain('mark')
    expect(times.every((text) => JSON.parse(text).protocol === 1)).toBe(true)
  })

  it('is known by its files', async () => {
    const copy = join(folder, 'copy.py')
    await writeFile(copy, await readFile(script))
    const module = join(folder, 'program.ts')
    const text = `import { defineProgram } from 'genloss'
export default defineProgram({ name: 'p', command: ['${python}', '${copy}'], files: ['${copy}'] })\n`
    await writeFile(module, text)
    const experiment = { ...cell, model: { kind: 'module', file: module, records: 1 } }
    const first = await run(experiment, { allowCode: true })
    const again = await run(experiment, { allowCode: true })
    await writeFile(copy, `# changed\n${await readFile(copy, 'utf8')}`)
    const changed = await run(experiment, { allowCode: true })
    expect(again.plan).toBe(first.plan)
    expect(changed.plan).not.toBe(first.plan)
  })

  it.each([
    ['crashes', /to end with code 0, got 'code 1' \(it said: .*ValueError: no such thing/],
    ['refuses', /got 'code 2: bad input'/],
    ['later', /got 'code 75 \(try again\) 3 times'/],
    ['silent', /done\.json when it has ended, got 'none'/],
    ['few', /expected 30 records, got '29'/],
    ['nan', /an object in line 4 of its records.*JSON has no NaN/],
    ['schema', /a finite number as 'value' in line 1 of its records, got 'none'/],
    ['half', /a line end after line 30 of its records.*it was cut/],
    ['lies', /done\.json with sha256/],
  ])('that %s is told', async (mode, message) => {
    await expect(run({ ...cell, model: program({ mode, records: 1 }) })).rejects.toMatchObject({
      code: 'model',
      message: expect.stringMatching(message),
    })
  })

  /** Whether a process is there; one that has ended and was not yet waited for is not. */
  async function isAlive(pid: number): Promise<boolean> {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    return status !== '' && !/\) [ZX] /.test(status)
  }

  const hanging = `import { defineProgram } from 'genloss'
export default defineProgram({ name: 'hanging', command: ['${python}', '${script}'], seconds: 1,
  parameters: { mode: { check: { rule: 'text', read: String }, doc: '', fallback: 'hangs' } } })\n`

  it.each([
    ['that never ends is ended, with all that it has started', {}, 'model'],
    ['ends with a run that is stopped', { signal: true }, 'interrupted'],
  ])('%s', async (name, { signal }: { signal?: boolean }, code) => {
    const file = join(folder, `${code}.ts`)
    await writeFile(file, signal ? hanging.replace('seconds: 1', 'seconds: 500') : hanging)
    const out = join(folder, name.replaceAll(' ', '-'))
    const stop = new AbortController()
    const running = run(
      { ...cell, model: { kind: 'module', file, records: 1 } },
      { allowCode: true, threads: 1, out, signal: stop.signal },
    )
    const ended = expect(running).rejects.toMatchObject({ code })
    const pids = async () => JSON.parse(await readFile(join(out, 'work', 'pids'), 'utf8')) as number[]
    if (signal) {
      await expect.poll(pids, { timeout: 30_000 }).toHaveLength(2)
      stop.abort()
    }
    await ended
    for (const pid of await pids()) expect(await isAlive(pid)).toBe(false)
  })

  it('that leaves something behind is not waited for', async () => {
    await expect(run({ ...cell, model: program({ mode: 'forks', records: 1 }) })).resolves.toBeDefined()
  })

  it('that can not be started is named', async () => {
    const none = defineProgram({ name: 'none', command: ['no-such-program-here'] })
    await expect(run({ ...cell, model: none({ records: 1 }) })).rejects.toThrow(/'no-such-program-here'/)
    expect(() => defineProgram({ ...settings, files: ['no-such-file'] })).toThrow(/ENOENT/)
  })
})
