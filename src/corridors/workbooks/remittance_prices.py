"""How is the workbook of Remittance Prices Worldwide laid out, and what do its cells mean?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from corridors.errors import DataError
from corridors.wording import close_names
from corridors.workbooks.cells import Rows
from corridors.workbooks.workbook import SAVE_AGAIN, Workbook

BEFORE = "Dataset (up to Q1 2016)"
"""Sheet with the quotes before the change of layout."""

AFTER = "Dataset (from Q2 2016)"
"""Sheet with the quotes since."""

BLANKS = ("..", "n/a", "not available", "-")
"""What stands in a cell without a figure, in lower case."""

THOUSANDS = ","
"""Stands between groups of three digits of some numbers that are stored as text."""

PLACE_CODES: Mapping[str, str] = {
    "KSV": "XKX",
    "ROM": "ROU",
    "ZAR": "COD",
    "WBG": "PSE",
    "TMP": "TLS",
    "ADO": "AND",
}
"""Codes of the World Bank that are not those of ISO, and ours."""

QUARTER = re.compile(r"(?:YR)?(?P<year>\d{4})[ _-]?(?:Q(?P<a>[1-4])|(?P<b>[1-4])Q)", re.IGNORECASE)
"""A quarter in any known spelling."""

_SHEET = re.compile(r"dataset \((?P<word>up to|from)\b")
_HEADER_WITHIN = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a data sheet.

    Attributes
    ----------
    sheet
        Name of the sheet.
    layout
        ``before`` or ``after`` the change of 2016 Q2.
    table
        Texts by column asked for; ``row`` is the row of the sheet.
    headers
        Name in the sheet of each column, for errors.
    """

    sheet: str
    layout: str
    table: pl.DataFrame
    headers: Mapping[str, str]


class PriceWorkbook(Workbook):
    """The price workbook, open for reading; see `corridors.workbooks.Workbook`."""

    def data_sheets(self) -> dict[str, str]:
        """Layouts of the data sheets that are there, by the sheet's name.

        Raises
        ------
        DataError
            None of the sheets is one; names those there are.
        """
        known = {name: match["word"] for name in self.sheets if (match := _SHEET.match(plain(name)))}
        if not known:
            raise DataError(
                f"file {self.name} has no sheet '{BEFORE}' or '{AFTER}'",
                f"its sheets: {', '.join(self.sheets)}",
                "give the full workbook of Remittance Prices Worldwide, or rename its data sheet back",
            )
        return {name: "before" if word == "up to" else "after" for name, word in known.items()}

    def rows_named(
        self, sheet: str, layout: str, columns: Mapping[str, str], required: Collection[str]
    ) -> Iterator[Piece]:
        """Rows of a data sheet in pieces of some ten thousand, under names of one's own.

        Parameters
        ----------
        sheet, layout
            As in `data_sheets`.
        columns
            Name by header that may stand for it; capitals, blanks and underscores do not matter.
        required
            Names that must be there.

        Raises
        ------
        DataError
            No row with column names, columns that are missing or twice, damaged XML.
        """
        where = f"sheet '{sheet}' of {self.name}"
        wanted = {plain(header): name for header, name in columns.items()}
        places: dict[int, str] | None = None
        headers: dict[str, str] = {}
        for rows in self.rows(sheet):
            first = 0
            if places is None:
                first, places, headers = _header(rows, wanted, required, where)
            yield Piece(sheet, layout, _named(rows, places, first), headers)
        if places is None:
            raise DataError(f"{where} is empty", remedy=SAVE_AGAIN)


def plain(header: str) -> str:
    """A header or name of a sheet without its capitals, blanks and underscores.

    Examples
    --------
    >>> plain(" Dataset_(from  Q2 2016)")
    'dataset (from q2 2016)'
    """
    return re.sub(r"[\s_-]+", " ", header.strip().lower())


def quarter_column(column: pl.Expr) -> pl.Expr:
    """Expression for the label ``2020Q3`` of a column of quarters in any known spelling; null for others.

    Examples
    --------
    >>> table = pl.DataFrame({"quarter": ["2020_3Q", "yr2011Q1", "2020"]})
    >>> table.select(quarter_column(pl.col("quarter")))["quarter"].to_list()
    ['2020Q3', '2011Q1', None]
    """
    parts = column.str.strip_chars().str.extract_groups(f"(?i)^{QUARTER.pattern}$").struct
    number = pl.coalesce(parts.field("a"), parts.field("b"))
    return pl.concat_str(parts.field("year"), pl.lit("Q"), number).name.keep()


def transparent_column(column: pl.Expr) -> pl.Expr:
    """Whether the full price was disclosed; null where the cell says neither yes nor no.

    Examples
    --------
    >>> table = pl.DataFrame({"transparent": ["Yes", "no", "1", None]})
    >>> table.select(transparent_column(pl.col("transparent")))["transparent"].to_list()
    [True, False, True, None]
    """
    known = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}
    lower = column.str.strip_chars().str.to_lowercase()
    return lower.replace_strict(known, default=None, return_dtype=pl.Boolean)


def _header(
    rows: Rows, wanted: Mapping[str, str], required: Collection[str], where: str
) -> tuple[int, dict[int, str], dict[str, str]]:
    """First row of data, the name for each position of a cell, and its header in the sheet."""
    best: tuple[int, list[str]] = (0, [])
    for at in range(min(_HEADER_WITHIN, rows.cells.height)):
        titles = [text or "" for text in rows.cells.row(at)]
        if sum(plain(title) in wanted for title in titles) > sum(plain(title) in wanted for title in best[1]):
            best = (at, titles)
    at, titles = best
    places = {place: wanted[plain(title)] for place, title in enumerate(titles) if plain(title) in wanted}
    absent = set(required) - set(places.values())
    missing = {name: header for header, name in wanted.items() if name in absent}
    if missing:
        raise _lacking(missing, titles, where, int(rows.number[at]))
    twice = sorted({name for name in places.values() if list(places.values()).count(name) > 1})
    if twice:
        raise DataError(
            f"{where} has columns that mean the same",
            "; ".join(
                f"{name}: {', '.join(titles[p] for p, n in places.items() if n == name)}" for name in twice
            ),
            "keep one of them",
        )
    return at + 1, places, {name: titles[place] for place, name in places.items()}


def _lacking(missing: Mapping[str, str], titles: list[str], where: str, row: int) -> DataError:
    shown = []
    for name, header in missing.items():
        close = close_names(header, (plain(title) for title in titles if title), most=1)
        shown.append(f"{header} (for {name.split(':')[-1]})" + (f"; is it '{close[0]}'?" if close else ""))
    return DataError(
        f"{where} lacks {len(missing)} column(s)",
        "\n".join([f"column names were looked for in row {row}", *shown]),
        "give the columns their names in the published workbook",
    )


def _named(rows: Rows, places: Mapping[int, str], first: int) -> pl.DataFrame:
    width = rows.cells.width
    cells = {
        name: pl.col(f"c{place}") if place < width else pl.lit(None, pl.String)
        for place, name in places.items()
    }
    return rows.cells.select(**cells).with_columns(row=pl.Series(rows.number)).slice(first)
