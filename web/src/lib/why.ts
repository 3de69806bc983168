/** The way from a figure shown to its explanation. */
import { plain, range, short } from './format'
import type { Measure, Row } from './types'

type Keys = [string, string][]

/** A figure of a measure, or the measure itself. */
export interface AskedFigure {
  measure: Measure
  row: Row | null
  t: number
  time: string
  options: Record<string, string>
}

/** A row of words: a claim or a commitment with its verdict. */
export interface AskedRecord {
  title: string
  about: string
  table: string
  method: string
  keys: Keys
  sources: string[]
}

export type Asked = AskedFigure | AskedRecord

/** What the panel of explanations shows. */
export interface Explained {
  title: string
  definition: string
  /** The figure: what it is of, itself, and in full. */
  of: string
  figure: string
  full: string
  table: string
  keys: Keys
  line: string
  recipe: [string, string]
  sources: string[]
}

interface Words {
  name: (code: string) => string
  lang: string
}

/** Either kind of question as one form. */
export function explained(asked: Asked, words: Words): Explained {
  if (!('measure' in asked)) {
    const { title, about, table, method, keys, sources } = asked
    const line = command(table, keys)
    return {
      title: about,
      definition: '',
      of: title,
      figure: '',
      full: '',
      table,
      keys,
      line,
      recipe: [table, method],
      sources,
    }
  }
  const { measure, row, t, time, options } = asked
  const keys = row ? keysOf(measure, row, t, options) : []
  const interval = row ? range(row.lower, row.upper, measure.unit, words.lang) : ''
  return {
    title: measure.title,
    definition: measure.definition,
    of: row ? `${words.name(row.from)}${row.to ? ` → ${words.name(row.to)}` : ''}, ${row.asOf ?? time}` : '',
    figure: row ? short(row.value, measure.unit, words.lang) : '',
    full: row
      ? [`${plain(row.value, measure.unit, words.lang)} ${measure.unit.replace(/^share/, '%')}`, interval]
          .filter(Boolean)
          .join(', ')
      : '',
    table: measure.table,
    keys,
    line: row ? command(measure.table, keys, row.from) : '',
    recipe: [measure.lineage[0], options.method ?? measure.lineage[1]],
    sources: measure.sources,
  }
}

const quarter = (t: number) => `${Math.floor(t / 10)}Q${t % 10}`

/** Keys of the atlas row behind a figure of a corridor, in the order of the table's key. */
export function pairKeys(
  table: string,
  origin: string,
  destination: string,
  t: number,
  options: Readonly<Record<string, string>>,
): Keys {
  const people: Keys = [
    ['origin', origin],
    ['destination', destination],
  ]
  const money: Keys = [
    ['sending', destination],
    ['receiving', origin],
  ]
  const sex: [string, string] = ['sex', options.sex ?? 'total']
  switch (table) {
    case 'migrant_stock':
      return [...people, ['year', String(t)], sex]
    case 'migrant_flow':
      return [...people, ['period_start', String(t)], sex, ['method', options.method ?? 'pseudo-bayes']]
    case 'remittance_flow':
      return [...money, ['year', String(t)], ['rule', options.rule ?? 'reconciled']]
    case 'remittance_price':
      return [...money, ['quarter', quarter(t)]]
    case 'displacement':
      return [
        ['origin', origin],
        ['asylum', destination],
        ['year', String(t)],
      ]
    default:
      return [...people, ['year', String(t)]]
  }
}

/** Keys of the atlas row behind a figure of a country; none where it is a sum of rows. */
export function countryKeys(table: string, measure: string, country: string, t: number): Keys {
  switch (table) {
    case 'health_workforce':
    case 'income_distribution':
    case 'welfare':
      return [['country', country]]
    case 'net_migration':
      return [
        ['country', country],
        ['period_start', String(t)],
      ]
    case 'indicator':
      return [
        ['indicator', measure.replace(/^indicator_/, '')],
        ['place', country],
        ['year', String(t)],
      ]
    case 'migrant_stock':
    case 'displacement':
    case 'remittance_price':
    case 'labour_agreement':
      return []
    default:
      return [
        ['country', country],
        ['year', String(t)],
      ]
  }
}

export function keysOf(measure: Measure, row: Row, t: number, options: Readonly<Record<string, string>>): Keys {
  if (measure.kind === 'country') return countryKeys(measure.table, measure.id, row.from, t)
  const [origin = '', destination = ''] = measure.arrow === 'money' ? [row.to, row.from] : [row.from, row.to]
  return pairKeys(measure.table, origin, destination, t, options)
}

/** The command that explains a figure. */
export function command(table: string, keys: Keys, country = ''): string {
  if (keys.length === 0) return `corridors country ${country}`
  return ['corridors why', table, ...keys.map(([, value]) => (/\s/.test(value) ? `"${value}"` : value))].join(' ')
}

/** A cell of an answer in words: numbers by language, but years and numbers that name something as they are. */
export function cell(name: string, value: unknown, lang: string): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value !== 'number' || /year|period|paragraph|agreement$|since|first|last/.test(name)) return String(value)
  return value.toLocaleString(
    lang,
    Math.abs(value) < 1 ? { maximumSignificantDigits: 4 } : { maximumFractionDigits: 2 },
  )
}

/** Address of the same explanation where the atlas is served. */
export function address(table: string, keys: Keys): string {
  return `why/${table}.json?${new URLSearchParams(keys)}`
}
