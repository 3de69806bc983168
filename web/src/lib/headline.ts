/** The sentence above a figure and the summary beside it. */
import { short, tight } from './format'
import type { Shown } from './rows'
import type { View } from './state'
import { inside } from './text'
import type { Measure } from './types'

interface Words {
  t: (key: never, values?: Record<string, string | number>) => string
  maybe: (key: string) => string
  name: (code: string) => string
  lang: string
}

function sentence(words: Words, keys: readonly string[], values: Record<string, string | number>): string {
  const key = keys.find((one) => words.maybe(one)) ?? 'head.any.all'
  return words.t(key as never, values)
}

/** What narrows the figures: the region, and options that are not as by default. */
export function qualifiers(
  measure: Measure,
  view: View,
  options: Readonly<Record<string, string>>,
  words: Words,
): string {
  const chosen = measure.options
    .filter((option) => options[option.id] !== option.default)
    .map((option) => option.values.find(([id]) => id === options[option.id])?.[1] ?? '')
  const region = view.region ? words.maybe(`region.${view.region}`) || view.region : ''
  return [region, ...chosen].filter(Boolean).join('; ')
}

/** What the view states, in one sentence. */
export function headline(
  measure: Measure,
  view: View,
  options: Readonly<Record<string, string>>,
  time: string,
  shown: Shown,
  words: Words,
): string {
  const narrowed = qualifiers(measure, view, options, words)
  return stated(measure, view, options, time, shown, words) + (narrowed ? ` (${narrowed})` : '')
}

function stated(
  measure: Measure,
  view: View,
  options: Readonly<Record<string, string>>,
  time: string,
  shown: Shown,
  words: Words,
): string {
  // Who waits for asylum has not found refuge: the two have sentences of their own.
  const id = options.status === 'asylum_seekers' ? 'asylum' : measure.id
  const say = (value: number | null | undefined) => short(value, measure.unit, words.lang)
  const base = { title: measure.title, time, n: shown.matching, value: say(shown.total) }
  const picked = shown.rows.find(
    (row) => row.id === view.pick || (measure.kind === 'country' && row.from === view.pick),
  )
  if (shown.matching === 0) return sentence(words, ['head.none'], base)
  if (measure.kind === 'country') {
    const place = picked?.from ?? view.focus
    const row = shown.rows.find((one) => one.from === place)
    const unit = words.maybe(`unit.${measure.unit}`) || (/^(%|share|USD mil)/.test(measure.unit) ? '' : measure.unit)
    const top = shown.rows[0]
    if (!row)
      return sentence(words, ['head.country-measure'], {
        ...base,
        place: inside(words.name(top?.from ?? ''), words.lang),
        value: say(top?.value),
      })
    return sentence(words, ['head.country-measure.place'], {
      ...base,
      place: words.name(place),
      value: say(row.value),
      unit,
      time: row.asOf ?? time,
    }).replace('  ', ' ')
  }
  if (picked) {
    const ends = { from: words.name(picked.from), to: words.name(picked.to), value: say(picked.value) }
    return sentence(words, [`head.${id}`, 'head.any'], { ...base, ...ends })
  }
  if (!view.focus) return sentence(words, [`head.${id}.all`, 'head.any.all'], base)
  return sentence(words, [`head.${id}.${view.dir}`, 'head.any.place'], {
    ...base,
    place: view.dir === 'both' ? words.name(view.focus) : inside(words.name(view.focus), words.lang),
    in: say(shown.arriving),
    out: say(shown.leaving),
  })
}

/** What a figure shows, in words: for those who can not see it. */
export function summary(measure: Measure, shown: Shown, words: Words, grouped = false): string[] {
  const part = shown.rows.reduce((all, row) => all + row.value, 0)
  const values = {
    n: shown.rows.length,
    matching: shown.matching,
    total: short(shown.total, measure.unit, words.lang),
    part: shown.total > 0 ? `${Math.round((100 * part) / shown.total)} %` : '–',
  }
  const key = grouped
    ? 'summary.groups'
    : measure.kind === 'country'
      ? 'summary.countries'
      : measure.sum
        ? 'summary.pairs'
        : 'summary.pairs.nosum'
  const lines = [words.t(key as never, values)]
  const list = shown.rows
    .slice(0, 3)
    .map(
      (row) =>
        `${words.name(row.from)}${row.to ? ` → ${words.name(row.to)}` : ''} ${short(row.value, measure.unit, words.lang)}`,
    )
  if (list.length) lines.push(words.t('summary.top' as never, { list: list.join('; ') }))
  if (measure.least && measure.kind === 'pair')
    lines.push(words.t('summary.least' as never, { least: tight(measure.least, measure.unit, words.lang) }))
  return lines
}
