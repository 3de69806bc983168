/** A country's page: sections of its profile as panels. */
import { type Profile, points, type Section } from './data'
import type { Point, Series } from './types'

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
