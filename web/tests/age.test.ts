import { describe, expect, it } from 'vitest'
import { newer, oldBy, yearOf } from '../src/lib/age'

const day = { as_of: '2026-11-28', old_years: 3, superseded: { treaty: 'status of 2024' } }

describe('the age of a figure', () => {
  it('is of the last year of its label', () => {
    expect(['2020', '2020 Q3', '2015–2020', '2019/20', ''].map(yearOf)).toEqual([2020, 2020, 2020, 2019, null])
  })
  it('is said of old ones only', () => {
    expect(['2022', '2023', '2050', undefined].map((label) => oldBy(label, day))).toEqual([4, null, null, null])
    expect(oldBy('2020', null)).toBeNull()
    // A ratification still holds.
    expect(oldBy('2012', day, ['domestic_workers_convention'])).toBeNull()
  })
  it('comes with what is newer, once', () => {
    expect(newer(['treaty', 'population', 'treaty'], day)).toEqual(['status of 2024'])
  })
})
