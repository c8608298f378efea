// @ts-check
// Reads how many tests a runner passed, failed and skipped, so that nothing that went wrong counts as nothing.

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * The counts of one `cargo test`. Each test program counts with its last result, since a test may run its own program
 * again; one that was started but gave no result has crashed: one failed.
 * @param {string} log all that cargo printed, both streams
 * @param {number} code its exit code
 * @returns {Counts}
 */
export function cargoCounts(log, code) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const program of log.split(/^ +(?:Running |Doc-tests )/m).slice(1)) {
    const results = [...program.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm)]
    const [, passed = 0, failed = 1, skipped = 0] = results.at(-1) ?? []
    counts.passed += Number(passed)
    counts.failed += Number(failed)
    counts.skipped += Number(skipped)
  }
  return settled(counts, code)
}

/**
 * The counts of one `vitest run` from its JSON report; null stands for a report that was not written.
 * A file that failed without a failed test could not be loaded: one failed.
 * @param {VitestReport | null} report
 * @param {number} code its exit code
 * @returns {Counts}
 */
export function vitestCounts(report, code) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const { status, assertionResults } of report?.testResults ?? []) {
    const before = counts.failed
    for (const test of assertionResults) {
      if (test.status === 'passed') counts.passed += 1
      else if (test.status === 'failed') counts.failed += 1
      else counts.skipped += 1
    }
    if (status === 'failed' && counts.failed === before) counts.failed += 1
  }
  return settled(counts, code)
}

/** @typedef {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} VitestReport */

/**
 * A runner that ended badly without a failed test, or ran nothing at all, counts as one failed.
 * @param {Counts} counts
 * @param {number} code
 * @returns {Counts}
 */
function settled(counts, code) {
  const nothing = counts.passed + counts.failed === 0
  return counts.failed === 0 && (code !== 0 || nothing) ? { ...counts, failed: 1 } : counts
}

/**
 * The closing line of a test run.
 * @param {Counts[]} all
 */
export function closingLine(all) {
  const sum = (/** @type {keyof Counts} */ key) => all.reduce((total, counts) => total + counts[key], 0)
  const skipped = sum('skipped')
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
