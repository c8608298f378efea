// `genloss run`: an experiment from a file or from flags, run in a folder where a stopped run goes on.
import type { Prepared, RunResult } from '@genloss/lab'
import { type Command, Option } from 'commander'
import { type ExperimentOptions, experimentFlags, setFlag, withExperiment } from '../experiment-flags.js'
import { list, threadsFlag } from '../flags.js'
import { describe } from '../help.js'
import { type Common, note, print, printJson } from '../output.js'
import { PROGRESS_FORMS } from '../progress.js'
import { originSettings, type ReadingOptions, readingFlags } from '../reading-flags.js'
import { type Interruption, interruption } from '../signals.js'
import { widthOf } from '../terminal.js'
import { type WorkOptions, working } from '../working.js'

interface Options extends Common, ExperimentOptions, ReadingOptions, WorkOptions {
  columns?: string[]
  shares?: 'all' | string[]
  name?: string
  out?: string
  dryRun?: boolean
  extend?: boolean
}

/** More lines of cells than this do not help; SQL does. */
const MOST_ROWS = 50
/** Columns of larger runs are read from the folder, as far as they are shown. */
const MOST_HELD = 64 * 2 ** 20

export function register(program: Command): void {
  const command = describe(
    program.command('run'),
    'Run an experiment, or a sweep of them, and keep the results in a folder. The same command again goes on from what is there. Flags go over what the file says.',
    [
      'genloss run --origin gaussian --policy replace --policy mix:real=0.1 --n 100,1000 --generations 200',
      'genloss run tails.yaml --set policy.real=0,0.01,0.1 --out runs/tails',
    ],
  )
  experimentFlags(command, { sweeps: true })
    .option('--columns <names>', 'the columns to keep, with commas (see: genloss columns); default all', list)
    .option('--shares <classes>', 'classes whose share is a column, with commas; or all', (text) =>
      text === 'all' ? text : list(text),
    )
  setFlag(command, { sweeps: true })
    .option('--name <name>', "the run's name; default the file's, or one made of model and plan")
    .option('--out <folder>', 'where the results go; default runs/<name>')
    .addOption(threadsFlag())
    .option(
      '--extend',
      'more replicates, generations or cells than the folder was made with: what it has is taken over',
    )
    .option('--dry-run', 'check and plan: what would be made and why, but run and write nothing')
    .addOption(
      new Option(
        '--progress <form>',
        'progress on stderr: a line that is rewritten in a terminal and plain lines elsewhere (auto), plain lines, a JSON document a line, or none',
      )
        .choices(PROGRESS_FORMS)
        .default('auto'),
    )
  readingFlags(command).action(action)
}

async function action(file: string | undefined, options: Options): Promise<void> {
  const stop = interruption()
  const { prepared, name } = await prepareFrom(file, options)
  const out = options.out ?? `runs/${folderName(name)}`
  if (prepared.files.length > 0 && !options.quiet) {
    const { readLines } = await import('../views/read.js')
    for (const line of readLines(prepared.files)) note(line)
  }
  if (options.dryRun) {
    const [{ standingOf }, { planDocument, planText }] = await Promise.all([
      import('@genloss/lab'),
      import('../views/plan.js'),
    ])
    const planned = planDocument(
      prepared,
      name,
      out,
      await standingOf(prepared, out, { extend: options.extend ?? false }),
    )
    return options.json ? printJson(planned) : print(planText(planned))
  }
  const result = await runUntilStopped(prepared, name, { ...options, out, readBack: MOST_HELD }, stop)
  if (options.json) return printJson(await result.document())
  if (!options.quiet) for (const text of result.notes) note(`note: ${text}`)
  const [{ runText }, { rowsOf }] = await Promise.all([import('../views/run.js'), import('../views/rows.js')])
  print(runText(await rowsOf(result, prepared, MOST_ROWS), { name, out, width: widthOf(process.stdout) }))
}

/** What a run is told beside its plan. */
interface Asked extends WorkOptions {
  out: string
  readBack?: number
  extend?: boolean
}

/** Runs in a folder, with signals listened to since before it was planned. */
export async function runUntilStopped(
  prepared: Prepared,
  name: string,
  { out, readBack, extend = false, ...options }: Asked,
  stop: Interruption,
): Promise<RunResult> {
  const { runPrepared } = await import('@genloss/lab')
  const more = { extend, ...(readBack === undefined ? {} : { readBack }) }
  return working(name, options, (settings) => runPrepared(prepared, { out, ...settings, ...more }), stop)
}

/** The plan of the file with the flags over it. */
async function prepareFrom(path: string | undefined, options: Options) {
  const { prepare } = await import('@genloss/lab')
  const { name, columns, shares } = options
  const more = { name, columns, shares, ...originSettings(options) }
  return withExperiment(path, options, more, async (given) => {
    const out = (known?: string) => options.out ?? (known === undefined ? undefined : `runs/${folderName(known)}`)
    const prepared = await prepare(given, { out, ...(options.allowCode ? { allowCode: true } : {}) })
    return { prepared, name: prepared.name ?? madeUp(prepared) }
  })
}

/** A name for a run that has none: the same settings find their folder again, others get another. */
export function madeUp({ hash, cellAt }: Prepared): string {
  return `${cellAt(0).settings.model.kind}-${hash.slice(0, 8)}`
}

/** A run's name as the name of a folder: it can't lead out of `runs`. */
export function folderName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^\.+/, '') || 'run'
}
