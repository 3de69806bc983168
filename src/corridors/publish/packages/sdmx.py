"""SDMX-CSV 2.0: the main tables as statistical offices exchange them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from corridors import packaged
from corridors.atlas import Atlas
from corridors.errors import NotFound
from corridors.publish.packages.folder import new_folder

AGENCY = "CORRIDORS"


@cache
def _dataflows() -> dict[str, dict[str, Any]]:
    return packaged.toml("publish/sdmx.toml")


def _names() -> tuple[str, ...]:
    return tuple(_dataflows())


SDMX_TABLES = _names()


def sdmx_csv(atlas: Atlas, folder: str | Path, tables: Sequence[str] | None = None) -> dict[str, int]:
    """Write tables as SDMX-CSV 2.0, one file a dataflow.

    Dimensions are the key columns in capitals, ``TIME_PERIOD`` the year (a period of years as
    ``start/Pn Y``), ``OBS_VALUE`` the figure, ``UNIT_MEASURE``, ``LOWER`` and ``UPPER`` attributes. A figure
    that is not known has no row.

    Parameters
    ----------
    atlas
        The open atlas.
    folder
        A new folder.
    tables
        Names of tables; by default all of `SDMX_TABLES`.

    Returns
    -------
    dict
        Rows written by table.

    Raises
    ------
    NotFound
        No such table.
    DataError
        The folder is there already.

    Examples
    --------
    >>> import corridors as co
    >>> sdmx_csv(co.open(), "sdmx", ["remittance_total"])
    {'remittance_total': 11100}
    """
    unknown = sorted(set(tables or ()) - set(SDMX_TABLES))
    if unknown:
        raise NotFound(
            f"there is no dataflow of table {unknown[0]!r}", remedy=f"tables: {', '.join(SDMX_TABLES)}"
        )
    written: dict[str, int] = {}
    with new_folder(Path(folder)) as place:
        for name in tables or SDMX_TABLES:
            frame = sdmx_frame(atlas, name)
            frame.write_csv(place / f"{AGENCY}_{_dataflows()[name]['id']}.csv", quote_style="necessary")
            written[name] = frame.height
    return written


def sdmx_frame(atlas: Atlas, table: str) -> pl.DataFrame:
    """One table in the columns of SDMX-CSV 2.0.

    Parameters
    ----------
    atlas
        The open atlas.
    table
        One of `SDMX_TABLES`.
    """
    flow = _dataflows()[table]
    columns = [f"{source} AS {target}" for target, source in flow["columns"].items()]
    order = ", ".join(name for name in flow["columns"] if name not in ("OBS_VALUE", "LOWER", "UPPER"))
    rows = atlas.sql(
        f"SELECT {', '.join(columns)} FROM {flow.get('from', table)} "
        f"WHERE {flow['value']} IS NOT NULL ORDER BY {order}"
    )
    structure = f"{AGENCY}:{flow['id']}(1.0)"
    head = {"STRUCTURE": "dataflow", "STRUCTURE_ID": structure, "ACTION": "I"}
    return rows.select(*(pl.lit(text).alias(name) for name, text in head.items()), pl.all())
