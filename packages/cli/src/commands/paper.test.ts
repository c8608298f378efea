import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

// The real program as a child process.
const program = fileURLToPath(new URL('../../../genloss/bin/genloss.js', import.meta.url))

function genloss(...args: string[]) {
  return spawnSync(process.execPath, [program, 'paper', ...args], { encoding: 'utf8' })
}

it('lists what runs here with every constant, and what does not with its reason', () => {
  const { status, stdout, stderr } = genloss('--json')
  expect([status, stderr]).toEqual([0, ''])
  const { experiments } = JSON.parse(stdout)
  const recursion = experiments.find(({ name }: { name: string }) => name === 'recursion-replace')
  expect(recursion).toMatchObject({ runs: true, parts: [{ experiment: { generations: 999 } }] })
  expect(recursion.constants).toContainEqual({
    path: 'model.estimator',
    value: 'mle',
    source: 'the code released with the article',
    parts: [],
  })
  expect(experiments.at(-1)).toMatchObject({ name: 'language-model', runs: false, needs: 'transformer' })
  expect(genloss().stdout).toMatch(/NOT RUN HERE\n {2}vae /)
})

it('prints one document of an experiment', () => {
  const { status, stdout, stderr } = genloss('recursion-replace', '--quick', '--json', '--threads', '2')
  expect([status, stderr]).toEqual([0, ''])
  const { verdict, quick, experiments } = JSON.parse(stdout)
  expect([verdict, quick, experiments.length]).toEqual(['agrees', true, 1])
  const [{ runs, figures }] = experiments
  expect(runs[0].experiment).toMatchObject({ policy: 'replace', generations: 999, replicates: 2000, seed: '0' })
  expect(figures[2]).toMatchObject({
    cell: 'n = 1000',
    quantity: 'median sd, in sd of the origin',
    generation: 999,
    published: { value: 0.368, rule: { kind: 'digits', digits: 2 }, agrees: true },
    exact: { rule: { kind: 'errors', most: 5 }, agrees: true },
    verdict: 'agrees',
  })
  expect(figures[2].ours.low).toBeLessThan(figures[2].ours.high)
  expect(figures[3].published).toBeNull()
})

it('says in words what is not known, and sums up', () => {
  const { status, stdout } = genloss('estimation-error', '--quick')
  expect(status).toBe(0)
  expect(stdout).toMatch(/n = 1000000 +0 +\S+ +\S+ \(\S+ to \S+\) +agrees\n/)
  expect(stdout).toMatch(/published: not known here/)
  expect(stdout).toMatch(/\nAGREES estimation-error: 14 of 14 numbers agree\n$/)
  const quiet = genloss('estimation-error', '--quick', '--quiet')
  expect(quiet.stdout).toBe('AGREES estimation-error: 14 of 14 numbers agree\n')
})

it.each([
  [['vae'], /^error: name: .*got 'vae'\nhint: not run here: it needs the family 'vae'/],
  [['theorm'], /did you mean 'theorem'/],
  [['theorem', 'discrete', '--set', 'n=10'], /^error: set: expected settings over one experiment/],
  [['theorem', '--set', 'n=0'], /^error: n: /],
])('refuses %j', (args, message) => {
  const { status, stdout, stderr } = genloss(...args)
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(message)
})
