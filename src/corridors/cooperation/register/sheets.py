"""Entries of spreadsheets: a row an entry, and a second sheet or file for the follow-up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from corridors.cooperation.register.problems import Problem, RawEntry, Unreadable
from corridors.cooperation.register.schema import LISTS, fields
from corridors.errors import DataError
from corridors.intake.column_names import folded
from corridors.intake.csv_layout import layout_of, swallowed
from corridors.intake.csv_rows import one_line_end
from corridors.intake.sheets import refuse_error_cells, visible_sheets

FOLLOW_UP = "transitions"
_STEP_COLUMNS = ("id", "state", "date", "source")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: its line and its cells by column, without empty ones."""

    line: int
    cells: dict[str, str]


def csv_rows(text: str, file: str) -> list[Row]:
    r"""Rows of a CSV file by the names of its columns.

    Parameters
    ----------
    text
        Content of the file, in any layout that :mod:`corridors.intake` reads.
    file
        Its name, for problems.

    Raises
    ------
    Unreadable
        A quote stays open or swallows rows, a column stands twice, or a row is of another length.

    Examples
    --------
    >>> csv_rows("id,title\na,Orientation\n", "p.csv")
    [Row(line=2, cells={'id': 'a', 'title': 'Orientation'})]
    """
    plain = one_line_end(text.lstrip("\ufeff"))
    separator, first = layout_of(plain, _names_fields)
    reader = csv.reader(io.StringIO(plain), delimiter=separator, strict=True)
    lines: list[tuple[int, list[str]]] = []
    before = 0
    try:
        for cells in reader:
            lines.append((before + 1, cells))
            before = reader.line_num
    except csv.Error as error:
        problem = Problem(file, before + 1, "", f"is not CSV: {error}", "close every quote, export it again")
        raise Unreadable(problem) from None
    lines = [(line, cells) for line, cells in lines if line >= first]
    _refuse_irregular(lines, separator, file)
    return _under_header(lines, file)


def excel_sheets(content: bytes, file: str) -> dict[str, list[Row]]:
    """Rows of every visible sheet of a workbook that has names of fields, all cells as text.

    Parameters
    ----------
    content
        Bytes of an ``.xlsx`` file.
    file
        Its name, for problems.

    Raises
    ------
    Unreadable
        It is no workbook, no sheet has names of fields, or a formula failed in a cell.
    """
    try:
        loaded = visible_sheets(content, file)
    except Exception as error:  # the reader raises errors of many families
        problem = Problem(file, 1, "", f"is no workbook: {error}", "save it again as .xlsx")
        raise Unreadable(problem) from None
    found: dict[str, list[Row]] = {}
    for name, sheet in loaded.items():
        rows = [[cell or "" for cell in row] for row in sheet.to_polars().iter_rows()]
        first = next((n for n, row in enumerate(rows, 1) if _names_fields(row)), 0)
        if not first:
            continue
        try:
            refuse_error_cells(sheet, 1, f"{file}[{name}]")
        except DataError as error:
            problem = Problem(f"{file}[{name}]", first, "", f"{error.title}: {error.detail}", error.remedy)
            raise Unreadable(problem) from None
        found[name] = _under_header(list(enumerate(rows, 1))[first - 1 :], f"{file}[{name}]")
    if not found:
        remedy = f"name columns like fields: {', '.join([*fields()][:6])}, …"
        raise Unreadable(Problem(file, 1, "", "no sheet has names of fields", remedy))
    return found


def sheet_entries(
    rows: Iterable[Row], steps: Mapping[str, Sequence[Sequence[str]]], file: str
) -> list[RawEntry]:
    """Entries of rows; lists are split at semicolons, follow-up comes from its own sheet or from the cell.

    Parameters
    ----------
    rows
        Rows of entries.
    steps
        Follow-up by id, from :func:`follow_up`.
    file
        Name of the file, for problems.
    """
    return [_entry(row, steps, file) for row in rows]


