// Tables at the edge of what has an answer: one or the other, never a crash or a sentence that is not true.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { displayWidth } from './terminal.js'

// The real program as a child process, in a folder of its own.
const program = fileURLToPath(new URL('../../genloss/bin/genloss.js', import.meta.url))
let folder = ''
const few = ['--replicates', '50', '--rounds', '5']
const scripts = [
  'العربية',
  '中文字段名称很长的一个类别',
  'emoji👩‍👩‍👧‍👦🎉',
  'e\u0301 combining',
  'हिन्दी',
  'עברית',
  'Ünï',
]

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'genloss-odd-'))
  const table = (name: string, head: string, rows: string[]) =>
    writeFileSync(join(folder, name), `${head}\n${rows.join('\n')}\n`)
  const many = <T>(count: number, row: (k: number) => T): T[] => Array.from({ length: count }, (_, k) => row(k))
  table('one.csv', 'a,g', ['1.5,x'])
  table('two.csv', 'a,g', ['1.5,x', '2.5,y'])
  table(
    'none.csv',
    'a,b',
    many(50, () => ','),
  )
  table(
    'same.csv',
    'c',
    many(50, () => 'same'),
  )
  table(
    'threes.csv',
    'c',
    many(50, () => '3'),
  )
  const words = many(300, (k) => (k % 3 === 0 ? '"x; --"' : 'y'))
  table(
    'sql.csv',
    'select,"; drop table cells","""q"""',
    words.map((word, k) => `${k % 5},${word},${'pq'[k % 2]}`),
  )
  table(
    'gaps.csv',
    'port,one',
    many(240, (k) => `${k < 4 ? '' : k < 44 ? 'C' : 'S'},${k % 3 ? 'x' : ''}`),
  )
  // Most values once: more than are followed.
  table(
    'rare.csv',
    'g',
    many(4000, (k) => (k < 300 ? `one${k}` : `many${k % 20}`)),
  )
  const rows = many(600, (k) => `${scripts[Math.floor(Math.sqrt(k % 49))]},${k % 2 ? 'ذكر' : 'أنثى'},${(k * 37) % 101}`)
  table('scripts.csv', '地区,النوع,📏 размер', rows)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function genloss(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' })
  return { status, stderr, text: stdout.replace(/\s+/g, ' '), lines: stdout.split('\n') }
}

it.each([
  ['audit', 'one.csv', 'a: constant: every row has the same value'],
  ['audit', 'none.csv', 'a: every value is missing'],
  ['audit', 'same.csv', 'c: constant: every row has the same value'],
  ['budget', 'same.csv', 'same.csv: expected a table with a column of words with 2 to 50 of them'],
  ['budget', 'rare.csv', 'g: 320 different values, more than 50; --group follows its rarest ones'],
  ['compare', 'none.csv', 'b: every value is missing'],
])('%s of %s says why there is no answer', (command, file, why) => {
  const { status, stderr, text } = genloss(command, file, ...(command === 'compare' ? [file] : few))
  expect([status, text]).toEqual([2, ''])
  expect(stderr).toContain(why)
})

it('watch holds the limits of the columns that there are, unless limits were asked for', () => {
  for (const file of ['same.csv', 'threes.csv', 'one.csv', 'sql.csv']) {
    expect(genloss('watch', file, file)).toMatchObject({ status: 0, text: expect.stringMatching(/^PASS/) })
  }
  const { status, stderr } = genloss('watch', 'same.csv', 'same.csv', '--limits', 'tail=0.5')
  expect([status, stderr]).toEqual([2, expect.stringContaining('limits.tail: expected a column of numbers to watch')])
  expect(genloss('compare', 'same.csv', 'same.csv').lines.join('\n')).toMatch(/none +0 +0 +0 +0 +1$/m)
})

it('two rows have an audit and a budget in whole sentences', () => {
  expect(genloss('audit', 'two.csv', ...few).text).toContain('1 real row drawn anew and 1 generated one ')
  const { text } = genloss('budget', 'two.csv', ...few, '--seed', '1')
  expect(text).toContain('Keep all 2 real rows in every round: no smaller fixed subset is enough.')
})

it('a budget is for the values of a column, not for missing ones', () => {
  const { text } = genloss('budget', 'gaps.csv', ...few)
  expect(text).toContain('240 rows in 2 groups of port; C 40,')
  expect(text).toContain('; 4 missing;')
  expect(genloss('budget', 'gaps.csv', '--group', 'one', ...few).status).toBe(2)
})

it('groups that were not followed are not said to be kept', () => {
  const { text } = genloss('audit', 'rare.csv', '--group', 'g', ...few)
  expect(text).toMatch(/Of the 60 rarest groups \d+ go by round 5; 260 more were not followed\./)
  expect(text).toContain('more groups that are no rarer')
})

it('names of every script and of SQL fit into 80 columns and are kept in documents', () => {
  for (const file of ['scripts.csv', 'sql.csv']) {
    for (const args of [
      ['audit', file, ...few],
      ['budget', file, ...few],
      ['compare', file, file],
    ]) {
      const { status, lines } = genloss(...args)
      expect(status, args.join(' ')).toBe(0)
      for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(80)
    }
  }
  const { text } = genloss('audit', 'scripts.csv', ...few, '--json')
  expect(JSON.parse(text).pipelines[0].groups.map(({ value }: { value: string }) => value)).toEqual(
    expect.arrayContaining(scripts),
  )
  const origin = 'table:file=sql.csv,columns=; drop table cells'
  const run = ['run', '--origin', origin, '--shares', 'all', '--generations', '2', '--replicates', '5', '--n', '50']
  expect(genloss(...run, '--out', 'runs/sql').status).toBe(0)
  const asked = genloss('query', 'runs/sql', 'select count(*) as cells from cells', '--json')
  expect(JSON.parse(asked.text)).toEqual([{ cells: 1 }])
})
