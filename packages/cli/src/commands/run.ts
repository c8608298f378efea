// `genloss run`: an experiment from a file or from flags, run in a folder where a stopped run goes on.
import type { Prepared, RunResult } from '@genloss/lab'
import { type Command, Option } from 'commander'
import { type ExperimentOptions, experimentFlags, setFlag } from '../experiment-flags.js'
import { threadsFlag } from '../flags.js'
import { describe } from '../help.js'
import { type Common, note, print, printJson } from '../output.js'
import { folderName, prepareFrom, type RunFlags, runFlags } from '../preparing.js'
import { PROGRESS_FORMS } from '../progress.js'
import { readingFlags } from '../reading-flags.js'
import { type Interruption, interruption } from '../signals.js'
import { widthOf } from '../terminal.js'
import { type WorkOptions, working } from '../working.js'

interface Options extends Common, ExperimentOptions, RunFlags, WorkOptions {
  shard?: string
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
  setFlag(runFlags(command), { sweeps: true })
    .addOption(threadsFlag())
    .option(
      '--extend',
      'more replicates, generations or cells than the folder was made with: what it has is taken over',
    )
    .option(
      '--shard <i/n>',
      'make one of n shares of the blocks: 3/8, or auto in a Slurm array or a Kubernetes Indexed Job; see: genloss collect',
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
  const stop = interruption({ drains: true })
  const { prepared, name } = await prepareFrom(file, options)
  const out = options.out ?? `runs/${folderName(name)}`
  if (prepared.files.length > 0 && !options.quiet) {
    const { tellFiles } = await import('../views/read.js')
    tellFiles(prepared.files)
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
  if (options.shard !== undefined) {
    const { runShard } = await import('../sharding.js')
    return runShard(prepared, name, { ...options, out, shard: options.shard }, stop)
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