def follow_up(rows: Iterable[Row], file: str) -> tuple[dict[str, list[list[str]]], list[Problem]]:
    """Steps of follow-up by id, from rows with ``id, state, date, source``, and what is wrong with them.

    Examples
    --------
    >>> rows = [Row(2, {"id": "a", "state": "stated", "date": "2011-05-19", "source": "A/65/944"})]
    >>> follow_up(rows, "t.csv")[0]
    {'a': [['stated', '2011-05-19', 'A/65/944']]}
    """
    found: dict[str, list[list[str]]] = {}
    problems: list[Problem] = []
    for row in rows:
        missing = [name for name in _STEP_COLUMNS if name not in row.cells]
        if missing:
            problems.append(
                Problem(
                    file, row.line, missing[0], "is missing", f"every step has {', '.join(_STEP_COLUMNS)}"
                )
            )
            continue
        found.setdefault(row.cells["id"], []).append([row.cells[name] for name in _STEP_COLUMNS[1:]])
    return found, problems


def _names_fields(cells: Sequence[str]) -> bool:
    """Whether a row is that of the names: at least two are of fields."""
    return len({name for cell in cells if (name := _field_names().get(folded(cell)))}) > 1


@cache
def _field_names() -> dict[str, str]:
    return {folded(name): name for name in (*fields(), *_STEP_COLUMNS, "kind")}


def _refuse_irregular(lines: Sequence[tuple[int, list[str]]], separator: str, file: str) -> None:
    import polars as pl

    filled = [(line, cells) for line, cells in lines if cells]
    if not filled:
        return
    width = len(filled[0][1])
    for line, cells in filled[1:]:
        # A row that is only longer by nothing is as long as the others.
        if len(cells) < width or any(cell.strip() for cell in cells[width:]):
            words = f"has {len(cells)} cells under {width} names"
            remedy = "quote cells with separators; give every row as many cells as there are names"
            raise Unreadable(Problem(file, line, "", words, remedy))
    schema = {f"{n}": pl.String for n in range(width)}
    rows = pl.DataFrame([cells[:width] for _, cells in filled], schema, orient="row")
    eaten = rows.select(swallowed(rows.columns, separator)).to_series()
    if eaten.any():
        line = filled[int(eaten.arg_true()[0])][0]
        words = "a quoted text holds what looks like other rows"
        remedy = "close the quote, or double it where it belongs to the text"
        raise Unreadable(Problem(file, line, "", words, remedy))


def _under_header(lines: list[tuple[int, list[str]]], file: str) -> list[Row]:
    filled = [(line, cells) for line, cells in lines if any(cell.strip() for cell in cells)]
    if not filled:
        return []
    first, header = filled[0]
    names = [_field_names().get(folded(name), name.strip()) for name in header]
    repeated = next((name for n, name in enumerate(names) if name and name in names[:n]), None)
    if repeated is not None:
        raise Unreadable(Problem(file, first, repeated, "is a column twice", "keep one of the two"))
    return [
        Row(
            line,
            {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name and cell.strip()},
        )
        for line, cells in filled[1:]
    ]


def _entry(row: Row, steps: Mapping[str, Sequence[Sequence[str]]], file: str) -> RawEntry:
    values: dict[str, object] = {}
    for name, cell in row.cells.items():
        known = fields().get(name)
        if known is not None and known.type in LISTS:
            values[name] = [part.strip() for part in cell.split(";") if part.strip()]
        elif name == FOLLOW_UP:
            values[name] = [step.strip().split(":", 2) for step in cell.replace("\n", "|").split("|")]
        else:
            values[name] = cell
    if (own := row.cells.get("id", "")) in steps:
        values[FOLLOW_UP] = [list(step) for step in steps[own]]
    return RawEntry(file, row.line, values, dict.fromkeys(values, row.line))
