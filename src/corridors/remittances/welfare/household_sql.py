"""The questions that household files are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from corridors.numerics.typing import Array


class _Wanted(Protocol):
    @property
    def line(self) -> float: ...
    @property
    def alphas(self) -> tuple[float, ...]: ...
    @property
    def floor(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns of a household file.

    Attributes
    ----------
    income
        Columns that add up to household income.
    weight, size, strata, cluster
        Of the household, or None.
    """

    income: tuple[str, ...]
    weight: str | None
    size: str | None
    strata: str | None
    cluster: str | None

    def all(self) -> list[str]:
        """All names that were given."""
        others = (self.weight, self.size, self.strata, self.cluster)
        return [*self.income, *(name for name in others if name is not None)]


def quoted(name: str) -> str:
    """A name safe in SQL.

    Examples
    --------
    >>> from corridors.remittances.welfare.household_sql import quoted
    >>> quoted("income")
    '"income"'
    """
    return '"' + name.replace('"', '""') + '"'


def _number(name: str | None) -> str:
    return "1.0::DOUBLE" if name is None else f"{quoted(name)}::DOUBLE"


def _per_person(columns: Columns) -> str:
    size = _number(columns.size)
    parts = [f"({_number(name)} / {size})" if columns.size else _number(name) for name in columns.income]
    total = " + ".join(_number(name) for name in columns.income)
    income = f"({total}) / {size}" if columns.size else total
    chosen = [f"{income} AS y", *(f"{part} AS x{k}" for k, part in enumerate(parts))]
    weight = f"{_number(columns.weight)} * {size}" if columns.size else _number(columns.weight)
    label = quoted(columns.strata) if columns.strata else "0"
    unit = quoted(columns.cluster) if columns.cluster else "0"
    held = f"{weight} AS w, {label} AS stratum, {unit} AS unit"
    own = f"{_number(columns.weight)} AS own, {size} AS many"
    return f"SELECT {', '.join(chosen)}, {held}, {own} FROM household"


def _gaps(wanted: _Wanted) -> list[str]:
    z = repr(float(wanted.line))
    family = [f"CASE WHEN y < {z} THEN pow(({z} - y) / {z}, {alpha!r}) ELSE 0.0 END"
              for alpha in map(float, wanted.alphas)]  # fmt: skip
    least = "y" if wanted.floor is None else f"greatest(y, {float(wanted.floor)!r})"
    safe = f"CASE WHEN y > 0 THEN {least} END" if wanted.floor is None else least
    return [*family, f"CASE WHEN y < {z} THEN ln({z} / ({safe})) ELSE 0.0 END"]


def means_sql(columns: Columns, line: float, alphas: Sequence[float], floor: float | None) -> str:
    """One row: counts of rows and of bad ones, people, and the means of all measures and sources."""
    wanted = _Line(float(line), tuple(alphas), floor)
    terms = [*_gaps(wanted), "y", *(f"x{k}" for k in range(len(columns.income)))]
    means = ", ".join(f"sum(w * ({term})) / sum(w)" for term in terms)
    labels = " OR ".join(["stratum IS NULL", "unit IS NULL"])
    good = "isfinite(y) AND isfinite(own) AND isfinite(many)"
    return (
        f"WITH person AS ({_per_person(columns)}) SELECT count(*), "
        f"count(*) FILTER (NOT coalesce({good}, false)), "
        f"count(*) FILTER (own <= 0 OR many <= 0), count(*) FILTER ({labels}), "
        f"count(*) FILTER (y <= 0), sum(w), {means} FROM person"
    )


@dataclass(frozen=True, slots=True)
class _Line:
    line: float
    alphas: tuple[float, ...]
    floor: float | None


def spread_sql(columns: Columns, wanted: _Wanted, means: Array, people: float) -> str:
    """Sums of influence by cluster; or sums and sums of squares by stratum without clusters."""
    terms = [*_gaps(wanted), "y"]
    # An undefined mean (Watts with zero incomes) is undefined here too.
    centred = [
        f"w * (({term}) - {float(mean)!r}) / {people!r}" if np.isfinite(mean) else "NULL::DOUBLE"
        for term, mean in zip(terms, means, strict=True)
    ]
    sums = [f"sum({term})::DOUBLE AS u{k}" for k, term in enumerate(centred)]
    if columns.cluster is None:
        sums += [f"sum(({term}) * ({term}))::DOUBLE AS s{k}" for k, term in enumerate(centred)]
    unit = ", unit" if columns.cluster else ""
    return (
        f"WITH person AS ({_per_person(columns)}) SELECT stratum{unit}, count(*) AS rows, "
        f"{', '.join(sums)} FROM person GROUP BY stratum{unit} ORDER BY stratum{unit}"
    )


def units_sql(columns: Columns) -> str:
    """Clusters (or strata, without clusters) numbered in the order of :func:`spread_sql`."""
    unit = ", unit" if columns.cluster else ""
    return (
        f"SELECT stratum{unit}, row_number() OVER (ORDER BY stratum{unit}) - 1 AS code "
        f"FROM (SELECT DISTINCT stratum{unit} FROM person)"
    )


def rows_sql(columns: Columns, *, coded: bool) -> str:
    """Incomes per person sorted, with weights and, where asked, the number of the cluster."""
    values = ["y"] if len(columns.income) == 1 else ["y", *(f"x{k}" for k in range(len(columns.income)))]
    plain = columns.strata is None and columns.cluster is None
    if not coded or plain:
        return f"SELECT {', '.join(values)}, w FROM ({_per_person(columns)}) ORDER BY y"
    match = "person.stratum = units.stratum"
    if columns.cluster:
        match += " AND person.unit = units.unit"
    return (
        f"WITH person AS ({_per_person(columns)}), units AS ({units_sql(columns)}) "
        f"SELECT {', '.join(values)}, w, code FROM person JOIN units ON {match} ORDER BY y"
    )
