"""What a reader of a corridor's prices should know: few quotes behind one, and years without a survey."""

from __future__ import annotations

import polars as pl

from corridors.parameters import value
from corridors.wording import counted

_GAP = 5


def price_notes(rows: pl.DataFrame) -> tuple[str, ...]:
    """Notes on the prices of one corridor.

    Parameters
    ----------
    rows
        ``quarter`` and ``quotes`` (null where not published) of the corridor.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.atlas.price_notes import price_notes
    >>> rows = pl.DataFrame({"quarter": ["2020Q3", "2025Q3"], "quotes": [None, 2]})
    >>> for note in price_notes(rows):
    ...     print(note)
    price of 2025 Q3: few quotes, the average is of 2 quotes only, which a single price can turn
    no survey data on prices in this corridor between 2020 Q3 and 2025 Q3
    """
    limit = value("price_few_quotes")
    few = rows.filter(pl.col("quotes") <= limit).sort("quarter")
    notes = [
        f"price of {_words(quarter)}: few quotes, the average is of {counted(quotes, 'quote')} only, "
        "which a single price can turn"
        for quarter, quotes in few.select("quarter", "quotes").iter_rows()
    ]
    return (
        *notes,
        *(f"no survey data on prices in this corridor between {a} and {b}" for a, b in _gaps(rows)),
    )


def _gaps(rows: pl.DataFrame) -> list[tuple[str, str]]:
    """Neighbouring quarters more than a year apart."""
    quarters = rows["quarter"].unique().sort().to_list()
    at = [4 * int(quarter[:4]) + int(quarter[5]) for quarter in quarters]
    pairs = zip(quarters, quarters[1:], at, at[1:], strict=False)
    return [(_words(a), _words(b)) for a, b, first, second in pairs if second - first >= _GAP]


def _words(quarter: str) -> str:
    return quarter.replace("Q", " Q")
