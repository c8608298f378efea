// @ts-check
// A simulation of many workers that make the blocks of a plan: event by event, from a seed, without a clock.
import { deal } from '@genloss/lab'

/**
 * @typedef {object} Cluster
 * @property {number} workers
 * @property {number} threads of a worker: a block of `cost` takes cost / threads, or cost / chains where it has fewer
 * @property {'queue' | 'shards'} deal one queue for all, or the blocks of each worker known before
 * @property {number} inHand blocks that a worker holds: it computes one after the other
 * @property {number} start seconds before a worker asks for its first block
 * @property {number} ask seconds of Redis for each block, one after another
 * @property {number} [lifetime] mean seconds until a worker dies, whatever its age; none die without it
 * @property {number} restart seconds until another takes the place of one that died
 * @property {number} lock seconds; the blocks of a dead worker are back in the queue after one to two of them
 * @property {{ at: number, seconds: number }} [outage] when and for how long Redis is away
 * @property {boolean} [inOrder] blocks are taken in the order of the list, whatever they cost
 * @property {number} patience seconds that a worker waits for Redis, before it ends and is started again
 */

/** @typedef {{ cost: number, chains: number }} Block seconds of one core, and what can be spread over threads */

/**
 * @typedef {object} Outcome seconds, and seconds of one core
 * @property {number} makespan until the last block is done
 * @property {number} ideal with all cores busy from the start to the end
 * @property {number} useful core seconds of blocks that were finished
 * @property {number} wasted core seconds of blocks that died with their worker
 * @property {number} waiting worker seconds with no block in hand
 * @property {number} deaths
 * @property {number} taken blocks that were handed out, again and again where workers died
 */

/**
 * Runs the blocks on the cluster, the most costly first.
 * @param {readonly Block[]} blocks
 * @param {Cluster} cluster
 * @param {number} [seed]
 * @returns {Outcome}
 */
export function simulate(blocks, cluster, seed = 1) {
  return new Simulation(blocks, cluster, seed).run()
}

/** @typedef {{ life: number, since: number | undefined, hand: number[], own: number[], began: number, asking: boolean, idle: boolean }} Worker */

class Simulation {
  /**
   * @param {readonly Block[]} blocks
   * @param {Cluster} cluster
   * @param {number} seed
   */
  constructor(blocks, cluster, seed) {
    this.blocks = blocks
    this.cluster = cluster
    this.random = randomFrom(seed)
    this.events = new Events()
    this.redisFree = 0
    this.left = blocks.length
    this.makespan = 0
    this.sums = { useful: 0, wasted: 0, waiting: 0, deaths: 0, taken: 0 }
    /** @type {Worker[]} */
    this.workers = Array.from({ length: cluster.workers }, () => ({
      life: 0,
      since: undefined,
      hand: [],
      own: [],
      began: 0,
      asking: false,
      idle: false,
    }))
    const costs = blocks.map(({ cost }) => (cluster.inOrder ? 1 : cost))
    const isQueue = cluster.deal === 'queue'
    /** The next to be taken is the last. @type {number[]} */
    this.waiting = []
    for (const [block, shard] of deal(costs, isQueue ? 1 : cluster.workers)) {
      if (isQueue) this.waiting.push(block)
      else this.workers[shard]?.own.push(block)
    }
    for (const list of [this.waiting, ...this.workers.map(({ own }) => own)]) list.reverse()
  }

  run() {
    const { cluster, events } = this
    for (const worker of this.workers) this.begin(worker, 0)
    if (cluster.outage && cluster.outage.seconds > cluster.patience) {
      events.add(cluster.outage.at + cluster.patience, () => this.giveUp())
    }
    while (this.left > 0) events.next()
    const ideal = this.blocks.reduce((sum, { cost }) => sum + cost, 0) / (cluster.workers * cluster.threads)
    for (const worker of this.workers) this.rest(worker, this.makespan, false)
    return { makespan: this.makespan, ideal, ...this.sums }
  }

  /** @param {Worker} worker @param {number} now */
  begin(worker, now) {
    const { start, lifetime } = this.cluster
    const { life } = worker
    this.at(now + start, worker, (time) => {
      this.rest(worker, time, true)
      this.ask(worker, time)
    })
    if (lifetime === undefined) return
    const end = now - lifetime * Math.log(1 - this.random())
    this.events.add(end, () => {
      if (worker.life === life) this.die(worker, end, end + this.cluster.restart)
    })
  }

  /** Something that a worker does later, if it lives. @param {number} time @param {Worker} worker @param {(time: number) => void} what */
  at(time, worker, what) {
    const { life } = worker
    this.events.add(time, () => {
      if (worker.life === life) what(time)
    })
  }

