// A Slurm of a test's own: one node, this machine, with its own key, ports and folders.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch']

/** Why tests with a Slurm are skipped, or false. */
export const withoutSlurm: string | false = reason()

function reason(): string | false {
  if (process.getuid?.() !== 0) return 'its daemons need root'
  const missing = programs.filter((program) => spawnSync('which', [program]).status !== 0)
  return missing.length > 0 ? `${missing.join(', ')} not installed` : false
}

export class Slurm {
  /** For the environment of sbatch, squeue and scontrol. */
  readonly env: Record<string, string>
  readonly #daemons: ChildProcess[] = []

  private constructor(conf: string) {
    this.env = { SLURM_CONF: conf }
  }

  /** Starts the daemons with all that they write under `folder`, and waits until jobs can run. */
  static async start(folder: string): Promise<Slurm> {
    const place = (name: string) => join(folder, name)
    const node = hostname().split('.')[0]!
    // The authentication daemon refuses sockets in folders that others may not enter, and keys that they may read.
    await chmod(folder, 0o755)
    for (const name of ['munge', 'state', 'spool']) await mkdir(place(name))
    await writeFile(place('munge/key'), randomBytes(128), { mode: 0o600 })
    const [controller, daemon] = await freePorts(2)
    const settings = {
      ClusterName: 'genloss',
      SlurmctldHost: `${node}(127.0.0.1)`,
      SlurmUser: 'root',
      AuthType: 'auth/munge',
      AuthInfo: `socket=${place('munge.socket')}`,
      CredType: 'cred/munge',
      StateSaveLocation: place('state'),
      SlurmdSpoolDir: place('spool'),
      SlurmctldPidFile: place('slurmctld.pid'),
      SlurmdPidFile: place('slurmd.pid'),
      SlurmctldPort: controller,
      SlurmdPort: daemon,
      ProctrackType: 'proctrack/pgid',
      TaskPlugin: 'task/none',
      SwitchType: 'switch/none',
      MpiDefault: 'none',
      ReturnToService: 2,
      SelectType: 'select/cons_tres',
      SelectTypeParameters: 'CR_CPU',
      SlurmdParameters: 'config_overrides',
      KillWait: 5,
    }
    const nodes = [`NodeName=${node} NodeAddr=127.0.0.1 CPUs=2`, `PartitionName=main Nodes=${node} Default=YES`]
    const lines = [...Object.entries(settings).map(([name, value]) => `${name}=${value}`), ...nodes]
    const conf = place('slurm.conf')
    await writeFile(conf, `${lines.join('\n')}\n`)
    const slurm = new Slurm(conf)
    const munge = ['key', 'seed', 'log', 'pid'].map((name) => {
      const option = { key: 'key-file', seed: 'seed-file', log: 'log-file', pid: 'pid-file' }[name]
      return `--${option}=${place(`munge/${name}`)}`
    })
    slurm.#begin('munged', ['--foreground', '--force', `--socket=${place('munge.socket')}`, ...munge])
    slurm.#begin('slurmctld', ['-D', '-c', '-f', conf])
    slurm.#begin('slurmd', ['-D', '-f', conf, '-N', node])
    await slurm.until(() => /idle/.test(slurm.tell('sinfo', ['-h', '-o', '%T'])))
    return slurm
  }

  #begin(program: string, words: readonly string[]): void {
    this.#daemons.push(spawn(program, words, { env: { ...process.env, ...this.env }, stdio: 'ignore' }))
  }

  /** What a program of Slurm prints. */
  tell(program: string, words: readonly string[]): string {
    const done = spawnSync(program, words, { encoding: 'utf8', env: { ...process.env, ...this.env } })
    return done.stdout
  }

  /** Waits until something holds; the test's own limit ends it. */
  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await holds())) await wait(100)
  }

  async stop(): Promise<void> {
    for (const daemon of this.#daemons.reverse()) {
      if (daemon.exitCode !== null) continue
      const closed = new Promise((resolve) => daemon.once('close', resolve))
      daemon.kill('SIGTERM')
      await closed
    }
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject)
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
