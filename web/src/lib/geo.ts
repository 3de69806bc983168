/** Geometry of the flow map, all in projected space (pixels). */
import { type GeoPermissibleObjects, type GeoProjection, geoEqualEarth } from 'd3-geo'

export type XY = readonly [number, number]

export interface Zoom {
  k: number
  x: number
  y: number
}

export interface Arc {
  /** Shafts, as a path. */
  d: string
  /** Arrowheads, as a path. */
  head: string
  width: number
  /** Points along the curve for hit tests: x, y, x, y … */
  samples: Float32Array
}

/** North of Antarctica; the Atlantic in the middle, the Bering Strait uncut. */
export function projection(width: number, height: number): GeoProjection {
  const frame: GeoPermissibleObjects = {
    type: 'MultiPoint',
    coordinates: [
      [-168.9, 0],
      [190.9, 0],
      [11, 83.5],
      [11, -56],
    ],
  }
  return geoEqualEarth()
    .rotate([-11, 0])
    .fitExtent(
      [
        [6, 8],
        [width - 6, height - 8],
      ],
      frame,
    )
}

/** Width of the world on the map at the latitude of a projected point. */
export function worldWidth(project: GeoProjection, y: number): number {
  const x = project.translate()[0]
  const point = project.invert?.([x, y])
  const edge = project([190.999, point?.[1] ?? 0])
  return edge ? Math.abs(edge[0] - x) * 2 : Number.POSITIVE_INFINITY
}

/** How far a curve leaves the straight line, as a part of its length: long ones bend more. */
export function bend(length: number, world: number): number {
  return 0.1 + 0.22 * Math.min(1, length / (world / 2))
}

/**
 * A curved arrow from a to b. Where the way round the back of the map is shorter, the curve is drawn
 * twice, leaving at one edge and coming in at the other; the map's outline clips both.
 * `fine` makes arrowheads smaller on small maps.
 */
export function arc(a: XY, b: XY, width: number, world: number, fine = 1): Arc {
  const dx = b[0] - a[0]
  if (Math.abs(dx) <= world / 2) return curve(a, b, width, world, fine)
  const shift = dx > 0 ? -world : world
  const out = curve(a, [b[0] + shift, b[1]], width, world, fine)
  const back = curve([a[0] - shift, a[1]], b, width, world, fine)
  const samples = new Float32Array(out.samples.length + back.samples.length)
  samples.set(out.samples)
  samples.set(back.samples, out.samples.length)
  return { d: out.d + back.d, head: out.head + back.head, width, samples }
}

const STEPS = 14

function curve(a: XY, b: XY, width: number, world: number, fine: number): Arc {
  const gap = 3 * fine
  const dx = b[0] - a[0]
  const dy = b[1] - a[1]
  const length = Math.hypot(dx, dy) || 1
  const lift = bend(length, world) * length
  // Always to the left of the way: the two directions of a corridor do not cover each other.
  const c: XY = [(a[0] + b[0]) / 2 + (dy / length) * lift, (a[1] + b[1]) / 2 - (dx / length) * lift]
  const headLength = Math.min(Math.max(4.5 * fine, width * 1.5 + 2 * fine), length * 0.6)
  const headHalf = Math.max(2.3 * fine, width * 0.95 + 0.8 * fine)
  const tipAt = before(a, c, b, Math.min(gap, length * 0.2))
  const tip = at(a, c, b, tipAt)
  const neck = at(a, c, b, before(a, c, b, Math.min(gap, length * 0.2) + headLength))
  const ux = (tip[0] - neck[0]) / (Math.hypot(tip[0] - neck[0], tip[1] - neck[1]) || 1)
  const uy = (tip[1] - neck[1]) / (Math.hypot(tip[0] - neck[0], tip[1] - neck[1]) || 1)
  const shaftEnd = before(a, c, b, Math.min(gap, length * 0.2) + headLength * 0.8)
  const c1: XY = [a[0] + (c[0] - a[0]) * shaftEnd, a[1] + (c[1] - a[1]) * shaftEnd]
  const end = at(a, c, b, shaftEnd)
  const samples = new Float32Array(2 * (STEPS + 1))
  for (let i = 0; i <= STEPS; i += 1) {
    const p = at(a, c, b, (i / STEPS) * tipAt)
    samples[2 * i] = p[0]
    samples[2 * i + 1] = p[1]
  }
  const left: XY = [neck[0] - uy * headHalf, neck[1] + ux * headHalf]
  const right: XY = [neck[0] + uy * headHalf, neck[1] - ux * headHalf]
  return {
    d: `M${xy(a)}Q${xy(c1)} ${xy(end)}`,
    head: `M${xy(tip)}L${xy(left)}L${xy(right)}Z`,
    width,
    samples,
  }
}

const xy = (p: XY): string => `${p[0].toFixed(1)},${p[1].toFixed(1)}`

/** Point of a quadratic curve. */
export function at(a: XY, c: XY, b: XY, t: number): XY {
  const s = 1 - t
  return [s * s * a[0] + 2 * s * t * c[0] + t * t * b[0], s * s * a[1] + 2 * s * t * c[1] + t * t * b[1]]
}

/** Parameter of the curve a distance before its end. */
function before(a: XY, c: XY, b: XY, distance: number): number {
  let low = 0
  let high = 1
  for (let i = 0; i < 12; i += 1) {
    const mid = (low + high) / 2
    const p = at(a, c, b, mid)
    if (Math.hypot(b[0] - p[0], b[1] - p[1]) > distance) low = mid
    else high = mid
  }
  return (low + high) / 2
}

/** Index of the arc nearest to a point, or -1 if none is within reach. Later arcs lie on top. */
export function nearest(arcs: readonly Arc[], x: number, y: number, reach: number): number {
  let best = -1
  let least = reach
  for (let i = arcs.length - 1; i >= 0; i -= 1) {
    const one = arcs[i]
    if (!one) continue
    const s = one.samples
    for (let j = 0; j + 3 < s.length; j += 2) {
      const away = toSegment(x, y, s[j] ?? 0, s[j + 1] ?? 0, s[j + 2] ?? 0, s[j + 3] ?? 0) - one.width / 2
      if (away < least) {
        least = away
        best = i
      }
    }
  }
  return best
}

function toSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax
  const dy = by - ay
  const square = dx * dx + dy * dy
  const t = square ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / square)) : 0
  return Math.hypot(x - ax - t * dx, y - ay - t * dy)
}

/** A zoom about a fixed point, kept within the map. */
export function zoomAt(zoom: Zoom, factor: number, px: number, py: number, width: number, height: number): Zoom {
  const k = Math.max(1, Math.min(12, zoom.k * factor))
  const ratio = k / zoom.k
  return clampZoom({ k, x: px - (px - zoom.x) * ratio, y: py - (py - zoom.y) * ratio }, width, height)
}

/** Keeps the map in its frame. */
export function clampZoom(zoom: Zoom, width: number, height: number): Zoom {
  return {
    k: zoom.k,
    x: Math.min(0, Math.max(width - width * zoom.k, zoom.x)),
    y: Math.min(0, Math.max(height - height * zoom.k, zoom.y)),
  }
}
