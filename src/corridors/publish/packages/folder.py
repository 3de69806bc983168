"""A folder that is whole or not there."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from corridors.errors import DataError


@contextmanager
def new_folder(folder: Path) -> Generator[Path]:
    """Fill a folder beside its place and move it there when it is complete.

    Parameters
    ----------
    folder
        Where it shall be; must not exist, or be empty.

    Raises
    ------
    DataError
        There is something already, or the place can not be written to.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DataError(f"{folder} is there already and not empty", remedy="name a new folder, or empty it")
    beside = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        yield beside
        if folder.exists():
            folder.rmdir()
        beside.replace(folder)
    except OSError as error:
        raise DataError(f"{folder} can not be written", str(error), "choose another place") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
