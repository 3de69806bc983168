"""From labelled tables to arrays: what is summed, borrowed, left out and refused; and sexes."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.errors import DataError
from corridors.migration import of_sex, period_tables

YEARS = list(range(2005, 2016))


def stock_of(*cells: tuple[str, str, int, float]) -> pl.DataFrame:
    return pl.DataFrame(
        list(cells),
        schema={"origin": pl.String, "destination": pl.String, "year": pl.Int64, "value": pl.Float64},
        orient="row",
    )


STOCK = stock_of(
    ("A", "B", 2010, 10), ("B", "A", 2010, 5), ("C", "A", 2010, 2), ("A", "C", 2010, 1),
    ("A", "B", 2015, 16), ("B", "A", 2015, 4), ("C", "A", 2015, 3), ("A", "C", 2015, 2),
)  # fmt: skip


def people_of(*codes: str, size: float = 1000.0, years: list[int] = YEARS) -> pl.DataFrame:
    """Births of 10 in the first year and one more each year after; 7 deaths."""
    return pl.DataFrame(
        [(c, y, size * (1 + k), 10.0 + y - 2005, 7.0) for k, c in enumerate(codes) for y in years],
        schema=["country", "year", "population", "births", "deaths"],
        orient="row",
    )


PEOPLE = people_of("A", "B", "C")


def test_arrays() -> None:
    tables = period_tables(STOCK, PEOPLE, (2010, 2015))
    assert tables.places == ("A", "B", "C")
    assert tables.period == (2010, 2015)
    assert tables.foreign_start.tolist() == [[0, 10, 1], [5, 0, 0], [2, 0, 0]]
    assert tables.foreign_end.tolist() == [[0, 16, 2], [4, 0, 0], [3, 0, 0]]
    assert tables.population_start.tolist() == tables.population_end.tolist() == [1000, 2000, 3000]
    # Mid-year to mid-year: half of 15, all of 16 to 19, half of 20.
    assert tables.births.tolist() == [7.5 + 16 + 17 + 18 + 19 + 10] * 3
    assert tables.deaths.tolist() == [35] * 3
    assert not tables.least_native_start.any()
    assert not tables.least_native_end.any()
    assert tables.borrowed == tables.left_out == ()


def test_order_of_rows_does_not_matter() -> None:
    one = period_tables(STOCK, PEOPLE, (2010, 2015))
    other = period_tables(STOCK.reverse(), PEOPLE.sample(fraction=1, shuffle=True, seed=1), (2010, 2015))
    assert_equal(one, other)


def test_pandas_equals_polars() -> None:
    one = period_tables(STOCK, PEOPLE, (2010, 2015))
    assert_equal(one, period_tables(STOCK.to_pandas(), PEOPLE.to_pandas(), (2010, 2015)))
    whole = STOCK.with_columns(pl.col("value").cast(pl.Int32), pl.col("year").cast(pl.Int16))
    assert_equal(one, period_tables(whole, PEOPLE, (2010, 2015)))


def assert_equal(one: Any, other: Any) -> None:
    for name in one.__slots__:
        a, b = getattr(one, name), getattr(other, name)
        assert np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b, name


def test_absent_pair_is_zero_and_own_place_ignored() -> None:
    more = pl.concat([STOCK, stock_of(("A", "A", 2010, 500), ("C", "B", 2015, 8))])
    tables = period_tables(more, PEOPLE, (2010, 2015))
    assert tables.foreign_start[2, 1] == 0
    assert tables.foreign_end[2, 1] == 8
    assert not np.diag(tables.foreign_start).any()


def test_units_are_summed_and_moves_within_them_dropped() -> None:
    """Serbia, Montenegro and Kosovo as one: stocks, people and events add up."""
    stock = stock_of(
        ("SRB", "DEU", 2000, 70), ("MNE", "DEU", 2000, 7), ("SRB", "MNE", 2000, 999), ("DEU", "SRB", 2000, 3),
        ("SRB", "DEU", 2005, 80), ("DEU", "SRB", 2005, 4), ("DEU", "MNE", 2005, 5),
    )  # fmt: skip
    people = people_of("DEU", "SRB", "MNE", "XKX", years=list(range(2000, 2006)))
    units = {"SRB": "SCG", "MNE": "SCG", "XKX": "SCG"}
    tables = period_tables(stock, people, (2000, 2005), units=units)
    assert tables.places == ("DEU", "SCG")
    assert tables.foreign_start.tolist() == [[0, 3], [77, 0]]
    assert tables.foreign_end.tolist() == [[0, 9], [80, 0]]
    assert tables.population_start.tolist() == [1000, 2000 + 3000 + 4000]
    assert tables.deaths.tolist() == [35, 105]
    assert tables.left_out == ()


def test_stock_that_is_not_published_is_borrowed() -> None:
    """C has no rows as a residence in 2010: its shares of 2015 stand in, at its population of 2010."""
    stock = STOCK.filter(~((pl.col("destination") == "C") & (pl.col("year") == 2010)))
    people = PEOPLE.with_columns(
        population=pl.when(country="C", year=2010).then(1500.0).otherwise("population")
    )
    tables = period_tables(stock, people, (2010, 2015))
    assert tables.borrowed == ("C",)
    assert tables.foreign_start[:, 2].tolist() == [2 * 1500 / 3000, 0, 0]
    assert tables.foreign_end[:, 2].tolist() == [2, 0, 0]


def test_the_nearest_year_lends() -> None:
    stock = pl.concat(
        [
            STOCK.filter(~((pl.col("destination") == "C") & pl.col("year").is_in([2010, 2015]))),
            stock_of(("A", "C", 2005, 7), ("A", "C", 2014, 9)),
        ]
    )
    tables = period_tables(stock, PEOPLE, (2010, 2015))
    assert tables.borrowed == ("C",)
    # 2014 is nearer to 2010 than 2005 is, and the only neighbour of 2015.
    assert tables.foreign_start[0, 2] == tables.foreign_end[0, 2] == 9


def test_place_without_any_stock_is_left_out_and_named() -> None:
    tables = period_tables(STOCK, people_of("A", "B", "C", "D"), (2010, 2015))
    assert tables.places == ("A", "B", "C")
    assert tables.left_out == ("D",)


def test_natives_to_keep_where_stock_and_population_contradict() -> None:
    """B's foreign-born of 2010 leave 1 % natives, fewer than were born; those of 2015 leave 20 %."""
    stock = stock_of(("A", "B", 2010, 990), ("B", "A", 2010, 5), ("A", "B", 2015, 800), ("B", "A", 2015, 5))
    people = people_of("A", "B").with_columns(
        population=pl.when(country="B").then(1000.0).otherwise("population")
    )
    tables = period_tables(stock, people, (2010, 2015))
    assert tables.least_native_start.tolist() == [0, pytest.approx(200)]
    assert tables.least_native_end.tolist() == [0, 0]


