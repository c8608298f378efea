// `genloss columns`: what a run records of every generation.
import type { Command } from 'commander'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'
import { styles, table } from '../terminal.js'
import { columnList } from '../views/columns.js'

export function register(program: Command): void {
  describe(
    program.command('columns'),
    'The measures that a run records of every generation (--columns), and the events that it dates.',
    ['genloss columns gaussian', 'genloss run --origin gaussian --n 100 --columns variance_ratio,tail_p01'],
  )
    .argument('[model]', 'the columns of this model only')
    .action(async (model: string | undefined, { json }: Common) => {
      const [{ description }, { modelShapes, shapeOf }] = await Promise.all([
        import('@genloss/lab'),
        import('@genloss/models'),
      ])
      const { families, events, stoppedReasons } = description()
      const kind = model && shapeOf(modelShapes, model, 'model').kind
      const columns = columnList(families.filter((family) => !kind || family.kind === kind))
      if (json) return printJson({ columns, events, stopped_reasons: stoppedReasons })
      const rows = columns.map(({ name, models, doc }) => (kind ? [name, doc] : [name, models.join(', '), doc]))
      const head = kind ? ['column', 'what it is'] : ['column', 'models', 'what it is']
      print(table(head, rows, { align: 'lll', head: styles(process.stdout).bold }))
      print(`\nevents: ${events.join(', ')}\nwhat stops a chain: ${stoppedReasons.join(', ')}`)
    })
}
