// What a table is once it is read: typed columns for the native core, and a report of what reading it did.

/** A table in memory. Every column has `rows` entries. */
export interface TableData {
  /** The file's name without folder and endings: `people` for `data/people.csv.gz`. */
  name: string
  path: string
  /** SHA-256 of the file's bytes as they are on disk, 64 hex digits. */
  sha256: string
  rows: number
  columns: TableColumn[]
  report: ReadReport
}

export type TableColumn = NumberColumn | TextColumn

/** A column in which every value that is not missing is a finite number. */
export interface NumberColumn {
  name: string
  kind: 'number'
  /** NaN = missing; never infinite. */
  values: Float64Array
  missing: number
  /** Whether every value is a whole number. */
  integer: boolean
}

/** A column of categories: words, codes with leading zeros, dates, booleans. */
export interface TextColumn {
  name: string
  kind: 'text'
  codes: Uint32Array
  /** code -> label, in order of first appearance. If rows are missing, the last label stands for them. */
  labels: string[]
  missing: number
  /** Set where the values are numbers that a double would round. */
  exact?: 'integer beyond 2^53 kept as text' | 'decimal beyond double precision kept as text'
}

export type Format = 'csv' | 'tsv' | 'parquet' | 'jsonl' | 'duckdb'
export type Compression = 'gzip' | 'zstd'

/** What reading did: counts, what was passed over, and remarks for a person. */
export interface ReadReport {
  rows: number
  /** How many columns the table has. */
  columns: number
  /** Missing values by column, every column named. */
  missing: Record<string, number>
  /** Rows that equal an earlier row in every column read. */
  duplicates: number
  /** CSV and TSV: how numbers are written in at least one column, where it is not with a point alone. */
  decimal?: string
  thousands?: string
  /** Columns that are not worth following: nested or binary ones (not in the table), all missing or constant (in it). */
  skipped: { column: string; why: string }[]
  notes: string[]
  format: Format
  compression?: Compression
  /** CSV and TSV: the character between fields. */
  delimiter?: string
  /** CSV, TSV, JSON Lines. */
  encoding?: string
}

/**
 * How to read a table. What is not given is guessed where the file leaves little doubt (delimiter, encoding, decimal comma,
 * thousands), and the report says what was; what is given is not guessed.
 */
export interface ReadOptions {
  /** Read only these columns, in this order. */
  columns?: readonly string[]
  /** A column to read as categories even if it holds numbers; read in addition to `columns`. */
  group?: string
  /**
   * Words that mean "missing" in every column, text included, instead of the default ones. By default an empty field is
   * missing everywhere, and in columns of numbers also NA, N/A, n.a., NaN, null, None, #N/A, \N, ?, -, . and their like
   * (any case).
   */
  missing?: readonly string[]
  /** The character between fields of a CSV; found from the first lines if not given. */
  delimiter?: string
  /** `.` or `,` (or `point`, `comma`); by default a point, and a comma in columns where nothing else makes sense. */
  decimal?: string
  /** The mark between thousands: `,`, `.`, `'`, a space or `_`, or `none`; by default none unless a column proves one. */
  thousands?: string
  /**
   * Any label of the Encoding Standard, such as `latin1`. By default UTF-8, UTF-16 where a mark or the bytes show it, and
   * windows-1252 where it is not UTF-8 and reads like Western European text.
   */
  encoding?: string
  /** The line that holds the names of the columns (CSV; 1 by default), or `none` if all lines are data. */
  header?: number | 'none'
  /** Leave out rows that do not fit (too few or too many fields, broken JSON) and say which, instead of stopping at them. */
  skipBroken?: boolean
  /** The table of a DuckDB file, with its schema if that is not main: `sales.people`. */
  table?: string
  /** A SQL query whose result is the table: of a DuckDB file, or of a Parquet file, named `data`. Needs `allowCode`. */
  query?: string
  /** Whether SQL that is given or that the file holds (views) may be run. */
  allowCode?: boolean
  /** Odd values and cut-off ends are errors instead of notes. */
  strict?: boolean
}

/** What the reader of a format hands over. */
export interface Found {
  rows: number
  columns: TableColumn[]
  skipped: ReadReport['skipped']
  notes: string[]
  delimiter?: string
  encoding?: string
  decimal?: string
  thousands?: string
}
