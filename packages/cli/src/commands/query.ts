// `genloss query`: a run asked in SQL.
import { type Command, Option } from 'commander'
import { describe } from '../help.js'
import { type Common, note, print, printJson } from '../output.js'
import { styles, table } from '../terminal.js'
import { csv } from '../views/csv.js'

interface Options extends Common {
  csv?: boolean
}

export function register(program: Command): void {
  describe(
    program.command('query'),
    'Ask a run in SQL (DuckDB). The views are cells (cell, and every swept setting), observations (cell, replicate, generation, and the columns), events (cell, replicate, event, generation, reason) and summary (cell, generation, measure, mean, sd, low, high, median, median_low, median_high, q05, q95, reliable).',
    [
      'genloss query runs/tails "select generation, median(tail_p01) from observations group by 1 order by 1"',
      'genloss query runs/tails "from summary where measure = \'variance_ratio\'" --csv > variance.csv',
    ],
  )
    .argument('<run>', 'the folder of a run')
    .argument('<sql>', 'one SELECT; names with a dot stand in double quotes')
    .addOption(new Option('--csv', 'print comma-separated values').conflicts('json'))
    .action(async (run: string, sql: string, { json, csv: asCsv, quiet }: Options) => {
      const { query } = await import('@genloss/lab')
      const rows = await query(run, sql, { onNote: (text) => quiet || note(`note: ${text}`) })
      if (json) return printJson(rows)
      const names = Object.keys(rows[0] ?? {})
      if (asCsv) return print(csv(names, rows))
      if (rows.length) {
        const cells = rows.map((row) => names.map((name) => row[name]))
        print(table(names, cells, { head: styles(process.stdout).bold }))
      }
      if (!quiet) note(rows.length === 1 ? '1 row' : `${rows.length} rows`)
    })
}
