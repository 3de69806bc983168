/** The rows behind the figure of the world view. */
import * as data from './data'
import { along } from './rows'
import type { Measure, Row } from './types'

export interface Loaded {
  measure: Measure
  t: number
  rows: Row[]
  /** Places that have a figure at this time. */
  known: Set<string>
}

export async function loadRows(wanted: {
  measure: Measure
  options: Record<string, string>
  t: number
}): Promise<Loaded> {
  const { measure, options, t } = wanted
  if (measure.kind === 'pair') {
    const rows = along(await data.pairs(measure, options, t), measure.arrow)
    return { measure, t, rows, known: new Set(rows.flatMap((row) => [row.from, row.to])) }
  }
  const all = await data.countryRows(measure)
  const rows = data.countriesAt(all, options.series ?? '', t).map((row) => ({
    id: row.country,
    from: row.country,
    to: '',
    value: row.value ?? 0,
    lower: row.lower,
    upper: row.upper,
    ...(row.late ? { asOf: String(row.t) } : {}),
  }))
  return { measure, t, rows, known: new Set(rows.map((row) => row.from)) }
}
