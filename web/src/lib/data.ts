/** Reading the data files, each once. Only addresses relative to the page. */
import { parquetMetadataAsync, parquetRead } from 'hyparquet'
import type { Atlas, Maybe, Measure, Pair, Place, Point, Recipe, Series, SourceCard } from './types'

type Columns = Record<string, ArrayLike<unknown>>

const kept = new Map<string, Promise<unknown>>()

function once<T>(key: string, make: () => Promise<T>): Promise<T> {
  const found = kept.get(key) as Promise<T> | undefined
  if (found) return found
  const made = make()
  kept.set(key, made)
  made.catch(() => kept.delete(key))
  return made
}

/** Thrown where a file is not there; the view says so in words. */
export class Missing extends Error {}

async function answer(path: string): Promise<Response> {
  const response = await fetch(new URL(path, document.baseURI))
  if (!response.ok) throw new Missing(`${path}: ${response.status}`)
  return response
}

export function json<T>(path: string): Promise<T> {
  return once(path, async () => (await answer(path)).json() as Promise<T>)
}

export function columns(path: string): Promise<Columns> {
  return once(path, async () => readColumns(await (await answer(path)).arrayBuffer()))
}

/** A Parquet file as columns. */
export async function readColumns(file: ArrayBuffer): Promise<Columns> {
  const metadata = await parquetMetadataAsync(file)
  const n = Number(metadata.num_rows)
  const found: Record<string, unknown[]> = {}
  for (const element of metadata.schema.slice(1)) found[element.name] = new Array(n)
  await parquetRead({
    file,
    metadata,
    onChunk: ({ columnName, columnData, rowStart }) => {
      const column = found[columnName]
      if (!column) return
      for (let i = 0; i < columnData.length; i += 1) column[rowStart + i] = columnData[i]
    },
  })
  return found
}

/** Columns as rows of words and numbers. */
export function records(table: Columns): Record<string, unknown>[] {
  const names = Object.keys(table)
  const n = table[names[0] ?? '']?.length ?? 0
  return Array.from({ length: n }, (_, i) => Object.fromEntries(names.map((name) => [name, simple(table[name]?.[i])])))
}

function simple(cell: unknown): unknown {
  return typeof cell === 'bigint' ? Number(cell) : cell
}

export function number(cell: unknown): Maybe {
  if (cell === null || cell === undefined) return null
  const value = Number(cell)
  return Number.isFinite(value) ? value : null
}

export async function atlas(): Promise<Atlas> {
  const raw = await json<Omit<Atlas, 'places'> & { places: unknown[][] }>('data/atlas.json')
  return { ...raw, places: raw.places.map(place) }
}

function place(row: unknown[]): Place {
  const [code, name, region, subregion, income, lat, lon, kind, m49] = row
  return { code, name, region, subregion, income, lat, lon, kind, m49 } as Place
}

export const names = () => json<Record<string, string[]>>('data/names.json')
export const sources = () => json<Record<string, SourceCard>>('data/sources.json')
export const lineage = () => json<Recipe[]>('data/lineage.json')

/** Path of the file that holds a measure for these options and this time. */
export function pathOf(measure: Measure, options: Readonly<Record<string, string>>, t: number): string {
  return measure.path.replaceAll(/\{(\w+)\}/g, (_, key: string) => (key === 't' ? String(t) : (options[key] ?? '')))
}

/** Rows of a pair measure at one time. */
export async function pairs(measure: Measure, options: Readonly<Record<string, string>>, t: number): Promise<Pair[]> {
  const table = await columns(pathOf(measure, options, t))
  return pairRows(table, t)
}

export function pairRows(table: Columns, t: number): Pair[] {
  const { origin, destination, value, lower, upper, t: times } = table
  const rows: Pair[] = []
  const n = origin?.length ?? 0
  for (let i = 0; i < n; i += 1) {
    const figure = number(value?.[i])
    if (figure === null || (times && Number(times[i]) !== t)) continue
    rows.push({
      origin: String(origin?.[i]),
      destination: String(destination?.[i]),
      value: figure,
      lower: number(lower?.[i]),
      upper: number(upper?.[i]),
    })
  }
  return rows
}

