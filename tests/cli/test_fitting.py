"""Columns of a table on a terminal: those that fit are readable, and the others are named."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.cli.fitting import GAP, fitted
from corridors.cli.output import table_text

FLOWS = pl.DataFrame(
    {
        "origin": ["MEX", "MEX", "PHL"],
        "period_start": [2015, 2020, 2020],
        "sex": "total",
        "method": ["pseudo-bayes", "independence", "pseudo-bayes"],
        "value": [1_234_567.0, 2.0, 3.5],
        "lower": [None, None, None],
        "upper": [None, None, None],
    },
    schema_overrides={"lower": pl.Float64, "upper": pl.Float64},
)


def test_a_table_that_fits_is_whole() -> None:
    found = fitted(FLOWS, 160)
    assert (list(found.widths), found.left_out, found.same) == (FLOWS.columns, (), {})
    assert found.words("…") == ""


def test_the_figure_stays_and_what_is_the_same_is_said_once() -> None:
    found = fitted(FLOWS, 34)
    assert list(found.widths) == ["origin", "period_start", "value"]
    assert found.same == {"sex": "total"}
    assert found.left_out == ("method", "lower", "upper")
    # Room for the first column and one more: it is the figure, though others stand before it.
    assert list(fitted(FLOWS, 17).widths) == ["origin", "value"]


def test_rows_that_are_all_the_same_still_have_a_column() -> None:
    rows = pl.DataFrame({"place": ["WLD", "WLD"], "note": ["as published", "as published"]})
    found = fitted(rows, 10)
    assert (list(found.widths), found.same) == (["place"], {"note": "as published"})


def test_every_column_is_shown_said_or_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    text = table_text(FLOWS, "--columns NAME,… shows them")
    assert all(len(line) <= 40 for line in text.splitlines())
    assert all(name in text for name in FLOWS.columns)
    assert "1,234,567" in text
    assert " ".join(text.split()).endswith("lower, upper; --columns NAME,… shows them")


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=12),
    st.integers(20, 120),
    st.integers(1, 3),
)
def test_nothing_is_lost_and_nothing_too_wide(lengths: list[int], width: int, height: int) -> None:
    table = pl.DataFrame({f"c{i}": ["x" * n + str(j) for j in range(height)] for i, n in enumerate(lengths)})
    found = fitted(table, width)
    assert {*found.widths} | {*found.left_out} | {*found.same} == {*table.columns}
    assert len(found.widths) + len(found.left_out) + len(found.same) == table.width
    assert len(found.widths) == 1 or sum(found.widths.values()) + GAP * (len(found.widths) - 1) <= width
