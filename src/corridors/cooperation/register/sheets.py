"""Entries of spreadsheets: a row an entry, and a second sheet or file for the follow-up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corridors.cooperation.register.problems import Problem, RawEntry, Unreadable
from corridors.cooperation.register.schema import LISTS, fields

FOLLOW_UP = "transitions"
_STEP_COLUMNS = ("id", "state", "date", "source")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: its line and its cells by column, without empty ones."""

    line: int
    cells: dict[str, str]


def csv_rows(text: str, file: str) -> list[Row]:
    r"""Rows of a CSV file by the names in its first line.

    Parameters
    ----------
    text
        Content of the file, fields separated by commas, semicolons or tabs.
    file
        Its name, for problems.

    Raises
    ------
    Unreadable
        The file has no header, repeats a column, or has a row of another length.

    Examples
    --------
    >>> csv_rows("id,title\na,Orientation\n", "p.csv")
    [Row(line=2, cells={'id': 'a', 'title': 'Orientation'})]
    """
    head = text.lstrip("\ufeff").split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text.lstrip("\ufeff")), delimiter=max(",;\t", key=head.count), strict=True
    )
    lines: list[tuple[int, list[str]]] = []
    before = 0
    try:
        for cells in reader:
            lines.append((before + 1, cells))
            before = reader.line_num
    except csv.Error as error:
        problem = Problem(file, before + 1, "", f"is not CSV: {error}", "close every quote, export it again")
        raise Unreadable(problem) from None
    return _under_header(lines, file)


def excel_sheets(content: bytes, file: str) -> dict[str, list[Row]]:
    """Rows of every sheet of a workbook, all cells as text.

    Parameters
    ----------
    content
        Bytes of an ``.xlsx`` file.
    file
        Its name, for problems.
    """
    import polars as pl

    try:
        book = pl.read_excel(
            io.BytesIO(content),
            sheet_id=0,
            engine="calamine",
            has_header=False,
            read_options={"dtypes": "string", "skip_rows": 0},
            drop_empty_rows=False,
            drop_empty_cols=False,
            raise_if_empty=False,
        )
    except Exception as error:  # the reader raises errors of many families
        problem = Problem(file, 1, "", f"is no workbook: {error}", "save it again as .xlsx")
        raise Unreadable(problem) from None
    return {
        name: _under_header(
            [(n, [cell or "" for cell in row]) for n, row in enumerate(frame.iter_rows(), 1)],
            f"{file}[{name}]",
        )
        for name, frame in book.items()
    }


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


def _under_header(lines: list[tuple[int, list[str]]], file: str) -> list[Row]:
    filled = [(line, cells) for line, cells in lines if any(cell.strip() for cell in cells)]
    if not filled:
        return []
    first, header = filled[0]
    names = [name.strip() for name in header]
    repeated = next((name for n, name in enumerate(names) if name and name in names[:n]), None)
    if repeated is not None:
        raise Unreadable(Problem(file, first, repeated, "is a column twice", "keep one of the two"))
    rows: list[Row] = []
    for line, cells in filled[1:]:
        beyond = [cell for cell in cells[len(names) :] if cell.strip()]
        if beyond:
            problem = Problem(
                file,
                line,
                "",
                f"has {len(cells)} cells under {len(names)} names",
                "quote cells with separators",
            )
            raise Unreadable(problem)
        pairs = zip(names, cells, strict=False)
        rows.append(Row(line, {name: cell.strip() for name, cell in pairs if name and cell.strip()}))
    return rows


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
