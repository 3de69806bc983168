"""Agreements as a table: one row an agreement, one column a provision."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from corridors import places
from corridors.errors import NotFound
from corridors.intake import IntoTable, TableSpec, refuse, take
from corridors.wording import SHOWN

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

_AGREEMENTS = TableSpec(
    "agreements",
    texts=["party_a", "party_b"],
    whole=["agreement", "year"],
    truths=["coded", *PROVISIONS],
    optional=["coded", *PROVISIONS],
    key=["agreement"],
    once="give each agreement one number",
)


def as_agreements(table: IntoTable) -> pl.DataFrame:
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
    taken = take(table, _AGREEMENTS)
    found = taken.select(
        "agreement", _place(taken, "party_a"), _place(taken, "party_b"), "year", "coded", *PROVISIONS
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
        CSV (also gzipped), Parquet or Excel with the columns of :func:`as_agreements`.

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
    return as_agreements(path)


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


def _place(taken: pl.DataFrame, column: str) -> pl.Series:
    codes: dict[str, str] = {}
    hints: dict[str, str] = {}
    for name in taken[column].unique(maintain_order=True):
        try:
            codes[name] = places.code(name)
        except NotFound as error:
            hints[name] = f"{name!r}: {error.detail or error.title}"
    found = taken[column].replace_strict(codes, default=None, return_dtype=pl.String)
    strange = taken.select("agreement", column, found.is_null().alias("strange"))
    title = f"table 'agreements': column '{column}' holds no place"
    remedy = "; ".join([*list(hints.values())[:SHOWN], "give codes or names of 'corridors table place'"])
    refuse(strange, pl.col("strange"), title, remedy, ["agreement", column])
    return found


def _check(found: pl.DataFrame, filled: pl.Expr) -> None:
    faults = (
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
        title = f"table 'agreements': column '{column}' {what}"
        refuse(found, fault, title, remedy, ["agreement", column])
