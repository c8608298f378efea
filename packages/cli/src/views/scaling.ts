// What a person sees of how losses depend on n: the laws, the values beside theory, half-lives, growing sizes, targets.
import type { FittedQuantity, Interval, ScalingCurve, ScalingResult, ScalingTarget } from '@genloss/lab'
import { isObject, modelShapes, originShapes, policies, type Shapes, stripDefaults } from '@genloss/models'
import { styles, wrap } from '../terminal.js'
import { word } from './cells.js'
import { intervalText } from './intervals.js'
import { count, percent, short } from './numbers.js'
import { type Column, growthText, halfLifeTable, riskTable, tables, valueTables } from './scaling-tables.js'

export interface ScalingTextOptions {
  name: string
  /** Columns of the terminal. */
  width: number
}

/** Curves with tables of their values; of more the laws alone are shown. */
const MOST_VALUES = 4
/** Curves shown. */
const MOST_CURVES = 12

/** The text about scaling. */
export function scalingText({ curves, growth, run }: ScalingResult, { name, width }: ScalingTextOptions): string {
  const { bold, dim } = styles(process.stdout)
  const several = curves.length > 1
  const shown = curves.slice(0, MOST_CURVES)
  const blocks = shown.flatMap((curve) => curveText(curve, several, curves.length <= MOST_VALUES, width, bold))
  return [
    bold(wrap(title(name, curves), width, 2)),
    '',
    ...blocks,
    ...(curves.length > shown.length
      ? [`... and ${curves.length - shown.length} more curves; --json has them all`, '']
      : []),
    ...growthText(growth, width, bold),
    ...legend(curves).map((line) => dim(wrap(line, width, 2))),
    ...(run === null ? [] : [...(curves.length > 0 ? [''] : []), `files  ${run}`]),
  ].join('\n')
}

function title(name: string, curves: readonly ScalingCurve[]): string {
  const [first] = curves
  if (!first) return `${name}: sizes that grow`
  const sizes = first.quantities[0]?.points.map(({ n }) => n) ?? []
  const chains = count(first.settings.replicates)
  const many = curves.length > 1 ? `${curves.length} curves of ` : ''
  return `${name}: ${many}${sizes.length} sizes, n = ${count(sizes[0]!)} to ${count(sizes.at(-1)!)}, ${chains} chains each`
}

const shapes: Readonly<Record<string, Shapes>> = { origin: originShapes, model: modelShapes, policy: policies }

/** An object with a kind without what is at its default. */
function plain(path: string, value: unknown): unknown {
  if (!isObject(value) || typeof value.kind !== 'string') return value
  const { kind, ...settings } = value
  return { kind, ...stripDefaults(shapes[path]?.[kind as string]?.fields ?? {}, settings) }
}

/** What tells a curve from the others. */
function labelOf({ swept, schedule }: ScalingCurve): string {
  const others = Object.entries(swept).map(([path, value]) => `${path} ${word(path, plain(path, value))}`)
  const growing = schedule
    ? [`n = start, ${'power' in schedule ? `power ${schedule.power}` : `factor ${schedule.factor}`}`]
    : []
  return [...others, ...growing].join(', ')
}

function curveText(
  curve: ScalingCurve,
  named: boolean,
  values: boolean,
  width: number,
  bold: (text: string) => string,
): string[] {
  const { quantities, half_life, risk } = curve
  const label = labelOf(curve)
  const generations = [...new Set(quantities.flatMap(({ generation }) => generation ?? []))]
  const nameOf = (quantity: FittedQuantity) => quantityName(quantity, generations.length > 1)
  const remarks = remarksText(quantities, nameOf)
  const targets = quantities.flatMap((quantity) => quantity.targets.map((one) => targetText(quantity, one)))
  return [
    ...(named || curve.schedule ? [bold(label)] : []),
    ...(generations.length === 1 ? [`at generation ${generations[0]}`] : []),
    ...tables<FittedQuantity>(['law of', nameOf], lawColumns(quantities), quantities, width, bold),
    ...targets.map((line) => wrap(line, width, 2)),
    ...(targets.length > 0 ? [''] : []),
    ...remarks.map((line) => wrap(line, width, 2)),
    ...(remarks.length > 0 ? [''] : []),
    ...(values
      ? valueTables(
          quantities.filter(({ name }) => !risk || name !== 'w2_squared'),
          nameOf,
          width,
          bold,
        )
      : []),
    ...(values && half_life ? halfLifeTable(half_life, width, bold) : []),
    ...(values && risk ? riskTable(risk, width, bold) : []),
  ]
}

/** What to know of the laws; which values are left out of them stands at the values. */
function remarksText(quantities: readonly FittedQuantity[], nameOf: (quantity: FittedQuantity) => string): string[] {
  const none = quantities.filter(({ law }) => law === null)
  const few = none.length > 0 ? [`no law of ${none.map(nameOf).join(', ')}: fewer than 3 sizes can be fitted`] : []
  const told = quantities.flatMap((quantity) => {
    const lines: string[] = []
    if (quantity.misfit) {
      const { from, to, exponent } = quantity.local.at(-1)!
      const off = percent(lawOf(quantity)!.worst)
      lines.push(`misfit: off by up to ${off}; from n = ${count(from)} to ${count(to)} e is ${exponentText(exponent)}`)
    }
    if (quantity.contradicted.length > 0) {
      lines.push(`came later than the law has it at n = ${quantity.contradicted.map(count).join(', ')}`)
    }
    return lines.map((line) => `${nameOf(quantity)}: ${line}`)
  })
  return [...told, ...few]
}

