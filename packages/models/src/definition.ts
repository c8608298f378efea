// What a model family is to the rest of the program: its settings, its rules, its theory and its plain twin.

import type { Abilities } from './abilities.js'
import type { FamilyKind } from './kinds.js'
import type { Model, Origin } from './settings.js'
import type { Shape } from './shape.js'
import type { TheorySetting } from './theory/setting.js'

/** Where random numbers come from: injected, so that a twin runs on any generator. */
export interface Random {
  /** A standard normal number. */
  normal(): number
  /** A number from 0 (included) to 1 (not included). */
  uniform(): number
  /** A whole number from 0 to n - 1. */
  integer(n: number): number
}

/** One column of records: numbers (NaN = missing) or codes of classes. */
export type Column = Float64Array | Uint32Array

/** The plain reference implementation of a family: short enough to check by eye, and the template for new ones. */
export interface Twin<Fitted> {
  /** The model fitted to records, given as columns of one length. */
  fit(columns: readonly Column[]): Fitted
  /** n records drawn from a fitted model, as columns in the order in which they were fitted. */
  sample(fitted: Fitted, n: number, random: Random): Column[]
}

/** One closed form: what a statistic over chains of a column is at generations 0..G. */
export interface Curve {
  column: string
  statistic: 'mean' | 'variance' | 'mean_square'
  values: Float64Array
  /** Where the formula is from. */
  source: string
}

/** The part of a cell that theory depends on. */
export interface TheoryCell extends TheorySetting {
  origin: Origin
}

/** What decides whether a training set's statistics are drawn directly. */
export interface ExactQuestion {
  origin: Origin
  /** Records a generation. */
  n: number
  /** Rows of the table, where the origin is one. */
  rows: number | undefined
}

/** Whether the exact method exists here, whether `auto` takes it, and the reason for that in words. */
export interface ExactAnswer {
  exact: boolean
  taken: boolean
  why: string
}

/** A model family. `K` is its kind in the native core. */
export interface Definition<K extends FamilyKind> {
  readonly kind: K
  readonly shape: Shape<Extract<Model, { kind: K }>>
  /** Kinds of origins that it can be fitted to, its own first. */
  readonly origins: readonly Origin['kind'][]
  /** An example in shorthand. */
  readonly example: string
  /** The fewest records that it can be fitted to, with the reason where that is more than one. */
  readonly least: (model: Extract<Model, { kind: K }>, origin: Origin) => { records: number; why: string }
  readonly exact: (question: ExactQuestion) => ExactAnswer
  /** Refuses settings of the model that an origin can't have. @throws GenlossError `plan` */
  readonly checkOrigin?: (model: Extract<Model, { kind: K }>, origin: Origin) => void
  /** Columns that are kept only where they are asked for: they cost much beside a fit, or this origin never has them. */
  readonly unusual?: (origin: Origin) => readonly string[]
  readonly abilities: (model: Extract<Model, { kind: K }>, origin: Origin) => Abilities
  /** The most records a training set may have by draws, where memory sets a limit. */
  readonly mostDraws?: { records: number; why: string }
  /** The closed forms that are known for this cell; empty where none is. */
  readonly theory: (model: Extract<Model, { kind: K }>, cell: TheoryCell) => Curve[]
  readonly twin: (model: Extract<Model, { kind: K }>) => Twin<unknown>
}
