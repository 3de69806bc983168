"""Rules between tables and between years: whether the figures fit one another."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from corridors import packaged
from corridors.errors import DataError
from corridors.evidence.checks.ages_add_up import check_ages
from corridors.evidence.checks.between_columns import FINDINGS, findings
from corridors.evidence.checks.scales import check_scales
from corridors.evidence.checks.sex_known import SPLIT, check_sex_known
from corridors.wording import counted, rows_in_words

STOCK_SHARE_REFUSED = 0.05
"""A stock above the population by more than this share is refused, not recorded."""

ACCOUNT_RECORDED = (200, 0.002)
"""Persons and share of the population beyond which an account that does not close is recorded.

Rounding to 10 and events that are unevenly spread over the year reach 121,000 persons
(0.01 % of China) and 50 persons (2.8 % of Niue), so the larger of the two counts.
"""

ACCOUNT_REFUSED = (1000, 0.05)
"""Persons and share of the population beyond both of which an account is refused."""

_ALWAYS = 9999
_WHOLE = ("first_period", "last_period", "published")


def territories(stock: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the units that figures of several places have to be put together in.

    A row says that ``member`` belongs to ``unit`` in periods that start in
    ``first_period`` to ``last_period`` (no end where blank).

    Parameters
    ----------
    stock
        Columns ``destination``, ``year``: the stock table in use, since revisions differ in what they
        tell apart. Without it, the units of the embedded one.

    Examples
    --------
    >>> territories().filter(unit="CHI")["member"].to_list()
    ['GGY', 'JEY']
    >>> older = pl.DataFrame({"destination": ["SRB", "MNE"], "year": [2000, 2010]})
    >>> territories(older).filter(unit="SCG")["member"].to_list()
    ['SRB', 'MNE', 'XKX']
    """
    rows = pl.read_csv(
        packaged.content("evidence/territories.csv"), schema_overrides=dict.fromkeys(_WHOLE, pl.Int64)
    )
    if stock is None:
        holds = pl.col("published").fill_null(1) == 1
    else:
        own = [
            place is None or bool(published) == _has_rows(stock, place, first, last)
            for place, published, first, last in rows.select(
                "depends_on", "published", "first_period", "last_period"
            ).iter_rows()
        ]
        holds = pl.Series(own)
    return rows.filter(holds).drop("depends_on", "published")


def _has_rows(stock: pl.DataFrame, place: str, first: int, last: int) -> bool:
    return not stock.filter(pl.col("destination") == place, pl.col("year").is_between(first, last)).is_empty()


