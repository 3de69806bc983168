"""Cells of a publisher's workbook as texts."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from corridors.errors import DataError
from corridors.wording import similar


def sheet_cells(path: Path, sheet: str, name: str) -> pl.DataFrame:
    """All cells of a sheet as texts, rows and columns counted from the first of the sheet.

    Parameters
    ----------
    path
        The workbook.
    sheet
        Name of the sheet; capitals and blanks do not matter.
    name
        Name of the source, for the words of a refusal.

    Raises
    ------
    DataError
        It is no workbook, or has no such sheet.
    """
    import fastexcel

    try:
        book = fastexcel.read_excel(path.read_bytes())
    except (fastexcel.FastExcelError, OSError) as error:
        raise DataError(
            f"the file of source '{name}' is no workbook", str(error).split("\n")[0], "fetch it again"
        ) from error
    plain = {_plain(s): s for s in book.sheet_names}
    if _plain(sheet) not in plain:
        raise DataError(
            f"the workbook of source '{name}' has no sheet '{sheet}'",
            similar(sheet, book.sheet_names) or f"sheets: {', '.join(book.sheet_names)}",
            "the publisher changed the layout",
        )
    try:
        loaded = book.load_sheet(plain[_plain(sheet)], header_row=None, skip_rows=0, dtypes="string")
        return loaded.to_polars()
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError) as error:
        raise DataError(
            f"the workbook of source '{name}' can not be read", str(error).split("\n")[0], "fetch it again"
        ) from error


def _plain(name: str) -> str:
    return "".join(name.split()).lower()
