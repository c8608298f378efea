// The job file of a Slurm array whose tasks are the shards of a run.
import { spawnSync } from 'node:child_process'
import { GenlossError } from '@genloss/models'
import { shellWord } from './views/shell.js'

export interface SlurmJob {
  /** The job's name. */
  name: string
  /** The command of one shard, word by word, without its shard. */
  command: readonly string[]
  shards: number
  cpus: number
  /** Seconds before the end of the time limit at which a task is told to stop. */
  notice: number
  time?: string | undefined
  memory?: string | undefined
  partition?: string | undefined
  /** Other options of sbatch, such as `--account=x`. */
  more: readonly string[]
}

/**
 * The text of the job file. A task is told by USR1 some time before its limit, finishes the block in hand, ends with code
 * 75 and is put into the queue again, where it goes on; a task that is preempted gets TERM and is requeued by Slurm.
 */
export function jobFile(job: SlurmJob): string {
  const { name, shards, cpus, notice, time, memory, partition, more } = job
  const options = [
    `--job-name=${name}`,
    `--array=0-${shards - 1}`,
    '--ntasks=1',
    `--cpus-per-task=${cpus}`,
    ...(time === undefined ? [] : [`--time=${time}`]),
    ...(memory === undefined ? [] : [`--mem=${memory}`]),
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    `--output=${name}-%A_%a.log`,
    '--open-mode=append',
    '--requeue',
    `--signal=B:USR1@${notice}`,
    ...more,
  ]
  return `#!/bin/bash
${options.map((option) => `#SBATCH ${option}`).join('\n')}

# All shards; with it, some tasks can be started again alone: sbatch --array=3,7 ...
export GENLOSS_SHARDS=${shards}

${job.command.map(shellWord).join(' ')} --shard auto --quiet &
child=$!
trap 'kill -USR1 $child' USR1
trap 'kill -TERM $child' TERM
# A trap ends wait before the child does.
while kill -0 $child 2>/dev/null; do wait $child; done
wait $child
code=$?
if [ $code -eq 75 ]; then
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}" && exit 0
fi
exit $code
`
}

/** @throws GenlossError `usage` on a machine without Slurm */
export function requireSbatch(): void {
  if (!spawnSync('sbatch', ['--version']).error) return
  const hint = 'on a machine without Slurm: --print writes the job file to stdout'
  throw new GenlossError({ code: 'usage', path: 'submit', value: 'sbatch', rule: 'a program on the PATH', hint })
}

/** Hands a job file to sbatch. @returns the job's number @throws GenlossError `io` where it fails */
export function submitJob(text: string): string {
  const done = spawnSync('sbatch', ['--parsable'], { input: text, encoding: 'utf8' })
  if (done.status === 0) return done.stdout.trim().split(';')[0]!
  const value = done.error?.message ?? (done.stderr.trim() || `code ${done.status}`)
  throw new GenlossError({ code: 'io', path: 'sbatch', value, rule: 'a job that Slurm takes' })
}
