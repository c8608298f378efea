import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

// The real program as a child process, in a folder of its own.
const program = fileURLToPath(new URL('../../../genloss/bin/genloss.js', import.meta.url))
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'genloss-attribute-'))
  writeFileSync(join(folder, 'swept.yaml'), 'origin: categorical:probabilities=0.9/0.1\nn: [10, 20]\ngenerations: 3\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function genloss(...args: string[]) {
  return spawnSync(process.execPath, [program, 'attribute', ...args], { cwd: folder, encoding: 'utf8' })
}

it('prints one document whose parts add up, and null for what is infinite', () => {
  const { status, stdout, stderr } = genloss('swept.yaml', '--n', '10', '--replicates', '50', '--json')
  expect([status, stderr]).toEqual([0, ''])
  const { generations, measures, notes } = JSON.parse(stdout)
  expect(generations).toEqual([0, 1, 2, 3])
  const { tv, kl_forward } = measures
  for (const g of generations) {
    expect(tv.expressivity[g] + tv.approximation[g] + tv.statistical[g]).toBe(tv.total[g])
    expect(tv.low.total[g]).toBeLessThan(tv.high.total[g])
  }
  expect(kl_forward.total[3]).toBeNull()
  expect(kl_forward.share_infinite[3]).toBeGreaterThan(0)
  expect(notes.join('\n')).toContain('kl_forward is infinite')
})

it('parts by other rules where they are asked for', () => {
  const flags = ['swept.yaml', '--n', '10', '--measures', 'tv', '--shapley', '--statistic', 'median', '--json']
  expect(JSON.parse(genloss(...flags).stdout)).toMatchObject({ way: 'shapley', statistic: 'median' })
})

it('prints a table for people and notes beside it', () => {
  const { status, stdout, stderr } = genloss('swept.yaml', '--set', 'n=10')
  expect(status).toBe(0)
  expect(stdout).toMatch(/mostly statistical/)
  expect(stderr).toMatch(/^note: .*kl_forward is infinite/m)
  expect(genloss('swept.yaml', '--set', 'n=10', '--quiet').stderr).toBe('')
})

it.each([
  [
    ['swept.yaml'],
    /^error: swept\.yaml:2:\d+: n: expected one cell, got 'a sweep of 2 cells'\nhint: give it one value/,
  ],
  [
    ['--origin', 'gaussian', '--n', '50', '--measures', 'w3'],
    /^error: measures\[0\]: .*'w3'\nhint: did you mean 'w1'\?/,
  ],
  [['--origin', 'gaussian', '--n', '50', '--statistic', 'mode'], /Allowed choices are mean, median/],
])('refuses %j', (args, message) => {
  const { status, stdout, stderr } = genloss(...args)
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(message)
})
