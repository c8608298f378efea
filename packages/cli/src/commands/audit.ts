// `genloss audit`: which groups and tails of a person's own table go when models learn from their own output, and when.
import { GenlossError } from '@genloss/models'
import { type Command, InvalidArgumentError } from 'commander'
import { above, collect, share, threadsFlag, upToOne, whole } from '../flags.js'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'
import { type ReadingOptions, readingFlags } from '../reading-flags.js'
import { working } from '../working.js'

interface Options extends Common, ReadingOptions {
  group?: string
  pipeline?: string[]
  generated?: number
  rows?: number
  rounds?: number
  replicates?: number
  seed?: string
  keep?: number
  synthetic?: string
  holdout?: string
  model?: string
  allowOverlap?: true
  temperature?: number
  topP?: number
  detector?: number[]
  topUp?: true
  poison?: number
  realWeight?: number
  curate?: Record<string, number>
  dedup?: true
  threads?: number
  save?: string
  out?: string
}

export function register(program: Command): void {
  const command = describe(
    program.command('audit'),
    'Which groups and tails of your table are lost, and by which round, when each round of models learns from rows that the last one generated. It simulates the best case, a generator that draws whole rows again, so a real one loses more; --synthetic measures yours. The table is only read, and nothing leaves this machine.',
    [
      'genloss audit people.csv --group region',
      'genloss audit people.csv --group region --synthetic round1.csv',
      'genloss audit people.parquet --group region --pipeline replace --pipeline anchor:500 --rounds 20',
    ],
  )
    .argument('<file>', 'a CSV, TSV, JSON Lines or Parquet file, plain or packed (.gz, .zst), or a DuckDB file')
    .option('--group <column>', 'the column of groups; without it every column of words with 2 to 50 of them')
    .option(
      '--pipeline <way>',
      'a way to train on: replace (only the last output), anchor:ROWS (that many real rows in every round), keep-all (all real rows in every round), pile-up (everything ever made); repeatable; default the first three',
      collect,
    )
    .option('--generated <rows>', "generated rows a round of keep-all; default the table's number", whole(1))
    .option('--rows <rows>', "rows a round of the other ways; default the table's number", whole(1))
    .option('--rounds <rounds>', 'rounds of training on; default 50', whole(1))
    .option('--replicates <runs>', 'simulated runs of each way; default 200', whole(1))
    .option('--seed <number>', 'the seed of all random numbers; default 0')
    .option('--keep <share>', 'a group is kept while it has more than this part of its real share; default 0.5', share)
    .option('--save <experiment.yaml>', 'write the experiment to a file that genloss run takes')
    .option('--out <folder>', 'where the results go; default runs/audit-<name>')
    .addOption(threadsFlag())
    .optionsGroup('Your generator, where rows of it or its settings are known:')
    .option(
      '--synthetic <file>',
      'rows that your generator made after it learned from the table: its errors are measured, group by group, and counted in',
    )
    .option('--holdout <file>', 'real rows that the generator has not seen, to hold against the table in the same way')
    .option('--allow-overlap', 'count rows that stand in the table and in the holdout instead of stopping at them')
    .option(
      '--model <kind>',
      'what each round fits to its rows and draws new ones from, as genloss run takes it: copula, copula:margin=kde, ...; not beside --synthetic',
    )
    .option('--temperature <t>', "the generator's temperature, where no rows of it are at hand; default 1", above)
    .option('--top-p <share>', 'it draws from the likeliest categories that hold this share; default 1', upToOne)
    .optionsGroup('What is done to rows on their way into a round:')
    .option(
      '--detector <shares>',
      'a detector throws away the first share of the generated rows, and the second of the real ones by mistake: 0.9,0.05',
      shares,
    )
    .option('--top-up', 'with a detector: more is made until a round of an anchor is full')
    .option('--poison <share>', 'one bad row takes this share of the new rows of each round', share)
    .option('--real-weight <times>', 'a real row counts as so many generated ones', above)
    .option(
      '--curate <value=times>',
      'rows of a value of --group are picked so many times as readily; repeatable',
      picked,
    )
    .option('--dedup', 'leave out rows of the table that repeat an earlier one')
  readingFlags(command).action(action)
}

async function action(file: string, options: Options): Promise<void> {
  const { json, quiet, pipeline, threads: _, save, out, detector, topUp, ...asked } = options
  if (topUp && !detector) throw alone()
  const { answer } = await working('audit', options, async (settings) => {
    const { audit } = await import('@genloss/lab')
    const pipelines = pipeline ? { pipelines: pipeline } : {}
    const found = detector && {
      detector: { found: detector[0]!, falseAlarms: detector[1] ?? 0, topUp: topUp ?? false },
    }
    return audit({ file, ...asked, ...pipelines, ...found }, { ...settings, ...given({ save, out }) })
  })
  if (json) return printJson(answer)
  const { auditView } = await import('../views/audit.js')
  print(auditView(answer, { saved: save, quiet }))
}

function alone(): GenlossError {
  const rule = '--detector beside it'
  return new GenlossError({
    code: 'usage',
    path: '--top-up',
    value: 'none',
    rule,
    hint: 'it fills up what a detector takes',
  })
}

/** One share or two, with a comma. */
function shares(text: string): number[] {
  const found = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (found.length <= 2 && found.every((value) => value >= 0 && value <= 1)) return found
  throw new InvalidArgumentError('one share or two from 0 to 1, such as 0.9,0.05')
}

/** `hispanic=0.5`; what follows the last `=` is the number. */
function picked(text: string, before: Record<string, number> = {}): Record<string, number> {
  const at = text.lastIndexOf('=')
  const times = at > 0 && text.slice(at + 1).trim() !== '' ? Number(text.slice(at + 1)) : Number.NaN
  if (times >= 0 && Number.isFinite(times)) return { ...before, [text.slice(0, at)]: times }
  throw new InvalidArgumentError('a value and a number of at least 0, such as north=0.5')
}

/** The settings that have a value. */
function given<T extends object>(settings: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as never
}
