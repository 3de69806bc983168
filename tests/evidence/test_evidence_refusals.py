"""Every refusal names the table, the column, the rows and the remedy."""

from __future__ import annotations

import gzip
import io
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridors.errors import CorridorsError, DataError, NotFound
from corridors.evidence import load, validate
from corridors.intake.files import SUFFIXES, parse

HEADER = "origin,destination,year,female,male\n"
GOOD = "MEX,USA,2020,5,4\n"


def refusal(folder: Path, name: str, content: str | bytes) -> str:
    """The words with which a file in ``folder`` is refused, the folder left out."""
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError) as refused:
        load(folder)
    return str(refused.value).replace(f"{folder}/", "")


STOCK_FAULTS = {
    "negative stock": (
        GOOD + "CAN,USA,2020,-7,4\n",
        (
            "table 'migrant_stock' (file migrant_stock.csv): column 'female': 1 value is below 0\n"
            "  row 2: origin=CAN, destination=USA, year=2020, female=-7\n"
            "  Remedy: Women and girls born in origin who live in destination: at least 0"
        ),
    ),
    "duplicate corridor": (
        GOOD + "CAN,USA,2020,7,4\nMexico,US,2020,1,1\n",
        (
            "table 'migrant_stock' (file migrant_stock.csv): 2 rows with a key that another row has\n"
            "  row 1: origin=MEX, destination=USA, year=2020, female=5, male=4\n"
            "  row 3: origin=MEX, destination=USA, year=2020, female=1, male=1\n"
            "  Remedy: keep one row for each origin, destination, year"
        ),
    ),
    "no numbers": (
        GOOD + "CAN,USA,2020,1O5,4\nGTM,USA,2020,n/a,4\n",
        (
            "table 'migrant_stock' (file migrant_stock.csv): column 'female': 2 values are "
            "not a number\n"
            "  row 2: origin=CAN, destination=USA, year=2020, female=1O5\n"
            "  row 3: origin=GTM, destination=USA, year=2020, female=n/a\n"
            "  Remedy: write digits, with a point for decimals and no thousands separators"
        ),
    ),
    "more fields than the header": (
        GOOD + "CAN,USA,2020,12,345,4\n",
        (
            "table 'migrant_stock': file migrant_stock.csv is not a regular CSV table\n"
            "  row 2 has 6 fields, the header 5\n"
            "  Remedy: give every row as many fields as the header; write numbers without "
            "thousands separators"
        ),
    ),
    "not finite": (
        GOOD + "CAN,USA,2020,NaN,inf\n",
        (
            "table 'migrant_stock' (file migrant_stock.csv): column 'female': 1 value is "
            "not finite\n"
            "  row 2: origin=CAN, destination=USA, year=2020, female=NaN\n"
            "  also column 'male': 1 value is not finite\n"
            "  row 2: origin=CAN, destination=USA, year=2020, male=inf\n"
            "  Remedy: replace NaN and infinity by real values or leave out the row"
        ),
    ),
    "fraction": (
        "MEX,USA,2020,5.0,4\nCAN,USA,2020,1e1,3.5\n",
        (
            "table 'migrant_stock' (file migrant_stock.csv): column 'male': 1 value is not "
            "a whole number\n"
            "  row 2: origin=CAN, destination=USA, year=2020, male=3.5\n"
            "  Remedy: round to whole persons"
        ),
    ),
    "missing": (
        GOOD + "\n" + "".join(f"CAN,USA,{year},7,\n" for year in range(2000, 2007)),
        (
            "table 'migrant_stock' (file migrant_stock.csv): column 'male': 7 values are missing\n"
            "  row 3: origin=CAN, destination=USA, year=2000, male=(blank)\n"
            "  row 4: origin=CAN, destination=USA, year=2001, male=(blank)\n"
            "  row 5: origin=CAN, destination=USA, year=2002, male=(blank)\n"
            "  row 6: origin=CAN, destination=USA, year=2003, male=(blank)\n"
            "  row 7: origin=CAN, destination=USA, year=2004, male=(blank)\n"
            "  and 2 more\n"
            "  Remedy: give every value or leave out the row; missing is not zero"
        ),
    ),
    "unknown country": (
        GOOD + "Mexco,USA,2020,7,4\n",
        (
            "table 'migrant_stock' (file migrant_stock.csv): column 'origin': 1 value is not "
            "a country or area\n"
            "  row 2: origin=Mexco, destination=USA, year=2020\n"
            "  'Mexco': did you mean Mexico (MEX)"
        ),
    ),
    "special origin": (
        GOOD + "XXA,USA,2020,7,4\n",
        "  'XXA' is XXA, which this column does not take",
    ),
    "own country": (
        GOOD + "USA,USA,2020,7,4\n",
        (
            "table 'migrant_stock' (file migrant_stock.csv): the origin is the "
            "destination: a person who lives where she was born is no migrant (1 row)\n"
            "  row 2: origin=USA, destination=USA, year=2020\n"
            "  Remedy: leave out the native-born"
        ),
    ),
    "header only": (
        "",
        (
            "table 'migrant_stock' (file migrant_stock.csv) has no rows\n"
            "  a header and nothing below it\n"
            "  Remedy: give at least one row"
        ),
    ),
}


