"""Keywords as data: what speaks of migration, what only looks like it, what it depends on."""

from __future__ import annotations

from functools import cache

import narwhals as nw
import polars as pl
from narwhals.typing import IntoDataFrame

from corridors import packaged
from corridors.errors import DataError

KINDS = ("include", "exclude", "context")
_COLUMNS = ("language", "kind", "weight", "concern", "pattern")


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


def checked(table: IntoDataFrame | None) -> pl.DataFrame:
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
    rows = nw.from_native(table, eager_only=True).to_polars()
    if missing := [name for name in _COLUMNS if name not in rows.columns]:
        raise DataError(
            f"keywords lack the column(s) {', '.join(missing)}", remedy=f"give {', '.join(_COLUMNS)}"
        )
    rows = rows.select(_COLUMNS).with_columns(
        pl.col("weight").cast(pl.Float64), pl.col("concern").fill_null("")
    )
    bad = rows.with_row_index("row", 1).filter(
        ~pl.col("kind").is_in(KINDS) | pl.col("weight").is_null() | pl.col("pattern").is_null()
    )
    if bad.height:
        lines = [
            f"row {r}: {k}, weight {w}" for r, k, w in bad.select("row", "kind", "weight").head(5).rows()
        ]
        raise DataError(
            f"{bad.height} keyword(s) can not be used",
            "\n".join(lines),
            f"kinds are {', '.join(KINDS)}; give weight and pattern",
        )
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
