"""Figures of flows: a corridor over time, methods side by side, the largest corridors."""

from __future__ import annotations

from typing import Literal

import altair as alt
import polars as pl

from corridors import places
from corridors.errors import DataError
from corridors.publish.charts.chart_rows import Source, credit_of, rows_of, spoken
from corridors.publish.charts.theme import DEFAULT, GRID, INK, PEOPLE, Setting, framed, numbers
from corridors.wording import about, sentence, the

METHOD = "pseudo-bayes"
DIRECTIONS = ("departures", "arrivals")
_INTERVAL = "80 % intervals cover errors of the stocks, not the choice of method"
_PEOPLE_AXIS = numbers()


def corridor(source: Source, origin: str, destination: str, *, setting: Setting = DEFAULT) -> alt.LayerChart:
    """Flows of a corridor over time, each period with its interval.

    Parameters
    ----------
    source
        An opened atlas, or rows: period_start, period_end, value, lower, upper.
    origin, destination
        Codes or names.
    setting
        How it is set.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    NotFound
        No such place, or no flow between the two.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.charts import corridor
    >>> corridor(co.open(), "MEX", "USA").to_dict()["title"]["text"][0]
    'About 1,780,000 people moved from Mexico to the United States of'
    """
    a, b = places.find(origin), places.find(destination)
    rows = rows_of(
        source,
        "SELECT period_start, period_end, value, lower, upper FROM migrant_flow WHERE origin = $a AND "
        f"destination = $b AND method = '{METHOD}' AND kind = 'total' AND sex = 'total' ORDER BY ALL",
        {"a": a.code, "b": b.code},
        ["period_start", "period_end", "value", "lower", "upper"],
        f"flows from {a.name} to {b.name}",
    )
    last = rows.row(-1, named=True)
    # Periods differ in length, so heights are of a year.
    years = pl.col("period_end") - pl.col("period_start")
    base = alt.Chart(rows.with_columns(pl.col("value", "lower", "upper") / years)).encode(
        x=alt.X("period_start:Q", title=None, axis=_years(rows), scale=alt.Scale(zero=False, nice=False)),
        x2="period_end:Q",
    )
    band = base.mark_rect(color=PEOPLE, opacity=0.22).encode(
        y=alt.Y("lower:Q", axis=_PEOPLE_AXIS, scale=alt.Scale(zero=True)), y2="upper:Q"
    )
    line = base.mark_rule(color=PEOPLE, strokeWidth=3).encode(y=alt.Y("value:Q", axis=_PEOPLE_AXIS))
    return framed(
        [band, line],
        setting,
        title=sentence(
            f"about {about(last['value'])} people moved from {the(a.name)} to {the(b.name)} "
            f"in {last['period_start']}–{last['period_end']}"
        ),
        subtitle=f"People who changed residence, a year, by period; estimates. {_INTERVAL}.",
        credit=credit_of(source, "migrant_stock", "population"),
    )


def _years(rows: pl.DataFrame) -> alt.Axis:
    years = sorted({*rows["period_start"], *rows["period_end"]})
    return alt.Axis(format="d", values=years, title=None)


