import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CellResult } from './cell-result.js'
import { readCells } from './parts.js'
import { prepare } from './prepare.js'
import { runPrepared } from './run.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genloss-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

it('the ends of cells read from disk are those of the cells in memory, whatever their last generations', async () => {
  const prepared = await prepare({
    origin: 'gaussian',
    n: [10, 20],
    generations: ['5', '30', '0'],
    replicates: 7,
    record: 'log',
  })
  const result = await runPrepared(prepared, { out: folder })
  const names = ['variance_ratio', 'early_state']
  const { cellAt, core } = prepared
  let index = 0
  for await (const piece of readCells(prepared, folder, { ends: true, names })) {
    const own = result.cells[index++]!
    expect([...piece.names].sort()).toEqual([...names].sort())
    const read = new CellResult(cellAt(piece.data.cell), piece.data, piece.names, core.events)
    const end = own.ends(names)
    for (const name of names) expect(read.last(name)).toEqual(end.last(name))
    expect(read.events).toEqual(own.events)
    expect(read.ends().generations).toEqual([own.generations.at(-1)])
    expect(read.conditional()).toEqual(own.generations.length > 2 ? undefined : own.conditional())
  }
  expect(index).toBe(6)
})
