"""SDG 10.7.3: people who died or disappeared on the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy.stats import chi2, norm

from corridors.cooperation.sdg.indicator import Indicator
from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, as_polars, refuse, refuse_twice, take
from corridors.parameters import value as parameter
from corridors.workbooks import missing_migrants

_TEXTS = ("route", "region", "incident")
_NUMBERS = ("dead", "missing", "total")
_NOTES = (
    "a minimum: only deaths that were reported and could be verified are counted",
    "how much is reported changes between years and routes; the UN metadata warn against reading trends",
)


def deaths_in_migration(
    incidents: IntoTable,
    *,
    by: Sequence[str] = ("year",),
    movers: IntoTable | None = None,
    level: float | None = None,
) -> Indicator:
    """SDG 10.7.3 from a table of incidents, or of counts.

    Parameters
    ----------
    incidents
        One row an incident (or a count): a year and dead and missing or their total, in any layout that the
        Missing Migrants Project of IOM has published or under the plain names ``year, dead, missing, deaths,
        route, region``.
    by
        Any of ``year``, ``route``, ``region``.
    movers
        People who set out, by the columns of ``by`` and ``movers``: gives rates.
    level
        Probability of the intervals; the parameter ``interval_level`` where not given.

    Returns
    -------
    Indicator
        The columns of ``by``, incidents, value (deaths), lower, upper, clustered_lower, clustered_upper, and
        with movers: movers, rate, rate_lower, rate_upper (per 100,000, clustered).

    Raises
    ------
    DataError
        Columns are absent; an incident has no number, a negative total, or stands twice; movers are not
        positive.

    Notes
    -----
    ``lower`` and ``upper`` are the exact Poisson interval of Garwood (1936), which takes deaths as
    independent. They are not: people die together. ``clustered_lower`` and ``clustered_upper`` take
    incidents as independent (compound Poisson; variance the sum of squared deaths, lognormal). Neither
    speaks of deaths that nobody recorded. UN metadata of 10.7.3 (12 August 2022).

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.sdg import deaths_in_migration
    >>> seen = pl.DataFrame({"Incident year": [2020, 2020], "No. dead": [3, 1], "No. missing": [6, None]})
    >>> deaths_in_migration(seen).table.select("year", "incidents", "value").row(0)
    (2020, 2, 10.0)
    """
    asked = parameter("interval_level") if level is None else level
    if unknown := [name for name in by if name not in ("year", "route", "region")]:
        raise DataError(
            f"deaths can not be grouped by {', '.join(unknown)}", remedy="use year, route or region"
        )
    if not by:
        raise DataError("nothing to group by", remedy="use year, route or region")
    table = _incidents(incidents, by)
    found = table.group_by(list(by)).agg(
        incidents=pl.len(),
        value=pl.col("total").cast(pl.Float64).sum(),
        squares=pl.col("total").cast(pl.Float64).pow(2).sum(),
    )
    found = _with_intervals(found.sort(list(by)), asked)
    if movers is not None:
        found = _with_rates(found, movers, list(by))
    return Indicator(
        "10.7.3",
        "People who died or disappeared in the process of migration",
        "persons",
        found.drop("squares"),
        f"{asked:.0%}, of the recorded number only: deaths independent (Poisson), and clustered by incident",
        _NOTES,
        tuple(by),
    )


def _incidents(incidents: IntoTable, by: Sequence[str]) -> pl.DataFrame:
    raw = _plain(as_polars(incidents, "incidents", missing_migrants.are_headings))
    needs = [name for name in by if name != "year"]
    asked = TableSpec(
        "incidents",
        texts=_TEXTS,
        any_places=["route", "region"],
        whole=["year", *_NUMBERS],
        optional=[c for c in (*_TEXTS, "year", *_NUMBERS) if c not in by],
        blank=needs,
    )
    table = take(raw, asked)
    parts = pl.sum_horizontal("dead", "missing")
    table = table.with_columns(parts=parts)
    some = pl.col("dead").is_not_null() | pl.col("missing").is_not_null()
    table = table.with_columns(total=pl.coalesce("total", pl.when(some).then(pl.col("parts"))))
    show = [c for c in ("incident", "year", "dead", "missing", "total") if table[c].is_not_null().any()]
    refuse(
        table,
        pl.col("total").is_null(),
        "table 'incidents': an incident has no number",
        "give dead, missing or total",
        show,
    )
    # IOM corrects a total by a negative number of missing: parts may be negative, a total may not.
    refuse(
        table, pl.col("total") < 0, "table 'incidents': a number of people is negative", "give counts", show
    )
    if table["incident"].is_not_null().all():
        refuse_twice(table, ["incident"], "incidents")
    return table.with_columns(pl.col(name).fill_null("unknown") for name in needs)


def _plain(table: pl.DataFrame) -> pl.DataFrame:
    """The table under plain names; of headings that mean the same the first."""
    chosen = missing_migrants.columns(table.columns)
    if not {"dead", "missing", "total"} & set(chosen.values()):
        raise DataError(
            "table 'incidents' has no column of deaths",
            f"columns found: {', '.join(table.columns)}",
            "give deaths, or dead and missing",
        )
    # Columns of other names are kept, so that a misspelt one is found among them.
    others = [name for name in table.columns if name not in chosen and name not in chosen.values()]
    return table.select(*(pl.col(name).alias(column) for name, column in chosen.items()), *others)


def _with_intervals(found: pl.DataFrame, level: float) -> pl.DataFrame:
    deaths, squares = found["value"].to_numpy(), found["squares"].to_numpy()
    tail = (1 - level) / 2
    lower = np.where(deaths > 0, chi2.ppf(tail, 2 * np.maximum(deaths, 0.5)) / 2, 0.0)
    upper = chi2.ppf(1 - tail, 2 * (deaths + 1)) / 2
    spread = np.divide(np.sqrt(squares), deaths, out=np.zeros_like(deaths), where=deaths > 0)
    factor = np.exp(float(norm.ppf(1 - tail)) * spread)
    return found.with_columns(
        lower=pl.Series(lower),
        upper=pl.Series(upper),
        # No incident says nothing of how many die in one: the independent bound stays.
        clustered_lower=pl.Series(np.minimum(deaths / factor, lower)),
        clustered_upper=pl.Series(np.maximum(deaths * factor, upper)),
    )


def _with_rates(found: pl.DataFrame, movers: IntoTable, by: list[str]) -> pl.DataFrame:
    asked = TableSpec(
        "movers",
        texts=[c for c in by if c != "year"],
        any_places=[c for c in by if c != "year"],
        added=["movers"],
        whole=[c for c in by if c == "year"],
        numbers=["movers"],
        key=by,
        above={"movers": 0},
    )
    table = take(movers, asked)
    bounds = {"rate": "value", "rate_lower": "clustered_lower", "rate_upper": "clustered_upper"}
    return found.join(table, on=by, how="left", maintain_order="left").with_columns(
        (pl.col(column) / pl.col("movers") * 1e5).alias(name) for name, column in bounds.items()
    )
