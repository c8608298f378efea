// What an experiment of the paper is: settings as `genloss run` takes them, what is read from the chains, what it must be.

import type { CellSettings } from '@genloss/models'
import type { ExperimentInput } from '../experiment.js'
import type { Reading } from './readings.js'
import type { Rule } from './rules.js'

/** An experiment that this build runs. */
export interface Preset {
  name: string
  /** What it shows, in one line. */
  title: string
  parts: readonly Part[]
  /** By path: where a constant comes from. What is not named was chosen here, the article's being unknown. */
  sources: Readonly<Record<string, string>>
  /** What the article and its code do differently, or what the article leaves open: a path to set. */
  switches?: readonly Switch[]
}

/** An experiment that this build can't run: its place, and what it waits for. */
export interface Room {
  name: string
  title: string
  /** The family that it needs. */
  needs: string
  /** Why it is not run here, in words. */
  reason: string
}

export type PaperExperiment = Preset | Room

/** One run of a preset. */
export interface Part {
  /** In words, what is run. */
  title: string
  experiment: ExperimentInput
  /** What the quick form puts over it. */
  quick: ExperimentInput
  findings: readonly Finding[]
  /** Sources of its own, over those of the preset. */
  sources?: Readonly<Record<string, string>>
}

export interface Switch {
  path: string
  values: readonly string[]
  doc: string
}

/** A number that is read from the chains at some generations of every cell, and what is known of it. */
export interface Finding {
  quantity: string
  reading: Reading
  /** Generations that are looked at; the last one if left out. Those beyond the last are passed over. */
  at?: readonly number[]
  /** A closed form, NaN where it has none. */
  exact?: Expected
  /** What was published, most of all by the article. */
  published?: Published
  /** What the two say together. */
  remark?: string
}

export interface Expected {
  value: (settings: CellSettings, at: number) => number
  source: string
  /** Default: within 5 standard errors. */
  rule?: Rule
}

/** Published numbers hold for the settings of the preset only; NaN where there is none. */
export interface Published extends Expected {
  /** Said where the number does not hold and the closed form does. */
  correction?: string
}

export function isRoom(experiment: PaperExperiment): experiment is Room {
  return 'needs' in experiment
}
