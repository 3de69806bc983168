"""What was understood of a file of own figures, on one screen, and the settings that record it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import polars as pl

from corridors import places
from corridors.evidence.checks.every_fault import Examined
from corridors.evidence.checks.places_in_time import before_they_stood
from corridors.evidence.table_schemas import ColumnSchema, schema
from corridors.intake.files import stem_and_suffix
from corridors.intake.frames import tidy
from corridors.intake.numerals import numerals
from corridors.wording import close_names, counted, number

_LINES, _NAMES = 12, 6
_COUNTED = ("persons", "USD million")
_KINDS = {"country": "countries", "historical": "historical places", "group": "groups", "special": "special"}


def screen(one: Examined) -> str:
    r"""One screen about a file: what was understood, what is wrong, what is odd, and a ``corridors.toml``.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from corridors.evidence.checks.every_fault import examine
    >>> file = Path(tempfile.mkdtemp()) / "treaty.csv"
    >>> _ = file.write_text("treaty;country;state_party_since\ncrc;KEN;1990\n")
    >>> print(screen(examine(file)[0]))
    treaty.csv as table 'treaty': 1 row
      layout             names of columns in row 1, separator semicolon, encoding utf-8
      country            1 place: 1 country
      state_party_since  1990
    nothing is wrong, nothing is odd
    corridors.toml:
      [treaty]
      file = "treaty.csv"
      header_row = 1
      separator = ";"
    """
    rows = "" if one.piece is None else f": {counted(one.piece.raw.height, 'row')}"
    facts = dict(_facts(one))
    wide = max(map(len, facts), default=0)
    lines = [f"{one.file.name} as table '{one.table.name}'{rows}"]
    lines += [f"  {name:<{wide}}  {words}" for name, words in facts.items()]
    odd = _odd(one)
    for title, told in (("wrong:", _told(one, "error")), ("odd:", [*_told(one, "finding"), *odd])):
        lines += [title, *(f"  {line}" for line in told)] if told else []
    if one.problems.is_empty() and not odd:
        lines.append("nothing is wrong, nothing is odd")
    lines += ["corridors.toml:", *(f"  {line}" for line in settings_of(one))]
    return "\n".join(lines)


def settings_of(one: Examined) -> list[str]:
    r"""Lines of a ``corridors.toml`` that records how the file was read; choices left open are comments.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from corridors.evidence.checks.every_fault import examine
    >>> file = Path(tempfile.mkdtemp()) / "remittances.csv"
    >>> _ = file.write_text("country,year,received,paid\nKEN,2020,1.234,\n")
    >>> settings_of(examine(file)[0])[-1]
    '# decimal = "."  # or ",": which mark parts decimals'
    """
    if one.table.name not in schema():
        return [f"# table '{one.table.name}' needs none: it is given to 'corridors estimate' as it is"]
    lines = [f"[{one.table.name}]", f"file = {json.dumps(one.file.name)}"]
    if one.piece is not None:
        layout = one.piece.layout
        lines += [f"sheet = {json.dumps(layout.sheet)}"] if layout.sheet else []
        lines += [f"header_row = {layout.header_row}"] if layout.header_row else []
        lines += [f"separator = {json.dumps(layout.separator)}"] if layout.separator else []
        marks = {read for column in _numeric(one) if (read := _marks(one, column)[0])}
        lines += [f"decimal = {json.dumps(marks.pop())}"] if len(marks) == 1 else []
        if any(_marks(one, column)[2] for column in _numeric(one)):
            lines.append('# decimal = "."  # or ",": which mark parts decimals')
        lines += _columns(one)
    return lines


def _columns(one: Examined) -> list[str]:
    """Columns that could be meant by those that are wanting."""
    assert one.piece is not None
    found = one.piece.raw.columns
    spare = [name for name in found if name not in one.table.names]
    wanting = [c.name for c in one.table.columns if c.name not in found and not c.optional]
    near = {name: close[0] for name in wanting if (close := close_names(name, spare))}
    if not near:
        return []
    return ["# [" + one.table.name + ".columns]", *(f"# {ours} = {json.dumps(near[ours])}" for ours in near)]


def _facts(one: Examined) -> Iterator[tuple[str, str]]:
    if one.piece is None:
        return
    yield "layout", str(one.piece.layout)
    left_out = [name for name in one.piece.raw.columns if name not in (*one.table.names, "source")]
    if left_out:
        yield "left out", f"{counted(len(left_out), 'column')} of other names: {', '.join(left_out[:8])}"
    if one.frame is None:
        return
    for column in one.table.columns:
        cells = one.frame[column.name]
        blank = f"; {counted(cells.null_count(), 'blank')}" if cells.null_count() else ""
        if column.holds_places or column.holds_any_places:
            yield column.name, _places(cells, column) + blank
        elif column.unit == "year" and cells.null_count() < cells.len():
            yield column.name, _years(cells) + blank
        elif column.type in ("int", "float") and cells.null_count() < cells.len():
            yield column.name, _figures(one, column) + blank


def _years(cells: pl.Series) -> str:
    first, last = cells.min(), cells.max()
    return f"{first}" if first == last else f"{first} to {last}, {counted(cells.n_unique(), 'year')}"


def _places(cells: pl.Series, column: ColumnSchema) -> str:
    names = cells.drop_nulls().unique()
    total = counted(names.len(), "place")
    if column.holds_any_places:
        first = names.sort().head(_NAMES).to_list()
        return f"{total} of any names: {', '.join(first)}{', …' if names.len() > _NAMES else ''}"
    kinds: dict[str, int] = {}
    for name in names:
        kind = next((place.kind for place in places.every(None) if place.code == name), "unknown")
        kinds[kind] = kinds.get(kind, 0) + 1
    told = [counted(n, kind, _KINDS.get(kind, kind)) for kind, n in kinds.items()]
    return f"{total}: {', '.join(told)}"


def _figures(one: Examined, column: ColumnSchema) -> str:
    assert one.frame is not None
    cells = one.frame[column.name]
    decimal, thousands, _ = _marks(one, column)
    words = [column.unit or "no unit"]
    words += [f"decimals after '{decimal}'"] if decimal else []
    words += [f"thousands parted by {thousands!r}"] if thousands else []
    low, high = (float(v) for v in (cells.min(), cells.max()))  # type: ignore[arg-type]
    span = number(low) if low == high else f"{number(low)} to {number(high)}"
    text = f"{', '.join(words)}; {span}"
    if column.unit in _COUNTED and "year" in one.frame.columns:
        last = one.frame["year"].max()
        text += f"; sum of {last}: {number(float(one.frame.filter(year=last)[column.name].sum()))}"
    elif column.unit in _COUNTED:
        text += f"; sum: {number(float(cells.sum()))}"
    return text


def _numeric(one: Examined) -> list[ColumnSchema]:
    raw = one.piece.raw.columns if one.piece is not None else []
    return [column for column in one.table.columns if column.type in ("int", "float") and column.name in raw]


def _marks(one: Examined, column: ColumnSchema) -> tuple[str, str, bool]:
    """Mark of decimals, mark of thousands, and whether the column leaves them open."""
    assert one.piece is not None
    text = tidy(one.piece.raw[column.name].cast(pl.String))
    read = numerals(text, whole=column.type == "int")
    return read.decimal, read.thousands, bool(read.ambiguous.any())


def _odd(one: Examined) -> list[str]:
    told: list[str] = []
    if one.frame is not None:
        told += before_they_stood(one.table, one.frame)
    if one.piece is not None and (others := one.piece.layout.passed_over):
        told.append(f"sheets that were not read: {', '.join(others)}")
    if one.piece is not None and (hidden := one.piece.layout.hidden):
        told.append(f"hidden or empty sheets that were not read: {', '.join(hidden)}")
    if one.table.name in schema() and stem_and_suffix(one.file.name)[0] != one.table.name:
        told.append("the file is called otherwise than its table; in a folder it needs the lines below")
    return told[:_LINES]


def _told(one: Examined, severity: str) -> list[str]:
    """Problems by what is said of them, with the first rows of each."""
    told: list[str] = []
    found = one.problems.filter(severity=severity)
    for (problem, column), rows in found.group_by(["problem", "column"], maintain_order=True):
        where = f"column {column}: " if column else ""
        told.append(f"{where}{problem}" + (f" ({counted(rows.height, 'row')})" if rows.height > 1 else ""))
        cells = rows.select("row", "value").head(3).iter_rows()
        first = [f"row {row}: {value}" for row, value in cells if row]
        more = f", and {rows.height - 3:,} more" if first and rows.height > 3 else ""
        told += [f"  {'; '.join(first)}{more}"] if first else []
        told.append(f"  → {rows['remedy'][0]}")
    return told
