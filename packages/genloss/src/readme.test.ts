import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'

// Beside package.json, so that `import 'genloss'` finds the package itself.
const script = fileURLToPath(new URL('../.readme-example.mjs', import.meta.url))

afterAll(() => rmSync(script, { force: true }))

it("the README's example runs and prints what it says", () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  writeFileSync(script, /```js\n(.*?)```/s.exec(readme)![1]!)
  const printed = execFileSync(process.execPath, [script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  expect(printed).toMatch(/^tails at generation 200: [\d.]+, from [\d.]+ to [\d.]+ in nine chains of ten\n/)
  expect(printed).toMatch(/^lost early in \d+ % of the chains\n/m)
  expect(printed).toMatch(/^201000 values, 1000 chains\n$/m)
})
