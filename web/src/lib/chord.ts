/** The circle of regions or countries. */
import { chordDirected, ribbonArrow } from 'd3-chord'
import { arc as ring } from 'd3-shape'
import { greatest, grouped, matrix } from './rows'
import type { Row } from './types'

export interface Sector {
  name: string
  d: string
  angle: number
  total: number
}

export interface Ribbon {
  id: string
  from: string
  to: string
  value: number
  d: string
}

/** Groups of a chord: the regions, one of them opened into its greatest countries. */
export function groupsOf(
  rows: readonly Row[],
  regions: readonly string[],
  drill: string,
  focus: string,
  regionOf: (code: string) => string | null,
): { groups: string[]; groupOf: (code: string) => string } {
  const open = drill ? greatest(rows, drill, regionOf) : []
  const own = focus && !open.includes(focus) ? [focus, ...open] : open
  const kept = new Set(own)
  const groupOf = (code: string) => {
    if (kept.has(code)) return code
    const region = regionOf(code)
    return region === drill && drill ? `rest:${region}` : (region ?? '')
  }
  const groups = regions.flatMap((region) => {
    const inside = own.filter((code) => regionOf(code) === region)
    return region === drill ? [...inside, `rest:${region}`] : [...inside, region]
  })
  return { groups, groupOf }
}

/** Sectors and ribbons of grouped rows. */
export function layout(
  rows: readonly Row[],
  groups: readonly string[],
  radius: number,
): { sectors: Sector[]; ribbons: Ribbon[] } {
  const used = groups.filter((group) => rows.some((row) => row.from === group || row.to === group))
  const chords = chordDirected()
    .padAngle(used.length > 12 ? 0.022 : 0.04)
    .sortSubgroups((a, b) => b - a)(matrix(rows, used))
  const band = ring<unknown, { startAngle: number; endAngle: number }>()
    .innerRadius(radius)
    .outerRadius(radius + Math.max(7, radius * 0.035))
  const draw = ribbonArrow()
    .radius(radius - 1.5)
    .headRadius(Math.max(6, radius * 0.05))
  const sectors = chords.groups.map((group) => ({
    name: used[group.index] ?? '',
    d: (band as unknown as (g: unknown) => string)(group) ?? '',
    angle: (group.startAngle + group.endAngle) / 2,
    total: group.value,
  }))
  const ribbons = chords.map((chord) => {
    const from = used[chord.source.index] ?? ''
    const to = used[chord.target.index] ?? ''
    return {
      id: `${from}|${to}`,
      from,
      to,
      value: chord.source.value,
      d: String((draw as unknown as (c: unknown) => unknown)(chord) ?? ''),
    }
  })
  ribbons.sort((a, b) => b.value - a.value)
  return { sectors, ribbons }
}

/** Rows of the chord and of the table below it. */
export function chordRows(rows: readonly Row[], groupOf: (code: string) => string): Row[] {
  return grouped(rows, groupOf)
}