# Refusals


@pytest.mark.parametrize("table", ["stock", "population"])
def test_absent_columns_are_named(table: str) -> None:
    stock, people = STOCK, PEOPLE
    if table == "stock":
        stock = STOCK.rename({"value": "persons"})
        message = "table 'stock' has no column 'value'(?s:.*)found: origin, destination, year, persons"
    else:
        people = PEOPLE.drop("births", "deaths")
        message = "table 'population' has no column 'births', 'deaths'(?s:.*)give the columns country"
    with pytest.raises(DataError) as caught:
        period_tables(stock, people, (2010, 2015))
    assert_says(caught, message)


def assert_says(caught: pytest.ExceptionInfo[Any], pattern: str) -> None:
    assert re.search(pattern, str(caught.value)), str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            pl.lit(-5.0),
            "table 'stock': column 'value' is below 0 in 1 row\n(?s:.*)origin=B, destination=A",
        ),
        (pl.lit(float("nan")), "'value' is missing in 1 row"),
        (pl.lit(float("inf")), "'value' holds no number in 1 row"),
        (pl.lit(None), "'value' is missing in 1 row"),
    ],
)
def test_bad_stock(change: pl.Expr, message: str) -> None:
    bad = STOCK.with_columns(value=pl.when(origin="B", year=2010).then(change).otherwise("value"))
    with pytest.raises(DataError) as caught:
        period_tables(bad, PEOPLE, (2010, 2015))
    assert_says(caught, message)


@pytest.mark.parametrize("column", ["population", "births", "deaths"])
@pytest.mark.parametrize("value", [-1.0, float("nan"), None])
def test_bad_people(column: str, value: float | None) -> None:
    bad = PEOPLE.with_columns(
        pl.when(country="C", year=2012).then(pl.lit(value)).otherwise(column).alias(column)
    )
    with pytest.raises(DataError) as caught:
        period_tables(STOCK, bad, (2010, 2015))
    if column == "population" or value == -1.0:
        words = f"'population': column '{column}' is (below 0|missing) in 1 row\n(?s:.*)country=C, year=2012"
    else:
        words = f"^{column} of 2012 is missing for 1 place\\(s\\)\n  C\n(?s:.*)carry_events"
    assert_says(caught, words)


