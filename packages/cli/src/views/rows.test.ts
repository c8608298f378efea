import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepare, runPrepared } from '@genloss/lab'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { rowsOf } from './rows.js'
import { runText } from './run.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'genloss-rows-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('says the same of a run whether its columns are in memory or asked for by SQL', async () => {
  const policy = ['replace', 'mix:real=0.1']
  const settings = { origin: 'gaussian', policy, n: [20, 200], generations: '60', replicates: 51, record: 'log' }
  const prepared = await prepare(settings)
  const result = await runPrepared(prepared, { out: join(folder, 'run') })
  const inMemory = await rowsOf(result, prepared, 3)
  const bySql = await rowsOf(result, prepared, 3, 0)
  expect(inMemory.head).toEqual(['n', 'policy'])
  expect(inMemory.rows).toHaveLength(3)
  expect(inMemory.left).toBe(1)
  const told = { name: 'x', out: 'x', width: 80 }
  expect(runText(bySql, told)).toBe(runText(inMemory, told))
})
