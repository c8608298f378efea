import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// The real program as a child process, in a folder of its own.
const program = fileURLToPath(new URL('../../genloss/bin/genloss.js', import.meta.url))
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'genloss-compare-'))
  const rows = Array.from({ length: 300 }, (_, k) => ({ x: (k * 7919) % 1000, group: k % 10 === 0 ? 'few' : 'many' }))
  const text = (list: typeof rows) => `x,group\n${list.map(({ x, group }) => `${x},${group}`).join('\n')}\n`
  writeFileSync(join(folder, 'real.csv'), text(rows))
  writeFileSync(join(folder, 'cut.csv'), text(rows.map(({ x }) => ({ x: Math.min(x, 600), group: 'many' }))))
  writeFileSync(join(folder, 'limits.yaml'), 'tail: 0.5\ncolumns: { x: { ks: 0.3 } }\n')
  writeFileSync(join(folder, 'wrong.yaml'), 'tial: 0.5\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function genloss(...args: string[]) {
  return spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' })
}

describe('compare', () => {
  it('prints a verdict and tables within 80 columns', () => {
    const { status, stdout, stderr } = genloss('compare', 'real.csv', 'cut.csv', '--group', 'group')
    expect([status, stderr]).toEqual([0, ''])
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
    expect(stdout).toMatch(/^cut\.csv differs from real\.csv beyond chance in 2 of 2 columns: x /)
    expect(stdout).toMatch(/^ {2}column +mean +variance +W1 +by chance +W2 +energy +KS +p$/m)
    expect(stdout).toMatch(/^ {2}highest 5 % of x .* 15 → 0 +0 /m)
    expect(stdout).toMatch(/^ {2}group = few +30 → 0 +10 % → 0 % +0 +<0\.001$/m)
    expect(stdout).toMatch(/^ {2}few +30 → 0 .*gone$/m)
    expect(genloss('compare', 'real.csv', 'cut.csv', '--group', 'group').stdout).toBe(stdout)
  })
  it('--json: one document, and nothing else', () => {
    const { status, stdout, stderr } = genloss('compare', 'real.csv', 'cut.csv', '--json', '--permutations', '19')
    expect([status, stderr, stdout.trim().split('\n').length]).toEqual([0, '', 1])
    const { columns, settings } = JSON.parse(stdout)
    expect(settings).toMatchObject({ permutations: 19, seed: 0 })
    expect(columns[0]).toMatchObject({ column: 'x', kind: 'number', rows: [300, 300], infinite: [] })
    expect(columns[1]).toMatchObject({ kl_forward: null, infinite: ['kl_forward'], coverage: 0.5 })
  })
  it.each([
    [['--columns', 'xx'], "columns: expected a column of real.csv, got 'xx'", "did you mean 'x'?"],
    [['--tails', '0.7'], "--tails: expected shares above 0 and at most 0.5, got '0.7'", 'genloss compare --help'],
    [['--group', 'grop'], "group: expected a column of real.csv, got 'grop'", "did you mean 'group'?"],
  ])('%j: code 2, one sentence and a hint', (args, sentence, hint) => {
    const { status, stdout, stderr } = genloss('compare', 'real.csv', 'cut.csv', ...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`error: ${sentence}`)
    expect(stderr).toContain(hint)
  })
})

describe('watch', () => {
  it('ends with 0 within the limits and with 3 beyond, and says which, where and by how much', () => {
    expect(genloss('watch', 'real.csv', 'real.csv').status).toBe(0)
    const { status, stdout, stderr } = genloss(
      'watch',
      'real.csv',
      'cut.csv',
      '--limits',
      'x.ks=0.3',
      '--group',
      'group',
    )
    expect([status, stderr]).toEqual([3, ''])
    expect(stdout).toMatch(/^FAIL: cut\.csv against real\.csv, 3 of 3 values beyond their limits\n/)
    expect(stdout).toMatch(/^ {2}ks of x: 0\.403 is 0\.1 above 0\.3 \(rows 300 → 300, p 0\.001\)$/m)
    expect(stdout).toMatch(/^ {2}ks of every column, group = few: nothing is left \(rows 30 → 0\)$/m)
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
    const quiet = genloss('watch', 'real.csv', 'cut.csv', '--quiet', '--limits', 'ks=0.3')
    expect(quiet.stdout.trim().split('\n')).toHaveLength(3)
  })
  it('takes limits from a file, several times, and gives a document', () => {
    const { status, stdout } = genloss(
      'watch',
      'real.csv',
      'cut.csv',
      '--limits',
      'limits.yaml',
      '--limits',
      'tv=0.5',
      '--json',
    )
    expect(status).toBe(3)
    const { verdict, broken, limits, comparison } = JSON.parse(stdout)
    expect(verdict).toBe('fail')
    expect(limits.map(({ name }: { name: string }) => name)).toEqual(['tail', 'ks', 'tv'])
    expect(broken.map(({ limit }: { limit: string }) => limit).sort()).toEqual(['ks', 'tail'])
    expect(comparison.columns).toHaveLength(2)
  })
  it.each([
    ['kss=0.1', "limits.kss: expected the name of a limit, got 'kss'", "did you mean 'ks'?"],
    ['wrong.yaml', "wrong.yaml: limits.tial: expected the name of a limit, got 'tial'", "did you mean 'tail'?"],
    ['ks', "limits: expected a file of limits, or name=value, got 'ks'", 'such as ks=0.1'],
  ])('--limits %s: code 2 and the nearest name', (limits, sentence, hint) => {
    const { status, stderr } = genloss('watch', 'real.csv', 'cut.csv', '--limits', limits)
    expect(status).toBe(2)
    expect(stderr).toContain(`error: ${sentence}`)
    expect(stderr).toContain(hint)
  })
})
