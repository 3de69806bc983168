"""The atlas, step by step, from evidence to one file."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from corridors import evidence, places
from corridors.atlas.lineage import lineage_table
from corridors.atlas.schema import PUBLISHED
from corridors.atlas.writer import AtlasWriter, dictionary
from corridors.evidence import Evidence
from corridors.executors import executor
from corridors.migration import SEXES, FlowEstimate, estimate_flows, of_sex
from corridors.parameters import parameters
from corridors.version import __version__

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build made.

    Attributes
    ----------
    path
        The atlas file.
    countries, corridors
        Places with a population; pairs with a migrant stock in the last year.
    world_stock
        Migrants in the pairs of the last year, persons.
    last_year
        That year.
    flows
        World total of pseudo-Bayes flows by period, persons.
    findings
        Contradictions found and repairs made: rule, key, message.
    seconds
        Duration of the build.
    """

    path: Path
    countries: int
    corridors: int
    world_stock: float
    last_year: int
    flows: Mapping[tuple[int, int], float]
    findings: pl.DataFrame
    seconds: float


def build(
    out: str | Path = "atlas",
    *,
    figures: str | Path | None = None,
    tables: Mapping[str, Any] | None = None,
    draws: int = 20,
    seed: int = 0,
    run_on: str = "serial",
    progress: Progress | None = None,
) -> BuildSummary:
    """Build the atlas of the world: ``atlas.duckdb`` in a folder.

    Parameters
    ----------
    out
        Folder of the file.
    figures
        Folder of own files that replace or extend the embedded figures.
    tables
        Own tables by name (pandas, polars or pyarrow), the same.
    draws
        Perturbed stocks behind each interval; 0 for none.
    seed
        Seed of the draws. The same figures, draws and seed give the same figures on any
        machine and executor.
    run_on
        ``serial``, ``processes`` or ``processes:N``.
    progress
        Called with a step's name, steps done and steps in all.

    Returns
    -------
    BuildSummary

    Raises
    ------
    DataError, InfeasibleError
        Figures that can not be accepted; the old file, if any, stays as it was.

    Examples
    --------
    >>> import corridors as co
    >>> summary = co.build("atlas", draws=0)  # doctest: +SKIP
    >>> summary.countries  # doctest: +SKIP
    236
    """
    began = time.perf_counter()
    known = evidence.load(figures, tables=tables)
    stock = stock_table(known)
    keys = [(period, sex) for period in periods_of(known) for sex in SEXES]
    steps = _Steps(progress, len(keys) + 3)
    with AtlasWriter(Path(out) / "atlas.duckdb") as atlas:
        steps.done("places and sources")
        atlas.write("place", places.table())
        atlas.write("territory", evidence.territories())
        atlas.write("source", source_table(known))
        steps.done("published figures")
        atlas.write("migrant_stock", stock)
        for figure, name in PUBLISHED.items():
            atlas.write(name, known.table(figure))
        findings = [evidence_findings(known)]
        flows: dict[tuple[int, int], float] = {}
        for estimate in flow_estimates(known, stock, keys, draws, seed, run_on):
            steps.done(f"flows {estimate.period[0]}–{estimate.period[1]}, {estimate.sex}")
            atlas.write("migrant_flow", estimate.to_polars())
            atlas.write("net_migration", net_table(estimate))
            findings.append(flow_findings(estimate))
            if estimate.sex == "total":
                flows[estimate.period] = float(estimate.flows["pseudo-bayes"]["total"].sum())
        found = pl.concat(findings)
        steps.done("lineage and dictionary")
        atlas.write("finding", found)
        atlas.write("parameter", parameter_table())
        atlas.write("lineage", lineage_table())
        atlas.write("dictionary", dictionary())
        atlas.write("run", run_table(draws, seed, figures))
    return _summary(Path(out) / "atlas.duckdb", known, stock, flows, found, time.perf_counter() - began)


def stock_table(known: Evidence) -> pl.DataFrame:
    """Migrant stock, one row a sex; the total is female + male."""
    wide = known.table("migrant_stock").with_columns(total=pl.col("female") + pl.col("male"))
    return wide.unpivot(
        on=list(SEXES), index=["origin", "destination", "year", "source"], variable_name="sex"
    ).with_columns(pl.col("value").cast(pl.Float64))


def source_table(known: Evidence) -> pl.DataFrame:
    """The cards of all sources."""
    cards = pl.DataFrame(
        [
            {
                "source": card.id,
                "table_name": PUBLISHED.get(card.table, card.table),
                **{name: getattr(card, name) for name in _CARD_FIELDS},
            }
            for card in known.cards
        ]
    )
    return cards


_CARD_FIELDS = (
    "title",
    "publisher",
    "revision",
    "licence",
    "unit",
    "years",
    "note",
    "file",
    "sha256",
    "rows",
)


