// `genloss attribute`: what is lost in one cell, parted by the three errors that make it.
import type { AttributeOptions, Attribution } from '@genloss/lab'
import { type Command, Option } from 'commander'
import { type ExperimentOptions, experimentFlags, setFlag, withExperiment } from '../experiment-flags.js'
import { list, threadsFlag } from '../flags.js'
import { describe } from '../help.js'
import { type Common, note, print, printJson } from '../output.js'
import { originSettings, type ReadingOptions, readingFlags } from '../reading-flags.js'
import { widthOf } from '../terminal.js'
import { working } from '../working.js'

interface Options extends Common, ExperimentOptions, ReadingOptions {
  measures?: string[]
  shapley?: boolean
  statistic: 'mean' | 'median'
  threads?: number
}

export function register(program: Command): void {
  const command = describe(
    program.command('attribute'),
    'Part what is lost by the errors that make it: a family that cannot be the origin (expressivity), a learner that stops short (approximation), too few records (statistical). The parts add up to the loss.',
    [
      'genloss attribute --origin gaussian --model gaussian --n 50 --generations 50 --replicates 1000',
      'genloss attribute --origin mixture --model gaussian --n inf --generations 20',
      'genloss attribute --origin mixture --model gaussian-mixture:iterations=2 --n inf --generations 20',
    ],
  )
  experimentFlags(command, { sweeps: false })
  readingFlags(
    setFlag(command, { sweeps: false })
      .option(
        '--measures <names>',
        'the measures to part, with commas (see: genloss columns); default all that say what is lost',
        list,
      )
      .option(
        '--shapley',
        'parts as means over all orders of the errors; without it, in their order, one on top of the other',
      )
      .addOption(
        new Option('--statistic <name>', 'what of the chains is parted: mean or median')
          .choices(['mean', 'median'])
          .default('mean'),
      )
      .addOption(threadsFlag()),
  ).action(action)
}

async function action(file: string | undefined, options: Options): Promise<void> {
  const attributed = await attributeUntilStopped(file, options)
  const { json, quiet, measures } = options
  if (attributed.read.length > 0 && !quiet) {
    const { tellFiles } = await import('../views/read.js')
    tellFiles(attributed.read)
  }
  const { toJson } = await import('@genloss/metrics')
  if (json) return printJson(toJson(attributed))
  if (!quiet) for (const text of attributed.notes) note(`note: ${text}`)
  const { attributionText } = await import('../views/attribution.js')
  print(attributionText(attributed, { width: widthOf(process.stdout), every: measures !== undefined }))
}

async function attributeUntilStopped(file: string | undefined, options: Options): Promise<Attribution> {
  const { attribute } = await import('@genloss/lab')
  const { measures, shapley, statistic } = options
  const asked: AttributeOptions = {
    statistic,
    way: shapley ? 'shapley' : 'nested',
    ...(measures === undefined ? {} : { measures }),
    ...(options.allowCode ? { allowCode: true } : {}),
  }
  return working('attribute', options, (settings) =>
    withExperiment(file, options, originSettings(options), (experiment) =>
      attribute(experiment, { ...asked, ...settings }),
    ),
  )
}
