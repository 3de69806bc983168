"""How a user describes own files: ``corridors.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from corridors.errors import DataError, NotFound
from corridors.evidence.provenance import card_fields, checked_options, parse_toml
from corridors.evidence.table_schemas import schema, table_schema
from corridors.wording import similar

OPTIONS = ("file", "sheet", "header_row", "separator", "decimal", "mode", "columns", "card")
SETTINGS = "corridors.toml"


@dataclass(frozen=True, slots=True)
class TableSetting:
    """What ``corridors.toml`` says about one table."""

    file: str = ""
    sheet: str | None = None
    header_row: int | None = None
    separator: str = ""
    decimal: str = ""
    mode: str = "replace"
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    card: Mapping[str, str] = field(default_factory=dict[str, str])


def read_settings(folder: Path) -> dict[str, TableSetting]:
    """Read what ``corridors.toml`` in a folder says, by table name.

    Examples
    --------
    >>> from pathlib import Path
    >>> read_settings(Path("nowhere"))
    {}
    """
    path = folder / SETTINGS
    if not path.exists():
        return {}
    tables = parse_toml(read_text(path), str(path))
    return {table: _entry(table, options, path) for table, options in tables.items()}


def _entry(table: str, value: object, path: Path) -> TableSetting:
    where = f"[{table}] in {path}"
    if table not in schema():
        raise DataError(
            f"{where} is no table",
            similar(table, schema()),
            f"tables: {', '.join(schema())}",
        )
    options = checked_options(value, OPTIONS, where)
    if "columns" in options:
        columns = checked_options(options["columns"], table_schema(table).names, f"columns of {where}")
        options["columns"] = columns
    if "card" in options:
        options["card"] = card_fields(options["card"], f"[{table}.card] in {path}")
    expected = {
        "file": "a file name",
        "sheet": "the name of a sheet",
        "header_row": "a whole number from 1",
        "separator": "a character",
        "decimal": '"." or ","',
        "mode": '"replace" or "extend"',
        "columns": "names of columns in the file",
    }
    for name, words in expected.items():
        if name in options and not _plausible(name, options[name]):
            raise DataError(
                f"{where}: '{name}' is not {words}",
                f"value: {options[name]!r}",
                f"give {words}",
            )
    return TableSetting(**cast(dict[str, Any], options))


def _plausible(option: str, value: object) -> bool:
    match option, value:
        case (("mode" | "decimal"), _):
            return value in (("replace", "extend") if option == "mode" else (".", ","))
        case "header_row", int():
            return not isinstance(value, bool) and value >= 1
        case "columns", dict():
            return all(isinstance(v, str) for v in cast(dict[str, object], value).values())
        case (("file" | "sheet" | "separator"), str()):
            return bool(value) and (option != "separator" or len(value) == 1)
        case _:
            return False


def read_bytes(path: Path) -> bytes:
    """Read a file of the user, or say in words why not."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        near = similar(path.name, (p.name for p in path.parent.glob("*")))
        raise NotFound(f"there is no file '{path}'", near, "check the name") from None
    except (OSError, ValueError) as error:
        raise DataError(f"file '{path}' can not be read", str(error)) from error


def read_text(path: Path) -> str:
    """Read a text file of the user."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(f"file '{path}' is not UTF-8 text", remedy="save it as UTF-8") from None
