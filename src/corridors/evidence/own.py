"""A user's own figures: a folder of files, optionally described by ``corridors.toml``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from corridors.errors import DataError, NotFound
from corridors.evidence.checks.whole_table import conform
from corridors.evidence.provenance import Card, make_card, parse_cards
from corridors.evidence.settings import (
    SETTINGS,
    TableSetting,
    read_bytes,
    read_settings,
    read_text,
)
from corridors.evidence.table_schemas import ColumnSchema, TableSchema, schema, table_schema
from corridors.intake.column_names import named_like
from corridors.intake.files import parsed, stem_and_suffix
from corridors.intake.files import read_file as read_table
from corridors.intake.frames import texts
from corridors.intake.layout import Layout
from corridors.intake.numerals import with_points
from corridors.wording import similar


@dataclass(frozen=True, slots=True)
class RawFigures:
    """Figures of one table from one file or frame, not yet validated."""

    raw: pl.DataFrame
    card: Card
    where: str
    extends: bool = False
    layout: Layout = field(default_factory=lambda: Layout("in memory"))


def read_file(path: str | Path, table: str) -> pl.DataFrame:
    """Read and validate one file of own figures that no atlas table holds.

    Parameters
    ----------
    path
        A CSV, gzipped CSV, Parquet or Excel file.
    table
        What it holds: ``stocks``, ``people`` or ``seed`` (layer ``own`` of the schema).

    Raises
    ------
    NotFound, DataError
        No such file, or rows that do not conform; names them.

    Examples
    --------
    >>> from corridors.evidence import read_file
    >>> read_file("nowhere.csv", "stocks")
    Traceback (most recent call last):
    corridors.errors.NotFound: there is no file nowhere.csv
      Remedy: its suffix can be .csv, .csv.gz, .parquet, .xlsx
    """
    schema_of = table_schema(table, "own")
    wanted = [column.name for column in needed(schema_of)]
    return conform(schema_of, read_table(Path(path), wanted), f"file {Path(path).name}")


def from_folder(folder: Path) -> dict[str, RawFigures]:
    """Read a folder of own figures, by table name.

    A file named like a table (``migrant_stock.xlsx``) replaces it;
    ``corridors.toml`` can say otherwise.

    Examples
    --------
    >>> from pathlib import Path
    >>> from_folder(Path("nowhere"))
    Traceback (most recent call last):
    corridors.errors.NotFound: there is no folder 'nowhere'
      Remedy: give a folder that holds files such as migrant_stock.csv
    """
    remedy = "give a folder that holds files such as migrant_stock.csv"
    if not folder.exists():
        raise NotFound(f"there is no folder '{folder}'", remedy=remedy)
    if not folder.is_dir():
        raise DataError(f"'{folder}' is a file, not a folder", remedy=remedy)
    cards_file = folder / "figures.toml"
    cards = parse_cards(read_text(cards_file), str(cards_file)) if cards_file.exists() else {}
    return {
        table: piece_of(table_schema(table), path, entry, cards.get(table, {}))
        for table, (path, entry) in described(folder).items()
    }


def described(folder: Path) -> dict[str, tuple[Path, TableSetting]]:
    """The file of each table in a folder, and what ``corridors.toml`` says of it."""
    entries = read_settings(folder)
    files = _files(folder, entries)
    if not files:
        raise DataError(
            f"folder '{folder}' holds no figures",
            f"tables: {', '.join(schema())}",
            "name a file like a table, such as migrant_stock.csv",
        )
    return {table: (path, entries.get(table, TableSetting())) for table, path in files.items()}


def from_frame(table: str, frame: Any) -> RawFigures:
    """Take a pandas, polars or pyarrow table as figures.

    Examples
    --------
    >>> import polars as pl
    >>> from_frame("treaty", pl.DataFrame({"treaty": ["crc"]})).card.file
    'in memory'
    """
    table_schema(table)
    raw = texts(frame)
    content = raw.write_csv().encode()
    revision = f"own table (sha256 {hashlib.sha256(content).hexdigest()[:12]})"
    card = make_card(table, "in memory", content, {"revision": revision})
    return RawFigures(raw, card, "own table in memory")


def ignored_columns(table: TableSchema, piece: RawFigures) -> list[str]:
    """Return the columns of a piece that its table does not have.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.evidence.table_schemas import table_schema
    >>> piece = from_frame("treaty", pl.DataFrame({"treaty": ["crc"], "colour": ["red"]}))
    >>> ignored_columns(table_schema("treaty"), piece)
    ['colour']
    """
    return [name for name in piece.raw.columns if name not in (*table.names, "source")]


def needed(table: TableSchema) -> list[ColumnSchema]:
    """Columns that a file of the table must have."""
    return [column for column in table.columns if not column.optional]


def piece_of(table: TableSchema, path: Path, entry: TableSetting, card: Mapping[str, str]) -> RawFigures:
    """Read the file of one table as it is described, not yet validated."""
    content = read_bytes(path)
    try:
        wanted = [entry.columns.get(column.name, column.name) for column in needed(table)]
        raw, layout = parsed(content, path.name, sheet=entry.sheet, header_row=entry.header_row,
                             separator=entry.separator, wanted=wanted)  # fmt: skip
    except DataError as error:
        title = f"table '{table.name}': {error.title}"
        raise DataError(title, error.detail, error.remedy) from error
    renamed = named_like(_renamed(raw, entry.columns, f"file {path}"), table.names)
    return RawFigures(
        _with_points(table, renamed, entry.decimal),
        make_card(table.name, path.name, content, {**card, **entry.card}),
        f"file {path}",
        entry.mode == "extend",
        layout,
    )


def _with_points(table: TableSchema, raw: pl.DataFrame, decimal: str) -> pl.DataFrame:
    numeric = [column.name for column in table.columns if column.type in ("int", "float")]
    found = [with_points(raw[name], decimal) for name in numeric if decimal and name in raw.columns]
    return raw.with_columns(found)


def _renamed(raw: pl.DataFrame, columns: Mapping[str, str], where: str) -> pl.DataFrame:
    """Rename the file's columns; ``columns`` maps our names to theirs."""
    for ours, theirs in columns.items():
        if theirs not in raw.columns:
            raise DataError(
                f"{where} has no column '{theirs}', which should become '{ours}'",
                similar(theirs, raw.columns),
                f"columns found: {', '.join(raw.columns)}",
            )
    renamed = {theirs: ours for ours, theirs in columns.items()}
    names = [renamed.get(name, name) for name in raw.columns]
    for ours, theirs in columns.items():
        if names.count(ours) > 1:
            raise DataError(
                f"{where} has two columns for '{ours}'",
                f"'{ours}' and '{theirs}'",
                "leave one of them out",
            )
    return raw.rename(renamed)


def _files(folder: Path, entries: Mapping[str, TableSetting]) -> dict[str, Path]:
    """Find the file of each table."""
    files = {table: folder / entry.file for table, entry in entries.items() if entry.file}
    claimed = set(files.values())
    for table, path in _data_files(folder):
        if path in claimed:
            continue
        if table not in schema():
            raise DataError(
                f"file {path} is named like no table",
                similar(table, schema()),
                f"rename it, name its table in {SETTINGS}, or move it elsewhere; "
                f"tables: {', '.join(schema())}",
            )
        if table in files:
            raise DataError(
                f"table '{table}' has two files",
                f"{files[table]}\n{path}",
                "keep one of them",
            )
        files[table] = path
    for table in entries:
        if table not in files:
            raise NotFound(
                f"[{table}] in {folder / SETTINGS} has no file",
                remedy='write file = "..." or name the file like the table',
            )
    return files


def _data_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Files of a known format, by stem; hidden and lock files are passed over."""
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise DataError(f"folder '{folder}' can not be read", str(error)) from error
    for path in paths:
        stem, suffix = stem_and_suffix(path.name)
        if suffix and path.is_file() and not path.name.startswith((".", "~$")):
            yield stem, path
