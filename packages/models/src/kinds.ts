// The kinds of families: the native core has the list, this is its type.

import type { FamilyKind as NativeKind } from '@genloss/native'

/** Kinds of model families, as the native core lists them. */
export type FamilyKind = `${NativeKind}`
