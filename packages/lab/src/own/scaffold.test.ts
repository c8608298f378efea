// What `genloss new model` writes is right as it stands: it has the right types, obeys the laws, and runs.

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ownModelOf } from '@genloss/models'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { run } from '../api.js'
import { prepare } from '../prepare.js'
import { checkModel } from './check-model.js'
import { newModel, templates } from './scaffold.js'

const root = new URL('../../../../', import.meta.url).pathname

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genloss-new-'))
  for (const template of templates) {
    for (const { name, text } of newModel(`my-${template}`, template)) await writeFile(join(folder, name), text)
  }
})
afterAll(() => rm(folder, { recursive: true }))

it.each(templates)('%s obeys the laws and runs on workers', async (template) => {
  const [, , experiment] = newModel(`my-${template}`, template)
  const given = parse(experiment!.text) as { origin: object }
  const file = join(folder, `my-${template}.ts`)
  const cell = { ...given, model: { kind: 'module', file }, n: 50, generations: 2, replicates: 4 }
  const { cellAt } = await prepare(cell, { allowCode: true })
  const { model } = cellAt(0).settings
  expect(ownModelOf((model as { sha256: string }).sha256)?.name).toBe(`my-${template}`)
  await checkModel(model, { origin: given.origin })
  const result = await run(cell, { allowCode: true, threads: 2 })
  expect(result.cells.map(({ settings }) => settings.policy.kind)).toEqual(['replace', 'mix'])
  expect(Array.from(result.cells[0]!.stoppedReasons)).toEqual([-1, -1, -1, -1])
})

it('has the types that genloss says', async () => {
  await mkdir(join(folder, 'node_modules'))
  for (const name of ['genloss', 'vitest', '@types']) {
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  const options = {
    target: 'es2023',
    lib: ['es2023'],
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  }
  const strict = { ...options, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, types: ['node'] }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: strict, include: ['*.ts'] }))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  const checked = promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: folder })
  const { stdout } = await checked.catch((error: { stdout: string }) => error)
  expect(stdout).toBe('')
})

it('takes names that a model can have', () => {
  expect(() => newModel('My Model')).toThrow(/a name of lower-case letters/)
  expect(() => newModel('x', 'kde' as never)).toThrow(/'gaussian', 'categorical' or 'empirical'/)
})
