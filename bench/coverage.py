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
from corridors.building.steps.measures import measures
from corridors.cooperation.monitor import project
from corridors.errors import CorridorsError
from corridors.evidence import load
from corridors.migration import evaluate_flows, reported_flows
from corridors.migration.projection import back_test, rate_panel
from corridors.numerics.intervals import z_of_level
from corridors.parameters import value
from corridors.remittances.matrix import bilateral_remittances
from corridors.remittances.prices import average_cost, median_cost, savings, weighted_cost
from corridors.remittances.welfare import beside_published, fit_grouped
from corridors.remittances.welfare.survey_year import deciles

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
def flows_reported(world: World) -> Iterator[Row]:
    """Corridors against what offices report, by residence."""
    given = world.beside("reported/un_flows_2015rev_annual_1980_2013.csv.gz")
    yield from _flows(world, given, "reported to the UN")


@measured
def flows_inside_europe(world: World) -> Iterator[Row]:
    """Corridors against Eurostat's previous residence."""
    given = world.beside("reported/eurostat_imm5prv_intra_europe_1998_2023.csv.gz")
    yield from _flows(world, given, "Eurostat, previous residence")


def _flows(world: World, given: pl.DataFrame, on: str) -> Iterator[Row]:
    made = world.table("migrant_flow", "sex = 'total' AND kind = 'total' AND lower IS NOT NULL")
    periods = sorted(set(made.select("period_start", "period_end").iter_rows()))
    pairs = evaluate_flows(made, reported_flows(given, periods)).pairs.drop_nulls("lower")
    for (method,), rows in pairs.rename({"reported": "truth"}).group_by("method", maintain_order=True):
        yield Row.of(f"flow of a period, {method}", f"{on}, all corridors with a range", rows)
        some = rows.filter(pl.col("truth") >= 100)
        yield Row.of(f"flow of a period, {method}", f"{on}, 100 people and more", some)


@measured
def net_migration_projected(world: World) -> Iterator[Row]:
    """Net-migration rates of the last ten years, forecast without them."""
    panel = rate_panel(world.table("population"))
    test = back_test(panel.rates, 10, labels=panel.labels)
    for level, held in ((0.80, test.inside80), (0.95, test.inside95)):
        yield Row.told("net migration rate, projected", "last ten years held back", held, level)


# Promises -----------------------------------------------------------------------------------


@measured
def indicators_projected(world: World) -> Iterator[Row]:
    """Series of all indicators, continued from their first half, up to ten years on."""
    found: dict[str, list[bool]] = {}
    table = world.table("indicator")
    for (name, _), rows in table.sort("year").group_by("indicator", "place", maintain_order=True):
        kind, years = measures()[str(name)].judged_as, rows["year"].to_numpy()
        values = rows["value"].to_numpy()
        if kind not in ("level", "log", "share") or len(years) < 8 or (kind == "log" and values.min() <= 0):
            continue
        scaled, cut = np.log(values) if kind == "log" else values, len(years) // 2
        for year, truth in zip(years[cut:], scaled[cut:], strict=True):
            if year - years[cut - 1] <= 10:
                low, high = project(years[:cut], scaled[:cut], float(year)).interval(0.8)
                found.setdefault(kind, []).append(bool(low[0] <= truth <= high[0]))
    for kind, held in sorted(found.items()):
        yield Row.told(f"indicator projected, {kind}", "second half held back, up to 10 years on", held, 0.8)


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


# Prices -------------------------------------------------------------------------------------


CORRIDOR = ["sending", "receiving"]
FEW = 40  # so few that the mean of the hundreds of others is nearly the truth
Statistic = Callable[[pl.DataFrame, int], tuple[float, float]]


def _of_few(prices: pl.DataFrame, interval: Statistic, truth: pl.Expr) -> list[bool]:
    """Whether the interval of 40 corridors drawn at random holds the figure of all others."""
    rng = np.random.default_rng(1)
    held: list[bool] = []
    for _, part in prices.sort("quarter", *CORRIDOR).group_by("quarter", maintain_order=True):
        for seed in range(12):
            order = rng.permutation(part.height)
            low, high = interval(part[order[:FEW]], seed)
            held.append(low <= part[order[FEW:]].select(truth).item() <= high)
    return held


