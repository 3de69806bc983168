"""Every result is a table, a data set and a few lines of text."""

from __future__ import annotations

import contextlib
import doctest
import importlib
import inspect
import io
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import xarray as xr

import corridors
from corridors.atlas import Explanation, Facts
from corridors.cooperation.aid import MigrationAid
from corridors.cooperation.aid.accuracy import Accuracy, Rate
from corridors.errors import DataError, NotInstalled
from corridors.migration import FlowEstimate
from corridors.migration.gravity import GravityFit
from corridors.publish.brief import Brief
from corridors.publish.brief.content import BriefSection, Figure
from corridors.publish.export import ExportSummary
from corridors.results import Result

_FACT = {"origin": "MEX", "destination": "USA", "measure": "migrant_stock", "detail": None, "sex": "total"}


def _facts() -> Facts:
    rows = [_FACT | {"period": str(year), "value": 1e6 + year, "unit": "persons"} for year in (2010, 2020)]
    return Facts("Mexico → United States", pl.DataFrame(rows))


def _explanation() -> Explanation:
    inputs = {"Stock": pl.DataFrame({"year": [2010, 2015], "value": [1.0, None]})}
    recipe = {"formula": "the difference of two stocks"}
    return Explanation(
        "migrant_flow", {"origin": "MEX"}, {"value": 1.0}, recipe, (), inputs, ({"source": "UN"},)
    )


def _accuracy() -> Accuracy:
    return Accuracy(*(Rate(n, 10) for n in (9, 5, 8, 6)))


def _aid() -> MigrationAid:
    table = pl.DataFrame({"year": [2019, 2020], "low": [1.0, 2.0], "projects": [1, 2]})
    return MigrationAid(table, ("year",), "commitment", True, _no_projects(), _accuracy())


def _no_projects() -> pl.DataFrame:
    schema = {"stratum": pl.String, "usd_commitment_defl": pl.Float64, "usd_commitment": pl.Float64}
    return pl.DataFrame(schema=schema | {"year": pl.Int64, "score": pl.Float64})


def _brief() -> Brief:
    figure = Figure("emigrants", "migrant_stock", {"origin": "PHL"}, "value", 6094307.0, "6,090,000")
    section = BriefSection("people", "People", figures=(figure,))
    day = datetime(2026, 1, 1)
    return Brief(
        "PHL", "Philippines", "en", "Asia", "6,090,000 live abroad", (), (section,), "corridors", day
    )


# What needs an atlas or an optional library to be made; all others are taken from the examples of the code.
BY_HAND: dict[type, Callable[[], Any]] = {
    Facts: _facts,
    Explanation: _explanation,
    MigrationAid: _aid,
    Accuracy: _accuracy,
    GravityFit: lambda: GravityFit({"x": 1.0}, {"x": 0.5}, 3, 9, 0.5, "flow ~ x"),
    Brief: _brief,
    ExportSummary: lambda: ExportSummary(Path("site"), {"pages": 10, "pairs": 5}, 2, True),
}


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(corridors.__path__, "corridors."):
        yield importlib.import_module(found.name)


def _classes() -> dict[str, type]:
    classes = (
        member
        for module in _modules()
        for member in vars(module).values()
        if inspect.isclass(member) and member.__module__ == module.__name__ and hasattr(member, "to_polars")
    )
    return {f"{c.__module__}.{c.__qualname__}": c for c in classes if c is not Result}


CLASSES = _classes()


def _from_examples(wanted: type) -> Any:
    """The first result of a class that the examples of its module, or of its room, make."""
    found: list[Any] = []
    made: Callable[..., None] = wanted.__init__

    def watched(self: Any, *given: Any, **named: Any) -> None:
        made(self, *given, **named)
        found.append(self)

    room = importlib.import_module(wanted.__module__.rpartition(".")[0])
    beside = [module.name for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}.")]
    wanted.__init__ = watched  # type: ignore[method-assign]
    try:
        for module in (wanted.__module__, *beside):
            for example in doctest.DocTestFinder().find(importlib.import_module(module)):
                with contextlib.redirect_stdout(io.StringIO()):
                    doctest.DocTestRunner(verbose=False).run(example, out=lambda _: None)
                if found:
                    return found[0]
    finally:
        wanted.__init__ = made  # type: ignore[method-assign]
    pytest.fail(f"no example of {wanted.__module__} or the modules beside it makes a {wanted.__name__}")


