// @ts-check
// `npm run drift`: writes the generated parts of the pages and the schemas again, from what is built.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root, say, script } from '../setup/shell.mjs'
import { remake } from './blocks.mjs'
import { lineageFile, pages } from './generated.mjs'
import { lineageText, makers } from './makers.mjs'

/**
 * @param {string} file
 * @param {(old: string) => string} make
 */
function write(file, make) {
  const path = join(root, file)
  const old = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const made = make(old)
  if (made === old) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, made)
  say(`${file}: made again\n`)
}

await script(() => {
  for (const page of pages) write(page, (old) => remake(old, makers))
  write(lineageFile, lineageText)
  return Promise.resolve(0)
})