def periods_of(known: Evidence) -> list[tuple[int, int]]:
    """Periods between consecutive stock years that the population covers."""
    years = sorted(set(known.table("migrant_stock")["year"]))
    covered = set(known.table("population")["year"])
    pairs = zip(years, years[1:], strict=False)
    return [(a, b) for a, b in pairs if set(range(a, b + 1)) <= covered]


def units_of(start: int) -> dict[str, str]:
    """Territory that the figures of a code belong to in a period that starts in a year."""
    rows = evidence.territories().filter(
        pl.col("first_period") <= start, pl.col("last_period").fill_null(9999) >= start
    )
    return {member: unit for unit, member in rows.select("unit", "member").iter_rows() if unit != member}


def flow_estimates(
    known: Evidence,
    stock: pl.DataFrame,
    keys: list[tuple[tuple[int, int], str]],
    draws: int,
    seed: int,
    run_on: str,
) -> Iterator[FlowEstimate]:
    """Flows of every period and sex, in order."""
    inputs = (
        stock.select("origin", "destination", "year", "sex", "value"),
        known.table("population"),
        known.table("sex_structure"),
    )
    return executor(run_on).map(partial(_one_estimate, inputs, draws, seed), keys)


def _one_estimate(
    inputs: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame],
    draws: int,
    seed: int,
    key: tuple[tuple[int, int], str],
) -> FlowEstimate:
    stock, population, structure = inputs
    period, sex = key
    return estimate_flows(
        stock.filter(sex=sex).drop("sex"),
        of_sex(population, structure, sex),
        period,
        sex=sex,
        units=units_of(period[0]),
        repair=True,
        draws=draws,
        seed=seed,
    )


def net_table(estimate: FlowEstimate) -> pl.DataFrame:
    """Arrivals, departures and net migration by method, beside the accounting identity."""
    closed = estimate.account.net
    return pl.concat(
        estimate.net(method).rename({"net_migration": "value"}).with_columns(
            period_start=pl.lit(estimate.period[0]),
            period_end=pl.lit(estimate.period[1]),
            sex=pl.lit(estimate.sex),
            method=pl.lit(method),
            identity=estimate.implied_net,
            world_balance=closed - estimate.implied_net,
        )
        for method in estimate.flows
    )  # fmt: skip


def evidence_findings(known: Evidence) -> pl.DataFrame:
    """Contradictions among the published figures."""
    return known.findings.select(
        table_name=pl.col("table").replace(dict(PUBLISHED)),
        rule="rule",
        key="key",
        message="message",
        value=pl.col("value").cast(pl.Float64),
        reference=pl.col("limit").cast(pl.Float64),
    )


def flow_findings(estimate: FlowEstimate) -> pl.DataFrame:
    """What was changed or left out so that the accounts close."""
    label = f"{estimate.period[0]}–{estimate.period[1]}, {estimate.sex}"
    rows = [
        ("migrant_flow", a.rule, f"{a.place}, {label}", a.message, a.before, a.after)
        for a in estimate.adjustments
    ]
    schema = dict.fromkeys(("table_name", "rule", "key", "message"), pl.String())
    numbers = dict.fromkeys(("value", "reference"), pl.Float64())
    return pl.DataFrame(rows, schema=schema | numbers, orient="row")


def parameter_table() -> pl.DataFrame:
    """The parameters of all methods."""
    names = ("name", "value", "unit", "distribution", "source", "source_status", "description")
    return pl.DataFrame([{n: getattr(p, n) for n in names} for p in parameters().values()])


def run_table(draws: int, seed: int, figures: str | Path | None) -> pl.DataFrame:
    """One row about this build."""
    return pl.DataFrame(
        {
            "version": [f"{__version__} (Python {platform.python_version()})"],
            "built_at": [datetime.now(UTC).isoformat(timespec="seconds")],
            "seed": [seed],
            "draws": [draws],
            "figures": [str(figures) if figures is not None else "embedded"],
        }
    )


class _Steps:
    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._count = progress, total, 0

    def done(self, name: str) -> None:
        self._count += 1
        if self._progress is not None:
            self._progress(name, self._count, self._total)


def _summary(
    path: Path,
    known: Evidence,
    stock: pl.DataFrame,
    flows: dict[tuple[int, int], float],
    findings: pl.DataFrame,
    seconds: float,
) -> BuildSummary:
    last = int(stock["year"].max() or 0)  # pyright: ignore[reportArgumentType]
    current = stock.filter(pl.col("year") == last, pl.col("sex") == "total", pl.col("value") > 0)
    return BuildSummary(
        path,
        known.table("population")["country"].n_unique(),
        current.height,
        float(current["value"].sum()),
        last,
        flows,
        findings,
        seconds,
    )
