// @ts-check
// Foretells a sweep of very many cells on very many cores: node tools/scale/simulate.mjs --help
import { parseArgs } from 'node:util'
import { readExperimentFile } from '@genloss/lab'
import { account } from './account.mjs'
import { simulate } from './simulation.mjs'
import { blocksOf, sweeps } from './workload.mjs'

const help = `node tools/scale/simulate.mjs --sweep tiny --cells 1e6 --cores 1000 --threads 1

  --sweep <name>     ${Object.keys(sweeps).join(', ')}: what a cell is; default tiny
  --file <file>      an experiment file instead: its cells, in turn, make up the sweep
  --cells <n>        default 1e6
  --cores <n>        default 1000
  --threads <n>      of a worker; default 1
  --shards           blocks are dealt before (run --shard), not taken from a queue
  --hand <n>         blocks that a worker of the queue holds; default as genloss worker: 1, or 2 with several threads
  --lifetime <h>     mean hours until a worker dies; default none dies
  --restart <s>      seconds until another takes its place; default 60
  --outage <at,for>  seconds from the start at which Redis goes away, and for how long
  --seed <n>         default 1
  --json             one document, times in seconds
`

const { values } = parseArgs({
  options: {
    sweep: { type: 'string', default: 'tiny' },
    file: { type: 'string' },
    cells: { type: 'string', default: '1e6' },
    cores: { type: 'string', default: '1000' },
    threads: { type: 'string', default: '1' },
    shards: { type: 'boolean', default: false },
    hand: { type: 'string' },
    lifetime: { type: 'string' },
    restart: { type: 'string', default: '60' },
    outage: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

try {
  process.stdout.write(values.help ? help : await foretold())
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 2
}

async function foretold() {
  const [cells, cores, threads] = [whole('cells'), whole('cores'), whole('threads')]
  const cluster = {
    workers: Math.max(1, Math.floor(cores / threads)),
    threads,
    deal: /** @type {'queue' | 'shards'} */ (values.shards ? 'shards' : 'queue'),
    inHand: values.hand === undefined ? (threads > 1 ? 2 : 1) : whole('hand'),
    lock: 30,
    patience: 60,
    restart: positive('restart'),
    ...(values.lifetime === undefined ? {} : { lifetime: 3600 * positive('lifetime') }),
    ...(values.outage === undefined ? {} : { outage: outageOf(values.outage) }),
  }
  const { title, experiment } = await sweepOf()
  const blocks = await blocksOf(experiment, cells)
  const told = account(blocks, cluster, cells, (full) => simulate(blocks, full, whole('seed')))
  return values.json ? `${JSON.stringify({ sweep: title, ...told }, null, 2)}\n` : text(title, told)
}

async function sweepOf() {
  if (values.file !== undefined)
    return { title: values.file, experiment: (await readExperimentFile(values.file)).input }
  const known = Object.entries(sweeps).find(([name]) => name === values.sweep)
  if (known) return known[1]
  throw new Error(`--sweep: expected ${Object.keys(sweeps).join(', ')}, got ${values.sweep}`)
}

/** @param {'cells' | 'cores' | 'threads' | 'hand' | 'seed'} name */
function whole(name) {
  const number = Number(values[name])
  if (Number.isInteger(number) && number >= 1 && number <= 1e7) return number
  throw new Error(`--${name}: expected a whole number from 1 to 10,000,000, got ${values[name]}`)
}

/** @param {'lifetime' | 'restart'} name */
function positive(name) {
  const number = Number(values[name])
  if (number > 0 && number < 1e9) return number
  throw new Error(`--${name}: expected a positive number, got ${values[name]}`)
}

/** @param {string} text */
function outageOf(text) {
  const [at = Number.NaN, seconds = Number.NaN] = text.split(',').map(Number)
  if (at >= 0 && seconds > 0) return { at, seconds }
  throw new Error(`--outage: expected two numbers of seconds such as 60,30, got ${text}`)
}

/** @param {string} title @param {ReturnType<typeof account>} told */
function text(title, { cells, blocks, cluster, run, files, redis, collect, plan }) {
  const { workers, threads, deal, inHand } = cluster
  const count = (/** @type {number} */ value) => Math.round(value).toLocaleString('en-US')
  const share = (/** @type {number} */ value) => `${(100 * value).toFixed(1)} %`
  const [low, high] = [blocks.least, blocks.most].map(duration)
  return [
    `cells    ${count(cells)} of ${title}`,
    `work     ${duration(blocks.cost)} of one core in ${count(blocks.count)} blocks of ${low} to ${high}`,
    `cluster  ${count(workers)} ${workers === 1 ? 'worker' : 'workers'} of ${count(threads)} ${threads === 1 ? 'thread' : 'threads'}, ${deal === 'queue' ? `one queue, ${inHand} in hand` : 'shards'}`,
    `plan     once: ${duration(plan.once)} of one core; each worker starts in ${duration(plan.start)}`,
    `run      ${duration(run.makespan)}; with all cores busy ${duration(run.ideal)}: busy ${share(run.busy)}`,
    ...(run.deaths > 0 ? [`deaths   ${count(run.deaths)}, which lost ${share(run.wasted)} of the work`] : []),
    `files    ${count(files.parts)} parts, ${bytes(files.bytes)}; ${count(files.logs)} ${files.logs === 1 ? 'log' : 'logs'}`,
    `written  ${bytes(files.rate)}/s, ${count(files.partRate)} parts/s, on average`,
    ...(redis
      ? [
          `redis    ${bytes(redis.bytes)} at most, ${count(redis.connections)} connections`,
          `asked    ${count(redis.rate)} commands/s, ${share(redis.busy)} of its thread`,
        ]
      : []),
    `collect  check ${duration(collect.check)}, copy ${duration(collect.copy)}, --link ${duration(collect.link)} of one core`,
    '',
  ].join('\n')
}

/** @param {number} seconds */
function duration(seconds) {
  if (seconds < 120) return `${seconds.toPrecision(2)} s`
  if (seconds < 7200) return `${(seconds / 60).toPrecision(2)} min`
  return `${Number((seconds / 3600).toPrecision(2))} h`
}

/** @param {number} value */
function bytes(value) {
  const power = Math.max(0, Math.min(4, Math.floor(Math.log10(Math.max(1, value)) / 3)))
  return `${Number((value / 1000 ** power).toPrecision(3))} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`
}
