/** What is shown, as a file. */
import { colourOf } from './theme'

export type Cell = string | number | boolean | null | undefined

/** Rows as CSV (RFC 4180); what is not known is an empty cell. */
export function csv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => cells.map(quoted).join(',')
  return `${[columns, ...rows].map(line).join('\r\n')}\r\n`
}

function quoted(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  const text = String(cell)
  // A leading sign would make a spreadsheet run the cell as a formula.
  const formula = /^[=+\-@\t\r]/.test(text) && !/^[+-][0-9][0-9.,]*$/.test(text)
  const safe = typeof cell === 'string' && formula ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Rows as JSON with the words that a reader of the file needs. */
export function json(
  about: Record<string, unknown>,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  const named = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])))
  return `${JSON.stringify({ ...about, rows: named }, null, 1)}\n`
}

/** Hands a file to the reader. */
export function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Name of a file from the parts of a view. */
export function fileName(parts: readonly string[], ending: string): string {
  const stem = parts
    .filter(Boolean)
    .join('_')
    .replaceAll(/[^\w-]+/g, '-')
  return `corridors_${stem}.${ending}`
}

const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'opacity',
  'font-size',
  'font-weight',
  'font-family',
  'font-style',
  'letter-spacing',
  'text-anchor',
  'dominant-baseline',
  'paint-order',
  'display',
  'visibility',
] as const

/** A figure as a file of its own: colours written out, title above and source below. */
export function standaloneSvg(figure: SVGSVGElement, words: { title: string; note: string[] }, extra = ''): string {
  const width = figure.clientWidth || 800
  const height = figure.clientHeight || 400
  const copy = figure.cloneNode(true) as SVGSVGElement
  inline(figure, copy)
  for (const hidden of copy.querySelectorAll('[data-screen]')) hidden.remove()
  const slot = copy.querySelector('[data-slot="arcs"]')
  if (slot && extra) slot.innerHTML = extra
  const ink = colourOf(document.body, '--ink')
  const paper = colourOf(document.body, '--paper')
  const titles = wrap(words.title, Math.floor(width / 11))
  const notes = words.note.flatMap((note) => wrap(note, Math.floor(width / 5.6)))
  const top = 22 + titles.length * 26
  const full = top + height + 14 + notes.length * 14
  const lines = titles.map(
    (text, i) => `<text x="14" y="${30 + i * 26}" font-size="21" font-weight="600">${escaped(text)}</text>`,
  )
  const feet = notes.map(
    (text, i) =>
      `<text x="14" y="${top + height + 14 + i * 14}" font-size="10.5" opacity="0.8">${escaped(text)}</text>`,
  )
  copy.setAttribute('x', '0')
  copy.setAttribute('y', String(top))
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${full}" viewBox="0 0 ${width} ${full}" font-family="Georgia, serif" fill="${ink}"><rect width="100%" height="100%" fill="${paper}"/>${lines.join('')}${new XMLSerializer().serializeToString(copy)}${feet.join('')}</svg>`
}

function inline(from: Element, to: Element): void {
  const style = getComputedStyle(from)
  for (const name of STYLES) to.setAttribute(name, style.getPropertyValue(name))
  // Inline styles name colours of the page, which the file does not have.
  to.removeAttribute('style')
  to.removeAttribute('class')
  const children = to.children
  for (let i = 0; i < from.children.length; i += 1) {
    const one = from.children[i]
    const other = children[i]
    if (one && other) inline(one, other)
  }
}

export function wrap(text: string, most: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line && line.length + word.length + 1 > most) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  if (line) lines.push(line)
  return lines
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** An SVG file as pixels, twice as fine as the screen. */
export async function png(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width * 2
    canvas.height = image.height * 2
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((done, fail) =>
      canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('no image'))), 'image/png'),
    )
  } finally {
    URL.revokeObjectURL(url)
  }
}
