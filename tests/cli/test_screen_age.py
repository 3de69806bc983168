"""The age of figures on the screen of a country or a corridor."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from corridors.atlas.answers import Facts
from corridors.cli.screen import facts_text
from corridors.figure_age import age_words, is_old, judged_late, old_sources

DAY = date(2026, 11, 28)


def facts(measure: str, *years: int) -> Facts:
    rows = [
        {"country": "PHL", "measure": measure, "detail": "d", "sex": "total", "year": year,
         "period": str(year), "value": 1.0, "lower": None, "upper": None,
         "unit": "USD million", "table_name": measure}
        for year in years
    ]  # fmt: skip
    return Facts("Philippines (PHL)", pl.DataFrame(rows))


@pytest.mark.parametrize(
    ("measure", "years", "said"),
    [
        ("remittance_total", (2015, 2022), "latest 2022, four years old"),
        ("remittance_total", (2015, 2023), None),
        # An agreement of long ago still holds.
        ("labour_agreement", (1987,), None),
    ],
)
def test_a_section_whose_latest_figure_is_old_says_so(
    measure: str, years: tuple[int, ...], said: str | None
) -> None:
    told = " ".join(facts_text(facts(measure, *years), day=DAY).split())
    assert ("years old" in told) is (said is not None)
    assert said is None or said in told
    assert "years old" not in facts_text(facts(measure, *years))


def test_ages_turn_with_the_year_of_the_day_alone() -> None:
    assert not is_old(2022, date(2025, 12, 31))
    assert is_old(2022, date(2026, 1, 1))
    assert age_words(2000, DAY) == "26 years old"
    assert judged_late(2023, date(2025, 12, 31)) is None
    assert judged_late(2023, date(2026, 1, 1)) == "last observation 2023, three years before this judgement"


def test_old_sources_come_with_the_oldest_first_and_what_is_newer() -> None:
    years = {"b": 2020, "a": 2020, "c": 2010, "new": 2025, "projection": 2100, "distance": None}
    cards = [
        {"table_name": name, "last_year": year, "superseded": "round of 2024" if name == "a" else None}
        for name, year in years.items()
    ]
    assert old_sources(cards, DAY) == [
        "c: 2010, 16 years old",
        "a: 2020, six years old; newer: round of 2024",
        "b: 2020, six years old",
    ]
