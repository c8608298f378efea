// A dictionary of byte strings: the same bytes get the same code, codes count from 0 in order of first appearance.

/** Maps fields to codes without making a string of every field. */
export class Dictionary {
  /** How many codes there are. */
  size = 0
  #bytes: Buffer = Buffer.alloc(1024)
  #used = 0
  /** Where each label ends; label k starts where label k - 1 ends. */
  readonly #ends: number[] = []
  readonly #hashes: number[] = []
  #slots = new Int32Array(64)
  #last = -1

  /** The code of `bytes[start, end)`; a new one if it was not seen before. */
  code(bytes: Uint8Array, start: number, end: number): number {
    if (this.#last >= 0 && this.#equals(this.#last, bytes, start, end)) return this.#last
    let hash = 0x811c9dc5
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
    hash ^= hash >>> 15
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let found = this.#slots[slot]!; found !== 0; found = this.#slots[slot]!) {
      if (this.#hashes[found - 1] === hash && this.#equals(found - 1, bytes, start, end)) {
        this.#last = found - 1
        return found - 1
      }
      slot = (slot + 1) & mask
    }
    return this.#insert(bytes, start, end, hash, slot)
  }

  /** The label of a code. */
  label(code: number): string {
    return this.#bytes.toString('utf8', this.#start(code), this.#ends[code])
  }

  /** Calls `visit` with the bytes of every label. */
  each(visit: (code: number, bytes: Buffer, start: number, end: number) => void): void {
    for (let code = 0; code < this.size; code++) visit(code, this.#bytes, this.#start(code), this.#ends[code]!)
  }

  #start(code: number): number {
    return code === 0 ? 0 : this.#ends[code - 1]!
  }

  #equals(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#start(code)
    if (this.#ends[code]! - from !== end - start) return false
    for (let k = 0; k < end - start; k++) if (this.#bytes[from + k] !== bytes[start + k]) return false
    return true
  }

  #insert(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const stop = this.#used + end - start
    if (stop > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(stop, this.#bytes.length * 2))
      larger.set(this.#bytes.subarray(0, this.#used))
      this.#bytes = larger
    }
    this.#bytes.set(bytes.subarray(start, end), this.#used)
    this.#used = stop
    this.#ends.push(stop)
    this.#hashes.push(hash)
    this.#slots[slot] = ++this.size
    this.#last = this.size - 1
    if (this.size * 2 > this.#slots.length) this.#widen()
    return this.#last
  }

  #widen(): void {
    const slots = new Int32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let code = 0; code < this.size; code++) {
      let slot = this.#hashes[code]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = code + 1
    }
    this.#slots = slots
  }
}
