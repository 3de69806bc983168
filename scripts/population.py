"""Make the figure `population`: people, births, deaths and net migration of every year, 1985 to 2024.

Run by hand, whenever the publisher revises its figures::

    python scripts/population.py ../shared/data src/corridors/data/evidence/figures

The first folder (default ``../shared/data``) holds three tables re-written from World Population
Prospects 2024, United Nations, Department of Economic and Social Affairs, Population Division
(https://population.un.org/wpp/):

- ``wpp2024_annual_1950_2023.csv.gz``: population at mid-year and events of each calendar year, to 2023;
- ``wpp2024_age_sex_mid_year_1950_2100.csv.gz``: population at mid-year by age and sex, 2024 among them;
- ``wpp2024_projection_year_end_2024_2100.csv.gz``: net migration of 2024 (medium variant).

People at mid-2024 are the sum over ages. Bonaire, Sint Eustatius and Saba (BES) is not in that file:
mid-2024 is mid-2023 with the natural increase of 2023 and half of the net migration of both years. In the
221 countries whose ages add up well this misses their sum by 0.013 % in the median and by 0.26 % at most.
In 14 small places the ages are rounded coarsely (up to 0.8 % off in other years), but the other way is no
better: the end of 2024, printed in hundreds, rules it out in Montserrat, and the sum over ages nowhere.
Births and deaths of 2024 are in none of the files; they stay blank.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from figure_file import FIGURES, csv_text, rows_of, write

FIRST, LAST = 1985, 2024
WORLD_2024 = 8_161_973_000
HEADER = ("country", "year", "population", "births", "deaths", "net_migration")
Figures = dict[tuple[str, int], dict[str, float]]


def read(path: Path, country: str, columns: tuple[str, ...]) -> Figures:
    """Columns of a file by country and year, in thousands."""
    return {
        (row[country], int(row["year"])): {name: float(row[name]) for name in columns}
        for row in rows_of(path)
    }


def sums_over_ages(path: Path) -> dict[str, float]:
    """People at mid-2024 by country, in persons."""
    people: dict[str, float] = defaultdict(float)
    for row in rows_of(path):
        if int(row["year"]) == LAST:
            people[row["country"]] += int(row["female"]) + int(row["male"])
    return people


def ten(persons: float) -> int:
    """Persons rounded to 10."""
    return round(persons / 10) * 10


def main() -> None:
    parser = argparse.ArgumentParser(description="Population, births, deaths and net migration.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("output", type=Path, nargs="?", default=FIGURES, help="folder")
    arguments = parser.parse_args()
    columns = ("pop_mid_k", "births_k", "deaths_k", "net_mig_k")
    annual = read(arguments.folder / "wpp2024_annual_1950_2023.csv.gz", "iso3", columns)
    ahead = read(
        arguments.folder / "wpp2024_projection_year_end_2024_2100.csv.gz",
        "country",
        ("net_migration_thousand",),
    )
    aged = sums_over_ages(arguments.folder / "wpp2024_age_sex_mid_year_1950_2100.csv.gz")
    rows: list[tuple[object, ...]] = [
        (country, year, *(ten(1000 * values[name]) for name in columns))
        for (country, year), values in annual.items()
        if year >= FIRST
    ]
    world = 0.0
    for country in sorted({country for country, _ in annual}):
        people, births, deaths, net = (1000 * annual[country, LAST - 1][name] for name in columns)
        net_last = 1000 * ahead[country, LAST]["net_migration_thousand"]
        grown = people + births - deaths + (net + net_last) / 2
        last = aged.get(country, grown)
        world += last
        rows.append((country, LAST, ten(last), "", "", ten(net_last)))
    if abs(world / WORLD_2024 - 1) > 1e-4:
        raise SystemExit(f"{LAST}: the countries add up to {world:,.0f}, published are {WORLD_2024:,}")
    write(arguments.output / "population.csv.gz", csv_text(HEADER, sorted(rows, key=lambda r: r[:2])))
    print(f"world, mid-{LAST}: {world:,.0f}")


if __name__ == "__main__":
    main()
