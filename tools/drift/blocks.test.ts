// The marked blocks of a page: replaced in place, the rest kept to the letter, mistakes named.
import { describe, expect, it } from 'vitest'
import { remake, table } from './blocks.mjs'

const page = 'before\n<!-- made: list -->\nold\n<!-- /made -->\nafter\n'

describe('remake', () => {
  it('replaces what stands between the markers and nothing else', () => {
    expect(remake(page, { list: () => 'new\n' })).toBe(page.replace('old', 'new'))
  })

  it('leaves a page that is up to date as it is', () => {
    expect(remake(page, { list: () => 'old\n' })).toBe(page)
  })

  it('fills an empty block and takes text with $ as it is', () => {
    const empty = '<!-- made: list -->\n<!-- /made -->\n'
    expect(remake(empty, { list: () => "$& $1 $'\n" })).toBe("<!-- made: list -->\n$& $1 $'\n<!-- /made -->\n")
  })

  it('names a block that nothing makes', () => {
    expect(() => remake(page, { lists: () => '' })).toThrow('unknown block: list (known: lists)')
  })

  it('refuses a block without an end', () => {
    expect(() => remake('<!-- made: list -->\nold\n', { list: () => 'new\n' })).toThrow('1 blocks begin, but 0 end')
  })
})

describe('table', () => {
  it('writes rows of cells and keeps a bar inside its cell', () => {
    expect(table(['a', 'b'], [['x', 'p | q']])).toBe('| a | b |\n| --- | --- |\n| x | p \\| q |\n')
  })
})
