// `genloss paper`: the paper's experiments, listed, or run beside what is known of them.
import type { Preset, Reproduction } from '@genloss/lab'
import type { Command } from 'commander'
import { setFlag } from '../experiment-flags.js'
import { threadsFlag } from '../flags.js'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'
import { widthOf } from '../terminal.js'
import { working } from '../working.js'

interface Options extends Common {
  quick?: boolean
  set?: string[]
  seed?: string
  threads?: number
}

export function register(program: Command): void {
  const command = describe(
    program.command('paper'),
    'The experiments of the paper on model collapse (Shumailov et al., Nature 2024). Without a name they are listed; with names, or all, they are run, and each number is laid beside the published one, where that is known here, and the exact one. Ends with code 1 where one differs.',
    [
      'genloss paper',
      'genloss paper recursion-replace',
      'genloss paper recursion-replace --set model.estimator=unbiased',
      'genloss paper all --quick',
    ],
  ).argument('[names...]', 'the experiments to run, or all')
  command.option('--quick', 'fewer chains: all of them in well under three minutes')
  setFlag(command, { sweeps: true })
    .option('--seed <number>', 'the seed of all random numbers; default 0')
    .addOption(threadsFlag())
    .action(action)
}

async function action(names: string[], options: Options): Promise<void> {
  const lab = await import('@genloss/lab')
  const width = widthOf(process.stdout)
  const { paperText, listText, paperDocument, listDocument } = await import('../views/paper.js')
  if (names.length === 0) return options.json ? printJson(listDocument()) : print(listText(width))
  const presets = lab.presetsOf(names, options.set)
  const found = await runUntilStopped(presets, options)
  if (found.some(({ verdict }) => verdict === 'differs')) process.exitCode = 1
  const { quick = false } = options
  return options.json
    ? printJson(paperDocument(found, quick))
    : print(paperText(found, { width, quiet: options.quiet ?? false }))
}

async function runUntilStopped(presets: readonly Preset[], options: Options): Promise<Reproduction[]> {
  const { paper } = await import('@genloss/lab')
  const { quick = false, seed = '0', set = [] } = options
  const total = presets.reduce((sum, { parts }) => sum + parts.length, 0)
  return working('paper', options, async ({ onProgress, ...settings }) => {
    const found: Reproduction[] = []
    let before = 0
    for (const preset of presets) {
      const onPart = (done: number) => onProgress({ done: before + done, total })
      found.push(await paper(preset, { quick, seed, set, onPart, ...settings }))
      before += preset.parts.length
    }
    return found
  })
}
