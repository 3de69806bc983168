/** A corridor in charts and sentences. */
import type { Fact } from './data'
import { range, short } from './format'
import { inside } from './text'
import type { Maybe, Point, Series } from './types'

export interface Panel {
  measure: string
  unit: string
  series: Series[]
}

/** Measures of a corridor page, in this order. */
export const ORDER = [
  'migrant_stock',
  'migrant_flow',
  'annual_flow',
  'remittance_flow',
  'remittance_observed',
  'remittance_price',
  'displaced',
] as const

/** One panel for each measure; the recommended series comes first. */
export function panels(facts: readonly Fact[]): Panel[] {
  return ORDER.flatMap((measure) => {
    const own = facts.filter(
      (fact) => fact.measure === measure && (fact.sex === 'total' || fact.sex === '') && Number.isFinite(fact.t),
    )
    if (own.length === 0) return []
    const found = new Map<string, Point[]>()
    for (const fact of own) found.set(fact.detail, [...(found.get(fact.detail) ?? []), fact])
    const series = [...found].map(([name, points]) => ({ name, points: points.sort((a, b) => a.t - b.t) }))
    series.sort((a, b) => rank(a) - rank(b))
    return [{ measure, unit: own[0]?.unit ?? '', series }]
  })
}

function rank(series: Series): number {
  const first = ['pseudo-bayes', 'reconciled', 'refugees'].indexOf(series.name)
  if (first >= 0) return -1
  return series.points.some((point) => point.lower !== null) ? 0 : 1
}

/** The latest known point of a panel's main series. */
export function latest(panel: Panel | undefined): Point | undefined {
  return panel?.series[0]?.points.filter((point) => point.value !== null).at(-1)
}

/** How a price stands against the targets of 3 and 5 percent. */
export function judged(price: Maybe): 'below3' | 'below5' | 'above5' {
  if (price !== null && price < 3) return 'below3'
  return price !== null && price < 5 ? 'below5' : 'above5'
}

/** Quotes behind a price that rests on few of them. */
function few(point: Point): Maybe {
  return 'few' in point ? (point as Fact).few : null
}

interface Words {
  t: (key: never, values?: Record<string, string | number>) => string
  name: (code: string) => string
  lang: string
}

/** What is known of a corridor, a sentence for each measure. */
export function sentences(
  list: readonly Panel[],
  o: string,
  d: string,
  words: Words,
): { measure: string; text: string }[] {
  return list.flatMap((panel) => {
    const point = latest(panel)
    const key = `corridor.fact.${panel.measure}`
    if (!point || panel.measure === 'annual_flow') return []
    const interval = range(point.lower, point.upper, panel.unit, words.lang)
    const text = words.t(key as never, {
      from: inside(words.name(o), words.lang),
      to: inside(words.name(d), words.lang),
      time: point.label,
      value: short(point.value, panel.unit, words.lang),
      range: interval ? words.t('corridor.fact.range' as never, { range: interval }) : '',
      judged: words.t(`corridor.price.${judged(point.value)}` as never),
      few: few(point) ? words.t('corridor.price.few' as never, { n: few(point) ?? 0 }) : '',
    })
    return [{ measure: panel.measure, text }]
  })
}
