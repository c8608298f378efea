// The program: the list of commands, each loaded only when it is asked for, and one place where every error ends.
import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { exitCodeOf, failureOf, printFailure } from './errors.js'
import { exampleFirst } from './help.js'
import { guardStreams } from './output.js'
import { styles } from './terminal.js'

interface Entry {
  name: string
  summary: string
  load(): Promise<{ register(program: Command): void }>
}

/** THE list of commands. A command is a file in commands/ that exports `register(program)`, and a line here. */
export const COMMANDS: readonly Entry[] = [
  {
    name: 'audit',
    summary: 'which groups and tails of your data go, and when',
    load: () => import('./commands/audit.js'),
  },
  {
    name: 'budget',
    summary: 'how many real rows keep each group of your data',
    load: () => import('./commands/budget.js'),
  },
  {
    name: 'run',
    summary: 'run an experiment or a sweep; goes on where it was stopped',
    load: () => import('./commands/run.js'),
  },
  {
    name: 'submit',
    summary: 'hand a run to a cluster: a Slurm array, or a queue on Redis',
    load: () => import('./commands/submit.js'),
  },
  { name: 'worker', summary: 'work on the queue of a run', load: () => import('./commands/worker.js') },
  { name: 'status', summary: 'how far the queue of a run is', load: () => import('./commands/status.js') },
  { name: 'cancel', summary: 'empty the queue of a run; parts stay', load: () => import('./commands/cancel.js') },
  {
    name: 'collect',
    summary: 'put the parts of shards together, and check a run',
    load: () => import('./commands/collect.js'),
  },
  {
    name: 'attribute',
    summary: 'which of the three errors a loss is made of',
    load: () => import('./commands/attribute.js'),
  },
  {
    name: 'compare',
    summary: 'two samples: what differs, group by group, tail by tail',
    load: () => import('./commands/compare.js'),
  },
  {
    name: 'watch',
    summary: 'the same as a gate: code 3 where a limit is broken',
    load: () => import('./commands/watch.js'),
  },
  {
    name: 'scaling',
    summary: 'how losses and dates depend on n; the n that a target needs',
    load: () => import('./commands/scaling.js'),
  },
  {
    name: 'lineage',
    summary: "where a run's rows came from, by origin and age, with hashes",
    load: () => import('./commands/lineage.js'),
  },
  { name: 'query', summary: 'ask a run in SQL', load: () => import('./commands/query.js') },
  {
    name: 'paper',
    summary: "the paper's experiments, beside what is known of them",
    load: () => import('./commands/paper.js'),
  },
  {
    name: 'verify',
    summary: 'check this build against theory, as z-scores',
    load: () => import('./commands/verify.js'),
  },
  { name: 'models', summary: 'list the models and what they take', load: () => import('./commands/models.js') },
  { name: 'policies', summary: 'list the data policies and the stages', load: () => import('./commands/policies.js') },
  { name: 'columns', summary: 'list the measures that a run records', load: () => import('./commands/columns.js') },
  { name: 'new', summary: 'begin a model of your own', load: () => import('./commands/new.js') },
  { name: 'doctor', summary: 'check that this machine can run genloss', load: () => import('./commands/doctor.js') },
]

const EXAMPLES = [
  'genloss audit people.csv --group region',
  'genloss run --origin gaussian --model gaussian --policy replace --n 100 --generations 200',
]

/** Run the program on its arguments (without node and script); leaves the exit code in `process.exitCode`. */
export async function main(args: readonly string[] = process.argv.slice(2)): Promise<void> {
  guardStreams()
  try {
    const wanted = wantedCommand(args)
    const program = await build(wanted)
    if (args.length === 0) program.help({ error: true })
    // Commander would answer a misspelt command with the general help where `--help` or `help` is near.
    const isUnknown = wanted !== undefined && !COMMANDS.some(({ name }) => name === wanted)
    await program.parseAsync(isUnknown ? [wanted] : args, { from: 'user' })
  } catch (error) {
    finish(error, args)
  }
}

/** The command that is meant: the program itself has no options with values, so it is the first word. */
function wantedCommand(args: readonly string[]): string | undefined {
  const [first, second] = args.filter((word) => !word.startsWith('-'))
  return first === 'help' ? second : first
}

async function build(wanted: string | undefined): Promise<Command> {
  const program = new Command('genloss')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .configureHelp({ styleTitle: styles(process.stdout).bold })
    .usage('<command> [options]')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this; after a command, print what it takes')
    .helpCommand('help [command]', 'print what a command takes')
    .description('What a model loses when it is trained on its own output: tails, groups, variance, and when.')
  exampleFirst(program, EXAMPLES)
  program.addHelpText(
    'after',
    '\nEvery command takes --json (one document on stdout, nothing else) and --quiet.\nExit codes: 0 done, 1 failed, 2 bad usage or input, 3 some cells failed\n  or a limit was broken, 130 interrupted, 75 stopped by TERM or USR1.',
  )
  for (const { name, summary, load } of COMMANDS) {
    if (name !== wanted) program.command(name).summary(summary)
    else (await load()).register(program)
  }
  return program
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}

/** Help and version end here too: commander throws for them, with exit code 0. */
function finish(error: unknown, args: readonly string[]): void {
  const { code, exitCode, stack } = error as { code?: string; exitCode?: number; stack?: string }
  if (code === 'commander.help') process.exitCode = 2
  else if (exitCode === 0 && code?.startsWith('commander.')) process.exitCode = 0
  else {
    const failure = failureOf(error)
    if (failure.code === 'usage' && !failure.hint) failure.hint = seeHelp(args)
    printFailure(failure, args.includes('--json'), stack)
    process.exitCode = exitCodeOf(failure)
  }
}

function seeHelp(args: readonly string[]): string {
  const wanted = wantedCommand(args)
  const command = COMMANDS.find(({ name }) => name === wanted)
  return `see: genloss ${command ? `${command.name} ` : ''}--help`
}
