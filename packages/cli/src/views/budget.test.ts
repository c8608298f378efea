import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BudgetAnswer, budget } from '@genloss/lab'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { displayWidth } from '../terminal.js'
import { budgetView } from './budget.js'

const wages = new URL('../../../genloss/data/cps-wages-1985.csv', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'genloss-view-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const answerOf = async (options: object): Promise<BudgetAnswer> =>
  (await budget({ file: wages, replicates: 300, ...options }, { out: null })).answer
const widest = (text: string) => Math.max(...text.split('\n').map(displayWidth))

describe('the screen', () => {
  let answer: BudgetAnswer
  beforeAll(async () => {
    const found = await answerOf({ group: 'race', realRows: 53, rounds: 20 })
    // As it is after `genloss budget FILE` in the folder of the file.
    answer = { ...found, run: 'runs/budget-wages', read: { ...found.read, file: 'wages.csv' } }
  })

  it('is at most 80 columns wide, the answer first', () => {
    const text = budgetView(answer)
    expect(widest(text)).toBeLessThanOrEqual(80)
    expect(text.split('\n').length).toBeLessThan(60)
    expect(text).not.toMatch(/[ \t]$|undefined|NaN|null/m)
    expect(text).not.toContain('\u001b')
    expect(text).toMatch(/^Keep all 534 real rows in every round if you can\./)
    const titles = text.split('\n').filter((line) => /^[A-Z]{4,}/.test(line))
    expect(titles.map((line) => /^[A-Z ]*[A-Z]\b/.exec(line)![0])).toEqual([
      'BEST CASE',
      'GOAL',
      'READ',
      'KEPT',
      'NEED',
      'ROUNDS',
      'TAKEN FOR GRANTED',
    ])
    expect(text).toContain('genloss audit wages.csv --group race')
  })

  it('shows the curve, what worse generators need, and the rounds of a number of rows', () => {
    const text = budgetView(answer)
    expect(text).toMatch(/^ {2}real rows +0 +27 +53 +107 +134 +187 +267$/m)
    expect(text).toMatch(/^ {2}random( +>?\d+ %){7}$/m)
    expect(text).toMatch(/^ {2}stratified +89( +\d{3}){3}$/m)
    expect(text).toMatch(/^ {2}in the long run, at least +9\.1 % +17 % +23 %$/m)
    expect(text).toMatch(/^ {2}hispanic +\d \(\d-\d\) /m)
    expect(text).toContain('hispanic 27, 5.1 % (3.5-7.3)')
  })

  it('has no colour unless the terminal wants it, and less when quiet', () => {
    vi.stubEnv('TERM', 'xterm')
    vi.stubEnv('NO_COLOR', '')
    const coloured = budgetView(answer, { stream: { isTTY: true } as NodeJS.WriteStream })
    expect(coloured).toContain('\u001b[1mGOAL\u001b[22m')
    vi.unstubAllEnvs()
    expect(budgetView(answer, { quiet: true })).not.toContain('--json')
    expect(budgetView(answer, { saved: 'race.yaml' })).toContain('genloss run race.yaml')
  })
})

describe('other screens', () => {
  it('are at most 80 columns wide, say what is never enough, and hold any script', async () => {
    const odd = join(folder, 'odd.csv')
    const labels = ['名古屋市中村区の人々', 'Ñandú', '\u001b[2J', 'العربية', 'x'.repeat(90)]
    const rows = Array.from({ length: 200 }, (_, i) => `"${labels[((i * i) % 7) % 5]}"`)
    writeFileSync(odd, `城市\u202e的名字\n${rows.join('\n')}\n`)
    const all = [
      await answerOf({ rows: 60, rounds: 20 }),
      await answerOf({ rounds: 1, keep: 0.01, realRows: 0 }),
      await answerOf({ group: 'occupation', rounds: 60, keep: 0.9 }),
      await answerOf({ file: odd, rounds: 2 }),
    ]
    const texts = all.map((answer) => budgetView(answer).replaceAll(wages, 'wages.csv').replaceAll(odd, 'odd.csv'))
    for (const text of texts) {
      expect(widest(text)).toBeLessThanOrEqual(80)
      for (const mark of ['\u001b', '\u202e', 'NaN', 'undefined']) expect(text).not.toContain(mark)
    }
    expect(texts[0]).toMatch(/^ {2}at random( +never){4}$/m)
    expect(texts[1]).toMatch(/^No real rows are needed for 1 round/)
    expect(texts[3]).toContain('\\u001b[2J')
  })
})
