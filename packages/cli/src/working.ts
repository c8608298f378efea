// Work that takes a while: told on stderr, stopped by signals, on as many threads as are asked for.
import type { Common } from './output.js'
import { type Progress, type ProgressForm, progressLine } from './progress.js'
import { type Interruption, interruption } from './signals.js'

/** What a command was told of its work. */
export interface WorkOptions extends Pick<Common, 'quiet'> {
  threads?: number
  progress?: ProgressForm
}

/** What the work is told. */
export interface Working {
  signal: AbortSignal
  drain: AbortSignal
  onProgress: Progress['update']
  threads?: number
}

/**
 * Does the work under a label. Once it is over, signals end the program as usual: what is printed can be printed again.
 *
 * @param stop where signals are listened to already
 */
export async function working<T>(
  label: string,
  { threads, quiet, progress: form }: WorkOptions,
  work: (working: Working) => Promise<T>,
  stop: Interruption = interruption(),
): Promise<T> {
  const progress = progressLine(label, { quiet, form })
  const { signal, drain } = stop
  try {
    return await work({ signal, drain, onProgress: progress.update, ...(threads === undefined ? {} : { threads }) })
  } finally {
    progress.end()
    stop.release()
  }
}
