import { describe, expect, it } from 'vitest'
import { holes, layoutChart } from '../src/lib/chart'
import { groupsOf, layout } from '../src/lib/chord'
import { arc, bend, clampZoom, nearest, projection, worldWidth, zoomAt } from '../src/lib/geo'
import { along, choose, grouped, matrix } from '../src/lib/rows'
import { classOf, legendValues, quantiles, ticks, widthScale } from '../src/lib/scales'
import { command, pairKeys } from '../src/lib/why'

const world = 960

describe('arcs', () => {
  it('take the shorter way round', () => {
    const near = arc([400, 200], [500, 200], 2, world)
    expect(near.d.match(/M/g)).toHaveLength(1)
    const over = arc([900, 200], [60, 200], 2, world)
    expect(over.d.match(/M/g)).toHaveLength(2)
    // Both pieces are shorter than the way across the map.
    expect(Math.abs((over.samples[28] ?? 0) - (over.samples[0] ?? 0))).toBeLessThan(world / 2)
  })
  it('bend more the longer they are', () => {
    expect(bend(400, world)).toBeGreaterThan(bend(100, world))
  })
  it('have room for both directions', () => {
    const there = arc([100, 100], [300, 100], 2, world)
    const back = arc([300, 100], [100, 100], 2, world)
    const middle = 2 * 7 + 1
    expect(Math.sign((there.samples[middle] ?? 0) - 100)).toBe(-Math.sign((back.samples[middle] ?? 0) - 100))
  })
  it('end with a head at the goal', () => {
    const [x, y] = (/^M([\d.]+),([\d.]+)/.exec(arc([100, 100], [300, 150], 4, world).head) ?? []).slice(1).map(Number)
    expect(Math.hypot((x ?? 0) - 300, (y ?? 0) - 150)).toBeLessThan(4)
  })
  it('stay finite where both ends are one point', () => {
    const one = arc([10, 10], [10, 10], 2, world)
    expect(one.d + one.head).not.toMatch(/NaN|Infinity/)
  })
  it('are found under the pointer', () => {
    const arcs = [arc([0, 0], [200, 0], 2, world), arc([0, 300], [200, 300], 2, world)]
    const on = arcs[1]?.samples ?? []
    expect(nearest(arcs, on[14] ?? 0, on[15] ?? 0, 4)).toBe(1)
    expect(nearest(arcs, 900, 900, 4)).toBe(-1)
  })
})

describe('map', () => {
  it('fills its frame and is narrower towards the poles', () => {
    const project = projection(960, 480)
    const equator = worldWidth(project, project([11, 0])?.[1] ?? 0)
    const north = worldWidth(project, project([11, 60])?.[1] ?? 0)
    expect(equator).toBeGreaterThan(900)
    expect(north).toBeLessThan(equator)
  })
  it('zooms about a point and stays in its frame', () => {
    const zoom = zoomAt({ k: 1, x: 0, y: 0 }, 2, 100, 50, 960, 480)
    expect(zoom).toEqual({ k: 2, x: -100, y: -50 })
    expect(clampZoom({ k: 2, x: 40, y: -9999 }, 960, 480)).toEqual({ k: 2, x: 0, y: -480 })
    expect(zoomAt({ k: 1, x: 0, y: 0 }, 0.5, 1, 1, 960, 480)).toEqual({ k: 1, x: 0, y: 0 })
  })
})

const pairs = [
  { origin: 'MEX', destination: 'USA', value: 100, lower: 90, upper: 110 },
  { origin: 'USA', destination: 'MEX', value: 10, lower: null, upper: null },
  { origin: 'IND', destination: 'ARE', value: 50, lower: null, upper: null },
  { origin: 'IND', destination: 'USA', value: 30, lower: null, upper: null },
]
const REGIONS: Record<string, string> = { MEX: 'L', USA: 'N', IND: 'A', ARE: 'A' }
const regionOf = (code: string) => REGIONS[code] ?? null
const every = { focus: '', dir: 'both' as const, region: '', top: 10, min: 0 }

