"""Figures of money: remittances, and the price of sending them."""

from __future__ import annotations

import altair as alt
import polars as pl

from corridors import places
from corridors.errors import NotFound
from corridors.parameters import value
from corridors.publish.charts.chart_rows import Source, credit_of, rows_of, spoken, spread, with_gaps
from corridors.publish.charts.theme import DEFAULT, INK, MONEY, QUIET, Setting, framed
from corridors.wording import about, sentence, the

# Five by five (G8 and G20), and target 10.c of the Sustainable Development Goals.
TARGETS = (value("price_target_corridor"), value("price_target_average"))
# Costs have two decimals, so a median can end in a half: it is rounded up, as by the publisher.
_HALF_UP = 1e-9
_STROKES = {"received": [1, 0], "paid": [5, 4], "receiving": [1, 0], "sending": [5, 4]}


def remittances(source: Source, country: str, *, setting: Setting = DEFAULT) -> alt.LayerChart:
    """Remittances received and paid over time.

    Parameters
    ----------
    source
        An opened atlas, or rows: series (received or paid), year, value in USD million.
    country
        Code or name.
    setting
        How it is set.

    Returns
    -------
    altair.LayerChart
        Years that were not reported are gaps.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.charts import remittances
    >>> remittances(co.open(), "PHL").to_dict()["title"]["text"][0]
    'The Philippines received 40,300 million US dollars of remittances in'
    """
    place = places.find(country)
    rows = rows_of(
        source,
        "SELECT detail AS series, year, value FROM country_fact WHERE country = $code "
        "AND measure = 'remittance_total' ORDER BY series, year",
        {"code": place.code},
        ["series", "year", "value"],
        f"remittances of {place.name}",
    )
    # Exact zeros in this series are years that were not reported, as the findings of the atlas say.
    rows = rows.filter(pl.col("value") > 0)
    if rows.is_empty():
        raise NotFound(f"no remittances of {place.name} are reported")
    x = alt.X(
        "year:Q", axis=alt.Axis(format="d", title=None, tickCount=6), scale=alt.Scale(zero=False, nice=False)
    )
    layers = _lines(rows, "year", 1, x, alt.Y("value:Q", axis=alt.Axis(format=",~f", title=None)), setting)
    last = rows.sort(pl.col("series") == "received", "year").row(-1, named=True)
    verb = "received" if last["series"] == "received" else "paid"
    return framed(
        layers,
        setting,
        title=sentence(
            f"{the(place.name)} {verb} {about(last['value'])} million US dollars "
            f"of remittances in {last['year']}"
        ),
        subtitle="USD million of each year. No interval is published; informal transfers are left out. "
        "Years that were not reported, among them exact zeros, are gaps.",
        credit=credit_of(source, "remittance_total", "remittances"),
    )


