// `genloss verify`: the closed forms against this build.
import type { Command } from 'commander'
import { whole } from '../flags.js'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'
import { progressLine } from '../progress.js'
import { interruption } from '../signals.js'
import { widthOf } from '../terminal.js'

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
    .option('--threads <number>', 'threads; default all that this process may use', whole(1))
    .action(action)
}

async function action({ json, quiet, quick = false, seed = '0', threads }: Options): Promise<void> {
  const { verify } = await import('@genloss/lab')
  const stop = interruption()
  const progress = progressLine('verify', { quiet })
  const onCheck = (done: number, total: number) => progress.update({ done, total })
  const { signal } = stop
  const settings = { quick, seed, signal, onCheck, ...(threads === undefined ? {} : { threads }) }
  const verified = await verify(settings).finally(() => {
    progress.end()
    stop.release()
  })
  if (verified.verdict === 'fail') process.exitCode = 1
  if (json) return printJson({ verdict: verified.verdict, rows: verified.rows })
  const { verifyText } = await import('../views/verify.js')
  print(verifyText(verified, widthOf(process.stdout), quiet))
}
