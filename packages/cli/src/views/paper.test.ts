import type { PaperFigure, Reproduction } from '@genloss/lab'
import { expect, it } from 'vitest'
import { displayWidth } from '../terminal.js'
import { paperText } from './paper.js'

const errors = { kind: 'errors', most: 4 } as const
const base: PaperFigure = {
  part: 'replace',
  cell: 'n = 100',
  quantity: 'mean',
  generation: 9,
  published: null,
  exact: null,
  ours: { value: 1.2, low: 1.1, high: 1.3, reliable: true, chains: 100 },
  verdict: 'open',
}
const reproduction = (figures: PaperFigure[], verdict: Reproduction['verdict']): Reproduction => ({
  name: 'one',
  title: 'an experiment',
  verdict,
  set: [],
  constants: [{ path: 'n', value: '100', source: 'somewhere', parts: [] }],
  switches: [],
  runs: [{ part: 'replace', experiment: { replicates: 2000 } }],
  figures,
})

it('shows each number beside what is known, with the reason of a correction', () => {
  const figures: PaperFigure[] = [
    base,
    {
      ...base,
      cell: 'n = 1000',
      published: { value: 3, source: 'a paper', rule: errors, agrees: false },
      exact: { value: 1.25, source: 'a formula', rule: errors, agrees: true },
      verdict: 'corrected',
      correction: 'first order only',
    },
    {
      ...base,
      quantity: 'bound',
      exact: { value: 1, source: 'a bound', rule: { kind: 'below' }, agrees: false },
      ours: { ...base.ours, reliable: false },
      verdict: 'differs',
    },
  ]
  const text = paperText([reproduction(figures, 'differs')], { width: 80, quiet: false })
  expect(text).toContain('replace (2,000 chains)')
  expect(text).toMatch(/n = 100 +9 +- +- +1.2 \(1.1 to 1.3\) +-\n/)
  expect(text).toMatch(/n = 1000 +9 +3 +1.25 +1.2 \(1.1 to 1.3\) +corrected\n/)
  expect(text).toContain('published: a paper (within 4 standard errors); -: not known here')
  expect(text).toContain('corrected: first order only')
  expect(text).toMatch(/n = 100 +9 +< 1 +1.2 \(1.1 to 1.3\) \* +DIFFERS\n/)
  expect(text).toContain('published: not known here')
  expect(text).toContain('somewhere: n = 100')
  expect(text).toMatch(/\nDIFFERS one: 1 of 2 numbers agree, 1 of them with the exact value and not with\n {2}the/)
  expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(80)
})

it('a quiet one has only the sums', () => {
  const text = paperText([reproduction([base], 'agrees')], { width: 80, quiet: true })
  expect(text).toBe('AGREES one: 0 of 0 numbers agree, 1 with nothing known to compare')
})
