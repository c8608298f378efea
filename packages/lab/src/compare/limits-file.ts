// Limits of a gate from a YAML or JSON file.

import { existsSync } from 'node:fs'
import { GenlossError } from '@genloss/models'
import { readExperimentFile } from '../read-experiment.js'
import { fileError } from '../sources/problem.js'
import { type LimitsInput, readLimits } from './limits.js'

/**
 * Reads and checks a file of limits: `name: value` lines, those of single columns under `columns`, those within groups
 * under `groups`.
 *
 * @throws GenlossError `input` for a file that can't be read, and for wrong limits with the file's name in front
 */
export async function readLimitsFile(path: string): Promise<LimitsInput> {
  if (!existsSync(path)) throw fileError('limits', path, 'a file of limits, or name=value', 'such as ks=0.1,tail=0.5')
  const { input } = await readExperimentFile(path)
  try {
    readLimits(input as LimitsInput)
  } catch (error) {
    throw error instanceof GenlossError ? error.placed(path) : error
  }
  return input as LimitsInput
}
