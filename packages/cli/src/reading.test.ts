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
  folder = mkdtempSync(join(tmpdir(), 'genloss-reading-'))
  const rows = Array.from({ length: 199 }, (_, k) => `${k % 30},5;${k % 10 === 0 ? 'Süd' : 'Ost'}`)
  writeFileSync(join(folder, 'german.csv'), Buffer.from(`Größe;g\r\n${rows.join('\r\n')}\r\n`, 'latin1'))
  writeFileSync(join(folder, 'below.csv'), Buffer.from(`Bericht\nGröße;g\n${rows.join('\n')}\nkaputt\n`, 'latin1'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function genloss(...args: string[]) {
  return spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' })
}
const fewRuns = ['--rounds', '3', '--replicates', '5']
const below = [
  '--header',
  '2',
  '--skip-broken',
  '--decimal',
  'comma',
  '--encoding',
  'latin1',
  '--delimiter',
  'semicolon',
]

describe('the flags for reading', () => {
  it('audit says what it read and guessed, and takes what it is told', () => {
    const { status, stdout } = genloss('audit', 'german.csv', ...fewRuns)
    expect(status).toBe(0)
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
    const text = stdout.replace(/\s+/g, ' ')
    expect(text).toContain(
      "german.csv: 199 rows, 2 columns (1 of numbers, 1 of words); CSV, ';' between fields, windows-1252, decimal comma;",
    )
    expect(text).toContain(
      "note: Größe: read with ',' as the decimal point, as in '0,5'; where that is wrong, set decimal",
    )
    const told = genloss('audit', 'below.csv', ...fewRuns, ...below, '--save', 'saved.yaml', '--json')
    const { read } = JSON.parse(told.stdout)
    expect(read).toMatchObject({
      rows: 199,
      kinds: { numbers: 1, words: 1 },
      written: { delimiter: ';', encoding: 'windows-1252' },
    })
    expect(read.notes).toEqual(['1 row left out, which has more or fewer fields than the header (line 202)'])
    expect(genloss('run', 'saved.yaml', '--dry-run').status).toBe(0)
  })

  it('compare and run take the same', () => {
    const compared = genloss('compare', 'below.csv', 'below.csv', ...below, '--permutations', '0', '--json')
    expect(JSON.parse(compared.stdout).reference).toMatchObject({
      rows: 199,
      written: { format: 'csv', delimiter: ';' },
    })
    const origin = ['--origin', 'table:file=below.csv,columns=Größe', '--model', 'gaussian']
    const ran = genloss('run', ...origin, '--generations', '1', '--replicates', '2', ...below)
    expect(ran.status).toBe(0)
    expect(ran.stderr).toContain(
      "read below.csv: 199 rows, 1 column of numbers, 0 missing; CSV, ';' between fields, windows-1252",
    )
    const same = [
      ...origin.slice(0, 1),
      `${origin[1]},header=2,skipBroken=true,decimal=comma,encoding=latin1,delimiter=;`,
    ]
    const written = genloss(
      'run',
      ...same,
      ...origin.slice(2),
      '--generations',
      '1',
      '--replicates',
      '2',
      '--dry-run',
      '--json',
    )
    expect(written.status).toBe(0)
  })

  it('run, attribute and scaling say what was read in their documents or on stderr', () => {
    const few = ['--origin', 'table:file=below.csv,columns=Größe', '--model', 'gaussian', '--generations', '2']
    const read = [
      {
        file: 'below.csv',
        rows: 199,
        columns: 1,
        missing: {},
        duplicates: 169,
        skipped: [],
        notes: ['1 row left out, which has more or fewer fields than the header (line 202)'],
        kinds: { numbers: 1, words: 0 },
        written: { format: 'csv', delimiter: ';', encoding: 'windows-1252', decimal: ',' },
      },
    ]
    const ran = genloss('run', ...few, '--replicates', '20', ...below, '--json')
    expect(JSON.parse(ran.stdout).read).toEqual(read)
    const parted = genloss('attribute', ...few, '--n', '20', '--replicates', '20', ...below, '--json')
    expect(JSON.parse(parted.stdout).read).toEqual(read)
    const scaled = genloss('scaling', ...few, '--n', '20,40,80,160', '--replicates', '20', ...below, '--name', 'scaled')
    expect(scaled.status).toBe(0)
    expect(scaled.stderr).toContain('read below.csv: 199 rows, 1 column of numbers')
    const again = genloss('scaling', 'runs/scaled', '--skip-broken')
    expect(again.status).toBe(2)
    expect(again.stderr).toContain('--skip-broken: expected no settings of an experiment here')
  })

  it.each([
    [['--header', '0'], "--header: expected the number of a line, or none, got '0'"],
    [['--decimal', ';'], "decimal: expected '.' or ',' (or 'point', 'comma'), got ';'"],
    [
      ['--thousands', 'comma', '--decimal', 'comma'],
      "thousands: expected another mark than the decimal comma, got 'comma'",
    ],
    [['--encoding', 'latin99'], "encoding: expected an encoding such as 'utf-8'"],
    [['--query', 'SELECT 1'], 'query: expected left out: only DuckDB and Parquet files can be queried'],
  ])('%j: code 2 and one sentence', (args, sentence) => {
    const { status, stdout, stderr } = genloss('audit', 'german.csv', ...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`error: ${sentence}`)
  })
})
