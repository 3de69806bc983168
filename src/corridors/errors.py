"""The one family of errors that corridors raises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class CorridorsError(Exception):
    """Root of every error raised on purpose by this package.

    Parameters
    ----------
    title
        One sentence that says what is wrong, naming the thing.
    detail
        The evidence: offending rows, values, candidates.
    remedy
        What the reader can do about it.

    Examples
    --------
    >>> from corridors.errors import DataError
    >>> print(DataError("table 'treaty' is empty", remedy="give at least one row"))
    table 'treaty' is empty
      Remedy: give at least one row
    """

    def __init__(self, title: str, detail: str = "", remedy: str = "") -> None:
        self.title = title
        self.detail = detail
        self.remedy = remedy
        super().__init__(title, detail, remedy)

    def __str__(self) -> str:
        lines = [self.title]
        if self.detail:
            lines += [f"  {line}" for line in self.detail.splitlines()]
        if self.remedy:
            lines.append(f"  Remedy: {self.remedy}")
        return "\n".join(lines)


class DataError(CorridorsError, ValueError):
    """Figures that can not be accepted as they are."""


class NotFound(CorridorsError, LookupError):
    """A place, table, row or file that does not exist."""


class NotInstalled(CorridorsError, ImportError):
    """A library that an extra of this package brings is not installed."""


class SourceUnavailable(CorridorsError, OSError):
    """A publisher could not be reached; trying again later may help."""


class InfeasibleError(CorridorsError, ValueError):
    """Constraints that contradict one another.

    Attributes
    ----------
    culprits
        Labels (or positions) of the rows and columns that contradict.
    repair
        The least change that would make the constraints hold, by label.
    """

    def __init__(
        self,
        title: str,
        detail: str = "",
        remedy: str = "",
        *,
        culprits: Sequence[str | int] = (),
        repair: Mapping[str | int, float] | None = None,
    ) -> None:
        super().__init__(title, detail, remedy)
        self.culprits = tuple(culprits)
        self.repair = dict(repair or {})
