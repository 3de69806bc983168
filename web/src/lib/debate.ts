/** Claims, commitments and practices: rows of words with their verdicts. */
import { json } from './data'
import { short } from './format'
import type { Maybe } from './types'

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
  rule: string | null
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
  alert: string | null
  explanation: string | null
  used_baseline?: Maybe
  used_baseline_year?: Maybe
  projected_lower?: Maybe
  projected_upper?: Maybe
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

/** Which of four tones a verdict has; each also has its own sign, so that colour is not alone. */
export function tone(verdict: string | null | undefined): { tone: 'good' | 'bad' | 'mixed' | 'none'; sign: string } {
  const text = (verdict ?? '').toLowerCase().replaceAll('_', '-')
  if (/^(holds|true|met|supported|fulfilled|on-?course|confirmed|better|achieved|still-true|improved)/.test(text))
    return { tone: 'good', sign: '✓' }
  if (
    /^(fails|false|not-met|not-supported|failed|missed|off-?course|contradicted|worse|no-longer|overdue|regressing|refuted|reversed)/.test(
      text,
    )
  )
    return { tone: 'bad', sign: '✗' }
  if (/^(partly|mixed|unchanged|slow|at-risk)/.test(text)) return { tone: 'mixed', sign: '~' }
  if (/^(uncertain|unclear|undecided)/.test(text)) return { tone: 'mixed', sign: '?' }
  return { tone: 'none', sign: '–' }
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
