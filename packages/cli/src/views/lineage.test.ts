import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lineage, run } from '@genloss/lab'
import { afterAll, describe, expect, it } from 'vitest'
import { displayWidth } from '../terminal.js'
import { lineageView } from './lineage.js'

const folder = mkdtempSync(join(tmpdir(), 'genloss-lineage-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const widest = (text: string) => Math.max(...text.split('\n').map(displayWidth))

describe('the screen of a lineage', () => {
  it('has inputs, rows by origin and age, and parts', async () => {
    const file = join(folder, 'people.csv')
    writeFileSync(file, `region\n${'north\n'.repeat(3)}${'south\n'.repeat(9)}`)
    const out = join(folder, 'people')
    const sweep = { policy: ['replace', 'mix:real=0.25,source=fixed-stratified', 'accumulate', 'mix:previous=0.5'] }
    const common = { n: 12, generations: 30, replicates: 5, model: 'categorical' }
    await run({ origin: { kind: 'table', file, group: 'region' }, ...common, sweep } as never, { out })
    const document = await lineage(out)
    const text = lineageView({ ...document, run: 'runs/people' }).replaceAll(folder, '.')
    expect(widest(text)).toBeLessThanOrEqual(80)
    expect(text).not.toMatch(/[ \t]$|undefined|NaN|null|\[object/m)
    expect(text).toMatch(/^runs\/people: 4 cells, made by genloss \d/)
    expect(text).toMatch(/^ {2}table +.*people\.csv +sha256 [0-9a-f]{16}$/m)
    expect(text).toContain('12 rows, 1 column, still the same')
    expect(text).toMatch(/^ +1 +12 {2}3 real \(1\), 9 generated \(0\)$/m)
    expect(text).toMatch(/^ +30 +372 {2}12 real \(30\), 360 generated \(0 to 29\)$/m)
    expect(text.replace(/\s+/g, ' ')).toContain(
      ' 30 12 25 older parts, about 0.2 generated (5), about 0.4 generated (4), ',
    )
    expect(text).toContain('and 19 more rounds (--at, --json)')
    expect(text).toMatch(/^PARTS 1 of 1 whole, /m)
    unlinkSync(join(out, 'parts', document.parts[0]!.part))
    unlinkSync(file)
    const later = lineageView(await lineage(out), { quiet: true })
    expect(later).toContain('no longer there')
    expect(later).toMatch(/^PARTS 0 of 1 whole, 0 bytes\n {2}00000000\.parquet: missing$/m)
    expect(later).not.toContain('--schema')
  })

  it('says shares where sizes are infinite', async () => {
    const out = join(folder, 'infinite')
    await run({ origin: 'gaussian', n: 'inf', generations: 2, policy: 'accumulate' }, { out })
    expect(lineageView(await lineage(out))).toMatch(/^ +2 +inf {2}33\.3 % real \(2\), 66\.7 % generated \(0 to 1\)$/m)
  })
})
