"""What is wrong with a file: where, which field, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from corridors.errors import DataError
from corridors.wording import counted, similar

SHOWN = 20


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something in a register that can not be accepted.

    Attributes
    ----------
    file, line
        Where: path as given and line (row of a spreadsheet), from 1.
    field
        Field, or empty where the whole entry or file is meant.
    title
        What is wrong.
    remedy
        What to do about it.

    Examples
    --------
    >>> print(Problem("a.toml", 3, "concern", "is missing", "add concern"))
    a.toml:3: concern: is missing (add concern)
    """

    file: str
    line: int
    field: str
    title: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: {self.field}: " if self.field else f"{self.file}:{self.line}: "
        return f"{where}{self.title} ({self.remedy})"


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as it stands in a file, before anything is checked.

    Attributes
    ----------
    file, line
        Where it begins.
    values
        Value by field, untyped.
    lines
        Line by field.
    """

    file: str
    line: int
    values: dict[str, object]
    lines: dict[str, int] = field(default_factory=dict[str, int])

    def problem(self, name: str, title: str, remedy: str) -> Problem:
        """A problem of one field of this entry."""
        return Problem(self.file, self.lines.get(name, self.line), name, title, remedy)


class Unreadable(Exception):
    """A file that is not in its format; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def refusal(name: str, problems: Sequence[Problem]) -> DataError:
    """One error that tells all problems, the first 20 of them by line.

    Examples
    --------
    >>> print(refusal("mine", [Problem("a.toml", 3, "concern", "is missing", "add concern")]))
    register mine has 1 problem
      a.toml:3: concern: is missing (add concern)
      Remedy: correct the files; 'corridors register check' lists every problem
    """
    lines = [str(problem) for problem in problems[:SHOWN]]
    if len(problems) > SHOWN:
        lines.append(f"… and {len(problems) - SHOWN} more")
    return DataError(
        f"register {name} has {counted(len(problems), 'problem')}",
        "\n".join(lines),
        "correct the files; 'corridors register check' lists every problem",
    )


def closest(word: str, known: Iterable[str]) -> str:
    """Words that suggest what may have been meant, or list what is known.

    Examples
    --------
    >>> closest("concenr", ["concern", "title"]), closest("xyz", ["concern", "title"])
    ("did you mean 'concern'?", 'use concern, title')
    """
    names = list(known)
    return similar(word, names) or f"use {', '.join(names)}"
