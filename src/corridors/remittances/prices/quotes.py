"""Quotes of prices: read from the published workbook or from Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from corridors.errors import DataError, NotFound
from corridors.remittances.prices import vocabulary as words
from corridors.remittances.prices.flags import FLAGS, flagged, repeated
from corridors.remittances.prices.layout import PRICE_POINTS, schema
from corridors.remittances.prices.tidy import long, typed
from corridors.remittances.prices.workbook import QuoteWorkbook
from corridors.results import Result

_DTYPES: Mapping[str, pl.DataType] = {
    "str": pl.String(),
    "float": pl.Float64(),
    "int": pl.Int64(),
    "bool": pl.Boolean(),
    "date": pl.Date(),
    "list": pl.List(pl.String),
}
_LOWER = ("instrument", "access", "pickup")


@dataclass(frozen=True, slots=True)
class Quotes(Result):
    """Prices of services, one row a price.

    Attributes
    ----------
    table
        Columns of ``remittance_quotes.csv``: a row of the workbook gives two, for USD 200 and 500.
    source
        Name of the file.
    sheets
        Rows read from each data sheet.
    """

    table: pl.DataFrame
    source: str
    sheets: Mapping[str, int]

    def to_polars(self) -> pl.DataFrame:
        """The prices, one row each."""
        return self.table

    def flag_counts(self) -> pl.DataFrame:
        """How many prices have each flag, with what it means.

        Examples
        --------
        >>> from corridors.remittances.prices import example_quotes
        >>> example_quotes().flag_counts().columns
        ['flag', 'prices', 'meaning']
        """
        counts = dict(self.table["flags"].explode().drop_nulls().value_counts().iter_rows())
        rows = [(name, counts.get(name, 0), meaning) for name, meaning in FLAGS.items()]
        return pl.DataFrame(
            rows, schema={"flag": pl.String, "prices": pl.Int64, "meaning": pl.String}, orient="row"
        )

    def write_parquet(self, path: str | Path) -> Path:
        """Write the prices as Parquet, which reads back more than ten times faster than the workbook."""
        where = Path(path)
        self.table.write_parquet(where, compression="zstd", metadata={"source": self.source})
        return where

    def summary(self) -> str:
        """A few lines: where from, how many, what is wrong with them."""
        quarters = self.table["quarter"]
        pairs = self.table.select("sending", "receiving").n_unique()
        lines = [
            f"{self.table.height:,} prices from {self.source}, {quarters.min()} to {quarters.max()}, "
            f"{pairs:,} corridors",
            *(f"  sheet '{name}': {rows:,} rows" for name, rows in self.sheets.items()),
        ]
        counted = self.flag_counts().filter(pl.col("prices") > 0)
        lines += [f"  {n:>9,} {name}: {meaning}" for name, n, meaning in counted.iter_rows()]
        return "\n".join(lines)


def read_quotes(path: str | Path, *, trust_notes: bool = True) -> Quotes:
    """Read quotes from the workbook of Remittance Prices Worldwide, or from Parquet written before.

    Both data sheets are read, before and after the change of layout of 2016 Q2, a piece at a time. Numbers
    stored as text, cached formulas, two kinds of dates, spellings and codes are understood; whatever is
    suspicious is kept and flagged. A margin that was not disclosed is missing, never zero.

    Parameters
    ----------
    path
        File ``.xlsx`` or ``.parquet``.
    trust_notes
        Whether a margin of 0 of which a note says that it is not the cost counts as undisclosed even
        where ``transparent`` is yes. False goes by ``transparent`` alone, as the World Bank does.
        Parquet files keep what was chosen when they were made.

    Returns
    -------
    Quotes

    Raises
    ------
    NotFound
        There is no such file.
    DataError
        No data sheet, missing columns, cells that can not be read; names sheet, column, rows and remedy.

    Notes
    -----
    World Bank, Remittance Prices Worldwide, CC BY 4.0.

    Examples
    --------
    >>> import tempfile
    >>> from corridors.remittances.prices import generated_quotes, read_quotes, write_generated
    >>> folder = tempfile.TemporaryDirectory()
    >>> sheets = generated_quotes(corridors=2, quarters=["2020Q1"])
    >>> quotes = read_quotes(write_generated(folder.name + "/generated.xlsx", sheets))
    >>> quotes.table["price_point"].unique().sort().to_list()
    [200, 500]
    >>> folder.cleanup()
    """
    file = Path(path)
    if file.suffix.lower() == ".parquet":
        return _parquet(file)
    rows: dict[str, int] = {}
    pieces: list[pl.DataFrame] = []
    with QuoteWorkbook(file) as book:
        for sheet, layout in book.data_sheets().items():
            rows[sheet] = 0
            for piece in book.pieces(sheet, layout):
                table = typed(piece, dates_1904=book.dates_1904)
                rows[sheet] += table.height
                pieces.append(_prices(table, trust_notes))
    if not sum(rows.values()):
        raise DataError(f"the data sheets of {file.name} have no rows", remedy="download the workbook again")
    return Quotes(_united(pieces), file.name, rows)


def as_quotes(table: pl.DataFrame, source: str = "table") -> Quotes:
    """Quotes of a table that has the columns of ``remittance_quotes.csv`` already.

    Raises
    ------
    DataError
        Required columns are missing; names them.
    """
    required = [row["column"] for row in schema() if row["required"] == "1"]
    if missing := [name for name in required if name not in table.columns]:
        raise DataError(
            f"{source} lacks columns of a table of quotes",
            ", ".join(missing),
            "make it with read_quotes and write_parquet",
        )
    rows = table.group_by("sheet").agg(pl.col("row").n_unique()).sort("sheet")
    return Quotes(table, source, dict(rows.iter_rows()))


def _parquet(file: Path) -> Quotes:
    if not file.is_file():
        raise NotFound(f"there is no file {file}")
    try:
        table = pl.read_parquet(file)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(
            f"file {file.name} can not be read as Parquet", str(error).splitlines()[0], "write it again"
        ) from None
    return as_quotes(table, file.name)


def _prices(wide: pl.DataFrame, trust_notes: bool) -> pl.DataFrame:
    """Prices of a piece with all columns that need no other piece."""
    table = long(_described(_complete(wide)))
    fee = pl.when(pl.col("amount_lcu") > 0).then(100 * pl.col("fee_lcu") / pl.col("amount_lcu"))
    table = flagged(table.with_columns(fee_pct=fee), trust_notes=trust_notes)
    return table.select(
        *(pl.col(n).cast(d) for n, d in _columns().items() if n in table.columns), "_same", "_key"
    )


def _described(wide: pl.DataFrame) -> pl.DataFrame:
    """Unite words and say what kind of service each is."""
    return wide.with_columns(
        words.firm_type(pl.col("firm_type")).alias("firm_type"),
        *(words.words(pl.col(name)).alias(name) for name in _LOWER),
        *(words.income(pl.col(name)).alias(name) for name in ("sending_income", "receiving_income")),
        *(pl.col(name).str.to_lowercase() for name in ("speed", "coverage", "reach")),
    ).with_columns(
        words.paid_in().alias("paid_in"),
        words.sent_through().alias("sent_through"),
        words.paid_out().alias("paid_out"),
        words.speed_days().alias("speed_days"),
    ).with_columns(words.digital().alias("digital"))  # fmt: skip


def _united(pieces: list[pl.DataFrame]) -> pl.DataFrame:
    """All prices, with what can only be told from all of them: names of firms and repeated rows."""
    table = words.firm(repeated(pl.concat(pieces, rechunk=True)))
    flags = pl.col("flags").str.split(" ")
    empty = pl.lit([], dtype=pl.List(pl.String))
    table = table.with_columns(flags=pl.when(pl.col("flags") == "").then(empty).otherwise(flags))
    return table.select(row["column"] for row in schema())


def _columns() -> dict[str, pl.DataType]:
    types = {row["column"]: _DTYPES[row["type"]] for row in schema()}
    return types | {"flags": pl.String()}


def _complete(wide: pl.DataFrame) -> pl.DataFrame:
    """Add columns that neither sheet has, empty."""
    empty = [
        pl.lit(None, _DTYPES[row["type"]]).alias(column)
        for row in schema()
        for column in _read_as(row)
        if column not in wide.columns
    ]
    if "has_date" not in wide.columns:
        empty.append(pl.lit(False).alias("has_date"))
    return wide.with_columns(empty)


def _read_as(row: Mapping[str, str]) -> list[str]:
    """Columns of a piece that a column of the schema is read from."""
    if "{n}" in row["aliases"]:
        return [f"{amount}:{row['column']}" for amount in PRICE_POINTS]
    return [row["column"]] if row["aliases"] else []
