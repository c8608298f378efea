// @ts-check
// `npm run drift`: writes the generated parts of the pages again, from what is built.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, say, script } from '../setup/shell.mjs'
import { remake } from './blocks.mjs'
import { pages } from './generated.mjs'
import { makers } from './makers.mjs'

await script(() => {
  for (const page of pages) {
    const path = join(root, page)
    const old = readFileSync(path, 'utf8')
    const made = remake(old, makers)
    if (made === old) continue
    writeFileSync(path, made)
    say(`${page}: made again\n`)
  }
  return Promise.resolve(0)
})
