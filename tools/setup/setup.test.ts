// The set-up's own decisions: which versions are new enough, and when a tree counts as changed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { atLeast } from './needs.mjs'
import { outputsExist, sourceHash } from './stamp.mjs'

describe('atLeast', () => {
  it.each([
    ['v20.20.2', '20.19', true],
    ['v20.19.0', '20.19', true],
    ['v20.9.0', '20.19', false],
    ['v18.20.8', '20.19', false],
    ['v24.1.0', '20.19', true],
    ['cargo 1.95.0 (f2d3ce0bd 2026-03-21)', '1.88', true],
    ['cargo 1.88.0-nightly', '1.88', true],
    ['cargo 1.87.9', '1.88', false],
  ])('%s against %s is %s', (found, wanted, enough) => {
    expect(atLeast(found, wanted)).toBe(enough)
  })
})

describe('the build stamp', () => {
  let root = ''
  const write = (path: string, text: string) => {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'genloss-stamp-'))
    for (const file of ['package-lock.json', 'tsconfig.base.json', 'nx.json']) write(file, '{}')
    write('native/core/src/lib.rs', '// one')
    write('native/binding/package.json', '{}')
    write('packages/lab/package.json', '{ "scripts": { "build": "tsc -b" } }')
    write('packages/lab/src/index.ts', 'export {}')
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('changes with a source that changes, appears or goes', () => {
    const first = sourceHash(root)
    write('packages/lab/src/plan.ts', 'export {}')
    const second = sourceHash(root)
    expect(second).not.toBe(first)
    write('native/core/src/lib.rs', '// two')
    expect(sourceHash(root)).not.toBe(second)
    write('native/core/src/lib.rs', '// one')
    rmSync(join(root, 'packages/lab/src/plan.ts'))
    expect(sourceHash(root)).toBe(first)
  })

  it('stays when tests, outputs, data or generated loaders change', () => {
    const first = sourceHash(root)
    write('packages/lab/src/plan.test.ts', 'export {}')
    write('packages/lab/dist/index.js', 'export {}')
    write('packages/lab/data/table.json', '{}')
    write('native/target/release/build.rs', '')
    write('native/binding/index.js', '')
    write('native/binding/index.d.ts', '')
    expect(sourceHash(root)).toBe(first)
  })

  it('misses the addon and the dist folder of a package that is built', () => {
    write('packages/notes/README.md', 'not a package yet')
    expect(outputsExist(root)).toBe(false)
    write('native/binding/genloss.linux-x64-gnu.node', '')
    expect(outputsExist(root)).toBe(false)
    write('packages/lab/dist/index.js', '')
    expect(outputsExist(root)).toBe(true)
  })
})