def flow_methods(
    source: Source, origin: str, destination: str, *, setting: Setting = DEFAULT
) -> alt.LayerChart:
    """The latest flow of a corridor by every method, so that their disagreement is seen.

    Parameters
    ----------
    source
        An opened atlas, or rows: method, period_start, period_end, value, lower, upper.
    origin, destination
        Codes or names.
    setting
        How it is set.

    Returns
    -------
    altair.LayerChart
        A dot a method, on a scale of magnitudes that has room for zero.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.charts import flow_methods
    >>> flow_methods(co.open(), "MEX", "USA").to_dict()["title"]["text"][0]
    'Methods disagree on how many people moved from Mexico to the United'
    """
    a, b = places.find(origin), places.find(destination)
    rows = rows_of(
        source,
        "SELECT method, period_start, period_end, value, lower, upper FROM migrant_flow WHERE origin = $a "
        "AND destination = $b AND kind = 'total' AND sex = 'total' ORDER BY ALL",
        {"a": a.code, "b": b.code},
        ["method", "period_start", "period_end", "value", "lower", "upper"],
        f"flows from {a.name} to {b.name}",
    )
    rows = rows.filter(pl.col("period_start") == pl.col("period_start").max())
    rows = rows.with_columns(shown=pl.col("value").map_elements(about, pl.String)).sort(
        "value", descending=True
    )
    scale = alt.Scale(type="symlog", constant=1000, domainMin=0)
    rows = spoken(rows, setting, "method")
    order = rows["method"].to_list()
    base = alt.Chart(rows).encode(
        y=alt.Y("method:N", sort=order, title=None, axis=alt.Axis(labelLimit=220, grid=True)),
        color=alt.condition(
            alt.datum.method == setting.word(METHOD), alt.value(PEOPLE), alt.value("#8f8a80")
        ),
    )
    dots = base.mark_circle(size=110, opacity=1).encode(
        x=alt.X(
            "value:Q",
            scale=scale,
            axis=numbers(values=[0, 1e3, 1e4, 1e5, 1e6, 1e7]),
        )
    )
    spans = base.mark_rule(strokeWidth=3, opacity=0.45).encode(x=alt.X("lower:Q", scale=scale), x2="upper:Q")
    words = base.mark_text(align="left", dx=11, dy=-9).encode(x=alt.X("value:Q", scale=scale), text="shown:N")
    first = rows.row(0, named=True)
    return framed(
        [spans, dots, words],
        setting,
        title=sentence(
            f"methods disagree on how many people moved from {the(a.name)} to {the(b.name)} "
            f"in {first['period_start']}–{first['period_end']}"
        ),
        subtitle="People in the period, each gridline ten times the one before. Minimum and independence "
        "bound what can be; the bar is the 80 % interval for errors of the stocks.",
        credit=credit_of(source, "migrant_stock", "population"),
    )


def top_corridors(
    source: Source,
    country: str,
    direction: Literal["departures", "arrivals"] | str = "departures",
    *,
    top: int = 8,
    setting: Setting = DEFAULT,
) -> alt.LayerChart:
    """The largest flows from or to a country in the latest period, with intervals.

    Parameters
    ----------
    source
        An opened atlas, or rows: name (of the other place), period_start, period_end, value, lower, upper.
    country
        Code or name.
    direction
        ``departures`` or ``arrivals``.
    top
        How many.
    setting
        How it is set.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    DataError
        Another direction.
    NotFound
        No such place, or no flow.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.charts import top_corridors
    >>> top_corridors(co.open(), "PHL", "arrivals").to_dict()["title"]["text"][0]
    'More people came to the Philippines from the United States of America'
    """
    if direction not in DIRECTIONS:
        raise DataError(f"people leave or come, not {direction!r}", remedy=f"use {' or '.join(DIRECTIONS)}")
    place = places.find(country)
    own, other = ("origin", "destination") if direction == "departures" else ("destination", "origin")
    rows = rows_of(
        source,
        f"SELECT p.name, period_start, period_end, value, lower, upper FROM migrant_flow f "
        f"JOIN place p ON p.country = f.{other} WHERE f.{own} = $code AND f.{other} <> $code "
        f"AND method = '{METHOD}' AND f.kind = 'total' AND sex = 'total' AND value > 0 "
        "AND period_start = (SELECT max(period_start) FROM migrant_flow) "
        "ORDER BY value DESC, p.name LIMIT $top",
        {"code": place.code, "top": top},
        ["name", "period_start", "period_end", "value", "lower", "upper"],
        f"{direction}, {place.name}",
    )
    first = rows.row(0, named=True)
    base = alt.Chart(spoken(rows, setting, "name")).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelColor=INK, labelLimit=190, grid=False))
    )
    axis = numbers(grid=True, gridColor=GRID, tickCount=4)
    bars = base.mark_bar(color=PEOPLE, opacity=0.75).encode(x=alt.X("value:Q", axis=axis))
    spans = base.mark_rule(color=INK).encode(x=alt.X("lower:Q", axis=axis), x2="upper:Q")
    ends = [base.mark_tick(color=INK, thickness=1.2, height=7).encode(x=alt.X(f"{end}:Q", axis=axis))
            for end in ("lower", "upper")]  # fmt: skip
    verb, way = ("left", "for") if direction == "departures" else ("came to", "from")
    return framed(
        [bars, spans, *ends],
        setting,
        title=sentence(
            f"more people {verb} {the(place.name)} {way} {the(first['name'])} than {way} anywhere else "
            f"in {first['period_start']}–{first['period_end']}"
        ),
        subtitle=f"People in the period; estimates. {_INTERVAL}.",
        credit=credit_of(source, "migrant_stock", "population"),
    )
