import { expect, it } from 'vitest'
import { verifyText } from './verify.js'

const row = (setting: string, z: number | null) => ({
  setting,
  quantity: 'mean of variance_ratio at generation 1',
  theory: 1,
  measured: 1.2,
  se: z === null ? 0 : 0.1,
  z,
})
const judgement = { rms: 1.0123, largest: 2, limit: 4.4, faults: [] }

it('a verdict has a line for each setting, and one for all', () => {
  const rows = [row('gaussian, n=10', -2), row('gaussian, n=10', 1), row('gaussian, n=inf', null)]
  expect(verifyText({ ...judgement, verdict: 'pass', rows }, 80).split('\n')).toEqual([
    expect.stringMatching(/^setting +comparisons +largest \|z\|$/),
    expect.stringMatching(/^gaussian, n=10 +2 +2.0$/),
    expect.stringMatching(/^gaussian, n=inf +1 +equal$/),
    '',
    'PASS: 3 comparisons in 2 settings, largest |z| 2.0 (at most 4.4), root mean square 1.01',
  ])
})

it('what is wrong is said, up to a number', () => {
  const rows = [row('gaussian, n=10', 9)]
  const faults = Array.from({ length: 23 }, (_, i) => `fault ${i}`)
  const lines = verifyText({ ...judgement, faults, verdict: 'fail', rows }, 80, true).split('\n')
  expect(lines[0]).toBe('WRONG fault 0')
  expect(lines[20]).toBe('and 3 more (--json has all rows)')
  expect(lines.at(-1)).toMatch(/^FAIL: 1 comparisons in 1 settings/)
})
