/** Bilateral labour agreements: search and shares of provisions. */
import { columns, records } from './data'
import { fold } from './text'

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

/** Share of coded agreements that have each provision, the most frequent first. */
export function shares(list: readonly Agreement[]): { name: string; yes: number; coded: number }[] {
  return provisionsOf(list)
    .map((name) => {
      const coded = list.filter((one) => one.coded && name in one.provisions)
      return { name, yes: coded.filter((one) => one.provisions[name]).length, coded: coded.length }
    })
    .sort((a, b) => b.yes / (b.coded || 1) - a.yes / (a.coded || 1))
}
