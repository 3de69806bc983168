"""What was understood of a file before its cells were looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out.

    Attributes
    ----------
    format
        Its suffix.
    encoding, separator
        Of a text.
    sheet
        Of a workbook, the one that was read; ``passed_over`` the others, ``hidden`` those nobody sees.
    header_row
        Line or row of the names of columns, from 1; none in Parquet, whose columns have names.
    """

    format: str
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    passed_over: Sequence[str] = ()
    hidden: Sequence[str] = ()
    header_row: int | None = None

    def __str__(self) -> str:
        marks = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
        parts = [
            f"sheet '{self.sheet}'" if self.sheet else "",
            f"(not {', '.join(self.passed_over)})" if self.passed_over else "",
            f"(hidden: {', '.join(self.hidden)})" if self.hidden else "",
            f"names of columns in row {self.header_row}" if self.header_row else "",
            f"separator {marks.get(self.separator, repr(self.separator))}" if self.separator else "",
            f"encoding {self.encoding}" if self.encoding else "",
        ]
        return ", ".join(part for part in parts if part).replace(", (", " (") or self.format


class Parsed(NamedTuple):
    """The cells of a file as texts, and how it is laid out."""

    frame: pl.DataFrame
    layout: Layout
