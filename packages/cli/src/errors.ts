// Errors as people and programs see them: one line and a hint, or one JSON document, and the exit code that belongs to each.
import type { CommanderError } from 'commander'
import { note, printJson } from './output.js'
import { signalCode } from './signals.js'
import { printable, styles } from './terminal.js'

/** The fields of a GenlossError, however the error came. */
export interface Failure {
  code: string
  path: string
  value: unknown
  rule: string
  hint: string
  /** The sentence for people, without the hint. */
  message: string
}

/** Exit codes: an interruption that of its signal, bad usage or input 2, everything else that fails 1. */
export function exitCodeOf({ code }: Failure): number {
  if (code === 'interrupted') return signalCode() ?? 130
  return ['usage', 'input', 'plan', 'data'].includes(code) ? 2 : 1
}

/** What any thrown thing says. Errors that are not a GenlossError get code `internal` (or `io` for the system's). */
export function failureOf(error: unknown): Failure {
  if (isCommanderError(error)) return usageFailure(error)
  if (isGenlossError(error)) {
    const { code, path, value, rule } = error
    const hint = error.hint ?? ''
    const tail = ` (${hint})`
    const message = hint && error.message.endsWith(tail) ? error.message.slice(0, -tail.length) : error.message
    return { code, path, value, rule, hint, message }
  }
  const { message, code, path } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : (new Error(String(error)) as NodeJS.ErrnoException)
  const system = typeof code === 'string' && /^E[A-Z]+$/.test(code)
  return {
    code: system ? 'io' : 'internal',
    path: path ?? '',
    value: code ?? null,
    rule: '',
    hint:
      system || process.env.GENLOSS_DEBUG ? '' : 'this is a fault in genloss; GENLOSS_DEBUG=1 shows where it happened',
    message: message.trim(),
  }
}

/** Print a failure: a JSON document on stdout with `json`, else `error: ...` and a hint line on stderr. Never a stack, but with GENLOSS_DEBUG=1. */
export function printFailure(failure: Failure, json: boolean, stack?: string): void {
  const { code, path, value, rule, hint, message } = failure
  if (json) printJson({ error: { code, path, value: value ?? null, rule, hint, message } })
  else {
    const { bold, red, yellow } = styles(process.stderr)
    if (code === 'interrupted') note(`${bold(yellow('interrupted:'))} ${lines(String(value))}`)
    else note(`${bold(red('error:'))} ${lines(message)}`)
    if (hint) note(`${bold('hint:')} ${lines(hint)}`)
  }
  if (process.env.GENLOSS_DEBUG && stack) note(stack)
}

const lines = (text: string) => text.split('\n').map(printable).join('\n  ')

interface GenlossLike extends Error {
  code: string
  path: string
  value: unknown
  rule: string
  hint?: string
}

// By shape, not by class: `genloss --help` and a misspelt option must not wait for the packages that own the class.
function isGenlossError(error: unknown): error is GenlossLike {
  return error instanceof Error && error.name === 'GenlossError' && 'rule' in error
}

function isCommanderError(error: unknown): error is CommanderError {
  return (
    error instanceof Error &&
    typeof (error as CommanderError).code === 'string' &&
    (error as CommanderError).code.startsWith('commander.')
  )
}

/** Commander's words in our form: `error: unknown option '--generation'\n(Did you mean --generations?)`. */
function usageFailure(error: CommanderError): Failure {
  const [first = '', ...rest] = error.message
    .replace(/^error: /, '')
    .trim()
    .split('\n')
  const suggestion = rest.join(' ').match(/\(?Did you mean (?:one of )?(.*?)\??\)?$/i)?.[1]
  const hint = suggestion ? `did you mean ${suggestion}?` : ''
  const invalid = first.match(/^option '.*?(--[\w-]+).*?' argument '(.*)' is invalid\. (.*)$/)
  if (invalid) {
    const [, path = '', value = '', said = ''] = invalid
    const rule = said.replace(/^expected /, '').replace(/\.$/, '')
    return { code: 'usage', path, value, rule, hint, message: `${path}: expected ${rule}, got '${value}'` }
  }
  const said = first.match(/'([^']*)'/)?.[1] ?? ''
  const path = said.match(/--[\w-]+/)?.[0] ?? said
  return { code: 'usage', path, value: said || null, rule: first, hint, message: first }
}
