import { expect, it } from 'vitest'
import { displayWidth } from '../terminal.js'
import { fitted } from './fitted.js'

it('cuts one column so that a table fits the screen, and no further than to 8', () => {
  const long = 'a very long name of a column that nobody would want to read to its very end, truly'
  const lines = fitted(
    ['name', 'value'],
    [
      [long, '1'],
      ['短い名前', '22'],
    ],
  ).split('\n')
  expect(lines.map(displayWidth)).toEqual([80, 80, 80])
  expect(lines[1]).toMatch(/^ {2}a very long .*\.\. +1$/)
  expect(fitted(['name', 'value'], [['x', '1']])).toBe('  name  value\n  x         1')
  const wide = fitted(['a', 'b'], [[long, long]]).split('\n')
  expect(wide[1]).toMatch(/^ {2}a very\.\. {2}/)
  const spared = fitted(['name', 'x', 'y'], [[long.slice(0, 30), '1'.repeat(30), '2'.repeat(30)]], { spare: 2 })
  expect(spared).toMatch(/^ {2}name +x\n {2}a very .* {2}1{30}$/)
})
