import { prepare } from '@genloss/lab'
import { expect, it } from 'vitest'
import { cellLabels } from './cells.js'
import { planDocument, planText } from './plan.js'

const fresh = { done: 0, missing: 1, broken: [], refused: null, cpuSeconds: 12 }

const experiment = {
  origin: 'gaussian',
  n: ['start:100/power:1.5', 1000, 'inf'],
  policy: 'mix:real=0.5',
  poison: ['none', { share: 0.05, record: 5 }],
  sampling: { temperature: 0.9 },
  weights: { real: 2 },
  generations: 3,
}

it('shows what is swept as it would be written, and the stages that all cells have', async () => {
  const prepared = await prepare(experiment)
  const planned = planDocument(prepared, 'tails', 'runs/tails', fresh)
  expect(planned.stages).toEqual({ sampling: { temperature: 0.9 }, weights: { real: 2 } })
  const lines = planText(planned).split('\n')
  expect(lines).toContain('  n: start:100/power:1.5, 1000, inf')
  expect(lines).toContain('  poison: none | record=5,share=0.05')
  expect(lines).toContain('stages sampling temperature=0.9; weights real=2')
})

it('says what is there, what is made again and why, and what it takes', async () => {
  const prepared = await prepare(experiment)
  const broken = Array.from({ length: 12 }, (_, i) => ({ part: `parts/${i}.parquet`, why: 'it is cut short' }))
  const text = planText(planDocument(prepared, 'x', 'runs/x', { ...fresh, done: 3, broken }))
  expect(text).toContain('parts  3 of 1 are there and good, 1 not made yet, 12 to be made again\n')
  expect(text).toContain('       parts/9.parquet: it is cut short\n       and 2 more\n')
  expect(text).toContain('time   about 12 s of one core, foretold\n')
  const refused = planText(planDocument(prepared, 'x', 'runs/x', { ...fresh, refused: 'n: 1 there, 2 here' }))
  expect(refused).toContain('folder refused: n: 1 there, 2 here\n')
  expect(refused).not.toContain('time ')
})

it('tells cells apart by size, policy and stage', async () => {
  const { cellAt } = await prepare(experiment)
  const labels = Array.from({ length: 6 }, (_, index) => cellLabels(cellAt(index).settings, cellAt(index).swept))
  expect(labels.map((row) => row.join(' '))).toEqual([
    'start:100/power:1.5 mix:real=0.5 none',
    'start:100/power:1.5 mix:real=0.5 record=5,share=0.05',
    '1,000 mix:real=0.5 none',
    '1,000 mix:real=0.5 record=5,share=0.05',
    'inf mix:real=0.5 none',
    'inf mix:real=0.5 record=5,share=0.05',
  ])
})

it('says what the records of a chain need', async () => {
  const prepared = await prepare({ origin: 'gaussian', policy: 'accumulate-subsample', n: 100_000, generations: 9 })
  const planned = planDocument(prepared, 'x', 'runs/x', fresh)
  expect(planned.record_bytes).toBe(1.2e6 * 8 + 1e5 * 16)
  expect(planText(planned)).toMatch(/^note {3}records are kept: up to 12 MB a chain, one chain a thread$/m)
})