@pytest.mark.parametrize("fault", STOCK_FAULTS)
def test_faulty_stock(tmp_path: Path, fault: str) -> None:
    rows, words = STOCK_FAULTS[fault]
    message = refusal(tmp_path, "migrant_stock.csv", HEADER + rows)
    assert words in message
    assert "Remedy: " in message


def test_misspelt_column(tmp_path: Path) -> None:
    message = refusal(tmp_path, "migrant_stock.csv", HEADER.replace("origin", "orgin") + GOOD)
    assert message == (
        "table 'migrant_stock' (file migrant_stock.csv) has no column 'origin'\n"
        "  columns found: orgin, destination, year, female, male\n"
        "  'origin': did you mean 'orgin'?\n"
        "  Remedy: the table needs origin, destination, year, female, male; "
        "rename the columns or map them in corridors.toml"
    )


def test_missing_births(tmp_path: Path) -> None:
    header = "country,year,population,deaths,net_migration\n"
    message = refusal(tmp_path, "population.csv", header + "FRA,2020,100,1,0\n")
    assert message.startswith("table 'population' (file population.csv) has no column 'births'\n")
    births = header.replace("population,", "population,births,")
    message = refusal(tmp_path, "population.csv", births + "FRA,2020,100,,1,0\n")
    assert message.startswith("table 'population': births are blank in 1 row\n  country=FRA, year=2020\n")
    gap = births + "FRA,2020,100,1,1,0\nFRA,2021,100,,1,0\nFRA,2022,100,1,,0\n"
    message = refusal(tmp_path, "population.csv", gap)
    assert message.startswith("table 'population': births are blank in 1 row\n  country=FRA, year=2021\n")


def test_births_and_deaths_may_end_before_the_people(tmp_path: Path) -> None:
    rows = "country,year,population,births,deaths,net_migration\nCOK,2011,100,1,1,0\nCOK,2012,100,,,0\n"
    (tmp_path / "population.csv").write_text(rows, encoding="utf-8")
    assert load(tmp_path).table("population")["births"].to_list() == [1, None]


def test_wrong_quarter() -> None:
    price = {
        "sending": "USA",
        "receiving": "MEX",
        "quarter": "2020-Q5",
        "cost_usd200_pct": 4,
    }
    with pytest.raises(DataError) as refused:
        validate("remittance_price", pl.DataFrame([price]), where="file prices.csv")
    assert str(refused.value) == (
        "table 'remittance_price' (file prices.csv): column 'quarter': 1 value is not "
        "allowed\n"
        "  row 1: sending=USA, receiving=MEX, quarter=2020-Q5\n"
        "  Remedy: Quarter of the price survey, as 2020Q3: the pattern is [0-9]{4}Q[1-4]"
    )


def test_words_truths_and_large_numbers() -> None:
    treaty = {"treaty": "cat", "country": "KEN", "state_party_since": 1e300}
    with pytest.raises(DataError, match=r"'state_party_since': 1 value is not a whole number"):
        validate("treaty", pl.DataFrame([treaty]))
    with pytest.raises(DataError, match="use cat, cedaw, cped"):
        validate("treaty", pl.DataFrame([treaty | {"treaty": "CATT"}]))
    pair = {"origin": "ESP", "destination": "FRA", "distance_km": 1053}
    pair |= {"contiguous": "yes", "common_language": True, "colonial_tie": 0.0}
    with pytest.raises(DataError, match="'contiguous': 1 value is neither 0 nor 1"):
        validate("proximity", pl.DataFrame([pair]))


# Files and folders


def test_unknown_folder_and_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no folder"):
        load(tmp_path / "nowhere")
    (tmp_path / "note.txt").write_text("x")
    with pytest.raises(DataError, match="is a file, not a folder"):
        load(tmp_path / "note.txt")
    with pytest.raises(DataError, match="holds no figures"):
        load(tmp_path)
    (tmp_path / "stocks.csv.txt").write_text("x")
    (tmp_path / "corridors.toml").write_text('[migrant_stock]\nfile = "stocks.csv"')
    with pytest.raises(NotFound, match=r"there is no file .*\n.*did you mean 'stocks.csv.txt'"):
        load(tmp_path)


def test_file_named_like_no_table(tmp_path: Path) -> None:
    message = refusal(tmp_path, "migrants_stock.csv", HEADER + GOOD)
    assert message.startswith(
        "file migrants_stock.csv is named like no table\n  did you mean 'migrant_stock' or 'migrant_death'?\n"
    )


def test_two_files_for_one_table(tmp_path: Path) -> None:
    (tmp_path / "migrant_stock.csv").write_text(HEADER + GOOD)
    message = refusal(tmp_path, "migrant_stock.csv.gz", gzip.compress(GOOD.encode(), mtime=0))
    assert message.startswith("table 'migrant_stock' has two files\n  migrant_stock.csv\n")


