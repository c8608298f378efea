import { expect, it } from 'vitest'
import { columnList } from './columns.js'
import { csv } from './csv.js'
import { bytes, count, percent, short } from './numbers.js'
import { shellWord } from './shell.js'

it('numbers in few figures', () => {
  expect(
    [0, 0.123456, 0.0001234, 1e-12, 12345.6, Number.NaN, Number.NEGATIVE_INFINITY, null].map((value) => short(value)),
  ).toEqual(['0', '0.123', '1.23e-4', '1e-12', '12300', '-', '-inf', '-'])
  expect([999, 1e6].map(count)).toEqual(['999', '1,000,000'])
  expect([0, 999, 1000, 27_700_000, 2 ** 40].map(bytes)).toEqual(['0 bytes', '999 bytes', '1 kB', '27.7 MB', '1.1 TB'])
})

it('a share is 0 or 100 per cent only where it is exactly that', () => {
  expect([0, 1e-9, 0.0012, 0.5, 0.9996, 1, Number.NaN].map(percent)).toEqual([
    '0 %',
    '<0.1 %',
    '0.1 %',
    '50 %',
    '>99.9 %',
    '100 %',
    '-',
  ])
})

it('CSV quotes what needs it and tells null from an empty text', () => {
  expect(
    csv(
      ['a', 'b,c'],
      [
        { a: 'x"y', 'b,c': null },
        { a: '', 'b,c': 'two\nlines' },
      ],
    ),
  ).toBe('a,"b,c"\n"x""y",\n"","two\nlines"')
})

it('a column that means the same in two models is listed once', () => {
  const families = [
    {
      kind: 'a',
      columns: [
        { name: 'n', doc: 'size' },
        { name: 'tail', doc: 'outer' },
      ],
    },
    {
      kind: 'b',
      columns: [
        { name: 'n', doc: 'size' },
        { name: 'tail', doc: 'rare' },
      ],
    },
  ]
  expect(columnList(families)).toEqual([
    { name: 'n', doc: 'size', models: ['a', 'b'] },
    { name: 'tail', doc: 'outer', models: ['a'] },
    { name: 'tail', doc: 'rare', models: ['b'] },
  ])
})

it('paths are safe to paste into a shell', () => {
  expect([shellWord('runs/a-b.c'), shellWord("it's here"), shellWord('$(x)')]).toEqual([
    'runs/a-b.c',
    "'it'\\''s here'",
    "'$(x)'",
  ])
})
