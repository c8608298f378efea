// `genloss verify`: the closed forms against this build.
import type { Command } from 'commander'
import { threadsFlag } from '../flags.js'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'
import { widthOf } from '../terminal.js'
import { working } from '../working.js'

interface Options extends Common {
  quick?: boolean
  seed?: string
  threads?: number
}

export function register(program: Command): void {
  describe(
    program.command('verify'),
    'Check this build against theory: chains of many settings beside their closed forms, each comparison as a z-score. Ends with code 1 where one lies too far off, or where the z-scores together are not those of a right build.',
    ['genloss verify --quick', 'genloss verify --json > verify.json'],
  )
    .option('--quick', 'fewer settings and chains: seconds instead of a minute or two')
    .option('--seed <number>', 'the seed of all random numbers; default 0')
    .addOption(threadsFlag())
    .action(action)
}

async function action(options: Options): Promise<void> {
  const { json, quiet, quick = false, seed = '0' } = options
  const { verify } = await import('@genloss/lab')
  const verified = await working('verify', options, ({ onProgress, ...settings }) => {
    const onCheck = (done: number, total: number) => onProgress({ done, total })
    return verify({ quick, seed, onCheck, ...settings })
  })
  if (verified.verdict === 'fail') process.exitCode = 1
  if (json) return printJson({ verdict: verified.verdict, rows: verified.rows })
  const { verifyText } = await import('../views/verify.js')
  print(verifyText(verified, widthOf(process.stdout), quiet))
}
