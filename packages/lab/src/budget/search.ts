// The smallest number of real rows from which on every larger one keeps the groups, found by simulation.

import { wilson } from '@genloss/metrics'
import type { Chains, Kept } from './chains.js'
import { type Counted, crossingOf } from './crossing.js'
import type { Budgeted, Point, Source } from './experiment.js'
import { Strata } from './strata.js'

/** Runs that most numbers of real rows are judged by. */
const firstRuns = 2_000
/** How sure such a judgement must be; all others are judged by all runs. */
const sure = 0.999
/** From so many rows on the answer is as fine as this part of it: chance leaves it no finer. */
const finest = 1 / 500
/** Steps of a line through what the runs leave open. */
const onLine = 9

/** The rows that are needed, and what they could be in view of the runs' number (95 %). null: no number is enough. */
export interface Need {
  rows: number | null
  low: number | null
  high: number | null
  /** The place of the group that needs them; undefined where none is needed. */
  group: number | undefined
}

/**
 * Sets of real rows in an order in which each keeps better than the one before: `tested` has its hardest member, and
 * `first` the smallest one.
 */
interface Ladder {
  length: number
  tested(step: number): number
  first(step: number): number
}

/** The first step that keeps the groups, undefined where none does, and the group that decides. */
interface Found {
  ladder: Ladder
  step: number | undefined
  group: number
}

type Judgement = 'kept' | 'lost' | 'open'

/** Searches for one way to pick rows and, where given, a group that a generator makes at a factor of its share. */
export class Search {
  readonly #chains: Chains
  readonly #budgeted: Budgeted
  readonly #source: Source
  readonly #confidence: number
  readonly #factor: Point['factor']
  /** Real rows that there can be. */
  readonly #most: number

  constructor(chains: Chains, budgeted: Budgeted, source: Source, confidence: number, factor?: Point['factor']) {
    this.#chains = chains
    this.#budgeted = budgeted
    this.#source = source
    this.#confidence = confidence
    this.#factor = factor
    this.#most = Math.min(budgeted.all, budgeted.n)
  }

