import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readExperiment, readExperimentFile } from './read-experiment.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genloss-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

const yaml = `name: tails-against-n
origin: { kind: gaussian, mean: 0, sd: 1 }
policy: { kind: mix, source: fresh }
n: 100
generations: 100
replicates: 1000
seed: 18446744073709551615
sweep:
  n: [100, 1000, 10000]
  policy.real: [0, 0.01, 0.1]
`

describe('experiment files', () => {
  it('are read as YAML, with every digit of a seed', async () => {
    const { name, base, axes } = await readExperiment(await file('a.yaml', yaml))
    expect(name).toBe('tails-against-n')
    expect(base.seed).toBe('18446744073709551615')
    expect(axes.map(({ path }) => path)).toEqual(['n', 'policy.real'])
  })

  it('are read as JSON, with tabs, and named after the file', async () => {
    const path = await file('b.json', '{\n\t"origin": {"kind": "gaussian"},\n\t"n": 1e3\n}\n')
    expect(await readExperiment(path)).toMatchObject({ name: 'b', base: { n: 1000 } })
  })

  it.each([
    ['n: 100', 'n: -1', '4:4', 'n'],
    ['n: 100', 'n: 9007199254740993', '4:4', 'n'],
    ['n: 100', 'n: .nan', '4:4', 'n'],
    ['generations: 100', 'generation: 100', '5:13', 'generation'],
    ['source: fresh', 'source: frehs', '3:30', 'policy.source'],
    ['0.01, 0.1]', '0.01, 1.1]', '10:26', 'sweep.policy.real[2]'],
    ['sd: 1', 'sd: 0', '2:40', 'origin.sd'],
    ['policy.real', 'policy.reel', '10:16', 'sweep.policy.reel'],
  ])('%s -> %s is found at %s', async (right, wrong, place, path) => {
    const at = await file('c.yaml', yaml.replace(right, wrong))
    const error = await readExperiment(at).catch((found: unknown) => found)
    expect(error).toMatchObject({ code: 'plan', path, at: `${at}:${place}` })
    expect((error as Error).message).toMatch(`${at}:${place}: ${path}: expected`)
  })

  it.each([
    ['n: [1, 2', /YAML or JSON/],
    ['n: 1\nn: 2\n', /unique/],
    ['- 1\n', /a file of settings/],
    ['', /a file of settings/],
  ])('refuses %j', async (text, message) => {
    await expect(readExperiment(await file('d.yaml', text))).rejects.toMatchObject({
      code: 'input',
      message: expect.stringMatching(message),
    })
  })

  it('places errors that planning finds later', async () => {
    const { place } = await readExperimentFile(await file('e.yaml', yaml))
    const { GenlossError } = await import('@genloss/models')
    const later = new GenlossError({ code: 'plan', path: 'policy.real', value: 9, rule: 'at most 5' })
    expect(place(later)).toMatchObject({ at: expect.stringMatching(/e\.yaml:(3|10):/) })
    expect(place(new Error('x'))).not.toHaveProperty('at')
  })

  it('says which file is missing', async () => {
    await expect(readExperiment(join(folder, 'none.yaml'))).rejects.toMatchObject({ code: 'input', value: 'ENOENT' })
  })
})
