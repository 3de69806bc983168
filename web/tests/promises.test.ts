import { describe, expect, it } from 'vitest'
import { grid, type Share } from '../src/lib/agreements'
import { layoutChart } from '../src/lib/chart'
import { decades, judgedGuess, pointsOf, shareSentences } from '../src/lib/country'
import { bounded, type Commitment, chance, promised, STATUSES, tally, tone, VERDICTS } from '../src/lib/debate'
import { short, unitBeside } from '../src/lib/format'
import { parse } from '../src/lib/state'
import { noInterval, reason, sentence } from '../src/lib/text'
import { cell, explained } from '../src/lib/why'

const point = (t: number, value: number) => ({ t, label: String(t), value, lower: null, upper: null })
const names = { observed: 'observed', path: 'path', projected: 'projected' }

describe('verdicts', () => {
  it('are counted in their order, others after them', () => {
    const keys = ['not-checkable', 'supported', 'novel', 'supported', null]
    expect(tally(keys, VERDICTS)).toEqual([
      { key: 'supported', n: 2 },
      { key: 'not-checkable', n: 1 },
      { key: 'novel', n: 1 },
    ])
  })
  it('of one colour have one shape', () => {
    expect(tone('overdue')).toEqual(tone('off-course'))
    expect(tone('not-evaluated').tone).toBe('none')
    expect(STATUSES.map((one) => tone(one).tone)).toEqual([
      'bad',
      'bad',
      'bad',
      'bad',
      'mixed',
      'part',
      'part',
      'good',
      'good',
      'good',
      'none',
    ])
    expect(new Set(VERDICTS.map((one) => tone(one).sign)).size).toBe(VERDICTS.length)
  })
  it('give a probability as a bound where its digits say nothing', () => {
    expect([2.8e-6, 0.456, 0.9999, null].map((p) => bounded(p, 'en'))).toEqual(['< 1%', '46%', '> 99%', ''])
  })
  it('have the words of the scale of Mastrandrea et al. (2010)', () => {
    expect([0.0146, 0.006, 0.5, 0.7, 0.95, 1].map(chance)).toEqual([
      'very-unlikely',
      'exceptionally-unlikely',
      'even',
      'likely',
      'very-likely',
      'certain',
    ])
  })
})

describe('a promise', () => {
  const one = {
    used_baseline: 10,
    used_baseline_year: 2009,
    target_value: 5,
    target_date: '2014-12-31',
    observed: 7,
    observed_year: 2012,
    projected: 6,
    projected_lower: 5.5,
    projected_upper: 6.5,
  } as Commitment
  it('is drawn as observed, required and projected', () => {
    const [observed, path, projected] = promised(one, [point(2011, 8), point(2012, 7)], names)
    expect(observed?.points).toHaveLength(2)
    expect(path?.points.map(({ t, value }) => [t, value])).toEqual([
      [2009, 10],
      [2014, 5],
    ])
    expect(projected?.points.at(-1)).toMatchObject({ t: 2014, lower: 5.5, upper: 6.5 })
  })
  it('without a target has no path', () => {
    const open = { ...one, target_value: null, projected: null }
    expect(promised(open, [point(2011, 8)], names)).toHaveLength(1)
  })
  it('has a path without gaps, and years to come are not missing', () => {
    const box = { width: 300, height: 150, left: 40, right: 10, top: 10, bottom: 20 }
    const series = promised(one, [point(2010, 9), point(2011, 8), point(2012, 7)], names)
    const chart = layoutChart(series, box)
    expect(chart.gaps).toEqual([])
    expect(chart.lines[1]?.path.match(/M/g)).toHaveLength(1)
  })
})

describe('agreements by decade', () => {
  const share = (provision: string, decade: string, coded: number, value: number | null): Share => ({
    provision,
    decade,
    agreements: coded,
    coded,
    present: 0,
    share: value,
    lower: null,
    upper: null,
  })
  it('leave out decades with few coded texts and start with the most frequent', () => {
    const table = grid([
      share('a', 'all', 30, 0.1),
      share('b', 'all', 30, 0.4),
      share('a', '1990s', 20, 0.1),
      share('b', '1990s', 20, 0.5),
      share('a', '1920s', 1, 1),
    ])
    expect(table.decades).toEqual(['1990s'])
    expect(table.rows.map((row) => row.provision)).toEqual(['b', 'a'])
  })
})

