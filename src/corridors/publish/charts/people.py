"""Figures of people: stocks by birthplace, net migration."""

from __future__ import annotations

import altair as alt
import polars as pl

from corridors import places
from corridors.errors import DataError
from corridors.publish.charts.chart_rows import Source, credit_of, rows_of, spoken, spread, with_gaps
from corridors.publish.charts.theme import DEFAULT, INK, PEOPLE, QUIET, Setting, framed, numbers
from corridors.wording import about, sentence, the

WHO = ("immigrants", "emigrants")
_AXIS = numbers()


def stock_by_birthplace(
    source: Source, country: str, who: str = "immigrants", *, top: int = 5, setting: Setting = DEFAULT
) -> alt.LayerChart:
    """Migrants who live in a country by birthplace, or its emigrants by residence, over time.

    Parameters
    ----------
    source
        An opened atlas, or rows: name (of the other place), year, value.
    country
        Code or name.
    who
        ``immigrants`` or ``emigrants``.
    top
        How many places: the largest of the latest year.
    setting
        How it is set.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    DataError
        Other people.
    NotFound
        No such place, or no stock.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.charts import stock_by_birthplace
    >>> stock_by_birthplace(co.open(), "FRA").to_dict()["title"]["text"][0]
    '1,410,000 people born in Algeria lived in France in 2024.'
    """
    if who not in WHO:
        raise DataError(f"a stock is of {' or '.join(WHO)}, not of {who!r}")
    place = places.find(country)
    own, other = ("destination", "origin") if who == "immigrants" else ("origin", "destination")
    rows = rows_of(
        source,
        f"SELECT p.name, s.year, s.value FROM migrant_stock s JOIN place p ON p.country = s.{other} "
        f"WHERE s.{own} = $code AND sex = 'total' AND s.{other} IN (SELECT {other} FROM migrant_stock "
        f"WHERE {own} = $code AND sex = 'total' AND year = (SELECT max(year) FROM migrant_stock) "
        f"AND origin <> 'OTH' "
        f"ORDER BY value DESC, {other} LIMIT $top) ORDER BY p.name, s.year",
        {"code": place.code, "top": top},
        ["name", "year", "value"],
        f"{who}, {place.name}",
    )
    last = rows.filter(pl.col("year") == pl.col("year").max()).sort("value", "name", descending=[True, False])
    # Labels keep a line's height apart, whatever the scale of the axis.
    gap = float(str(rows["value"].max())) * 15 / setting.height
    ends = last.with_columns(at=pl.Series(spread(last["value"].to_list(), gap)))
    base = alt.Chart(spoken(with_gaps(rows, "year", None, "name"), setting, "name")).encode(
        x=alt.X("year:Q", axis=_axis(rows, setting), scale=alt.Scale(zero=False, nice=False)),
        y=alt.Y("value:Q", axis=_AXIS),
    )
    lines = base.mark_line(color=PEOPLE, opacity=0.85).encode(detail="name:N")
    dots = base.mark_circle(color=PEOPLE, size=24, opacity=1).transform_filter("isValid(datum.value)")
    words = (
        alt.Chart(spoken(ends, setting, "name"))
        .mark_text(align="left", dx=8, limit=170)
        .encode(x="year:Q", y=alt.Y("at:Q", axis=_AXIS), text="name:N")
    )
    first = last.row(0, named=True)
    if who == "immigrants":
        title = f"{about(first['value'])} people born in {the(first['name'])} lived in {the(place.name)}"
    else:
        title = f"{about(first['value'])} people born in {the(place.name)} lived in {the(first['name'])}"
    return framed(
        [lines, dots, words],
        setting,
        title=sentence(f"{title} in {first['year']}"),
        subtitle="People by birthplace and residence at mid-year. No interval is published; censuses and "
        "registers differ in date, definition and coverage.",
        credit=credit_of(source, "migrant_stock"),
    )


def _axis(rows: pl.DataFrame, setting: Setting) -> alt.Axis:
    years = rows["year"].unique().sort().to_list()
    return alt.Axis(format="d", title=None, values=years if setting.width > 300 else years[::2])


