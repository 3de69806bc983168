/** Layout of a small chart over time. */
import { onAxis } from './format'
import { ticks } from './scales'
import type { Point, Series } from './types'

export interface Box {
  width: number
  height: number
  left: number
  right: number
  top: number
  bottom: number
}

export interface Line {
  name: string
  /** Pieces of the line; it breaks where a time has no figure. */
  path: string
  band: string
  dots: { x: number; y: number; point: Point }[]
}

export interface Chart {
  lines: Line[]
  x: { at: number; label: string }[]
  y: { at: number; value: number }[]
  /** Times in between without a figure: hatched. */
  gaps: { x: number; width: number }[]
  targets: number[]
  zero: number
}

/** Places lines, bands, ticks and gaps in a box. */
export function layoutChart(series: readonly Series[], box: Box, targets: readonly number[] = []): Chart {
  const points = series.flatMap((one) => one.points).filter((point) => point.value !== null)
  const times = [...new Set(points.map((point) => onAxis(point.t)))].sort((a, b) => a - b)
  const values = points.flatMap((point) => [point.value, point.lower, point.upper]).filter((value) => value !== null)
  const low = Math.min(0, ...values)
  const high = Math.max(0, ...values, ...targets, low + 1e-9)
  const [first = 0, last = 1] = [times[0], times.at(-1)]
  const inner = box.width - box.left - box.right
  const x = (t: number) => box.left + (last === first ? inner / 2 : (inner * (t - first)) / (last - first))
  const y = (value: number) =>
    box.height - box.bottom - ((box.height - box.bottom - box.top) * (value - low)) / (high - low || 1)
  const observed = series.filter((one) => !one.path).flatMap((one) => one.points)
  const seen = [...new Set(observed.filter((point) => point.value !== null).map((point) => onAxis(point.t)))].sort(
    (a, b) => a - b,
  )
  const step = smallest(seen)
  return {
    lines: series.map((one) => line(one, x, y, one.path ? Number.POSITIVE_INFINITY : step)),
    x: edges(times, points).map(({ t, label }) => ({ at: x(t), label })),
    y: ticks(low, high, 3).map((value) => ({ at: y(value), value })),
    gaps: holes(seen, step).map(([from, to]) => ({ x: x(from), width: x(to) - x(from) })),
    targets: targets.map(y),
    zero: y(0),
  }
}

/** Usual distance of neighbouring times. */
function smallest(times: readonly number[]): number {
  const steps = times
    .slice(1)
    .map((t, i) => t - (times[i] ?? t))
    .sort((a, b) => a - b)
  return steps[Math.floor(steps.length / 2)] ?? 1
}

/** Stretches of more than one and a half usual steps without a figure. */
export function holes(times: readonly number[], step: number): [number, number][] {
  const found: [number, number][] = []
  for (let i = 1; i < times.length; i += 1) {
    const [a, b] = [times[i - 1] ?? 0, times[i] ?? 0]
    if (b - a > 1.5 * step) found.push([a, b])
  }
  return found
}

function line(one: Series, x: (t: number) => number, y: (value: number) => number, step: number): Line {
  const known = one.points.filter((point) => point.value !== null)
  let path = ''
  const bands: Point[][] = []
  known.forEach((point, i) => {
    const before = known[i - 1]
    const joined = before && onAxis(point.t) - onAxis(before.t) <= 1.5 * step
    path += `${joined ? 'L' : 'M'}${x(onAxis(point.t)).toFixed(1)},${y(point.value ?? 0).toFixed(1)}`
    if (point.lower === null || point.upper === null) return
    if (joined && before.lower !== null && bands.length) bands.at(-1)?.push(point)
    else bands.push([point])
  })
  const band = bands
    .filter((piece) => piece.length > 1)
    .map((piece) => {
      const up = piece.map((p) => `${x(onAxis(p.t)).toFixed(1)},${y(p.upper ?? 0).toFixed(1)}`)
      const down = [...piece].reverse().map((p) => `${x(onAxis(p.t)).toFixed(1)},${y(p.lower ?? 0).toFixed(1)}`)
      return `M${[...up, ...down].join('L')}Z`
    })
    .join('')
  return {
    name: one.name,
    path,
    band,
    dots: known.map((point) => ({ x: x(onAxis(point.t)), y: y(point.value ?? 0), point })),
  }
}

function edges(times: readonly number[], points: readonly Point[]): { t: number; label: string }[] {
  const label = (t: number) => points.find((point) => onAxis(point.t) === t)?.label ?? String(t)
  const [first, last] = [times[0], times.at(-1)]
  if (first === undefined || last === undefined) return []
  return first === last
    ? [{ t: first, label: label(first) }]
    : [
        { t: first, label: label(first) },
        { t: last, label: label(last) },
      ]
}
