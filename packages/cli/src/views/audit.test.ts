import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AuditAnswer, audit } from '@genloss/lab'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { displayWidth } from '../terminal.js'
import { auditView } from './audit.js'

const wages = new URL('../../../genloss/data/cps-wages-1985.csv', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'genloss-view-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const answerOf = async (options: object): Promise<AuditAnswer> =>
  (await audit({ file: wages, ...options }, { out: null })).answer
const widest = (text: string) => Math.max(...text.split('\n').map(displayWidth))

describe('the screen', () => {
  let answer: AuditAnswer
  beforeAll(async () => {
    const found = await answerOf({ group: 'race' })
    // As it is after `genloss audit FILE` in the folder of the file.
    answer = { ...found, run: 'runs/audit-cps-wages-1985', read: { ...found.read, file: 'cps-wages-1985.csv' } }
  })

  it('is at most 80 columns wide and under 60 lines for the shipped table', () => {
    const text = auditView(answer)
    expect(widest(text)).toBeLessThanOrEqual(80)
    expect(text.split('\n').length).toBeLessThan(60)
    expect(text).not.toMatch(/[ \t]$|undefined|NaN|null/m)
    expect(text).not.toContain('\u001b')
  })

  it('says the verdict first, then what was read, and last how to go on', () => {
    const lines = auditView(answer).split('\n')
    expect(lines.slice(0, 2).join(' ')).toContain('race = hispanic (27 of 534 rows)')
    const titles = lines.filter((line) => /^[A-Z]{4,}/.test(line)).map((line) => /^[A-Z ]*[A-Z]\b/.exec(line)![0])
    const order = [
      'BEST CASE',
      'READ',
      'WAYS TO TRAIN ON',
      'GROUPS',
      'RARE CROSSINGS',
      'TAILS',
      'GAPS',
      'TAKEN FOR GRANTED',
    ]
    expect(titles).toEqual(order)
    expect(lines.at(-1)).toBe('Real rows that keep each group: npx genloss budget FILE --group COL')
  })

  it('shows groups with their interval and every round under every way side by side', () => {
    const text = auditView(answer)
    expect(text).toMatch(/^ +replace +anchor:53 +keep-all$/m)
    expect(text).toMatch(/^ +rows {2}share, % +5 10 20 50 +5 10 20 50 +5 10 20 50$/m)
    expect(text).toMatch(/^ {2}hispanic +27 {2}5\.1 \(3\.5-7\.3\) .* <2 <2 <2 <2$/m)
    expect(text).toContain('53 real rows drawn anew and 481 generated ones')
    expect(text).toContain('with 5,340 rows a round instead, replace at round 50: hispanic 8 %')
    expect(text).toContain('(38 to 57 % as 27 rows leave its real share open)')
  })

  it('has no colour unless the terminal wants it, and less when quiet', () => {
    const stream = { isTTY: true } as NodeJS.WriteStream
    vi.stubEnv('TERM', 'xterm')
    vi.stubEnv('NO_COLOR', '')
    const coloured = auditView(answer, { stream })
    expect(coloured).toContain('\u001b[1mREAD\u001b[22m')
    vi.stubEnv('NO_COLOR', '1')
    expect(auditView(answer, { stream })).toBe(auditView(answer))
    vi.unstubAllEnvs()
    expect(auditView(answer, { quiet: true })).not.toContain('genloss budget')
    expect(auditView(answer, { saved: 'race.yaml' })).toContain('genloss run race.yaml')
  })
})

describe('the screen with a model', () => {
  it('has the misfit under a heading of its own, and says what it counts', async () => {
    const short = auditView(await answerOf({ group: 'race', model: 'copula', rounds: 10, replicates: 20 })).replaceAll(
      wages,
      'wages.csv',
    )
    expect(widest(short)).toBeLessThanOrEqual(80)
    expect(short).not.toMatch(/[ \t]$|undefined|NaN|null/m)
    expect(short).toMatch(/^MISFIT of the model, 6 of \d+: its share of a set over the real one/m)
    expect(short).toMatch(/^ {2}other, occupation = professional +7 +1\.3 +2\.2 +1\.7$/m)
    expect(short).toMatch(/^BEST CASE of a gaussian copula: its own misfit is counted, yours may differ\.$/m)
    expect(short).toMatch(/^Measure yours by --synthetic FILE\.$/m)
    expect(short).toMatch(/^ {2}generator: a gaussian copula, .*\(--model\)/ms)
  })
})

describe('the screen with generated rows', () => {
  it('has the factors, copies and new categories of the generator instead of the best case', async () => {
    const [head, ...rows] = readFileSync(wages, 'utf8').trim().split(/\r?\n/)
    const fewer = rows.filter((row, i) => !row.includes('hispanic') || i % 3 === 0)
    const file = join(folder, 'round1.csv')
    writeFileSync(file, [head, ...fewer, fewer[0]!.replace(/white|hispanic|other/, 'x'.repeat(70))].join('\n'))
    const text = auditView(await answerOf({ group: 'race', synthetic: file }))
    const short = text.replaceAll(file, 'round1.csv').replaceAll(wages, 'wages.csv')
    expect(widest(short)).toBeLessThanOrEqual(80)
    expect(short).not.toMatch(/[ \t]$|undefined|NaN|null|BEST CASE/m)
    expect(short).toMatch(/^YOUR GENERATOR, 8 of 25/m)
    expect(short).toMatch(/^ {2}hispanic +27 +\d+ +0\.\d+ \(0\.\d+-0\.\d+\)$/m)
    expect(short).toContain('by formula, whatever the rows: hispanic halves in the first')
    expect(short.replace(/\s+/g, ' ')).toMatch(/copies: 517 of its 518 rows \(99\.8 %\) are rows of wages\.csv/)
    expect(short).toContain('new: 1 of its rows has a race that no real row has')
  })
})

describe('other screens', () => {
  it('are at most 80 columns wide with many ways, without groups, and for one round', async () => {
    const ways = ['replace', 'anchor:53', 'anchor:267', 'keep-all', 'pile-up']
    const numbers = join(folder, 'numbers.csv')
    writeFileSync(
      numbers,
      `x,y\n${Array.from({ length: 300 }, (_, i) => `${(i * 7919) % 1009},${i * i}`).join('\n')}\n`,
    )
    for (const options of [
      {},
      { pipelines: ways, keep: 0.3, rounds: 30 },
      { pipelines: ['anchor:1'], rounds: 1, rows: 1_000_000, replicates: 2 },
      { file: numbers },
    ]) {
      expect(widest(auditView(await answerOf(options)).replaceAll(wages, 'wages.csv'))).toBeLessThanOrEqual(80)
    }
  })

  it('hold any script, and nothing from the data can move the cursor', async () => {
    const odd = join(folder, 'odd.csv')
    const labels = ['名古屋市中村区の人々', 'Ñandú', '\u001b[2J', 'العربية', 'x'.repeat(90)]
    const rows = Array.from({ length: 200 }, (_, i) => `"${labels[((i * i) % 7) % 5]}",${i % 3 ? (i * 31) % 97 : ''}`)
    writeFileSync(odd, `城市\u202e的名字,pay\n${rows.join('\n')}\n`)
    const text = auditView(await answerOf({ file: odd })).replaceAll(odd, 'odd.csv')
    expect(widest(text)).toBeLessThanOrEqual(80)
    for (const mark of ['\u001b', '\u202e']) expect(text).not.toContain(mark)
    expect(text).toContain('\\u001b[2J')
  })
})
