// Processes that run models of one's own end by themselves, and threads with the addon end in peace.

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const execute = promisify(execFile)
const built = new URL('../../dist/index.js', import.meta.url).href
const addon = new URL('../../../../native/binding/index.js', import.meta.url).pathname

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genloss-ends-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** What a script prints; a script that ends otherwise than by itself with code 0 rejects. */
async function printed(script: string): Promise<string> {
  const file = join(folder, `script-${Math.random().toString(36).slice(2)}.mjs`)
  await writeFile(file, script)
  const { stdout } = await execute(process.execPath, [file], { cwd: folder, timeout: 50_000 })
  return stdout.trim()
}

const model = (fit: string) => `import { defineModel } from 'genloss'
export default defineModel({ name: 'm', fit() { ${fit} }, sample: (f, n, { stream }) => ({ value: stream.normals(new Float64Array(n)) }) })`

const runOf = (options: string) => `import { run } from ${JSON.stringify(built)}
const cell = { origin: 'gaussian', n: 20, generations: 3, replicates: 8, model: { kind: 'module', file: './m.ts' } }
try {
  const result = await run(cell, { allowCode: true, threads: 2, ${options} })
  console.log(result.cells.length)
} catch (error) {
  console.log(error.code)
}`

describe('a process ends by itself', () => {
  it.each([
    ['after its last result', 'return 1', '', '1'],
    ['with a callback for progress', 'return 1', 'onProgress() {}', '1'],
    ['after a worker that died', 'process.exit(1)', '', 'model'],
    ['after a call without an end', 'for (;;);', 'limits: { seconds: 0.5 }', 'model'],
    ['after it was stopped', 'for (;;);', 'signal: AbortSignal.timeout(200)', 'interrupted'],
  ])('%s', async (_name, fit, options, said) => {
    await writeFile(join(folder, 'm.ts'), model(fit))
    expect(await printed(runOf(options))).toBe(said)
  })
})

const threads = (body: string) => `import { Worker } from 'node:worker_threads'
const code = \`
  const native = require(${JSON.stringify(addon)})
  const { numerics, families } = JSON.parse(native.describe())
  const cell = { index: 0, law: '0'.repeat(32), seed: '1', replicates: [0, 2], origin: { kind: 'gaussian', mean: 0, sd: 1 },
    model: { kind: 'module', records: 1 }, policy: { kind: 'replace' }, n: 10, initial: 10, generations: 2, method: 'draws',
    record: 'all', sustain: 1 }
  const block = JSON.stringify({ numerics, events: true, columns: ['mean'], cells: [cell] })
  const streams = new native.HostStreams()
  const sample = (c, r, g, n) => { const out = new Float64Array(n); streams.normals(out); return [out] }
  native.runHosted(block, [], new Uint32Array(new SharedArrayBuffer(16)), { fit: () => 0, sample }, streams)
  if (families.length === 0) throw new Error('no families')
\`
const once = () => new Promise((done, fail) => {
  new Worker(code, { eval: true }).on('error', fail).on('exit', (code) => code === 0 ? done() : fail(new Error('code ' + code)))
})
${body}
console.log('ended')`

describe('threads with the addon', () => {
  it('50 one after another', async () => {
    expect(await printed(threads('for (let i = 0; i < 50; i++) await once()'))).toBe('ended')
  })

  it('8 at once', async () => {
    expect(await printed(threads('await Promise.all(Array.from({ length: 8 }, once))'))).toBe('ended')
  })

  it('go on after an error of the core, and a stream that outlived its call', async () => {
    const script = `import { createRequire } from 'node:module'
const native = createRequire(import.meta.url)(${JSON.stringify(addon)})
const streams = new native.HostStreams()
const said = []
for (const bad of [
  () => streams.normals(new Float64Array(3)),
  () => native.runHosted('{}', [], new Uint32Array(4), { fit: () => 0, sample: () => null }, streams),
  () => native.runHosted('{', [], new Uint32Array(0), { fit: () => 0, sample: () => null }, streams),
]) try { bad() } catch (error) { said.push(JSON.parse(error.message).code) }
console.log(said.join(' '), JSON.parse(native.describe()).numerics > 0)`
    expect(await printed(script)).toBe('plan plan plan true')
  })
})
