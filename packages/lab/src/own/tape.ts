// A stream that can be heard again: what a law asks twice of a model must come from the same random numbers.

import type { Stream } from '@genloss/models'

type Kind = 'normal' | 'uniform' | 'exponential'

export class Tape {
  readonly #source: Stream
  readonly #heard: Record<Kind, number[]> = { normal: [], uniform: [], exponential: [] }

  constructor(source: Stream) {
    this.#source = source
  }

  /** The stream from its beginning; numbers beyond what was heard before are new. */
  play(): Stream {
    const at = { normal: 0, uniform: 0, exponential: 0 }
    const next = (kind: Kind): number => {
      const heard = this.#heard[kind]
      if (at[kind] === heard.length) heard.push(this.#source[kind]())
      return heard[at[kind]++]!
    }
    const fill = (kind: Kind) => (into: Float64Array) => {
      for (let i = 0; i < into.length; i++) into[i] = next(kind)
      return into
    }
    return {
      normal: () => next('normal'),
      uniform: () => next('uniform'),
      exponential: () => next('exponential'),
      integer: (n) => Math.min(Math.floor(next('uniform') * n), n - 1),
      normals: fill('normal'),
      uniforms: fill('uniform'),
      exponentials: fill('exponential'),
    }
  }
}
