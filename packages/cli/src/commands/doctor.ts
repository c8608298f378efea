// `genloss doctor`: is everything here that a run needs, and if not, what mends it.
import type { Command } from 'commander'
import { checks, type Finding } from '../checks.js'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'
import { styles } from '../terminal.js'

export function register(program: Command): void {
  describe(
    program.command('doctor'),
    'Check that this machine can run genloss: Node, the native core, threads, DuckDB, a folder to write to. Says the cure for what is broken and then ends with code 1.',
    ['genloss doctor'],
  ).action(async ({ json, quiet }: Common) => {
    const found: Finding[] = []
    for (const check of checks) found.push(await check())
    const ok = found.every((finding) => finding.ok)
    if (!ok) process.exitCode = 1
    if (json) return printJson({ ok, checks: found })
    const { green, red, bold } = styles(process.stdout)
    for (const { name, ok, says, cure } of found) {
      if (quiet && ok) continue
      print(`${ok ? green('ok   ') : bold(red('BAD  '))} ${name.padEnd(9)} ${says}`)
      if (cure) print(`      cure:     ${cure}`)
    }
  })
}
