"""Does the model put more into a corridor than its sender records in all?"""

from __future__ import annotations

import polars as pl

from corridors.wording import the

RULE = "reconciled"
PAID = "paid by the destination to everywhere"


def recorded_notes(facts: pl.DataFrame, sender: str) -> tuple[str, ...]:
    """What to say where modelled money in one corridor exceeds all that its sender records as paid.

    Parameters
    ----------
    facts
        Of a corridor: ``measure``, ``detail``, ``year``, ``value``.
    sender
        Name of the country that money is sent from.

    Examples
    --------
    >>> import polars as pl
    >>> rows = [("remittance_flow", "reconciled", 2022, 600.0), ("remittance_flow", "reconciled", 2023, 90.0),
    ...         ("remittance_total", PAID, 2022, 522.0), ("remittance_total", PAID, 2023, 544.0)]
    >>> table = pl.DataFrame(rows, schema=["measure", "detail", "year", "value"], orient="row")
    >>> recorded_notes(table, "Jordan")[0][:80]
    'Jordan recorded less as paid to all countries than the model puts into this corr'
    """
    modelled = facts.filter(measure="remittance_flow", detail=RULE).select("year", "value")
    paid = facts.filter(measure="remittance_total", detail=PAID).select("year", paid="value")
    years = modelled.join(paid, on="year").filter(pl.col("value") > pl.col("paid"))["year"].sort()
    if years.is_empty():
        return ()
    when = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}, {len(years)} years"
    who = the(sender)
    return (
        f"{who[:1].upper()}{who[1:]} recorded less as paid to all countries than the model puts into this "
        f"corridor ({when}): its records are incomplete, or the model is too high here",
    )
