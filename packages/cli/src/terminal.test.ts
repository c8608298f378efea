import { afterEach, describe, expect, it, vi } from 'vitest'
import { displayWidth, isColourful, printable, styles, table, wrap } from './terminal.js'

const tty = { isTTY: true, columns: 80 } as NodeJS.WriteStream

afterEach(() => vi.unstubAllEnvs())

describe('colour', () => {
  it('is on in a terminal only', () => {
    vi.stubEnv('NO_COLOR', '')
    vi.stubEnv('TERM', 'xterm')
    expect(styles(tty).red('x')).toBe('\x1b[31mx\x1b[39m')
    expect(styles({ isTTY: false } as NodeJS.WriteStream).red('x')).toBe('x')
  })
  it('is off with NO_COLOR and on a dumb terminal', () => {
    vi.stubEnv('TERM', 'xterm')
    vi.stubEnv('NO_COLOR', '1')
    expect(isColourful(tty)).toBe(false)
    vi.stubEnv('NO_COLOR', '')
    vi.stubEnv('TERM', 'dumb')
    expect(isColourful(tty)).toBe(false)
  })
})

describe('table', () => {
  it('lines up words to the left and numbers to the right', () => {
    expect(
      table(
        ['name', 'n'],
        [
          ['a', 5],
          ['long', 1000],
        ],
      ),
    ).toBe('name     n\na        5\nlong  1000')
  })
  it('counts what a text takes on the screen, not its code units', () => {
    expect(
      table(
        ['a', 'b'],
        [
          ['日本', 'x'],
          ['né', 'x'],
          ['👍', 'x'],
        ],
      )
        .split('\n')
        .slice(1),
    ).toEqual(['日本  x', 'né    x', '👍    x'])
  })
  it('never lets data move the cursor or break a line', () => {
    expect(table(['a'], [['\x1b[2J\nx']])).toBe('a\n\\u001b[2J\\nx')
  })
  it('prints nothing for null and leaves no blanks at line ends', () => {
    expect(table(['aa', 'bb'], [['x', null]])).toBe('aa  bb\nx')
  })
  it('has a head even without rows', () => expect(table(['a', 'b'], [])).toBe('a  b'))
})

it('printable keeps ordinary text, also beyond ASCII', () => {
  expect(printable('Zürich 東京 ok')).toBe('Zürich 東京 ok')
  expect(printable('\u202eabc\u0007')).toBe('\\u202eabc\\u0007')
})

it('displayWidth: combining marks none, wide characters two', () => {
  expect([displayWidth('e\u0301'), displayWidth('語'), displayWidth('')]).toEqual([1, 2, 0])
})

it('wrap breaks at blanks and indents what follows', () => {
  expect(wrap('one two three', 8, 2)).toBe('one\n  two\n  three')
  expect(wrap('one two', 80)).toBe('one two')
})
