/** The way from a figure shown to its explanation. */
import type { Measure, Row } from './types'

type Keys = [string, string][]

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

/** Address of the same explanation where the atlas is served. */
export function address(table: string, keys: Keys): string {
  return `why/${table}.json?${new URLSearchParams(keys)}`
}
