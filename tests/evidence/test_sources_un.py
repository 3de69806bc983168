"""The United Nations' workbook of migrant stocks, in its own layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from corridors import places
from corridors.errors import DataError
from corridors.evidence import load, validate
from corridors.evidence.publishers.un_migrant_stock import read, requests
from corridors.evidence.sources import source

CARD = source("un-migrant-stock")
YEARS = (1990, 1995, 2000, 2005, 2010, 2015, 2020, 2024)
# Rows of aggregates stand among those of countries.
GROUPS = ((900, "WORLD"), (1503, "High-income countries"), (947, "Sub-Saharan Africa"))


def workbook(
    path: Path, rows: Sequence[Sequence[object]], years: Sequence[int] = YEARS, sheet: str = "Table 1"
) -> Path:
    """Write a workbook as the publisher does: titles above, header in row 11, notes below."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Contents").write(0, 0, "International Migrant Stock 2024")
        page = book.add_worksheet(sheet)
        page.write(3, 0, "United Nations")
        page.write(7, 0, "Table 1. International migrant stock by sex, destination and origin")
        for block, title in enumerate(("both sexes combined", "males", "females")):
            page.write(9, 7 + block * len(years), f"International migrant stock at mid-year ({title})")
        area = "Region, development group, country or area of"
        # The two editions name and order the columns before the codes otherwise.
        code = "Location code of destination"
        header = ["Index", f"{area} destination", *(
            ["Coverage", "Data type", code] if 2024 in years
            else ["Notes of destination", code, "Type of data of destination"]
        )]  # fmt: skip
        page.write_row(10, 0, [*header, f"{area} origin", "Location code of origin", *years, *years, *years])
        for at, row in enumerate(rows, 11):
            page.write_row(at, 0, row if 2024 in years else [*row[:3], row[4], row[3], *row[5:]])
        page.write(12 + len(rows), 0, "Suggested citation: United Nations (2024).")
    return path


def row(
    destination: int,
    origin: int | str,
    male: Sequence[object],
    female: Sequence[object],
    basis: str = "B",
    name: str = "name",
) -> list[object]:
    both = [
        m + f if isinstance(m, int) and isinstance(f, int) else ".."
        for m, f in zip(male, female, strict=True)
    ]
    return [1, "name*", "..", basis, destination, name, origin, *both, *male, *female]


def real_rows(least: int = 200_000) -> tuple[pl.DataFrame, list[list[object]]]:
    """Corridors of the embedded figures as rows of the workbook, with aggregates among them."""
    stock = load().table("migrant_stock").drop("source")
    large = (
        stock.group_by("origin", "destination").agg(pl.col("female").max()).filter(pl.col("female") >= least)
    )
    kept = stock.join(large.select("origin", "destination"), on=["origin", "destination"])
    m49 = dict(places.table().filter(pl.col("m49").is_not_null()).select("country", "m49").iter_rows())
    rows = [row(code, 840, [1] * 8, [1] * 8) for code, _ in GROUPS]
    rows += [row(840, code, [1] * 8, [1] * 8) for code, _ in GROUPS]
    for (origin, destination), part in kept.group_by(["origin", "destination"], maintain_order=True):
        known = {y: (f, m) for y, f, m in part.select("year", "female", "male").iter_rows()}
        male: list[object] = [known[y][1] if y in known else ".." for y in YEARS]
        female: list[object] = [known[y][0] if y in known else ".." for y in YEARS]
        rows.append(row(m49[str(destination)], m49[str(origin)], male, female))
    return kept, rows


def test_figures_come_out_as_they_went_in(tmp_path: Path) -> None:
    kept, rows = real_rows()
    found = read(CARD, {"x": workbook(tmp_path / "stock.xlsx", rows)})["migrant_stock"]
    assert validate("migrant_stock", found).equals(kept.sort("origin", "destination", "year"))
    mexicans = found.filter(origin="MEX", destination="USA", year=2024)
    assert mexicans.select(pl.col("female") + pl.col("male")).item() == 11_279_561


def test_the_edition_of_2020_is_read_too(tmp_path: Path) -> None:
    years = (1990, 2020)
    path = workbook(tmp_path / "old.xlsx", [row(840, 484, [5, 6], [7, 8])], years)
    assert read(source("un-migrant-stock-2020"), {"x": path})["migrant_stock"].rows() == [
        ("MEX", "USA", 1990, 7, 5),
        ("MEX", "USA", 2020, 8, 6),
    ]


