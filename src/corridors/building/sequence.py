"""The atlas, step by step, from evidence to one file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from corridors import evidence, executors, places
from corridors.atlas.schema import PUBLISHED
from corridors.building.lineage import lineage_table
from corridors.building.parallel import Task, run
from corridors.building.steps.cooperation import write_cooperation
from corridors.building.steps.flows import Key, flow_tables, keys_of, moving
from corridors.building.steps.money import flows_of_years, lifted, priced, years_of_flows
from corridors.building.steps.products import Product
from corridors.building.steps.projection import projected_tables
from corridors.building.steps.promises import write_promises
from corridors.building.steps.published import (
    evidence_findings,
    parameter_table,
    run_table,
    source_table,
    stock_table,
)
from corridors.building.writer import AtlasWriter, dictionary
from corridors.evidence import Evidence
from corridors.figure_age import old_sources

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build made.

    Attributes
    ----------
    path
        The atlas file.
    countries, corridors
        Places with a population; pairs of places with a migrant stock in the last year.
    world_stock, unknown_origin
        Migrants of the last year, persons; of these, of other and unknown origins.
    last_year
        That year.
    flows
        World total of pseudo-Bayes flows by period, persons.
    findings
        Contradictions found and repairs made: rule, key, message.
    old, sources
        Lines on the sources whose last year was old on the day of the build, the oldest first; how many
        sources there are.
    day
        That day.
    seconds
        Duration of the build.
    """

    path: Path
    countries: int
    corridors: int
    world_stock: float
    unknown_origin: float
    last_year: int
    flows: Mapping[tuple[int, int], float]
    findings: pl.DataFrame
    old: tuple[str, ...]
    sources: int
    day: date
    seconds: float


def build(
    out: str | Path = "atlas",
    *,
    figures: str | Path | None = None,
    tables: Mapping[str, Any] | None = None,
    lock: str | Path | None = None,
    register: str | Path | None = None,
    as_of: date | None = None,
    draws: int = 20,
    seed: int = 0,
    executor: str = "serial",
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
    lock
        A ``data.lock`` of fetched sources, whose tables replace the embedded ones; own figures
        come before both.
    register
        Folder of the commitments and practices to judge; default those of the package.
    as_of
        The day on which commitments are judged; default today.
    draws
        Perturbed stocks behind each interval; 0 for none.
    seed
        Seed of the draws. The same figures, draws and seed give the same figures on any
        machine and executor.
    executor
        ``serial``, ``processes`` or ``processes:N``.
    progress
        Called with a step's name, steps done and steps in all.

    Returns
    -------
    BuildSummary

    Raises
    ------
    DataError, InfeasibleError, NotFound
        Figures or a register that can not be accepted; the old file, if any, stays as it was.

    Examples
    --------
    >>> import corridors as co
    >>> summary = co.build("atlas", draws=0)
    >>> summary.countries
    236
    >>> co.open("atlas").table("place", where="country = 'PHL'")["name"].item()
    'Philippines'
    """
    began, day = time.perf_counter(), as_of or datetime.now(UTC).date()
    known = evidence.load(figures, tables=tables, lock=lock)
    stock = stock_table(known)
    keys, uncovered = keys_of(known)
    moved, assumed = moving(known, stock)
    tasks = _tasks(known, stock, moved, keys, draws, seed)
    steps = _Steps(progress, len(tasks) + 5)
    findings = [evidence_findings(known), uncovered, assumed]
    flows: dict[tuple[int, int], float] = {}
    with AtlasWriter(Path(out) / "atlas.duckdb") as atlas:
        steps.done("places and sources")
        atlas.write("place", places.table())
        atlas.write("territory", moved["territory"])
        atlas.write("source", source_table(known))
        atlas.write("parameter", parameter_table())
        steps.done("published figures")
        atlas.write_all({"migrant_stock": stock, **_published(known)})
        for product in _with_prices(known, seed, run(tasks, executors.executor(executor))):
            atlas.write_all(product.tables)
            findings.append(product.findings)
            flows |= product.flows
            steps.done(product.step)
        steps.done("cooperation")
        write_cooperation(atlas, day)
        write_promises(atlas, register, day)
        steps.done("lineage and dictionary")
        found = pl.concat(findings)
        atlas.write("finding", found)
        atlas.write("lineage", lineage_table(known.beside))
        atlas.write("dictionary", dictionary())
        atlas.write("run", run_table(draws, seed, figures, lock, day))
    return _summary(Path(out) / "atlas.duckdb", known, stock, flows, found, day, time.perf_counter() - began)


def _published(known: Evidence) -> dict[str, pl.DataFrame]:
    """Figures taken over as they are, and tables of fetched sources beside them."""
    return {name: known.table(figure) for figure, name in PUBLISHED.items()} | dict(known.beside)


def _tasks(
    known: Evidence,
    stock: pl.DataFrame,
    moved: Mapping[str, pl.DataFrame],
    keys: Sequence[Key],
    draws: int,
    seed: int,
) -> list[Task]:
    """What takes long: money in bundles of years, projection, then flows of every period and sex."""
    named = ~pl.col("origin").is_in(places.codes("special"))
    columns = ("origin", "destination", "year", "sex", "value")
    moved = {**moved, "stock": moved["stock"].select(columns)}
    sent = {"stock": stock.filter(named, sex="total").select(columns)}
    sent |= {name: known.table(name) for name in ("economy", "remittances")}
    years = years_of_flows(sent)
    welfare = {name: known.table(name) for name in _WELFARE}
    return [
        *(partial(flows_of_years, sent, years[k : k + _BUNDLE]) for k in range(0, len(years), _BUNDLE)),
        partial(lifted, welfare),
        partial(projected_tables, known.table("population"), seed),
        *(partial(flow_tables, moved, draws, seed, key) for key in keys),
    ]


_WELFARE = ("income_distribution", "remittances", "population", "economy")
_BUNDLE = 5


def _with_prices(known: Evidence, seed: int, products: Iterator[Product]) -> Iterator[Product]:
    """All products, and prices as soon as there are the remittances that weigh them."""
    sent: list[pl.DataFrame] = []
    prices = {name: known.table(name) for name in ("remittance_price", "quote_average")}
    for product in products:
        if sent and "remittance_flow" not in product.tables:
            yield from run([partial(priced, prices, seed, pl.concat(sent))], executors.Serial())
            sent = []
        sent += [frame for name, frame in product.tables.items() if name == "remittance_flow"]
        yield product


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
    day: date,
    seconds: float,
) -> BuildSummary:
    last = int(stock["year"].max() or 0)  # pyright: ignore[reportArgumentType]
    current = stock.filter(pl.col("year") == last, pl.col("sex") == "total", pl.col("value") > 0)
    unknown = current.filter(pl.col("origin").is_in(places.codes("special")))
    return BuildSummary(
        path,
        known.table("population")["country"].n_unique(),
        current.height - unknown.height,
        float(current["value"].sum()),
        float(unknown["value"].sum()),
        last,
        flows,
        findings,
        tuple(old_sources(source_table(known).to_dicts(), day)),
        len(known.cards),
        day,
        seconds,
    )
