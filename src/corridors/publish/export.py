"""The whole site as a folder of files, for any static host and for reading offline."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from corridors.atlas import Atlas
from corridors.errors import DataError, NotFound
from corridors.publish.site import site_files
from corridors.publish.site.about import atlas_id
from corridors.results import Result
from corridors.version import __version__

WEB = Path(__file__).parent / "web"
MARK = ".corridors-export"
PARTS: tuple[str, ...] = ("pages", "pairs", "corridors", "countries", "words")

_README = """\
corridors {version}: an atlas of international migration and development
atlas {atlas_id}

This folder is a whole web site. Put it below any path of any static web server; nothing is asked
from elsewhere. To look at it here:

    python -m http.server --directory {folder}

index.html     the pages
data/          the figures: Parquet (snappy) and JSON; data/sources.json names publishers and licences
data/atlas.json lists measures, places, times, and below which figure rows were left out ("least")

Every figure is a row of the atlas, rounded; missing is not zero.
"""


@dataclass(frozen=True, slots=True)
class ExportSummary(Result, keys=("part",)):
    """What an export wrote.

    Attributes
    ----------
    folder
        Where.
    bytes_by_part
        Size by part: pages, pairs, corridors, countries, words.
    files
        How many files.
    pages
        Whether the web pages were there to be exported.
    """

    folder: Path
    bytes_by_part: Mapping[str, int]
    files: int
    pages: bool

    @property
    def bytes(self) -> int:
        """Size of all files."""
        return sum(self.bytes_by_part.values())

    def summary(self) -> str:
        """Size by part, in words."""
        lines = [f"{self.folder}: {self.files} files, {self.bytes / 1e6:.2f} MB"]
        lines += [f"  {part:<12}{size / 1e6:6.2f} MB" for part, size in self.bytes_by_part.items()]
        return "\n".join(lines) + "\n"

    def to_polars(self) -> pl.DataFrame:
        """One row a part, with its size in bytes."""
        return pl.DataFrame({"part": list(self.bytes_by_part), "bytes": list(self.bytes_by_part.values())})


def export_site(
    atlas: Atlas, folder: str | Path, *, web: Path = WEB, without_pages: bool = False
) -> ExportSummary:
    """Write the site into a new folder.

    The files are written beside the folder, which appears when all are there; a former export
    of the same name is replaced, any other folder with something in it is left alone.

    Parameters
    ----------
    atlas
        An opened atlas.
    folder
        Where to.
    web
        The built web pages.
    without_pages
        Write the data alone where the pages are not built.

    Returns
    -------
    ExportSummary

    Raises
    ------
    DataError
        The folder holds something that is no export, or can not be written.
    NotFound
        The pages are not built.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.export import export_site
    >>> export_site(co.open(), "site").summary()  # doctest: +SKIP
    """
    target = Path(folder)
    _check_target(target)
    has_pages = (web / "index.html").is_file()
    if not has_pages and not without_pages:
        raise NotFound(
            "the web pages are not built into this installation",
            f"there is no {web / 'index.html'}",
            "install a wheel, or run 'npm ci' and 'npm run build' in the folder web; "
            "'--without-pages' exports the data alone",
        )
    beside = target.parent / f".{target.name}.{os.getpid()}.part"
    try:
        beside.mkdir(parents=True)
        sizes = _write(atlas, beside, web if has_pages else None, target.name)
        _replace(beside, target)
    except OSError as error:
        raise DataError(f"{target} can not be written", str(error), "choose another folder") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    count = sum(1 for path in target.rglob("*") if path.is_file())
    return ExportSummary(target, sizes, count, has_pages)


def _check_target(target: Path) -> None:
    if target.is_dir() and any(target.iterdir()) and not (target / MARK).is_file():
        raise DataError(
            f"{target} is not empty and is no export of this software",
            f"it holds {', '.join(sorted(p.name for p in target.iterdir())[:5])}",
            "name a new folder",
        )
    if target.exists() and not target.is_dir():
        raise DataError(f"{target} is a file", remedy="name a new folder")


def _write(atlas: Atlas, root: Path, web: Path | None, name: str) -> dict[str, int]:
    sizes: dict[str, int] = dict.fromkeys(PARTS, 0)
    if web is not None:
        shutil.copytree(web, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))
        shutil.copyfile(root / "index.html", root / "404.html")
        sizes["pages"] = sum(p.stat().st_size for p in root.rglob("*") if p.is_file())
    for path, make in site_files(atlas).items():
        content = make(atlas)
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        sizes[_part(path)] += len(content)
    mark = atlas_id(atlas)
    (root / "README.txt").write_text(_README.format(version=__version__, atlas_id=mark, folder=name), "utf-8")
    (root / "robots.txt").write_text("User-agent: *\nAllow: /\n", "utf-8")
    (root / MARK).write_text(f"corridors {__version__} {mark}\n", "utf-8")
    return sizes


def _part(path: str) -> str:
    """Part of the site that a data file belongs to.

    Examples
    --------
    >>> _part("data/pair/refugees/refugees.parquet"), _part("data/names.json")
    ('pairs', 'words')
    """
    folder = path.split("/")[1]
    parts = {"pair": "pairs", "corridor": "corridors", "country": "countries", "profile": "countries"}
    return parts.get(folder, "words")


def _replace(beside: Path, target: Path) -> None:
    """Put the new folder in the place of the old, which goes only then."""
    old = target.parent / f".{target.name}.{os.getpid()}.old"
    if target.exists():
        target.rename(old)
    try:
        beside.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
