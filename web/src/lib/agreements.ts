/** Bilateral labour agreements: search and shares of provisions. */
import { columns, number, records } from './data'
import { fold } from './text'
import type { Point, Series } from './types'

export interface Agreement {
  agreement: number
  a: string
  b: string
  year: number | null
  coded: boolean
  /** Provisions coded yes; what is not coded is absent. */
  provisions: Record<string, boolean>
}

const PLAIN = new Set(['agreement', 'party_a', 'party_b', 'year', 'coded', 'source'])

export async function agreements(): Promise<Agreement[]> {
  return records(await columns('data/agreements.parquet')).map((row) => ({
    agreement: Number(row.agreement),
    a: String(row.party_a),
    b: String(row.party_b),
    year: row.year === null || row.year === undefined ? null : Number(row.year),
    coded: row.coded === true || row.coded === 1,
    provisions: Object.fromEntries(
      Object.entries(row)
        .filter(([name, cell]) => !PLAIN.has(name) && cell !== null && cell !== undefined)
        .map(([name, cell]) => [name, cell === true || cell === 1]),
    ),
  }))
}

/** Names of provisions, as in the data. */
export function provisionsOf(list: readonly Agreement[]): string[] {
  return [...new Set(list.flatMap((one) => Object.keys(one.provisions)))]
}

/** Words of a provision: "written_contract" -> "Written contract". */
export function provisionWords(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export interface Wanted {
  typed: string
  coded: boolean
  provision: string
}

/** Agreements that match every word typed (a party's name or code, or a year) and the provision. */
export function matching(list: readonly Agreement[], wanted: Wanted, name: (code: string) => string): Agreement[] {
  const words = fold(wanted.typed).split(' ').filter(Boolean)
  return list.filter((one) => {
    if (wanted.coded && !one.coded) return false
    if (wanted.provision && one.provisions[wanted.provision] !== true) return false
    const text = ` ${fold(`${name(one.a)} ${name(one.b)} ${one.a} ${one.b} ${one.year ?? ''}`)}`
    return words.every((word) => text.includes(` ${word}`))
  })
}

/** A provision in the agreements of a decade of signature ("1990s"; "all" for all). */
export interface Share {
  provision: string
  decade: string
  agreements: number
  coded: number
  present: number
  share: number | null
  lower: number | null
  upper: number | null
}

export async function provisionShares(): Promise<Share[]> {
  return records(await columns('data/agreement_provisions.parquet')).map((row) => ({
    provision: String(row.provision),
    decade: String(row.decade),
    agreements: Number(row.agreements),
    coded: Number(row.coded),
    present: Number(row.present),
    share: number(row.share),
    lower: number(row.lower),
    upper: number(row.upper),
  }))
}

export interface Grid {
  decades: string[]
  rows: { provision: string; all: Share | undefined; cells: (Share | undefined)[] }[]
}

/** Provisions by decade, the most frequent first; decades with few coded agreements are left out. */
export function grid(shares: readonly Share[], least = 10): Grid {
  const coded = new Map<string, number>()
  for (const one of shares) coded.set(one.decade, Math.max(coded.get(one.decade) ?? 0, one.coded))
  const decades = [...coded].filter(([decade, n]) => decade !== 'all' && n >= least).map(([decade]) => decade)
  decades.sort()
  const rows = [...new Set(shares.map((one) => one.provision))].map((provision) => {
    const own = new Map(shares.filter((one) => one.provision === provision).map((one) => [one.decade, one]))
    return { provision, all: own.get('all'), cells: decades.map((decade) => own.get(decade)) }
  })
  rows.sort((a, b) => (b.all?.share ?? 0) - (a.all?.share ?? 0))
  return { decades, rows }
}

/** Shares of migrants whose two countries signed an agreement, in the world: in all, and if agreements end. */
export async function coverage(names: { all: string; low: string }): Promise<Series[]> {
  const rows = records(await columns('data/agreement_coverage.parquet')).sort((a, b) => Number(a.year) - Number(b.year))
  const line = (column: string): Point[] =>
    rows.map((row) => ({
      t: Number(row.year),
      label: String(row.year),
      value: number(row[column]),
      lower: null,
      upper: null,
    }))
  return [
    { name: names.all, points: line('migrant_share') },
    { name: names.low, points: line('migrant_share_low') },
  ]
}

export interface Assessed {
  block: string
  items: number
  present: number
  absent: number
}

/** How far the texts reach in each block of the guidance, by agreement. */
export async function assessments(): Promise<Map<number, Assessed[]>> {
  const found = new Map<number, Assessed[]>()
  for (const row of records(await columns('data/agreement_assessment.parquet'))) {
    const key = Number(row.agreement)
    const one = {
      block: String(row.block),
      items: Number(row.items),
      present: Number(row.present),
      absent: Number(row.absent),
    }
    found.set(key, [...(found.get(key) ?? []), one])
  }
  return found
}
