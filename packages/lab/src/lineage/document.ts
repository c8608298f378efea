// The document of a run's lineage: what it was made of, how each training set was, and what came out.

import type { CellSettings, RecordOrigin } from '@genloss/models'

/** The schema that the document follows; a change that readers could not bear gets another number. */
export const lineageId = 'urn:genloss:lineage:1'

/** What a run was made from. */
export type LineageInput = TableInput | TextInput

/** A table, known by its content. */
export interface TableInput {
  kind: 'table'
  name: string
  /** SHA-256 of the file's bytes. */
  sha256: string
  rows: number
  columns: { name: string; kind: 'number' | 'text' }[]
  /** Where it was read from; null where the experiment does not say. */
  file: string | null
  /** Whether the file is there with the same content, seen from the working folder. */
  state: 'same' | 'changed' | 'missing' | 'unknown'
}

/** The experiment as it was given. */
export interface TextInput {
  kind: 'experiment'
  name: string
  sha256: string
}

/** Records of a training set that came from one place, made for consecutive generations in equal numbers. */
export interface LineageRows {
  origin: RecordOrigin
  /** The generations whose training sets they were made for; generated ones by the model fitted to the set before. */
  made: { first: number; last: number }
  /** Generations since then. */
  age: { least: number; most: number }
  /** How many in all; null at n = infinity. */
  records: number | null
  /** Their part of the training set. */
  share: number
  /** Whether the number is the same in every chain; otherwise it is the expected one. */
  certain: boolean
}

export interface LineageGeneration {
  generation: number
  /** Records of the training set; null at n = infinity. */
  records: number | null
  rows: LineageRows[]
}

export interface LineageCell {
  /** The cell's hash, and its place in the plan. */
  cell: string
  index: number
  /** The hash that keys its random numbers, with the seed and the number of a chain. */
  law: string
  method: string
  swept: Record<string, unknown>
  settings: CellSettings
  /** The place of its table among the inputs; null where its origin is a law. */
  input: number | null
  /** The recorded generations; null where sizes of both kinds, finite and infinite, leave them without meaning. */
  generations: LineageGeneration[] | null
}

/** A file of results. */
export interface LineagePart {
  part: string
  cells: [number, number]
  replicates: [number, number]
  bytes: number | null
  /** SHA-256 of the file's bytes; null where it is missing. */
  sha256: string | null
  /** `whole`, `missing`, or what is wrong with it. */
  state: string
}

/** The lineage of a run as one document. */
export interface LineageDocument {
  schema: typeof lineageId
  /** The run's folder. */
  run: string
  plan: { sha256: string; numerics: number; cells: number; blocks: number }
  /** Versions, machine and time of the start that made the folder; null where that is not known. */
  made_by: Record<string, unknown> | null
  inputs: LineageInput[]
  cells: LineageCell[]
  parts: LineagePart[]
}
