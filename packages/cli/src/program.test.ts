import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fields } from '@genloss/lab'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from './program.js'

// The real program as a child process, in a folder of its own.
const program = fileURLToPath(new URL('../../genloss/bin/genloss.js', import.meta.url))
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'genloss-cli-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function genloss(...args: string[]) {
  const env = { ...process.env, FORCE_COLOR: '1' }
  return spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8', env })
}

/** The program in a shell, as `genloss` of its command line. */
function shell(line: string) {
  const text = `set -o pipefail; genloss() { "${process.execPath}" "${program}" "$@"; }; ${line}`
  return spawnSync('bash', ['-c', text], { cwd: folder, encoding: 'utf8' })
}

const TINY = ['--origin', 'gaussian', '--n', '50', '--generations', '5', '--replicates', '20']

describe('help', () => {
  it.each(['', ...COMMANDS.map(({ name }) => name)])('of genloss %s starts with an example', (name) => {
    const { status, stdout, stderr } = genloss(...(name ? [name] : []), '--help')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(new RegExp(`^Examples?:\n  genloss ${name}`))
    if (name) expect(stdout).toMatch(/--json .*\n.*--quiet/)
  })
  it('lists every command, and goes to stderr with code 2 where nothing was asked', () => {
    const { status, stdout, stderr } = genloss()
    expect([status, stdout]).toEqual([2, ''])
    for (const { name, summary } of COMMANDS) expect(stderr).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'))
  })
  it('is also `genloss help run`; the version is a version', () => {
    expect(genloss('help', 'run').stdout).toBe(genloss('run', '--help').stdout)
    expect(genloss('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

it("says the lab's own defaults", () => {
  const { stdout } = genloss('run', '--help')
  for (const name of ['generations', 'replicates', 'seed', 'method', 'record'])
    expect(stdout).toMatch(new RegExp(`--${name} [^;]*;\\s+default\\s+${fields[name]!.fallback}\n`))
})

describe('misspelt', () => {
  it.each([
    [['rum'], "unknown command 'rum'", 'did you mean run?'],
    [['rum', '--help'], "unknown command 'rum'", 'did you mean run?'],
    [['help', 'rum'], "unknown command 'rum'", 'did you mean run?'],
    [['run', '--generation', '5'], "unknown option '--generation'", 'did you mean --generations?'],
    [
      ['run', ...TINY, '--threads', 'x'],
      "--threads: expected a whole number of at least 1, got 'x'",
      'genloss run --help',
    ],
    [['models', 'x'], 'too many arguments', 'genloss models --help'],
    [['query', 'x'], "missing required argument 'sql'", 'genloss query --help'],
    [['run', '--origin', 'gausian', '--n', '5'], "got 'gausian'", "did you mean 'gaussian'?"],
    [['run', ...TINY, '--policy', 'mix', '--set', 'policy.rael=1'], 'policy.rael', "did you mean 'real'?"],
    [['columns', 'gausian'], "got 'gausian'", "did you mean 'gaussian'?"],
  ])('genloss %j: code 2, one sentence and a hint, no stack', (args, sentence, hint) => {
    const { status, stdout, stderr } = genloss(...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: .*\nhint: .*\n$/)
    expect(stderr).toContain(sentence)
    expect(stderr).toContain(hint)
  })
  it('with --json the error is the one document on stdout', () => {
    const { status, stdout, stderr } = genloss('run', ...TINY, '--policy', 'mix:real=2', '--json')
    expect([status, stderr]).toEqual([2, ''])
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'plan', path: 'policy.real', value: '2' })
    expect(JSON.parse(genloss('run', '--jsn', '--json').stdout).error.hint).toBe('did you mean --json?')
    expect(JSON.parse(genloss('query', 'x', 'y', '--csv', '--json').stdout).error.path).toBe('--csv')
  })
  it('says line and column of what a file has wrong, but not of what a flag put over it', () => {
    writeFileSync(join(folder, 'wrong.yaml'), 'origin: gaussian\nn: 50\npolicy: { kind: mix, real: 1.5 }\n')
    expect(genloss('run', 'wrong.yaml').stderr).toMatch(/^error: wrong\.yaml:3:\d+: policy\.real: expected/)
    expect(genloss('run', 'wrong.yaml', '--set', 'policy.real=7').stderr).toMatch(/^error: policy\.real: expected/)
  })
})

describe('run', () => {
  it('prints a table for people, keeps the files, and goes on the second time', () => {
    const first = genloss('run', ...TINY, '--policy', 'replace', '--policy', 'mix:real=0.1', '--out', 'two')
    expect(first.status).toBe(0)
    for (const sign of ['\x1b', '\r']) expect(first.stdout + first.stderr).not.toContain(sign)
    expect(first.stdout).toMatch(/2 cells, 20 chains each, generations 0 to 5$/m)
    expect(first.stdout).toMatch(/^ n +policy +early loss +late loss$/m)
    expect(first.stdout).toMatch(/^at generation 5\n n +policy +early +late +variance$/m)
    expect(first.stdout).toMatch(/^against the first cell \(50, replace\)\n n +policy +early loss +late loss\n50 +mix/m)
    expect(first.stdout).toMatch(/^50 +mix:real=0\.1 /m)
    expect(first.stdout).toMatch(/^files {2}two\nnext {3}genloss query two "/m)
    const next = /^next {3}(.*)$/m.exec(first.stdout)![1]!
    expect(shell(`${next} --json`).stdout).toMatch(/^\[\{"cell":/)
    const second = genloss('run', ...TINY, '--policy', 'replace', '--policy', 'mix:real=0.1', '--out', 'two')
    expect(second.stdout).toBe(first.stdout)
    expect(second.stderr).toContain('1 of 1 parts were there and kept')
  })
  it('--json: one document, nothing on stderr but progress; flags and a file give the same plan', () => {
    const flags = genloss('run', ...TINY, '--seed', '7', '--out', 'flags', '--json')
    expect([flags.status, flags.stderr]).toEqual([0, ''])
    const document = JSON.parse(flags.stdout)
    expect(document.cells[0].generations).toEqual([0, 1, 2, 3, 4, 5])
    expect(document.cells[0].settings).toMatchObject({ n: 50, seed: '7', policy: { kind: 'replace' } })
    const text = 'origin: gaussian\nn: [50]\ngenerations: 5\nreplicates: 3\nseed: 7\n'
    writeFileSync(join(folder, 'file.yaml'), text.replace('[50]', '50'))
    const file = genloss('run', 'file.yaml', '--replicates', '20', '--json')
    expect(JSON.parse(file.stdout)).toMatchObject({ plan: document.plan, cells: document.cells })
    expect(readdirSync(join(folder, 'runs'))).toContain('file')
  })
  it('--quiet: no notes, the result only; --dry-run writes nothing', () => {
    expect(genloss('run', ...TINY, '--out', 'flat', '--quiet').stderr).toBe('')
    const planned = JSON.parse(genloss('run', ...TINY, '--n', '10,20', '--out', 'dry', '--dry-run', '--json').stdout)
    expect(planned).toMatchObject({
      cells: 3,
      fits: 3 * 20 * 6,
      out: 'dry',
      axes: [{ path: 'n', values: [50, 10, 20] }],
    })
    expect(readdirSync(folder)).not.toContain('dry')
  })
  it('--dry-run says what is there, what would be made again and why', () => {
    const dry = () => JSON.parse(genloss('run', ...TINY, '--out', 'look', '--dry-run', '--json').stdout)
    expect(dry()).toMatchObject({ blocks: 1, done: 0, missing: 1, broken: [], refused: null })
    genloss('run', ...TINY, '--out', 'look')
    expect(dry()).toMatchObject({ done: 1, missing: 0, cpu_seconds: 0 })
    truncateSync(join(folder, 'look/parts/00000000.parquet'), 99)
    const broken = [{ part: 'parts/00000000.parquet', why: expect.stringMatching(/cut short/) }]
    expect(dry()).toMatchObject({ done: 0, missing: 0, broken, cpu_seconds: expect.any(Number) })
    const { status, stdout } = genloss('run', ...TINY, '--seed', '9', '--out', 'look', '--dry-run')
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^folder refused: seed: '0' there, '9' here/m)])
  })
  it('--progress=json: documents on stderr, one a line', () => {
    const { stderr } = genloss('run', ...TINY, '--out', 'lines', '--progress', 'json')
    const documents = stderr.split('\n').filter((line) => line.startsWith('{'))
    expect(JSON.parse(documents.at(-1)!)).toMatchObject({ event: 'progress', done: 120, total: 120, share: 1 })
    expect(genloss('run', ...TINY, '--out', 'lines', '--progress', 'bar').status).toBe(2)
  })
  it('--extend: more replicates in the same folder', () => {
    genloss('run', ...TINY, '--out', 'more')
    const [more, fresh] = [
      ['--out', 'more', '--extend'],
      ['--out', 'fresh'],
    ].map((flags) => genloss('run', ...TINY.slice(0, -1), '30', '--json', ...flags))
    expect([more!.status, more!.stderr]).toEqual([0, ''])
    expect({ ...JSON.parse(more!.stdout), run: 'fresh' }).toEqual(JSON.parse(fresh!.stdout))
  })
  it('refuses a folder with another plan, and says what differs', () => {
    genloss('run', ...TINY, '--out', 'mine')
    const { status, stderr } = genloss('run', ...TINY.slice(0, -1), '21', '--out', 'mine')
    expect(status).toBe(2)
    expect(stderr).toMatch(/replicates: 20 there, 21 here/)
  })
})

describe('scaling', () => {
  const SWEEP = ['--origin', 'gaussian', '--n', '50,100,200', '--generations', '5', '--replicates', '50']
  it('runs a sweep or reads the run that it made: the same laws, the run itself kept', () => {
    const first = genloss('scaling', ...SWEEP, '--out', 'sizes', '--target', 'w1=0.01')
    expect(first.status).toBe(0)
    expect(first.stdout).toMatch(/^w1 = 0\.01 needs n = [\d,]+ .*, beyond the sizes/m)
    const again = genloss('scaling', 'sizes', '--target', 'w1=0.01')
    expect(again.stdout.replace(/^sizes/, '')).toBe(first.stdout.replace(/^gaussian-\w+/, ''))
    expect(genloss('run', ...SWEEP, '--out', 'sizes').stderr).toContain('1 of 1 parts were there and kept')
    const { status, stdout, stderr } = genloss('scaling', 'sizes', '--json', '--at', '0,5', '--measures', 'w1,early')
    expect([status, stderr]).toEqual([0, ''])
    const { curves, run } = JSON.parse(stdout)
    expect(run).toBe('sizes')
    expect(curves[0].quantities.map((one: { generation: number | null }) => one.generation)).toEqual([0, 5, null])
    expect(curves[0].quantities[0]).toMatchObject({ name: 'w1', law: 'power', plateau: 'untested' })
  })
  it.each([
    [['sizes', '--n', '5'], "--n: expected no settings of an experiment here, got '5'", 'sizes is the folder of a run'],
    [[...SWEEP.slice(0, 2), '--n', '5,6'], 'n: expected at least three sizes', 'give several'],
    [['sizes', '--target', 'w1'], "--target: expected name=value with a number, got 'w1'", 'genloss scaling --help'],
    [['sizes', '--measures', 'w'], "measures: expected a column or an event of this run, got 'w'", "did you mean 'n'?"],
  ])('%j: code 2 and a hint', (args, sentence, hint) => {
    const { status, stdout, stderr } = genloss('scaling', ...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(sentence)
    expect(stderr).toContain(hint)
  })
})

describe('a reader that leaves early', () => {
  it.each([
    'genloss run --origin gaussian --n 50 --replicates 20 --out early 2>&1 | head -1',
    'genloss run --origin gaussian --n 50 --replicates 20 --out early --json | head -c 10',
    'genloss columns | head -1',
  ])('%s: no stack, code 0', (line) => {
    const { status, stdout, stderr } = shell(line)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).not.toMatch(/^ +at |EPIPE/m)
  })
  it('leaves the results whole, also where nobody listened at all', () => {
    const line = 'genloss run --origin gaussian --n 50 --generations 200 --replicates 500 --out whole 2>&1 | true'
    expect(shell(line).status).toBe(0)
    const rows = shell('genloss query whole "select count(*) as rows from observations" --json | cat')
    expect(JSON.parse(rows.stdout)).toEqual([{ rows: 201 * 500 }])
    expect(shell('genloss query whole "from observations limit 5000" | head -2').stdout.split('\n')).toHaveLength(3)
  })
  it('a full disk is an error, with code 1', () => {
    const { status, stderr } = shell('genloss columns > /dev/full')
    expect([status, stderr]).toEqual([1, 'error: stdout: expected to be writable, got ENOSPC\n'])
  })
})

describe('signals', () => {
  const LONG = ['run', '--origin', 'gaussian', '--n', '10000', '--generations', '2000', '--replicates', '100000']

  /** A long run that gets signals once it has begun to write. */
  async function stopped(out: string, ...signals: NodeJS.Signals[]) {
    const child = spawn(process.execPath, [program, ...LONG, '--out', out], { cwd: folder })
    let stderr = ''
    child.stderr.on('data', (text) => {
      stderr += text
    })
    while (!parts(out) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20))
    const start = performance.now()
    for (const signal of signals) child.kill(signal)
    const code = await new Promise((resolve) => (child as ChildProcess).on('close', resolve))
    return { code, stderr, milliseconds: performance.now() - start }
  }

  function parts(out: string): number {
    try {
      return readdirSync(join(folder, out, 'parts')).filter((name) => name.endsWith('.parquet')).length
    } catch {
      return 0
    }
  }

  it('Ctrl-C: 130, what is finished is kept and said', async () => {
    const { code, stderr, milliseconds } = await stopped('int', 'SIGINT')
    expect(code).toBe(130)
    expect(stderr).toMatch(/^interrupted: stopped after \d+ of \d+ blocks\nhint: .*go on/m)
    expect(parts('int')).toBeGreaterThan(0)
    expect(milliseconds).toBeLessThan(5000)
  })
  it('TERM and USR1: 75, to be queued again, and no debugger opens', async () => {
    expect((await stopped('term', 'SIGTERM')).code).toBe(75)
    const { code, stderr } = await stopped('usr1', 'SIGUSR1')
    expect([code, stderr.includes('Debugger')]).toEqual([75, false])
  })
})

describe('off a terminal', () => {
  it.each(['models', 'policies', 'columns', 'doctor'])(
    'genloss %s: no escape codes, and JSON alone with --json',
    (name) => {
      const { status, stdout } = genloss(name)
      expect(status).toBe(0)
      for (const sign of ['\x1b', '\r']) expect(stdout).not.toContain(sign)
      const asJson = genloss(name, '--json')
      expect([asJson.status, asJson.stderr]).toEqual([0, ''])
      expect(asJson.stdout.trim().split('\n')).toHaveLength(1)
      expect(Object.keys(JSON.parse(asJson.stdout)).length).toBeGreaterThan(0)
    },
  )
})

it('query prints a table, CSV or JSON', () => {
  genloss('run', ...TINY, '--out', 'asked')
  const sql =
    "select generation, 'a,b' as text, null as nothing from observations where replicate = 0 and generation < 2 order by 1"
  expect(genloss('query', 'asked', sql).stdout).toBe('generation  text  nothing\n         0  a,b\n         1  a,b\n')
  expect(genloss('query', 'asked', sql, '--csv').stdout).toBe('generation,text,nothing\n0,"a,b",\n1,"a,b",\n')
  const rows = [0, 1].map((generation) => ({ generation, text: 'a,b', nothing: null }))
  expect(JSON.parse(genloss('query', 'asked', sql, '--json').stdout)).toEqual(rows)
  const wrong = genloss('query', 'asked', 'select foo from observations')
  expect(wrong.status).toBe(2)
  expect(wrong.stderr).toMatch(/^error: sql: .*\nhint: .*foo/)
})
