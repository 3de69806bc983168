"""Own figures, checked row by row: everything that is wrong, not only the first."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from corridors.errors import CorridorsError, DataError, NotFound
from corridors.evidence.checks.between_columns import rules
from corridors.evidence.checks.one_column import Fault
from corridors.evidence.checks.scales import check_scales
from corridors.evidence.checks.whole_table import added_up, any_places, numbered_rows, typed_rows
from corridors.evidence.own import described, piece_of
from corridors.evidence.settings import TableSetting
from corridors.evidence.table_schemas import TableSchema, schema, table_schema
from corridors.intake.files import stem_and_suffix
from corridors.intake.place_columns import sums_of_others
from corridors.wording import ROW, similar

PROBLEMS = pl.Schema(
    {
        "file": pl.String,
        "table": pl.String,
        "row": pl.Int64,
        "column": pl.String,
        "value": pl.String,
        "problem": pl.String,
        "remedy": pl.String,
    }
)


def check_figures(path: str | Path, table: str | None = None) -> pl.DataFrame:
    r"""List everything that is wrong with own figures.

    Parameters
    ----------
    path
        A folder of own files, with or without ``corridors.toml``, or one file.
    table
        Which table one file holds; by default the one it is named like.

    Returns
    -------
    polars.DataFrame
        file, table, row (below the header, from 1; null for the file as a whole), column,
        value, problem, remedy; empty where nothing is wrong.

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
    place = Path(path)
    if place.is_dir():
        files = described(place)
    elif place.exists():
        files = {table or _named_like(place): (place, TableSetting())}
    else:
        raise NotFound(f"there is no file or folder '{place}'", remedy="check the name")
    found = [_checked(table_schema(name), file, entry) for name, (file, entry) in files.items()]
    return pl.concat([PROBLEMS.to_frame(), *found])


def _checked(table: TableSchema, file: Path, entry: TableSetting) -> pl.DataFrame:
    try:
        raw = piece_of(table.name, file, entry, {}).raw
        rows = numbered_rows(table, raw, f"table '{table.name}'")
    except CorridorsError as error:
        words = ". ".join(part for part in (error.title, error.detail.replace("\n", "; ")) if part)
        return _problems(file, table, pl.DataFrame({"problem": [words], "remedy": [error.remedy]}))
    frame, faults = typed_rows(table, rows)
    found = [_faulty(rows, fault) for fault in faults]
    if not faults:
        found = [*_repeated(table, frame), *_summed(table, frame), *_broken(table, frame),
                 *_other_scale(table, frame)]  # fmt: skip
    if not found:
        return PROBLEMS.to_frame()
    return _problems(file, table, pl.concat(found, how="diagonal").sort("row", maintain_order=True))


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
                bad.select(row=ROW, column=pl.lit(", ".join(involved)), value=values,
                           problem=pl.lit(rule.message), remedy=pl.lit(rule.remedy))
            )  # fmt: skip
    return found


def _other_scale(table: TableSchema, frame: pl.DataFrame) -> list[pl.DataFrame]:
    from corridors.evidence.loading import load

    try:
        check_scales({**load().tables, table.name: frame}, only=table.name)
    except DataError as error:
        words = {"problem": [f"{error.title}: {error.detail}"], "remedy": [error.remedy]}
        return [pl.DataFrame({"row": [None], **words}, schema_overrides={"row": pl.UInt32})]
    return []


def _problems(file: Path, table: TableSchema, rows: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, dtype).alias(n) for n, dtype in PROBLEMS.items() if n not in rows.columns]
    return rows.with_columns(missing).with_columns(file=pl.lit(file.name), table=pl.lit(table.name)).select(
        pl.col(name).cast(dtype) for name, dtype in PROBLEMS.items()
    )  # fmt: skip


def _named_like(file: Path) -> str:
    stem = stem_and_suffix(file.name)[0]
    if stem not in schema():
        raise DataError(
            f"file {file.name} is named like no table",
            similar(stem, schema()),
            f"say which with --table; tables: {', '.join(schema())}",
        )
    return stem
