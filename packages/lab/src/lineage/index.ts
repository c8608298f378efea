// The lineage of a run: inputs by hash, rows by origin and age, results by hash.

export type {
  LineageCell,
  LineageDocument,
  LineageGeneration,
  LineageInput,
  LineagePart,
  LineageRows,
} from './document.js'
export { type LineageOptions, lineage } from './lineage.js'
export { lineageSchema } from './schema.js'
