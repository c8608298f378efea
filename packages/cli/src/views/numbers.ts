// Numbers as people read them.

/** A whole number with commas between thousands: `1,000,000`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** Significant digits, three if not said otherwise, without trailing zeros, `2.7e-5` below a thousandth; `-` for what is undefined. */
export function short(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '-'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const rounded = Number(value.toPrecision(digits))
  return rounded !== 0 && Math.abs(rounded) < 0.001 ? rounded.toExponential() : String(rounded)
}

/** A share in per cent; never `0 %` or `100 %` for a share that is not exactly that. */
export function percent(share: number): string {
  if (Number.isNaN(share)) return '-'
  if (share > 0 && share < 0.001) return '<0.1 %'
  if (share < 1 && share > 0.999) return '>99.9 %'
  const value = 100 * share
  return `${value < 10 || value > 90 ? Number(value.toFixed(1)) : Math.round(value)} %`
}

/** `<0.001`, `0.04`, and `-` where there was no test. */
export function pValue(p: number | undefined): string {
  if (p === undefined || Number.isNaN(p)) return '-'
  return p < 0.001 ? '<0.001' : String(Number(p.toPrecision(2)))
}

/** `, 5 of 19` where not all are shown. */
export function some(shown: number, all: number): string {
  return shown < all ? `, ${shown} of ${count(all)}` : ''
}

/** Bytes in the unit that fits: `135 MB`. */
export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB']
  const step = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3))
  return `${short(value / 1000 ** step)} ${units[step]}`
}
