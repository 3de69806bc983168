"""A workbook that is open for reading: its sheets, its strings, its cells as texts."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from xml.etree import ElementTree

import polars as pl

from corridors.errors import DataError, NotFound
from corridors.workbooks.cells import Rows, read_rows

SAVE_AGAIN = "download the workbook again, or open it in Excel and save it as .xlsx"


class Workbook:
    """An Excel workbook that is open for reading.

    Parameters
    ----------
    path
        The file; its name may have any ending.
    name
        What to call it in errors; the file's name if not given.

    Attributes
    ----------
    sheets
        Part of the archive by name of the sheet, in the order of the workbook.
    dates_1904
        Whether days are counted from 1904.

    Raises
    ------
    NotFound
        There is no such file.
    DataError
        The file is no Excel workbook.
    """

    def __init__(self, path: str | Path, name: str | None = None) -> None:
        self.path = Path(path)
        self.name = name or self.path.name
        if not self.path.is_file():
            raise NotFound(f"there is no file {path}")
        self._streams: list[IO[bytes]] = []
        _refuse_others(self.path, self.name)
        with readable(self.name):
            self._zip = zipfile.ZipFile(self.path)
        try:
            with readable(self.name):
                self.sheets, self.dates_1904 = self._contents()
                self._shared = self._strings()
        except DataError:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A reader that was refused may have left its sheet open.
        for stream in self._streams:
            stream.close()
        self._zip.close()

    def rows(self, sheet: str) -> Iterator[Rows]:
        """Rows of a sheet in pieces of some ten thousand, all cells as texts.

        Parameters
        ----------
        sheet
            Name, as in ``sheets``.

        Raises
        ------
        NotFound
            There is no such sheet; names those there are.
        DataError
            The sheet is damaged, or written in another style than Excel's.
        """
        if sheet not in self.sheets:
            raise NotFound(
                f"file {self.name} has no sheet '{sheet}'", f"its sheets: {', '.join(self.sheets)}"
            )
        with readable(self.name), self._zip.open(self.sheets[sheet]) as stream:
            self._streams.append(stream)
            yield from read_rows(stream, self._shared, f"sheet '{sheet}' of {self.name}")

    def _contents(self) -> tuple[dict[str, str], bool]:
        book = ElementTree.fromstring(self._zip.read("xl/workbook.xml"))
        links = ElementTree.fromstring(self._zip.read("xl/_rels/workbook.xml.rels"))
        target = {link.get("Id"): (link.get("Target") or "").lstrip("/") for link in links}
        sheets: dict[str, str] = {}
        dates_1904 = False
        for node in book.iter():
            if _tag(node) == "sheet":
                part = target[next(v for k, v in node.items() if k.endswith("}id"))]
                sheets[node.get("name") or ""] = part if part.startswith("xl/") else f"xl/{part}"
            elif _tag(node) == "workbookPr":
                dates_1904 = node.get("date1904") in ("1", "true")
        return sheets, dates_1904

    def _strings(self) -> pl.Series:
        texts: list[str] = []
        if "xl/sharedStrings.xml" in self._zip.namelist():
            with self._zip.open("xl/sharedStrings.xml") as stream:
                for _, node in ElementTree.iterparse(stream):
                    if _tag(node) == "si":
                        texts.append("".join(_plain(node)))
                        node.clear()
        return pl.Series("shared", texts, dtype=pl.String)


def _refuse_others(path: Path, name: str) -> None:
    """Refuse a file that is no workbook by its first bytes, and say what it seems to be."""
    with path.open("rb") as file:
        start = file.read(40)
    if start.startswith(b"PK"):
        return
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        seems, remedy = "it is one of the old kind (.xls), or locked by a password", "save it as .xlsx"
    elif not start:
        seems, remedy = "it is empty", "download it again"
    elif start.lstrip().lower().startswith((b"<!doc", b"<html")):
        seems, remedy = "it is a page of the web, such as a notice", "download the workbook again"
    elif start.isascii() and start.decode().replace("\r", "").replace("\n", "").isprintable():
        seems, remedy = (
            f"it is text: {start.decode().splitlines()[0]!r}…",
            "give the workbook itself, as .xlsx",
        )
    else:
        seems, remedy = "its first bytes are those of something else", SAVE_AGAIN
    raise DataError(f"file {name} is no Excel workbook (.xlsx)", seems, remedy)


@contextmanager
def readable(name: str) -> Generator[None]:
    """Turn what a damaged archive or broken XML raises into a refusal that names the file."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        ElementTree.ParseError,
        KeyError,
        StopIteration,
        # An encrypted archive, an unknown compression, names or sizes that are none.
        NotImplementedError,
        RuntimeError,
        UnicodeError,
        OverflowError,
    ) as error:
        raise DataError(f"file {name} can not be read as an Excel workbook", str(error), SAVE_AGAIN) from None


def _tag(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]


def _plain(item: ElementTree.Element) -> Iterator[str]:
    """Texts of a shared string, without those that spell it phonetically."""
    for child in item:
        match _tag(child):
            case "t":
                yield child.text or ""
            case "r":
                yield from _plain(child)
            case _:
                pass
