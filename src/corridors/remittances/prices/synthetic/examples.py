"""Generated quotes, read back: something to try functions on."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from corridors.remittances.prices.quotes import Quotes, read_quotes
from corridors.remittances.prices.synthetic.quotes import generated_quotes, write_generated


@cache
def example_quotes() -> Quotes:
    """Quotes of 20 corridors, 2015 Q4 to 2017 Q1, that nobody ever quoted.

    They are drawn by :func:`generated_quotes` with seed 0, written as a workbook and read back.

    Examples
    --------
    >>> from corridors.remittances.prices import example_quotes
    >>> example_quotes().table["firm"].str.starts_with("Generated").all()
    True
    """
    with tempfile.TemporaryDirectory() as folder:
        return read_quotes(write_generated(Path(folder) / "generated.xlsx", generated_quotes()))