def test_events_outside_the_period_may_be_unknown() -> None:
    later = PEOPLE.filter(year=2015).with_columns(year=pl.lit(2016), births=None, deaths=None)
    more = pl.concat([PEOPLE, later.cast(dict(PEOPLE.schema))])
    same, tables = period_tables(STOCK, PEOPLE, (2010, 2015)), period_tables(STOCK, more, (2010, 2015))
    assert tables.births.tolist() == same.births.tolist()


def test_pandas_gaps_are_refused_too() -> None:
    bad = PEOPLE.to_pandas()
    bad.loc[(bad["country"] == "C") & (bad["year"] == 2012), "births"] = np.nan
    with pytest.raises(DataError, match="births of 2012 is missing for 1 place"):
        period_tables(STOCK, bad, (2010, 2015))


def test_rows_that_stand_twice() -> None:
    with pytest.raises(DataError) as caught:
        period_tables(pl.concat([STOCK, STOCK.head(1)]), PEOPLE, (2010, 2015))
    assert_says(caught, "table 'stock': .* stand twice in 2 rows(?s:.*)origin=A, destination=B, year=2010")
    with pytest.raises(DataError) as caught:
        period_tables(STOCK, pl.concat([PEOPLE, PEOPLE.tail(1)]), (2010, 2015))
    assert_says(caught, "table 'population': .* stand twice in 2 rows(?s:.*)country=C, year=2015")


def test_text_in_a_number_column() -> None:
    with pytest.raises(DataError) as caught:
        period_tables(STOCK.with_columns(value=pl.lit("1 2OO")), PEOPLE, (2010, 2015))
    assert_says(caught, "table 'stock': column 'value' holds no number(?s:.*)value=1 2OO")
    texts = pd.DataFrame(PEOPLE.to_pandas()).astype({"births": object})
    texts.loc[3, "births"] = "many"
    with pytest.raises(DataError, match=r"row 4: .*births=many"):
        period_tables(STOCK, texts, (2010, 2015))


def test_stock_without_population() -> None:
    with pytest.raises(DataError) as caught:
        period_tables(STOCK, people_of("A", "C"), (2010, 2015))
    assert_says(caught, r"1 place\(s\) have a migrant stock but no population in 2010\s+B\s+Remedy")


def test_no_stock_in_the_years() -> None:
    with pytest.raises(DataError, match="no migrant stock in 2006 or 2011"):
        period_tables(STOCK, PEOPLE, (2006, 2011))


@pytest.mark.parametrize(
    ("absent", "message"),
    [
        (2012, "births of 2012 is missing for 3 place"),
        (2015, "population of 2015 is missing for 3 place"),
        (2010, "have a migrant stock but no population in 2010"),
    ],
)
def test_missing_years(absent: int, message: str) -> None:
    with pytest.raises(DataError, match=message):
        period_tables(STOCK, PEOPLE.filter(pl.col("year") != absent), (2010, 2015))


def test_missing_year_of_one_place_is_named() -> None:
    with pytest.raises(DataError) as caught:
        period_tables(
            STOCK, PEOPLE.filter(~((pl.col("country") == "B") & (pl.col("year") == 2013))), (2010, 2015)
        )
    assert_says(caught, r"births of 2013 is missing for 1 place\(s\)\s+B\s+Remedy")


# Sexes

AGES = pl.DataFrame(
    {
        "country": ["A", "A", "A", "A", "B"],
        "year": [2005, 2005, 2015, 2015, 2010],
        "age": ["0-64", "65+", "0-64", "65+", "0+"],
        "female": [40, 10, 450, 150, 4],
        "male": [45, 5, 300, 100, 6],
    }
)  # Women are half of A in 2005, 60 % in 2015; 40 % of B.
EVENTS = pl.DataFrame(
    {
        "country": ["A", "A", "B"],
        "year": [2005, 2015, 2010],
        "female_births_pct": [49.0, 49.0, 48.0],
        "female_deaths_pct": [45.0, 46.0, 44.0],
    }
)
COUNTED = ("population", "births", "deaths")


def share_of_women() -> dict[tuple[str, int], tuple[float, ...]]:
    women = of_sex(PEOPLE, AGES, EVENTS, "female").join(PEOPLE, on=["country", "year"], suffix="_all")
    parts = women.select("country", "year", *(pl.col(n) / pl.col(f"{n}_all") for n in COUNTED))
    return {(country, year): tuple(shares) for country, year, *shares in parts.iter_rows()}


def test_women_and_men_add_up() -> None:
    women, men = (of_sex(PEOPLE, AGES, EVENTS, s) for s in ("female", "male"))
    for name in COUNTED:
        np.testing.assert_allclose(women[name] + men[name], PEOPLE[name], rtol=1e-14)
    assert women.columns == men.columns == PEOPLE.columns
    assert women.select("country", "year").equals(PEOPLE.select("country", "year"))


