import { describe, expect, it } from 'vitest'
import en from '../src/labels/en.json'
import es from '../src/labels/es.json'
import fr from '../src/labels/fr.json'
import { csv, fileName, json } from '../src/lib/download'
import { kindOf, onAxis, plain, range, short, tight, typedTime } from '../src/lib/format'
import { fill, fold, inside, mentions, search } from '../src/lib/text'

describe('figures', () => {
  it('are written by their unit', () => {
    expect(short(10_853_110, 'persons', 'en')).toBe('10.9 million')
    expect(short(645_300, 'persons', 'en')).toBe('645,000')
    expect(short(60_130, 'USD million', 'en')).toBe('USD 60.1 billion')
    expect(short(4.18, '% of the amount', 'en')).toBe('4.18 %')
    expect(short(2013, 'year', 'en')).toBe('2013')
    expect(short(0.0291, 'share of people', 'en')).toBe('2.91 %')
    expect(plain(1234.6, 'persons', 'en')).toBe('1,235')
    expect(tight(2_000_000, 'persons', 'en')).toBe('2M')
  })
  it('are a dash where they are not known, never zero', () => {
    expect(short(null, 'persons', 'en')).toBe('–')
    expect(plain(undefined, 'persons', 'en')).toBe('–')
    expect(short(0, 'persons', 'en')).toBe('0')
    expect(range(null, 5, 'persons', 'en')).toBe('')
    expect(range(1000, 2000, 'persons', 'en')).toBe('1,000 – 2,000')
  })
  it('know their kind', () => {
    expect(['persons in the year', 'USD million', '% of x', 'share', 'km'].map(kindOf)).toEqual([
      'persons',
      'usd',
      'percent',
      'share',
      'other',
    ])
  })
})

describe('typed times', () => {
  const flows: [number, string][] = [
    [2010, '2010–2015'],
    [2015, '2015–2020'],
  ]
  const quarters: [number, string][] = [
    [20194, '2019 Q4'],
    [20203, '2020 Q3'],
  ]
  it('find the period that holds the year', () => {
    expect(typedTime('2013', flows)).toBe(2010)
    expect(typedTime('2015–2020', flows)).toBe(2015)
    expect(typedTime('1890', flows)).toBeNull()
    expect(typedTime('soon', flows)).toBeNull()
  })
  it('find quarters', () => {
    expect(typedTime('2020q3', quarters)).toBe(20203)
    expect(onAxis(20203)).toBe(2020.5)
  })
})

describe('search', () => {
  const places = [
    { code: 'CIV', name: "Côte d'Ivoire" },
    { code: 'DEU', name: 'Germany' },
    { code: 'GEO', name: 'Georgia' },
    { code: 'NER', name: 'Niger' },
    { code: 'NGA', name: 'Nigeria' },
    { code: 'JPN', name: 'Japan' },
  ]
  const others = { DEU: ['Deutschland', 'Allemagne'], JPN: ['日本'] }
  const codes = (typed: string) => search(typed, places, others).map((one) => one.place.code)
  it('folds accents and signs', () => {
    expect(fold("Côte  d'Ivoire")).toBe('cote d ivoire')
    expect(fold('Türkiye, ŁÓDŹ')).toBe('turkiye lodz')
    expect(codes('cote divoire')).toEqual([])
    expect(codes("cote d'iv")).toEqual(['CIV'])
    expect(codes('ivoire')).toEqual(['CIV'])
  })
  it('knows names in other languages and codes', () => {
    expect(search('deutsch', places, others)[0]).toMatchObject({ place: { code: 'DEU' }, by: 'Deutschland' })
    expect(codes('日本')).toEqual(['JPN'])
    expect(codes('ner')[0]).toBe('NER')
  })
  it('puts the exact and the beginning first', () => {
    expect(codes('niger')).toEqual(['NER', 'NGA'])
    expect(codes('')).toEqual([])
  })
})

describe('sentences', () => {
  it('are filled, and articles stand where English wants them', () => {
    expect(fill('{a} → {b}', { a: 'x', b: 2 })).toBe('x → 2')
    expect(inside('United Kingdom', 'en')).toBe('the United Kingdom')
    expect(inside('Solomon Islands', 'en')).toBe('the Solomon Islands')
    expect(inside('Mexico', 'en')).toBe('Mexico')
    expect(inside('United Kingdom', 'fr')).toBe('United Kingdom')
  })
  it('of translations have the keys and blanks of English', () => {
    const blanks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort()
    for (const labels of [fr, es] as Record<string, string>[]) {
      for (const [key, text] of Object.entries(labels)) {
        const own = (en as Record<string, string>)[key]
        expect(own, key).toBeDefined()
        if (key.startsWith('head.')) expect(blanks(own ?? ''), key).toEqual(expect.arrayContaining(blanks(text)))
        else expect(blanks(text), key).toEqual(blanks(own ?? ''))
      }
    }
  })
})

describe('files', () => {
  it('quote what CSV must quote and leave missing cells empty', () => {
    expect(
      csv(
        ['a', 'b'],
        [
          ['x, "y"', null],
          ['=1+1', 0],
        ],
      ),
    ).toBe('a,b\r\n"x, ""y""",\r\n\'=1+1,0\r\n')
    expect(csv(['n'], [[-5]])).toBe('n\r\n-5\r\n')
  })
  it('as JSON have the same rows', () => {
    expect(JSON.parse(json({ title: 't' }, ['a', 'b'], [[1, undefined]]))).toEqual({
      title: 't',
      rows: [{ a: 1, b: null }],
    })
  })
  it('have plain names', () => {
    expect(fileName(['migrant flow', '', '2010–2015'], 'csv')).toBe('corridors_migrant-flow_2010-2015.csv')
  })
})

describe('what is typed into a list', () => {
  it('is found in any order, without accents, and nothing typed finds all', () => {
    expect(mentions('rights MÉXICO')("Mexico's report on human rights")).toBe(true)
    expect(mentions('rights Peru')("Mexico's report on human rights")).toBe(false)
    expect(mentions('  ')('')).toBe(true)
  })
})
