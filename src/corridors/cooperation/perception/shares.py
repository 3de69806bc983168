"""Published guesses, and the table of guesses beside what rescaling alone predicts."""

from __future__ import annotations

from functools import cache

import polars as pl

from corridors import packaged
from corridors.cooperation.perception.fit import fit_rescaling
from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, refuse, take

_TEXTS = ("definition", "survey", "source_status")
_GUESSES = TableSpec(
    "guesses",
    texts=["country", *_TEXTS],
    whole=["year"],
    numbers=["perceived", "actual", "weight", "perceived_se"],
    optional=[*_TEXTS, "year", "weight", "perceived_se"],
    key=["country", "year", "definition", "survey"],
)
_COLUMNS = (
    "country",
    "year",
    "perceived",
    "actual",
    "expected_by_rescaling",
    "lower",
    "upper",
    "residual",
    "definition",
    "survey",
    "source_status",
)


@cache
def perceived_shares() -> pl.DataFrame:
    """Mean guess and actual share of immigrants in eleven countries, in percent.

    Returns
    -------
    DataFrame
        ``country``, ``year``, ``perceived``, ``actual``, ``respondents`` (about), ``definition``,
        ``survey``, ``source_status``. Source: Ipsos MORI (2014), Perils of Perception; eleven of its
        fourteen countries.

    Examples
    --------
    >>> perceived_shares().filter(country="ITA").select("perceived", "actual").row(0)
    (30.0, 7.0)
    """
    text = packaged.content("cooperation/perception/perceived_shares.csv")
    return pl.read_csv(text, schema_overrides={"perceived": pl.Float64, "actual": pl.Float64})


def perception_table(
    shares: IntoTable | None = None, *, level: float = 0.8, use_errors: bool = False
) -> pl.DataFrame:
    """Guesses beside what rescaling alone predicts.

    Parameters
    ----------
    shares
        Columns ``country``, ``perceived``, ``actual`` (percent); optionally ``year``, ``definition``,
        ``survey``, ``source_status``, ``weight`` and ``perceived_se`` (points). Default the embedded rows.
    level
        Probability of the intervals.
    use_errors
        Let rows count by their ``perceived_se``; see :func:`fit_rescaling`.

    Returns
    -------
    DataFrame
        One row a country. ``lower`` and ``upper`` are the prediction interval of a mean guess under
        rescaling alone: where ``perceived`` lies inside, rescaling explains it. ``residual`` is
        perceived less expected, in points.

    Raises
    ------
    DataError
        Columns missing, shares of 0 or 100 %, fewer than three rows; names rows.

    Examples
    --------
    >>> italy = perception_table().filter(country="ITA").to_dicts()[0]
    >>> round(italy["expected_by_rescaling"], 1), round(italy["residual"], 1)
    (22.3, 7.7)
    """
    table = take(perceived_shares() if shares is None else shares, _GUESSES)
    for name in ("perceived", "actual"):
        # Log-odds of 0 and 100 % are infinite.
        edge = (pl.col(name) <= 0) | (pl.col(name) >= 100)
        title = f"table 'guesses': column '{name}' is not strictly between 0 and 100 %"
        refuse(
            table, edge, title, "give unrounded shares (0.4, not 0) or leave the row out", ["country", name]
        )
    errors, weights = (
        None if table[name].is_null().all() else table[name] for name in ("perceived_se", "weight")
    )
    if use_errors and errors is None:
        raise DataError(
            "table 'guesses' has no column 'perceived_se'", "errors are to be used", "give it, in points"
        )
    fit = fit_rescaling(
        table["perceived"],
        table["actual"],
        weights=weights,
        standard_errors=errors if use_errors else None,
        labels=table["country"].to_list(),
    )
    expected, lower, upper = fit.predict(table["actual"], level=level)
    made = table.with_columns(
        expected_by_rescaling=pl.Series(expected),
        lower=pl.Series(lower),
        upper=pl.Series(upper),
    )
    return made.with_columns(residual=pl.col("perceived") - pl.col("expected_by_rescaling")).select(_COLUMNS)
