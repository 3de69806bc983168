"""Rows as the bytes of Parquet and JSON files."""

from __future__ import annotations

import io
import json
from typing import Any

import polars as pl

from corridors.extras import need

NUMBERS = ("value", "lower", "upper")


def rounded(frame: pl.DataFrame, decimals: int) -> pl.DataFrame:
    """Figures with the digits the site keeps: whole numbers as int32 where they fit.

    Parameters
    ----------
    frame
        With any of the columns value, lower, upper.
    decimals
        Digits after the point.

    Examples
    --------
    >>> import polars as pl
    >>> rounded(pl.DataFrame({"value": [12.6, None]}), 0)["value"].to_list()
    [13, None]
    """
    present = [name for name in NUMBERS if name in frame.columns]
    frame = frame.with_columns(pl.col(present).cast(pl.Float64).round(decimals, mode="half_away_from_zero"))
    if decimals or any(_large(frame[name]) for name in present):
        return frame
    return frame.with_columns(pl.col(present).cast(pl.Int32))


def _large(column: pl.Series) -> bool:
    return bool((column.abs() >= 2**31).any())


def parquet(frame: pl.DataFrame) -> bytes:
    """A snappy Parquet file: words as dictionaries, whole numbers as differences.

    Rows in descending order of their figures therefore take about half the room.

    Parameters
    ----------
    frame
        Columns of strings, whole numbers and floats.

    Returns
    -------
    bytes
        The same bytes for the same rows.
    """
    need("web")
    import pyarrow as pa
    import pyarrow.parquet as pq

    frame = frame.with_columns(
        pl.col(name).cast(pl.Int32)
        for name, dtype in frame.schema.items()
        if dtype == pl.Int64 and not _large(frame[name])
    )
    words = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    whole = [name for name, dtype in frame.schema.items() if dtype.is_integer()]
    real = [name for name, dtype in frame.schema.items() if dtype.is_float()]
    repeated = [name for name in real if 4 * frame[name].n_unique() < frame.height]
    arrow = frame.to_arrow()
    columns = {
        name: arrow[name].cast(pa.string()) if name in words else arrow[name] for name in arrow.column_names
    }
    buffer = io.BytesIO()
    pq.write_table(
        pa.table(columns),
        buffer,
        compression="snappy",
        use_dictionary=[*words, *repeated],  # pyright: ignore[reportArgumentType]
        column_encoding=dict.fromkeys(whole, "DELTA_BINARY_PACKED")
        | dict.fromkeys(set(real) - set(repeated), "BYTE_STREAM_SPLIT"),
        write_statistics=False,
        store_schema=False,
        row_group_size=max(frame.height, 1),
    )
    return buffer.getvalue()


def compact_json(content: Any) -> bytes:
    r"""JSON without blanks; a figure that is no number is null.

    Examples
    --------
    >>> compact_json({"place": "Türkiye", "value": 1.5})
    b'{"place":"T\xc3\xbcrkiye","value":1.5}'
    """
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
