/** Ranked bars as a picture: the page has them as a list. */
import { escaped, wrap } from './download'
import { short } from './format'
import type { Measure, Row } from './types'

interface Words {
  name: (code: string) => string
  lang: string
}

const MOST = 30
const WIDTH = 900

/** The greatest rows as bars with their intervals, in colours of print. */
export function barsSvg(
  rows: readonly Row[],
  measure: Measure,
  title: string,
  notes: readonly string[],
  words: Words,
): string {
  const shown = rows.slice(0, MOST)
  const high = Math.max(0, ...shown.map((row) => Math.max(row.value, row.upper ?? row.value)))
  const low = Math.min(0, ...shown.map((row) => row.value))
  const x = (value: number) => 300 + (460 * (value - low)) / (high - low || 1)
  const colour = measure.arrow === 'money' ? '#a2431b' : '#0f5358'
  const heads = wrap(title, 78)
  const top = 30 + heads.length * 26
  const lines = shown.map((row, i) => {
    const y = top + i * 22
    const name = row.to ? `${words.name(row.from)} → ${words.name(row.to)}` : words.name(row.from)
    const span =
      row.lower === null || row.upper === null
        ? ''
        : `<path d="M${x(row.lower)},${y + 3}v8m0,-4H${x(row.upper)}m0,-4v8" stroke="#1e1b16" stroke-width="1.5" fill="none"/>`
    return `<text x="290" y="${y + 11}" text-anchor="end">${escaped(name)}</text><rect x="${x(Math.min(0, row.value))}" y="${y}" width="${Math.abs(x(row.value) - x(0))}" height="14" fill="${colour}"/>${span}<text x="${WIDTH - 10}" y="${y + 11}" text-anchor="end">${escaped(short(row.value, measure.unit, words.lang))}</text>`
  })
  const height = top + 34 + shown.length * 22 + notes.length * 14
  const feet = notes.map(
    (note, i) =>
      `<text x="10" y="${height - 10 - (notes.length - 1 - i) * 14}" font-size="10.5">${escaped(note)}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Georgia, serif" font-size="13" fill="#1e1b16"><rect width="100%" height="100%" fill="#f6f0e2"/>${heads.map((text, i) => `<text x="10" y="${32 + i * 26}" font-size="21" font-weight="600">${escaped(text)}</text>`).join('')}${lines.join('')}${feet.join('')}</svg>`
}
