"""The files of the package: every table of rules, words and figures that ships with the code.

>>> from corridors import packaged
>>> packaged.text("evidence/territories.csv").splitlines()[0].split(",")[0]
'unit'
"""

from __future__ import annotations

import csv
import io
import tomllib
from contextlib import AbstractContextManager
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any


def path(name: str) -> Traversable:
    """A file or folder of ``corridors/data``, by its path there.

    Parameters
    ----------
    name
        Path below ``corridors/data``; its first part is the room that owns the file.

    Examples
    --------
    >>> path("evidence/figures").joinpath("treaty.csv").is_file()
    True
    """
    return resources.files("corridors").joinpath("data", *name.split("/"))


def folder(name: str) -> AbstractContextManager[Path]:
    """A file or folder as a path of the file system, also where the package is not unpacked.

    Examples
    --------
    >>> with folder("cooperation/register/entries") as entries:
    ...     (entries / "rights.toml").is_file()
    True
    """
    return resources.as_file(path(name))


def content(name: str) -> bytes:
    """The bytes of a file.

    Examples
    --------
    >>> content("evidence/figures/treaty.csv")[:6]
    b'treaty'
    """
    return path(name).read_bytes()


def text(name: str) -> str:
    """The text of a file.

    Examples
    --------
    >>> text("ground/parameters.csv").startswith("name,")
    True
    """
    return path(name).read_text("utf-8")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file, all cells as texts.

    Examples
    --------
    >>> rows("ground/parameters.csv")[0]["unit"]
    'share'
    """
    return list(csv.DictReader(io.StringIO(text(name))))


def toml(name: str) -> dict[str, Any]:
    """The entries of a TOML file.

    Examples
    --------
    >>> "un-migrant-stock" in toml("evidence/sources.toml")
    True
    """
    return tomllib.loads(text(name))
