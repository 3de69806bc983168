"""From texts of the workbook to typed columns, refusing what can not be read."""

from __future__ import annotations

import polars as pl

from corridors import places
from corridors.errors import DataError, NotFound
from corridors.remittances.prices.layout import PRICE_POINTS, schema
from corridors.workbooks.remittance_prices import (
    BLANKS,
    PLACE_CODES,
    THOUSANDS,
    Piece,
    quarter_column,
    transparent_column,
)

_NOTHING = ("", *BLANKS)
_GROUPED = rf"^-?\d{{1,3}}({THOUSANDS}\d{{3}})+(\.\d+)?$"
_SHOWN = 5


def typed(piece: Piece, *, dates_1904: bool = False) -> pl.DataFrame:
    """A piece of a data sheet with numbers, quarters, days and codes instead of texts.

    Parameters
    ----------
    piece
        Texts by column.
    dates_1904
        Whether days are counted from 1904.

    Returns
    -------
    DataFrame
        Rows of the workbook, price points still side by side.

    Raises
    ------
    DataError
        Numbers, quarters or codes of places that can not be read; names sheet, column and rows.
    """
    table = _without_blanks(piece.table)
    numbers = [name for name in table.columns if _type(name) == "float"]
    table = _numbers(table, numbers, piece)
    raw = table["quarter"]
    table = table.with_columns(quarter_column(pl.col("quarter")))
    _refuse(table, piece, "quarter", raw, table["quarter"].is_null(), "write quarters as 2020_3Q")
    for column in ("sending", "receiving"):
        table = _codes(table, column, piece)
    if "date" in table.columns:
        table = table.with_columns(_day(pl.col("date"), dates_1904), has_date=pl.col("date").is_not_null())
    return table.with_columns(transparent_column(pl.col("transparent")), sheet=pl.lit(piece.layout))


def long(table: pl.DataFrame) -> pl.DataFrame:
    """One row a price: the blocks of USD 200 and 500 one after the other.

    Rows whose block is empty altogether, cost and amount, are kept: they were asked for.
    """
    shared = [name for name in table.columns if ":" not in name]
    blocks = []
    for amount in PRICE_POINTS:
        prefix = f"{amount}:"
        block = [
            pl.col(name).alias(name.removeprefix(prefix)) for name in table.columns if name.startswith(prefix)
        ]
        blocks.append(table.select(*shared, pl.lit(amount, pl.Int16).alias("price_point"), *block))
    return pl.concat(blocks).sort("row", "price_point")


def _type(name: str) -> str:
    column = name.rpartition(":")[2]
    return next((row["type"] for row in schema() if row["column"] == column), "str")


def _without_blanks(table: pl.DataFrame) -> pl.DataFrame:
    texts = pl.selectors.string()
    table = table.with_columns(texts.str.strip_chars())
    table = table.with_columns(
        pl.when(texts.str.to_lowercase().is_in(_NOTHING)).then(None).otherwise(texts).name.keep()
    )
    return table.filter(~pl.all_horizontal(pl.col("id", "quarter", "sending", "receiving").is_null()))


def _numbers(table: pl.DataFrame, columns: list[str], piece: Piece) -> pl.DataFrame:
    text = pl.col(columns)
    ungrouped = text.str.replace_all(THOUSANDS, "", literal=True)
    plain = pl.when(text.str.contains(_GROUPED)).then(ungrouped).otherwise(text)
    made = table.with_columns(plain.cast(pl.Float64, strict=False).name.keep())
    remedy = "give numbers with a decimal point, or leave the cell empty"
    for name in columns:
        bad = made[name].is_null() & table[name].is_not_null() | ~made[name].is_finite().fill_null(True)
        _refuse(table, piece, name, table[name], bad, remedy)
    return made


def _codes(table: pl.DataFrame, column: str, piece: Piece) -> pl.DataFrame:
    raw = table[column]
    made = raw.str.to_uppercase().replace(PLACE_CODES)
    known = {code for code in made.drop_nulls().unique() if _known(code)}
    unknown = ~made.is_in(sorted(known)).fill_null(False)
    _refuse(table, piece, column, raw, unknown, "give ISO 3166-1 alpha-3 codes")
    return table.with_columns(made, raw.alias(f"_{column}"))


def _known(code: str) -> bool:
    try:
        return places.find(code).code == code
    except NotFound:
        return False


def _day(text: pl.Expr, dates_1904: bool) -> pl.Expr:
    zero = pl.date(1904, 1, 1) if dates_1904 else pl.date(1899, 12, 30)
    number = text.cast(pl.Float64, strict=False)
    days = pl.when(number.is_between(1, 100_000)).then(number.floor()).cast(pl.Int64)
    serial = zero + pl.duration(days=days)
    return pl.coalesce(
        serial,
        text.str.to_date("%d/%b/%Y", strict=False),
        text.str.head(10).str.to_date("%Y-%m-%d", strict=False),
        text.str.to_date("%d/%m/%Y", strict=False),
        text.str.to_date("%d %b %Y", strict=False),
    )


def _refuse(
    table: pl.DataFrame, piece: Piece, column: str, raw: pl.Series, bad: pl.Series, remedy: str
) -> None:
    count = int(bad.sum())
    if not count:
        return
    rows = table.select("row").with_columns(raw.alias("raw")).filter(bad).head(_SHOWN)
    shown = [
        f"row {row}: {value!r}" if value is not None else f"row {row}: empty"
        for row, value in rows.iter_rows()
    ]
    more = [f"and {count - _SHOWN} more"] if count > _SHOWN else []
    raise DataError(
        f"sheet '{piece.sheet}', column '{piece.headers[column]}': {count} cell(s) can not be read",
        "\n".join([*shown, *more]),
        remedy,
    )