def test_shares_between_and_outside_the_years() -> None:
    share = share_of_women()
    assert share["A", 2005][0] == pytest.approx(0.5, rel=1e-12)  # over all ages
    assert share["A", 2010][0] == pytest.approx(0.55, rel=1e-12)  # half-way between 50 and 60
    assert share["B", 2005][0] == share["B", 2015][0] == pytest.approx(0.40, rel=1e-12)
    assert share["A", 2010][1:] == pytest.approx((0.49, 0.455), rel=1e-12)
    # C is absent: the mean of A and B, weighted by their 1000 and 2000 people.
    assert share["C", 2010][0] == pytest.approx((0.55 * 1000 + 0.40 * 2000) / 3000, rel=1e-12)
    assert share["C", 2010][2] == pytest.approx((0.455 * 1000 + 0.44 * 2000) / 3000, rel=1e-12)


def test_a_place_may_be_absent_from_one_table_only() -> None:
    """Where only events lack a place, its residents are still split by its own ages."""
    women = of_sex(PEOPLE, AGES, EVENTS.filter(country="A"), "female").filter(country="B", year=2010)
    assert women["population"].item() == pytest.approx(0.40 * 2000)
    assert women["births"].item() == pytest.approx(0.49 * 15)


def test_events_that_are_not_known_stay_blank() -> None:
    last = pl.col("year") == 2015
    people = PEOPLE.with_columns(pl.when(~last).then(pl.col("births")).alias("births"))
    women, men = (of_sex(people, AGES, EVENTS, s) for s in ("female", "male"))
    assert women.filter(last)["births"].null_count() == men.filter(last)["births"].null_count() == 3
    assert women.filter(last)["population"].null_count() == 0


@given(st.data())
def test_women_and_men_add_up_whatever_is_known(data: st.DataObject) -> None:
    known = data.draw(st.sets(st.sampled_from("ABC"), min_size=1))
    years = sorted(data.draw(st.sets(st.integers(2000, 2020), min_size=1, max_size=4)))
    count, percent = st.integers(0, 10**9), st.floats(0, 100)
    ages = [
        (c, y, age, data.draw(count), 1 + data.draw(count))
        for c in known
        for y in years
        for age in ("0-64", "65+")
    ]
    happened = [(c, y, data.draw(percent), data.draw(percent)) for c in known for y in years[:1]]
    tables = (
        pl.DataFrame(ages, schema=AGES.columns, orient="row"),
        pl.DataFrame(happened, schema=EVENTS.columns, orient="row"),
    )
    women, men = (of_sex(PEOPLE, *tables, s) for s in ("female", "male"))
    for name in COUNTED:
        assert np.all(women[name].to_numpy() >= 0)
        assert np.all(men[name].to_numpy() >= 0)
        np.testing.assert_allclose(women[name] + men[name], PEOPLE[name], rtol=1e-12)


def test_both_sexes_are_left_alone_and_pandas_is_read() -> None:
    assert of_sex(PEOPLE, AGES, EVENTS, "total").equals(PEOPLE)
    one = of_sex(PEOPLE.to_pandas(), AGES.to_pandas(), EVENTS.to_pandas(), "female")
    other = of_sex(PEOPLE, AGES, EVENTS, "female")
    np.testing.assert_allclose(one["population"], other["population"], rtol=1e-15)


def test_sexes_that_are_none() -> None:
    with pytest.raises(DataError, match="sex must be one of total, female, male, not 'women'"):
        of_sex(PEOPLE, AGES, EVENTS, "women")
    with pytest.raises(DataError, match="table 'ages' has no rows"):
        of_sex(PEOPLE, AGES.clear(), EVENTS, "male")
    with pytest.raises(DataError, match="table 'events' has no rows"):
        of_sex(PEOPLE, AGES, EVENTS.clear(), "male")
    nobody = AGES.with_columns(female=pl.when(pl.col("country") == "B").then(0).otherwise("female"))
    nobody = nobody.with_columns(male=pl.when(pl.col("country") == "B").then(0).otherwise("male"))
    with pytest.raises(DataError) as caught:
        of_sex(PEOPLE, nobody, EVENTS, "male")
    assert_says(caught, r"nobody of any age in 1 row\s+row \d: country=B, year=2010")
    more = EVENTS.with_columns(female_deaths_pct=pl.lit(100.5))
    with pytest.raises(DataError, match="'female_deaths_pct' is above 100"):
        of_sex(PEOPLE, AGES, more, "male")
