// Reads an experiment file; the YAML library is loaded when one is read, so that runs started by flags do without it.

import { type Experiment, parseExperiment } from './experiment.js'

/** What a file holds, before it is checked. */
export interface ExperimentFile {
  /** The file's content as plain values; whole numbers beyond 2^53 are bigints. */
  input: Record<string, unknown>
  /** The file's base name without ending. */
  name: string
  /** Puts line and column before the message of an error about a path of this file. */
  place: (error: unknown) => unknown
}

/**
 * Reads an experiment file; JSON is read as the YAML that it is. `name` is the file's base name.
 *
 * @throws GenlossError `input` if it can't be read or is not YAML or JSON
 */
export async function readExperimentFile(path: string): Promise<ExperimentFile> {
  const { parseExperimentFile } = await import('./experiment-file.js')
  return parseExperimentFile(path)
}

/** Reads and checks an experiment file. @throws GenlossError with line and column */
export async function readExperiment(path: string): Promise<Experiment> {
  const { input, name, place } = await readExperimentFile(path)
  try {
    return parseExperiment({ name, ...input })
  } catch (error) {
    throw place(error)
  }
}
