// Sizes of the built site; fails where a budget is broken.
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET = { scripts: 120_000, first: 250_000 }
// The first figure and the list of the atlas come from the data folder; their room is set aside.
const FIRST_DATA = 55_000
const root = new URL('../../src/corridors/publish/web/', import.meta.url)
const sizes = readdirSync(new URL('assets/', root)).map((name) => {
  const bytes = readFileSync(new URL(`assets/${name}`, root))
  return { name, size: name.endsWith('.woff2') ? bytes.length : gzipSync(bytes, { level: 9 }).length }
})
const sum = (list) => list.reduce((all, one) => all + one.size, 0)
const scripts = sum(sizes.filter((one) => one.name.endsWith('.js')))
const html = gzipSync(readFileSync(new URL('index.html', root))).length
const isFirst = ({ name }) => /^(index-.*\.(js|css)|countries-110m.*|newsreader-latin-wght.*)$/.test(name)
const first = html + sum(sizes.filter(isFirst)) + FIRST_DATA
for (const { name, size } of sizes.sort((a, b) => b.size - a.size)) console.log(String(size).padStart(8), name)
console.log(`scripts ${scripts} of ${BUDGET.scripts}; first view ${first} of ${BUDGET.first} (compressed bytes)`)
if (scripts > BUDGET.scripts || first > BUDGET.first) process.exit(1)
