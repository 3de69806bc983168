"""What the intervals of the atlas hold: nominal and empirical coverage, on what, n.

    python bench/coverage.py [ATLAS] [--only WORD]

ATLAS is an atlas file; without one it is built first, with 20 draws. To measure another interval, add a
function that yields rows and mark it ``@measured``; it is given the atlas and reads publishers' files by
``atlas.beside("name.csv.gz")``, from ``../shared/data`` beside the checkout. Where a file is absent the
function is left out, and said to be.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

import corridors as co
from corridors.migration.projection import back_test, rate_panel
from corridors.parameters import value
from corridors.remittances.matrix import bilateral_remittances

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(frozen=True)
class Row:
    """One line: an interval, what it claims, the share of truths it holds."""

    interval: str
    nominal: float
    empirical: float
    on: str
    n: int

    @classmethod
    def of(cls, interval: str, on: str, pairs: pl.DataFrame, nominal: float | None = None) -> Row:
        """From columns ``lower``, ``upper`` and ``truth``."""
        return cls.told(interval, on, pairs["truth"].is_between(pairs["lower"], pairs["upper"]), nominal)

    @classmethod
    def told(cls, interval: str, on: str, held: ArrayLike, nominal: float | None = None) -> Row:
        """From whether each truth lies inside."""
        inside = np.asarray(held, dtype=bool)
        level = value("interval_level") if nominal is None else nominal
        share = float(inside.mean()) if inside.size else float("nan")
        return cls(interval, level, share, on, inside.size)


class World:
    """An atlas, and publishers' files that may lie beside the checkout."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._open = co.open(path)

    def table(self, name: str, where: str | None = None) -> pl.DataFrame:
        return pl.DataFrame(self._open.table(name, where=where))

    def query(self, sql: str) -> pl.DataFrame:
        return pl.DataFrame(self._open.sql(sql))

    def beside(self, name: str) -> pl.DataFrame:
        if not (BESIDE / name).exists():
            raise FileNotFoundError(f"../shared/data/{name}")
        return pl.read_csv(BESIDE / name, infer_schema_length=None)


Measure = Callable[[World], Iterator[Row]]
MEASURES: list[Measure] = []


def measured(function: Measure) -> Measure:
    """Put a function that yields rows on the list."""
    MEASURES.append(function)
    return function


# Migration ----------------------------------------------------------------------------------


@measured
def flows_of_five_years(world: World) -> Iterator[Row]:
    """Corridors of five years against what offices report (residence criterion, both directions)."""
    given = world.beside("reported/un_flows_2015rev_5year_panel.csv.gz").filter(criterion="Residence")
    made = world.table("migrant_flow", "sex = 'total' AND kind = 'total' AND lower IS NOT NULL")
    ends = ["origin", "destination", "period_start"]
    both = made.join(given.select(*ends, truth="value"), on=ends)
    for (method,), rows in both.group_by("method", maintain_order=True):
        yield Row.of(f"flow of five years, {method}", "reported to the UN, all corridors", rows)
        some = rows.filter(pl.col("truth") >= 100)
        yield Row.of(f"flow of five years, {method}", "the same, 100 people and more", some)


@measured
def flows_inside_europe(world: World) -> Iterator[Row]:
    """Corridors of five years against Eurostat's previous residence, five calendar years summed."""
    given = world.beside("reported/eurostat_imm5prv_intra_europe_1998_2023.csv.gz")
    made = world.table("migrant_flow", "sex = 'total' AND kind = 'total' AND lower IS NOT NULL")
    years = pl.int_ranges("period_start", "period_end").alias("year")
    ends = ["origin", "destination", "year"]
    long = made.with_columns(years).explode("year").join(given.rename({"value": "told"}), on=ends)
    group = ["method", "origin", "destination", "period_start"]
    sums = long.group_by(group).agg(pl.first("lower", "upper"), pl.len(), truth=pl.sum("told")).filter(len=5)
    for (method,), rows in sums.sort(group).group_by("method", maintain_order=True):
        yield Row.of(f"flow of five years, {method}", "Eurostat, previous residence", rows)


