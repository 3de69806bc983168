"""Measures of household files of any size, computed in DuckDB without loading them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from corridors.errors import DataError, NotFound
from corridors.extras import need
from corridors.frames import frame_of, register
from corridors.numerics.typing import Array
from corridors.remittances.welfare.gini_stream import GiniPass, between_clusters
from corridors.remittances.welfare.household_sql import Columns, means_sql, rows_sql, spread_sql
from corridors.remittances.welfare.households import Wanted
from corridors.remittances.welfare.income_sources import SourceDecomposition
from corridors.remittances.welfare.measured import Measures, symmetric
from corridors.remittances.welfare.refusals import poverty_line
from corridors.results import Result

_BATCH = 500_000
Ask = Callable[[str], Any]
Households = str | Path | pl.DataFrame | pl.LazyFrame | duckdb.DuckDBPyRelation


@dataclass(frozen=True, slots=True)
class HouseholdMeasures(Result, keys=("measure",)):
    """What a household file says.

    Attributes
    ----------
    measures
        FGT family, Watts index, Gini coefficient and mean with errors.
    sources
        Decomposition of the Gini coefficient where several income columns were given.
    rows
        Households read.
    people
        Sum of weight times size.
    """

    measures: Measures
    sources: SourceDecomposition | None
    rows: int
    people: float

    def to_polars(self) -> pl.DataFrame:
        """One row a measure."""
        return self.measures.to_polars()

    def summary(self) -> str:
        """The measures, then the sources."""
        head = f"{self.rows:,} households, {self.people:,.0f} people"
        parts = [head, self.measures.summary()]
        return "\n".join(parts if self.sources is None else [*parts, self.sources.summary()])


def household_measures(
    households: Households,
    line: float,
    income: str | Sequence[str],
    *,
    weight: str | None = None,
    size: str | None = None,
    strata: str | None = None,
    cluster: str | None = None,
    alphas: tuple[float, ...] = (0.0, 1.0, 2.0),
    floor: float | None = None,
    level: float | None = None,
    memory: str = "1GB",
) -> HouseholdMeasures:
    """Poverty and inequality of persons from a household file, out of core and exact.

    Parameters
    ----------
    households
        Path of a Parquet file (or a pattern of several), a polars frame, or a DuckDB relation.
    line
        Poverty line per person, in the unit of the incomes.
    income
        Column of household income, or several columns, the sources, which are summed and
        whose parts in the Gini coefficient are given.
    weight
        Column of household weights; one where not given.
    size
        Column of household sizes: incomes are divided and weights multiplied by it.
    strata, cluster
        Columns of the sample design; without them every household is drawn on its own.
    alphas, floor, level
        As in :func:`survey_measures`.
    memory
        What DuckDB may use before it sorts on disk. Not used for a relation, which has a
        connection of its own.

    Returns
    -------
    HouseholdMeasures

    Raises
    ------
    DataError
        Missing or infinite figures, weights or sizes that are not positive, a stratum with a
        single cluster.
    NotFound
        No such file or column.

    Notes
    -----
    Aggregates are one scan each; the Gini coefficient is exact, from one pass over the sorted
    incomes (and one more for each source). The errors are those of
    :func:`survey_measures`, linearised.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.remittances.welfare import household_measures
    >>> homes = pl.DataFrame({"wages": [2.0, 4, 9], "remittances": [0.0, 2, 0], "people": [2, 3, 3]})
    >>> found = household_measures(homes, 1.5, ["wages", "remittances"], size="people")
    >>> found.measures["headcount"], found.people
    (0.25, 8.0)
    """
    names = (income,) if isinstance(income, str) else tuple(income)
    if not names:
        raise DataError("name at least one column of income")
    columns = Columns(names, weight, size, strata, cluster)
    wanted = Wanted(poverty_line(line), alphas, floor)
    with duckdb.connect() as connection:
        ask = _opened(households, connection, memory)
        _check_columns(ask, columns)
        facts = _facts(ask, columns, wanted)
        error, freedom, gini, joint = _errors_and_gini(ask, columns, wanted, facts)
        value = np.insert(facts.means, -1, gini)
        measures = symmetric(
            wanted.names(), value, error, freedom, level=level, method="linearised", note=facts.note
        )
        sources = _sources(ask, columns, facts, gini, joint) if len(names) > 1 else None
    return HouseholdMeasures(measures, sources, facts.rows, facts.people)


@dataclass(frozen=True, slots=True)
class _Facts:
    rows: int
    people: float
    means: Array
    source_means: Array
    note: tuple[str, ...]


def _opened(households: Households, connection: duckdb.DuckDBPyConnection, memory: str) -> Ask:
    if isinstance(households, duckdb.DuckDBPyRelation):
        given = households
        return lambda sql: given.query("household", sql)
    connection.execute(f"SET memory_limit = '{memory}'")
    connection.execute(f"SET temp_directory = '{tempfile.gettempdir()}'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    if isinstance(households, (pl.DataFrame, pl.LazyFrame)):
        frame = households.collect() if isinstance(households, pl.LazyFrame) else households
        register(connection, "household", frame)
        return connection.sql
    text = str(households).replace("'", "''")
    try:
        connection.execute(f"CREATE VIEW household AS SELECT * FROM read_parquet('{text}')")
    except (duckdb.IOException, duckdb.InvalidInputException) as problem:
        raise NotFound(f"no Parquet file can be read at {households}", str(problem)) from problem
    return connection.sql


def _check_columns(ask: Ask, columns: Columns) -> None:
    known = set(ask("SELECT * FROM household LIMIT 0").columns)
    for name in columns.all():
        if name not in known:
            raise NotFound(f"households have no column {name!r}", f"columns: {', '.join(sorted(known))}")


def _facts(ask: Ask, columns: Columns, wanted: Wanted) -> _Facts:
    found = ask(means_sql(columns, wanted.line, wanted.alphas, wanted.floor)).fetchall()[0]
    rows, bad, light, alone, zeros, people, *figures = found
    if not rows:
        raise DataError("households have no rows")
    for count, title in (
        (bad, "incomes, weights or sizes are missing or infinite"),
        (light, "weights or sizes must be positive"),
        (alone, "strata or clusters have missing labels"),
    ):
        if count:
            raise DataError(f"{title}: {count:,} of {rows:,} rows", remedy="drop or mend these rows")
    n = len(wanted.alphas) + 2
    means = np.array([np.nan if x is None else x for x in figures[:n]], dtype=np.float64)
    note: tuple[str, ...] = ()
    if zeros and wanted.floor is None:
        means[-2] = np.nan
        note = (f"watts is not defined: {zeros:,} incomes are zero or negative; give floor=",)
    elif zeros:
        note = (f"{zeros:,} incomes of zero or less count as {wanted.floor:g} in watts",)
    if not means[-1] > 0:
        raise DataError(f"inequality is relative to the mean, which is not positive: {means[-1]:.6g}")
    return _Facts(int(rows), float(people), means, np.array(figures[n:], dtype=np.float64), note)


def _errors_and_gini(
    ask: Ask, columns: Columns, wanted: Wanted, facts: _Facts
) -> tuple[Array, float, float, Array]:
    spread = frame_of(ask(spread_sql(columns, wanted, facts.means, facts.people)))
    stratum = np.unique(spread["stratum"].to_numpy(), return_inverse=True)[1].astype(np.int64)
    many = np.bincount(stratum) if columns.cluster else spread["rows"].to_numpy()
    if (many < 2).any():
        raise DataError(
            f"{int((many < 2).sum())} strata have a single cluster",
            "no error can be known from one cluster",
            "join them to similar strata",
        )
    freedom = float((many - 1).sum())
    mean = float(facts.means[-1])
    clusters = len(stratum) if columns.cluster else None
    walk = GiniPass(
        facts.people, mean, len(columns.income) + (len(columns.income) > 1), clusters, strata=len(stratum)
    )
    walk.read(_batches(ask(rows_sql(columns, coded=True))))
    joint = walk.finish()
    gini = float(joint[0] / mean)
    totals = spread.select(pl.col("^u[0-9]+$")).to_numpy()
    if clusters is None:
        squares = spread.select(pl.col("^s[0-9]+$")).to_numpy()
        count = many[:, None].astype(np.float64)
        variance = (count / (count - 1) * (squares - totals**2 / count)).sum(0)
        spread_gini = walk.variance(gini)
    else:
        both = np.column_stack([totals, walk.cluster_totals(gini)])
        *rest, spread_gini = between_clusters(both, stratum)
        variance = np.array(rest)
    error = np.sqrt(np.maximum(np.insert(variance, -1, spread_gini), 0.0))
    return error, freedom, gini, joint


def _batches(relation: duckdb.DuckDBPyRelation) -> Iterable[Any]:
    """Rows as Arrow batches, of which one is held at a time."""
    need("survey")
    return relation.to_arrow_reader(_BATCH)


def _sources(ask: Ask, columns: Columns, facts: _Facts, gini: float, joint: Array) -> SourceDecomposition:
    own = []
    for k, mean in enumerate(facts.source_means):
        walk = GiniPass(facts.people, float(mean), 1)
        only = replace(columns, income=(columns.income[k],), strata=None, cluster=None)
        walk.read(_batches(ask(rows_sql(only, coded=False))))
        own.append(float(walk.finish()[0]))
    return SourceDecomposition.of(columns.income, facts.source_means, joint[1:], np.array(own), gini)
