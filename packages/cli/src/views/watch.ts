// A gate on the screen: what is beyond its limit, by how much, and where; what could not be held against one.
import type { Limit, Unchecked, WatchCheck, Watched } from '@genloss/lab'
import { styles, wrap } from '../terminal.js'
import { paragraph, WIDTH } from './audit-text.js'
import { count, pValue, short } from './numbers.js'

const mostBroken = 40
const mostByChance = 5

/** The whole text; a quiet one says only what is broken. */
export function watchView(
  { verdict, broken, checked, by_chance, unchecked, limits, significance, comparison }: Watched,
  quiet = false,
): string {
  const { bold, green, red } = styles(process.stdout)
  const { reference, sample } = comparison
  const files = `${base(sample.file)} against ${base(reference.file)}`
  const sum =
    verdict === 'pass'
      ? `${green('PASS')}: ${files}, ${times(checked, 'value')} within ${times(limits.length, 'limit')}`
      : `${bold(red('FAIL'))}: ${files}, ${count(broken.length)} of ${times(checked, 'value')} beyond ${broken.length === 1 ? 'its limit' : 'their limits'}`
  const lines = [wrap(sum, WIDTH)]
  if (broken.length > 0) lines.push('', ...checkLines(broken.slice(0, mostBroken)))
  if (broken.length > mostBroken) lines.push(`  and ${count(broken.length - mostBroken)} more (--json)`)
  if (quiet) return lines.join('\n')
  if (by_chance.length > 0) {
    lines.push('', `BEYOND A LIMIT, but no more than chance gives (p above ${significance})`)
    lines.push(...checkLines(by_chance.slice(0, mostByChance)))
    if (by_chance.length > mostByChance) lines.push(`  and ${count(by_chance.length - mostByChance)} more (--json)`)
  }
  if (unchecked.length > 0) lines.push('', ...paragraph('NOT CHECKED ', '  ', uncheckedText(unchecked)))
  const chance = significance === null ? '' : `; only what has p ${significance} or less counts (--significance)`
  lines.push('', ...paragraph('LIMITS ', '  ', `${limits.map(limitText).join(', ')}${chance}`))
  return lines.join('\n')
}

/** `tail: 90 with fewer than 10 rows of the reference, 30 whose outermost number many rows share; ks: 1 not defined`. */
function uncheckedText(unchecked: readonly Unchecked[]): string {
  const names = [...new Set(unchecked.map(({ limit }) => limit))]
  const reasons = Object.keys(reasonWords) as Unchecked['reason'][]
  return names
    .map((name) => {
      const own = unchecked.filter(({ limit }) => limit === name)
      const parts = reasons.flatMap((reason) => {
        const found = own.filter((each) => each.reason === reason)
        if (found.length === 0) return []
        return [
          found.length === 1 ? `${found[0]!.what} (${found[0]!.why})` : `${count(found.length)} ${reasonWords[reason]}`,
        ]
      })
      return `${name}: ${parts.join(', ')}`
    })
    .join('; ')
}

const reasonWords = {
  few: 'with fewer than 10 rows of the reference',
  shared: 'whose outermost number many rows share',
  undefined: 'where it is not defined',
} as const

/** `tail of lowest 1 % of wage: 0.2 is 0.3 below 0.5 (rows 20 → 4, p <0.001)`. */
function checkLines(checks: readonly WatchCheck[]): string[] {
  return checks.flatMap(({ limit, what, value, least, most, by, rows, p }) => {
    const bound = least !== null && !(value > least) ? least : (most ?? least!)
    const side = bound === least ? 'below' : 'above'
    const known = Number.isFinite(value)
      ? `${short(value)} is ${short(by, 2)} ${side} ${short(bound)}`
      : `infinite, above ${short(bound)}`
    const test = Number.isNaN(p) ? '' : `, p ${pValue(p)}`
    const said = Number.isNaN(value) ? 'nothing is left' : known
    return paragraph('  ', '    ', `${limit} of ${what}: ${said} (rows ${rows.map(count).join(' → ')}${test})`)
  })
}

function boundText({ least, most }: Pick<Limit, 'least' | 'most'>): string {
  if (least !== null && most !== null) return `${short(least)}..${short(most)}`
  return least === null ? `<=${short(most)}` : `>=${short(least)}`
}

function limitText({ name, column, where, least, most }: Limit): string {
  const place = where === 'groups' ? ' in groups' : where === 'whole' ? ' of all rows' : ''
  return `${column === null ? '' : `${column}.`}${name} ${boundText({ least, most })}${place}`
}

/** The name of a file without its folder. */
function base(file: string): string {
  return file.split(/[\\/]/).at(-1)!
}

function times(value: number, word: string): string {
  return value === 1 ? `1 ${word}` : `${count(value)} ${word}s`
}
