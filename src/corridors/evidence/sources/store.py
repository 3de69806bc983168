"""Where fetched files are kept: named by their content, so nothing is stored twice or mistaken."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from corridors.errors import DataError, NotFound

ENVIRONMENT = "CORRIDORS_CACHE"
_BLOCK = 1 << 20


class Store:
    """A folder of files by SHA-256, with a corner for unfinished ones.

    Parameters
    ----------
    folder
        Default: the environment variable ``CORRIDORS_CACHE``, else the user's cache folder.

    Examples
    --------
    >>> import tempfile
    >>> store = Store(tempfile.mkdtemp())
    >>> part = store.partial("http://example.org/a.csv")
    >>> _ = part.write_bytes(b"a")
    >>> store.keep(part)[:12], part.exists()
    ('ca978112ca1b', False)
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = Path(folder) if folder is not None else default_folder()

    def path(self, sha256: str) -> Path:
        """Where the file of this content is, present or not."""
        return self.folder / "content" / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the content is present (not whether it is whole: see `verified`)."""
        return self.path(sha256).is_file()

    def partial(self, address: str) -> Path:
        """Where an unfinished download from an address is kept."""
        folder = self.folder / "unfinished"
        self._make(folder)
        return folder / hashlib.sha256(address.encode()).hexdigest()[:32]

    def keep(self, part: Path) -> str:
        """Move a finished file to its place and return its SHA-256."""
        sha256 = digest(part)
        place = self.path(sha256)
        self._make(place.parent)
        part.replace(place)
        return sha256

    def verified(self, sha256: str) -> Path:
        """Return the file of this content after checking that it is whole.

        Raises
        ------
        NotFound
            It is not here.
        DataError
            It has been changed or damaged since it was fetched.
        """
        place = self.path(sha256)
        if not place.is_file():
            raise NotFound(
                f"content {sha256[:12]}… is not in the cache {self.folder}",
                remedy="fetch it with 'corridors sources fetch'",
            )
        found = digest(place)
        if found != sha256:
            raise DataError(
                f"{place} was changed or damaged",
                f"its SHA-256 is {found[:12]}…, it was {sha256[:12]}… when it was fetched",
                "remove it and fetch it again with 'corridors sources fetch'",
            )
        return place

    @staticmethod
    def _make(folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(
                f"the cache folder {folder} can not be made", str(error), f"set {ENVIRONMENT} to another"
            ) from error


def default_folder() -> Path:
    """Return the cache folder of this user."""
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(base) / "corridors"


def digest(path: Path) -> str:
    """SHA-256 of a file, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def alone(part: Path) -> Generator[None]:
    """Hold a download for this process; another that wants the same file is refused in words."""
    with part.with_suffix(".lock").open("a") as handle:
        try:
            _hold(handle.fileno())
        except OSError:
            raise DataError(
                "another program is fetching the same file",
                str(part),
                "wait until it has finished",
            ) from None
        yield


def _hold(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