export interface CountryRow {
  country: string
  series: string
  t: number
  value: Maybe
  lower: Maybe
  upper: Maybe
}

/** All rows of a country measure. */
export async function countryRows(measure: Measure): Promise<CountryRow[]> {
  const table = await columns(measure.path)
  return records(table).map((row) => ({
    country: String(row.country),
    series: String(row.series ?? ''),
    t: Number(row.t),
    value: number(row.value),
    lower: number(row.lower),
    upper: number(row.upper),
  }))
}

/**
 * Figures of a country measure at a time. Where countries report in different years, each has its
 * latest up to then, with its year.
 */
export function countriesAt(
  rows: readonly CountryRow[],
  series: string,
  t: number,
): (CountryRow & { late: boolean })[] {
  const own = rows.filter((row) => (!series || row.series === series) && row.value !== null)
  const count = new Map<number, number>()
  for (const row of own) count.set(row.t, (count.get(row.t) ?? 0) + 1)
  const all = new Set(own.map((row) => row.country)).size
  const sparse = Math.max(0, ...count.values()) < 0.6 * all
  if (!sparse) return own.filter((row) => row.t === t).map((row) => ({ ...row, late: false }))
  const latest = new Map<string, CountryRow>()
  for (const row of own) {
    const before = latest.get(row.country)
    if (row.t <= t && (!before || before.t < row.t)) latest.set(row.country, row)
  }
  return [...latest.values()].map((row) => ({ ...row, late: row.t !== t }))
}

export interface Fact extends Point {
  destination: string
  measure: string
  detail: string
  sex: string
  unit: string
  /** Quotes behind a price that rests on few of them. */
  few: Maybe
}

/** Every figure of the corridors from one origin. */
export async function corridorFacts(origin: string): Promise<Fact[]> {
  const table = await columns(`data/corridor/${origin}.parquet`)
  return records(table).map((row) => ({
    destination: String(row.destination),
    measure: String(row.measure),
    detail: String(row.detail ?? ''),
    sex: String(row.sex ?? ''),
    unit: String(row.unit ?? ''),
    t: Number(row.t),
    label: String(row.period || row.t).replace(/^(\d{4})Q/, '$1 Q'),
    value: number(row.value),
    lower: number(row.lower),
    upper: number(row.upper),
    few: number(row.few_quotes),
  }))
}

export interface Section {
  title: string
  measure: string
  table: string
  unit: string
  /** Words of times that are not a plain year. */
  periods?: Record<string, string>
  series: { detail: string; sex: string; points: (number | null)[][] }[]
}

export interface Profile {
  code: string
  title: string
  columns: string[]
  sections: Section[]
  notes: (string | { message: string })[]
}

export const profile = (code: string) => json<Profile>(`data/profile/${code}.json`)

/** The points of one series of a profile; trailing cells that are not known are left out there. */
export function points(section: Pick<Section, 'periods'>, raw: readonly (number | null)[][]): Point[] {
  return raw.map(([t, value, lower, upper]) => ({
    t: Number(t),
    label: (section.periods?.[String(t)] ?? String(t)).replace(/^(\d{4})Q/, '$1 Q'),
    value: number(value),
    lower: number(lower),
    upper: number(upper),
  }))
}

/** Facts as one series for each detail, in order of time. */
export function seriesOf(facts: readonly Fact[]): Series[] {
  const found = new Map<string, Point[]>()
  for (const fact of facts) {
    const own = found.get(fact.detail) ?? []
    own.push(fact)
    found.set(fact.detail, own)
  }
  return [...found].map(([name, own]) => ({ name, points: own.sort((a, b) => a.t - b.t) }))
}
