"""Named ways to spoil a good file: strategies of hypothesis, one a kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from awkward.files import Good, Must, Spoilt, as_csv

Draw = Callable[[st.SearchStrategy], object]  # type: ignore[type-arg]
Spoiler = Callable[[Draw, Good], Spoilt | None]
KINDS: dict[str, Spoiler] = {}


def kind(spoiler: Spoiler) -> Spoiler:
    """Enter a way of spoiling under the name of its function."""
    KINDS[spoiler.__name__.replace("_", " ").strip()] = spoiler
    return spoiler


@st.composite
def spoilt(draw: Draw, table: Good, name: str) -> Spoilt | None:
    """A table spoilt in the named way; None where it can not be spoilt so."""
    found = None if name in table.never else KINDS[name](draw, table)
    return None if found is None else replace(found, kind=name)


def as_file(
    table: Good, *rows: int, must: Must = "either", separator: str | None = None, words: tuple[str, ...] = ()
) -> Spoilt:
    content = as_csv(table.columns, table.rows, separator=separator or table.separators[0])
    return Spoilt("", content.encode(), table.suffixes[0], rows, must, words)


def one_of(draw: Draw, names: object) -> str | None:
    found = list(names)  # type: ignore[call-overload]
    return draw(st.sampled_from(found)) if found else None  # type: ignore[return-value]


def some_row(draw: Draw, table: Good) -> int:
    return draw(st.integers(0, len(table.rows) - 1))  # type: ignore[return-value]


def one_cell(draw: Draw, table: Good, columns: object, text: str, must: Must = "refuse") -> Spoilt | None:
    column = one_of(draw, columns)
    if column is None:
        return None
    row = some_row(draw, table)
    return as_file(table.put(row, column, text), row + 1, must=must)
