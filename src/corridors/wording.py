"""Words for what is wrong with a table: close names and offending rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import polars as pl

ROW = "__row__"
SHOWN = 5


def similar(name: str, known: Iterable[str]) -> str:
    """Return a 'did you mean' line, or nothing where no name comes close.

    Examples
    --------
    >>> similar("orgin", ["origin", "year"])
    "did you mean 'origin'?"
    """
    lowered = {k.lower(): k for k in known}
    close = get_close_matches(name.strip().lower(), lowered, n=3, cutoff=0.6)
    return f"did you mean {' or '.join(repr(lowered[c]) for c in close)}?" if close else ""


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "row"), counted(2, "value")
    ('1 row', '2 values')
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def rows_in_words(rows: pl.DataFrame, columns: Sequence[str]) -> str:
    """Quote the first offending rows, one a line.

    Parameters
    ----------
    rows
        The offending rows; a column ``__row__`` holds their number in the data.
    columns
        The columns to quote: the key and the values at fault.

    Examples
    --------
    >>> import polars as pl
    >>> bad = pl.DataFrame({"__row__": [7], "year": ["2020"], "female": ["-3"]})
    >>> rows_in_words(bad, ["year", "female"])
    'row 7: year=2020, female=-3'
    """
    shown = list(dict.fromkeys(columns))
    lines: list[str] = []
    for row in rows.head(SHOWN).select(pl.col("^__row__$"), *shown).iter_rows(named=True):
        number = f"row {row[ROW]}: " if ROW in row else ""
        lines.append(number + in_words([(name, row[name]) for name in shown]))
    if rows.height > SHOWN:
        lines.append(f"and {rows.height - SHOWN:,} more")
    return "\n".join(lines)


def in_words(values: Iterable[tuple[str, object]]) -> str:
    """Write named values as one short line.

    Examples
    --------
    >>> in_words([("country", "ARE"), ("year", 2010), ("births", None)])
    'country=ARE, year=2010, births=(blank)'
    """
    return ", ".join(f"{name}={_shortened(value)}" for name, value in values)


def _shortened(value: object) -> str:
    text = "(blank)" if value is None else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
