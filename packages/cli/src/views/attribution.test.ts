import { type Attribution, attribute } from '@genloss/lab'
import { describe, expect, it } from 'vitest'
import { displayWidth } from '../terminal.js'
import { attributionText } from './attribution.js'

const cell = { origin: 'gaussian', model: 'gaussian', n: 50, generations: 20, replicates: 200 }
const text = (attributed: Attribution, width = 80, every = false) => attributionText(attributed, { width, every })

/** The lines below a measure's name, each cut at runs of blanks. */
function lines(shown: string, name: string): string[][] {
  const all = shown.split('\n')
  const from = all.findIndex((line) => line.startsWith(name))
  return all.slice(from + 1, all.indexOf('', from)).map((line) => line.trim().split(/ {2,}/))
}

describe('the text of an attribution', () => {
  it('says which error dominates, and shows the parts at as many generations as fit', async () => {
    const attributed = await attribute(cell)
    const shown = text(attributed)
    expect(shown).toMatch(/^gaussian of gaussian, replace, n = 50: mean of 200 chains, generations 0 to 20\n/)
    expect(shown.replace(/\n +/g, ' ')).toMatch(
      /At generation 20 mostly statistical: 50 records a generation are too few \(kl_forward \+[\d.]+, w2 \+[\d.]+/,
    )
    const rows = lines(shown, 'kl_forward: ')
    expect(rows.map(([part]) => part)).toEqual([
      'generation 0',
      ...['expressivity', 'approximation', 'statistical', 'total', 'mostly'],
    ])
    expect(rows[1]!.slice(1)).toEqual(rows[1]!.slice(1).map(() => '0'))
    expect(rows[3]![1]).toMatch(/^0\.0\d+ \(0\.\d+\.\.0\.\d+\)$/)
    expect(rows[3]!.slice(1)).toEqual(rows[4]!.slice(1))
    expect(rows[5]!.at(-1)).toBe('statistical')
  })
  it.each([40, 60, 80, 120])('is no wider than %i columns', async (width) => {
    const shown = text(await attribute(cell), width)
    expect(Math.max(...shown.split('\n').map(displayWidth))).toBeLessThanOrEqual(width)
  })
  it('shows more generations where there is room, and measures by name', async () => {
    const attributed = await attribute(cell, { measures: ['ks', 'tv'] })
    expect(lines(text(attributed, 150, true), 'ks')[0]!.length).toBeGreaterThan(
      lines(text(attributed, 60, true), 'ks')[0]!.length,
    )
    expect(text(attributed, 80, true)).not.toContain('more with')
    expect(text(await attribute(cell))).toContain('more with --measures: kl_reverse')
  })
  it('says where nothing is random, what is infinite, and what can not be told', async () => {
    const bimodal = text(await attribute({ ...cell, origin: 'mixture', n: 'inf' }))
    expect(bimodal).toContain('n = inf: nothing is random')
    expect(bimodal.replace(/\n +/g, ' ')).toContain("mostly expressivity: 'gaussian' can't be the origin")
    expect(bimodal).not.toContain('95 %')
    const classes = text(await attribute({ origin: 'categorical:probabilities=0.7/0.25/0.05', n: 20, replicates: 50 }))
    expect(classes).toContain('kl_forward +inf')
    expect(lines(classes, 'kl_forward')[3]!.at(-1)).toBe('inf')
    const unmoved = text(await attribute({ ...cell, generations: 1 }, { measures: ['variance_ratio'] }), 80, true)
    expect(unmoved).toContain('nothing that could be told from 0')
  })
  it('says what stages do by themselves, and what stands for infinity', async () => {
    const sampling = { temperature: 0.9 }
    const staged = text(await attribute({ ...cell, sampling }, { measures: ['variance_ratio'] }), 80, true)
    expect(staged).toContain('sampling temperature=0.9')
    expect(staged).toMatch(/variance_ratio less 1 to 0\.122, which the stages make by themselves/)
    const pool = { ...cell, policy: 'accumulate-subsample', generations: 1, replicates: 20 }
    expect(text(await attribute(pool), 200)).toContain('infinitely many records (here a large number of them)')
  })
})
