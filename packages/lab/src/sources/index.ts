// Sources of real data: tables read into columns, and what is derived from them.

export { countAtLeast, countOf } from './decimal.js'
export {
  type Crossing,
  crossing,
  fewestRows,
  quantiles,
  type TailCodes,
  type TailRegion,
  tailCodes,
} from './derive.js'
export { looksLikeId } from './ids.js'
export { readTable } from './read.js'
export type {
  Compression,
  Format,
  NumberColumn,
  ReadOptions,
  ReadReport,
  TableColumn,
  TableData,
  TextColumn,
} from './types.js'
export { type FileAnswer, fileAnswer, type Kinds, kindsOf, type Written, writtenOf, writtenText } from './written.js'
