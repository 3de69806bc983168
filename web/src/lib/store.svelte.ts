/** What the whole application shares: the view, the atlas, the words. */
import en from '../labels/en.json'
import * as data from './data'
import { DEFAULTS, parse, serialise, type View, type ViewName } from './state'
import { fill } from './text'
import type { Atlas, Place } from './types'
import type { Asked } from './why'

export type Label = keyof typeof en

/** Views that are there only with their data. */
const NEEDS: Partial<Record<ViewName, string>> = {
  claims: 'data/claims.json',
  commitments: 'data/commitments.json',
  practices: 'data/practices.json',
  agreements: 'data/agreements.parquet',
}

const translations = import.meta.glob<string>('../labels/{fr,es}.json', {
  query: '?url',
  import: 'default',
  eager: true,
})

class App {
  view = $state.raw<View>({ ...DEFAULTS })
  atlas = $state.raw<Atlas | null>(null)
  failed = $state('')
  words = $state.raw<Record<string, string>>(en)
  said = $state('')
  asked = $state.raw<Asked | null>(null)
  places = $derived(new Map((this.atlas?.places ?? []).map((place) => [place.code, place])))
  listed = $derived(
    (this.atlas?.places ?? []).filter((place) => place.kind === 'country' || place.kind === 'group').sort(byName),
  )

  async start(): Promise<void> {
    this.read()
    addEventListener('popstate', () => this.read())
    try {
      this.atlas = await data.atlas()
    } catch (error) {
      this.failed = String(error instanceof Error ? error.message : error)
    }
  }

  read(): void {
    this.view = parse(location.search, location.pathname)
    void this.speak(this.view.lang)
  }

  /** Changes the view and the address; `quiet` leaves no step in the history. */
  go(change: Partial<View>, quiet = false): void {
    this.view = { ...this.view, ...change }
    const address = this.link({})
    if (quiet) history.replaceState(null, '', address)
    else history.pushState(null, '', address)
    if (change.lang) void this.speak(change.lang)
    if (change.view && !quiet) scrollTo(0, 0)
  }

  /** Address of a changed view. */
  link(change: Partial<View>): string {
    return new URL(serialise({ ...this.view, ...change }), document.baseURI).href
  }

  /** Address of another page: what belongs to this one is left behind. */
  page(change: Partial<View>): string {
    return new URL(serialise(this.fresh(change)), document.baseURI).href
  }

  fresh(change: Partial<View>): View {
    const { lang, embed } = this.view
    return { ...DEFAULTS, options: {}, lang, embed, ...change }
  }

  /** Handler of a link to another page that stays in the application. */
  follow(change: Partial<View>): (event: MouseEvent) => void {
    return (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
      event.preventDefault()
      this.go(this.fresh(change))
    }
  }

  async speak(lang: string): Promise<void> {
    const file = translations[`../labels/${lang}.json`]
    this.words = file ? { ...en, ...(await data.json<Record<string, string>>(file)) } : en
    document.documentElement.lang = file ? lang : 'en'
  }

  t = (key: Label, values?: Record<string, string | number>): string => fill(this.words[key] ?? en[key] ?? key, values)

  /** A label that may not be there. */
  maybe = (key: string): string => this.words[key] ?? ''

  get lang(): string {
    return this.view.lang
  }

  say(text: string): void {
    this.said = text
  }

  name = (code: string): string => {
    if (code.startsWith('rest:')) return this.t('chord.rest', { region: this.region(code.slice(5)) })
    return this.places.get(code)?.name ?? this.region(code)
  }

  region = (name: string): string => this.maybe(`region.${name}`) || name

  regionOf = (code: string): string | null => this.places.get(code)?.region ?? null

  /** Whether this edition has the data of a view. */
  offers(view: ViewName): boolean {
    const file = NEEDS[view]
    return !file || this.has(file)
  }

  has(file: string): boolean {
    return this.atlas?.files?.includes(file) ?? false
  }
}

function byName(a: Place, b: Place): number {
  return a.name.localeCompare(b.name)
}

export const app = new App()
