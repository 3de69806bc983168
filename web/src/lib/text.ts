/** Words: folding for search, filling of sentences. */

/** Lower case without accents, for search: "Côte d'Ivoire" -> "cote d ivoire". */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('ı', 'i')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Whether a text has every word typed; anything where nothing is typed. */
export function mentions(typed: string): (text: string) => boolean {
  const words = fold(typed).split(' ').filter(Boolean)
  return (text) => {
    const folded = fold(text)
    return words.every((word) => folded.includes(word))
  }
}

export interface Named {
  code: string
  name: string
}

/** Places that match what was typed: code, start of a name, start of a word, anywhere. */
export function search<T extends Named>(
  typed: string,
  places: readonly T[],
  others: Readonly<Record<string, readonly string[]>>,
  most = 12,
): { place: T; by: string }[] {
  const wanted = fold(typed)
  if (!wanted) return []
  const found: { place: T; by: string; rank: number }[] = []
  for (const place of places) {
    const best = [place.name, ...(others[place.code] ?? [])]
      .map((name, i) => ({ name, rank: rank(wanted, fold(name)) + (i ? 0.5 : 0) }))
      .reduce((a, b) => (b.rank < a.rank ? b : a))
    const own = fold(place.code) === wanted ? -1 : best.rank
    if (own < 9) found.push({ place, by: best.name === place.name ? '' : best.name, rank: own })
  }
  found.sort((a, b) => a.rank - b.rank || a.place.name.localeCompare(b.place.name))
  return found.slice(0, most).map(({ place, by }) => ({ place, by }))
}

function rank(wanted: string, name: string): number {
  if (name === wanted) return 0
  if (name.startsWith(wanted)) return 1
  if (name.includes(` ${wanted}`)) return 2
  return name.includes(wanted) && wanted.length > 1 ? 3 : 9
}

/** Fills {name} in a sentence. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>> = {}): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole))
}

const ARTICLE =
  /^(United |Netherlands|Philippines|Russian|Dominican Rep|Gambia|Bahamas|Maldives|Comoros|Central African|Democratic Rep|Dem\. |Republic of|Syrian Arab|Lao People|Holy See|Isle of|State of|Congo)| Islands/

/** A country's name inside an English sentence: "the United Kingdom". */
export function inside(name: string, lang: string): string {
  return lang === 'en' && ARTICLE.test(name) ? `the ${name}` : name
}

/** First letter large. */
export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1)
}

/** Words as a sentence: a large letter first, a full stop last. */
export function sentence(text: string): string {
  const words = capital(text.trim())
  return /[.!?]$/.test(words) || words === '' ? words : `${words}.`
}

/** Why there is no interval, without the words that say that there is none. */
export function reason(words: string): string {
  return words.replace(/^(No interval|None): */i, '').trim()
}

/** The same as a sentence: "None is published." -> "No interval: none is published." */
export function noInterval(words: string, t: (key: 'sure.no-interval', values: { why: string }) => string): string {
  const why = reason(words)
  return why ? t('sure.no-interval', { why: why.charAt(0).toLowerCase() + why.slice(1) }) : ''
}
