import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readTable } from '../read.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-zstd-'))
afterAll(() => rmSync(folder, { recursive: true }))

// Frames written by zstd 1.5: "a,b\n1,2\n" and "3,4\n".
const first = Buffer.from('KLUv/QRYQQAAYSxiCjEsMgo158rO', 'base64')
const second = Buffer.from('KLUv/QBYIQAAMyw0Cg==', 'base64')
const skippable = Buffer.from('5f2a4d1803000000aabbcc', 'hex')

async function rowsOf(name: string, bytes: Buffer): Promise<number> {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return (await readTable(path)).rows
}

describe('files packed by zstd', () => {
  it('reads frame after frame and skips what is to be skipped', async () => {
    expect(await rowsOf('two.csv.zst', Buffer.concat([first, skippable, second]))).toBe(2)
  })

  it('goes by content, not by name', async () => {
    expect(await rowsOf('plain.csv', Buffer.concat([first, second]))).toBe(2)
  })

  it('refuses a file that is cut anywhere inside a frame', async () => {
    const whole = Buffer.concat([first, second])
    for (let cut = 5; cut < whole.length; cut++) {
      if (cut === first.length) continue
      const error = await rowsOf(`cut-${cut}.csv.zst`, whole.subarray(0, cut)).catch((error: unknown) => error)
      expect(String(error), `cut at ${cut}`).toMatch(/cut off|damaged/)
    }
  })

  it('refuses damage', async () => {
    const bad = Buffer.from(first)
    bad[bad.length - 1]! ^= 1
    await expect(rowsOf('bad.csv.zst', bad)).rejects.toThrow(/damaged/)
    await expect(rowsOf('tail.csv.zst', Buffer.concat([first, Buffer.from('no frame')]))).rejects.toThrow(/damaged/)
  })
})
