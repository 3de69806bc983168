"""Why an average changed: prices, mix, entry and exit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable
from corridors.remittances.prices.averages import Over
from corridors.remittances.prices.eligible import CORRIDOR, Eligible, Prices, sample
from corridors.remittances.prices.quarters import Quarter
from corridors.remittances.prices.unit_means import unit_means
from corridors.results import Result

PARTS = ("price", "mix", "entry", "exit")


@dataclass(frozen=True, slots=True)
class Change(Result, keys=("sending", "receiving", "part")):
    """Parts of a change in an average, in percentage points.

    Attributes
    ----------
    start, end
        Quarters.
    before, after
        The averages, percent.
    price
        Of units there both times: their prices changed.
    mix
        Of units there both times: their weights changed.
    entry, exit
        New units are dearer (+) or cheaper (-) than those that stayed; those that left likewise, with
        the sign turned. The four sum to ``after - before``.
    table
        Contribution of each unit: ``part`` and ``points``. They sum to the parts.
    weighting
        What the averages are over.
    """

    start: Quarter
    end: Quarter
    before: float
    after: float
    price: float
    mix: float
    entry: float
    exit: float
    table: pl.DataFrame
    weighting: str

    @property
    def total(self) -> float:
        """The change, in points."""
        return self.after - self.before

    def to_polars(self) -> pl.DataFrame:
        """Contribution of each unit."""
        return self.table

    def summary(self) -> str:
        """The parts in one line, then what the averages are over."""
        parts = ", ".join(f"{part} {getattr(self, part):+.3f}" for part in PARTS)
        return (
            f"{self.start} {self.before:.3f} % to {self.end} {self.after:.3f} %: "
            f"{self.total:+.3f} points = {parts}\n  {self.weighting}"
        )


def decompose_change(
    prices: Prices,
    start: str | Quarter,
    end: str | Quarter,
    *,
    unit: Sequence[str] = CORRIDOR,
    over: Over | None = None,
    weights: IntoTable | tuple[IntoTable, IntoTable] | None = None,
    eligible: Eligible | None = None,
) -> Change:
    """Split the change of an average between two quarters exactly into four parts.

    Parameters
    ----------
    prices
        Quotes, or averages of corridors.
    start, end
        Quarters.
    unit
        What stays, enters or leaves: corridors, or with ``"firm"``, ``"instrument"``… finer units.
    over
        ``"services"``: a unit weighs as many services as it has; ``"corridors"``: units weigh the
        same. Services if there are any and no weights.
    weights
        Flows of both quarters, or a pair, one of each; they weigh corridors.
    eligible
        Which quotes count.

    Returns
    -------
    Change

    Raises
    ------
    DataError
        No unit is there both times; weights with finer units than corridors.

    Notes
    -----
    Of units that stay, shares and costs of the two quarters are averaged (Bennet 1920); entry and exit are
    set against those that stay (Melitz and Polanec 2015).

    Examples
    --------
    >>> from corridors import evidence
    >>> from corridors.remittances.prices import decompose_change
    >>> prices = evidence.load().table("remittance_price")
    >>> change = decompose_change(prices, "2011Q1", "2020Q3")
    >>> round(change.total, 3), round(change.price + change.mix + change.entry + change.exit, 3)
    (-2.05, -2.05)
    """
    first, last = Quarter.parse(start), Quarter.parse(end)
    found = sample(prices, eligible or Eligible(), {first, last}, unit)
    if weights is not None and tuple(unit) != CORRIDOR:
        raise DataError("flows weigh corridors, not finer units", remedy="leave out unit=")
    pair = weights if isinstance(weights, tuple) else (weights, weights)
    services = found.services and (over or ("corridors" if weights is not None else "services")) == "services"
    if over == "services" and not services:
        raise DataError("averages of corridors do not say how many services they have", remedy="give quotes")
    sides = [unit_means(found, str(q), unit, services, w) for q, w in zip((first, last), pair, strict=True)]
    both = sides[0].join(sides[1], on=list(unit), how="full", coalesce=True, nulls_equal=True, suffix="_1")
    both = both.sort(unit).with_columns(pl.col("w", "w_1").fill_null(0.0))
    w0, w1, c0, c1 = (both[name].fill_null(0.0).to_numpy() for name in ("w", "w_1", "cost", "cost_1"))
    stay, new, gone = (w0 > 0) & (w1 > 0), (w0 == 0) & (w1 > 0), (w0 > 0) & (w1 == 0)
    if not stay.any():
        raise DataError(f"no unit has prices in both {first} and {last}", remedy="choose coarser units")
    table = _contributions(both.select(unit), (w0, w1, c0, c1), (stay, new, gone))
    parts = {part: float(table.filter(part=part)["points"].sum()) for part in PARTS}
    named = (
        "services" if services else ("corridors weighted by flows" if weights is not None else "corridors")
    )
    return Change(
        first,
        last,
        float(w0 @ c0),
        float(w1 @ c1),
        **parts,
        table=table,
        weighting=f"mean over {named}; units: {', '.join(unit)}",
    )


def _contributions(
    units: pl.DataFrame, values: tuple[np.ndarray, ...], groups: tuple[np.ndarray, ...]
) -> pl.DataFrame:
    w0, w1, c0, c1 = values
    stay, new, gone = groups
    s0, s1 = w0[stay] / w0[stay].sum(), w1[stay] / w1[stay].sum()
    stayed0, stayed1 = float(s0 @ c0[stay]), float(s1 @ c1[stay])
    middle = (stayed0 + stayed1) / 2
    # Costs are taken from their middle, so that a share gained by a dear unit counts as dearer.
    points = {
        "price": (stay, (s0 + s1) / 2 * (c1 - c0)[stay]),
        "mix": (stay, (s1 - s0) * ((c0 + c1)[stay] / 2 - middle)),
        "entry": (new, w1[new] * (c1[new] - stayed1)),
        "exit": (gone, -w0[gone] * (c0[gone] - stayed0)),
    }
    return pl.concat(
        units.filter(pl.Series(inside)).with_columns(
            pl.lit(part).alias("part"), pl.Series("points", found, pl.Float64)
        )
        for part, (inside, found) in points.items()
    )
