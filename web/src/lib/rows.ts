/** From the rows of a file to those a figure shows. Map, bars and table use the same ones. */
import type { Direction } from './state'
import type { Measure, Pair, Row } from './types'

export interface Choice {
  focus: string
  dir: Direction
  region: string
  top: number
  min: number
}

export interface Shown {
  rows: Row[]
  /** Rows that match before the top and the threshold are taken. */
  matching: number
  /** Sum of all matching rows. */
  total: number
  /** Sums of matching rows that arrive at and leave the country in focus. */
  arriving: number
  leaving: number
}

/** Rows along the arrow: money goes from where migrants live to where they come from. */
export function along(pairs: readonly Pair[], arrow: Measure['arrow']): Row[] {
  const money = arrow === 'money'
  return pairs.map((pair) => ({
    id: `${pair.origin}-${pair.destination}`,
    from: money ? pair.destination : pair.origin,
    to: money ? pair.origin : pair.destination,
    value: pair.value,
    lower: pair.lower,
    upper: pair.upper,
  }))
}

/** Keeps the rows a reader asked for, greatest first. */
export function choose(rows: readonly Row[], choice: Choice, regionOf: (code: string) => string | null): Shown {
  const { focus, dir, region } = choice
  const into = dir !== 'out'
  const out = dir !== 'in'
  const matching = rows.filter((row) => {
    if (focus && !((into && row.to === focus) || (out && row.from === focus))) return false
    if (!region) return true
    // With a country in focus the region is that of the other side.
    if (focus) return regionOf(row.to === focus ? row.from : row.to) === region
    return (into && regionOf(row.to) === region) || (out && regionOf(row.from) === region)
  })
  let [total, arriving, leaving] = [0, 0, 0]
  for (const row of matching) {
    total += row.value
    if (row.to === focus) arriving += row.value
    if (row.from === focus) leaving += row.value
  }
  const shown = matching.filter((row) => row.value >= choice.min || choice.min === 0)
  shown.sort((a, b) => b.value - a.value)
  return { rows: shown.slice(0, choice.top), matching: matching.length, total, arriving, leaving }
}

/** Adds rows up by groups at both ends, greatest first; intervals of sums are not known. */
export function grouped(rows: readonly Row[], groupOf: (code: string) => string): Row[] {
  const sums = new Map<string, Row>()
  for (const row of rows) {
    const from = groupOf(row.from)
    const to = groupOf(row.to)
    if (!from || !to) continue
    const id = `${from}|${to}`
    const sum = sums.get(id)
    if (sum) sum.value += row.value
    else sums.set(id, { id, from, to, value: row.value, lower: null, upper: null })
  }
  return [...sums.values()].sort((a, b) => b.value - a.value)
}

/** The countries of one region with the greatest volumes, for a chord drilled into that region. */
export function greatest(
  rows: readonly Row[],
  region: string,
  regionOf: (code: string) => string | null,
  most = 10,
): string[] {
  const volume = new Map<string, number>()
  for (const row of rows) {
    for (const code of [row.from, row.to]) {
      if (regionOf(code) === region) volume.set(code, (volume.get(code) ?? 0) + row.value)
    }
  }
  return [...volume]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([code]) => code)
}

/** Square matrix of rows between the groups named, for a chord. */
export function matrix(rows: readonly Row[], groups: readonly string[]): number[][] {
  const index = new Map(groups.map((group, i) => [group, i]))
  const cells = groups.map(() => groups.map(() => 0))
  for (const row of rows) {
    const i = index.get(row.from)
    const j = index.get(row.to)
    const line = i === undefined ? undefined : cells[i]
    if (line && j !== undefined) line[j] = (line[j] ?? 0) + row.value
  }
  return cells
}
