// How help is laid out: an example first, because it is what most readers came for; what all commands share last.
import { type Command, Help, type Option } from 'commander'
import { styles } from './terminal.js'

/** Put examples at the top of a command's help. */
export function exampleFirst(command: Command, examples: readonly string[]): Command {
  const { bold } = styles(process.stdout)
  const title = examples.length > 1 ? 'Examples:' : 'Example:'
  return command.addHelpText('before', `${bold(title)}\n${examples.map((line) => `  ${line}`).join('\n')}\n`)
}

/** What every command has: a description, examples at the top of its help, `--json` and `--quiet`. */
export function describe(command: Command, description: string, examples: readonly string[]): Command {
  return exampleFirst(command, examples)
    .description(description)
    .option('--json', 'print one JSON document on stdout and nothing else')
    .option('-q, --quiet', 'no progress and no notes: only the result, and errors')
    .helpOption('-h, --help', 'print this')
    .configureHelp({ ...command.configureHelp(), visibleOptions })
}

function visibleOptions(this: Help, command: Command): Option[] {
  const all = Help.prototype.visibleOptions.call(this, command)
  const isShared = ({ long }: Option) => long === '--json' || long === '--quiet' || long === '--help'
  return [...all.filter((option) => !isShared(option)), ...all.filter(isShared)]
}