  /** The rows that each of these groups, by their places, needs to be kept, and how well that is known. */
  async need(groups: readonly number[]): Promise<Need> {
    const found = this.#source === 'random' ? await this.#random(groups, 0) : await this.#stratified(groups, 0)
    if (found.step === undefined) return { rows: null, low: null, high: null, group: found.group }
    const { ladder, step } = found
    const group = step === 0 ? undefined : found.group
    return {
      ...(await this.#range(ladder, step, this.#source === 'random' ? groups : [found.group], found.group)),
      group,
    }
  }

  /** The rows alone, in fewer runs; null where no number is enough. @param least as many are needed for certain */
  async rows(groups: readonly number[], least: number): Promise<number | null> {
    const found = this.#source === 'random' ? await this.#random(groups, least) : await this.#stratified(groups, least)
    return found.step === undefined ? null : found.ladder.first(found.step)
  }

  /** Picked at random, more rows keep every group better. */
  async #random(groups: readonly number[], least: number): Promise<Found> {
    const ladder = { length: this.#most + 1, tested: (step: number) => step, first: (step: number) => step }
    const step = await this.#climb(ladder, groups, least - 1)
    const near = step === undefined ? this.#most : Math.max(0, step - 1)
    return { ladder, step, group: groups.length > 1 ? await this.#worst(near, groups) : groups[0]! }
  }

  /**
   * Stratified, a group's rows stay the same over a run of sizes, and their share falls: the last size of each run is
   * the hardest, and those get easier from run to run. One group after the other, from the rarest on, moves the answer.
   */
  async #stratified(groups: readonly number[], least: number): Promise<Found> {
    const { groups: all, counts } = this.#budgeted
    const strata = new Strata(counts)
    const rarest = [...groups].sort((a, b) => all[a]!.rows - all[b]!.rows || a - b)
    let found: Found | undefined
    for (const group of rarest) {
      const ladder = this.#runs(strata, all[group]!.code)
      const from = stepAt(ladder, found ? found.ladder.first(found.step!) : least)
      if (await this.#isKept(ladder.tested(from), [group])) found ??= { ladder, step: from, group }
      else {
        found = { ladder, step: await this.#climb(ladder, [group], from), group }
        if (found.step === undefined) return found
      }
    }
    return found!
  }

  #runs(strata: Strata, code: number): Ladder {
    const most = this.#most
    const known = new Map<number, number>()
    const ends = (rows: number) => {
      const size = known.get(rows) ?? strata.lastSizeOf(code, rows, most)
      known.set(rows, size)
      return size
    }
    return {
      length: strata.rowsOf(code, most) + 1,
      tested: ends,
      first: (rows) => (rows === 0 ? 0 : ends(rows - 1) + 1),
    }
  }

  /** The first step that keeps the groups, after one that does not; undefined where the last one does not. */
  async #climb(ladder: Ladder, groups: readonly number[], lost: number): Promise<number | undefined> {
    let [below, above] = [lost, ladder.length - 1]
    if (below >= above || !(await this.#isKept(ladder.tested(above), groups))) return undefined
    while (above - below > 1 && !isFine(ladder, below, above)) {
      const middle = Math.floor((below + above) / 2)
      if (await this.#isKept(ladder.tested(middle), groups)) above = middle
      else below = middle
    }
    return above
  }

  /**
   * The answer with the smallest and the largest one that the runs leave open. Where the steps beside it are not sure, a
   * line through some around it tells more than each by itself.
   */
  async #range(ladder: Ladder, found: number, groups: readonly number[], group: number): Promise<Omit<Need, 'group'>> {
    const { length, first, tested } = ladder
    const lost = await this.#walk(ladder, groups, found - 1, -1)
    const kept = await this.#walk(ladder, groups, found, 1)
    const single = { rows: first(found), low: first(lost + 1), high: first(kept) }
    if (kept - lost === 1) return single
    const from = Math.max(0, lost)
    const steps = Array.from({ length: onLine }, (_, i) => Math.round(from + (i * (kept - from)) / (onLine - 1)))
    const counted: Counted[] = []
    for (const step of new Set(steps)) {
      const { runs, groups: all } = await this.#kept(tested(step), this.#budgeted.replicates)
      counted.push({ rows: tested(step), kept: all[group]!, runs })
    }
    const line = crossingOf(counted, this.#confidence)
    if (!line) return single
    const answer = (rows: number) => first(Math.min(length - 1, stepAt(ladder, rows)))
    return { rows: answer(line.rows), low: answer(line.low), high: answer(line.high) }
  }

  /** A step in a direction that surely does not keep the groups (down) or does (up), found in growing strides. */
  async #walk(ladder: Ladder, groups: readonly number[], from: number, way: 1 | -1): Promise<number> {
    const wanted = way < 0 ? 'lost' : 'kept'
    const last = way < 0 ? -1 : ladder.length - 1
    let [step, stride] = [from, 1]
    while (way * (last - step) > 0 && (await this.#judge(ladder.tested(step), groups)) !== wanted) {
      step = from + way * stride
      stride = Math.max(2 * stride, Math.round(from / 100))
    }
    return way * (last - step) > 0 ? step : last
  }

  /** Whether groups are kept as often as asked: by few runs where these are sure, else by all. */
  async #isKept(rows: number, groups: readonly number[]): Promise<boolean> {
    const runs = Math.min(firstRuns, this.#budgeted.replicates)
    const quick = this.#judged(await this.#kept(rows, runs), groups, sure)
    if (quick !== 'open') return quick === 'kept'
    const all = await this.#kept(rows, this.#budgeted.replicates)
    return groups.every((group) => all.groups[group]! >= this.#confidence * all.runs)
  }

  async #judge(rows: number, groups: readonly number[]): Promise<Judgement> {
    return this.#judged(await this.#kept(rows, this.#budgeted.replicates), groups, 0.95)
  }

  #judged({ runs, groups: kept }: Kept, groups: readonly number[], confidence: number): Judgement {
    const intervals = groups.map((group) => wilson(kept[group]!, runs, confidence))
    if (intervals.some(({ high }) => high < this.#confidence)) return 'lost'
    return intervals.every(({ low }) => low >= this.#confidence) ? 'kept' : 'open'
  }

  /** The group that is kept least often. */
  async #worst(rows: number, groups: readonly number[]): Promise<number> {
    const { groups: kept } = await this.#kept(rows, this.#budgeted.replicates)
    return groups.reduce((worst, group) => (kept[group]! < kept[worst]! ? group : worst))
  }

  async #kept(rows: number, runs: number): Promise<Kept> {
    const point = { source: this.#source, rows, ...(this.#factor ? { factor: this.#factor } : {}) }
    const [kept] = await this.#chains.of([point], runs)
    return kept!
  }
}

/** Whether two steps are as near as an answer can be told. */
function isFine(ladder: Ladder, below: number, above: number): boolean {
  const [low, high] = [ladder.first(Math.max(0, below)), ladder.first(Math.min(above, ladder.length - 1))]
  return high - low <= finest * high
}

/** The first step whose hardest set has at least so many rows. */
function stepAt({ length, tested }: Ladder, rows: number): number {
  let [below, at] = [-1, length - 1]
  while (at - below > 1) {
    const middle = Math.floor((below + at) / 2)
    if (tested(middle) >= rows) at = middle
    else below = middle
  }
  return at
}