describe('a country', () => {
  it('has its agreements by decade, none left out in between', () => {
    expect(
      decades([
        [1947, 1],
        [1968, 2],
        [1969, 1],
      ]),
    ).toEqual([
      { decade: 1940, n: 1 },
      { decade: 1950, n: 0 },
      { decade: 1960, n: 3 },
    ])
    expect(decades([])).toEqual([])
  })
  it('has the points of its own, in order, none that is not known', () => {
    const row = (country: string, t: number, value: number | null) => ({
      country,
      series: '',
      t,
      value,
      lower: null,
      upper: null,
    })
    const own = pointsOf([row('PHL', 2020, 2), row('PHL', 2010, 1), row('PHL', 2015, null), row('MEX', 2020, 9)], 'PHL')
    expect(own.map(({ t }) => t)).toEqual([2010, 2020])
  })
  it('says only what there is a figure for', () => {
    const words = { t: (key: string) => key, lang: 'en' }
    const shares = new Map([
      ['indicator_migrant_share', [point(2020, 0.1)]],
      ['indicator_refugees_per_100000', [point(2008, 0.6)]],
    ])
    expect(shareSentences(shares, 'X', words as never)).toEqual(['country.fact.in'])
  })
  it('has a guess beside what rescaling expects', () => {
    const at = (perceived: number) => judgedGuess({ perceived, lower: 20, upper: 30 })
    expect([10, 25, 31].map(at)).toEqual(['below', 'within', 'above'])
  })
})

describe('words', () => {
  const t = (_: string, { why }: { why: string }) => `No interval: ${why}`
  it('say in one way that there is no interval', () => {
    expect(noInterval('None is published. Stocks differ.', t)).toBe('No interval: none is published. Stocks differ.')
    expect(noInterval('None: a count of acts.', t)).toBe('No interval: a count of acts.')
    expect(noInterval('No interval: it inherits.', t)).toBe('No interval: it inherits.')
    expect(noInterval('', t)).toBe('')
    expect(reason('None: a count.')).toBe('a count.')
  })
  it('are sentences', () => {
    expect(sentence('no evidence since 2018')).toBe('No evidence since 2018.')
    expect(sentence('Done.')).toBe('Done.')
  })
  it('name a unit once', () => {
    const maybe = (key: string) => (key === 'unit.persons' ? 'people' : '')
    expect(unitBeside('persons', maybe)).toBe('people')
    expect(unitBeside('USD', maybe)).toBe('')
    expect(unitBeside('% of the amount sent', maybe)).toBe('of the amount sent')
    expect(unitBeside('per 10,000 people', maybe)).toBe('per 10,000 people')
    expect(short(3805, 'USD', 'en')).toBe('USD 3,805')
  })
  it('of an answer keep years as they are', () => {
    expect(cell('year', 2015, 'en')).toBe('2015')
    expect(cell('value', 11_643_300, 'en')).toBe('11,643,300')
    expect(cell('value', null, 'en')).toBe('–')
  })
})

describe('explanations', () => {
  it('of a claim give its command and recipe', () => {
    const shown = explained(
      { title: 'T', about: 'A', table: 'claim', method: 'p02', keys: [['claim', 'p02']], sources: [] },
      { name: (code) => code, lang: 'en' },
    )
    expect(shown.line).toBe('corridors why claim p02')
    expect(shown.recipe).toEqual(['claim', 'p02'])
  })
})

describe('paths of the server', () => {
  it('open their view', () => {
    const views = ['claims', 'commitments', 'practices', 'agreements', 'about']
    expect(views.map((view) => parse('', `/${view}`).view)).toEqual(views)
    expect(parse('', '/site/claims/').view).toBe('claims')
    expect(parse('?view=about', '/claims').view).toBe('about')
    expect(parse('', '/anything').view).toBe('world')
    expect(parse('', '/').view).toBe('world')
  })
})
