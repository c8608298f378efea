// `genloss scaling`: how losses and dates depend on n, of an experiment or of a run that is there.
import { stat } from 'node:fs/promises'
import type { RunResult, ScalingOptions } from '@genloss/lab'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { EXPERIMENT_FLAGS, type ExperimentOptions, experimentFlags, setFlag } from '../experiment-flags.js'
import { list, threadsFlag, whole } from '../flags.js'
import { describe } from '../help.js'
import { type Common, note, print, printJson } from '../output.js'
import { folderName, prepareFrom } from '../preparing.js'
import { READING_FLAGS, type ReadingOptions, readingFlags } from '../reading-flags.js'
import { interruption } from '../signals.js'
import { widthOf } from '../terminal.js'
import { working } from '../working.js'
import { runUntilStopped } from './run.js'

interface Options extends Common, ExperimentOptions, ReadingOptions {
  measures?: string[]
  statistic?: 'mean' | 'median'
  at?: number[]
  target?: Record<string, number[]>
  resamples?: number
  name?: string
  out?: string
  threads?: number
}

/** Flags that make an experiment, which a run that is there has already. */
const MAKING = [...EXPERIMENT_FLAGS, ...READING_FLAGS, 'allowCode', 'name', 'out'] as const

export function register(program: Command): void {
  const command = describe(
    program.command('scaling'),
    'How losses and dates depend on n: fits A n^e + B to each, with 95 % intervals, beside what theory knows, and reads off the n that a target needs. Cells that differ in n alone make a curve; what else is swept makes several. Of a folder it reads the run, and makes what is missing.',
    [
      'genloss scaling --origin gaussian --n 100,300,1000,3000 --generations 50 --replicates 1000',
      'genloss scaling runs/tails --measures kl_forward,late --target kl_forward=0.01 --target late=500',
    ],
  )
  experimentFlags(command, { sweeps: true })
  command.registeredArguments[0]!.description = 'a YAML or JSON file, or the folder of a run'
  readingFlags(
    setFlag(command, { sweeps: true })
      .option(
        '--measures <names>',
        'what to follow, with commas: columns (see: genloss columns), a column with _squared after it for the mean of its square, and events; default the losses that the model has, early and late',
        list,
      )
      .addOption(
        new Option(
          '--statistic <name>',
          'of chains: mean or median; default the mean where chains can tell it, and the median of ratios',
        ).choices(['mean', 'median']),
      )
      .option('--at <generations>', 'the generations of the measures, with commas; default the last', generations)
      .option(
        '--target <name=value>',
        'a value whose n is asked for; of an event, the generation to be passed; repeatable',
        target,
      )
      .option('--resamples <number>', 'resamples of chains that intervals are made of; default 1000', whole(100))
      .option('--name <name>', "the run's name; default the file's, or one made of model and plan")
      .option('--out <folder>', 'where the run goes; default runs/<name>')
      .addOption(threadsFlag()),
  ).action(action)
}

const generation = whole(0)

function generations(text: string, before: number[] = []): number[] {
  return [...before, ...text.split(',').map((entry) => generation(entry.trim()))]
}

function target(text: string, before: Record<string, number[]> = {}): Record<string, number[]> {
  const [, name, value] = /^([^=\s]+)=(.+)$/.exec(text) ?? []
  const number = Number(value)
  if (name === undefined || !Number.isFinite(number)) throw new InvalidArgumentError('name=value with a number')
  return { ...before, [name]: [...(before[name] ?? []), number] }
}

async function action(given: string | undefined, options: Options): Promise<void> {
  const { measures, statistic, at, target: targets, resamples, json, quiet } = options
  const { scalingDocument, scalingOf } = await import('@genloss/lab')
  const { result, name } = await resultOf(given, options)
  const settings: ScalingOptions = {
    ...(measures === undefined ? {} : { measures }),
    ...(statistic === undefined ? {} : { statistic }),
    ...(at === undefined ? {} : { at }),
    ...(targets === undefined ? {} : { targets }),
    ...(resamples === undefined ? {} : { resamples }),
  }
  const found = await scalingOf(result, settings)
  if (json) return printJson(scalingDocument(found))
  if (!quiet) for (const text of found.notes) note(`note: ${text}`)
  const { scalingText } = await import('../views/scaling.js')
  print(scalingText(found, { name, width: widthOf(process.stdout) }))
}

/** The run that is meant: that of a folder, or one that is made now. */
async function resultOf(given: string | undefined, options: Options): Promise<{ result: RunResult; name: string }> {
  const isFolder = given !== undefined && (await stat(given).catch(() => undefined))?.isDirectory() === true
  if (isFolder) return { result: await openFolder(given, options), name: given }
  const { checkScalable } = await import('@genloss/lab')
  const stop = interruption()
  const { prepared, name } = await prepareFrom(given, options, checkScalable)
  if (prepared.files.length > 0 && !options.quiet) {
    const { tellFiles } = await import('../views/read.js')
    tellFiles(prepared.files)
  }
  const out = options.out ?? `runs/${folderName(name)}`
  return { result: await runUntilStopped(prepared, name, { ...options, out }, stop), name }
}

async function openFolder(folder: string, options: Options): Promise<RunResult> {
  const [{ openRun }, { GenlossError }] = await Promise.all([import('@genloss/lab'), import('@genloss/models')])
  const making = MAKING.find((flag) => options[flag] !== undefined)
  if (making !== undefined) {
    const hint = `${folder} is the folder of a run, whose settings stand`
    const value = String(options[making])
    throw new GenlossError({
      code: 'usage',
      path: `--${making.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      value,
      rule: 'no settings of an experiment here',
      hint,
    })
  }
  return working(folder, options, (settings) => openRun(folder, settings))
}
