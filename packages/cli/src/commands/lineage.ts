// `genloss lineage`: what a run was made of, where the rows of each training set came from, and what came out.
import { type Command, InvalidArgumentError } from 'commander'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'

interface Options extends Common {
  cells?: number[]
  at?: number[]
  schema?: boolean
}

export function register(program: Command): void {
  describe(
    program.command('lineage'),
    'Where the rows of each training set of a run came from, by origin and age, with the hashes of everything that it was made of and of its results. Nothing is run: numbers of rows follow from policy, sizes and stages. Tables are looked for where the experiment says, and whether they are still the same is said.',
    ['genloss lineage runs/tails', 'genloss lineage runs/tails --cells 0,3 --at 0,1,10 --json > lineage.json'],
  )
    .argument('[run]', 'the folder of a run')
    .option('--cells <numbers>', 'the cells by their places in the plan, with commas; default all', wholes)
    .option('--at <generations>', 'the generations, with commas; default those that are recorded', wholes)
    .option('--schema', 'print the JSON Schema of the document instead')
    .action(action)
}

function wholes(text: string): number[] {
  const numbers = text.split(',').map((part) => (/^\d+$/.test(part.trim()) ? Number(part) : Number.NaN))
  if (numbers.some(Number.isNaN)) throw new InvalidArgumentError('whole numbers with commas')
  return numbers
}

async function action(run: string | undefined, { json, quiet, cells, at, schema }: Options): Promise<void> {
  const { lineage, lineageSchema } = await import('@genloss/lab')
  if (schema) return print(JSON.stringify(lineageSchema, null, 2))
  if (run === undefined) throw new InvalidArgumentError('the folder of a run, or --schema')
  const document = await lineage(run, {
    ...(cells === undefined ? {} : { cells }),
    ...(at === undefined ? {} : { generations: at }),
  })
  if (json) return printJson(document)
  const { lineageView } = await import('../views/lineage.js')
  print(lineageView(document, { quiet }))
}
