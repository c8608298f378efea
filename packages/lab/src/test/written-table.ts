// Tables that a test writes as files and reads again.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GenlossError } from '@genloss/models'
import { readTable } from '../sources/read.js'
import type { ReadOptions, TableData } from '../sources/types.js'

/** A folder of files with what a test writes into them. */
export class WrittenTables {
  readonly folder: string
  readonly #name: string

  /** @param name of a file where none is given */
  constructor(name: string) {
    this.folder = mkdtempSync(join(tmpdir(), 'genloss-tables-'))
    this.#name = name
  }

  /** What a file with this content is read as. */
  read = (content: string | Uint8Array, options?: ReadOptions, name: string = this.#name): Promise<TableData> => {
    const path = join(this.folder, name)
    writeFileSync(path, content)
    return readTable(path, options)
  }

  /** Code and words of the error that reading ends with. */
  messageOf = (content: string | Uint8Array, options?: ReadOptions, name?: string): Promise<string> =>
    this.read(content, options, name).then(
      () => 'no error',
      (error: GenlossError) => `${error.code} ${error.message}`,
    )

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}
