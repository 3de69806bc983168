"""Which columns of a table fit a screen?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from corridors.wording import cell

GAP = 2
VALUE = "value"
"""The column of tables of figures that nobody opens them without."""
LONGEST_SAME = 60
NARROWEST_TEXT = 24
"""A column of longer texts is folded, but never into less than this."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Columns of a table that a screen has room for.

    Attributes
    ----------
    widths
        Least width of each column shown, by name and in order.
    left_out
        Names of the others.
    same
        What is the same in all rows, by column: said once instead of in every row.
    """

    widths: Mapping[str, int]
    left_out: tuple[str, ...] = ()
    same: Mapping[str, str] = field(default_factory=dict[str, str])

    def words(self, how: str) -> str:
        """What is the same in all rows, which columns are not shown, and how to see them.

        Parameters
        ----------
        how
            What shows them.

        Examples
        --------
        >>> Fitted({"origin": 6}, ("lower", "upper")).words("--format csv gives all")
        'not shown: lower, upper; --format csv gives all'
        """
        same = ", ".join(f"{name} {text}" for name, text in self.same.items())
        lines = [f"in all rows shown: {same}"] if same else []
        lines += [f"not shown: {', '.join(self.left_out)}; {how}"] if self.left_out else []
        return "\n".join(lines)


def fitted(frame: pl.DataFrame, width: int) -> Fitted:
    """Choose columns that fit a screen, in their order; the first always, then ``value``.

    Where not all fit, what is the same in all rows is said once, and columns blank in all rows are left
    out before any other. A column that has no room is skipped rather than the narrower ones after it.

    Parameters
    ----------
    frame
        The rows to be shown.
    width
        Of the screen, in characters.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"origin": ["MEX"], "note": ["a word " * 9], "lower": [None], "value": [11.2]})
    >>> found = fitted(rows, 40)
    >>> list(found.widths), found.left_out
    (['origin', 'note', 'value'], ('lower',))
    >>> fitted(rows, 24).left_out
    ('note', 'lower')
    >>> moves = pl.DataFrame({"origin": ["MEX", "PHL"], "method": "pseudo-bayes", "value": [11.2, 3]})
    >>> print(fitted(moves, 20).words(""))
    in all rows shown: method pseudo-bayes
    """
    needs = {name: _needed(name, frame[name]) for name in frame.columns}
    if sum(needs.values()) + GAP * (len(needs) - 1) <= width:
        return Fitted(needs)
    blank = {name for name in needs if frame.height and frame[name].null_count() == frame.height}
    same = _same(frame.drop(blank))
    varying = [name for name in needs if name not in blank and name not in same]
    if not varying:
        varying = [frame.columns[0]]
        same = {name: text for name, text in same.items() if name not in varying}
    room, shown = width + GAP, set[str]()
    for name in sorted(varying, key=lambda name: (name != varying[0], name != VALUE)):
        if not shown or needs[name] + GAP <= room:
            shown.add(name)
            room -= needs[name] + GAP
    return Fitted(
        {name: needs[name] for name in varying if name in shown},
        tuple(name for name in needs if name not in shown and name not in same),
        same,
    )


def _same(frame: pl.DataFrame) -> dict[str, str]:
    """What is the same in all rows, where that can be said in a few words."""
    if frame.height < 2:
        return {}
    first = {name: cell(frame[name][0]) for name in frame.columns if frame[name].n_unique() == 1}
    return {name: text for name, text in first.items() if len(text) <= LONGEST_SAME}


def _needed(name: str, column: pl.Series) -> int:
    """Width below which a column is hard to read: whole numbers and names, folded texts."""
    longest = max((len(cell(value)) for value in column), default=0)
    folds = not column.dtype.is_numeric()
    return max(len(name), min(longest, NARROWEST_TEXT) if folds else longest)
