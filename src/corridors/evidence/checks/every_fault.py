"""Own figures, checked row by row: everything that is wrong, not only the first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from corridors.errors import CorridorsError, DataError, NotFound
from corridors.evidence.checks.between_columns import rules
from corridors.evidence.checks.one_column import Fault
from corridors.evidence.checks.places_in_time import out_of_years
from corridors.evidence.checks.scales import check_scales
from corridors.evidence.checks.whole_table import added_up, any_places, numbered_rows, typed_rows
from corridors.evidence.own import RawFigures, described, needed, piece_of
from corridors.evidence.settings import TableSetting, read_bytes
from corridors.evidence.table_schemas import TableSchema, schema, table_schema
from corridors.intake.column_names import has_names
from corridors.intake.files import parsed, stem_and_suffix
from corridors.intake.place_columns import sums_of_others
from corridors.wording import ROW, similar

PROBLEMS = pl.Schema(
    {
        "severity": pl.String,
        "file": pl.String,
        "table": pl.String,
        "row": pl.Int64,
        "column": pl.String,
        "value": pl.String,
        "problem": pl.String,
        "remedy": pl.String,
    }
)


@dataclass(frozen=True, slots=True)
class Examined:
    """A file of own figures, looked at.

    Attributes
    ----------
    table
        Schema of the table that it holds.
    file
        Where it is.
    entry
        What ``corridors.toml`` says of it.
    piece
        Its cells and layout; None where it can not be read at all.
    frame
        Typed rows; None where columns are wanting.
    problems
        Errors and findings, columns as :data:`PROBLEMS`.
    """

    table: TableSchema
    file: Path
    entry: TableSetting
    piece: RawFigures | None
    frame: pl.DataFrame | None
    problems: pl.DataFrame

    @property
    def wrong(self) -> bool:
        """Whether the file would be refused."""
        return bool((self.problems["severity"] == "error").any())


def check_figures(path: str | Path, table: str | None = None) -> pl.DataFrame:
    r"""List everything that is wrong with own figures, and what is odd.

    Parameters
    ----------
    path
        A folder of own files, with or without ``corridors.toml``, or one file; ``FILE.xlsx#SHEET`` names a
        sheet.
    table
        Which table one file holds; by default the one it is named like, or whose columns it has.

    Returns
    -------
    polars.DataFrame
        severity (``error``, or ``finding`` for what is odd), file, table, row (below the header, from 1;
        null for the file as a whole), column, value, problem, remedy; empty where there is nothing to say.

    Raises
    ------
    NotFound
        No such file, folder or table.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "treaty.csv"
    >>> _ = file.write_text("treaty,country,state_party_since\ncrc,KEN,1990\ncrc,Atlantis,19\n")
    >>> check_figures(file).select("row", "column", "value", "problem").rows()
    [(2, 'country', 'Atlantis', 'not a country or area'), (2, 'state_party_since', '19', 'below 1965')]
    """
    return pl.concat([PROBLEMS.to_frame(), *(one.problems for one in examine(path, table))])


def examine(path: str | Path, table: str | None = None) -> list[Examined]:
    """Look at own figures, a file at a time; see :func:`check_figures`.

    Examples
    --------
    >>> examine("nowhere.csv")
    Traceback (most recent call last):
    corridors.errors.NotFound: there is no file or folder 'nowhere.csv'
    """
    place, entry = Path(path), TableSetting()
    if not place.exists() and "#" in place.name:
        name, _, sheet = place.name.rpartition("#")
        place, entry = place.with_name(name), TableSetting(sheet=sheet)
    if place.is_dir():
        files = described(place)
    elif place.exists():
        files = {table or _table_of(place, entry): (place, entry)}
    else:
        raise NotFound(f"there is no file or folder '{place}'", remedy="check the name")
    return [_examined(any_layer(name), file, entry) for name, (file, entry) in files.items()]


def any_layer(name: str) -> TableSchema:
    """Schema of a table of figures, or of one that only ``estimate`` reads.

    Examples
    --------
    >>> any_layer("stocks").keys
    ('origin', 'destination', 'year')
    """
    return schema("own")[name] if name in schema("own") else table_schema(name)


def _examined(table: TableSchema, file: Path, entry: TableSetting) -> Examined:
    piece = None
    try:
        piece = piece_of(table, file, entry, {})
        # In one piece: texts put together from rows in several make some versions of polars panic.
        rows = numbered_rows(table, piece.raw, f"table '{table.name}'").rechunk()
    except CorridorsError as error:
        words = ". ".join(part for part in (error.title, error.detail.replace("\n", "; ")) if part)
        told = {"severity": ["error"], "problem": [words], "remedy": [error.remedy]}
        return Examined(table, file, entry, piece, None, _problems(file, table, pl.DataFrame(told)))
    frame, faults = typed_rows(table, rows)
    frame = frame.rechunk()
    found = [_faulty(rows, fault) for fault in faults]
    if not faults:
        checks = (_repeated, _summed, _broken, _out, _other_scale)
        found = [rows for check in checks for rows in check(table, frame)]
    problems = PROBLEMS.to_frame()
    if found:
        problems = _problems(file, table, pl.concat(found, how="diagonal"))
    return Examined(table, file, entry, piece, frame, problems.sort("severity", "row", maintain_order=True))


def _faulty(rows: pl.DataFrame, fault: Fault) -> pl.DataFrame:
    remedy = pl.lit(fault.remedy)
    if fault.hints:
        hint = pl.col(fault.column).replace_strict(fault.hints, default="", return_dtype=pl.String)
        remedy = pl.concat_str([hint, remedy], separator="; ")
    return rows.filter(fault.bad).select(
        row=ROW, column=pl.lit(fault.column), value=pl.col(fault.column),
        problem=pl.lit(fault.says), remedy=remedy,
    )  # fmt: skip


def _repeated(table: TableSchema, frame: pl.DataFrame) -> list[pl.DataFrame]:
    twice = frame.filter(pl.struct(table.keys).is_duplicated())
    key = pl.concat_str([pl.col(k).cast(pl.String) for k in table.keys], separator=" ")
    words = f"another row has the same {', '.join(table.keys)}"
    return [
        twice.select(row=ROW, column=pl.lit(table.keys[0]), value=key, problem=pl.lit(words),
                     remedy=pl.lit("keep one of them"))
    ] if twice.height else []  # fmt: skip


def _summed(table: TableSchema, frame: pl.DataFrame) -> list[pl.DataFrame]:
    found = {name: sums_of_others(frame, name, table.keys, added_up(table)) for name in any_places(table)}
    return [
        frame.filter(pl.col(name).is_in(totals)).select(
            row=ROW, column=pl.lit(name), value=pl.col(name), problem=pl.lit("the sum of the other places"),
            remedy=pl.lit("leave rows of totals out"),
        )
        for name, totals in found.items()
        if totals
    ]  # fmt: skip


def _broken(table: TableSchema, frame: pl.DataFrame) -> list[pl.DataFrame]:
    found: list[pl.DataFrame] = []
    for rule in rules(table.name):
        bad = frame.filter(rule.condition)
        involved = sorted(set(rule.condition.meta.root_names()))
        if bad.height:
            values = pl.concat_str(
                [pl.format(f"{c}={{}}", pl.col(c)) for c in involved], separator=", ", ignore_nulls=True
            )
            found.append(
                bad.select(severity=pl.lit(rule.severity), row=ROW, column=pl.lit(", ".join(involved)),
                           value=values, problem=pl.lit(rule.message), remedy=pl.lit(rule.remedy))
            )  # fmt: skip
    return found


def _other_scale(table: TableSchema, frame: pl.DataFrame) -> list[pl.DataFrame]:
    from corridors.evidence.loading import load

    try:
        check_scales({**load().tables, table.name: frame}, only=table.name)
    except DataError as error:
        detail = error.detail.replace("\n", "; ")
        words = {"problem": [f"{error.title}: {detail}"], "remedy": [error.remedy]}
        return [pl.DataFrame({"row": [None], **words}, schema_overrides={"row": pl.UInt32})]
    return []


def _out(table: TableSchema, frame: pl.DataFrame) -> list[pl.DataFrame]:
    late = out_of_years(table, frame)
    return [
        late.select(
            severity=pl.lit("finding"), row=ROW, column="_column",
            value=pl.format("{} in {}", "_code", "_year"), problem="_says",
            remedy=pl.lit("give the code of the place that is meant in that year"),
        )
    ] if late.height else []  # fmt: skip


def _problems(file: Path, table: TableSchema, rows: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, dtype).alias(n) for n, dtype in PROBLEMS.items() if n not in rows.columns]
    named = rows.with_columns(missing).with_columns(
        pl.col("severity").cast(pl.String).fill_null("error"),
        file=pl.lit(file.name),
        table=pl.lit(table.name),
    )
    return named.select(pl.col(name).cast(dtype) for name, dtype in PROBLEMS.items())


def _table_of(file: Path, entry: TableSetting) -> str:
    """The table that a file is named like, or the one table whose columns it has."""
    stem, suffix = stem_and_suffix(file.name)
    if stem in schema() or stem in schema("own"):
        return stem
    known = {**schema("own"), **schema()}
    names = {name: [column.name for column in needed(table)] for name, table in known.items()}
    fits: dict[str, int] = {}
    if suffix:
        raw = parsed(
            read_bytes(file), file.name, sheet=entry.sheet, header_row=entry.header_row,
            wanted=lambda cells: any(has_names(cells, wanted) for wanted in names.values()),
        ).frame  # fmt: skip
        fits = {name: len(wanted) for name, wanted in names.items() if has_names(raw.columns, wanted)}
    found = [name for name, columns in fits.items() if columns == max(fits.values())]
    if len(found) == 1:
        return found[0]
    raise DataError(
        f"file {file.name} is named like no table",
        f"it may hold {' or '.join(found)}" if found else similar(stem, known),
        f"say which with --table; tables: {', '.join(known)}",
    )
