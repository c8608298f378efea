// The native core, loaded when first needed, and its account of itself.

import { createRequire } from 'node:module'
import { type FamilyKind, GenlossError } from '@genloss/models'

/** What `@genloss/native` exports. */
export type Native = typeof import('@genloss/native')
/** Columns of a table in the core's memory. */
export type NativeTable = InstanceType<Native['Table']>

/** The core's own account of itself: the one list of families, columns, policies and events. */
export interface Description {
  version: string
  /** The version of the numbers: raised by every change that moves one. */
  numerics: number
  simd: string[]
  families: { kind: FamilyKind; columns: { name: string; doc: string }[]; methods: string[] }[]
  policies: { kind: string; doc: string }[]
  events: string[]
  stoppedReasons: string[]
}

let loaded: Native | undefined
let described: Description | undefined

/** The native core. @throws GenlossError `native` that says what is missing and how to get it */
export function native(): Native {
  loaded ??= load()
  return loaded
}

function load(): Native {
  try {
    return createRequire(import.meta.url)('@genloss/native') as Native
  } catch (cause) {
    const value = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    const hint =
      'from npm: install again with optional dependencies (npm install --include=optional genloss); in a checkout: npm start'
    const rule = `the native core for ${process.platform}-${process.arch}`
    throw new GenlossError({ code: 'native', path: '@genloss/native', value, rule, hint }, { cause })
  }
}

/** The core's description, parsed once. */
export function description(): Description {
  described ??= JSON.parse(native().describe()) as Description
  return described
}
