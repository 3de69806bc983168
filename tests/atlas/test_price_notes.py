"""What is said of the prices of a corridor: few quotes, and years without a survey."""

from __future__ import annotations

import polars as pl
import pytest

import corridors as co
from corridors.atlas.price_notes import price_notes
from corridors.parameters import value


@pytest.mark.parametrize(
    ("quotes", "words"),
    [
        (1, ["price of 2025 Q3: few quotes, the average is of 1 quote only, which a single price can turn"]),
        (int(value("price_few_quotes")), ["few quotes"]),
        (int(value("price_few_quotes")) + 1, []),
        (None, []),
    ],
)
def test_few_quotes_are_said(quotes: int | None, words: list[str]) -> None:
    rows = pl.DataFrame({"quarter": ["2025Q3"], "quotes": [quotes]}, schema_overrides={"quotes": pl.Int64})
    found = price_notes(rows)
    assert len(found) == len(words)
    assert all(word in note for word, note in zip(words, found, strict=True))


def test_only_gaps_longer_than_a_year_are_said() -> None:
    quarters = ["2011Q1", "2011Q3", "2012Q3", "2020Q3", "2025Q3"]
    rows = pl.DataFrame({"quarter": quarters, "quotes": [None] * 5}, schema_overrides={"quotes": pl.Int64})
    assert price_notes(rows) == (
        "no survey data on prices in this corridor between 2012 Q3 and 2020 Q3",
        "no survey data on prices in this corridor between 2020 Q3 and 2025 Q3",
    )
    assert price_notes(rows.clear()) == ()


def test_a_corridor_carries_its_notes(atlas: co.Atlas) -> None:
    notes = atlas.corridor("DZA", "FRA").notes
    assert any("of 2025 Q3: few quotes, the average is of 1 quote" in note for note in notes)
    assert any("between 2020 Q3 and 2025 Q3" in note for note in notes)
    assert not any("few quotes" in note for note in atlas.corridor("PHL", "JPN").notes)
