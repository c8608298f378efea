// `genloss new`: files to begin a model of one's own with.
import type { Command } from 'commander'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'

interface Options extends Common {
  template?: string
  out: string
}

export function register(program: Command): void {
  describe(
    program.command('new'),
    'Begin a model of your own: a TypeScript module, its test with the law kit, and an experiment that runs it. Files that are there are never written over.',
    ['genloss new model laplace', 'genloss new model shares --template categorical --out models'],
  )
    .argument('<what>', 'model')
    .argument('<name>', 'its name: lower-case letters, digits and dashes')
    .option('--template <family>', 'what it begins as: gaussian, categorical or empirical; default gaussian')
    .option('--out <folder>', 'where the files go', '.')
    .action(action)
}

async function action(what: string, name: string, { template, out, json, quiet }: Options): Promise<void> {
  const { writeNew } = await import('@genloss/lab')
  const files = await writeNew(what, name, out, template)
  if (json) return printJson({ files })
  if (quiet) return print(files.join('\n'))
  const [model, test, experiment] = files as [string, string, string]
  const lines = [
    `${model}  the model: fit and sample are yours to change`,
    `${test}  its laws: npx vitest run ${test}`,
    `${experiment}  an experiment: genloss run ${experiment} --allow-code`,
  ]
  const width = Math.max(...files.map((file) => file.length))
  print(lines.map((line, i) => `${files[i]!.padEnd(width)}${line.slice(files[i]!.length)}`).join('\n'))
}
