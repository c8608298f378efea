// Progress on stderr: one rewriting line in a terminal, elsewhere a plain line at most every 30 seconds, or JSON lines.
import { note } from './output.js'
import { isTerminal, widthOf } from './terminal.js'

/** How far a run is: `done` of `total`, in whatever unit the caller counts. */
export interface Step {
  done: number
  total: number
  /** What was done before this run, if that is known. */
  before?: number
  /** Units a second. */
  rate?: number
  /** The share of this run's work that is done, where units differ in what they cost. */
  gained?: number
}

/** How progress is shown; `auto` depends on what stderr is. */
export const PROGRESS_FORMS = ['auto', 'plain', 'json', 'none'] as const
export type ProgressForm = (typeof PROGRESS_FORMS)[number]

export interface Progress {
  /** Take the newest state; prints only when something is due. */
  update(step: Step): void
  /** Take the rewriting line away. */
  end(): void
}

const nothing = () => undefined
const SILENT: Progress = { update: nothing, end: nothing }
const REDRAW_MS = 200
const PLAIN_MS = 30_000
const JSON_MS = 1000

export interface ProgressOptions {
  quiet?: boolean | undefined
  form?: ProgressForm | undefined
  stream?: NodeJS.WriteStream
  /** Milliseconds now; for tests. */
  now?: () => number
}

/** A progress line named `label`. Off a terminal it never writes `\r` or an escape code. */
export function progressLine(label: string, options: ProgressOptions = {}): Progress {
  const { quiet = false, form = 'auto', stream = process.stderr, now = Date.now } = options
  if (quiet || form === 'none') return SILENT
  const start = now()
  if (form === 'json') return documents(label, start, now)
  return form === 'auto' && isTerminal(stream) ? rewriting(label, stream, start, now) : plain(label, start, now)
}

function rewriting(label: string, stream: NodeJS.WriteStream, start: number, now: () => number): Progress {
  const tell = teller(label, start)
  let last = 0
  let shown = false
  return {
    update(step) {
      const words = tell(step, now())
      // A run that is over before the eye could read the line shows none.
      if (now() - start < REDRAW_MS || now() - last < REDRAW_MS) return
      last = now()
      shown = true
      stream.write(`\r${words.slice(0, widthOf(stream) - 1)}\x1b[K`)
    },
    end() {
      if (shown) stream.write('\r\x1b[K')
      shown = false
    },
  }
}

function plain(label: string, start: number, now: () => number): Progress {
  const tell = teller(label, start)
  let last = start
  return {
    update(step) {
      const words = tell(step, now())
      if (now() - last < PLAIN_MS) return
      last = now()
      note(words)
    },
    end: nothing,
  }
}

/** A JSON document a line, at most one a second, and the last state at the end. */
function documents(run: string, start: number, now: () => number): Progress {
  const measure = measurer(start)
  let last = start
  let newest: string | undefined
  const tell = () => {
    if (newest !== undefined) note(newest)
    newest = undefined
  }
  return {
    update(step) {
      const { share, elapsed, left } = measure(step, now())
      const seconds = (milliseconds: number) => Number((milliseconds / 1000).toFixed(1))
      newest = JSON.stringify({
        event: 'progress',
        run,
        done: Math.round(step.done),
        total: step.total,
        share: Number(share.toFixed(4)),
        rate: step.rate === undefined ? null : Number(step.rate.toPrecision(3)),
        elapsed: seconds(elapsed),
        left: left === undefined ? null : seconds(left),
      })
      if (now() - last < JSON_MS) return
      last = now()
      tell()
    },
    end: tell,
  }
}

/** The sentence about a step. */
function teller(label: string, start: number): (step: Step, now: number) => string {
  const measure = measurer(start)
  return (step, now) => {
    const { share, elapsed, left } = measure(step, now)
    const rate = step.rate ? `, ${perSecond(step.rate)}` : ''
    const rest = left === undefined ? '' : `, about ${duration(left)} left`
    return `${label}: ${Math.floor(100 * share)} %, ${duration(elapsed)}${rate}${rest}`
  }
}

interface Measured {
  /** Of all, what was done before included. */
  share: number
  /** Milliseconds. */
  elapsed: number
  left?: number
}

/** What a step says. What was done before this run (a resumed one) does not count for its speed. */
function measurer(start: number): (step: Step, now: number) => Measured {
  let first: number | undefined
  return ({ done, total, before: known, gained }, now) => {
    const reached = total > 0 ? Math.min(1, done / total) : 0
    first ??= reached
    const before = known === undefined || total === 0 ? first : known / total
    const own = gained ?? (before < 1 ? (reached - before) / (1 - before) : 1)
    const share = gained === undefined ? reached : before + (1 - before) * gained
    const elapsed = now - start
    return { share, elapsed, ...(own > 0.01 && own < 1 ? { left: (elapsed * (1 - own)) / own } : {}) }
  }
}

/** A rate in words: `950 fits/s`, `1.2 M fits/s`. */
function perSecond(rate: number): string {
  const [unit, name] = rate >= 1e9 ? [1e9, ' G'] : rate >= 1e6 ? [1e6, ' M'] : rate >= 1e3 ? [1e3, ' k'] : [1, '']
  return `${Number((rate / unit).toPrecision(2))}${name} fits/s`
}

/** Milliseconds in words: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  if (seconds < 59.5) return `${Math.round(seconds)} s`
  const minutes = Math.floor(Math.round(seconds) / 60)
  if (minutes < 60) return `${minutes} min ${Math.round(seconds) % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