describe('rows', () => {
  it('of money go the other way than people', () => {
    expect(along(pairs, 'people')[0]).toMatchObject({ id: 'MEX-USA', from: 'MEX', to: 'USA' })
    expect(along(pairs, 'money')[0]).toMatchObject({ id: 'MEX-USA', from: 'USA', to: 'MEX' })
  })
  it('are chosen by country, direction, region, number and threshold', () => {
    const rows = along(pairs, 'people')
    expect(choose(rows, { ...every, focus: 'USA' }, regionOf)).toMatchObject({
      matching: 3,
      total: 140,
      arriving: 130,
      leaving: 10,
    })
    expect(choose(rows, { ...every, focus: 'USA', dir: 'out' }, regionOf).rows.map((row) => row.id)).toEqual([
      'USA-MEX',
    ])
    expect(choose(rows, { ...every, region: 'A', dir: 'in' }, regionOf).rows.map((row) => row.id)).toEqual(['IND-ARE'])
    const top = choose(rows, { ...every, top: 1, min: 20 }, regionOf)
    expect(top.rows.map((row) => row.id)).toEqual(['MEX-USA'])
    expect(top.total).toBe(190)
  })
  it('add up by region without losing anything', () => {
    const rows = along(pairs, 'people')
    const sums = grouped(rows, (code) => regionOf(code) ?? '')
    expect(sums.reduce((all, row) => all + row.value, 0)).toBe(190)
    expect(sums[0]).toMatchObject({ from: 'L', to: 'N', value: 100, lower: null })
    expect(matrix(sums, ['L', 'N', 'A'])).toEqual([
      [0, 100, 0],
      [10, 0, 0],
      [0, 30, 50],
    ])
  })
  it('make a circle that opens one region', () => {
    const rows = along(pairs, 'people')
    const { groups, groupOf } = groupsOf(rows, ['A', 'L', 'N'], 'A', '', regionOf)
    expect(groups).toEqual(['IND', 'ARE', 'rest:A', 'L', 'N'])
    expect(groupOf('IND')).toBe('IND')
    const { sectors, ribbons } = layout(grouped(rows, groupOf), groups, 100)
    expect(sectors.map((one) => one.name)).not.toContain('rest:A')
    expect(ribbons.reduce((all, one) => all + one.value, 0)).toBe(190)
    expect(ribbons.map((one) => one.d).join('')).not.toContain('NaN')
  })
})

describe('scales', () => {
  it('keep width proportional to volume', () => {
    const width = widthScale(1000, 15)
    expect(width(500) / width(1000)).toBeCloseTo(0.5)
    expect(width(1)).toBeGreaterThan(0)
  })
  it('give round values, classes and ticks', () => {
    expect(legendValues(10_853_110)).toEqual([10_000_000, 2_000_000, 500_000])
    expect(quantiles([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual([3, 5, 7, 9])
    expect([2, 3, 9.9].map((value) => classOf(value, [3, 5]))).toEqual([0, 1, 2])
    expect(ticks(-4, 7, 3)).toEqual([0, 5])
    expect(Object.is(ticks(-4, 7, 3)[0], 0)).toBe(true)
  })
})

describe('charts', () => {
  const point = (t: number, value: number | null) => ({ t, label: String(t), value, lower: null, upper: null })
  it('break where there is no figure, and do not draw zero', () => {
    const series = [
      { name: 'a', points: [point(2000, 1), point(2001, 2), point(2002, null), point(2004, 3), point(2005, 4)] },
    ]
    const chart = layoutChart(series, { width: 300, height: 100, left: 0, right: 0, top: 0, bottom: 0 })
    expect(chart.lines[0]?.path.match(/M/g)).toHaveLength(2)
    expect(chart.lines[0]?.dots).toHaveLength(4)
    expect(chart.gaps).toHaveLength(1)
    expect(holes([2000, 2005, 2010], 5)).toEqual([])
  })
})

describe('why', () => {
  it('names the row of the atlas', () => {
    expect(
      command('migrant_flow', pairKeys('migrant_flow', 'MEX', 'USA', 2010, { sex: 'total', method: 'pseudo-bayes' })),
    ).toBe('corridors why migrant_flow MEX USA 2010 total pseudo-bayes')
    expect(command('remittance_price', pairKeys('remittance_price', 'MEX', 'USA', 20203, {}))).toBe(
      'corridors why remittance_price USA MEX 2020Q3',
    )
  })
})
