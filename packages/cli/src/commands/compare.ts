// `genloss compare`: two samples, and what differs between them.
import type { Command } from 'commander'
import { type ComparingOptions, compareOptions, comparingFlags } from '../comparing.js'
import { describe } from '../help.js'
import { print, printJson } from '../output.js'

export function register(program: Command): void {
  const command = describe(
    program.command('compare'),
    'Two samples side by side: distances, quantiles, tails, range and categories, column by column and group by group, each beside what chance alone would give. The first file is the reference.',
    ['genloss compare real.csv generated.csv --group region', 'genloss compare real.parquet round5.parquet --json'],
  )
  comparingFlags(command).action(action)
}

async function action(reference: string, sample: string, options: ComparingOptions): Promise<void> {
  const { compare } = await import('@genloss/lab')
  const comparison = await compare(reference, sample, compareOptions(options))
  if (options.json) return printJson(comparison)
  const { compareView } = await import('../views/compare.js')
  print(compareView(comparison, options.quiet))
}
