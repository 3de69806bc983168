/** Widths, classes and colours. */

/** Width proportional to the volume, the greatest `most` pixels wide; a hair for the least. */
export function widthScale(greatest: number, most: number): (value: number) => number {
  return (value) => (greatest > 0 ? Math.max(0.6, (most * Math.max(0, value)) / greatest) : 0.6)
}

/** Round values for a legend, from the greatest down. */
export function legendValues(greatest: number, n = 3): number[] {
  const values: number[] = []
  let value = roundDown(greatest)
  while (values.length < n && value > 0) {
    values.push(value)
    value = roundDown(value / 3.9)
  }
  return values
}

/** The greatest of 1, 2, 5 × 10^n that is not above. */
export function roundDown(value: number): number {
  if (!(value > 0)) return 0
  const power = 10 ** Math.floor(Math.log10(value))
  const lead = value / power
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power
}

/** Limits of classes with about equally many figures in each. */
export function quantiles(values: readonly number[], classes = 5): number[] {
  const sorted = [...values].sort((a, b) => a - b)
  if (sorted.length === 0) return []
  const limits: number[] = []
  for (let i = 1; i < classes; i += 1) {
    const limit = sorted[Math.floor((i * sorted.length) / classes)] ?? 0
    if (limits.at(-1) !== limit) limits.push(limit)
  }
  return limits
}

/** Class of a figure: 0 … limits.length. */
export function classOf(value: number, limits: readonly number[]): number {
  let i = 0
  while (i < limits.length && value >= (limits[i] ?? 0)) i += 1
  return i
}

/** Prices against the two targets states have set: 3 and 5 percent. */
export const PRICE_LIMITS: readonly number[] = [3, 5, 10]

/** Ticks of an axis that hold all values. */
export function ticks(low: number, high: number, about = 4): number[] {
  if (!(high > low)) return [low]
  const raw = (high - low) / about
  const power = 10 ** Math.floor(Math.log10(raw))
  const lead = raw / power
  const step = (lead > 5 ? 10 : lead > 2 ? 5 : lead > 1 ? 2 : 1) * power
  const found: number[] = []
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i += 1) found.push(i * step + 0)
  return found
}

/** CSS variable with the colour of a region: its place in the atlas's fixed order. */
export function regionColour(region: string | null, regions: readonly string[]): string {
  const i = region ? regions.indexOf(region) : -1
  return i < 0 ? 'var(--ink-soft)' : `var(--region-${i + 1})`
}
