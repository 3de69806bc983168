"""Figures of welfare: poverty as surveyed, and without remittances."""

from __future__ import annotations

import altair as alt
import polars as pl

from corridors import places
from corridors.publish.charts.chart_rows import Source, credit_of, rows_of
from corridors.publish.charts.theme import DEFAULT, GRID, INK, MONEY, PEOPLE, Setting, framed
from corridors.wording import about, sentence, the


def welfare(source: Source, country: str, *, setting: Setting = DEFAULT) -> alt.LayerChart:
    """Poor people by poverty line, as surveyed and as estimated without remittances.

    Parameters
    ----------
    source
        An opened atlas, or rows: line, year, and value, lower, upper (percent, as surveyed), and
        without, without_lower, without_upper.
    country
        Code or name.
    setting
        How it is set.

    Returns
    -------
    altair.LayerChart
        Dots, with bars from low to high where there is a range.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.charts import welfare
    >>> welfare(co.open(), "PHL").to_dict()["title"]["text"][0]
    '2.98 % of people in the Philippines lived below USD 2.15 a day in'
    """
    place = places.find(country)
    columns = ["line", "year", "value", "lower", "upper", "without", "without_lower", "without_upper"]
    rows = rows_of(
        source,
        "SELECT line, year, with_remittances AS value, coalesce(with_low, with_remittances) AS lower, "
        "coalesce(with_high, with_remittances) AS upper, "
        "without_remittances AS without, without_remittances_low AS without_lower, "
        "without_remittances_high AS without_upper FROM welfare "
        "WHERE country = $code AND measure = 'headcount' AND with_remittances IS NOT NULL ORDER BY line",
        {"code": place.code},
        columns,
        f"poverty in {place.name}",
    )
    with_word, without_word = setting.word("with remittances"), setting.word("without remittances")
    labelled = rows.with_columns(poor=pl.format("USD {}", pl.col("line").round(2)))
    parts = pl.concat(
        [
            labelled.select("poor", "value", "lower", "upper", series=pl.lit(with_word)),
            labelled.select(
                "poor",
                value="without",
                lower="without_lower",
                upper="without_upper",
                series=pl.lit(without_word),
            ),
        ]
    ).drop_nulls("value")
    base = alt.Chart(parts).encode(
        y=alt.Y("poor:N", title=None, sort=None, axis=alt.Axis(labelColor=INK)),
        yOffset=alt.YOffset("series:N", sort=[with_word, without_word]),
        color=alt.Color("series:N", title=None, sort=[with_word, without_word],
                        scale=alt.Scale(domain=[with_word, without_word], range=[PEOPLE, MONEY])),
    )  # fmt: skip
    axis = alt.Axis(labelExpr="datum.label + ' %'", title=None, grid=True, gridColor=GRID, tickCount=5)
    spans = base.mark_rule(strokeWidth=4, opacity=0.35).encode(x=alt.X("lower:Q", axis=axis), x2="upper:Q")
    dots = base.mark_circle(size=90, opacity=1).encode(
        x=alt.X("value:Q", axis=axis, scale=alt.Scale(domainMin=0))
    )
    return framed(
        [spans, dots],
        setting,
        title=_title(place.name, rows.row(0, named=True)),
        subtitle="Share of people below each line, a day in dollars of 2017 at purchasing power. Without "
        "remittances: an estimate in which migrants would earn at home about half of what they send; bars: "
        "range from all of it, so that remittances change nothing, to none.",
        credit=credit_of(source, "income_distribution", "remittance_total", "remittances"),
    )


def _title(name: str, row: dict[str, float | None]) -> str:
    value, without = row["value"], row["without"]
    share = about(value or 0)
    said = f"{share} % of people in {the(name)} lived below USD {row['line']:.2f} a day in {row['year']:.0f}"
    if without is not None:
        low, high = (about(row[name] or 0, 2) for name in ("without_lower", "without_upper"))
        said += f"; without remittances it might be {about(without, 2)} % ({low} to {high})"
    return sentence(said)