def net_migration(
    source: Source, country: str, *, setting: Setting = DEFAULT, until: int = 2050
) -> alt.LayerChart:
    """Net migration as published, projected with 80 and 95 % bands, and as the United Nations assume it.

    Parameters
    ----------
    source
        An opened atlas, or rows: series (observed, projected or assumed), year, value, lower, upper, lower95,
        upper95.
    country
        Code or name.
    setting
        How it is set.
    until
        Last year of the projection shown.

    Returns
    -------
    altair.LayerChart

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.charts import net_migration
    >>> net_migration(co.open(), "MEX").to_dict()["title"]["text"][0]
    '101,000 more people left than came to Mexico in 2023.'
    """
    place = places.find(country)
    rows = rows_of(
        source,
        "SELECT 'observed' AS series, year, net_migration::DOUBLE AS value, NULL::DOUBLE AS lower, "
        "NULL::DOUBLE AS upper, NULL::DOUBLE AS lower95, NULL::DOUBLE AS upper95 FROM population "
        "WHERE country = $code AND year >= 1990 AND births IS NOT NULL UNION ALL "
        "SELECT 'projected', year, value, lower, upper, lower95, upper95 FROM net_migration_projection "
        "WHERE country = $code AND year <= $until UNION ALL "
        "SELECT 'assumed', year, net_migration::DOUBLE, NULL, NULL, NULL, NULL FROM population_projection "
        "WHERE country = $code AND year <= $until ORDER BY ALL",
        {"code": place.code, "until": until},
        ["series", "year", "value", "lower", "upper", "lower95", "upper95"],
        f"net migration of {place.name}",
    )
    past, future = rows.filter(series="observed"), rows.filter(series="projected")
    x = alt.X(
        "year:Q", axis=alt.Axis(format="d", title=None, tickCount=7), scale=alt.Scale(zero=False, nice=False)
    )
    ahead = alt.Chart(future).encode(x=x)
    layers: list[alt.Chart] = [
        ahead.mark_area(color=PEOPLE, opacity=0.14).encode(y=alt.Y("lower95:Q", axis=_AXIS), y2="upper95:Q"),
        ahead.mark_area(color=PEOPLE, opacity=0.24).encode(y=alt.Y("lower:Q", axis=_AXIS), y2="upper:Q"),
        alt.Chart(pl.DataFrame({"zero": [0]})).mark_rule(color=QUIET).encode(y="zero:Q"),
        ahead.mark_line(color=PEOPLE, strokeDash=[5, 4]).encode(y=alt.Y("value:Q", axis=_AXIS)),
    ]
    assumed = rows.filter(series="assumed")
    if assumed.height:
        scenario = alt.Chart(assumed).mark_line(color=INK, strokeDash=[1, 3])
        layers.append(scenario.encode(x=x, y=alt.Y("value:Q", axis=_AXIS)))
    if past.height:
        behind = alt.Chart(with_gaps(past, "year", 1, "series")).encode(x=x, y=alt.Y("value:Q", axis=_AXIS))
        layers.append(behind.mark_line(color=INK))
    layers += [_label(part, setting) for part in (past, future) if part.height]
    return framed(
        layers,
        setting,
        title=_net_title(place.name, past if past.height else future),
        subtitle="Immigrants less emigrants, people a year. Past: as published, without interval. Ahead: "
        "median, 80 % band and 95 % band; it continues what was and knows no policies or wars. Dotted: what "
        "the United Nations assume, a scenario without bounds.",
        credit=credit_of(source, "population"),
    )


def _label(part: pl.DataFrame, setting: Setting) -> alt.Chart:
    """The name of a line, at its beginning and above everything."""
    return (
        alt.Chart(spoken(part.drop_nulls("value").head(1), setting, "series"))
        .mark_text(align="left", baseline="bottom", color=INK, fontStyle="italic")
        .encode(x="year:Q", y=alt.value(-2), text="series:N")
    )


def _net_title(name: str, rows: pl.DataFrame) -> str:
    last = rows.row(-1, named=True)
    value = last["value"]
    said = "left than came to" if value < 0 else "came to than left"
    tense = "" if last["series"] == "observed" else ", projected"
    return sentence(f"{about(abs(value))} more people {said} {the(name)} in {last['year']}{tense}")
