// Signals as an AbortSignal: the first one asks the work to stop at the next good place, the second ends the program at once.
import { constants } from 'node:os'

/** 130 after Ctrl-C, 75 after TERM or USR1: a scheduler's word, the job may be put in the queue again. */
const CODES = { SIGINT: 130, SIGTERM: 75, SIGUSR1: 75 } as const
type Name = keyof typeof CODES

let received: Name | undefined

/** The exit code of the signal that came, if one came. */
export function signalCode(): number | undefined {
  return received && CODES[received]
}

export interface Interruption {
  /** Asks for a stop within about a tenth of a second. */
  signal: AbortSignal
  /** Asks for a stop after what is in hand. */
  drain: AbortSignal
  /** Back to the system's own handling. */
  release(): void
}

/**
 * Listen for SIGINT, SIGTERM and SIGUSR1 until released. Listening to USR1 also keeps Node from opening its debugger.
 *
 * @param drains TERM and USR1 let the work in hand finish, which a scheduler leaves time for; else they stop it as SIGINT does
 */
export function interruption({ drains = false }: { drains?: boolean } = {}): Interruption {
  const [stop, drain] = [new AbortController(), new AbortController()]
  const names = Object.keys(CODES) as Name[]
  const listener = (name: NodeJS.Signals) => {
    if (received) process.exit(128 + constants.signals[name])
    received = name as Name
    if (drains && CODES[received] === 75) drain.abort()
    else stop.abort()
  }
  for (const name of names) process.on(name, listener)
  const release = () => {
    for (const name of names) process.off(name, listener)
  }
  return { signal: stop.signal, drain: drain.signal, release }
}
