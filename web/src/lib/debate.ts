/** Claims, commitments and practices: rows of words with their verdicts. */
import { columns, json, number, records } from './data'
import { short } from './format'
import type { Maybe, Point, Series } from './types'

export interface Claim {
  claim: string
  document: string
  paragraph: number
  statement: string
  checkable: boolean
  indicator: string | null
  place: string | null
  unit: string | null
  then_year: Maybe
  then_value: Maybe
  then_lower: Maybe
  then_upper: Maybe
  now_year: Maybe
  now_value: Maybe
  now_lower: Maybe
  now_upper: Maybe
  verdict: string | null
  certainty: string | null
  explanation: string | null
  reason: string | null
  /** What was measured, what it can not tell, and what figures would be needed. */
  measure?: string | null
  limits?: string | null
  needs?: string | null
  /** How strongly that stands for the statement, where it is not the statement itself, and why. */
  proxy?: string | null
  proxy_reason?: string | null
  rule: string | null
  /** How old the figure was, where the statement is about the present. */
  data_note?: string | null
}

export interface Commitment {
  commitment: string
  kind: string | null
  title: string
  actor: string | null
  addressee: string | null
  concern: string | null
  document: string | null
  paragraph: number | string | null
  url: string | null
  indicator: string | null
  place: string | null
  unit?: string | null
  direction: string | null
  baseline_year: Maybe
  baseline_value: Maybe
  target_value: Maybe
  target_date: string | null
  review_due: string | null
  state: string | null
  state_since: string | null
  observed_year: Maybe
  observed: Maybe
  lower: Maybe
  upper: Maybe
  required: Maybe
  projected: Maybe
  probability: Maybe
  status: string | null
  data_note?: string | null
  alert: string | null
  explanation: string | null
  used_baseline?: Maybe
  used_baseline_year?: Maybe
  projected_lower?: Maybe
  projected_upper?: Maybe
  baseline_note?: string | null
  probability_note?: string | null
  no_indicator_reason?: string | null
}

export interface Practice {
  practice: string
  title: string
  text: string | null
  concern: string | null
  countries: string | string[] | null
  actor: string | null
  year: Maybe
  evidence_grade: string | null
  outcome: string | null
  document: string | null
  paragraph: number | string | null
  url: string | null
  state: string | null
}

export const claims = () => json<Claim[]>('data/claims.json')
export const commitments = () => json<Commitment[]>('data/commitments.json')
export const practices = () => json<Practice[]>('data/practices.json')

export interface Definition {
  indicator: string
  title: string
  definition: string
  unit: string | null
  limits?: string | null
  uncertainty?: string | null
  tables?: string | null
}

/** Units of indicators, by name; none where the edition does not define them. */
export async function units(present: boolean): Promise<Map<string, Definition>> {
  if (!present) return new Map()
  const rows = await json<Definition[]>('data/indicator_definitions.json')
  return new Map(rows.map((row) => [row.indicator, row]))
}

/** Claims of each paragraph, in the order of the document. */
export function byParagraph(list: readonly Claim[]): { paragraph: number; claims: Claim[] }[] {
  const found = new Map<number, Claim[]>()
  for (const claim of list) found.set(claim.paragraph, [...(found.get(claim.paragraph) ?? []), claim])
  return [...found].sort((a, b) => a[0] - b[0]).map(([paragraph, own]) => ({ paragraph, claims: own }))
}

export type Tone = 'good' | 'part' | 'bad' | 'mixed' | 'none'
export type Sign = 'disc' | 'target' | 'half' | 'square' | 'frame' | 'bow' | 'diamond' | 'ring'

const TONES: readonly [RegExp, Tone, Sign][] = [
  [/^(supported|met|met \(documented\)|on-course|positive)$/, 'good', 'disc'],
  [/^supported-on-proxy$/, 'part', 'target'],
  [/^(half|partly|under way)/, 'part', 'half'],
  [/^not-supported-on-proxy$/, 'bad', 'frame'],
  [/^(not-supported|off-course|regressing|overdue|not met \(documented\)|negative|failed)$/, 'bad', 'square'],
  [/^mixed/, 'mixed', 'bow'],
  [/^(uncertain|unclear|not-told-apart)/, 'mixed', 'diamond'],
]

/** Colour and shape of a verdict: each tone has its own shape, so that colour is not alone. */
export function tone(verdict: string | null | undefined): { tone: Tone; sign: Sign } {
  const text = (verdict ?? '').toLowerCase().replaceAll('_', '-')
  const found = TONES.find(([pattern]) => pattern.test(text))
  return found ? { tone: found[1], sign: found[2] } : { tone: 'none', sign: 'ring' }
}

