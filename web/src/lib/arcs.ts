/** The rows of a figure as arrows on the map. */

import type { GeoProjection } from 'd3-geo'
import { type Arc, arc, worldWidth, type XY, type Zoom } from './geo'
import { classOf, PRICE_LIMITS, widthScale } from './scales'
import type { Place, Row } from './types'

export interface Drawn extends Arc {
  row: Row
  /** Class of colour: 0 for volumes, 1 … 4 for prices. */
  shade: number
}

export interface Plan {
  arcs: Drawn[]
  nodes: { code: string; x: number; y: number }[]
  off: number
}

/** Where the places are on the map, before zoom. */
export function positions(places: Iterable<Place>, project: GeoProjection): Map<string, XY> {
  const found = new Map<string, XY>()
  for (const { code, lat, lon } of places) {
    const point = lat === null || lon === null ? null : project([lon, lat])
    if (point) found.set(code, point)
  }
  return found
}

/** Arrows of the rows in their order; those without a place on the map are counted. */
export function plan(
  rows: readonly Row[],
  at: ReadonlyMap<string, XY>,
  project: GeoProjection,
  zoom: Zoom,
  options: { most: number; prices: boolean; fine: number },
): Plan {
  const width = widthScale(rows[0]?.value ?? 0, options.most)
  const arcs: Drawn[] = []
  const nodes = new Map<string, { code: string; x: number; y: number }>()
  const spans = new Map<number, number>()
  let off = 0
  for (const row of rows) {
    const a = at.get(row.from)
    const b = at.get(row.to)
    if (!a || !b || row.from === row.to) {
      off += 1
      continue
    }
    const key = Math.round((a[1] + b[1]) / 20)
    const world = spans.get(key) ?? worldWidth(project, key * 10)
    spans.set(key, world)
    const p = place(a, zoom)
    const q = place(b, zoom)
    const thick = options.prices ? 1.5 * options.fine : width(row.value)
    arcs.push({
      ...arc(p, q, thick, world * zoom.k, options.fine),
      row,
      shade: options.prices ? classOf(row.value, PRICE_LIMITS) + 1 : 0,
    })
    nodes.set(row.from, { code: row.from, x: p[0], y: p[1] })
    nodes.set(row.to, { code: row.to, x: q[0], y: q[1] })
  }
  return { arcs, nodes: [...nodes.values()], off }
}

function place(p: XY, zoom: Zoom): XY {
  return [p[0] * zoom.k + zoom.x, p[1] * zoom.k + zoom.y]
}

/** Whether a row is of the corridor or the country named. */
export function touches(row: Row, pick: string): boolean {
  return pick.includes('-') ? row.id === pick : row.from === pick || row.to === pick
}
