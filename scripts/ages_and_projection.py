"""Make the figures `age_structure` and `population_projection`, both as of 1 July.

Run by hand, whenever the publisher revises its figures::

    python scripts/ages_and_projection.py ../shared/data src/corridors/data/evidence/figures

The first folder (default ``../shared/data``) holds two tables re-written from World Population
Prospects 2024, United Nations, Department of Economic and Social Affairs, Population Division
(https://population.un.org/wpp/):

- ``wpp2024_age_sex_mid_year_1950_2100.csv.gz``: population at mid-year by nine age groups and sex, every
  fifth year and 2024. It was re-written from shares in percent, rounded, times totals, so that ages add
  up to the total within 0.05 % in places above 100,000 people and 1 % in the smallest;
- ``wpp2024_projection_year_end_2024_2100.csv.gz``: totals as of **31 December** with variants and bounds,
  in hundreds of persons, every year to 2035 and every fifth after; net migration of the calendar year.

Mid-year from year-ends. To 2035 a mid-year is the mean of the year-ends before and after it. From 2040 on
the year-end before is five years off: every column is read at mid-year on the straight line between
year-ends, and multiplied by what that line misses for the medium variant, whose mid-year is known from the
ages. The line keeps the order of the bounds, and so does a factor that all columns share. Treating 2030 and
2035 like that and comparing with the mean of year-ends, half of the bounds of places above 50,000 people
are missed by less than 0.04 %, 99 % by less than 0.5 %, all by less than 1.2 %. (The ratio of mid-year to
year-end of the medium variant alone, applied to bounds, would miss upper bounds by up to 4.5 %, since they
grow faster.) Places in `COARSE` have no factor.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from figure_file import FIGURES, csv_text, rows_of, write

AGES = ("0-4", "5-9", "10-14", "15-19", "20-39", "40-59", "60-64", "65-69", "70+")
FIRST = 1990
EXACT_BELOW = 100_000
"""People of a place up to which ages are given to the person; above, they are rounded to 10."""
TOTALS = {
    "population": "medium_thousand",
    "low": "low_thousand",
    "high": "high_thousand",
    "lower": "lower80_thousand",
    "upper": "upper80_thousand",
    "lower95": "lower95_thousand",
    "upper95": "upper95_thousand",
}
COARSE = frozenset(
    ["AIA", "AND", "BES", "BLM", "FLK", "MAF", "MSR", "NIU",
     "NRU", "SHN", "SPM", "SXM", "TCA", "TKL", "TUV", "VAT"]
)  # fmt: skip
"""Places whose ages are shares rounded too coarsely to add up, and one that has no ages."""
WORLD_2025 = 8_231_613_070

Ages = dict[tuple[str, int], dict[str, tuple[int, int]]]
YearEnds = dict[str, dict[int, dict[str, float]]]


def read_ages(path: Path) -> Ages:
    """Women and men by age, by country and year."""
    people: Ages = defaultdict(dict)
    for row in rows_of(path):
        if int(row["year"]) >= FIRST:
            counts = int(row["female"]), int(row["male"])
            people[row["country"], int(row["year"])][row["age"]] = counts
    if any(set(groups) != set(AGES) for groups in people.values()):
        raise SystemExit("unexpected age groups")
    return people


def read_year_ends(path: Path) -> YearEnds:
    """Totals as of 31 December and net migration of the year, in persons, by country and year."""
    ends: YearEnds = defaultdict(dict)
    columns = {**TOTALS, "net_migration": "net_migration_thousand"}
    for row in rows_of(path):
        values = {name: 1000 * float(row[column]) for name, column in columns.items()}
        ends[row["country"]][int(row["year"])] = values
    return ends


def mid_year(ends: Mapping[int, Mapping[str, float]], year: int, medium: float | None) -> dict[str, float]:
    """Totals of one place as of 1 July of a year.

    ``ends`` has the totals as of 31 December by year. ``medium`` is the medium variant at mid-year where
    the year-end before is not given: it stands in for the curve between the year-ends at hand.
    """
    before = max(end for end in ends if end < year)
    part = (year - 0.5 - before) / (year - before)
    line = {name: ends[before][name] + part * (ends[year][name] - ends[before][name]) for name in TOTALS}
    curve = 1.0 if medium is None or before == year - 1 else medium / line["population"]
    return {name: curve * value for name, value in line.items()}


def age_rows(people: Ages) -> Iterable[tuple[object, ...]]:
    """Rows of `age_structure`, sorted by country, year and age."""
    for (country, year), groups in sorted(people.items()):
        step = 1 if sum(map(sum, groups.values())) <= EXACT_BELOW else 10
        for age in AGES:
            yield country, year, age, *(step * round(count / step) for count in groups[age])


def projection_rows(ends: YearEnds, people: Ages) -> Iterable[tuple[object, ...]]:
    """Rows of `population_projection`, rounded to 10, sorted by country and year."""
    for country, years in sorted(ends.items()):
        for year in sorted(years)[1:]:
            groups = people.get((country, year))
            known = None if groups is None or country in COARSE else float(sum(map(sum, groups.values())))
            totals = mid_year(years, year, known)
            values = (*totals.values(), years[year]["net_migration"])
            yield country, year, *(10 * round(value / 10) for value in values)


def main() -> None:
    parser = argparse.ArgumentParser(description="Population by age and sex, and projections, as of 1 July.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("output", type=Path, nargs="?", default=FIGURES, help="folder")
    arguments = parser.parse_args()
    people = read_ages(arguments.folder / "wpp2024_age_sex_mid_year_1950_2100.csv.gz")
    ends = read_year_ends(arguments.folder / "wpp2024_projection_year_end_2024_2100.csv.gz")
    world = sum(mid_year(years, 2025, None)["population"] for years in ends.values())
    if abs(world - WORLD_2025) > 1000:
        raise SystemExit(f"mid-2025: the countries add up to {world:,.0f}, published are {WORLD_2025:,}")
    ages = csv_text(("country", "year", "age", "female", "male"), age_rows(people))
    ahead = csv_text(("country", "year", *TOTALS, "net_migration"), projection_rows(ends, people))
    for name, text in (("age_structure", ages), ("population_projection", ahead)):
        print(f"{name}: {write(arguments.output / f'{name}.csv.gz', text):,} bytes")


if __name__ == "__main__":
    main()
