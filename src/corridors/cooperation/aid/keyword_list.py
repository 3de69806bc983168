"""Keywords as data: what speaks of migration, what only looks like it, what it depends on."""

from __future__ import annotations

from functools import cache

import polars as pl

from corridors import packaged
from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, as_polars, refuse, take

KINDS = ("include", "exclude", "context")
_KEYWORDS = TableSpec(
    "keywords",
    texts=["language", "kind", "concern", "pattern"],
    numbers=["weight"],
    blank=["concern"],
    key=["language", "kind", "concern", "pattern"],
)


@cache
def keywords() -> pl.DataFrame:
    """The embedded keywords in English, French, Spanish and German.

    Returns
    -------
    DataFrame
        ``language``, ``kind``, ``weight``, ``concern``, ``pattern``. Patterns are regular expressions on
        lower-case text without accents. ``include`` adds its weight; ``exclude`` is erased from the text
        before anything is counted ("bird migration"); ``context`` adds its weight, which may be
        negative, only where something of that language is included.

    Examples
    --------
    >>> sorted(set(keywords()["language"]))
    ['de', 'en', 'es', 'fr']
    """
    text = packaged.content("cooperation/aid/keywords.csv")
    return pl.read_csv(text, schema_overrides={"weight": pl.Float64}).with_columns(
        pl.col("concern").fill_null("")
    )


def checked(table: IntoTable | None) -> pl.DataFrame:
    """Keywords of the user, or the embedded ones.

    Parameters
    ----------
    table
        Columns as :func:`keywords`; None for the embedded ones.

    Raises
    ------
    DataError
        Columns missing, a kind unknown, a pattern that is no regular expression; names rows.
    """
    if table is None:
        return keywords()
    given = as_polars(table, "keywords")
    taken = take(given, _KEYWORDS)
    # A blank at the end of a pattern is meant.
    rows = taken.select(
        "language", "kind", "weight", pl.col("concern").fill_null(""), given["pattern"].cast(pl.String)
    )
    unknown = ~pl.col("kind").is_in(KINDS)
    title = "table 'keywords': column 'kind' is not known"
    refuse(rows, unknown, title, f"choose among {', '.join(KINDS)}", ["kind", "pattern"])
    for number, pattern in enumerate(rows["pattern"], 1):
        try:
            pl.Series([""]).str.contains(ascii_words(pattern), strict=True)
        except pl.exceptions.PolarsError as error:
            raise DataError(
                f"the pattern in row {number} is no regular expression: {pattern}",
                str(error).split("\n")[0],
                "look-around is not supported",
            ) from None
    return rows


def ascii_words(pattern: str) -> str:
    """A pattern whose words are of ASCII letters, several times faster on text without accents."""
    return f"(?-u:{pattern})"
