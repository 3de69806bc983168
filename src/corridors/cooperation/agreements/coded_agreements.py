"""Agreements as a table: one row an agreement, one column a provision."""

from __future__ import annotations

from pathlib import Path

import narwhals as nw
import polars as pl
from narwhals.typing import IntoDataFrame

from corridors import places
from corridors.errors import DataError, NotFound

PROVISIONS = (
    "quota",
    "cites_international_instruments",
    "information_exchange",
    "joint_committee",
    "recruitment_cost_on_migrant",
    "recruitment_authorization",
    "information_for_migrants",
    "equal_treatment",
    "protection_of_women",
    "written_contract",
    "standard_contract",
    "wage_protection",
    "housing_provided",
    "housing_inspection",
    "workplace_inspection",
    "passport_retention_rule",
    "social_security",
    "dispute_settlement",
    "skills_development",
    "credential_recognition",
    "remittances",
    "reintegration",
    "contract_renewal",
    "permanent_residence",
)
"""Columns of the provisions that are coded."""

_BASE = ("agreement", "party_a", "party_b", "year")
_TRUTH = {"1": True, "true": True, "1.0": True, "0": False, "false": False, "0.0": False}
_SHOWN = 5


def as_agreements(table: IntoDataFrame) -> pl.DataFrame:
    """Check a table of agreements and bring it to one form.

    Parameters
    ----------
    table
        ``agreement`` (number), ``party_a``, ``party_b`` (codes or names of places; their order means
        nothing), ``year`` of signature, and any of :data:`PROVISIONS` as 0/1 or true/false, blank
        where not coded. ``coded`` is optional; without it an agreement with any provision filled is
        coded. A provision that has no column is not coded. Other columns are left out.

    Returns
    -------
    polars.DataFrame
        ``agreement``, ``party_a``, ``party_b``, ``year``, ``coded``, then all provisions as Boolean,
        null where not coded; rows in the given order.

    Raises
    ------
    DataError
        A column lacks, or a value can not be read; names rows, column and value.

    Examples
    --------
    >>> from corridors.cooperation.agreements import as_agreements
    >>> as_agreements({"agreement": [1], "party_a": ["Jordan"], "party_b": ["PHL"], "year": [2018],
    ...                "wage_protection": [1]}).select("party_a", "coded", "wage_protection", "quota").row(0)
    ('JOR', True, True, None)
    """
    raw = (
        pl.DataFrame(table) if isinstance(table, dict) else nw.from_native(table, eager_only=True).to_polars()
    )
    if lost := [name for name in _BASE if name not in raw.columns]:
        raise DataError(
            f"agreements lack column(s) {', '.join(lost)}",
            f"columns: {', '.join(raw.columns)}",
            f"give {', '.join(_BASE)} and provisions",
        )
    given = [name for name in PROVISIONS if name in raw.columns]
    found = raw.select(
        _whole(raw, "agreement"),
        _place(raw, "party_a"),
        _place(raw, "party_b"),
        _whole(raw, "year"),
        _truth(raw, "coded") if "coded" in raw.columns else pl.lit(None, pl.Boolean).alias("coded"),
        *(
            _truth(raw, name) if name in given else pl.lit(None, pl.Boolean).alias(name)
            for name in PROVISIONS
        ),
    )
    filled = pl.any_horizontal(pl.col(PROVISIONS).is_not_null())
    found = found.with_columns(pl.col("coded").fill_null(filled))
    _check(found, filled)
    return found


