// Counting tests: sums of good runs, and crashes, broken files and empty runs that must not pass for success.
import { describe, expect, it } from 'vitest'
import { cargoCounts, closingLine, vitestCounts } from './counts.mjs'

const good = `
     Running unittests src/lib.rs (native/target/release/deps/genloss_core-0123)

running 2 tests
test laws::a ... ok
test laws::b ... ok

test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s

     Running tests/goldens.rs (native/target/release/deps/goldens-4567)

test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

   Doc-tests genloss_core

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.50s
`

describe('cargoCounts', () => {
  it('adds up the result lines', () => {
    expect(cargoCounts(good, 0)).toEqual({ passed: 6, failed: 0, skipped: 1 })
  })

  it('counts failed tests', () => {
    const log = good.replace('ok. 3 passed; 0 failed', 'FAILED. 1 passed; 2 failed')
    expect(cargoCounts(log, 101)).toEqual({ passed: 4, failed: 2, skipped: 1 })
  })

  it('counts a test program that crashed before its result as one failed', () => {
    const log = good.replace(/test result: ok. 3 passed.*\n/, 'error: test failed (signal: 11, SIGSEGV)\n')
    expect(cargoCounts(log, 101)).toEqual({ passed: 3, failed: 1, skipped: 0 })
  })

  it('counts a program that a test runs again once, with its last result', () => {
    const again = 'running 1 test\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 4 filtered out\n'
    expect(cargoCounts(good.replace('test laws::a', `${again}test laws::a`), 0).passed).toBe(6)
  })

  it('counts a failed compilation as one failed', () => {
    expect(cargoCounts('error[E0425]: cannot find value\n', 101)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('counts a run without a test as one failed', () => {
    const log = '     Running unittests src/lib.rs (x)\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured\n'
    expect(cargoCounts(log, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((one) => ({ status: one })),
})

describe('vitestCounts', () => {
  it('counts tests by their state', () => {
    const report = { testResults: [file('passed', 'passed', 'passed', 'skipped'), file('passed', 'todo', 'passed')] }
    expect(vitestCounts(report, 0)).toEqual({ passed: 3, failed: 0, skipped: 2 })
  })

  it('counts a file that could not be loaded as one failed', () => {
    const report = { testResults: [file('passed', 'passed'), file('failed')] }
    expect(vitestCounts(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 })
  })

  it('counts each failed test once', () => {
    expect(vitestCounts({ testResults: [file('failed', 'failed', 'failed', 'passed')] }, 1).failed).toBe(2)
  })

  it('counts a missing report, an error outside the tests and an empty run as one failed', () => {
    expect(vitestCounts(null, 0).failed).toBe(1)
    expect(vitestCounts({ testResults: [file('passed', 'passed')] }, 1).failed).toBe(1)
    expect(vitestCounts({ testResults: [] }, 0).failed).toBe(1)
  })
})

describe('closingLine', () => {
  it('names skipped tests only when there are any', () => {
    const rust = { passed: 6, failed: 0, skipped: 0 }
    expect(closingLine([rust, { passed: 4, failed: 1, skipped: 0 }])).toBe('10 passed, 1 failed')
    expect(closingLine([rust, { passed: 4, failed: 0, skipped: 2 }])).toBe('10 passed, 0 failed, 2 skipped')
  })
})
