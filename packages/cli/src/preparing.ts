// The plan of a file with the flags over it, its name and its folder: what running and submitting begin with.
import type { Prepared } from '@genloss/lab'
import type { Command } from 'commander'
import { type ExperimentOptions, withExperiment } from './experiment-flags.js'
import { list } from './flags.js'
import { originSettings, type ReadingOptions } from './reading-flags.js'

/** Flags beside those of the experiment. */
export interface RunFlags extends ReadingOptions {
  columns?: string[]
  shares?: 'all' | string[]
  name?: string
  out?: string
}

export function runFlags(command: Command): Command {
  return command
    .option('--columns <names>', 'the columns to keep, with commas (see: genloss columns); default all', list)
    .option('--shares <classes>', 'classes whose share is a column, with commas; or all', (text) =>
      text === 'all' ? text : list(text),
    )
    .option('--name <name>', "the run's name; default the file's, or one made of model and plan")
    .option('--out <folder>', 'where the results go; default runs/<name>')
}

/** The plan of the file with the flags over it. What `check` finds wrong is told as a fault of the file or of the flag. */
export async function prepareFrom(
  path: string | undefined,
  options: ExperimentOptions & RunFlags,
  check: (prepared: Prepared) => void = () => undefined,
): Promise<{ prepared: Prepared; name: string }> {
  const { prepare } = await import('@genloss/lab')
  const { name, columns, shares } = options
  const more = { name, columns, shares, ...originSettings(options) }
  return withExperiment(path, options, more, async (given) => {
    const out = (known?: string) => options.out ?? (known === undefined ? undefined : `runs/${folderName(known)}`)
    const prepared = await prepare(given, { out, ...(options.allowCode ? { allowCode: true } : {}) })
    check(prepared)
    return { prepared, name: prepared.name ?? madeUp(prepared) }
  })
}

/** A name for a run that has none: the same settings find their folder again, others get another. */
function madeUp({ hash, cellAt }: Prepared): string {
  const { model } = cellAt(0).settings
  return `${model.kind === 'module' ? model.name : model.kind}-${hash.slice(0, 8)}`
}

/** A run's name as the name of a folder: it can't lead out of `runs`. */
export function folderName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^\.+/, '') || 'run'
}
