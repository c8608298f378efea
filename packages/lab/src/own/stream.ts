// The random numbers that a model's functions get: the core's, in batches, so that a number costs a step in an array.

import type { Stream } from '@genloss/models'
import type { Native } from '../native.js'

/** The first batch of a call is small, as many calls want a few numbers only. */
const [few, many] = [128, 1024]

type Fill = (into: Float64Array) => void

/** Numbers of one kind, taken one by one or many at once from one sequence. */
class Numbers {
  readonly #fill: Fill
  readonly #buffer = new Float64Array(many)
  readonly #few = this.#buffer.subarray(0, few)
  #next = 0
  #end = 0
  #isFirst = true

  constructor(fill: Fill) {
    this.#fill = fill
  }

  /** Forgets what is left of the last call. */
  reset(): void {
    this.#next = 0
    this.#end = 0
    this.#isFirst = true
  }

  next(): number {
    if (this.#next === this.#end) {
      const batch = this.#isFirst ? this.#few : this.#buffer
      this.#fill(batch)
      this.#isFirst = false
      this.#next = 0
      this.#end = batch.length
    }
    return this.#buffer[this.#next++]!
  }

  take(into: Float64Array): Float64Array {
    const left = Math.min(this.#end - this.#next, into.length)
    if (left > 0) into.set(this.#buffer.subarray(this.#next, this.#next + left))
    this.#next += left
    if (left < into.length) this.#fill(left > 0 ? into.subarray(left) : into)
    return into
  }
}

/** The stream of the call that a host is in. */
export class HostStream implements Stream {
  readonly native: InstanceType<Native['HostStreams']>
  readonly #normals: Numbers
  readonly #uniforms: Numbers
  readonly #exponentials: Numbers

  constructor(core: Native) {
    this.native = new core.HostStreams()
    this.#normals = new Numbers((into) => this.native.normals(into))
    this.#uniforms = new Numbers((into) => this.native.uniforms(into))
    this.#exponentials = new Numbers((into) => this.native.exponentials(into))
  }

  reset(): void {
    this.#normals.reset()
    this.#uniforms.reset()
    this.#exponentials.reset()
  }

  normal(): number {
    return this.#normals.next()
  }

  uniform(): number {
    return this.#uniforms.next()
  }

  integer(n: number): number {
    // A product may round up to n itself where n is large.
    return Math.min(Math.floor(this.#uniforms.next() * n), n - 1)
  }

  exponential(): number {
    return this.#exponentials.next()
  }

  normals(into: Float64Array): Float64Array {
    return this.#normals.take(into)
  }

  uniforms(into: Float64Array): Float64Array {
    return this.#uniforms.take(into)
  }

  exponentials(into: Float64Array): Float64Array {
    return this.#exponentials.take(into)
  }
}
