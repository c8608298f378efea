// `genloss watch`: a comparison of two samples as a gate for pipelines.
import { existsSync } from 'node:fs'
import type { LimitsInput } from '@genloss/lab'
import type { Command } from 'commander'
import { type ComparingOptions, compareOptions, comparingFlags } from '../comparing.js'
import { collect, share } from '../flags.js'
import { describe } from '../help.js'
import { print, printJson } from '../output.js'

interface Options extends ComparingOptions {
  limits?: string[]
  significance?: number
}

export function register(program: Command): void {
  const command = describe(
    program.command('watch'),
    'Hold a sample against a reference: ends with code 3 where a limit is broken, in all rows or within a group, and says which, where and by how much. Without limits: each tail, each category and group and the variance keep half of what they were, as far as chance alone would not give less.',
    [
      'genloss watch real.csv generated.csv --group region --limits ks=0.1,tail=0.5',
      'genloss watch real.csv generated.csv --limits limits.yaml --json',
    ],
  )
  comparingFlags(command)
    .option(
      '--limits <limits>',
      'a YAML or JSON file, or name=value with commas: ks=0.1,wage.tail=0.8,variance_ratio=0.5..2; repeatable; wrong names are answered with the list',
      collect,
    )
    .option('--significance <p>', 'count only what chance alone gives in at most this part of cases', share)
    .action(action)
}

async function action(reference: string, sample: string, options: Options): Promise<void> {
  const { watch, readLimitsFile } = await import('@genloss/lab')
  const limits: (string | LimitsInput)[] = []
  for (const text of options.limits ?? []) {
    // A name with an equals sign that is a file is one.
    const isFile = !text.includes('=') || existsSync(text)
    limits.push(isFile ? await readLimitsFile(text) : text)
  }
  const { significance } = options
  const chance = significance === undefined ? {} : { significance }
  const watched = await watch(reference, sample, { ...compareOptions(options), ...chance, limits })
  if (watched.verdict === 'fail') process.exitCode = 3
  if (options.json) return printJson(watched)
  const { watchView } = await import('../views/watch.js')
  print(watchView(watched, options.quiet))
}
