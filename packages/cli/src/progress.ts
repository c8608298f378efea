// Progress on stderr: one rewriting line in a terminal, elsewhere a plain line at most every 30 seconds.
import { note } from './output.js'
import { isTerminal, widthOf } from './terminal.js'

/** How far a run is: `done` of `total`, in whatever unit the caller counts. */
export interface Step {
  done: number
  total: number
}

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

export interface ProgressOptions {
  quiet?: boolean | undefined
  stream?: NodeJS.WriteStream
  /** Milliseconds now; for tests. */
  now?: () => number
}

/** A progress line named `label`. Off a terminal it never writes `\r` or an escape code. */
export function progressLine(label: string, options: ProgressOptions = {}): Progress {
  const { quiet = false, stream = process.stderr, now = Date.now } = options
  if (quiet) return SILENT
  const start = now()
  return isTerminal(stream) ? rewriting(label, stream, start, now) : plain(label, start, now)
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

/** The sentence about a step. What was done before this run (a resumed one) does not count for its speed. */
function teller(label: string, start: number): (step: Step, now: number) => string {
  let before: number | undefined
  return ({ done, total }, now) => {
    const share = total > 0 ? Math.min(1, done / total) : 0
    before ??= share
    const elapsed = now - start
    const gained = share - before
    const left = gained > 0.01 && share < 1 ? `, about ${duration((elapsed * (1 - share)) / gained)} left` : ''
    return `${label}: ${Math.floor(100 * share)} %, ${duration(elapsed)}${left}`
  }
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
