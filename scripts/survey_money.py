"""Add to the figures `income_distribution` and `economy` what turns dollars into the money of a survey.

Run by hand, whenever a publisher revises its figures::

    python scripts/survey_money.py [FOLDER] [OUTPUT]

FOLDER (default ``../shared/data``) holds three tables:

- ``pip_ppp2017_distribution_deciles_2022-09.csv.gz``: World Bank, Poverty and Inequality Platform, September
  2022 (https://pip.worldbank.org). From it: the price index ``cpi`` of the survey (1 in 2017), the purchasing
  power parity ``ppp`` of 2017, and poverty severity at the three lines.
- ``wdi_exchange_rate_1960_2021.csv``: World Bank, World Development Indicators, PA.NUS.FCRF, the official
  exchange rate, period average (https://data.worldbank.org/indicator/PA.NUS.FCRF); a vintage of 2022.
- ``pwt1001_household_consumption.csv``: Penn World Table 10.01, ``csh_c``, ``pl_c`` and ``pl_gdpo``
  (https://www.rug.nl/ggdc/productivity/pwt/). Household consumption in percent of gross domestic product,
  both at current prices, is ``100 csh_c pl_c / pl_gdpo``.

Where zeros were taken off a currency, the platform still has the old unit and the exchange rate the new one:
``ppp`` is divided by ``NEW_UNIT``. China, India and Indonesia have factors of town and country alone: theirs
are averages, weighted by consumption. Members of the euro have no exchange rate of their own with the World
Bank; that of the euro stands there from the year they joined, and for three places that of the currency they
use. Survey years that `economy` does not have come as rows of an exchange rate alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from operator import mul
from pathlib import Path

from figure_file import FIGURES, csv_text, rows_of, write

NEW_UNIT = {"AZE": 5_000, "BLR": 10_000, "MRT": 10, "STP": 1_000}
EURO = dict.fromkeys(("AUT", "BEL", "DEU", "ESP", "FIN", "FRA", "IRL", "ITA", "LUX", "NLD", "PRT"), 1999)
EURO |= {"GRC": 2001, "SVN": 2007, "CYP": 2008, "MLT": 2008, "SVK": 2009}
EURO |= {"EST": 2011, "LVA": 2014, "LTU": 2015}
USES = {"PSE": "ISR", "TUV": "AUS", "MHL": "USA"}
EURO_AS_IN = "SMR"
LINES = ("215", "365", "685")
Row = dict[str, str]
Key = tuple[str, int]


def survey_factors(rows: list[Row], survey: Row) -> tuple[float, float]:
    """Price index and parity of a survey; of town and country weighted by consumption where they differ."""
    key = (survey["country"], survey["survey_year"], survey["welfare_type"])
    found = [r for r in rows if (r["iso3"], r["year"], r["welfare_type"]) == key]
    whole = [r for r in found if r["reporting_level"] == "national"]
    parts = whole if whole and whole[0]["ppp"] else [r for r in found if r["ppp"]]
    weight = [float(r["reporting_pop"]) * float(r["mean"]) for r in parts]
    index, parity = ([float(r[name]) for r in parts] for name in ("cpi", "ppp"))
    cpi = sum(map(mul, weight, index)) / sum(weight)
    both = sum(map(mul, weight, map(mul, index, parity))) / sum(weight)
    return cpi, both / cpi / NEW_UNIT.get(survey["country"], 1)


def surveys(figure: list[Row], rows: list[Row]) -> Iterator[Row]:
    """The figure with factors and severity."""
    whole = {(r["iso3"], r["year"], r["welfare_type"]): r for r in rows if r["reporting_level"] == "national"}
    for survey in figure:
        cpi, ppp = survey_factors(rows, survey)
        mine = whole[survey["country"], survey["survey_year"], survey["welfare_type"]]
        severity = {
            f"poverty_severity_{line}": f"{100 * float(mine[f'poverty_severity_{line}']):.4f}"
            if mine[f"poverty_severity_{line}"]
            else ""
            for line in LINES
        }
        yield survey | severity | {"cpi": f"{cpi:.6f}", "ppp": f"{ppp:.6g}"}


def exchange_rates(rows: list[Row]) -> dict[Key, float]:
    """Units of the currency for a dollar, by country and year."""
    known = {(r["country"], int(r["year"])): float(r["lcu_per_usd"]) for r in rows}
    years = {year for _, year in known}
    known |= {("USA", year): 1.0 for year in years}
    for country, used in USES.items():
        known |= {(country, year): known[used, year] for year in years if (used, year) in known}
    for country, since in EURO.items():
        known |= {(country, y): known[EURO_AS_IN, y] for y in years if y >= since}
    return known


def economies(
    figure: list[Row], surveyed: set[Key], rates: dict[Key, float], accounts: list[Row]
) -> Iterator[Row]:
    """The figure with exchange rates and household consumption; and survey years it does not have."""
    share = {
        (r["country"], int(r["year"])): 100 * float(r["csh_c"]) * float(r["pl_c"]) / float(r["pl_gdpo"])
        for r in accounts
    }
    missing = sorted(surveyed & rates.keys() - {(row["country"], int(row["year"])) for row in figure})
    blank = dict.fromkeys(figure[0], "")
    for row in [*figure, *(blank | {"country": c, "year": str(year)} for c, year in missing)]:
        key = row["country"], int(row["year"])
        yield row | {
            "lcu_per_usd": f"{rates[key]:.6g}" if key in rates else "",
            "household_consumption_pct_gdp": f"{share[key]:.2f}" if key in share else "",
        }


def main() -> None:
    """Read, add, write."""
    parser = argparse.ArgumentParser(description="What turns dollars into the money of a survey.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("output", type=Path, nargs="?", default=FIGURES)
    given = parser.parse_args()
    pip = list(rows_of(given.folder / "pip_ppp2017_distribution_deciles_2022-09.csv.gz"))
    distribution = list(surveys(list(rows_of(given.output / "income_distribution.csv")), pip))
    rates = exchange_rates(list(rows_of(given.folder / "wdi_exchange_rate_1960_2021.csv")))
    accounts = list(rows_of(given.folder / "pwt1001_household_consumption.csv"))
    surveyed = {(row["country"], int(row["survey_year"])) for row in distribution}
    size = list(economies(list(rows_of(given.output / "economy.csv.gz")), surveyed, rates, accounts))
    for name, rows in (("income_distribution.csv", distribution), ("economy.csv.gz", size)):
        write(given.output / name, csv_text(tuple(rows[0]), [tuple(row.values()) for row in rows]))


if __name__ == "__main__":
    main()
