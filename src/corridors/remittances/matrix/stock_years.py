"""Who lives where in a year between two stocks."""

from __future__ import annotations

import polars as pl

from corridors.intake import IntoTable, TableSpec, as_polars, take
from corridors.remittances.matrix.notes import Note

_PAIR = ["origin", "destination"]


def stock_in(stock: IntoTable, year: int) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """Migrants by birthplace and residence in any year.

    Between two years with stocks each corridor runs in a straight line. Straight, not at a constant rate, so
    that corridors add up to the totals of places in every year, as they do in those of the publisher. A
    corridor that is known in one of the two years only keeps that figure up to the other year, because
    missing is not zero; how many do is noted. Before the first and after the last year the nearest stock
    stands in: nothing is extrapolated.

    Parameters
    ----------
    stock
        Columns ``origin``, ``destination``, ``year`` and ``value``, or ``female`` and ``male``: persons.
    year
        The year.

    Returns
    -------
    polars.DataFrame
        ``origin``, ``destination``, ``value``: persons, sorted.
    tuple of Note
        ``stock-year`` where there is no stock of the year, ``stock-one-end`` for corridors with one figure.

    Raises
    ------
    DataError
        A missing column, a negative figure, a corridor twice in a year.

    Examples
    --------
    >>> from corridors.remittances.matrix import stock_in
    >>> known = {"origin": ["A", "A", "B"], "destination": ["B", "B", "A"], "year": [2010, 2015, 2015],
    ...          "value": [10.0, 20.0, 7.0]}
    >>> people, notes = stock_in(known, 2012)
    >>> people.rows()
    [('A', 'B', 14.0), ('B', 'A', 7.0)]
    >>> notes[1].message
    'known in one of 2010 and 2015 only, which stands for the years between: 1 corridor, 7 people'
    """
    frame = _taken(stock)
    years = sorted(frame["year"].unique())
    before = max((y for y in years if y <= year), default=years[0])
    after = min((y for y in years if y >= year), default=years[-1])
    if before == after:
        words = f"stocks of {before} stand for {year}: nothing is extrapolated"
        note = Note("stock-year", "WORLD", float(before), words)
        people = frame.filter(pl.col("year") == before).select(*_PAIR, "value").sort(_PAIR)
        return people, () if before == year else (note,)
    first, last = (
        frame.filter(pl.col("year") == y).select(*_PAIR, pl.col("value").alias(name))
        for y, name in ((before, "first"), (after, "last"))
    )
    share = (year - before) / (after - before)
    both = first.join(last, on=_PAIR, how="full", coalesce=True)
    single = both.filter(pl.col("first").is_null() | pl.col("last").is_null())
    line = pl.coalesce("first", "last") * (1 - share) + pl.coalesce("last", "first") * share
    words = f"stocks of {before} and {after}, in a straight line, stand for {year}"
    notes = [Note("stock-year", "WORLD", float(before), words)]
    if single.height:
        people = float(single.select(pl.coalesce("first", "last")).sum().item())
        word = "corridor" if single.height == 1 else "corridors"
        notes.append(
            Note(
                "stock-one-end",
                "WORLD",
                float(single.height),
                f"known in one of {before} and {after} only, which stands for the years between: "
                f"{single.height:,} {word}, {people:,.0f} people",
            )
        )
    return both.select(*_PAIR, value=line).sort(_PAIR), tuple(notes)


def _taken(stock: IntoTable) -> pl.DataFrame:
    given = as_polars(stock, "stock")
    by_sex = "value" not in given.columns and {"female", "male"} <= set(given.columns)
    parts = ["female", "male"] if by_sex else ["value"]
    keys = [*_PAIR, "year"]
    asked = TableSpec(
        "stock",
        texts=_PAIR,
        any_places=_PAIR,
        whole=["year"],
        numbers=parts,
        key=keys,
        at_least=dict.fromkeys(parts, 0),
    )
    return take(given, asked).with_columns(value=sum((pl.col(p) for p in parts[1:]), pl.col(parts[0])))
