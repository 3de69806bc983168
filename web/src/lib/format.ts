/** Figures in words and digits, by language. */
import type { Maybe } from './types'

export type Kind = 'persons' | 'usd' | 'dollars' | 'percent' | 'share' | 'other'

/** Which way a unit is written. */
export function kindOf(unit: string): Kind {
  if (unit.startsWith('persons')) return 'persons'
  if (unit.startsWith('USD million')) return 'usd'
  if (unit.startsWith('USD')) return 'dollars'
  if (unit.startsWith('%')) return 'percent'
  if (unit.startsWith('share')) return 'share'
  return 'other'
}

const cache = new Map<string, Intl.NumberFormat>()

function formatter(lang: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = lang + JSON.stringify(options)
  const found = cache.get(key) ?? new Intl.NumberFormat(lang, options)
  cache.set(key, found)
  return found
}

/** Digits after the point that a figure of this unit deserves. */
function digits(kind: Kind, value: number): number {
  if (kind === 'percent') return Math.abs(value) < 10 ? 2 : 1
  if (kind === 'persons') return 0
  return Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 1 ? 1 : 3
}

/** The figure in digits without unit; an en dash where it is not known. */
export function plain(value: Maybe | undefined, unit: string, lang: string): string {
  if (value === null || value === undefined) return '–'
  const kind = kindOf(unit)
  const shown = kind === 'share' ? value * 100 : value
  const figure = kind === 'share' ? digits('percent', shown) : digits(kind, shown)
  return formatter(lang, { maximumFractionDigits: figure }).format(shown)
}

/** Short figure with its unit: "10.9 million", "USD 60.1 billion", "4.18 %". */
export function short(value: Maybe | undefined, unit: string, lang: string): string {
  if (value === null || value === undefined) return '–'
  if (unit === 'year') return String(value)
  const kind = kindOf(unit)
  if (kind === 'percent' || kind === 'share') return `${plain(value, unit, lang)} %`
  const scale = kind === 'usd' ? value * 1e6 : value
  const size = Math.abs(scale)
  let text: string
  if (size >= 1e6)
    text = formatter(lang, { notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: 3 }).format(scale)
  else if (size >= 10_000) text = formatter(lang, { maximumSignificantDigits: 3 }).format(scale)
  else text = formatter(lang, { maximumFractionDigits: size < 100 && kind === 'other' ? 1 : 0 }).format(scale)
  return kind === 'usd' || kind === 'dollars' ? `USD ${text}` : text
}

/** Words of a unit that the figure itself does not carry: "people", "per 10,000 people". */
export function unitBeside(unit: string, words: (key: string) => string): string {
  const kind = kindOf(unit)
  const own = unit.replace(/^(USD million|USD|%|share)( |$)/, '')
  return kind === 'persons' || kind === 'other' ? words(`unit.${unit}`) || unit : own
}

/** Tight figure for axes and legends: "10.9M". */
export function tight(value: number, unit: string, lang: string): string {
  const kind = kindOf(unit)
  if (kind === 'percent' || kind === 'share') return `${plain(value, unit, lang)} %`
  const scale = kind === 'usd' ? value * 1e6 : value
  return formatter(lang, { notation: 'compact', maximumSignificantDigits: 3 }).format(scale)
}

/** Range of an interval in short figures, or nothing where there is none. */
export function range(lower: Maybe | undefined, upper: Maybe | undefined, unit: string, lang: string): string {
  if (lower === null || lower === undefined || upper === null || upper === undefined) return ''
  return `${short(lower, unit, lang)} – ${short(upper, unit, lang)}`
}

/** Share in percent of a total. */
export function percent(part: number, total: number, lang: string): string {
  if (!total) return '–'
  return `${formatter(lang, { maximumSignificantDigits: 2 }).format((100 * part) / total)} %`
}

/** A time of a data file as a number on an axis: 20203 is the third quarter of 2020. */
export function onAxis(t: number): number {
  return t > 9999 ? Math.floor(t / 10) + ((t % 10) - 1) / 4 : t
}

/** The time a reader typed ("2017", "2017 Q3", "2017q3") among those there are; else nothing. */
export function typedTime(text: string, times: readonly [number, string][]): number | null {
  const wanted = text.trim().toLowerCase().replaceAll(/\s+/g, '')
  const exact = times.find(([, label]) => label.toLowerCase().replaceAll(/\s+/g, '') === wanted)
  if (exact) return exact[0]
  const year = /^\d{4}$/.test(wanted) ? Number(wanted) : Number.NaN
  if (Number.isNaN(year) || times.length === 0) return null
  const first = onAxis(times[0]?.[0] ?? 0)
  const last = onAxis(times.at(-1)?.[0] ?? 0)
  if (year < first || year > last + 5) return null
  const before = times.filter(([t]) => onAxis(t) <= year)
  return before.at(-1)?.[0] ?? null
}