def parquet() -> bytes:
    """A valid Parquet file."""
    buffer = io.BytesIO()
    pl.read_csv(io.StringIO(HEADER + GOOD)).write_parquet(buffer)
    return buffer.getvalue()


def excel() -> bytes:
    """A valid Excel file."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER.strip().split(","))
        sheet.write_row(1, 0, ["MEX", "USA", 2020, 5, 4])
    return buffer.getvalue()


VALID = {
    ".csv": (HEADER + GOOD).encode(),
    ".csv.gz": gzip.compress((HEADER + GOOD * 200).encode(), mtime=0),
    ".parquet": parquet(),
    ".xlsx": excel(),
}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("migrant_stock.csv", b"", "file migrant_stock.csv is empty (0 bytes)"),
        ("migrant_stock.csv.gz", b"", "file migrant_stock.csv.gz is empty (0 bytes)"),
        ("migrant_stock.xlsx", b"", "file migrant_stock.xlsx is empty (0 bytes)"),
        ("migrant_stock.csv", b" \n \n", "has no row 1 with column names"),
        ("migrant_stock.csv", b"origin,\x81\n", "is neither UTF-8 nor Windows-1252 text"),
        ("migrant_stock.csv", b"year,year\n1,2\n", "has two columns of the same name"),
        ("migrant_stock.csv.gz", b"origin,year\n", "is not gzip"),
        (
            "migrant_stock.csv.gz",
            VALID[".csv.gz"][:-9],
            "is a truncated or damaged gzip file",
        ),
        (
            "migrant_stock.csv",
            VALID[".csv.gz"][:-9],
            "is a truncated or damaged gzip file",
        ),
        (
            "migrant_stock.parquet",
            VALID[".parquet"][:-9],
            "can not be read as .parquet",
        ),
        ("migrant_stock.xlsx", VALID[".xlsx"][:-30], "can not be read as .xlsx"),
    ],
)
def test_damaged_files(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    assert words in refusal(tmp_path, name, content)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[migrant_stock", "is not valid TOML"),
        ("[migrants_stock]", "did you mean 'migrant_stock' or"),
        ("migrant_stock = 3", "is not a table of options"),
        ("[migrant_stock]\nshet = 'S'", "did you mean 'sheet'?"),
        ("[migrant_stock]\nmode = 'append'", '\'mode\' is not "replace" or "extend"'),
        (
            "[migrant_stock]\nheader_row = 0",
            "'header_row' is not a whole number from 1",
        ),
        ("[migrant_stock]\ncolumns = {orgin = 'a'}", "did you mean 'origin'?"),
        (
            "[migrant_stock]\ncolumns = {origin = 1}",
            "'columns' is not names of columns",
        ),
        ("[migrant_stock]\ncolumns = {origin = 'Orign'}", "did you mean 'origin'?"),
        (
            "[migrant_stock]\ncolumns = {origin = 'destination'}",
            "two columns for 'origin'",
        ),
        ("[migrant_stock.card]\nrevision = 2024", "'revision' is not a text"),
        ("[migrant_stock]\nheader_row = 9", "has no row 9 with column names"),
    ],
)
def test_faulty_settings(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "corridors.toml").write_text(text)
    assert words in refusal(tmp_path, "migrant_stock.csv", HEADER + GOOD)


def test_sheet_that_does_not_exist(tmp_path: Path) -> None:
    (tmp_path / "corridors.toml").write_text("[migrant_stock]\nsheet = 'Sheet 1'")
    assert refusal(tmp_path, "migrant_stock.xlsx", VALID[".xlsx"]).endswith(
        "has no sheet 'Sheet 1'\n  did you mean 'Sheet1'?\n  Remedy: sheets: Sheet1"
    )


@pytest.mark.parametrize("frame", [None, 3, {"a"}, [1, 2]])
def test_what_is_no_table(frame: Any) -> None:
    with pytest.raises(DataError, match="give a pandas, polars or pyarrow table"):
        validate("treaty", frame)


# Whatever the bytes, nothing but our own error comes out


def survives(content: bytes, name: str) -> None:
    """Read and validate; only our own error may come out."""
    with suppress(CorridorsError):
        validate("migrant_stock", parse(content, name))


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(content=st.binary(max_size=400))
def test_random_bytes(suffix: str, content: bytes) -> None:
    survives(content, "x" + suffix)
    survives(VALID[suffix][:4] + content, "x" + suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_damaged_bytes(suffix: str, data: st.DataObject) -> None:
    content = bytearray(VALID[suffix])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    survives(bytes(content[: data.draw(st.integers(1, len(content)))]), "x" + suffix)


@given(text=st.text(alphabet='MEXUSA0129.,;\t"\n-+e nNaif', max_size=120))
def test_random_text(text: str) -> None:
    survives((HEADER + text).encode(), "x.csv")
