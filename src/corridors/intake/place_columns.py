"""Columns that hold places: names become codes, and what is no place is refused by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import polars as pl

from corridors import places
from corridors.errors import NotFound
from corridors.intake.refusals import refuse

NO_PLACE = {
    "a total of several places": "leave rows of totals out",
    "a word for a missing place": "give the place",
}
"""What may stand where one place should, and what to do about it."""

_LEAST_PLACES = 3
_EXACT, _TOLD_EXACTLY = 1e-9, 2
_ROUNDED, _TOLD_ABOUT = 1e-3, 4


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
        for said, texts_said in no_single_places(table[column]).items():
            bad = pl.col(column).is_in(texts_said)
            title = f"table '{name}': column '{column}' holds {said}"
            refuse(table, bad, title, NO_PLACE[said], [column])


def no_single_places(column: pl.Series) -> dict[str, list[str]]:
    """Texts that stand for several places, or for none, where places have names of any kind.

    Parameters
    ----------
    column
        Texts. Regions may be places of their own, but not beside their countries.

    Returns
    -------
    dict
        What is said of them (a key of :data:`NO_PLACE`), and the texts.

    Examples
    --------
    >>> import polars as pl
    >>> no_single_places(pl.Series(["Ardenia", "Total", "n/a"]))
    {'a total of several places': ['Total'], 'a word for a missing place': ['n/a']}
    """
    texts: list[str] = column.unique(maintain_order=True).drop_nulls().to_list()
    totals = [text for text in texts if places.says_total(text)]
    if totals and not any(_country(text) for text in texts):
        totals = [text for text in totals if places.says_total(text, regions=False)]
    missing = [text for text in texts if places.says_missing(text)]
    return {said: found for said, found in zip(NO_PLACE, (totals, missing), strict=True) if found}


def refuse_sums(
    table: pl.DataFrame, columns: Sequence[str], key: Sequence[str], figures: Sequence[str], name: str
) -> None:
    """Refuse rows of a place whose figures are always the sums of all others: a total under another name.

    Parameters
    ----------
    table
        The rows, typed.
    columns
        Columns of places with names of any kind.
    key
        Columns that together tell a row from all others.
    figures
        Columns of numbers that add up.
    name
        What the table is called in errors.

    Raises
    ------
    DataError
        Names the rows.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.intake.place_columns import refuse_sums
    >>> rows = {"country": ["A", "B", "All of it"], "population": [120, 75, 195], "births": [3, 2, 5]}
    >>> refuse_sums(pl.DataFrame(rows), ["country"], ["country"], ["population", "births"], "people")
    Traceback (most recent call last):
    corridors.errors.DataError: table 'people': column 'country' holds the sum of the other places in 1 row
      row 3: country=All of it, population=195, births=5
      Remedy: leave rows of totals out
    """
    for column in columns:
        found = sums_of_others(table, column, key, figures)
        bad = pl.col(column).is_in(found)
        shown = list(dict.fromkeys([column, *key, *figures]))
        title = f"table '{name}': column '{column}' holds the sum of the other places"
        refuse(table, bad, title, "leave rows of totals out", shown)


def sums_of_others(table: pl.DataFrame, column: str, key: Sequence[str], figures: Sequence[str]) -> list[str]:
    """Places whose figures are, in every row, the sums of those of all others.

    Two figures that agree to the last digit are enough, or four that agree but for rounding, if at least two
    other places have a part in each.

    Examples
    --------
    >>> import polars as pl
    >>> rows = {"of": ["A", "B", "T"] * 2, "year": [1, 1, 1, 2, 2, 2], "n": [7, 5, 12, 8, 4, 12]}
    >>> sums_of_others(pl.DataFrame(rows), "of", ["of", "year"], ["n"])
    ['T']
    """
    if not figures or column not in key or table[column].n_unique() < _LEAST_PLACES:
        return []
    groups = [name for name in key if name != column]
    checks: list[pl.DataFrame] = []
    for name in figures:
        value = pl.col(name).cast(pl.Float64)
        whole, parts = value.sum(), (value > 0).sum()
        checks.append(
            table.with_columns(
                _off=(2 * value - (whole.over(groups) if groups else whole)).abs(),
                _whole=whole.over(groups) if groups else whole,
                _parts=parts.over(groups) if groups else parts,
            )
            .filter(pl.col(column).is_not_null(), pl.col("_whole") > 0)
            .select(place=pl.col(column), off=pl.col("_off") / pl.col("_whole"), parts="_parts")
        )
    rows = pl.concat(checks).with_columns(pl.col("off").fill_null(1.0))
    telling = pl.col("parts") >= _LEAST_PLACES
    found = rows.group_by("place", maintain_order=True).agg(worst=pl.col("off").max(), told=telling.sum())
    exact = (pl.col("worst") <= _EXACT) & (pl.col("told") >= _TOLD_EXACTLY)
    about = (pl.col("worst") <= _ROUNDED) & (pl.col("told") >= _TOLD_ABOUT)
    return found.filter(exact | about)["place"].to_list()


def _country(text: str) -> bool:
    try:
        return places.find(text).kind == "country"
    except NotFound:
        return False
