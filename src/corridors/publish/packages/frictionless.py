"""A Frictionless data package: every table as Parquet, described in ``datapackage.json``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corridors.atlas import Atlas
from corridors.atlas.schema import ColumnSchema, TableSchema, atlas_schema
from corridors.errors import NotFound
from corridors.publish.packages.folder import new_folder

_TYPES = {"str": "string", "int": "integer", "float": "number", "bool01": "boolean"}


def data_package(atlas: Atlas, folder: str | Path, tables: Sequence[str] | None = None) -> dict[str, Any]:
    """Write tables as Parquet with a ``datapackage.json`` (Data Package standard, version 2).

    Parameters
    ----------
    atlas
        The open atlas.
    folder
        A new folder.
    tables
        Names of tables; by default all of the schema that the atlas has.

    Returns
    -------
    dict
        The descriptor that was written.

    Raises
    ------
    NotFound
        The atlas has no such table.
    DataError
        The folder is there already.

    Examples
    --------
    >>> import corridors as co
    >>> data_package(co.open(), "package", ["treaty"])["name"]
    'corridors-atlas'
    """
    known = [name for name in atlas_schema() if name in atlas.tables()]
    unknown = sorted(set(tables or ()) - set(known))
    if unknown:
        raise NotFound(f"the atlas has no table {unknown[0]!r}", remedy=f"tables: {', '.join(known)}")
    run = atlas.table("run").row(0, named=True)
    with new_folder(Path(folder)) as place:
        resources = [_resource(atlas, atlas_schema()[name], place) for name in tables or known]
        package = {
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "name": "corridors-atlas",
            "title": "Atlas of international migration and development",
            "version": str(run["version"]).split()[0],
            "created": _moment(run["built_at"]),
            "sources": _sources(atlas),
            "licenses": _licences(atlas),
            "resources": resources,
        }
        text = json.dumps(package, ensure_ascii=False, indent=1, default=str) + "\n"
        (place / "datapackage.json").write_text(text, "utf-8")
    return package


def _resource(atlas: Atlas, table: TableSchema, place: Path) -> dict[str, Any]:
    frame = atlas.table(table.name)
    path = place / f"{table.name}.parquet"
    frame.write_parquet(path, compression="snappy")
    content = path.read_bytes()
    columns = [c for c in table.columns if c.name in frame.columns]
    described: dict[str, Any] = {"fields": [_field(c, c.name in table.keys) for c in columns]}
    if table.keys:
        described["primaryKey"] = list(table.keys)
    return {
        "name": table.name.replace("_", "-"),
        "title": table.name.replace("_", " ").capitalize(),
        "path": path.name,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": described,
    }


def _field(column: ColumnSchema, key: bool) -> dict[str, Any]:
    limits: dict[str, Any] = {"required": True} if key or not column.nullable else {}
    if column.minimum is not None:
        limits["minimum"] = column.minimum
    if column.maximum is not None:
        limits["maximum"] = column.maximum
    words = column.description if not column.unit else f"{column.description} [{column.unit}]"
    field = {"name": column.name, "type": _TYPES[column.type], "description": words}
    return field | ({"constraints": limits} if limits else {})


def _sources(atlas: Atlas) -> list[dict[str, str]]:
    rows = atlas.sql("SELECT DISTINCT publisher, title, revision FROM source ORDER BY ALL")
    return [
        {"title": f"{publisher}: {title} ({revision})"} for publisher, title, revision in rows.iter_rows()
    ]


def _licences(atlas: Atlas) -> list[dict[str, str]]:
    rows = atlas.sql(
        "SELECT licence, string_agg(title, '; ' ORDER BY title) AS titles FROM source GROUP BY 1 ORDER BY 1"
    )
    return [{"name": _slug(licence), "title": f"{licence}: {titles}"} for licence, titles in rows.iter_rows()]


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() or c in "-._" else " " for c in text).split())


def _moment(built: Any) -> str:
    text = built.isoformat() if hasattr(built, "isoformat") else str(built)
    return text if text.endswith("Z") or "+" in text[10:] else f"{text}Z"