/** Verdicts and statuses in the order they are shown. */
export const VERDICTS = [
  'supported',
  'supported-on-proxy',
  'half-supported',
  'mixed',
  'uncertain',
  'not-supported-on-proxy',
  'not-supported',
  'not-checkable',
]
export const STATUSES = [
  'overdue',
  'not met (documented)',
  'off-course',
  'regressing',
  'not-told-apart',
  'partly met (documented)',
  'under way (documented)',
  'on-course',
  'met',
  'met (documented)',
  'no-data',
]
export const GRADES = ['unverified', 'description', 'evaluation', 'comparison', 'quasi-experiment', 'experiment']

export interface Count {
  key: string
  n: number
}

/** How many have each key: in the given order, others after it, none that is empty. */
export function tally(keys: readonly (string | null)[], order: readonly string[]): Count[] {
  const found = new Map<string, number>()
  for (const key of keys) if (key) found.set(key, (found.get(key) ?? 0) + 1)
  const rest = [...found.keys()].filter((key) => !order.includes(key)).sort()
  return [...order, ...rest].flatMap((key) => {
    const n = found.get(key)
    return n ? [{ key, n }] : []
  })
}

/** A probability in percent; below one in a hundred and above 99 as a bound. */
export function bounded(p: number | null | undefined, lang: string): string {
  if (p === null || p === undefined) return ''
  const said = new Intl.NumberFormat(lang, { style: 'percent', maximumSignificantDigits: 2 })
  if (p < 0.01) return `< ${said.format(0.01)}`
  return p > 0.99 ? `> ${said.format(0.99)}` : said.format(p)
}

/** The step of a probability on the scale of words of the Intergovernmental Panel on Climate Change (2010). */
export function chance(p: number): string {
  const steps: [number, string][] = [
    [0.99, 'certain'],
    [0.9, 'very-likely'],
    [0.66, 'likely'],
    [0.33, 'even'],
    [0.1, 'unlikely'],
    [0.01, 'very-unlikely'],
  ]
  return steps.find(([least]) => p >= least)?.[1] ?? 'exceptionally-unlikely'
}

/** Observed figures of the world and its regions, by indicator and place. */
export async function indicators(): Promise<Map<string, Point[]>> {
  const found = new Map<string, Point[]>()
  for (const row of records(await columns('data/indicators.parquet'))) {
    const key = `${row.indicator} ${row.place}`
    const own = found.get(key) ?? []
    const t = Number(row.year)
    own.push({ t, label: String(t), value: number(row.value), lower: number(row.lower), upper: number(row.upper) })
    found.set(key, own)
  }
  for (const own of found.values()) own.sort((a, b) => a.t - b.t)
  return found
}

const at = (t: Maybe | undefined, value: Maybe | undefined, lower: Maybe = null, upper: Maybe = null): Point[] =>
  t === null || t === undefined || value === null || value === undefined
    ? []
    : [{ t, label: String(t), value, lower, upper }]

/** What was observed, the straight path from the baseline to the target, and what is projected. */
export function promised(
  one: Commitment,
  observed: readonly Point[],
  names: { observed: string; path: string; projected: string },
): Series[] {
  const due = one.target_date ? Number(one.target_date.slice(0, 4)) : null
  const path = [...at(one.used_baseline_year, one.used_baseline), ...at(due, one.target_value)]
  const now = at(one.observed_year, one.observed, one.observed, one.observed)
  const then = at(due, one.projected, one.projected_lower ?? null, one.projected_upper ?? null)
  return [
    { name: names.observed, points: [...observed] },
    ...(path.length > 1 ? [{ name: names.path, points: path, path: true }] : []),
    ...(then.length ? [{ name: names.projected, points: [...now, ...then], path: true }] : []),
  ]
}

/** Words of a key: "off-course" -> "off course". */
export function readable(key: string | null | undefined): string {
  return (key ?? '').replaceAll(/[-_]/g, ' ')
}

/** A figure with the unit it is written in. */
export function figure(value: Maybe | undefined, unit: string | null | undefined, lang: string): string {
  if (value === null || value === undefined) return '–'
  const own = unit ?? ''
  const text = short(value, own, lang)
  return /^(persons|%|USD million|share)/.test(own) || own === '' ? text : `${text} ${own}`
}

/** A list kept as text or as a list. */
export function listed(value: string | string[] | null | undefined): string[] {
  if (Array.isArray(value)) return value
  const text = value ?? ''
  const codes = /^[A-Z]{3}(\W+[A-Z]{3})*$/.test(text)
  return text.split(codes ? /\W+/ : /[;,]\s*/).filter(Boolean)
}
