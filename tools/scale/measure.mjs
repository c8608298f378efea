// @ts-check
// Measures what constants.mjs holds, on this machine: node tools/scale/measure.mjs --help
import { busyOf, commandsOf, idleOf, memoryOf, realOf } from './measure-queue.mjs'
import { collectingOf, planningOf, standingOf } from './measure-run.mjs'

/** What can be measured, with the numbers that each takes and their defaults. */
const measures = {
  plan: {
    of: planningOf,
    defaults: [1e6],
    help: 'planning <cells> tiny cells, and the start of a worker of the planned run',
  },
  parts: { of: standingOf, defaults: [1e5], help: 'the start of a worker in a folder of <parts> parts' },
  collect: {
    of: collectingOf,
    defaults: [1e4, 2000],
    help: 'collecting <cells> tiny cells in large parts, and <parts> small parts',
  },
  memory: { of: memoryOf, defaults: [1e4], help: 'bytes of Redis for each of <jobs> jobs' },
  commands: {
    of: commandsOf,
    defaults: [2000, 2],
    help: 'commands of Redis a block, of <blocks> tiny ones by <workers>',
  },
  idle: { of: idleOf, defaults: [20, 60], help: 'commands a second of <workers> that wait, over <seconds>' },
  busy: { of: busyOf, defaults: [60], help: 'commands a second of a worker that computes, over <seconds>' },
  real: {
    of: realOf,
    defaults: [2, 200_000],
    help: 'a real run by <workers> workers of cells with n up to <n>, beside its simulation',
  },
}

const [name = '', ...given] = process.argv.slice(2)
const known = Object.entries(measures).find(([one]) => one === name)
if (known) {
  const [, { of, defaults }] = known
  const numbers = defaults.map((value, i) => Number(given[i] ?? value))
  if (!numbers.every((value) => Number.isInteger(value) && value >= 1)) throw new Error(`whole numbers, got ${given}`)
  const measured = await /** @type {(...numbers: number[]) => Promise<unknown>} */ (of)(...numbers)
  process.stdout.write(`${JSON.stringify(measured, null, 2)}\n`)
} else {
  const lines = Object.entries(measures).map(
    ([one, { defaults, help }]) => `  ${`${one} ${defaults.join(' ')}`.padEnd(18)} ${help}`,
  )
  process.stdout.write(
    `node tools/scale/measure.mjs <what> [numbers]; with a redis-server on the PATH where it is asked\n\n${lines.join('\n')}\n`,
  )
  process.exitCode = name === '--help' ? 0 : 2
}