def remittance_price(source: Source, country: str, *, setting: Setting = DEFAULT) -> alt.LayerChart:
    """Mean price of sending USD 200 to and from a country, against 5 % and 3 %.

    Parameters
    ----------
    source
        An opened atlas, or rows: series (receiving or sending), quarter (as 2020Q3), value in percent.
    country
        Code or name.
    setting
        How it is set.

    Returns
    -------
    altair.LayerChart

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.charts import remittance_price
    >>> remittance_price(co.open(), "PHL").to_dict()["title"]["text"][0]
    'Sending 200 US dollars to the Philippines cost 4.12 % in quarter 3 of'
    """
    place = places.find(country)
    rows = rows_of(
        source,
        "SELECT scope AS series, quarter, value FROM price_index WHERE place = $code AND "
        "scope IN ('receiving', 'sending') AND weighting = 'mean over corridors' ORDER BY series, quarter",
        {"code": place.code},
        ["series", "quarter", "value"],
        f"prices of sending money, {place.name}",
    )
    number = (
        pl.col("quarter").str.slice(0, 4).cast(pl.Int64) * 4
        + pl.col("quarter").str.slice(5, 1).cast(pl.Int64)
        - 1
    )
    rows = rows.with_columns(t=number)
    years = list(range(-(-int(str(rows["t"].min())) // 4), int(str(rows["t"].max())) // 4 + 1))
    x = alt.X(
        "t:Q",
        axis=alt.Axis(
            title=None,
            values=[4 * y for y in years[:: 1 + len(years) // 8]],
            labelExpr="floor(datum.value / 4)",
        ),
        scale=alt.Scale(zero=False, nice=False),
    )
    y = alt.Y("value:Q", axis=alt.Axis(title=None, format="~f", tickCount=4), scale=alt.Scale(zero=True))
    last = rows.sort(pl.col("series") == "receiving", "t").row(-1, named=True)
    way = "to" if last["series"] == "receiving" else "from"
    quarter = f"quarter {last['quarter'][5]} of {last['quarter'][:4]}"
    return framed(
        [*_targets(int(str(rows["t"].min()))), *_lines(rows, "t", 1, x, y, setting)],
        setting,
        title=sentence(
            f"sending 200 US dollars {way} {the(place.name)} cost {about(last['value'])} % "
            f"in {quarter}, mean over corridors"
        ),
        subtitle=f"Per cent of the amount: mean over the surveyed corridors, each counting once.{_gap(rows)} "
        f"Lines: {TARGETS[0]:g} % (five by five) and {TARGETS[1]:g} % (target 10.c). No interval: the few "
        "corridors are all that was surveyed.",
        credit=credit_of(source, "remittance_price"),
    )


def _gap(rows: pl.DataFrame) -> str:
    """Words on the longest stretch of more than a year without a survey."""
    known = rows.select("t", "quarter").unique().sort("t")
    apart = known.with_columns(before=pl.col("quarter").shift(1), d=pl.col("t").diff()).filter(
        pl.col("d") > 4
    )
    if apart.is_empty():
        return ""
    widest = apart.sort("d").row(-1, named=True)
    between = " and ".join(widest[name].replace("Q", " Q") for name in ("before", "quarter"))
    return f" No survey data between {between}."


def _targets(first: int) -> list[alt.Chart]:
    lines = pl.DataFrame({"target": TARGETS, "t": [first, first], "shown": [f"{t:.0f} %" for t in TARGETS]})
    base = alt.Chart(lines).encode(y=alt.Y("target:Q", title=None))
    return [
        base.mark_rule(color=QUIET, strokeDash=[2, 3]),
        base.mark_text(align="left", dx=3, dy=-6, color=QUIET).encode(x="t:Q", text="shown:N"),
    ]


def _lines(rows: pl.DataFrame, time: str, step: int, x: alt.X, y: alt.Y, setting: Setting) -> list[alt.Chart]:
    """A line a series, its points, and its name at its end."""
    layers: list[alt.Chart] = []
    ends: list[pl.DataFrame] = []
    for name in sorted(set(rows["series"]), reverse=True):
        part = rows.filter(series=name)
        chart = alt.Chart(with_gaps(part.select(time, "value"), time, step)).encode(x=x, y=y)
        layers += [
            chart.mark_line(color=MONEY, strokeDash=_STROKES.get(name, [1, 0])),
            chart.mark_circle(color=MONEY, size=16, opacity=1).transform_filter("isValid(datum.value)"),
        ]
        ends.append(part.select("series", time, "value").tail(1))
    last = pl.concat(ends).sort("value", descending=True)
    gap = float(str(rows["value"].max())) * 15 / setting.height
    last = last.with_columns(value=pl.Series(spread(last["value"].to_list(), gap)))
    words = alt.Chart(spoken(last, setting, "series")).encode(x=f"{time}:Q", y=y, text="series:N")
    return [*layers, words.mark_text(align="left", dx=7, color=INK)]


def price_distribution(
    source: Source, country: str | None = None, *, setting: Setting = DEFAULT
) -> alt.LayerChart:
    """Prices of all surveyed corridors in the latest quarter; those of a country stand out.

    Parameters
    ----------
    source
        An opened atlas, or rows: sending, receiving, quarter, value in percent.
    country
        Code or name of a country whose corridors stand out.
    setting
        How it is set.

    Returns
    -------
    altair.LayerChart
        A tick a corridor, by the region that receives.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.charts import price_distribution
    >>> price_distribution(co.open(), "PHL").to_dict()["title"]["text"][0]
    'Sending 200 US dollars cost 0.24 to 118 %, depending on the corridor.'
    """
    place = places.find(country) if country is not None else None
    rows = rows_of(
        source,
        "SELECT sending, receiving, quarter, cost_usd200_pct AS value FROM remittance_price "
        "WHERE quarter = (SELECT max(quarter) FROM remittance_price) ORDER BY ALL",
        {},
        ["sending", "receiving", "quarter", "value"],
        "prices of corridors",
    )
    code = place.code if place else ""
    mine = (pl.col("sending") == code) | (pl.col("receiving") == code)
    regions = places.table().select(receiving="country", region="region")
    rows = rows.join(regions, on="receiving", how="left", maintain_order="left").with_columns(mine=mine)
    if place and not rows["mine"].any():
        raise NotFound(f"no corridor of {place.name} was surveyed in {rows['quarter'][0]}")
    base = alt.Chart(spoken(rows, setting, "region")).encode(
        y=alt.Y("region:N", title=None, axis=alt.Axis(labelColor=INK, labelLimit=200)),
        x=alt.X("value:Q", axis=alt.Axis(title=None, grid=False)),
    )
    others = base.mark_tick(color=QUIET, opacity=0.35, thickness=1.5).transform_filter("!datum.mine")
    own = base.mark_circle(color=MONEY, size=60, opacity=0.9).transform_filter("datum.mine")
    rules = alt.Chart(pl.DataFrame({"target": TARGETS})).mark_rule(color=QUIET, strokeDash=[2, 3])
    whose = f" Dots: corridors of {the(place.name)}." if place else ""
    priced = rows["value"].drop_nulls().sort()
    cheap, dear = float(priced[0]), float(priced[-1])
    middle, mean = (
        float(rows.select(kind).item()) + _HALF_UP for kind in (pl.median("value"), pl.mean("value"))
    )
    return framed(
        [rules.encode(x="target:Q"), others, own],
        setting,
        title=f"Sending 200 US dollars cost {about(cheap)} to {about(dear)} %, depending on the corridor.",
        subtitle=f"Per cent of the amount, {rows['quarter'][0]}, by region that receives; a tick a corridor, "
        f"the mean of its services. Median of corridors {about(middle)} %, "
        f"mean over corridors {about(mean)} %.{whose} Lines: {TARGETS[1]:g} % and {TARGETS[0]:g} %. "
        "No interval is published at corridor level.",
        credit=credit_of(source, "remittance_price"),
    )
