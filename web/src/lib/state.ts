/**
 * The whole view as a permalink. Keys are versioned by `v`; unknown keys are ignored, so that an
 * old link opens what it can.
 */

export const VERSION = '1'
export const VIEWS = [
  'world',
  'country',
  'corridor',
  'compare',
  'claims',
  'commitments',
  'practices',
  'agreements',
  'about',
] as const
export type ViewName = (typeof VIEWS)[number]
export const SHOWS = ['map', 'chord', 'bars', 'table'] as const
export type Show = (typeof SHOWS)[number]
export type Direction = 'both' | 'in' | 'out'
export const OPTION_KEYS = ['method', 'sex', 'rule', 'status', 'series', 'kind'] as const

export interface View {
  view: ViewName
  measure: string
  options: Record<string, string>
  t: number | null
  focus: string
  dir: Direction
  show: Show
  top: number
  min: number
  region: string
  drill: string
  pick: string
  c: string
  o: string
  d: string
  o2: string
  d2: string
  q: string
  filter: string
  /** A second filter of lists: paragraph, concern, grade of evidence, agreement that is open. */
  part: string
  sort: string
  embed: boolean
  lang: string
}

export const DEFAULTS: Readonly<View> = Object.freeze({
  view: 'world',
  measure: '',
  options: {},
  t: null,
  focus: '',
  dir: 'both',
  show: 'map',
  top: 150,
  min: 0,
  region: '',
  drill: '',
  pick: '',
  c: '',
  o: '',
  d: '',
  o2: '',
  d2: '',
  q: '',
  filter: '',
  part: '',
  sort: '',
  embed: false,
  lang: 'en',
})

const TEXT_KEYS = ['measure', 'region', 'drill', 'q', 'filter', 'part', 'sort'] as const
const CODE_KEYS = ['focus', 'c', 'o', 'd', 'o2', 'd2'] as const

/** Reads a query string (and a server path such as `/corridor/MEX-USA`) as a view. */
export function parse(search: string, path = ''): View {
  const query = new URLSearchParams(search)
  const view: View = { ...DEFAULTS, options: {}, ...fromPath(path) }
  view.view = oneOf(query.get('view'), VIEWS, view.view)
  view.show = oneOf(query.get('show'), SHOWS, DEFAULTS.show)
  view.dir = oneOf(query.get('dir'), ['both', 'in', 'out'] as const, DEFAULTS.dir)
  for (const key of TEXT_KEYS) view[key] = (query.get(key) ?? view[key]).slice(0, 120)
  for (const key of CODE_KEYS) view[key] = code(query.get(key)) || view[key]
  const pick = query.get('pick') ?? ''
  view.pick = /^[A-Z]{3}(-[A-Z]{3})?$/.test(pick) ? pick : ''
  for (const key of OPTION_KEYS) {
    const value = query.get(key)
    if (value !== null) view.options[key] = value
  }
  view.t = query.has('t') ? whole(query.get('t'), null) : null
  view.top = Math.max(1, whole(query.get('top'), DEFAULTS.top) ?? DEFAULTS.top)
  view.min = Math.max(0, Number(query.get('min') ?? 0) || 0)
  view.embed = query.get('embed') === '1'
  view.lang = (query.get('lang') ?? DEFAULTS.lang).slice(0, 5)
  return view
}

/** Writes a view as a query string; what is as by default is left out. */
export function serialise(view: View): string {
  const query = new URLSearchParams({ v: VERSION, view: view.view })
  if (view.measure) query.set('measure', view.measure)
  for (const key of OPTION_KEYS) {
    const value = view.options[key]
    if (value) query.set(key, value)
  }
  if (view.t !== null) query.set('t', String(view.t))
  for (const key of [...CODE_KEYS, 'region', 'drill', 'pick', 'q', 'filter', 'part', 'sort'] as const) {
    if (view[key]) query.set(key, view[key])
  }
  for (const key of ['dir', 'show', 'top', 'min', 'lang'] as const) {
    if (view[key] !== DEFAULTS[key]) query.set(key, String(view[key]))
  }
  if (view.embed) query.set('embed', '1')
  return `?${query}`
}

function fromPath(path: string): Partial<View> {
  const corridor = /\/corridor\/([A-Z]{3})-([A-Z]{3})\/?$/.exec(path)
  if (corridor) return { view: 'corridor', o: corridor[1] ?? '', d: corridor[2] ?? '' }
  const country = /\/country\/([A-Z]{3})\/?$/.exec(path)
  if (country) return { view: 'country', c: country[1] ?? '' }
  const page = /\/([a-z]+)\/?$/.exec(path)?.[1] ?? ''
  return { view: oneOf(page, VIEWS, DEFAULTS.view) }
}

function oneOf<T extends string>(value: string | null, allowed: readonly T[], otherwise: T): T {
  return allowed.find((one) => one === value) ?? otherwise
}

function code(value: string | null): string {
  return value && /^[A-Z]{3}$/.test(value) ? value : ''
}

function whole(value: string | null, otherwise: number | null): number | null {
  return value !== null && /^-?\d{1,9}$/.test(value) ? Number(value) : otherwise
}
