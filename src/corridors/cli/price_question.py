"""Whose prices are asked for, and in which file?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corridors.errors import DataError, NotFound

if TYPE_CHECKING:
    import polars as pl

    from corridors.remittances.prices.eligible import Prices

_FILES = (".xlsx", ".xlsm", ".xls", ".parquet", ".csv", ".gz")
_PAIR = re.compile(r"(?P<sending>[A-Za-z]{3})-(?P<receiving>[A-Za-z]{3})")


@dataclass(frozen=True, slots=True)
class Question:
    """Whose prices.

    Attributes
    ----------
    file
        A file of one's own; None for the atlas.
    kind
        ``world``, ``group`` (a region or other group of countries), ``country`` or ``corridor``.
    name
        In words.
    codes
        Sending and receiving country of a corridor; the country; the members of a group.
    """

    file: Path | None
    kind: str
    name: str
    codes: tuple[str, ...]

    @property
    def scopes(self) -> tuple[str, ...]:
        """Scopes of the atlas's tables of prices, money that comes first."""
        return {
            "world": ("world",),
            "group": ("receiving_region", "sending_region"),
            "country": ("receiving", "sending"),
        }.get(self.kind, ())

    @property
    def place(self) -> str:
        """Key of the place in the atlas's tables of prices."""
        return {"world": "World", "group": self.name}.get(self.kind, self.codes[0] if self.codes else "")


def read_question(words: Sequence[str]) -> Question:
    """Read what was typed: a file, and a corridor, country or group.

    Raises
    ------
    DataError
        More than one file, or more than two places.
    NotFound
        A place or group that is not known.

    Examples
    --------
    >>> from corridors.cli.price_question import read_question
    >>> read_question(["are-ind"]).name, read_question(["quotes.xlsx", "Africa"]).kind
    ('from the United Arab Emirates to India', 'group')
    """
    from corridors import places
    from corridors.wording import the

    files = [word for word in words if Path(word).suffix.lower() in _FILES]
    named = [word for word in words if word not in files]
    if len(files) > 1:
        raise DataError("one file at a time", ", ".join(files), "ask for each in a command of its own")
    file = Path(files[0]) if files else None
    pair = _PAIR.fullmatch(named[0]) if len(named) == 1 else None
    ends = list(pair.groups()) if pair is not None else named
    if not ends:
        return Question(file, "world", "the world", ())
    if len(ends) > 2:
        raise DataError(
            "these are too many places", " ".join(ends), "a corridor is named by two: prices average ARE IND"
        )
    if len(ends) == 2:
        sending, receiving = (places.find(end) for end in ends)
        words_of = f"from {the(sending.name)} to {the(receiving.name)}"
        return Question(file, "corridor", words_of, (sending.code, receiving.code))
    return _one(file, ends[0])


def _one(file: Path | None, word: str) -> Question:
    from corridors import places

    if word.upper() in ("WLD", "WORLD"):
        return Question(file, "world", "the world", ())
    try:
        found = places.find(word)
    except NotFound as unknown:
        try:
            members = places.members(word)
        except NotFound:
            raise unknown from None
        names = {str(n) for row in places.table().select("region", "subregion").rows() for n in row if n}
        name = next((name for name in sorted(names) if name.lower() == word.lower()), word)
        return Question(file, "group", name, members)
    return Question(file, "country", found.name, (found.code,))


def own_prices(file: Path) -> Prices:
    """Quotes, or averages of corridors, of a file.

    Raises
    ------
    DataError
        The file is none of these; says what it seems to be and what is read.
    """
    import polars as pl

    from corridors.evidence import read_file
    from corridors.remittances.prices import read_quotes

    suffix = file.suffix.lower()
    quotes = suffix in (".xlsx", ".xlsm", ".xls")
    if suffix == ".parquet" and file.is_file():
        quotes = "price_point" in pl.read_parquet_schema(file)
    if quotes:
        return read_quotes(file)
    try:
        return read_file(file, "prices")
    except DataError as error:
        remedy = f"{error.remedy}; quotes are read from the workbook of Remittance Prices Worldwide (.xlsx)"
        raise DataError(error.title, error.detail, remedy) from None


def asked_of(prices: Prices, question: Question) -> dict[str, Prices]:
    """The prices that are asked for, by the way the money goes.

    Raises
    ------
    NotFound
        No corridor is priced; says which there are instead.
    """
    import polars as pl

    from corridors.wording import the

    if question.kind == "world":
        return {"the world": prices}
    table = rows_of(prices)
    codes = list(question.codes)
    into, out = pl.col("receiving").is_in(codes), pl.col("sending").is_in(codes)
    if question.kind == "corridor":
        ways = {question.name: (pl.col("sending") == codes[0]) & (pl.col("receiving") == codes[1])}
    else:
        name = the(question.name)
        ways = {f"to {name}": into, f"from {name}": out}
    found = {way: table.filter(mine) for way, mine in ways.items()}
    kept: dict[str, Prices] = {
        way: as_quotes_like(prices, rows) for way, rows in found.items() if not rows.is_empty()
    }
    if not kept:
        raise not_priced(table, question)
    return kept


def rows_of(prices: Prices) -> pl.DataFrame:
    """The table of prices of either kind."""
    from corridors.intake import as_polars
    from corridors.remittances.prices import Quotes

    return prices.table if isinstance(prices, Quotes) else as_polars(prices, "prices")


def as_quotes_like(prices: Prices, rows: pl.DataFrame) -> Prices:
    """Some rows of prices, of the same kind as the whole."""
    from corridors.remittances.prices import Quotes

    return Quotes(rows, prices.source, prices.sheets) if isinstance(prices, Quotes) else rows


def not_priced(table: pl.DataFrame, question: Question) -> NotFound:
    """That nothing is known of a price, and what is known near it."""
    import polars as pl

    if question.kind != "corridor":
        return NotFound(f"no price of sending money to or from {question.name} is known", "", _NOT_ALL)
    sending, receiving = question.codes
    back = table.filter(sending=receiving, receiving=sending)
    near = f"the other way, {receiving}-{sending}, has one: the sending country stands first"
    if back.is_empty():
        others = table.filter(pl.col("receiving") == receiving)["sending"].unique().sort().to_list()
        near = f"money to {receiving} is priced from {', '.join(others)}" if others else ""
    return NotFound(f"no price of sending money {question.name} is known", near, _NOT_ALL)


_NOT_ALL = "the survey covers some 350 to 370 corridors; a corridor that is not surveyed is not free of cost"


def few_marked(rows: pl.DataFrame, few: float, extreme: float, cost: str) -> pl.DataFrame:
    """Mark averages that a single quote can turn, in a column ``mark``."""
    import polars as pl

    marks = [
        pl.when(pl.col("quotes") == 1).then(pl.lit("a single quote"))
        .when(pl.col("quotes") <= few).then(pl.format("of {} quotes", "quotes")),
        pl.when(pl.col(cost) > extreme).then(pl.lit(f"above {extreme:g} %")),
    ]  # fmt: skip
    return rows.with_columns(mark=pl.concat_str(marks, separator=", ", ignore_nulls=True).replace("", None))
