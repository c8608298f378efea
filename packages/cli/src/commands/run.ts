// `genloss run`: an experiment from a file or from flags, run in a folder where a stopped run goes on.
import type { Prepared, RunResult, SetPath } from '@genloss/lab'
import type { Command } from 'commander'
import { collect, list, whole } from '../flags.js'
import { describe } from '../help.js'
import { type Common, note, print, printJson } from '../output.js'
import { progressLine } from '../progress.js'
import { type Interruption, interruption } from '../signals.js'
import { widthOf } from '../terminal.js'

interface Options extends Common {
  origin?: string[]
  model?: string[]
  policy?: string[]
  n?: string[]
  generations?: string[]
  replicates?: string[]
  seed?: string[]
  method?: string
  record?: string
  columns?: string[]
  shares?: 'all' | string[]
  set?: string[]
  name?: string
  out?: string
  threads?: number
  dryRun?: boolean
}

/** More lines of cells than this do not help; SQL does. */
const MOST_ROWS = 50
/** Flags whose values, where there are several, sweep. */
const SWEPT = ['origin', 'model', 'policy', 'n', 'generations', 'replicates', 'seed'] as const
/** Flags with one value, which may be a list. */
const SINGLE = ['name', 'method', 'record', 'columns', 'shares'] as const

export function register(program: Command): void {
  describe(
    program.command('run'),
    'Run an experiment, or a sweep of them, and keep the results in a folder. The same command again goes on from what is there. Flags go over what the file says.',
    [
      'genloss run --origin gaussian --policy replace --policy mix:real=0.1 --n 100,1000 --generations 200',
      'genloss run tails.yaml --set policy.real=0,0.01,0.1 --out runs/tails',
    ],
  )
    .argument('[experiment]', 'a YAML or JSON file')
    .option(
      '--origin <kind>',
      'what generation 0 is trained on: name:key=value,... (see: genloss models); repeated, it sweeps',
      collect,
    )
    .option('--model <kind>', "what is fitted; repeated, it sweeps; default the origin's own", collect)
    .option(
      '--policy <kind>',
      'what the next training set is made of (see: genloss policies); repeated, it sweeps; default replace',
      collect,
    )
    .option(
      '--n <sizes>',
      'records a generation: a number, inf, or a schedule (start:100/power:1.5, start:100/factor:1.1, list:100/200); several, with commas or repeated, sweep',
      list,
    )
    .option('--generations <g>', 'the last generation: fits 0 to g; default 100', list)
    .option('--replicates <r>', 'independent chains of each cell; default 100', list)
    .option('--seed <number>', 'the seed of all random numbers; default 0', list)
    .option('--method <method>', 'auto, draws, exact or population; default auto')
    .option('--record <rule>', 'which generations are kept: all, log, every:10 or at:0/5/10; default all')
    .option('--columns <names>', 'the columns to keep, with commas (see: genloss columns); default all', list)
    .option('--shares <classes>', 'classes whose share is a column, with commas; or all', (text) =>
      text === 'all' ? text : list(text),
    )
    .option(
      '--set <path=value>',
      'any setting, such as poison.share=0.05; several values with commas sweep; repeatable',
      collect,
    )
    .option('--name <name>', "the run's name; default the file's, or one made of model and plan")
    .option('--out <folder>', 'where the results go; default runs/<name>')
    .option('--threads <number>', 'threads; default all that this process may use', whole(1))
    .option('--dry-run', 'check and plan, but run and write nothing')
    .action(action)
}

async function action(file: string | undefined, options: Options): Promise<void> {
  const stop = interruption()
  const { prepared, name } = await prepareFrom(file, options)
  const out = options.out ?? `runs/${folderName(name)}`
  if (options.dryRun) {
    const { planDocument, planText } = await import('../views/plan.js')
    const planned = planDocument(prepared, name, out)
    return options.json ? printJson(planned) : print(planText(planned))
  }
  const result = await runUntilStopped(prepared, name, { ...options, out }, stop)
  if (options.json) return printJson(await result.document())
  if (!options.quiet) for (const text of result.notes) note(`note: ${text}`)
  const [{ runText }, { rowsOf }] = await Promise.all([import('../views/run.js'), import('../views/rows.js')])
  print(runText(await rowsOf(result, prepared, MOST_ROWS), { name, out, width: widthOf(process.stdout) }))
}

/** Once the run is over, signals end the program as usual: what is printed can be printed again. */
async function runUntilStopped(
  prepared: Prepared,
  name: string,
  { out, threads, quiet }: Pick<Options, 'threads' | 'quiet'> & { out: string },
  stop: Interruption,
): Promise<RunResult> {
  const { runPrepared } = await import('@genloss/lab')
  const progress = progressLine(name, { quiet })
  const { signal } = stop
  try {
    const settings = { out, signal, onProgress: progress.update, ...(threads === undefined ? {} : { threads }) }
    return await runPrepared(prepared, settings)
  } finally {
    progress.end()
    stop.release()
  }
}

/** The plan of the file with the flags over it. Errors about the file's own settings say line and column. */
async function prepareFrom(path: string | undefined, options: Options) {
  const { prepare, readExperimentFile, setPaths } = await import('@genloss/lab')
  const file = path === undefined ? undefined : await readExperimentFile(path)
  const sets = flagSets(options)
  const { set = [] } = options
  try {
    const given = setPaths({ name: file?.name, ...file?.input }, [...sets, ...set])
    const prepared = await prepare(given)
    return { prepared, name: prepared.name ?? madeUp(prepared) }
  } catch (error) {
    const told = [...sets.map((flag) => flag.path), ...set.map((text) => text.split('=')[0]!)]
    throw file && !told.some((setting) => isAbout(error, setting)) ? file.place(error) : error
  }
}

function isAbout(error: unknown, setting: string): boolean {
  const { path } = error as { path?: unknown }
  return typeof path === 'string' && (path === setting || path.startsWith(`${setting}.`))
}

/** The flags as settings put over an experiment. */
function flagSets(options: Options): SetPath[] {
  const sets = [
    ...SWEPT.map((path) => ({ path, values: options[path] ?? [] })),
    ...SINGLE.map((path) => ({ path, values: options[path] === undefined ? [] : [options[path]] })),
  ]
  return sets.filter(({ values }) => values.length > 0)
}

/** A name for a run that has none: the same settings find their folder again, others get another. */
function madeUp({ hash, cellAt }: Prepared): string {
  return `${cellAt(0).settings.model.kind}-${hash.slice(0, 8)}`
}

/** A run's name as the name of a folder: it can't lead out of `runs`. */
function folderName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^\.+/, '') || 'run'
}
