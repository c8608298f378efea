/** Selection in place: brings the order statistics that quantiles need to their sorted positions in linear time. */

/** Sorts `values[from..to]`, both ends included; for short ranges. */
export function insertionSort(values: Float64Array, from: number, to: number): void {
  for (let i = from + 1; i <= to; i++) {
    const value = values[i]!
    let j = i - 1
    while (j >= from && values[j]! > value) {
      values[j + 1] = values[j]!
      j--
    }
    values[j + 1] = value
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return a < b ? (b < c ? b : Math.max(a, c)) : a < c ? a : Math.max(b, c)
}

/**
 * Rearranges `values[from..to]` (both ends included, no NaN) so that position `k` holds what sorting would put there,
 * nothing greater stands before it and nothing smaller behind it.
 *
 * Hoare's quickselect: scans that stop at values equal to the pivot keep ties cheap (dead chains are all equal), and a
 * range that won't shrink is sorted instead, so that no input is quadratic.
 */
export function select(values: Float64Array, from: number, to: number, k: number): void {
  let left = from
  let right = to
  let budget = 8 + 2 * Math.log2(to - from + 1)
  while (right - left > 16) {
    if (budget-- <= 0) {
      values.subarray(left, right + 1).sort()
      return
    }
    const pivot = medianOfThree(values[left]!, values[(left + right) >>> 1]!, values[right]!)
    let i = left
    let j = right
    while (i <= j) {
      while (values[i]! < pivot) i++
      while (values[j]! > pivot) j--
      if (i <= j) {
        const swap = values[i]!
        values[i++] = values[j]!
        values[j--] = swap
      }
    }
    if (k <= j) right = j
    else if (k >= i) left = i
    else return
  }
  insertionSort(values, left, right)
}

/** Brings the smallest of `values[from..to]` to `from`. */
export function bringSmallest(values: Float64Array, from: number, to: number): void {
  let at = from
  let least = values[from]!
  for (let i = from + 1; i <= to; i++) {
    if (values[i]! < least) {
      least = values[i]!
      at = i
    }
  }
  values[at] = values[from]!
  values[from] = least
}
