"""Which column is which in the files of the Missing Migrants Project, whose headings change?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from corridors import packaged


def columns(names: Iterable[str]) -> dict[str, str]:
    """Our name of each column whose heading is known, in any layout that the project has published.

    Parameters
    ----------
    names
        Headings; capitals and blanks do not matter. Of several that mean the same the first counts.

    Examples
    --------
    >>> columns(["Incident ID", "Number of  dead", "No. dead", "Source"])
    {'Incident ID': 'incident', 'Number of  dead': 'dead'}
    """
    chosen: dict[str, str] = {}
    for name in names:
        column = _headings().get(_plain(name))
        if column is not None and column not in chosen.values():
            chosen[name] = column
    return chosen


def are_headings(names: Iterable[str]) -> bool:
    """Whether a row of cells is one of headings: at least two are known, one of them of deaths.

    Examples
    --------
    >>> are_headings(["Incident year", "No. dead"]), are_headings(["Deaths", "by year"])
    (True, False)
    """
    found = set(columns(names).values())
    return len(found) > 1 and not found.isdisjoint({"dead", "missing", "total"})


@cache
def _headings() -> dict[str, str]:
    return {_plain(row["heading"]): row["column"] for row in packaged.rows("ground/missing_migrants.csv")}


def _plain(heading: str) -> str:
    return " ".join(heading.split()).casefold()
