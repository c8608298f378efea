// A list of numbers of unknown length in typed arrays, without copies until it is done.

const first = 4096
const largest = 1 << 18

/** Grows in pieces; `done` joins them. */
export class Growing<T extends Float64Array | Uint32Array> {
  readonly #make: (length: number) => T
  readonly #full: T[] = []
  #piece: T
  #at = 0
  length = 0

  constructor(make: (length: number) => T) {
    this.#make = make
    this.#piece = make(first)
  }

  push(value: number): void {
    if (this.#at === this.#piece.length) {
      this.#full.push(this.#piece)
      this.#piece = this.#make(Math.min(this.#piece.length * 2, largest))
      this.#at = 0
    }
    this.#piece[this.#at++] = value
    this.length++
  }

  /** All values in one array. */
  done(): T {
    const all = this.#make(this.length)
    let at = 0
    for (const piece of this.#full) {
      all.set(piece, at)
      at += piece.length
    }
    all.set(this.#piece.subarray(0, this.#at), at)
    return all
  }
}

export const growingNumbers = (): Growing<Float64Array> => new Growing((length) => new Float64Array(length))
export const growingCodes = (): Growing<Uint32Array> => new Growing((length) => new Uint32Array(length))
