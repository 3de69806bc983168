"""A reader is told where the model puts more into a corridor than its sender records in all."""

from __future__ import annotations

import polars as pl

from corridors.atlas.recorded_notes import PAID, RULE, recorded_notes


def facts(modelled: dict[int, float], paid: dict[int, float]) -> pl.DataFrame:
    rows = [("remittance_flow", RULE, year, value) for year, value in modelled.items()]
    # Another rule never speaks: it is not the estimate that is recommended.
    rows += [("remittance_flow", "income", year, 1e9) for year in modelled]
    rows += [("remittance_total", PAID, year, value) for year, value in paid.items()]
    return pl.DataFrame(rows, schema=["measure", "detail", "year", "value"], orient="row")


def test_only_years_with_a_record_that_is_less_are_named() -> None:
    [note] = recorded_notes(
        facts({2020: 9.0, 2021: 4, 2022: 8, 2023: 7}, {2020: 5.0, 2021: 5, 2022: 5}), "Chad"
    )
    assert note.startswith("Chad recorded less")
    assert "(2020 to 2022, 2 years)" in note
    [one] = recorded_notes(facts({2022: 8.0}, {2022: 5.0}), "United Kingdom")
    assert one.startswith("The United Kingdom recorded")
    assert "(2022)" in one


def test_nothing_is_said_where_the_record_holds_more_or_there_is_none() -> None:
    assert recorded_notes(facts({2022: 5.0}, {2022: 5.0}), "Chad") == ()
    assert recorded_notes(facts({2023: 5.0}, {}), "Chad") == ()
    assert recorded_notes(facts({}, {2022: 5.0}), "Chad") == ()
