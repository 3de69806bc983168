"""Columns that hold places: names become codes, and what is no place is refused by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import polars as pl

from corridors import places
from corridors.errors import NotFound
from corridors.intake.refusals import refuse


def place_codes(column: pl.Series, name: str, also: Mapping[str, str] = MappingProxyType({})) -> pl.Series:
    """Codes of the places of a column, which may be spelt in any way that the register knows.

    Parameters
    ----------
    column
        Codes or names; a missing one stays missing.
    name
        What the table is called in errors.
    also
        Code of each text that is no place of the register, such as ``WLD`` for ``World``.

    Raises
    ------
    DataError
        A text is no place: names the rows, and what comes close.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.intake.place_columns import place_codes
    >>> place_codes(pl.Series("place", ["Kenya", "KEN", "World"]), "observations", {"World": "WLD"}).to_list()
    ['KEN', 'KEN', 'WLD']
    """
    meant = {**also, **{code: code for code in also.values()}}
    unknown: dict[str, str] = {}
    for text in column.unique(maintain_order=True).drop_nulls():
        if text in meant:
            continue
        try:
            meant[text] = places.code(text)
        except NotFound as error:
            unknown[text] = error.detail or error.title
    if unknown:
        hint = "; ".join(f"{text!r}: {why}" for text, why in list(unknown.items())[:5])
        refuse(
            column.to_frame(),
            pl.col(column.name).is_in(list(unknown)),
            f"table '{name}': column '{column.name}' holds what is no place",
            f"{hint}; use codes of ISO 3166-1 alpha-3 or names",
            [column.name],
        )
    return column.replace(meant) if meant else column


def refuse_totals(table: pl.DataFrame, columns: Sequence[str], name: str) -> None:
    """Refuse rows of totals, or of nothing, in columns in which places have any names.

    Parameters
    ----------
    table
        The rows.
    columns
        Columns of texts. Regions may be places of their own, but not beside their countries.
    name
        What the table is called in errors.

    Raises
    ------
    DataError
        Names the rows.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.intake.place_columns import refuse_totals
    >>> refuse_totals(pl.DataFrame({"country": ["Ardenia", "Total"]}), ["country"], "people")
    Traceback (most recent call last):
    corridors.errors.DataError: table 'people': column 'country' holds a total of several places in 1 row
      row 2: country=Total
      Remedy: leave rows of totals out
    """
    for column in columns:
        texts = table[column].unique(maintain_order=True).drop_nulls().to_list()
        totals = [text for text in texts if places.says_total(text)]
        regions = [text for text in totals if not places.says_total(text, regions=False)]
        if not any(_country(text) for text in texts):
            totals = [text for text in totals if text not in regions]
        for said, texts_said, remedy in (
            ("a total of several places", totals, "leave rows of totals out"),
            ("a word for a missing place", [t for t in texts if places.says_missing(t)], "give the place"),
        ):
            bad = pl.col(column).is_in(texts_said)
            refuse(table, bad, f"table '{name}': column '{column}' holds {said}", remedy, [column])


def _country(text: str) -> bool:
    try:
        return places.find(text).kind == "country"
    except NotFound:
        return False