@measured
def net_migration_projected(world: World) -> Iterator[Row]:
    """Net-migration rates of the last ten years, forecast without them."""
    panel = rate_panel(world.table("population"))
    test = back_test(panel.rates, 10, labels=panel.labels)
    for level, held in ((0.80, test.inside80), (0.95, test.inside95)):
        yield Row.told("net migration rate, projected", "last ten years held back", held, level)


# Remittances --------------------------------------------------------------------------------


@measured
def remittances_of_corridors(world: World) -> Iterator[Row]:
    """Corridors of 2010 against the World Bank's published matrix, itself a model's."""
    given = world.beside("wb_bilateral_remittances_2010.csv.gz").rename(
        {"source": "sending", "recipient": "receiving", "usd_million": "truth"}
    )
    made = world.table("remittance_flow", "year = 2010 AND rule = 'income-gap'")
    both = made.join(given, on=["sending", "receiving"])
    for least, most, words in (
        (10, np.inf, "above USD 10 million"),
        (1, 10, "USD 1 to 10 million"),
        (10, 100, "USD 10 to 100 million"),
        (100, 1000, "USD 100 million to 1 billion"),
        (1000, np.inf, "above USD 1 billion"),
    ):
        some = both.filter(pl.col("truth") > least, pl.col("truth") <= most)
        yield Row.of("remittances, range of all rules", f"World Bank's matrix of 2010, {words}", some)


@measured
def remittances_on_other_stocks(world: World) -> Iterator[Row]:
    """The income-gap rule on the World Bank's stocks and an older vintage of inflows, in three years."""
    stock = world.beside("wb_knomad_bilateral_migration_2010_2013_2017.csv.gz")
    stock = stock.select("year", origin="orig", destination="dest", value="stock")
    money = world.beside("knomad_remittance_inout_2023-06.csv.gz").drop_nulls("iso3")
    money = money.pivot("flow", index=["iso3", "year"], values="usd_million")
    money = money.select("year", country="iso3", received="inflow", paid="outflow")
    for year in (2010, 2013, 2017):
        other = bilateral_remittances(stock, world.table("economy"), money, year, closed=()).to_polars()
        made = world.table("remittance_flow", f"year = {year} AND rule = 'income-gap' AND sending <> 'UNK'")
        both = made.join(other.select("sending", "receiving", truth="value"), on=["sending", "receiving"])
        on = f"the Bank's stocks and inflows of June 2023 by income-gap, {year}, above USD 10 million"
        yield Row.of("remittances, range of all rules", on, both.filter(pl.col("truth") > 10))


@measured
def remittances_observed(world: World) -> Iterator[Row]:
    """Corridors against what central banks count, which is booked where the channel sits."""
    columns = "lower, upper, observed_on_recorded AS truth"
    both = world.query(f"SELECT {columns} FROM remittance_check WHERE lower IS NOT NULL")
    name = "remittances, range of all rules"
    yield Row.of(name, "shares that central banks count, 2009 to 2024", both)
    large = both.filter(pl.col("truth") > 10)
    yield Row.of(name, "the same, above USD 10 million", large)


# --------------------------------------------------------------------------------------------


def table_of(world: World, only: str = "") -> Iterator[str]:
    """Lines of a Markdown table, then what could not be measured."""
    yield "| interval | nominal | empirical | on what | n |"
    yield "|---|--:|--:|---|--:|"
    absent: list[str] = []
    for measure in MEASURES:
        if only not in measure.__name__:
            continue
        try:
            for row in measure(world):
                yield (f"| {row.interval} | {row.nominal:.0%} | {row.empirical:.0%} | {row.on} | {row.n:,} |")
        except FileNotFoundError as missing:
            absent.append(f"not measured: {measure.__name__}, because {missing} is not there")
    yield from ["", *absent]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("atlas", type=Path, nargs="?")
    parser.add_argument("--only", default="", help="part of the name of a function")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.atlas or co.build(folder, draws=20, executor="processes").path
        for line in table_of(World(path), arguments.only):
            print(line, flush=True)


if __name__ == "__main__":
    main()
