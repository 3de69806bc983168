"""Published guesses, and the table of guesses beside what rescaling alone predicts."""

from __future__ import annotations

from functools import cache

import narwhals as nw
import polars as pl
from narwhals.typing import IntoDataFrame

from corridors import packaged
from corridors.cooperation.perception.fit import fit_rescaling
from corridors.errors import DataError

_NEEDED = ("country", "perceived", "actual")
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
    shares: IntoDataFrame | None = None, *, level: float = 0.8, use_errors: bool = False
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
    table = perceived_shares() if shares is None else nw.from_native(shares, eager_only=True).to_polars()
    if missing := [name for name in _NEEDED if name not in table.columns]:
        raise DataError(
            f"the table of guesses lacks the column(s) {', '.join(missing)}",
            f"columns: {', '.join(table.columns)}",
            "give country, perceived and actual, in percent",
        )
    if use_errors and "perceived_se" not in table.columns:
        raise DataError("errors are to be used but there is no column perceived_se")
    fit = fit_rescaling(
        table["perceived"],
        table["actual"],
        weights=table["weight"] if "weight" in table.columns else None,
        standard_errors=table["perceived_se"] if use_errors else None,
        labels=table["country"].cast(pl.String).to_list(),
    )
    expected, lower, upper = fit.predict(table["actual"], level=level)
    absent = [pl.lit(None, pl.String).alias(name) for name in _COLUMNS[8:] if name not in table.columns]
    if "year" not in table.columns:
        absent.append(pl.lit(None, pl.Int64).alias("year"))
    made = table.with_columns(
        *absent,
        pl.col("perceived", "actual").cast(pl.Float64),
        expected_by_rescaling=pl.Series(expected),
        lower=pl.Series(lower),
        upper=pl.Series(upper),
    )
    return made.with_columns(residual=pl.col("perceived") - pl.col("expected_by_rescaling")).select(_COLUMNS)
