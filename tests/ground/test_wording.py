"""Words for people stand in one place and say the same everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import corridors
from corridors import wording

SOURCES = Path(corridors.__file__).parent


def test_close_names_are_looked_for_in_one_module() -> None:
    users = {
        path.relative_to(SOURCES).as_posix()
        for path in SOURCES.rglob("*.py")
        if re.search(r"get_close_matches|\bdifflib\b", path.read_text("utf-8"))
    }
    assert users == {"wording.py"}


def test_the_question_is_written_in_one_module() -> None:
    users = {
        path.relative_to(SOURCES).as_posix()
        for path in SOURCES.rglob("*.py")
        if re.search(r"f[\"']did you mean", path.read_text("utf-8"))
    }
    assert users == {"wording.py"}


def test_nothing_is_asked_where_nothing_is_close() -> None:
    assert wording.similar("xyz", ["origin", "year"]) == ""
    assert wording.similar("origin", []) == ""


def test_capitals_do_not_hide_a_name() -> None:
    assert wording.similar(" ORIGIN ", ["Origin", "year"]) == "did you mean 'Origin'?"


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [(99.96, 3, "100"), (100.4, 3, "100"), (999.5, 4, "999.5"), (-1234.4, 3, "-1,234"), (5, 3, "5")],
)
def test_numbers_for_reading(value: float, digits: int, words: str) -> None:
    assert wording.number(value, digits) == words


@given(st.floats(1, 1e15), st.integers(1, 6))
def test_a_number_in_few_digits_is_near(value: float, digits: int) -> None:
    said = float(wording.about(value, digits).replace(",", ""))
    assert said == pytest.approx(value, rel=0.5001 * 10 ** (1 - digits))
    assert len(f"{said:.15g}".replace(".", "").strip("0").split("e")[0]) <= digits + 1


@given(st.floats(-1e12, 1e12), st.integers(0, 4))
def test_marks_of_a_language_change_no_digit(value: float, decimals: int) -> None:
    said = wording.marked(value, decimals, point=",", group=".")
    plain = said.replace(".", "").replace(",", ".").replace("−", "-")
    assert float(plain) == float(f"{value:.{decimals}f}")
    assert not re.fullmatch(r"−[0.,]+", said)


def test_rows_are_quoted_up_to_a_limit() -> None:
    rows = pl.DataFrame({wording.ROW: range(1, 9), "year": [None] * 8, "long": ["x" * 99] * 8})
    lines = wording.rows_in_words(rows, ["year", "long", "year"]).splitlines()
    assert lines[0] == f"row 1: year=(blank), long={'x' * 57}..."
    assert lines[-1] == "and 3 more"
    assert len(lines) == wording.SHOWN + 1