  /** Asks for one more block. @param {Worker} worker @param {number} now */
  ask(worker, now) {
    const { inHand, deal: dealing } = this.cluster
    if (worker.asking || worker.hand.length >= inHand) return
    const list = dealing === 'queue' ? this.waiting : worker.own
    worker.idle = list.length === 0
    if (worker.idle) return
    worker.asking = true
    this.at(dealing === 'queue' ? this.redis(now) : now, worker, (time) => {
      worker.asking = false
      const block = list.pop()
      if (block !== undefined) this.take(worker, block, time)
      this.ask(worker, time)
    })
  }

  /** @param {Worker} worker @param {number} block @param {number} now */
  take(worker, block, now) {
    this.sums.taken++
    this.rest(worker, now, false)
    worker.hand.push(block)
    if (worker.hand.length === 1) this.compute(worker, now)
  }

  /** @param {Worker} worker @param {number} now */
  compute(worker, now) {
    const { cost, chains } = this.block(worker.hand[0])
    worker.began = now
    this.at(now + cost / Math.min(this.cluster.threads, chains), worker, (time) => {
      worker.hand.shift()
      this.sums.useful += cost
      this.left--
      this.makespan = time
      if (worker.hand.length > 0) this.compute(worker, time)
      else this.rest(worker, time, true)
      this.ask(worker, time)
    })
  }

  /** @param {Worker} worker @param {number} now @param {number} again when another takes its place */
  die(worker, now, again) {
    const { deal: dealing, lock, threads } = this.cluster
    const [block] = worker.hand
    if (block !== undefined) this.sums.wasted += (now - worker.began) * Math.min(threads, this.block(block).chains)
    for (const held of worker.hand.splice(0).reverse()) {
      if (dealing === 'shards') worker.own.push(held)
      else this.events.add(now + lock * (1 + this.random()), (time) => this.back(held, time))
    }
    this.rest(worker, now, false)
    worker.life++
    Object.assign(worker, { asking: false, idle: false })
    this.sums.deaths++
    this.begin(worker, again)
  }

  /** A block whose worker was lost waits again, and one that has nothing to do is woken. @param {number} block @param {number} now */
  back(block, now) {
    this.waiting.push(block)
    const idle = this.workers.find((worker) => worker.idle)
    if (idle) this.ask(idle, now)
  }

  /** Redis is away for too long: all end, and begin once it is back. */
  giveUp() {
    const { outage, patience, restart } = this.cluster
    if (!outage || this.cluster.deal === 'shards') return
    for (const worker of this.workers) {
      this.die(worker, outage.at + patience, outage.at + outage.seconds + restart)
    }
  }

  /** Begins or ends the time in which a worker has no block. @param {Worker} worker @param {number} now @param {boolean} begins */
  rest(worker, now, begins) {
    if (worker.since !== undefined) this.sums.waiting += now - worker.since
    worker.since = begins ? now : undefined
  }

  /** When Redis has answered a question of `now`: it answers one after another. @param {number} now */
  redis(now) {
    const { outage, ask } = this.cluster
    const isAway = (/** @type {number} */ time) => outage && time >= outage.at && time < outage.at + outage.seconds
    let from = Math.max(now, this.redisFree)
    if (outage && isAway(from)) from = outage.at + outage.seconds
    this.redisFree = from + ask
    return this.redisFree
  }

  /** @param {number | undefined} index @returns {Block} */
  block(index) {
    return /** @type {Block} */ (this.blocks[/** @type {number} */ (index)])
  }
}

/** What happens next: a binary heap by time; at one time, in the order in which it was added. */
class Events {
  constructor() {
    /** @type {{ time: number, order: number, what: (time: number) => void }[]} */
    this.heap = []
    this.added = 0
  }

  /** @param {number} time @param {(time: number) => void} what */
  add(time, what) {
    const { heap } = this
    const event = { time, order: this.added++, what }
    let at = heap.length
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (!parent || !isBefore(event, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = event
  }

  /** @throws {Error} where nothing is left to happen */
  next() {
    const { heap } = this
    const [first] = heap
    const last = heap.pop()
    if (!first || !last) throw new Error('nothing is left to happen, and blocks are')
    if (heap.length > 0) {
      let at = 0
      for (;;) {
        let least = 2 * at + 1
        const [left, right] = [heap[least], heap[least + 1]]
        if (left && right && isBefore(right, left)) least++
        const child = heap[least]
        if (!child || !isBefore(child, last)) break
        heap[at] = child
        at = least
      }
      heap[at] = last
    }
    first.what(first.time)
  }
}

/** @param {{ time: number, order: number }} one @param {{ time: number, order: number }} other */
function isBefore(one, other) {
  return one.time < other.time || (one.time === other.time && one.order < other.order)
}

/** Numbers from 0 up to 1 (Marsaglia's xorshift, 32 bits, after a mix of the seed). @param {number} seed @returns {() => number} */
export function randomFrom(seed) {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 16; i++) next()
  return next
}
