"""Indicators evaluated over the tables of the atlas, and what is said of them there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import polars as pl

from corridors.atlas.indicators import IndicatorDefinition, indicators
from corridors.errors import DataError

Ask = Callable[[str], pl.DataFrame]

_FILLED = {"lower": pl.Float64, "upper": pl.Float64, "cases": pl.Float64}
_TYPES = {"place": pl.String, "year": pl.Int64, "value": pl.Float64, **_FILLED}


def indicator_table(ask: Ask, known: Mapping[str, IndicatorDefinition] | None = None) -> pl.DataFrame:
    """Evaluate the queries of all indicators.

    Parameters
    ----------
    ask
        Runs a query over the tables of the atlas.
    known
        Indicators by name; default all.

    Returns
    -------
    polars.DataFrame
        ``indicator, place, year, value, lower, upper, cases``. An indicator whose figures are not there has
        no row.

    Raises
    ------
    DataError
        A query gives other columns, a row twice, a blank, or an interval that does not hold its value.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.atlas.indicators import indicators
    >>> from corridors.building.steps.indicators import indicator_table
    >>> row = pl.DataFrame({"place": ["WLD"], "year": [2020], "value": [7.0]})
    >>> one = {"gdp": indicators()["gdp"]}
    >>> indicator_table(lambda query: row, one).row(0)
    ('gdp', 'WLD', 2020, 7.0, None, None, None)
    """
    return pl.concat(_rows(i, ask(i.query)) for i in (indicators() if known is None else known).values())


def _rows(indicator: IndicatorDefinition, found: pl.DataFrame) -> pl.DataFrame:
    if not {"place", "year", "value"} <= set(found.columns) <= set(_TYPES):
        raise _wrong(indicator, f"its query gives the columns {', '.join(found.columns)}")
    whole = found.with_columns(pl.lit(None).alias(c) for c in _FILLED if c not in found.columns)
    rows = whole.select(
        pl.lit(indicator.name).alias("indicator"), *(pl.col(c).cast(t) for c, t in _TYPES.items())
    )
    doubled = rows.filter(rows.select("place", "year").is_duplicated())
    blank = rows.filter(
        pl.any_horizontal(pl.col("place", "year", "value").is_null()) | pl.col("value").is_nan()
    )
    off = rows.filter((pl.col("lower") > pl.col("value")) | (pl.col("upper") < pl.col("value")))
    for bad, words in (
        (doubled, "twice"),
        (blank, "with a blank"),
        (off, "with an interval beside its value"),
    ):
        if not bad.is_empty():
            place, year = bad.row(0)[1:3]
            raise _wrong(indicator, f"its query gives the row {place}, {year} {words}")
    return rows.sort("place", "year")


def _wrong(indicator: IndicatorDefinition, detail: str) -> DataError:
    return DataError(
        f"indicator '{indicator.name}' can not be evaluated",
        detail,
        "a query gives place, year, value, and lower, upper and cases where there are any, once each",
    )


def definition_table() -> pl.DataFrame:
    """Definitions of all indicators: the table ``indicator_definition``.

    Examples
    --------
    >>> from corridors.building.steps.indicators import definition_table
    >>> definition_table().filter(indicator="refugees")["unit"].item()
    'persons'
    """
    return pl.DataFrame(
        [
            {
                "indicator": i.name,
                "title": i.title,
                "definition": i.definition,
                "denominator": i.denominator or None,
                "unit": i.unit,
                "kind": i.kind,
                "better": i.better or None,
                "limits": i.limits,
                "uncertainty": i.uncertainty,
                "tables": ", ".join(i.tables),
                "query": i.query,
            }
            for i in indicators().values()
        ]
    )


def indicator_recipes() -> list[dict[str, str | None]]:
    """How each indicator is made: rows of the table ``lineage``, the indicator in ``method``.

    Examples
    --------
    >>> from corridors.building.steps.indicators import indicator_recipes
    >>> indicator_recipes()[0]["method"]
    'remittance_cost'
    """
    return [
        {
            "table_name": "indicator",
            "method": i.name,
            "formula": f"{i.definition}\n  Query:\n    " + i.query.replace("\n", "\n    "),
            "function": "corridors.building.steps.indicators.indicator_table",
            "parameters": json.dumps(i.parameters),
            "inputs": json.dumps([*i.inputs, sources_input(i.tables)]),
            "uncertainty": i.uncertainty,
            "caveat": i.limits,
        }
        for i in indicators().values()
    ]


def sources_input(tables: tuple[str, ...]) -> dict[str, str]:
    """The cards of the sources of published tables, as an input of a figure.

    Examples
    --------
    >>> sources_input(("treaty",))["where"]
    "table_name IN ('treaty')"
    """
    names = ", ".join(f"'{name}'" for name in tables)
    return {
        "title": "figures behind it",
        "table": "source",
        "columns": "table_name, publisher, revision, source",
        "where": f"table_name IN ({names})",
    }
