/** A measure and the choices made for it. */
import type { View } from './state'
import type { Atlas, Measure } from './types'

export function measureOf(atlas: Atlas, view: Pick<View, 'measure'>): Measure | undefined {
  return atlas.measures.find((one) => one.id === view.measure) ?? atlas.measures[0]
}

/** Options as chosen; what is unknown is as by default, a combination without file is mended. */
export function optionsOf(measure: Measure, chosen: Readonly<Record<string, string>>): Record<string, string> {
  const options: Record<string, string> = {}
  for (const option of measure.options) {
    const wanted = chosen[option.id]
    options[option.id] = option.values.some(([id]) => id === wanted) && wanted ? wanted : option.default
  }
  if (!isAbsent(measure, options)) return options
  for (const option of [...measure.options].reverse()) {
    const mended = { ...options, [option.id]: option.default }
    if (!isAbsent(measure, mended)) return mended
  }
  return Object.fromEntries(measure.options.map((option) => [option.id, option.default]))
}

export function isAbsent(measure: Measure, options: Readonly<Record<string, string>>): boolean {
  return (measure.absent ?? []).some((one) => Object.entries(one).every(([key, value]) => options[key] === value))
}

/** The time chosen, or the default where there is no such time. */
export function timeOf(measure: Measure, t: number | null): number {
  if (t === null) return measure.default_time
  if (measure.times.some(([one]) => one === t)) return t
  // A year of another measure: the last time that is not later.
  const year = t > 9999 ? Math.floor(t / 10) : t
  const before = measure.times.filter(([one]) => (one > 9999 ? Math.floor(one / 10) : one) <= year)
  return before.at(-1)?.[0] ?? measure.default_time
}

export function timeWords(measure: Measure, t: number): string {
  return measure.times.find(([one]) => one === t)?.[1] ?? String(t)
}
