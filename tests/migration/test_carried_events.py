"""Births and deaths that a population table has not yet are those of the last known rates."""

from __future__ import annotations

import polars as pl
import pytest

from corridors.evidence import load
from corridors.migration import carry_events

PEOPLE = pl.DataFrame(
    {
        "country": ["A"] * 4,
        "year": [2021, 2022, 2023, 2024],
        "population": [100.0, 200.0, 300.0, 330.0],
        "births": [4.0, None, 9.0, None],
        "deaths": [2.0, 3.0, None, None],
        "net_migration": [1, 2, 3, 4],
    }
)


def test_rates_of_the_last_known_year_stand_in() -> None:
    filled = carry_events(PEOPLE.sort("year", descending=True))
    assert filled["births"].to_list() == [4.0, None, 9.0, pytest.approx(9.9)]
    assert filled["deaths"].to_list() == [2.0, 3.0, pytest.approx(4.5), pytest.approx(4.95)]
    assert filled["net_migration"].to_list() == [1, 2, 3, 4]


def test_the_embedded_table_gets_the_rates_of_2023() -> None:
    people = load().table("population")
    filled = carry_events(people)
    assert filled["births"].null_count() == filled["deaths"].null_count() == 0
    known = pl.col("year") < 2024
    assert filled.filter(known)["births"].to_list() == people.filter(known)["births"].to_list()
    world = filled.group_by("year").agg(pl.col("births", "deaths").sum()).sort("year").tail(2)
    assert world["births"][1] / world["births"][0] == pytest.approx(1.01, abs=0.006)
    assert world["deaths"][1] / world["deaths"][0] == pytest.approx(1.01, abs=0.006)