/** `kl_forward`, `1 - tail_p01`, `w2^2`, `early date`: means of measures and medians of ratios and dates, unless it says so. */
function quantityName({ name, statistic, departure, generation }: FittedQuantity, dated: boolean): string {
  const at = dated && generation !== null ? ` at ${generation}` : ''
  if (statistic === 'date') return `${name} date`
  if (statistic === 'mean_square') return `${name.replace(/_squared$/, '')}^2${at}`
  const forms = { below: `1 - ${name}`, above: `${name} - 1`, negative: `-${name}` }
  const isRatio = departure === 'below' || departure === 'above'
  const usual = isRatio ? 'median' : 'mean'
  const value = departure === null ? name : forms[departure]
  return `${statistic === usual ? '' : `${statistic} `}${value}${at}`
}

const lawOf = ({ law, power, with_plateau }: FittedQuantity) => (law === 'plateau' ? with_plateau : power)

function lawColumns(quantities: readonly FittedQuantity[]): Column<FittedQuantity>[] {
  const hasTheory = quantities.some(({ theory_exponent }) => !Number.isNaN(theory_exponent))
  return [
    ['A n^e', (one) => lawText(one)],
    ...(hasTheory ? [['theory', ({ theory_exponent }) => short(theory_exponent)] as Column<FittedQuantity>] : []),
    ['plateau', plateauText],
    ['from n', fromText],
  ]
}

/** `144 n^-0.993 (-1.002 to -0.985)`. */
function lawText(quantity: FittedQuantity): string {
  const law = lawOf(quantity)
  if (!law) return '-'
  return `${short(law.amplitude.value)} n^${exponentText(law.exponent)}${quantity.misfit ? ' misfit' : ''}`
}

/** `-0.993 (-1.002 to -0.985)`: no more digits than the interval bears. */
function exponentText({ value, low, high }: Interval): string {
  const digits = high - low < 0.02 ? 3 : 2
  const [e, from, to] = [value, low, high].map((one) => one.toFixed(digits))
  return `${e} (${from} to ${to})`
}

function plateauText({ plateau, largest_plateau, power, with_plateau, statistic }: FittedQuantity): string {
  if (plateau === 'seen') return intervalText(with_plateau!.plateau)
  if (plateau === 'known') return power ? `${short(power.plateau.value)} (inf)` : '-'
  if (statistic === 'date') return '-'
  if (plateau === 'none') return 'none'
  return plateau === 'unclear' ? `<=${short(largest_plateau, 2)}` : '-'
}

function fromText({ law, points }: FittedQuantity): string {
  const first = points.find(({ left_out }) => left_out === null)
  return law === null || !first ? '-' : count(first.n)
}

/** `kl_forward = 0.01 needs n = 6,396 (5,835 to 6,927), beyond the sizes of the law`. */
function targetText(
  { name, points, law }: FittedQuantity,
  { value, n, low, high, by, extrapolated }: ScalingTarget,
): string {
  const what = `${name} = ${value}`
  if (law === null) return `${what}: no law to read n off`
  if (!Number.isFinite(n)) return `${what}: no n reaches it`
  const most = Number.isFinite(high) ? `to ${count(high)}` : 'or more'
  const sizes = points.flatMap((point) => (point.left_out === null ? [point.n] : []))
  const far = extrapolated
    ? `, beyond the sizes of the law (${count(Math.min(...sizes))} to ${count(Math.max(...sizes))})`
    : ''
  const read = by === 'neighbours' && extrapolated ? ', by the last two: the law misfits' : ''
  return `${what} needs n = ${count(n)} (${count(low)} ${most})${far}${read}`
}

function legend(curves: readonly ScalingCurve[]): string[] {
  const all = curves.flatMap(({ quantities }) => quantities)
  if (all.length === 0) return []
  const isDated = all.some(({ statistic, law }) => statistic === 'date' && law !== null)
  const isHalved = curves.some(({ half_life }) => half_life)
  return [
    'A n^e (+ plateau): least squares of logarithms over the sizes from the one named; 95 % intervals from resamples of chains. theory: e of the same fit to theory. plateau: what is left for n without end; <=: no more than that, it may be none; (inf): measured at n = inf. Means of measures, medians of ratios and dates, where it does not say otherwise.',
    all.some(({ points }) => points.some(({ left_out }) => left_out !== null))
      ? '*: not in the law; --json says why.'
      : '',
    isDated ? "Dates: the law is of the median date plus one half; 'later' is beyond the last generation." : '',
    isHalved
      ? "median halved: the first generation whose median variance over chains is at most half of the origin's; first passage: the median over chains of the first generation at which their own is. Fits count from 1, generations from 0."
      : '',
  ].filter(Boolean)
}
