// @ts-check
// One hash over everything that the build reads, so that a start with nothing to build costs no build tool.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folders = ['native', 'packages']
const settings = ['package-lock.json', 'tsconfig.base.json', 'nx.json']
const skippedFolders = new Set(['node_modules', 'target', 'dist', 'data'])
const notBuilt = /\.(md|node|test\.ts)$|^native\/binding\/index\.(js|d\.ts)$/

/**
 * The SHA-256, in hex, of the names and contents of all sources under `native` and `packages` and of the root's settings.
 * @param {string} root
 */
export function sourceHash(root) {
  const hash = createHash('sha256')
  const files = [...settings, ...folders.flatMap((folder) => sources(root, folder))]
  for (const file of files.sort()) {
    const bytes = readFileSync(join(root, file))
    hash.update(`${file}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

/**
 * Are the native addon and the dist folder of every package there?
 * @param {string} root
 */
export function outputsExist(root) {
  const addon = readdirSync(join(root, 'native', 'binding')).some((name) => name.endsWith('.node'))
  const packages = readdirSync(join(root, 'packages')).filter((name) => isBuilt(join(root, 'packages', name)))
  return addon && packages.every((name) => existsSync(join(root, 'packages', name, 'dist', 'index.js')))
}

/** @param {string} folder */
function isBuilt(folder) {
  const manifest = join(folder, 'package.json')
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).scripts?.build !== undefined
}

/**
 * The source files under a folder, as paths from the root with forward slashes.
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function sources(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : sources(root, path)
    return notBuilt.test(path) ? [] : [path]
  })
}
