"""What every result can do: be a table of polars or pandas, a data set of xarray, a few lines of text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from corridors.errors import DataError
from corridors.extras import need
from corridors.wording import ROW, counted, rows_in_words

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import xarray as xr

# xarray's ``sel`` has an argument of this name, so that a dimension of it could not be asked for.
_DIMENSION = {"method": "estimator"}


class Result(ABC):
    """A result with labelled figures: a frozen dataclass that says what its rows are named by.

    Parameters
    ----------
    keys
        Columns of :meth:`to_polars` that name a row together, given in the head of the class. They
        are the dimensions of :meth:`to_xarray`; without any it has the one dimension ``record``.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> import polars as pl
    >>> from corridors.results import Result
    >>> @dataclass(frozen=True, slots=True)
    ... class Shares(Result, keys=("country",)):
    ...     share: dict[str, float]
    ...
    ...     def to_polars(self) -> pl.DataFrame:
    ...         return pl.DataFrame({"country": list(self.share), "share": list(self.share.values())})
    ...
    ...     def summary(self) -> str:
    ...         return f"shares of {len(self.share)} countries"
    >>> Shares({"TUV": 0.2, "MEX": 0.1}).to_xarray()["share"].sel(country="TUV").item()
    0.2
    """

    __slots__ = ()
    _keys: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, keys: tuple[str, ...] = (), **more: Any) -> None:
        super().__init_subclass__(**more)
        # A dataclass with slots is made twice, the second time without the words of its head.
        if keys:
            cls._keys = keys

    @abstractmethod
    def to_polars(self) -> pl.DataFrame:
        """The figures, one row each."""

    @abstractmethod
    def summary(self) -> str:
        """A few lines for a person."""

    def key_columns(self) -> tuple[str, ...]:
        """Columns of :meth:`to_polars` that name a row together."""
        return self._keys

    def to_pandas(self) -> pd.DataFrame:
        """As :meth:`to_polars`, for pandas (extra ``pandas``).

        Raises
        ------
        NotInstalled
            pandas is not installed.
        """
        need("pandas")
        return self.to_polars().to_pandas()

    def to_xarray(self) -> xr.Dataset:
        """As :meth:`to_polars`, each column an array over the key columns (extra ``xarray``).

        Labels are sorted. What has no row is missing, not zero. The dimension of a column ``method``
        is called ``estimator``.

        Raises
        ------
        NotInstalled
            xarray is not installed.
        """
        return _dataset_of_rows(self.to_polars(), self.key_columns())


def dataset(
    labels: Mapping[str, Sequence[Any]],
    figures: Mapping[str, Any],
    attributes: Mapping[str, Any] | None = None,
) -> xr.Dataset:
    """A data set of xarray from arrays that share all their dimensions.

    Parameters
    ----------
    labels
        Labels of each dimension, in the order of the arrays' axes.
    figures
        Arrays by name.
    attributes
        What holds for all figures.

    Raises
    ------
    NotInstalled
        xarray is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> dict(dataset({"country": ["MEX", "TUV"]}, {"share": np.array([0.1, 0.2])}).sizes)
    {'country': 2}
    """
    need("xarray")
    import xarray

    names = [_DIMENSION.get(name, name) for name in labels]
    return xarray.Dataset(
        {name: (names, values) for name, values in figures.items()},
        coords={name: list(values) for name, values in zip(names, labels.values(), strict=True)},
        attrs=dict(attributes or {}),
    )


def _dataset_of_rows(rows: pl.DataFrame, keys: Sequence[str]) -> xr.Dataset:
    if not keys:
        rows, keys = rows.with_row_index("record"), ("record",)
    twice = rows.with_row_index(ROW, 1).filter(rows.select(keys).is_duplicated())
    if twice.height:
        raise DataError(
            f"{counted(twice.height, 'row')} can not be told apart by {', '.join(keys)}",
            rows_in_words(twice, keys),
            "use to_polars",
        )
    labels = {key: rows.select(rows[key].unique().sort()) for key in keys}
    grid = next(iter(labels.values()))
    for frame in list(labels.values())[1:]:
        grid = grid.join(frame, how="cross")
    full = grid.join(rows, on=list(keys), how="left", nulls_equal=True, maintain_order="left")
    shape = [frame.height for frame in labels.values()]
    figures = {c: full[c].to_numpy().reshape(shape) for c in rows.columns if c not in keys}
    return dataset({key: frame[key].to_list() for key, frame in labels.items()}, figures)
