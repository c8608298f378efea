import { describe, expect, it } from 'vitest'
import { runBlocks, type Work } from './engine.js'
import { prepare } from './prepare.js'
import { workOf } from './run.js'

/** More than may be in flight: such blocks are made one after another. */
const large = 2 ** 40

async function blocks(): Promise<{ work: Work[]; run: (work: Work[], drain?: AbortSignal) => Promise<number[]> }> {
  const prepared = await prepare({ origin: 'gaussian', n: 10, generations: 5, sweep: { replicates: [30, 31, 32] } })
  const run = async (work: Work[], drain?: AbortSignal) => {
    const taken: number[] = []
    const take = async (index: number) => void taken.push(index)
    await runBlocks(work, prepared.tables, take, drain ? { drain } : {})
    return taken
  }
  return { work: workOf(prepared, [0, 1, 2]), run }
}

describe('blocks that do not fit beside each other', () => {
  it('are made one after another', async () => {
    const { work, run } = await blocks()
    expect((await run(work.map((block) => ({ ...block, bytes: large })))).sort()).toEqual([0, 1, 2])
  })

  it('do not wait for ever where one of them fails', async () => {
    const { work, run } = await blocks()
    const broken = () => {
      throw new Error('no text')
    }
    const first = { ...work[0]!, cost: 1e9, text: broken }
    await expect(run([first, work[1]!, work[2]!].map((block) => ({ ...block, bytes: large })))).rejects.toThrow(
      'no text',
    )
  })

  it('are left where the work is to end after what is in hand', async () => {
    const { work, run } = await blocks()
    const drain = AbortSignal.abort()
    await expect(run(work, drain)).rejects.toMatchObject({
      code: 'interrupted',
      value: 'stopped after 0 of 3 blocks',
    })
  })
})
