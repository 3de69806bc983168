import { describe, expect, it } from 'vitest'
import { type Agreement, matching } from '../src/lib/agreements'
import { byParagraph, type Claim, figure, listed, tone } from '../src/lib/debate'
import { isAbsent, optionsOf, timeOf } from '../src/lib/measures'
import type { Measure } from '../src/lib/types'
import claims from './fixtures/claims.json'

describe('claims', () => {
  const list = claims as Claim[]
  it('stand by paragraph in order', () => {
    expect(byParagraph(list).map((part) => part.paragraph)).toEqual([2, 3, 9])
  })
  it('have a tone and a sign for each verdict', () => {
    expect(
      ['supported', 'not-supported', 'supported-on-proxy', 'uncertain', 'not-checkable', null].map(
        (one) => tone(one).tone,
      ),
    ).toEqual(['good', 'bad', 'part', 'mixed', 'none', 'none'])
    expect(tone('not-supported-on-proxy').tone).toBe(tone('not-supported').tone)
  })
  it('show figures with their unit', () => {
    expect(figure(816, 'agreements', 'en')).toBe('816 agreements')
    expect(figure(0.5, 'share', 'en')).toBe('50 %')
    expect(figure(null, 'share', 'en')).toBe('–')
    expect(listed('PHL; MEX')).toEqual(['PHL', 'MEX'])
  })
})

describe('agreements', () => {
  const list: Agreement[] = [
    { agreement: 1, a: 'PHL', b: 'CAN', year: 2006, coded: true, provisions: { quota: true, housing: false } },
    { agreement: 2, a: 'MEX', b: 'USA', year: 1942, coded: false, provisions: {} },
  ]
  const name = (code: string) =>
    ({ PHL: 'Philippines', CAN: 'Canada', MEX: 'México', USA: 'United States' })[code] ?? code
  it('are found by party, code and year', () => {
    const ids = (typed: string) =>
      matching(list, { typed, coded: false, provision: '' }, name).map((one) => one.agreement)
    expect(ids('mexico 1942')).toEqual([2])
    expect(ids('phl')).toEqual([1])
    expect(ids('')).toEqual([1, 2])
  })
})

describe('measures', () => {
  const measure = {
    options: [
      {
        id: 'method',
        label: '',
        values: [
          ['a', 'A'],
          ['b', 'B'],
        ],
        default: 'a',
      },
      {
        id: 'sex',
        label: '',
        values: [
          ['total', 'T'],
          ['female', 'F'],
        ],
        default: 'total',
      },
    ],
    absent: [{ method: 'b', sex: 'female' }],
    times: [
      [2010, '2010–2015'],
      [2015, '2015–2020'],
    ],
    default_time: 2015,
  } as unknown as Measure
  it('mend what is not there', () => {
    expect(optionsOf(measure, { method: 'zzz' })).toEqual({ method: 'a', sex: 'total' })
    expect(isAbsent(measure, { method: 'b', sex: 'female' })).toBe(true)
    expect(optionsOf(measure, { method: 'b', sex: 'female' })).toEqual({ method: 'b', sex: 'total' })
  })
  it('take the time before that of another measure', () => {
    expect(timeOf(measure, null)).toBe(2015)
    expect(timeOf(measure, 2013)).toBe(2010)
    expect(timeOf(measure, 20122)).toBe(2010)
    expect(timeOf(measure, 1900)).toBe(2015)
  })
})
