// Modules that experiments name: bundled into one file of code, whose hash they are known by, and loaded from it.

import { access, readFile } from 'node:fs/promises'
import { extname, isAbsolute, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { functionsOf, GenlossError, keepOwnModel, type OwnModel, ownModelOf } from '@genloss/models'
import { sha256 } from '../canonical.js'
import { isLent, lent, lentExports } from './lent.js'

/** A module as one file of code. */
export interface Bundle {
  /** Of the code, 64 hex digits. */
  sha256: string
  code: string
}

const entry = '\0model'

/**
 * Bundles a module with all that it imports, but for Node's own modules and genloss, which are lent to it when it is
 * loaded. The same sources give the same code wherever they stand.
 *
 * @throws GenlossError `input` where it can't be read or bundled
 */
export async function bundleModule(file: string): Promise<Bundle> {
  const path = resolve(file)
  await access(path).catch((cause: NodeJS.ErrnoException) => {
    throw unusable(file, cause.code, 'a module that can be read', cause)
  })
  const { rolldown } = await import('rolldown')
  try {
    const bundle = await rolldown({
      input: { model: entry },
      platform: 'node',
      logLevel: 'silent',
      onLog(_level, log) {
        // A module that is not found would be left for later, when nobody could tell where it should have been.
        if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message)
      },
      external: (id) => /^node:/.test(id),
      plugins: [
        {
          name: 'genloss',
          // The module stands under one name wherever it lies: names in the code are made of it.
          async resolveId(id, importer) {
            if (id === entry) return { id: entry }
            if (isLent(id)) return { id: '\0genloss' }
            return importer === entry ? this.resolve(id, path, { skipSelf: true }) : null
          },
          async load(id) {
            if (id === entry) return { code: await readFile(path, 'utf8'), moduleType: typeOf(path) }
            // What is not taken of genloss leaves no trace in the code, and none in its hash.
            return id === '\0genloss' ? { code: lentExports, moduleSideEffects: false } : null
          },
        },
      ],
    })
    const { output } = await bundle.generate({ format: 'esm', sourcemap: false, codeSplitting: false })
    await bundle.close()
    // Where a file stood is written in comments alone.
    const code = output[0].code.replace(/^\/\/#(end)?region.*\n/gm, '')
    return { code, sha256: sha256(code) }
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause)
    throw unusable(file, firstLine(text), 'a module that can be bundled', cause)
  }
}

/** The model of a bundle, loaded once. @throws GenlossError `model` where it does not load or exports no model */
export async function loadModel({ code, sha256 }: Bundle, name: string): Promise<OwnModel> {
  const known = ownModelOf(sha256)
  if (known) return known
  lent()
  let exported: Record<string, unknown>
  try {
    const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
    exported = (await import(url)) as Record<string, unknown>
  } catch (cause) {
    const value = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    throw new GenlossError({ code: 'model', path: name, value, rule: 'a module that loads' }, { cause })
  }
  const found = functionsOf(exported.default) ?? Object.values(exported).map(functionsOf).find(Boolean)
  if (!found) {
    const names = Object.keys(exported).join(', ') || 'nothing'
    const hint = "write 'export default defineModel({ ... })'"
    throw new GenlossError({ code: 'model', path: name, value: names, rule: 'an export that is a model', hint })
  }
  keepOwnModel(sha256, found)
  return found
}

function typeOf(path: string): 'ts' | 'js' {
  return /^\.[cm]?ts$/.test(extname(path)) ? 'ts' : 'js'
}

/** A path as people see it: what they wrote, and where that is. */
export function shownPath(file: string): string {
  return isAbsolute(file) ? file : `${file} (${resolve(file)})`
}

function unusable(file: string, value: unknown, rule: string, cause: unknown): GenlossError {
  return new GenlossError({ code: 'input', path: 'model.file', value, rule, hint: shownPath(file) }, { cause })
}

function firstLine(text: string): string {
  const plain = stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '')
  return plain.slice(0, 2).join(' ').trim()
}