def read_agreements(path: str | Path) -> pl.DataFrame:
    """Read your own coded agreements.

    Parameters
    ----------
    path
        CSV (also gzipped) or Parquet with the columns of :func:`as_agreements`.

    Raises
    ------
    NotFound
        There is no such file.
    DataError
        The file can not be read, or a value in it; names rows, column and value.

    Examples
    --------
    >>> from corridors.cooperation.agreements import read_agreements
    >>> read_agreements("mine.csv")
    Traceback (most recent call last):
    corridors.errors.NotFound: there is no file mine.csv
    """
    path = Path(path)
    if not path.is_file():
        raise NotFound(f"there is no file {path}")
    try:
        parquet = path.suffix == ".parquet"
        raw = pl.read_parquet(path) if parquet else pl.read_csv(path, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise DataError(f"{path} can not be read as a table", str(error).split("\n")[0]) from error
    return as_agreements(raw)


def one_agreement(agreements: pl.DataFrame, number: int) -> pl.DataFrame:
    """The row of one agreement.

    Parameters
    ----------
    agreements
        As from :func:`as_agreements`.
    number
        Its number.

    Raises
    ------
    NotFound
        No agreement has this number.
    """
    row = agreements.filter(agreement=number)
    if row.is_empty():
        near = agreements.sort((pl.col("agreement") - number).abs())["agreement"].head(3).to_list()
        raise NotFound(
            f"no agreement has the number {number}",
            f"nearest numbers: {', '.join(map(str, near))}",
            "numbers are in the column agreement of the table of agreements",
        )
    return row


def _text(raw: pl.DataFrame, column: str) -> pl.Series:
    text = raw[column].cast(pl.String).str.strip_chars()
    return text.set(text == "", None)


def _whole(raw: pl.DataFrame, column: str) -> pl.Series:
    text = _text(raw, column)
    number = text.cast(pl.Float64, strict=False)
    whole = number.is_not_null() & (number == number.round()) & number.is_finite()
    _refuse(raw, ~whole.fill_null(False), column, "is not a whole number", "give a whole number")
    return number.cast(pl.Int64).alias(column)


def _truth(raw: pl.DataFrame, column: str) -> pl.Series:
    if raw[column].dtype == pl.Boolean:
        return raw[column]
    text = _text(raw, column).str.to_lowercase()
    values = text.replace_strict(_TRUTH, default=None, return_dtype=pl.Boolean)
    bad = text.is_not_null() & values.is_null()
    _refuse(raw, bad, column, "is neither 1 nor 0", "give 1, 0, or blank where it was not coded")
    return values.alias(column)


def _place(raw: pl.DataFrame, column: str) -> pl.Series:
    text, known = _text(raw, column), places.codes()
    codes = {name: _code(name, known) for name in text.drop_nulls().unique()}
    found = text.replace_strict(codes, default=None, return_dtype=pl.String)
    _refuse(raw, found.is_null(), column, "is no place", "give codes or names of 'corridors table place'")
    return found.alias(column)


def _code(name: str, known: frozenset[str]) -> str | None:
    if name in known:
        return name
    try:
        return places.code(name)
    except NotFound:
        return None


def _refuse(raw: pl.DataFrame, bad: pl.Series, column: str, what: str, remedy: str) -> None:
    rows = bad.arg_true().to_list()
    if not rows:
        return
    lines = [f"row {row + 1}: {raw[column][row]!r}" for row in rows[:_SHOWN]]
    if len(rows) > _SHOWN:
        lines.append(f"and {len(rows) - _SHOWN} more rows")
    raise DataError(f"{column} of agreements {what}", "\n".join(lines), remedy)


def _check(found: pl.DataFrame, filled: pl.Expr) -> None:
    faults = (
        (pl.col("agreement").is_duplicated(), "agreement", "stands twice", "give each agreement one number"),
        (pl.col("party_a") == pl.col("party_b"), "party_b", "is both parties", "give two parties"),
        (
            ~pl.col("year").is_between(1900, 2100),
            "year",
            "is not of 1900 to 2100",
            "give the year of signature",
        ),
        (
            ~pl.col("coded") & filled,
            "coded",
            "is 0 although provisions are filled",
            "leave provisions blank, or set coded to 1",
        ),
    )
    for fault, column, what, remedy in faults:
        _refuse(found, found.select(fault.alias("bad"))["bad"], column, what, remedy)
