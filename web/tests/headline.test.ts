import { describe, expect, it } from 'vitest'
import en from '../src/labels/en.json'
import { headline } from '../src/lib/headline'
import { DEFAULTS } from '../src/lib/state'
import { fill } from '../src/lib/text'
import type { Measure } from '../src/lib/types'

const labels = en as Record<string, string>
const words = {
  t: (key: string, values?: Record<string, string | number>) => fill(labels[key] ?? '', values),
  maybe: (key: string) => labels[key] ?? '',
  name: (code: string) => ({ MEX: 'Mexico', USA: 'United States of America' })[code] ?? code,
  lang: 'en',
}
const measure = {
  id: 'migrant_stock',
  title: 'Migrant stock',
  unit: 'persons',
  kind: 'pair',
  sum: true,
  options: [
    {
      id: 'sex',
      label: 'Sex',
      values: [
        ['total', 'Everyone'],
        ['female', 'Women'],
      ],
      default: 'total',
    },
  ],
} as unknown as Measure
const row = { id: 'MEX-USA', from: 'MEX', to: 'USA', value: 10_853_105, lower: null, upper: null }
const shown = { rows: [row], matching: 1, total: 10_853_105, arriving: 10_853_105, leaving: 0 }
const say = (view: object, options = { sex: 'total' }, what = shown) =>
  headline(measure, { ...DEFAULTS, ...view }, options, '2020', what, words as never)

describe('headline', () => {
  it('states the corridor chosen', () => {
    expect(say({ pick: 'MEX-USA' })).toBe('Mexico → United States of America: 10.9 million people in 2020')
  })
  it('says whom and where it leaves out', () => {
    expect(say({ region: 'Africa' }, { sex: 'female' })).toBe(
      '10.9 million people live outside the country they were born in (2020) (Africa; Women)',
    )
  })
  it('turns with the direction', () => {
    expect(say({ focus: 'USA', dir: 'in' })).toBe(
      '10.9 million people born abroad live in the United States of America (2020)',
    )
  })
  it('says where there is nothing, and no zero', () => {
    expect(say({}, { sex: 'total' }, { ...shown, rows: [], matching: 0, total: 0 })).toBe(
      'Migrant stock: no figure for this choice, 2020',
    )
  })
})
