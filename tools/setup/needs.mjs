// @ts-check
// What must be on the machine before anything is installed or built, and the cure for each thing that is not.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm, output, root, SetupError } from './shell.mjs'

/**
 * Is `found` at least `wanted`? Both are versions such as "20.19" or "v20.20.2".
 * @param {string} found
 * @param {string} wanted
 */
export function atLeast(found, wanted) {
  const numbers = (/** @type {string} */ text) => (text.match(/\d+(\.\d+)*/)?.[0] ?? '').split('.').map(Number)
  const have = numbers(found)
  for (const [i, need] of numbers(wanted).entries()) {
    const part = have[i] ?? 0
    if (part !== need) return part > need
  }
  return true
}

/** The oldest Node.js that works, as package.json names it. */
function wantedNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return String(engines.node).replace('>=', '')
}

/** The oldest Rust that works, as native/Cargo.toml names it. */
function wantedRust() {
  const text = readFileSync(join(root, 'native', 'Cargo.toml'), 'utf8')
  return text.match(/rust-version = "([\d.]+)"/)?.[1] ?? '0'
}

/** Throws unless Node.js and npm can be used. */
export function needNode() {
  const wanted = wantedNode()
  if (!atLeast(process.version, wanted)) {
    throw new SetupError(
      `genloss needs Node.js ${wanted} or newer; this is ${process.version}.\n` +
        'Install the current LTS version from https://nodejs.org, or run: nvm install --lts',
    )
  }
}

/** Throws unless npm can be found. Asked only before an installation. */
export function needNpm() {
  if (output([...npm(), '--version']) !== null) return
  throw new SetupError('genloss needs npm, which comes with Node.js; no `npm` was found on the PATH.')
}

/** Throws unless the native core can be compiled. Asked only before a build. */
export function needCompilers() {
  const wanted = wantedRust()
  const cargo = output(['cargo', '--version'])
  if (cargo === null) {
    throw new SetupError(
      `genloss compiles its core and needs Rust ${wanted} or newer; no \`cargo\` was found on the PATH.\n` +
        'Install it from https://rustup.rs, open a new terminal, and run the command again.',
    )
  }
  if (!atLeast(cargo, wanted)) {
    throw new SetupError(`genloss needs Rust ${wanted} or newer; this is ${cargo}.\nRun: rustup update stable`)
  }
  if (process.platform !== 'win32' && output([process.env.CC ?? 'cc', '--version']) === null) {
    throw new SetupError(
      'genloss compiles its core and needs a C compiler; no `cc` was found on the PATH.\n' +
        'Debian, Ubuntu: apt-get install build-essential. Fedora: dnf install gcc. macOS: xcode-select --install',
    )
  }
}
