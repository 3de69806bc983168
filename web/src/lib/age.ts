/** How old is a figure on the day of the atlas? */
import type { Atlas } from './types'

type Day = Pick<Atlas, 'as_of' | 'old_years' | 'superseded'>

/** The last year that a label such as "2020 Q3" or "2015–2020" speaks of. */
export function yearOf(label: string): number | null {
  const years = [...label.matchAll(/\d{4}/g)].map(Number)
  return years.length ? Math.max(...years) : null
}

/** Tables of what was agreed or joined: it still holds, however long ago that was. */
const LASTING = new Set([
  'treaty',
  'labour_agreement',
  'social_security_agreement',
  'domestic_workers_convention',
  'proximity',
])

/** How many years old the figures of a label are, where that makes them old; null where not. */
export function oldBy(label: string | undefined, day: Day | null, tables: readonly string[] = []): number | null {
  if (tables.some((table) => LASTING.has(table))) return null
  const year = label ? yearOf(label) : null
  const now = day?.as_of ? yearOf(day.as_of.slice(0, 4)) : null
  if (year === null || now === null) return null
  return now - year > (day?.old_years ?? 3) ? now - year : null
}

/** What is newer than the figures of some tables, each once. */
export function newer(tables: readonly string[], day: Day | null): string[] {
  return [...new Set(tables.flatMap((table) => day?.superseded?.[table] ?? []))]
}
