/** Random numbers for resampling: the same everywhere, from a seed. */

/**
 * Numbers strictly between 0 and 1, odd multiples of 2^-33: sfc32 of C. Doty-Humphrey's PractRand, whole numbers only, so that every
 * machine draws the same.
 */
export function uniforms(seed: number): () => number {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, Math.floor(seed / 2 ** 32) | 0, 1]
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return (sum >>> 0) / 2 ** 32 + 2 ** -33
  }
  for (let i = 0; i < 15; i++) next()
  return next
}
