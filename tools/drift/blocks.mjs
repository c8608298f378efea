// @ts-check
// Replaces the generated parts of a Markdown page, which stand between `<!-- made: NAME -->` and `<!-- /made -->`.

const block = /(<!-- made: ([a-z-]+) -->\n)([\s\S]*?)(<!-- \/made -->)/g

/**
 * The page with every block made again by the maker of its name.
 * @param {string} page
 * @param {Record<string, () => string>} makers text of a block by its name, ending in a newline
 * @throws {Error} where a block has no maker, or an opening marker no end
 */
export function remake(page, makers) {
  const opened = page.match(/<!-- made: /g)?.length ?? 0
  let closed = 0
  const made = page.replace(block, (_all, open, name, _old, close) => {
    closed += 1
    const maker = makers[name]
    if (!maker) throw new Error(`unknown block: ${name} (known: ${Object.keys(makers).join(', ')})`)
    return `${open}${maker()}${close}`
  })
  if (closed !== opened) throw new Error(`${opened} blocks begin, but ${closed} end`)
  return made
}

/**
 * A Markdown table.
 * @param {string[]} head
 * @param {string[][]} rows
 */
export function table(head, rows) {
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('')
}
