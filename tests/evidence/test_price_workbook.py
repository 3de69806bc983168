"""The workbook of prices as it is laid out now: two eras of sheets, and columns without a name at the end."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from conftest import FULL_DATA
from corridors.evidence import load, validate
from corridors.evidence.publishers import rpw
from corridors.evidence.sources import source
from corridors.remittances.prices.layout import HEADERS, schema

NAME = "rpw_dataset_2011_2025_q3.xlsx"
BEFORE, AFTER = "Dataset (up to Q1 2016)", "Dataset (from Q2 2016)"
# Columns of the two sheets of the workbook of 2025 Q3, in their order, as three descriptions of it give them.
ENDS = ["code", "name", "region", "income", "lending", "G8G20"]
START = ["id", "period", *(f"{end}_{part}" for end in ("source", "destination") for part in ENDS)]
AMOUNTS = [
    f"{cc} {part}"
    for cc in ("cc1", "cc2")
    for part in (
        *("lcu amount", "denomination amount", "lcu code", "lcu fee", "lcu fx rate"),
        *("fx margin", "total cost %"),
    )
]
COLUMNS = {
    BEFORE: [
        *(*START, "firm", "firm_type", "product", "sending location", "speed actual", *AMOUNTS),
        *("inter lcu bank fx", "transparent", "note1", "note2", "coverage", "pick-up method"),
        *("date", "corridor"),
    ],
    AFTER: [
        *(*START, "firm", "firm_type", "payment instrument", "access point", "speed actual", *AMOUNTS),
        *("inter lcu bank fx", "transparent", "Standard Note", "note2", "receiving network coverage"),
        *("pickup location", "pickup method", "date", "corridor"),
    ],
}
SAMPLE = FULL_DATA / "rpw_quotes_ARE_IND_2025Q3.csv"


def averages(folder: Path, sheets: dict[str, list[dict[str, object]]]) -> dict[str, pl.DataFrame]:
    """Read a workbook of these rows, in sheets with all columns and cells beyond the last with a name."""
    with xlsxwriter.Workbook(folder / NAME) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            page.write_row(0, 0, COLUMNS[name])
            for at, row in enumerate(rows, 1):
                given = {"firm": "a firm", "cc1 fx margin": 0.5} | row
                page.write_row(at, 0, [given.get(column) for column in COLUMNS[name]])
                page.write_row(at, len(COLUMNS[name]), ["2025", "ARE2025", "IND2025", "ARE2026", "IND2026"])
            page.write_blank(0, 73, None, book.add_format({"bold": True}))
    found = rpw.read(source("world-bank-remittance-prices"), {NAME: folder / NAME})
    return {table: validate(table, rows) for table, rows in found.items()}


def quote(number: int, period: str, sender: str, cost: float, transparent: str = "yes") -> dict[str, object]:
    ends = {"source_code": sender, "destination_code": "IND"}
    return {"id": number, "period": period, "cc1 total cost %": cost, "transparent": transparent} | ends


def test_the_layouts_are_those_that_are_read() -> None:
    """41 and 42 columns with a name; what is generated for tests has the same, in the same order."""
    assert [len(names) for names in COLUMNS.values()] == [41, 42]
    assert {name: list(columns) for name, columns in HEADERS.items()} == COLUMNS
    aliases = {alias for row in schema() for alias in row["aliases"].split("|")} - {""}
    named = {alias.replace("cc{n}", cc) for alias in aliases for cc in ("cc1", "cc2")}
    assert named <= set(COLUMNS[BEFORE]) | set(COLUMNS[AFTER])


def test_two_eras_and_columns_without_a_name(tmp_path: Path) -> None:
    found = averages(
        tmp_path,
        {
            BEFORE: [quote(1, "2015_4Q", "ARE", 4.0), quote(2, "2015_4Q", "ARE", 7.0)],
            AFTER: [quote(3, "2025_3Q", "KSV", 5.0, "Yes"), quote(4, "2025_3Q", "KSV", 0.0, "no")],
        },
    )
    assert found["remittance_price"].rows() == [
        ("ARE", "IND", "2015Q4", 5.5, 2),
        ("XKX", "IND", "2025Q3", 5.0, 1),
    ]
    assert found["quote_average"].rows() == [
        ("2015Q4", 2, 1, 5.5, 5.5, 5.0, 0.5),
        ("2025Q3", 1, 1, 5.0, 5.0, 4.5, 0.5),
    ]


@pytest.mark.skipif(not SAMPLE.exists(), reason="needs the publisher's quotes of one corridor")
def test_real_quotes_average_to_the_embedded_price(tmp_path: Path) -> None:
    quotes = pl.read_csv(SAMPLE)
    rows = [quote(at, "2025_3Q", "ARE", cost) for at, cost in enumerate(quotes["total200_pct"])]
    found = averages(tmp_path, {AFTER: rows})["remittance_price"].row(0, named=True)
    known = load().table("remittance_price").filter(sending="ARE", receiving="IND", quarter="2025Q3")
    assert found["quotes"] == known["quotes"].item() == 24
    assert found["cost_usd200_pct"] == pytest.approx(known["cost_usd200_pct"].item(), abs=0.006)
