"""What had to be changed so that the figures of a period fit together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridors.migration.flows.accounts import Account
from corridors.migration.flows.period_tables import PeriodTables
from corridors.numerics.typing import Array


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A figure that had to be changed, or a place left out, and why.

    Attributes
    ----------
    rule
        ``stock-over-population``, ``birthplace-total``, ``borrowed-stock``, ``left-out`` or
        ``world-balance``.
    place
        Code of the place, or ``WORLD``.
    before, after
        The figure before and after, persons; None where nothing is counted.
    message
        One sentence.
    """

    rule: str
    place: str
    before: float | None
    after: float | None
    message: str


def adjustments(
    tables: PeriodTables, account: Account, scaled: tuple[Array, Array], implied: Array
) -> tuple[Adjustment, ...]:
    """Name what was scaled, repaired, borrowed or left out.

    Parameters
    ----------
    tables
        The period's figures.
    account
        The closed account made of them.
    scaled
        Factors by which the foreign-born of each place were scaled at the two ends, shape ``(n,)``.
    implied
        Net migration before the world was balanced, shape ``(n,)``, persons.
    """
    out: list[Adjustment] = []
    ends = zip(tables.period, (tables.foreign_start, tables.foreign_end), scaled, strict=True)
    for year, foreign, factor in ends:
        for j in np.flatnonzero(factor != 1):
            before = float(foreign[:, j].sum())
            out.append(
                Adjustment(
                    "stock-over-population",
                    tables.places[j],
                    before,
                    before * float(factor[j]),
                    f"{tables.places[j]} {year}: the stock of {before:,.0f} foreign-born leaves too little "
                    f"room for natives in the population; scaled by {factor[j]:.3f}",
                )
            )
    middle = (account.start.sum(1) + account.end.sum(1)) / 2
    for k in np.flatnonzero(account.repaired):
        change = float(account.repaired[k])
        out.append(
            Adjustment(
                "birthplace-total",
                tables.places[k],
                float(middle[k]) - change,
                float(middle[k]),
                f"people born in {tables.places[k]}: total changed by {change:+,.0f}, the least change that "
                "lets the account close",
            )
        )
    for place in tables.borrowed:
        message = f"{place}: no stock at an end of the period; birthplace shares of the nearest year stand in"
        out.append(Adjustment("borrowed-stock", place, None, None, message))
    out += [
        Adjustment("left-out", place, None, None, f"{place}: no bilateral stock at all; left out")
        for place in tables.left_out
    ]
    out.append(
        Adjustment(
            "world-balance",
            "WORLD",
            float(implied.sum()),
            float(account.net.sum().round(3)) + 0.0,
            f"net migration of all places adds up to {implied.sum():+,.0f} before the world is balanced",
        )
    )
    return tuple(out)
