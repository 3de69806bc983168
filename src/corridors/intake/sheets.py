"""From the bytes of a workbook to one frame of texts: which sheet, which row of names, which cells failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from corridors.errors import DataError
from corridors.intake.column_names import Wanted, has_names
from corridors.intake.layout import Layout, Parsed
from corridors.intake.under_header import with_header
from corridors.wording import SHOWN, counted, similar

_FIRST_ROWS = 20


def visible_sheets(content: bytes, name: str, sheet: str | None = None) -> dict[str, Any]:
    """The loaded sheets of a workbook that have cells: visible ones, or the one that is named.

    Parameters
    ----------
    content
        Its bytes.
    name
        What to call the file in errors.
    sheet
        The one sheet wanted, which may be hidden.

    Raises
    ------
    DataError
        There is no such sheet, or no visible one with cells.
    """
    import fastexcel

    book = fastexcel.read_excel(content)
    if sheet is not None and sheet not in book.sheet_names:
        raise DataError(
            f"file {name} has no sheet '{sheet}'",
            similar(sheet, book.sheet_names),
            f"sheets: {', '.join(book.sheet_names)}",
        )
    loaded = {
        title: book.load_sheet(title, header_row=None, skip_rows=0, dtypes="string")
        for title in ([sheet] if sheet is not None else book.sheet_names)
    }
    found = {
        title: one for title, one in loaded.items() if one.height and (sheet or one.visible == "visible")
    }
    if not found:
        raise DataError(f"file {name} has no visible sheet with cells", remedy="show the sheet, or name it")
    return found


def parse_workbook(
    content: bytes, name: str, sheet: str | None, header_row: int | None, wanted: Wanted
) -> Parsed:
    """Read one sheet of a workbook as texts; see :func:`corridors.intake.files.parsed`."""
    import fastexcel

    loaded = visible_sheets(content, name, sheet)
    cells = {title: one.to_polars() for title, one in loaded.items()}
    title = _only_sheet(cells, name, wanted)
    row = header_row or _row_with(cells[title], wanted) or _first_full_row(cells[title])
    refuse_error_cells(loaded[title], row, f"file {name}, sheet '{title}'")
    all_titles = fastexcel.read_excel(content).sheet_names if sheet is None else []
    layout = Layout(
        ".xlsx",
        sheet=title,
        passed_over=[one for one in cells if one != title],
        hidden=[one for one in all_titles if one not in cells],
        header_row=row,
    )
    return Parsed(with_header(cells[title].slice(row - 1), f"{name}, sheet '{title}'"), layout)


def refuse_error_cells(loaded: Any, header_row: int, where: str) -> None:
    """Refuse cells in which a formula failed: they are no missing figures.

    Parameters
    ----------
    loaded
        A sheet as fastexcel loads it, all cells as texts.
    header_row
        Row of the names of columns, from 1.
    where
        What to call the sheet in errors.
    """
    _, found = loaded.to_arrow_with_errors()
    broken = [e for e in (found.errors if found else ()) if "Error(" in e.detail]
    if broken:
        cells = [
            f"row {error.offset_position[0] - header_row + 1}, column {error.offset_position[1] + 1}: "
            f"{error.detail.partition('Error(')[2].rstrip(chr(39) + ')')}"
            for error in broken[:SHOWN]
        ]
        raise DataError(
            f"{where}: {counted(len(broken), 'cell')} in which a formula failed",
            "\n".join(cells),
            "mend the formula, or leave the cell blank where the figure is unknown",
        )


def _only_sheet(found: Mapping[str, pl.DataFrame], name: str, wanted: Wanted) -> str:
    """The one sheet that can be meant: the only visible one, or the only one with the columns wanted."""
    having = [title for title, cells in found.items() if _row_with(cells, wanted)]
    if len(found) > 1 and len(having) != 1:
        raise DataError(
            f"file {name} has {len(found)} sheets, and which is meant is not said",
            f"sheets: {', '.join(found)}",
            "say which: 'sheet' in corridors.toml, or FILE.xlsx#SHEET on the command line",
        )
    return having[0] if len(found) > 1 else next(iter(found))


def _row_with(cells: pl.DataFrame, wanted: Wanted) -> int:
    """Row (from 1) that has all columns wanted, the first where none are; 0 where no row has them."""
    for number, row in enumerate(cells.head(_FIRST_ROWS).iter_rows(), 1):
        if has_names([text or "" for text in row], wanted):
            return number
    return 0


def _first_full_row(cells: pl.DataFrame) -> int:
    """Row (from 1) of the first that has more than one cell; a title has one."""
    for number, row in enumerate(cells.head(_FIRST_ROWS).iter_rows(), 1):
        if sum(bool((text or "").strip()) for text in row) > 1:
            return number
    return 1
