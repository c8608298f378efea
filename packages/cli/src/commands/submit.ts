// `genloss submit`: a run handed to a cluster, after everything that can be checked has been.
import type { Command } from 'commander'
import { type ExperimentOptions, experimentFlags, experimentWords, setFlag } from '../experiment-flags.js'
import { collect, whole } from '../flags.js'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'
import { folderName, prepareFrom, type RunFlags, runFlags } from '../preparing.js'
import { progressLine } from '../progress.js'
import { REDIS_HELP } from '../queueing.js'
import { readingFlags, readingWords } from '../reading-flags.js'
import { count } from '../views/numbers.js'
import { shellWord } from '../views/shell.js'

interface Options extends Common, ExperimentOptions, RunFlags {
  shards?: number
  cpus?: number
  time?: string
  memory?: string
  partition?: string
  notice?: number
  sbatch?: string[]
  print?: boolean
  redis?: string
  attempts?: number
}

const MOST_SHARDS = 16

export function register(program: Command): void {
  const command = describe(
    program.command('submit'),
    'Hand a run to a cluster. To slurm: an array of jobs, each with its share of the blocks, that stop in time and go on after a requeue. To queue: one job a block on Redis, for workers on any machine that shares the folder. The experiment is checked and planned here first.',
    [
      'genloss submit slurm tails.yaml --shards 16 --cpus 8 --time 4:00:00 --out runs/tails',
      'genloss submit slurm tails.yaml --shards 16 --print > tails.sbatch',
      'genloss submit queue tails.yaml --out /shared/tails --redis redis://head:6379',
    ],
  ).argument('<to>', 'slurm or queue')
  experimentFlags(command, { sweeps: true })
  setFlag(runFlags(command), { sweeps: true })
    .option(
      '--shards <n>',
      `slurm: jobs of the array; default as many as there are blocks, up to ${MOST_SHARDS}`,
      whole(1),
    )
    .option('--cpus <n>', 'slurm: processors a job; default 1', whole(1))
    .option('--time <limit>', "slurm: a job's time limit, as sbatch takes it; it goes on after a requeue")
    .option('--memory <size>', "slurm: a job's memory, as sbatch takes it")
    .option('--partition <name>', 'slurm: the partition')
    .option('--notice <seconds>', 'slurm: how long before its limit a job stops; default 120', whole(1))
    .option('--sbatch <option>', 'slurm: another option of sbatch, such as account=physics; repeatable', collect)
    .option('--print', 'slurm: write the job file to stdout and submit nothing')
    .option('--redis <address>', `queue: ${REDIS_HELP}`)
    .option('--attempts <n>', 'queue: how often a block is tried; default 3', whole(1))
  readingFlags(command).action(action)
}

async function action(to: string, file: string | undefined, options: Options): Promise<void> {
  const { GenlossError } = await import('@genloss/models')
  if (to === 'queue') return submitToQueue(file, options)
  if (to !== 'slurm') throw new GenlossError({ code: 'usage', path: 'submit', value: to, rule: "'slurm' or 'queue'" })
  const { prepared, name } = await prepareFrom(file, options)
  const { columns, shares, out = `runs/${folderName(name)}` } = options
  const { jobFile, requireSbatch, submitJob } = await import('../slurm.js')
  const joined = { columns: columns?.join(','), shares: typeof shares === 'string' ? shares : shares?.join(',') }
  const words = experimentWords(file, options, { name: options.name, ...joined, out })
  const shards = options.shards ?? Math.min(MOST_SHARDS, prepared.plan.blocks.length)
  const text = jobFile({
    name: folderName(name),
    command: [process.execPath, process.argv[1]!, 'run', ...words, ...readingWords(options)],
    shards,
    cpus: options.cpus ?? 1,
    notice: options.notice ?? 120,
    time: options.time,
    memory: options.memory,
    partition: options.partition,
    more: (options.sbatch ?? []).map((option) => `--${option.replace(/^--/, '')}`),
  })
  if (options.print)
    return options.json ? printJson({ run: out, plan: prepared.hash, shards, script: text }) : print(text)
  requireSbatch()
  // The tasks find the plan in the folder: a thousand of them would each make it again.
  const { fillFolder } = await import('@genloss/lab')
  await fillFolder(prepared, out, { blocks: [] })
  const job = submitJob(text)
  if (options.json) return printJson({ run: out, plan: prepared.hash, shards, job })
  print(
    [
      `${name}: job ${job}, ${count(shards)} shards of ${count(prepared.plan.blocks.length)} blocks`,
      `files  ${out}`,
      `next   squeue -j ${job}; when it is done: genloss collect ${shellWord(out)}`,
    ].join('\n'),
  )
}

async function submitToQueue(file: string | undefined, options: Options): Promise<void> {
  const { prepared, name } = await prepareFrom(file, options)
  const { out = `runs/${folderName(name)}`, redis, attempts, quiet } = options
  const { submit } = await import('@genloss/queue')
  const progress = progressLine('submit', { quiet })
  const settings = { redis, onProgress: progress.update, ...(attempts === undefined ? {} : { attempts }) }
  const done = await submit(prepared, out, settings).finally(progress.end)
  if (options.json) return printJson(done)
  const { added, waiting, kept, blocks, queue } = done
  const where = redis === undefined ? '' : ` --redis ${shellWord(redis)}`
  print(
    [
      `${name}: ${count(added)} of ${count(blocks)} blocks put into the queue ${queue}; ${count(waiting)} were in it, ${count(kept)} are done`,
      `files  ${out}`,
      `next   on each machine: genloss worker ${shellWord(out)}${where}; how far it is: genloss status ${shellWord(out)}${where}`,
    ].join('\n'),
  )
}
