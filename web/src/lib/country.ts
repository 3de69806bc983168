/** A country's page: sections of its profile as panels. */
import { type CountryRow, countryRows, type Profile, points, type Section } from './data'
import { short } from './format'
import type { Measure, Point, Series } from './types'

export interface Block {
  title: string
  measure: string
  table: string
  unit: string
  series: Series[]
}

/** Short name of a series: "arrivals, pseudo-bayes" -> "arrivals". */
function seriesName(detail: string, sex: string): string {
  const name = detail.replace(/, (pseudo-bayes|projected)$/, '')
  return sex === 'total' || sex === '' ? name : `${name}, ${sex}`
}

/** Sections as blocks of everyone's series; single figures and lists stay with their section. */
export function blocks(profile: Profile, leave: readonly string[] = ['treaty', 'labour_agreement']): Block[] {
  return profile.sections
    .filter((section) => !leave.includes(section.measure))
    .map((section) => ({
      title: section.title,
      measure: section.measure,
      table: section.table,
      unit: section.unit,
      series: section.series
        .filter((one) => one.sex === 'total' || one.sex === '')
        .map((one) => ({ name: seriesName(one.detail, one.sex), points: points(section, one.points) }))
        .sort((a, b) => high(b) - high(a)),
    }))
}

function high(series: Series): number {
  return Math.max(...series.points.map((point) => Math.abs(point.value ?? 0)))
}

/** The section of a measure. */
export function sectionOf(profile: Profile, measure: string): Section | undefined {
  return profile.sections.find((section) => section.measure === measure)
}

/** The latest point of a series whose detail starts with these words. */
export function latestOf(profile: Profile, measure: string, detail: string, sex = 'total'): Point | undefined {
  const section = sectionOf(profile, measure)
  const series = section?.series.find((one) => one.detail.startsWith(detail) && one.sex === sex)
  return section && series
    ? points(section, series.points)
        .filter((point) => point.value !== null)
        .at(-1)
    : undefined
}

export const TREATIES: Readonly<Record<string, string>> = {
  icrmw: 'Migrant Workers and Members of Their Families',
  icerd: 'Racial Discrimination',
  iccpr: 'Civil and Political Rights',
  icescr: 'Economic, Social and Cultural Rights',
  cedaw: 'Discrimination against Women',
  cat: 'Torture',
  crc: 'Rights of the Child',
  op_crc_sc: 'Sale of Children (optional protocol)',
  crpd: 'Persons with Disabilities',
  cped: 'Enforced Disappearance',
}

/** Every treaty with the year the country became a party, or null where it is not in the register. */
export function treaties(profile: Profile): { treaty: string; title: string; since: number | null; party: boolean }[] {
  const section = sectionOf(profile, 'treaty')
  const found = new Map((section?.series ?? []).map((one) => [one.detail, one.points[0]?.[1] ?? null]))
  return Object.entries(TREATIES).map(([treaty, title]) => ({
    treaty,
    title,
    since: found.get(treaty) ?? null,
    party: found.has(treaty),
  }))
}

/** Indicators of a country's page, in this order. */
export const SHARES = [
  'indicator_migrant_share',
  'indicator_female_migrant_share',
  'indicator_emigrant_share',
  'indicator_migrants_covered_by_agreements',
  'indicator_remittances_share_gdp',
  'indicator_refugees_per_100000',
] as const

/** The indicators of one country, those that have a figure of it. */
export async function sharesOf(measures: readonly Measure[], country: string): Promise<Map<string, Point[]>> {
  const wanted = SHARES.flatMap((id) => measures.find((one) => one.id === id) ?? [])
  const read = await Promise.all(wanted.map(async (one) => [one.id, await countryRows(one)] as const))
  return new Map(read.map(([id, rows]) => [id, pointsOf(rows, country)] as const).filter(([, own]) => own.length > 0))
}

/** Rows of one country as points in order of time. */
export function pointsOf(rows: readonly CountryRow[], country: string): Point[] {
  return rows
    .filter((row) => row.country === country && row.value !== null)
    .map(({ t, value, lower, upper }) => ({ t, label: String(t), value, lower, upper }))
    .sort((a, b) => a.t - b.t)
}

interface Words {
  t: (key: never, values?: Record<string, string | number>) => string
  lang: string
}

/** What the indicators say of a country, a sentence each. */
export function shareSentences(shares: ReadonlyMap<string, readonly Point[]>, place: string, words: Words): string[] {
  const last = (id: (typeof SHARES)[number]) => shares.get(id)?.at(-1)
  const say = (key: string, values: Record<string, string | number>) => words.t(key as never, values)
  const share = (point: Point) => short(point.value, 'share', words.lang)
  const [here, women, away, covered, money, fled] = SHARES.map(last)
  const found: string[] = []
  if (here) {
    const also = women && women.t === here.t ? say('country.fact.women', { share: share(women) }) : ''
    found.push(say('country.fact.in', { share: share(here), place, year: here.label, women: also }))
  }
  if (away) found.push(say('country.fact.out', { share: share(away), place, year: away.label }))
  if (covered) found.push(say('country.fact.covered', { share: share(covered), place, year: covered.label }))
  if (money) found.push(say('country.fact.money', { share: share(money), year: money.label }))
  if (fled?.value && fled.value >= 1) {
    const n = short(fled.value, 'per 100,000 people', words.lang)
    found.push(say('country.fact.refugees', { n, year: fled.label }))
  }
  return found
}

/** What people of a country guessed, and what rescaling of proportions alone leads one to expect. */
export interface Perception {
  country: string
  year: number
  perceived: number
  actual: number
  expected_by_rescaling: number
  lower: number
  upper: number
  definition: string
  source: string
}

/** Where a guess lies beside the interval of the guess expected. */
export function judgedGuess(one: Pick<Perception, 'perceived' | 'lower' | 'upper'>): 'within' | 'above' | 'below' {
  if (one.perceived > one.upper) return 'above'
  return one.perceived < one.lower ? 'below' : 'within'
}

/** Counts by year as counts by decade, without a decade left out between them. */
export function decades(signed: readonly (readonly (number | null)[])[]): { decade: number; n: number }[] {
  const found = new Map<number, number>()
  for (const [year, n] of signed) {
    if (year === null || year === undefined) continue
    const decade = 10 * Math.floor(year / 10)
    found.set(decade, (found.get(decade) ?? 0) + (n ?? 0))
  }
  const known = [...found.keys()]
  if (known.length === 0) return []
  const first = Math.min(...known)
  const many = (Math.max(...known) - first) / 10 + 1
  return Array.from({ length: many }, (_, i) => ({ decade: first + 10 * i, n: found.get(first + 10 * i) ?? 0 }))
}