@pytest.mark.parametrize("years", [(2020, 2024), (1990, 2020)])
@pytest.mark.parametrize(("name", "code"), [("Others", 2003), ("Others*", ""), (" Other ", 2118)])
def test_other_origins_are_kept_as_their_own(
    tmp_path: Path, years: tuple[int, ...], name: str, code: int | str
) -> None:
    """The pairs and OTH add up to what the destination has from the world; they are told by name."""
    rows = [
        row(840, 900, [9, 12], [9, 14]), row(840, 484, [5, 6], [7, 8]),
        row(840, code, [4, 6], [2, 6], name=name), row(900, code, [4, 6], [2, 6], name=name),
    ]  # fmt: skip
    path = workbook(tmp_path / "x.xlsx", rows, years)
    found = read(CARD, {"x": path})["migrant_stock"]
    assert validate("migrant_stock", found).height == 4
    assert found.filter(origin="OTH").select("destination", "female", "male").rows() == [
        ("USA", 2, 4), ("USA", 6, 6),
    ]  # fmt: skip
    assert found.group_by("year").agg(pl.sum("male", "female")).sort("year").rows() == [
        (years[0], 9, 9), (years[1], 12, 14),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["Not stated", "Otherland"])
def test_a_sheet_whose_other_origins_are_not_found_is_refused(tmp_path: Path, name: str) -> None:
    rows = [
        row(840, 900, [9, 9], [9, 9]),
        row(840, 484, [6, 9], [9, 9]),
        row(840, 2118, [3, 0], [0, 0], name=name),
    ]
    path = workbook(tmp_path / "x.xlsx", rows, (2020, 2024))
    with pytest.raises(DataError, match="destination 840 in 2020 add up to 15 people, of 18"):
        read(CARD, {"x": path})


@pytest.mark.parametrize("years", [(2020, 2024), (1990, 2020)])
def test_what_a_destination_counts(tmp_path: Path, years: tuple[int, ...]) -> None:
    figures = ([1, 2], [1, 2])
    kinds = {840: "B", 276: "C R", 706: "I R ", 36: "B C R"}
    rows = [row(code, 484, *figures, kind) for code, kind in kinds.items()]
    rows += [row(840, 276, *figures, "B"), row(900, 484, *figures, ""), row(124, 484, *figures, "..")]
    path = workbook(tmp_path / "x.xlsx", rows, years)
    found = read(CARD, {"x": path})["destination_basis"]
    assert set(found.rows()) == {
        ("USA", 1, 0, 0, 0), ("DEU", 0, 1, 1, 0), ("SOM", 0, 0, 1, 1), ("AUS", 1, 1, 1, 0),
    }  # fmt: skip
    assert validate("destination_basis", found).height == 4


def test_types_of_data_that_are_not_known_are_refused(tmp_path: Path) -> None:
    figures = ([1, 2], [1, 2])
    for rows, words in (
        ([row(840, 484, *figures, "B X")], "a type of data that is not known: 'B X'"),
        ([row(840, 484, *figures, "B"), row(840, 276, *figures, "C")], "two types of data"),
    ):
        path = workbook(tmp_path / "x.xlsx", rows, (2020, 2024))
        with pytest.raises(DataError, match=words):
            read(CARD, {"x": path})


def test_blanks_are_missing_and_not_zero(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", [row(840, 484, ["..", 0], ["..", 3])], (1990, 2020))
    assert read(CARD, {"x": path})["migrant_stock"].rows() == [("MEX", "USA", 2020, 3, 0)]


@pytest.mark.parametrize(
    ("rows", "years", "sheet", "words"),
    [
        ([row(840, 484, [1, 2], [1, 2])], (1990, 2020), "Table 7", "no sheet 'Table 1'"),
        ([], (1990, 2020), "Table 1", "no pair of countries"),
        ([row(899, 898, [1, 2], [1, 2])], (1990, 2020), "Table 1", "places unknown"),
        ([row(840, 484, [1], [1])], (1990,), "Table 1", None),
    ],
)
def test_a_layout_that_changed_is_refused_in_words(
    tmp_path: Path, rows: list[list[object]], years: tuple[int, ...], sheet: str, words: str | None
) -> None:
    path = workbook(tmp_path / "x.xlsx", rows, years, sheet)
    if words is None:
        assert read(CARD, {"x": path})["migrant_stock"].height == 1
        return
    with pytest.raises(DataError, match=words):
        read(CARD, {"x": path})


def test_no_workbook_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(DataError, match="is no workbook"):
        read(CARD, {"x": path})


def test_the_address_is_that_of_the_publisher() -> None:
    asked = requests(CARD)
    assert [r.file for r in asked] == list(CARD.addresses)
    assert requests(replace(CARD, addresses={"a.xlsx": "http://x/a.xlsx"}))[0].address == "http://x/a.xlsx"
