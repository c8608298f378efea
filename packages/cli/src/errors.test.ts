import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { exitCodeOf, failureOf } from './errors.js'

function genlossError(fields: { code: string; path: string; value: unknown; rule: string; hint?: string }): Error {
  const tail = fields.hint ? ` (${fields.hint})` : ''
  const error = new Error(`${fields.path}: expected ${fields.rule}, got ${JSON.stringify(fields.value)}${tail}`)
  return Object.assign(error, fields, { name: 'GenlossError' })
}

describe('failureOf', () => {
  it('keeps the fields of a GenlossError and moves the hint out of the sentence', () => {
    const fields = { code: 'input', path: 'n', value: 0, rule: 'a whole number from 1', hint: 'try n = 100' }
    expect(failureOf(genlossError(fields))).toEqual({
      ...fields,
      message: 'n: expected a whole number from 1, got 0',
    })
  })
  it('says what commander says, with its suggestion as the hint', () => {
    const said = "error: unknown option '--generation'\n(Did you mean --generations?)"
    const failure = failureOf(new CommanderError(1, 'commander.unknownOption', said))
    expect(failure).toMatchObject({
      code: 'usage',
      path: '--generation',
      message: "unknown option '--generation'",
      hint: 'did you mean --generations?',
    })
  })
  it('names the option of a bad value', () => {
    const said = "error: option '-t, --threads <n>' argument 'x' is invalid. a whole number"
    expect(failureOf(new CommanderError(1, 'commander.invalidArgument', said))).toMatchObject({
      path: '--threads',
      value: 'x',
      message: "--threads: expected a whole number, got 'x'",
    })
  })
  it("calls the system's errors io and everything else internal", () => {
    const io = Object.assign(new Error("EACCES: permission denied, open 'x'"), { code: 'EACCES', path: 'x' })
    expect(failureOf(io)).toMatchObject({ code: 'io', path: 'x' })
    expect(failureOf(new TypeError('x is not a function')).code).toBe('internal')
    expect(failureOf('thrown text')).toMatchObject({ code: 'internal', message: 'thrown text' })
  })
})

it('exit codes: bad usage and input 2, the rest 1', () => {
  const code = (name: string) => exitCodeOf(failureOf(genlossError({ code: name, path: '', value: 0, rule: '' })))
  expect(['usage', 'input', 'plan', 'data', 'io', 'native'].map(code)).toEqual([2, 2, 2, 2, 1, 1])
})
