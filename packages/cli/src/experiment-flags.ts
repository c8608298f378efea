// The flags that say what experiment is meant, and the experiment that they make over a file.
import type { ExperimentFile, SetPath } from '@genloss/lab'
import type { Command } from 'commander'
import { collect, list } from './flags.js'

/** What the flags hold. */
export interface ExperimentOptions {
  origin?: string[]
  model?: string[]
  policy?: string[]
  n?: string[]
  generations?: string[]
  replicates?: string[]
  seed?: string[]
  method?: string
  record?: string
  set?: string[]
}

/** Flags whose values, where there are several, sweep. */
const SWEPT = ['origin', 'model', 'policy', 'n', 'generations', 'replicates', 'seed'] as const
/** Flags with one value. */
const SINGLE = ['method', 'record'] as const

/** All of them by name. */
export const EXPERIMENT_FLAGS: readonly (keyof ExperimentOptions)[] = [...SWEPT, ...SINGLE, 'set']

/** Adds the file and the flags, `--set` aside, to a command; one that sweeps says so. */
export function experimentFlags(command: Command, { sweeps }: { sweeps: boolean }): Command {
  const repeated = sweeps ? '; repeated, it sweeps' : ''
  const listed = sweeps ? '; several, with commas or repeated, sweep' : ''
  return command
    .argument('[experiment]', 'a YAML or JSON file')
    .option(
      '--origin <kind>',
      `what generation 0 is trained on: name:key=value,... (see: genloss models)${repeated}`,
      collect,
    )
    .option('--model <kind>', `what is fitted${repeated}; default the origin's own`, collect)
    .option(
      '--policy <kind>',
      `what the next training set is made of (see: genloss policies)${repeated}; default replace`,
      collect,
    )
    .option(
      sweeps ? '--n <sizes>' : '--n <size>',
      `records a generation: a number, inf, or a schedule (start:100/power:1.5, start:100/factor:1.1, list:100/200)${listed}`,
      list,
    )
    .option('--generations <g>', 'the last generation: fits 0 to g; default 100', list)
    .option('--replicates <r>', `independent chains${sweeps ? ' of each cell' : ''}; default 100`, list)
    .option('--seed <number>', 'the seed of all random numbers; default 0', list)
    .option('--method <method>', 'auto, draws, exact or population; default auto')
    .option('--record <rule>', 'which generations are kept: all, log, every:10 or at:0/5/10; default all')
}

/** Adds `--set`. */
export function setFlag(command: Command, { sweeps }: { sweeps: boolean }): Command {
  const several = sweeps ? '; several values with commas sweep' : ''
  return command.option('--set <path=value>', `any setting, such as poison.share=0.05${several}; repeatable`, collect)
}

/** The words of a command line that say the same experiment again. */
export function experimentWords(
  path: string | undefined,
  options: ExperimentOptions,
  more: Readonly<Record<string, unknown>>,
): string[] {
  const { set = [] } = options
  const values = [...flagSets(options, more), ...set.map((text) => ({ path: 'set', values: [text] }))]
  const words = values.flatMap((flag) => flag.values.flatMap((value) => [`--${flag.path}`, String(value)]))
  return path === undefined ? words : [path, ...words]
}

/**
 * What `use` makes of the file with the flags over it, and the file's name. Errors about the file's own settings say line
 * and column.
 *
 * @param more flags of one value beside those of `experimentFlags`
 */
export async function withExperiment<T>(
  path: string | undefined,
  options: ExperimentOptions,
  more: Readonly<Record<string, unknown>>,
  use: (experiment: Record<string, unknown>) => Promise<T>,
): Promise<T> {
  const { readExperimentFile, setPaths } = await import('@genloss/lab')
  const file = path === undefined ? undefined : await readExperimentFile(path)
  const sets = flagSets(options, more)
  const { set = [] } = options
  try {
    return await use(setPaths({ name: file?.name, ...file?.input }, [...sets, ...set]))
  } catch (error) {
    const told = [...sets.map((flag) => flag.path), ...set.map((text) => text.split('=')[0]!)]
    throw placed(error, file, told)
  }
}

function placed(error: unknown, file: ExperimentFile | undefined, told: readonly string[]): unknown {
  return file && !told.some((setting) => isAbout(error, setting)) ? file.place(error) : error
}

function isAbout(error: unknown, setting: string): boolean {
  const { path } = error as { path?: unknown }
  return typeof path === 'string' && (path === setting || path.startsWith(`${setting}.`))
}

/** The flags as settings put over an experiment. */
function flagSets(options: ExperimentOptions, more: Readonly<Record<string, unknown>>): SetPath[] {
  const single = { ...Object.fromEntries(SINGLE.map((path) => [path, options[path]])), ...more }
  const sets = [
    ...SWEPT.map((path) => ({ path, values: options[path] ?? [] })),
    ...Object.entries(single).map(([path, value]) => ({ path, values: value === undefined ? [] : [value] })),
  ]
  return sets.filter(({ values }) => values.length > 0)
}