@measured
def prices_averaged(world: World) -> Iterator[Row]:
    """Means and medians over corridors, and the change in the same corridors, from some of the corridors."""
    cost = "cost_usd200_pct"
    prices = world.table("remittance_price").select(*CORRIDOR, "quarter", cost, "quotes")
    on = (
        f"{FEW} corridors drawn, the mean of all others as the truth, whose own error leaves a right interval"
    )
    z = z_of_level(value("interval_level"))

    def mean(rows: pl.DataFrame, seed: int) -> tuple[float, float]:
        return average_cost(rows, draws=200, seed=seed).table.select("lower", "upper").row(0)

    def median(rows: pl.DataFrame, seed: int) -> tuple[float, float]:
        return median_cost(rows).select("lower", "upper").row(0)

    def change(rows: pl.DataFrame, seed: int) -> tuple[float, float]:
        at, half = rows.select(pl.mean(cost), z * pl.std(cost) / rows.height**0.5 * pl.lit(1.0)).row(0)
        return at - half, at + half

    yield Row.told("mean over corridors", f"{on} 75 to 78 %", _of_few(prices, mean, pl.mean(cost)))
    yield Row.told("median of corridors", f"{on} 75 to 78 %", _of_few(prices, median, pl.median(cost)))
    first = prices.filter(quarter="2011Q3").select(*CORRIDOR, first=cost)
    same = prices.filter(pl.col("quarter") > "2012").join(first, on=CORRIDOR)
    points = same.with_columns(pl.col(cost) - pl.col("first"))
    yield Row.told("change, same corridors", f"{on} 72 to 75 %", _of_few(points, change, pl.mean(cost)))


EARLY, LATE = "2012Q3", "2013Q1"
# The published global weighted average, as its reports of the time have it.
WEIGHTED = {
    **{"2013Q1": 6.9, "2014Q1": 5.91, "2014Q2": 5.85, "2016Q3": 5.73},
    **{"2017Q1": 5.65, "2017Q3": 5.46, "2017Q4": 5.29, "2025Q3": 5.04},
}


@measured
def prices_weighted(world: World) -> Iterator[Row]:
    """Average costs weighted by money against other weights, other prices, and what was published."""
    prices, flows, others = _priced(world)
    matrix = _matrix_of_2010(world)
    held: list[bool] = []
    for (receiver,), part in prices.group_by("receiving", maintain_order=True):
        early = part.filter(quarter=EARLY).join(flows, on=CORRIDOR)
        later = part.filter(quarter=LATE).join(matrix.filter(receiving=receiver), on=CORRIDOR)
        if early.height < 3 or later.height < 3:
            continue
        made = weighted_cost(part, flows, others=others, quarters=[EARLY]).table
        low, high = made.select("lower", "upper").row(0)
        truth = (later["cost_usd200_pct"] * later["value"]).sum() / later["value"].sum()
        held.append(low <= truth <= high)
    on = "not in the atlas; World Bank's matrix of 2010, prices half a year later"
    yield Row.told("average cost weighted by money, by country", on, held)
    published = pl.DataFrame(list(WEIGHTED.items()), ["quarter", "truth"], orient="row")
    made = world.table("price_index", "weighting = 'weighted by money'").join(published, on="quarter")
    yield Row.of("average cost weighted by money, world", "as published, which leaves Russia out", made)
    rules = _by_rule(world, "value > 0")
    first, *rest = (rules[rule] for rule in ("reconciled", *sorted(set(rules) - {"reconciled"})))
    some = prices.filter(pl.col("sending") != "RUS")
    same = weighted_cost(some, first, others=rest, quarters=list(WEIGHTED)).table.join(
        published, on="quarter"
    )
    yield Row.of("average cost weighted by money, world", "as published, Russia left out here, too", same)


