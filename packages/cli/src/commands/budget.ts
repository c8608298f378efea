// `genloss budget`: how many real rows keep each group of a person's own table, and how many rounds a number of them allows.
import type { Command } from 'commander'
import { share, threadsFlag, whole } from '../flags.js'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'
import { type ReadingOptions, readingFlags } from '../reading-flags.js'
import { working } from '../working.js'

interface Options extends Common, ReadingOptions {
  group?: string
  rounds?: number
  keep?: number
  confidence?: number
  rows?: number
  realRows?: number
  replicates?: number
  seed?: string
  threads?: number
  save?: string
  out?: string
}

export function register(program: Command): void {
  const command = describe(
    program.command('budget'),
    'How many real rows keep each group of your table when each round of models learns from rows that the last one generated, and the same real rows stand in every round: picked at random, or stratified by group. It simulates the best case, a generator that draws whole rows again, and says what a worse one needs. The table is only read, and nothing leaves this machine.',
    [
      'genloss budget people.csv --group region --rounds 20',
      'genloss budget people.parquet --group region --rounds 50 --keep 0.8 --real-rows 2000',
    ],
  )
    .argument('<file>', 'a CSV, TSV, JSON Lines or Parquet file, plain or packed (.gz, .zst), or a DuckDB file')
    .option('--group <column>', 'the column of groups; without it the column of words with the rarest group')
    .option(
      '--rounds <rounds>',
      'rounds of training on, at the last of which groups are looked at; default 20',
      whole(1),
    )
    .option('--keep <share>', 'a group is kept while it has more than this part of its real share; default 0.5', share)
    .option('--confidence <share>', 'the share of runs in which each group has to be kept; default 0.95', share)
    .option('--rows <rows>', "rows a round, real and generated; default the table's number", whole(1))
    .option('--real-rows <rows>', 'say also for how many rounds so many real rows keep each group', whole(0))
    .option(
      '--replicates <runs>',
      'simulated runs of each number of real rows; default 20,000, fewer for very many groups or rounds',
      whole(1),
    )
    .option('--seed <number>', 'the seed of all random numbers; default 0')
    .option('--save <experiment.yaml>', 'write the experiment to a file that genloss run takes')
    .option('--out <folder>', 'where the results go; default runs/budget-<name>')
    .addOption(threadsFlag())
  readingFlags(command).action(action)
}

async function action(file: string, options: Options): Promise<void> {
  const { json, quiet, threads: _, save, out, ...asked } = options
  const { answer } = await working('budget', options, async (settings) => {
    const { budget } = await import('@genloss/lab')
    return budget(
      { file, ...asked },
      { ...settings, ...(save === undefined ? {} : { save }), ...(out === undefined ? {} : { out }) },
    )
  })
  if (json) return printJson(answer)
  const { budgetView } = await import('../views/budget.js')
  print(budgetView(answer, { saved: save, quiet }))
}
