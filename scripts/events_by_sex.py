"""Make the figure `events_by_sex`: the female share of births and deaths, by country.

Run by hand, whenever the publisher revises its figures, in an environment with h5py and numpy::

    python scripts/events_by_sex.py demographics-2024.h5 locations.csv events_by_sex.csv

The first two files are those of the package starsim-data 2.0.0, folder ``data``; they carry
World Population Prospects 2024 (medium variant), one snapshot in ten years, and the deaths that
the other files of the publisher in use here do not have by sex:

- ``population/<location>``: persons at mid-year by year, sex and age 0-4, 5-9, ..., 100+;
- ``deaths/<location>``: deaths per person-year by year, sex and age 0, 1-4, 5-9, ..., 100+.

Deaths of a sex are the sum over ages of rate x persons at mid-year. The rates tell infants from
children aged 1-4 and the population does not, so one fifth of the children aged 0-4 are taken
as infants. Births of a sex are the children aged 0-4 divided by the person-years that a child
born in the five years before could expect to live in them (reverse survival).
Locations outside the package get no row.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
from figure_file import csv_text, rows_of, write
from numpy.typing import NDArray

YEARS = (1990, 2000, 2010, 2020)
SEXES = ["Female", "Male"]
INFANT_SHARE = 0.2
HEADER = ("country", "year", "female_births_pct", "female_deaths_pct")


def with_infants(population: NDArray[np.float64]) -> NDArray[np.float64]:
    """Split the first age group (last axis), 0-4, into 0 and 1-4."""
    young = population[..., :1]
    return np.concatenate([INFANT_SHARE * young, (1 - INFANT_SHARE) * young, population[..., 1:]], axis=-1)


def female_percent(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Percent female by year of an array year x sex x age."""
    by_sex = values.sum(axis=-1)
    return 100 * by_sex[:, 0] / by_sex.sum(axis=-1)


def person_years(rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Person-years lived below age five by one newborn, by year and sex."""
    infant, child = np.maximum(rate[..., 0], 1e-9), np.maximum(rate[..., 1], 1e-9)
    return -np.expm1(-infant) / infant + np.exp(-infant) * -np.expm1(-4 * child) / child


def check_layout(population: dict[str, list[object]], deaths: dict[str, list[object]]) -> None:
    """Refuse a file whose years, sexes or ages are not those this script was written for."""
    older = list(range(5, 101, 5))
    if population["ages"] != [0, *older] or deaths["ages"] != [0, 1, *older]:
        raise SystemExit("unexpected age groups")
    if population["sexes"] != SEXES or deaths["sexes"] != SEXES:
        raise SystemExit("unexpected sexes")
    if population["years"] != deaths["years"]:
        raise SystemExit("population and deaths differ in years")


def rows(figures: Path, codes: dict[str, str]) -> Iterator[tuple[str, int, str, str]]:
    """Country, year and the two shares; `codes` gives the ISO3 code of a location."""
    with h5py.File(figures) as file:
        spec = {kind: json.loads(file[kind].attrs["spec"]) for kind in ("population", "deaths")}
        check_layout(spec["population"], spec["deaths"])
        at = [spec["population"]["years"].index(year) for year in YEARS]
        for location, country in sorted(codes.items(), key=lambda item: item[1]):
            population = file["population"][location][()].astype(float)[at]
            rate = file["deaths"][location][()].astype(float)[at]
            newborn = population[:, :, 0] / person_years(rate)
            births = female_percent(newborn[:, :, None])
            deaths = female_percent(rate * with_infants(population))
            for year, *shares in zip(YEARS, births, deaths, strict=True):
                born, dying = (f"{share:.3f}" for share in shares)
                yield country, year, born, dying


def main() -> None:
    parser = argparse.ArgumentParser(description="Female share of births and deaths, by country and year.")
    parser.add_argument("figures", type=Path, help="HDF5 file with population and death rates")
    parser.add_argument("locations", type=Path, help="CSV with columns location, level, iso3")
    parser.add_argument("output", type=Path, help="CSV file to write")
    arguments = parser.parse_args()
    codes = {row["location"]: row["iso3"] for row in rows_of(arguments.locations) if row["level"] == "0"}
    write(arguments.output, csv_text(HEADER, rows(arguments.figures, codes)))


if __name__ == "__main__":
    main()
