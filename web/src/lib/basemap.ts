/** The map of the world: shapes by the numeric code of each country. */
import { type GeoProjection, geoGraticule, geoPath } from 'd3-geo'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import url from 'world-atlas/countries-110m.json?url'

export interface Shape {
  m49: string
  feature: GeoJSON.Feature
}

let loading: Promise<Shape[]> | undefined

/** Shapes without Antarctica, read once. */
export function shapes(): Promise<Shape[]> {
  loading ??= fetch(url)
    .then((response) => response.json() as Promise<Topology<{ countries: GeometryCollection }>>)
    .then((topology) =>
      feature(topology, topology.objects.countries)
        .features.map((one) => ({ m49: String(one.id ?? ''), feature: one }))
        .filter((shape) => shape.m49 !== '010'),
    )
  return loading
}

const graticule = geoGraticule().step([30, 30])()

/** Each shape as a path on the map, with the outline of the world. */
export function drawn(
  list: readonly Shape[],
  project: GeoProjection,
): { paths: { m49: string; d: string }[]; sphere: string; graticule: string } {
  const path = geoPath(project).digits(1)
  return {
    paths: list.map((shape) => ({ m49: shape.m49, d: path(shape.feature) ?? '' })),
    sphere: path({ type: 'Sphere' }) ?? '',
    graticule: path(graticule) ?? '',
  }
}
