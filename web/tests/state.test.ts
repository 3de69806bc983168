import { describe, expect, it } from 'vitest'
import { DEFAULTS, parse, serialise, type View } from '../src/lib/state'

const full: View = {
  ...DEFAULTS,
  view: 'world',
  measure: 'migrant_flow',
  options: { method: 'pseudo-bayes', sex: 'female' },
  t: 2015,
  focus: 'MEX',
  dir: 'in',
  show: 'chord',
  top: 300,
  min: 2500,
  region: 'Latin America and the Caribbean',
  drill: 'Asia',
  pick: 'MEX-USA',
  q: 'côte d’ivoire',
  filter: 'off-course',
  sort: '-value',
  embed: true,
  lang: 'fr',
}

describe('permalink', () => {
  it('comes back as it was', () => {
    expect(parse(serialise(full))).toEqual(full)
    for (const view of ['country', 'corridor', 'compare', 'claims', 'agreements'] as const) {
      const one = { ...DEFAULTS, options: {}, view, c: 'PHL', o: 'MEX', d: 'USA', o2: 'IND', d2: 'ARE' }
      expect(parse(serialise(one))).toEqual(one)
    }
  })
  it('carries its version and leaves defaults out', () => {
    expect(serialise({ ...DEFAULTS, options: {} })).toBe('?v=1&view=world')
  })
  it('reads the example of the documentation', () => {
    const view = parse('?v=1&view=world&measure=migrant_flow&method=pseudo-bayes&sex=total&t=2015&focus=MEX&show=map')
    expect(view).toMatchObject({ measure: 'migrant_flow', t: 2015, focus: 'MEX', show: 'map' })
    expect(view.options).toEqual({ method: 'pseudo-bayes', sex: 'total' })
  })
  it('reads server paths; the query wins', () => {
    expect(parse('', '/x/corridor/MEX-USA')).toMatchObject({ view: 'corridor', o: 'MEX', d: 'USA' })
    expect(parse('', '/country/PHL/')).toMatchObject({ view: 'country', c: 'PHL' })
    expect(parse('?view=world', '/country/PHL')).toMatchObject({ view: 'world' })
  })
  it('ignores what it does not know', () => {
    const odd = parse('?v=7&view=moon&show=globe&t=soon&focus=<b>&top=-4&min=x&dir=up&pick=1&colour=red')
    expect(odd).toEqual({ ...DEFAULTS, options: {}, top: 1 })
  })
})
