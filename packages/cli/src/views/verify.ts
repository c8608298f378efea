// The verdict of verify for people: one line a setting, and every comparison that is wrong.
import type { Verified } from '@genloss/lab'
import { displayWidth, isTerminal, styles, table } from '../terminal.js'
import { short } from './numbers.js'

/** Comparisons that are shown one by one, at most. */
const MOST_FAULTS = 20

/** The whole text; a quiet one has no table. Settings are shortened for a terminal of a width. */
export function verifyText(verified: Verified, width: number, quiet = false): string {
  const { verdict, rows, rms, largest, limit, faults } = verified
  const { bold, green, red } = styles(process.stdout)
  const settings = new Map<string, number[]>()
  for (const { setting, z } of rows) {
    const scores = settings.get(setting) ?? []
    settings.set(setting, scores)
    scores.push(z === null ? Number.NaN : Math.abs(z))
  }
  const lines = [...settings].map(([setting, scores]) => {
    const known = scores.filter((z) => !Number.isNaN(z))
    const most = known.length ? Math.max(...known).toFixed(1) : 'equal'
    return [isTerminal(process.stdout) ? shortened(setting, width - 26) : setting, String(scores.length), most]
  })
  const list = table(['setting', 'comparisons', 'largest |z|'], lines, { align: 'lrr', head: bold })
  const shown = faults.slice(0, MOST_FAULTS).map((fault) => `${red('WRONG')} ${fault}`)
  if (faults.length > MOST_FAULTS) shown.push(`and ${faults.length - MOST_FAULTS} more (--json has all rows)`)
  const word = verdict === 'pass' ? green('PASS') : bold(red('FAIL'))
  const sum = `${word}: ${rows.length} comparisons in ${settings.size} settings, largest |z| ${largest.toFixed(1)} (at most ${limit.toFixed(1)}), root mean square ${short(rms)}`
  return [...(quiet ? [] : [list, '']), ...shown, sum].join('\n')
}

function shortened(text: string, width: number): string {
  const most = Math.max(40, width)
  return displayWidth(text) <= most ? text : `${text.slice(0, most - 1)}…`
}
