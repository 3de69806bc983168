/** Shapes of the data files. Values may be missing; missing is never zero. */

export type Maybe = number | null

export interface Option {
  id: string
  label: string
  values: [string, string][]
  default: string
}

export interface Measure {
  id: string
  title: string
  short: string
  unit: string
  definition: string
  caveat: string
  kind: 'pair' | 'country'
  table: string
  arrow?: 'people' | 'money' | null
  options: Option[]
  absent?: Record<string, string>[]
  times: [number, string][]
  default_time: number
  path: string
  interval: boolean
  interval_words: string
  sum: boolean
  decimals: number
  lineage: [string, string]
  sources: string[]
  least: number | null
  /** Pairs whose figure rests on few observations, and on how many, by time. */
  few?: Record<string, Record<string, number>>
  /** Sentences on the world that stand beside the measure. */
  beside?: string[]
}

export interface Place {
  code: string
  name: string
  region: string | null
  subregion: string | null
  income: string | null
  lat: Maybe
  lon: Maybe
  kind: string
  m49: string | null
}

export interface Atlas {
  format: number
  project: string
  version: string
  built: string
  /** Day on which figures have an age, the years from which one is old, and what is newer, by table. */
  as_of?: string
  old_years?: number
  superseded?: Record<string, string>
  atlas_id: string
  api: boolean
  measures: Measure[]
  places: Place[]
  /** Within whom the stock tables count a place, or whom within it. */
  counted?: Record<string, string[]>
  regions: string[]
  disclaimer: string
  languages: Record<string, string>
  files?: string[]
}

/** One row of a pair file. Origin and destination are those of people. */
export interface Pair {
  origin: string
  destination: string
  value: number
  lower: Maybe
  upper: Maybe
}

/** A row as every figure and the table show it: `from` and `to` follow the arrow. */
export interface Row {
  id: string
  from: string
  to: string
  value: number
  lower: Maybe
  upper: Maybe
  /** Year of the figure where it differs from the one chosen. */
  asOf?: string
}

export interface Point {
  t: number
  label: string
  value: Maybe
  lower: Maybe
  upper: Maybe
}

export interface Series {
  name: string
  /** A path drawn between few points, such as one to a target: no observation, without gaps. */
  path?: boolean
  points: Point[]
}

export interface SourceCard {
  table_name?: string
  title: string
  publisher: string
  revision: string
  licence: string
  years: string
  unit: string
  note: string
  last_year?: number | null
  accessed?: string | null
  superseded?: string | null
  rows: number
  sha256: string
  citation: string
}

export interface Recipe {
  table: string
  method: string
  formula: string
  function: string
  uncertainty: string | null
  caveat: string | null
  parameters: string[]
}
