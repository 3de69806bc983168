"""Every public argument that takes a table: ten mistakes, each accepted for a reason or refused in words."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from intake_examples import EXAMPLES, Example

import corridors
from corridors.errors import CorridorsError, DataError
from corridors.intake import IntoTable

ROOMS = ("migration", "remittances", "cooperation", "publish")
# A function that reads files of its own needs one to be tried; its keywords are those of classify.
NOT_TRIED = {"corridors.cooperation.aid.series.migration_aid"}


def public() -> Iterator[Callable[..., Any]]:
    seen: set[int] = set()
    for module in pkgutil.walk_packages(corridors.__path__, "corridors."):
        if not module.ispkg or module.name.split(".")[1] not in ROOMS:
            continue
        room = importlib.import_module(module.name)
        for thing in (getattr(room, name) for name in getattr(room, "__all__", ())):
            methods = (
                [f for name, f in vars(thing).items() if name[0] != "_"] if inspect.isclass(thing) else []
            )
            for function in filter(inspect.isfunction, [thing, *methods]):
                if id(function) not in seen:
                    seen.add(id(function))
                    yield function


def takes_table(hint: Any) -> bool:
    parts = typing.get_args(hint)
    return set(typing.get_args(IntoTable)) <= set(parts) or any(map(takes_table, parts))


def table_arguments(function: Callable[..., Any]) -> list[str]:
    names = vars(sys.modules[function.__module__]) | {"IntoTable": IntoTable}
    return [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if any(word in str(parameter.annotation) for word in ("Into", "Source", "Prices", "Groups", "Points"))
        and takes_table(eval(parameter.annotation, names))
    ]


def test_every_table_argument_has_an_example() -> None:
    takers = {f: found for f in public() if (found := table_arguments(f))}
    told = {f"{f.__module__}.{f.__qualname__}" for f in takers}
    missing = [f"{f.__module__}.{f.__qualname__}" for f in takers if f not in EXAMPLES]
    assert sorted(missing) == sorted(NOT_TRIED & told)
    assert len(takers) > 60
    # A seed of remittances takes the place of their reference, so that one call can not try both; other
    # flows are a list of tables, each taken as the flows are.
    lacking = {
        f.__qualname__: sorted(set(arguments) - set(EXAMPLES[f].tables) - {"seed_table", "others"})
        for f, arguments in takers.items()
        if f in EXAMPLES
    }
    assert {name: left for name, left in lacking.items() if left} == {}


def test_one_door() -> None:
    root = Path(corridors.__path__[0])
    calls = [
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if "from_native" in (text := path.read_text()) or "IntoDataFrame" in text or "IntoFrame" in text
    ]
    assert sorted(calls) == ["intake/door.py", "intake/frames.py"]


CASES = [(function, name) for function, example in EXAMPLES.items() for name in example.tables]
every_table = pytest.mark.parametrize(
    ("function", "name"),
    CASES,
    ids=[f"{f.__module__.split('.')[1]}-{f.__qualname__}-{name}" for f, name in CASES],
)
RESULTS: dict[Callable[..., Any], Any] = {}


def called(function: Callable[..., Any], **changes: Any) -> Any:
    example = EXAMPLES[function]
    tables = {name: pl.DataFrame(table) for name, table in example.tables.items()}
    result = (example.call or function)(**example.settings | tables | changes)
    return result.collect() if isinstance(result, pl.LazyFrame) else result


def good(function: Callable[..., Any]) -> Any:
    if function not in RESULTS:
        RESULTS[function] = called(function)
    return RESULTS[function]


def same(one: Any, two: Any) -> bool:
    if isinstance(one, pl.DataFrame):
        return one.equals(two) and one.schema == two.schema
    if isinstance(one, np.ndarray):
        return np.array_equal(one, two, equal_nan=one.dtype.kind == "f")
    if is_dataclass(one):
        return all(same(getattr(one, f.name), getattr(two, f.name)) for f in fields(one))
    if isinstance(one, Mapping):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, Sequence) and not isinstance(one, str):
        return len(one) == len(two) and all(map(same, one, two))
    if hasattr(one, "to_dict"):
        return one.to_dict() == two.to_dict()
    return one == two or (one != one and two != two)


def refusal(function: Callable[..., Any], name: str, data: Any, *words: str) -> str:
    with pytest.raises(DataError) as caught:
        called(function, **{name: data})
    said = str(caught.value)
    assert "table '" in said, said
    assert caught.value.remedy, said
    for word in words:
        assert word in said, said
    assert "__" not in said, said
    return said


def may_be_refused(function: Callable[..., Any], name: str, data: Any) -> None:
    with suppress(CorridorsError):
        called(function, **{name: data})


def given(function: Callable[..., Any], name: str) -> tuple[Example, pl.DataFrame]:
    example = EXAMPLES[function]
    return example, pl.DataFrame(example.tables[name])


@every_table
def test_a_list_is_no_table(function: Callable[..., Any], name: str) -> None:
    for data, kind in (([1, 2], "list"), ([{"a": 1}], "list"), (7, "int"), (pl.Series([1]), "Series")):
        refusal(function, name, data, f"is no table but a {kind}")


@every_table
def test_a_column_absent(function: Callable[..., Any], name: str) -> None:
    example, table = given(function, name)
    for column in table.columns:
        if column in example.optional:
            may_be_refused(function, name, table.drop(column))
        else:
            refusal(function, name, table.drop(column), column)


@every_table
def test_a_column_misspelt(function: Callable[..., Any], name: str) -> None:
    example, table = given(function, name)
    for column in table.columns:
        if column in example.optional:
            may_be_refused(function, name, table.rename({column: f"{column}x"}))
        elif (function.__name__, name, column) not in CHOICES:
            refusal(function, name, table.rename({column: f"{column}x"}), f"did you mean '{column}x'?")


# Columns by which one of two layouts is told: without them the table is taken for the other.
CHOICES = {
    *(("deaths_in_migration", "incidents", column) for column in ("dead", "missing")),
    *((f, "prices", "cost_usd200_pct") for f in dir(corridors.remittances.prices)),
    ("smart_average", "quotes", "price_point"),
    ("flow_map", "points", "place"),
    *(("remittance_cost", "corridors", column) for column in ("fee", "fx_margin_pct")),
}


@every_table
def test_a_text_in_a_column_of_numbers(function: Callable[..., Any], name: str) -> None:
    _, table = given(function, name)
    for column in (c for c, kind in table.schema.items() if kind.is_numeric()):
        texts = table[column].cast(pl.String).to_list()
        refusal(
            function,
            name,
            table.with_columns(pl.Series(column, ["much", *texts[1:]])),
            f"{column}=much",
            "row 1",
        )


@every_table
def test_numbers_written_as_texts_are_numbers(function: Callable[..., Any], name: str) -> None:
    _, table = given(function, name)
    numbers = [c for c, kind in table.schema.items() if kind.is_numeric()]
    assert same(
        called(function, **{name: table.with_columns(pl.col(numbers).cast(pl.String))}), good(function)
    )


@every_table
def test_a_row_given_twice(function: Callable[..., Any], name: str) -> None:
    example, table = given(function, name)
    twice = pl.concat([table, table.head(1)])
    if name in example.repeats:
        may_be_refused(function, name, twice)
    else:
        refusal(function, name, twice, "twice in 2 rows", "row 1: ", f"row {table.height + 1}: ")


@every_table
def test_a_figure_below_zero(function: Callable[..., Any], name: str) -> None:
    example, table = given(function, name)
    for column, kind in table.schema.items():
        if not kind.is_numeric() or column.endswith(("year", "agreement")) or column.startswith("period"):
            continue
        below = table.with_columns(pl.Series(column, [-5, *table[column][1:].to_list()], strict=False))
        if column in example.signed:
            may_be_refused(function, name, below)
        else:
            refusal(function, name, below, column, "row 1: ")


@every_table
def test_a_cell_missing(function: Callable[..., Any], name: str) -> None:
    example, table = given(function, name)
    for column in table.columns:
        cells = [None, *table[column][1:].to_list()]
        hole = table.with_columns(pl.Series(column, cells, dtype=table.schema[column]))
        if column in example.blank:
            may_be_refused(function, name, hole)
        else:
            refusal(
                function, name, hole, f"column '{column}' is missing in 1 row", "row 1: ", f"{column}=(blank)"
            )


@every_table
def test_no_rows(function: Callable[..., Any], name: str) -> None:
    example, table = given(function, name)
    if name in example.empty:
        may_be_refused(function, name, table.clear())
    else:
        refusal(function, name, table.clear(), "has no rows")


@every_table
def test_a_column_of_lists(function: Callable[..., Any], name: str) -> None:
    _, table = given(function, name)
    for column in table.columns:
        lists = table.with_columns(pl.Series(column, [[cell] for cell in table[column]]))
        refusal(function, name, lists, f"'{column}'", "it is of type List")


@every_table
def test_all_makes_of_table_are_alike(function: Callable[..., Any], name: str, tmp_path: Path) -> None:
    _, table = given(function, name)
    table.write_csv(tmp_path / "t.csv")
    table.write_parquet(tmp_path / "t.parquet")
    makes: dict[str, Any] = {
        "lazy": table.lazy(),
        "pandas": table.to_pandas(),
        "pyarrow": table.to_arrow(),
        "mapping": table.to_dict(as_series=False),
        "csv": tmp_path / "t.csv",
        "parquet": str(tmp_path / "t.parquet"),
    }
    for make, data in makes.items():
        assert same(called(function, **{name: data}), good(function)), make
