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

NAME = "rpw_dataset_2011_2025_q3.xlsx"
BEFORE, AFTER = "Dataset (up to Q1 2016)", "Dataset (from Q2 2016)"
HEADER = ["id", "period", "source_code", "destination_code", "firm", "cc1 total cost %", "transparent"]
SAMPLE = FULL_DATA / "rpw_quotes_ARE_IND_2025Q3.csv"


def averages(folder: Path, sheets: dict[str, list[list[object]]]) -> pl.DataFrame:
    """Read a workbook of these rows, each with cells beyond the last column that has a name."""
    with xlsxwriter.Workbook(folder / NAME) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            page.write_row(0, 0, HEADER)
            for at, row in enumerate(rows, 1):
                page.write_row(at, 0, row)
                page.write_row(at, len(HEADER) + 1, [0.5, "left over"])
    found = rpw.read(source("world-bank-remittance-prices"), {NAME: folder / NAME})
    return validate("remittance_price", found["remittance_price"])


def test_two_eras_and_columns_without_a_name(tmp_path: Path) -> None:
    found = averages(
        tmp_path,
        {
            BEFORE: [
                [1, "2015_4Q", "ARE", "IND", "a", 4.0, "yes"],
                [2, "2015_4Q", "ARE", "IND", "b", 7.0, "yes"],
            ],
            AFTER: [
                [3, "2025_3Q", "KSV", "IND", "a", 5.0, "yes"],
                [4, "2025_3Q", "KSV", "IND", "b", 0.0, "no"],
            ],
        },
    )
    assert found.rows() == [("ARE", "IND", "2015Q4", 5.5, 2), ("XKX", "IND", "2025Q3", 5.0, 1)]


@pytest.mark.skipif(not SAMPLE.exists(), reason="needs the publisher's quotes of one corridor")
def test_real_quotes_average_to_the_embedded_price(tmp_path: Path) -> None:
    quotes = pl.read_csv(SAMPLE)
    rows: list[list[object]] = [
        [at, "2025_3Q", "ARE", "IND", "a firm", cost, "yes"] for at, cost in enumerate(quotes["total200_pct"])
    ]
    found = averages(tmp_path, {AFTER: rows}).row(0, named=True)
    known = load().table("remittance_price").filter(sending="ARE", receiving="IND", quarter="2025Q3")
    assert found["quotes"] == known["quotes"].item() == 24
    assert found["cost_usd200_pct"] == pytest.approx(known["cost_usd200_pct"].item(), abs=0.006)
