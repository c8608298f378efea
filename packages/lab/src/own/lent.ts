// What modules may import of genloss: lent by whoever loads them, so that a bundle holds the user's code alone.

import { checks, defineModel, GenlossError } from '@genloss/models'
import { defineProgram } from './program.js'

const place = Symbol.for('genloss.lent')
const loans = { checks, defineModel, defineProgram, GenlossError }

/** Lends it to modules that are loaded from now on. */
export function lent(): void {
  Object.assign(globalThis, { [place]: loans })
}

/** Whether a name is that of genloss. */
export function isLent(id: string): boolean {
  return id === 'genloss'
}

/** The code that stands for genloss in a bundle. */
export const lentExports: string = Object.keys(loans)
  .map((name) => `export const ${name} = globalThis[Symbol.for('genloss.lent')].${name}\n`)
  .join('')