def check(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Check tables against one another and return the findings.

    Examples
    --------
    >>> from corridors.evidence import load
    >>> check(load().tables).filter(table="migrant_stock")["key"].to_list()[:2]
    ['destination=BES, year=1990', 'destination=BES, year=2005']
    """
    stock, population = tables["migrant_stock"], tables["population"]
    check_events(population)
    check_scales(tables)
    found = [
        check_stock(stock, population),
        check_account(population),
        check_ages(tables["age_structure"], population),
        *(check_sex_known(table, tables[table], population) for table in SPLIT),
    ]
    return pl.concat([FINDINGS.to_frame(), *found])


def check_stock(stock: pl.DataFrame, population: pl.DataFrame) -> pl.DataFrame:
    """Compare the foreign-born of each place and year with its population.

    Places are put together where one of the two tables does not tell them
    apart; only units with all their members in ``population`` are compared.

    Examples
    --------
    >>> import polars as pl
    >>> stock = pl.DataFrame(
    ...     {"origin": "IND", "destination": "ARE", "year": 2010, "female": 1, "male": 102}
    ... )
    >>> people = pl.DataFrame({"country": "ARE", "year": 2010, "population": 100})
    >>> check_stock(stock, people).select("value", "limit").row(0)
    (103.0, 100.0)
    """
    over = _over_population(stock, population)
    limit = (1 + STOCK_SHARE_REFUSED) * pl.col("population")
    refused = over.filter(pl.col("foreign_born") > limit)
    if refused.height:
        raise DataError(
            "tables 'migrant_stock' and 'population' contradict each other: "
            f"{counted(refused.height, 'foreign-born stock')} above the population "
            f"by more than {STOCK_SHARE_REFUSED:.0%}",
            rows_in_words(refused, refused.columns),
            "give both tables in persons and for the same territory, or own figures for both tables",
        )
    return findings(
        over,
        "migrant_stock",
        "stock_within_population",
        ("destination", "year"),
        message=pl.lit("the foreign-born exceed the population: the tables contradict each other"),
        value=pl.col("foreign_born"),
        limit=pl.col("population"),
    )


def _over_population(stock: pl.DataFrame, population: pl.DataFrame) -> pl.DataFrame:
    """Units and years whose foreign-born exceed the population."""
    units = territories(stock)
    born = (
        _in_units(stock, "destination", units)
        .group_by("unit", "year")
        .agg(foreign_born=pl.col("female").sum() + pl.col("male").sum())
    )
    people = (
        _in_units(population, "country", units)
        .group_by("unit", "year")
        .agg(
            pl.col("population").sum(),
            present=pl.len(),
            members=pl.col("members").first(),
        )
        .filter(pl.col("present") == pl.col("members"))
    )
    return (
        born.join(people, on=["unit", "year"])
        .filter(pl.col("foreign_born") > pl.col("population"))
        .select(pl.col("unit").alias("destination"), "year", "foreign_born", "population")
        .sort("destination", "year")
    )


def check_events(population: pl.DataFrame) -> None:
    """Refuse blank births or deaths, but in the years after a country's last known ones.

    Examples
    --------
    >>> import polars as pl
    >>> check_events(pl.DataFrame({"country": "FRA", "year": [2023, 2024], "births": [7, None],
    ...                            "deaths": [6, None]})) is None
    True
    """
    for event in ("births", "deaths"):
        last = pl.col("year").filter(pl.col(event).is_not_null()).max().over("country")
        blank = population.filter(pl.col(event).is_null() & (pl.col("year") > last).not_().fill_null(True))
        if blank.height:
            raise DataError(
                f"table 'population': {event} are blank in {counted(blank.height, 'row')}",
                rows_in_words(blank, ["country", "year"]),
                f"give the {event} of every year; only the years after a country's last known may be blank",
            )


def check_account(population: pl.DataFrame) -> pl.DataFrame:
    """Check that population grows by births less deaths plus net migration.

    From mid-year to mid-year the change is set against the mean of the events
    of the two calendar years.

    Examples
    --------
    >>> from corridors.evidence import load
    >>> check_account(load().table("population")).height
    0
    """
    people = pl.col("population")
    events = pl.col("births") - pl.col("deaths") + pl.col("net_migration")
    account = (
        population.sort("country", "year")
        .with_columns(events=events)
        .with_columns(pl.col("year", "population", "events").shift(-1).over("country").name.prefix("next_"))
        .filter(pl.col("next_year") == pl.col("year") + 1)
        .with_columns(
            change=pl.col("next_population") - people,
            accounted=(pl.col("events") + pl.col("next_events")) / 2,
        )
        .with_columns(gap=(pl.col("change") - pl.col("accounted")).abs())
    )
    persons, share = ACCOUNT_REFUSED
    refused = account.filter((pl.col("gap") > persons) & (pl.col("gap") > share * people))
    if refused.height:
        raise DataError(
            f"table 'population': {counted(refused.height, 'year')} in which births, deaths "
            f"and net migration miss the change of population by more than {share:.0%}",
            rows_in_words(refused, ["country", "year", "population", "change", "accounted"]),
            "give mid-year population and the events of calendar years, all in persons and of one revision",
        )
    persons, share = ACCOUNT_RECORDED
    limit = pl.max_horizontal(pl.lit(float(persons)), share * people)
    return findings(
        account.filter(pl.col("gap") > limit),
        "population",
        "account_closes",
        ("country", "year"),
        message=pl.lit("births, deaths and net migration miss the change to the next year"),
        value=pl.col("gap"),
        limit=limit,
    )


def _in_units(frame: pl.DataFrame, place: str, units: pl.DataFrame) -> pl.DataFrame:
    """Add the unit of each place in its year and the number of the unit's members."""
    years = frame.select("year").unique()
    of_year = (
        units.join(years, how="cross")
        .filter(pl.col("year").is_between("first_period", pl.col("last_period").fill_null(_ALWAYS)))
        .select("unit", "year", pl.col("member").alias(place))
        .with_columns(members=pl.len().over("unit", "year"))
    )
    return frame.join(of_year, on=[place, "year"], how="left").with_columns(
        unit=pl.coalesce("unit", place),
        members=pl.col("members").fill_null(1),
    )
