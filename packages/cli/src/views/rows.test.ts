import { prepare, runPrepared } from '@genloss/lab'
import { expect, it } from 'vitest'
import { dateDifferenceText, intervalText, pText, shareText } from './intervals.js'
import { rowsOf } from './rows.js'
import { runText } from './run.js'

const difference = (value: number, low: number, high: number) => ({ a: 0, b: 0, difference: value, low, high })
const [never, unknown] = [Number.POSITIVE_INFINITY, Number.NaN]

it('shows dates, the last generation and differences of the first cells, in tables that fit', async () => {
  const policy = ['replace', 'mix:real=0.5']
  const prepared = await prepare({ origin: 'gaussian', policy, n: [20, 200], generations: '60', replicates: 51 })
  const rows = await rowsOf(await runPrepared(prepared), prepared, 3)
  expect(rows).toMatchObject({ head: ['n', 'policy'], left: 1 })
  expect(rows.rows.map(({ labels }) => labels.join(' '))).toEqual(['20 replace', '200 replace', '20 mix:real=0.5'])
  const [first, second, third] = rows.rows
  expect(first!.squaredDistance!.low).toBeLessThan(first!.squaredDistance!.value)
  expect(first!.states.early!.value).toBeGreaterThan(third!.states.early!.high)
  expect(first).not.toHaveProperty('against')
  expect(second!.against).toMatchObject({ paired: false, events: { early: { test: 'log-rank' } } })
  expect(third).not.toHaveProperty('squaredDistance')
  const text = runText(rows, { name: 'x', out: 'x', width: 80 })
  const tables = text.split('\n').filter((line) => /^ *(n|20|200) {2}/.test(line))
  for (const line of tables) expect(line.length).toBeLessThanOrEqual(80)
  expect(text).toMatch(/^against the first cell \(20, replace\)\n +n +policy +early loss +late loss\n200 .*p <0\.001/m)
  expect(text).toMatch(/mean W2\^2\n +20 +replace.* \d+\.?\d* \(\d+\.?\d* to \d+\.?\d*\)$/m)
})

it('says when classes are lost, and nothing of what there is not', async () => {
  const origin = 'categorical:probabilities=0.9/0.1'
  const prepared = await prepare({ origin, n: 20, generations: 30, replicates: 60, shares: 'all' })
  const text = runText(await rowsOf(await runPrepared(prepared), prepared, 9), { name: 'x', out: 'x', width: 100 })
  expect(text).toMatch(/early loss +late loss +without 0 +without 1\n/)
  expect(text).not.toMatch(/against|W2/)
  const bare = await prepare({ origin, n: 20, generations: 30, replicates: 60, events: false, columns: 'n' })
  const none = runText(await rowsOf(await runPrepared(bare), bare, 9), { name: 'x', out: 'x', width: 100 })
  expect(none).toMatch(/^ n +policy\n20 +replace$/m)
  expect(none).not.toMatch(/early|at generation/)
})

it('intervals in few digits, never so few that an end looks like the value', () => {
  expect(intervalText({ value: 0.12345, low: 0.1034, high: 0.1512 })).toBe('0.123 (0.1 to 0.15)')
  expect(intervalText({ value: 0.999, low: 0.984, high: 1.03 })).toBe('0.999 (0.984 to 1.03)')
  expect(intervalText({ value: 2.684e-5, low: 1.22e-5, high: 4.71e-5 })).toBe('2.68e-5 (1.2e-5 to 4.7e-5)')
  expect(intervalText({ value: 3, low: unknown, high: unknown })).toBe('3')
  expect(intervalText({ value: 0, low: 0, high: 0 })).toBe('0 (0 to 0)')
  expect(shareText({ value: 0.97, low: 0.93, high: 1 })).toBe('97 % (93 to 100)')
  expect([undefined, { value: unknown, low: 0, high: 1 }].map((found) => intervalText(found))).toEqual(['-', '-'])
})

it('differences of dates, as far as they are known', () => {
  const share = difference(-0.05, -0.34, 0.25)
  const texts = [
    difference(8, 5.7, 11.2),
    difference(-8, -11.2, never),
    difference(3, -never, never),
    difference(never, 4, never),
    difference(-never, -never, 4),
    difference(unknown, -never, never),
  ].map((median) => dateDifferenceText(median, share))
  const [plain, open, wide, later, earlier, shares] = texts
  expect([plain, open, wide]).toEqual(['+8 (5 to 12)', '-8 (-12 or more)', '+3'])
  expect([later, earlier, shares]).toEqual(['later', 'earlier', '-5 points (-34 to 25)'])
  expect([1e-9, 0.04321, 1, unknown].map(pText)).toEqual(['p <0.001', 'p 0.043', 'p 1', ''])
})