def test_there_are_many_results() -> None:
    assert len(CLASSES) > 55
    assert all(issubclass(c, Result) for c in CLASSES.values())


def test_summaries_are_of_results() -> None:
    """What has a summary for a person has its figures for a machine."""
    odd = {
        f"{c.__module__}.{c.__name__}"
        for module in _modules()
        for c in vars(module).values()
        if inspect.isclass(c) and c.__module__ == module.__name__ and hasattr(c, "summary")
    }
    assert odd - set(CLASSES) == {"corridors.results.Result"}


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_a_result_speaks_to_all(name: str) -> None:
    wanted = CLASSES[name]
    result = BY_HAND[wanted]() if wanted in BY_HAND else _from_examples(wanted)
    rows = result.to_polars()
    assert isinstance(rows, pl.DataFrame)
    assert rows.height
    assert set(result.key_columns()) <= set(rows.columns)

    table = result.to_pandas()
    assert isinstance(table, pd.DataFrame)
    assert table.shape == rows.shape

    arrays = result.to_xarray()
    assert isinstance(arrays, xr.Dataset)
    assert arrays.data_vars
    if isinstance(result, FlowEstimate):  # the arrays hold the totals
        rows = rows.filter(kind="total")
    for figure in arrays.data_vars:
        if figure in rows.columns and rows[figure].dtype == pl.Float64 and result.key_columns():
            known = rows[figure].drop_nulls().drop_nans()
            assert np.nansum(arrays[figure]) == pytest.approx(known.sum(), rel=1e-9, abs=1e-9)

    words = result.summary()
    assert words.strip() == words.strip("\n").rstrip() != ""
    assert not hasattr(result, "__dict__"), "a result is a frozen dataclass with slots"


@dataclass(frozen=True, slots=True)
class _Prices(Result, keys=("sending", "method")):
    rows: pl.DataFrame

    def to_polars(self) -> pl.DataFrame:
        return self.rows

    def summary(self) -> str:
        return "prices"


def test_what_has_no_row_is_missing() -> None:
    rows = {"sending": ["USA", "ARE"], "method": ["cash", "bank"], "price": [6.0, 5.0], "note": ["x", None]}
    arrays = _Prices(pl.DataFrame(rows)).to_xarray()
    assert arrays["price"].dims == ("sending", "estimator")
    assert arrays["sending"].values.tolist() == ["ARE", "USA"]
    np.testing.assert_array_equal(arrays["price"].values, [[5.0, np.nan], [np.nan, 6.0]])
    assert arrays["note"].sel(sending="USA", estimator="cash").item() == "x"


def test_rows_of_one_key_are_refused_in_words() -> None:
    rows = pl.DataFrame({"sending": ["USA", "USA"], "method": ["cash", "cash"], "price": [6.0, 7.0]})
    with pytest.raises(DataError, match="2 rows can not be told apart by sending, method") as caught:
        _Prices(rows).to_xarray()
    assert "row 1: sending=USA, method=cash" in str(caught.value)


@pytest.mark.parametrize(("module", "call"), [("pandas", "to_pandas"), ("xarray", "to_xarray")])
def test_an_absent_library_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, module: str, call: str
) -> None:
    monkeypatch.setitem(__import__("sys").modules, module, None)
    prices = _Prices(pl.DataFrame({"sending": ["USA"], "method": ["cash"], "price": [6.0]}))
    with pytest.raises(NotInstalled, match=f"{module} is not installed") as caught:
        getattr(prices, call)()
    assert f"pip install 'corridors[{module}]'" in caught.value.remedy