@measured
def prices_saved(world: World) -> Iterator[Row]:
    """Money saved by country against other flows and later prices."""
    prices, flows, others = _priced(world)
    cost = "cost_usd200_pct"
    ends = [prices.filter(quarter=quarter).select(*CORRIDOR, cost) for quarter in (EARLY, LATE)]
    both = ends[0].join(ends[1].rename({cost: "late"}), on=CORRIDOR)
    prices = prices.join(both, on=CORRIDOR, how="semi")
    found = savings(prices, flows, others=others, quarters=[EARLY], by="receiving").table
    for words, money in (("the same flows", flows), ("World Bank's matrix of 2010", _matrix_of_2010(world))):
        later = both.join(flows.select(CORRIDOR), on=CORRIDOR, how="semi").join(money, on=CORRIDOR)
        rows: list[pl.DataFrame] = []
        for target in found["target_pct"].unique():
            gap = (pl.col("late") - target).clip(0) / 100 * pl.col("value")
            truth = later.group_by("receiving").agg(truth=gap.sum()).with_columns(target_pct=pl.lit(target))
            rows.append(found.join(truth, on=["receiving", "target_pct"]))
        pairs = pl.concat(rows).filter(pl.max_horizontal("saved", "truth") > 1)
        yield Row.of("money saved, by country that receives", f"prices half a year later, {words}", pairs)


def _priced(world: World) -> tuple[pl.DataFrame, pl.DataFrame, list[pl.DataFrame]]:
    """Averages by corridor; reconciled flows of 2010; those of the other rules."""
    prices = world.table("remittance_price").select(*CORRIDOR, "quarter", "cost_usd200_pct")
    rules = _by_rule(world, "year = 2010 AND value > 0")
    first = rules.pop("reconciled")
    others = [rules[rule].select(*CORRIDOR, "value") for rule in sorted(rules)]
    return prices, first.select(*CORRIDOR, "value", "lower", "upper"), others


def _by_rule(world: World, where: str) -> dict[str, pl.DataFrame]:
    sent = world.table("remittance_flow", f"{where} AND sending <> 'UNK'")
    columns = [*CORRIDOR, "year", "value", "lower", "upper"]
    parts = sent.partition_by("rule", as_dict=True)
    return {str(rule): rows.select(columns) for (rule,), rows in parts.items()}


def _matrix_of_2010(world: World) -> pl.DataFrame:
    given = world.beside("wb_bilateral_remittances_2010.csv.gz").filter(pl.col("usd_million") > 0)
    return given.select(sending="source", receiving="recipient", value="usd_million")


@measured
def poverty_without_remittances(world: World) -> Iterator[Row]:
    """Points of the headcount against studies of households; the ends of the range are all or nothing."""
    known = load()
    names = ("remittances", "population", "economy")
    found = beside_published(pip_surveys(world), *(known.table(name) for name in names))
    imputed = found.filter(method="imputed")
    what = "poverty without remittances, range"
    yield Row.told(what, "all published results with a figure", found["holds"])
    yield Row.told(what, "those with home earnings imputed", imputed["holds"])


@measured
def poverty_read_off_deciles(world: World) -> Iterator[Row]:
    """Headcounts at three lines read off the deciles, countries at even places of the alphabet."""
    surveys = pip_surveys(world)
    kept = surveys["country"].unique().sort().gather_every(2, 1)
    for line in (2.15, 3.65, 6.85):
        held: list[bool] = []
        for survey in surveys.filter(pl.col("country").is_in(kept.implode())).iter_rows(named=True):
            try:
                shares, cuts, mean = deciles(survey)
                read = fit_grouped(shares, mean, thresholds=cuts).measures(line)
            except CorridorsError:
                continue
            low, high = read.interval("headcount")
            held.append(low <= survey[f"headcount_ratio_{round(100 * line)}"] / 100 <= high)
        yield Row.told(f"people below USD {line:.2f}, read off deciles", "headcounts of the microdata", held)


def pip_surveys(world: World) -> pl.DataFrame:
    """National surveys of the Poverty and Inequality Platform in the columns of the embedded ones."""
    given = world.beside("pip_ppp2017_distribution_deciles_2022-09.csv.gz").filter(reporting_level="national")
    return given.select(pl.exclude("country", "survey_year")).rename(
        {"iso3": "country", "year": "survey_year", "mean": "mean_ppp2017_day"}
    )


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
