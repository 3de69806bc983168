"""The one door for tables: what it takes, and what it says where it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.errors import DataError, NotFound
from corridors.intake import TableSpec, as_polars, matrix_of, refuse, take
from corridors.wording import ROW

STOCK = TableSpec(
    "stock",
    texts=["origin"],
    whole=["year"],
    numbers=["value", "lower"],
    optional=["lower"],
    key=["origin", "year"],
    at_least={"value": 0, "lower": 0},
)
GOOD = pl.DataFrame(
    {"origin": ["MEX", "PHL"], "year": [2020, 2020], "value": [9.5, 0.0], "lower": [8.0, None]}
)


def refusal(data: Any, spec: TableSpec = STOCK) -> str:
    with pytest.raises(DataError) as caught:
        take(data, spec)
    assert caught.value.remedy
    return str(caught.value)


def of_every_make(folder: Path) -> dict[str, Any]:
    GOOD.write_csv(folder / "t.csv")
    GOOD.write_csv(folder / "semicolon.csv", separator=";")
    GOOD.write_parquet(folder / "t.parquet")
    GOOD.write_excel(folder / "t.xlsx")
    database = duckdb.connect()
    database.register("good", GOOD.to_arrow())
    return {
        "polars": GOOD,
        "lazy": GOOD.lazy(),
        "pandas": GOOD.to_pandas(),
        "pandas of mixed objects": GOOD.to_pandas().astype(object).replace({9.5: "9.5"}),
        "pyarrow": GOOD.to_arrow(),
        "duckdb": database.sql("FROM good"),
        "narwhals": nw.from_native(GOOD),
        "mapping": GOOD.to_dict(as_series=False),
        "arrays": {k: GOOD[k].to_numpy() for k in GOOD.columns},
        "texts": GOOD.cast(pl.String),
        "categories": GOOD.cast({"origin": pl.Categorical}),
        "csv": folder / "t.csv",
        "csv of a German Excel": str(folder / "semicolon.csv"),
        "parquet": folder / "t.parquet",
        "excel": folder / "t.xlsx",
    }


def test_all_makes_give_the_same(tmp_path: Path) -> None:
    for make, table in of_every_make(tmp_path).items():
        taken = take(table, STOCK)
        assert taken.equals(GOOD), make
        assert taken.schema == GOOD.schema, make


@pytest.mark.parametrize("data", [[1], [{"origin": "MEX"}], 3, None, np.zeros((2, 2)), pl.Series([1])])
def test_no_table(data: Any) -> None:
    assert f"table 'stock' is no table but a {type(data).__name__}" in refusal(data)
    with pytest.raises(DataError, match="is no table"):
        as_polars(data, "stock")


def test_files_that_are_not_there_or_no_tables(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no file"):
        take(tmp_path / "t.csv", STOCK)
    (tmp_path / "notes.txt").write_text("x")
    assert "of no known format" in refusal(tmp_path / "notes.txt")
    (tmp_path / "t.parquet").write_bytes(b"PAR1 and no more")
    assert "can not be read as .parquet" in refusal(tmp_path / "t.parquet")
    assert "can not be read" in refusal(pl.scan_csv(tmp_path / "gone.csv"))
    assert "can not be read" in refusal({"origin": ["A", "B"], "year": [1]})
    assert "can not be read" in refusal(pd.DataFrame([[1, 2]], columns=["year", "year"]))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.drop("value"), "table 'stock' has no column 'value'"),
        (lambda t: t.rename({"value": "vlaue"}), "'value': did you mean 'vlaue'?"),
        (lambda t: t.clear(), "table 'stock' has no rows"),
        (
            lambda t: t.with_columns(value=pl.Series(["3", "many"])),
            "origin=PHL, year=2020, value=many",
        ),
        (lambda t: t.with_columns(value=pl.Series(["3", "nan"])), "column 'value' holds no number in 1 row"),
        (lambda t: t.with_columns(value=pl.Series([1.0, float("inf")])), "column 'value' holds no number"),
        (lambda t: t.with_columns(value=pl.Series([[1.0], [2.0]])), "it is of type List(Float64)"),
        (lambda t: t.with_columns(value=pl.date(2020, 1, 1)), "column 'value' does not hold numbers"),
        (lambda t: t.with_columns(origin=pl.Series([["a"], ["b"]])), "column 'origin' does not hold texts"),
        (
            lambda t: t.with_columns(year=pl.Series([2020.0, 2020.5])),
            "column 'year' holds no whole number",
        ),
        (lambda t: t.with_columns(year=pl.lit(1e300)), "column 'year' holds no whole number in 2 rows"),
        (lambda t: t.with_columns(year=pl.lit(2**63, pl.UInt64)), "column 'year' holds no whole number"),
        (lambda t: t.with_columns(value=-pl.col("value")), "row 1: origin=MEX, year=2020, value=-9.5"),
        (lambda t: t.with_columns(lower=-1), "column 'lower' is below 0 in 2 rows"),
        (lambda t: t.with_columns(value=pl.lit(None)), "column 'value' is missing in 2 rows"),
        (lambda t: t.with_columns(value=pl.lit(float("nan"))), "column 'value' is missing in 2 rows"),
        (lambda t: t.with_columns(origin=pl.lit("  ")), "column 'origin' is missing in 2 rows"),
        (lambda t: t.with_columns(origin=pl.lit("MEX ")), "origin, year stand twice in 2 rows"),
    ],
)
def test_refused_in_words(change: Any, words: str) -> None:
    said = refusal(change(GOOD))
    assert words in said
    assert "table 'stock'" in said
    assert ROW not in said


def test_only_the_first_rows_are_quoted() -> None:
    many = pl.DataFrame({"origin": [f"{k}" for k in range(9)], "year": 1, "value": -1})
    said = refusal(many)
    assert "row 5: origin=4" in said
    assert "row 6" not in said
    assert "and 4 more" in said


def test_what_a_specification_allows() -> None:
    assert take(GOOD.drop("lower"), STOCK)["lower"].null_count() == 2
    loose = TableSpec("x", numbers=["value"], blank=["value"], empty=True)
    assert take(GOOD.with_columns(value=pl.lit(None)), loose)["value"].null_count() == 2
    assert take(GOOD.clear(), loose).columns == ["value"]
    assert take(pl.concat([GOOD, GOOD]), loose).height == 4
    more = TableSpec("x", numbers=["value"], others=True)
    assert take(GOOD, more).columns == ["value", "origin", "year", "lower"]
    assert "above 0" in refusal(GOOD, TableSpec("x", numbers=["value"], above={"value": 0}))
    endless = pl.DataFrame({"days": [float("inf"), 1.0]})
    slow = TableSpec("x", numbers=["days"], unbounded=["days"])
    assert take(endless, slow).equals(endless)
    assert take(endless.cast(pl.String), slow).equals(endless)
    assert "days=nan" in refusal({"days": ["nan"]}, slow)
    assert "keep one sex" in refusal(GOOD, TableSpec("x", whole=["year"], key=["year"], once="keep one sex"))


def test_other_columns_of_a_file_are_numbers_where_they_can_be(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("value,year,share,code,blank\n1,2020,0.5,a,\n2,2021,3,1,\n")
    taken = take(tmp_path / "t.csv", TableSpec("x", numbers=["value"], others=True))
    assert taken.dtypes == [pl.Float64, pl.Int64, pl.Float64, pl.String, pl.String]


def test_rows_keep_the_number_of_the_data() -> None:
    rows = GOOD.with_row_index(ROW, 1).filter(pl.col("origin") == "PHL")
    with pytest.raises(DataError, match="row 2: origin=PHL"):
        refuse(rows, pl.lit(value=True), "all wrong", "none", ["origin"])


@given(st.dictionaries(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), st.floats(0, 1e9)))
def test_a_matrix_has_each_pair_in_its_place(cells: dict[tuple[str, str], float]) -> None:
    pairs = pl.DataFrame(
        [(*pair, figure) for pair, figure in cells.items()],
        schema={"i": pl.String, "j": pl.String, "x": pl.Float64},
        orient="row",
    )
    rows, columns = ["c", "a"], ["b", "a", "d"]
    matrix = matrix_of(pairs, rows, columns, absent=-1)
    assert matrix.tolist() == [[cells.get((i, j), -1.0) for j in columns] for i in rows]


def test_a_missing_figure_is_no_absent_pair() -> None:
    pairs = pl.DataFrame({"i": ["a"], "j": ["b"], "x": [None]}, schema_overrides={"x": pl.Int64})
    assert np.isnan(matrix_of(pairs, ["a", "b"])[0, 1])
    assert matrix_of(pairs, ["a", "b"])[1, 0] == 0
