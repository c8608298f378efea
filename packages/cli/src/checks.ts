// What `genloss doctor` looks at, one function a check.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'

export interface Finding {
  name: string
  ok: boolean
  /** What was found, in words. */
  says: string
  /** What to do, where something is broken. */
  cure?: string
  /** The same for programs. */
  facts: Record<string, unknown>
}

const OLDEST = [20, 19] as const

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const ok = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
  const says = `${process.version} at ${process.execPath}`
  const facts = { version: process.versions.node, needs: `>=${OLDEST.join('.')}` }
  return ok
    ? { name: 'node', ok, says, facts }
    : { name: 'node', ok, says, cure: `install Node ${OLDEST.join('.')} or later`, facts }
}

async function native(): Promise<Finding> {
  const platform = `${process.platform}-${process.arch}${libc()}`
  try {
    const { describe, simdLevels } = await import('@genloss/native')
    const { version, numerics } = JSON.parse(describe()) as { version: string; numerics: number }
    const simd = simdLevels()
    const says = `${version} on ${platform}, numerics ${numerics}, instructions: ${simd.join(', ')}`
    return { name: 'native', ok: true, says, facts: { platform, version, numerics, simd } }
  } catch (error) {
    const says = `the native core for ${platform} does not load: ${firstLine(error)}`
    const cure =
      'from npm: install again, with optional dependencies (npm install --include=optional genloss); in a checkout: npm start'
    return { name: 'native', ok: false, says, cure, facts: { platform } }
  }
}

/** `-musl` or `-gnu` on Linux: a binary for the one does not load on the other. */
function libc(): string {
  if (process.platform !== 'linux') return ''
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  return header.glibcVersionRuntime ? `-gnu (glibc ${header.glibcVersionRuntime})` : '-musl'
}

async function threads(): Promise<Finding> {
  const { threadsOf } = await import('@genloss/lab')
  const usable = threadsOf(undefined)
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = totalmem()
  const says = `${usable} usable (${model}, ${(memory / 2 ** 30).toFixed(1)} GiB of memory)`
  return { name: 'threads', ok: true, says, facts: { usable, model, memory } }
}

async function duckdb(): Promise<Finding> {
  try {
    const { duckdbVersion } = await import('@genloss/lab')
    const version = await duckdbVersion()
    return { name: 'duckdb', ok: true, says: `${version} (tables, query)`, facts: { version } }
  } catch (error) {
    const says = `does not load, so tables can't be read and runs can't be asked in SQL: ${firstLine(error)}`
    const cure = 'npm install --include=optional @duckdb/node-api@1.5.6-r.1'
    return { name: 'duckdb', ok: false, says, cure, facts: {} }
  }
}

async function folder(): Promise<Finding> {
  const here = process.cwd()
  const bad = (await unwritable(here)) ?? (await unwritable(tmpdir()))
  const facts = { folder: here, temporary: tmpdir() }
  if (!bad) return { name: 'folder', ok: true, says: `${here} and ${tmpdir()} can be written to`, facts }
  const cure =
    'make room or change its permissions, go to another folder, or give run --out a folder that can be written to'
  return { name: 'folder', ok: false, says: bad, cure, facts }
}

async function unwritable(parent: string): Promise<string | undefined> {
  try {
    const made = await mkdtemp(join(parent, '.genloss-doctor-'))
    try {
      await writeFile(join(made, 'probe'), 'x'.repeat(4096), { flush: true })
    } finally {
      await rm(made, { recursive: true, force: true })
    }
  } catch (error) {
    return `${parent} can't be written to: ${firstLine(error)}`
  }
}

const firstLine = (error: unknown) => (error instanceof Error ? error.message : String(error)).split('\n')[0]

/** The checks in the order in which they are shown. */
export const checks: ReadonlyArray<() => Finding | Promise<Finding>> = [node, native, threads, duckdb, folder]
