"""Files as offices have them: read right, or refused by name."""

from __future__ import annotations

import io
from importlib.resources import as_file
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from corridors import packaged, places
from corridors.cooperation.sdg import refugees_by_origin
from corridors.errors import DataError, NotFound
from corridors.evidence import load, validate
from corridors.evidence.checks.between_columns import recorded
from corridors.evidence.checks.every_fault import examine
from corridors.evidence.checks.scales import check_scales
from corridors.evidence.checks.understood import screen, settings_of
from corridors.evidence.table_schemas import table_schema
from corridors.frames import csv_bytes
from corridors.intake import TableSpec, take
from corridors.intake.files import parse
from corridors.intake.numerals import numerals

STOCK = TableSpec("stock", texts=["origin"], whole=["year"], numbers=["value"], key=["origin", "year"])


def values(*cells: str, whole: bool = False) -> list[float | None]:
    return numerals(pl.Series(cells, dtype=pl.String), whole=whole).values.to_list()


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["1.234,5", "12"], [1234.5, 12]),
        (["1,234.5", "7"], [1234.5, 7]),
        (["1.234", "0.5"], [1.234, 0.5]),
        (["1.234", "1234.5"], [1.234, 1234.5]),
        (["1.234.567", "1.234"], [1234567, 1234]),
        (["1,234,567", "1.234"], [1234567, 1.234]),
        (["1 234", "12"], [1234, 12]),
        (["1\u202f234,50"], [1234.5]),
        (["1'234.5"], [1234.5]),
        (["\u22125", "1e3"], [-5, 1000]),
    ],
)
def test_the_column_settles_its_marks(cells: list[str], read: list[float]) -> None:
    assert values(*cells) == read


@pytest.mark.parametrize("cells", [["573.000", "61.000"], ["1,022"], ["12,5", "12.5"], ["1.234.567", "1.5"]])
def test_what_the_column_does_not_settle_is_ambiguous(cells: list[str]) -> None:
    found = numerals(pl.Series(cells))
    assert found.ambiguous.all()
    assert found.values.null_count() == len(cells)


def test_three_digits_after_a_mark_are_thousands_where_whole_numbers_are_due() -> None:
    assert values("1,022", "14", whole=True) == [1022, 14]
    assert values("573.123", "61.000", whole=True) == [573123, 61000]
    assert numerals(pl.Series(["573.000"]), whole=True).ambiguous.all()


@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8),
    st.sampled_from([(",", "."), (".", ","), (" ", "."), ("'", "."), (" ", ",")]),
    st.integers(0, 4),
)
def test_grouped_numbers_are_never_read_as_others(
    units: list[int], marks: tuple[str, str], decimals: int
) -> None:
    numbers = [unit / 10**decimals for unit in units]
    grouping, decimal = marks
    swap = str.maketrans({",": grouping, ".": decimal})
    texts = pl.Series([f"{number:,.{decimals}f}".translate(swap) for number in numbers])
    found = numerals(texts)
    assert not found.wrong.any()
    for value, number in zip(found.values, numbers, strict=True):
        assert value is None or value == pytest.approx(number, abs=1e-12, rel=1e-12)
    assert found.ambiguous.all() or not found.ambiguous.any() or found.values.null_count() < len(units)


def test_both_readings_are_named() -> None:
    with pytest.raises(DataError, match=r"row 1: origin=MEX, year=2019, value=573\.000") as refused:
        take({"origin": ["MEX"], "year": [2019], "value": ["573.000"]}, STOCK)
    assert "'573.000' may be 573 or 573,000" in refused.value.remedy


@pytest.mark.parametrize(
    "word", ["n/a", "N/A", "n.a.", "#N/A", "(na)", "na*", "s.d.", "s/o", "T.O.", "p.a.", "M/A", "N.E.", "c/o",
             "i.e.", "(no)", "D/K", "-", "..", "\u2026", "k.A."],
)  # fmt: skip
def test_words_for_missing_are_no_places(word: str) -> None:
    with pytest.raises(NotFound):
        places.code(word)


@pytest.mark.parametrize(
    ("text", "code"),
    [("NA", "NAM"), ("na", "NAM"), ("U.S.", "USA"), ("U.K.", "GBR"), ("U.A.E.", "ARE"), ("EL", "GRC"),
     ("XKV", "XKX"), ("St. Lucia", "LCA"), ("the US", "USA")],
)  # fmt: skip
def test_codes_stand_bare(text: str, code: str) -> None:
    assert places.code(text) == code


@pytest.mark.parametrize("word", ["World", "Total", "Africa", "Sub-Saharan Africa", "all countries", "OECD"])
def test_totals_say_so(word: str) -> None:
    with pytest.raises(NotFound, match="stands for several places"):
        places.code(word)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    rows = [["origin", '"value, in all; of | them"'], ["Ard\u00e9nia", "7"], ["Borl\u00e4nd", "8"]]
    content = "\n".join(separator.join(row) for row in rows).encode(encoding)
    table = parse(content, "x.csv")
    assert table["origin"].to_list() == ["Ard\u00e9nia", "Borl\u00e4nd"]


def test_the_first_line_may_say_the_separator() -> None:
    assert parse(b"sep=;\na;b\n1,5;2\n", "x.csv").row(0) == ("1,5", "2")


def test_a_title_above_the_names_is_passed_over() -> None:
    text = b"Migrants by birthplace\n\norigin,year,value\nMEX,2020,5\n"
    assert parse(text, "x.csv", wanted=STOCK.columns).row(0) == ("MEX", "2020", "5")


def test_a_quote_that_swallows_rows_is_named() -> None:
    text = b'donor\tyear\ttext\nDEU\t2020\t"Migration\nFRA\t2020\thelp"\nITA\t2020\tother\n'
    with pytest.raises(DataError, match=r"looks like other rows in 1 row\s+row 1: "):
        parse(text, "x.csv")


def book(sheets: dict[str, list[list[object]]], hidden: tuple[str, ...] = ()) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name in hidden:
                sheet.hide()
        workbook.get_worksheet_by_name(next(n for n in sheets if n not in hidden)).activate()
        workbook.get_worksheet_by_name(next(n for n in sheets if n not in hidden)).set_first_sheet()
    return buffer.getvalue()


OLD: list[list[object]] = [["origin", "year", "value"], ["MEX", 2020, 1]]
FINAL: list[list[object]] = [["origin", "year", "value"], ["MEX", 2020, 1000]]


def test_hidden_sheets_are_passed_over() -> None:
    content = book({"old": OLD, "final": FINAL}, hidden=("old",))
    assert parse(content, "x.xlsx")["value"].to_list() == ["1000"]
    assert parse(content, "x.xlsx", sheet="old")["value"].to_list() == ["1"]


def test_of_several_sheets_the_one_with_the_columns_is_meant(tmp_path: Path) -> None:
    content = book({"read me": [["Figures of 2020"]], "final": FINAL})
    assert parse(content, "x.xlsx", wanted=STOCK.columns)["value"].to_list() == ["1000"]
    both = book({"one": OLD, "two": FINAL})
    with pytest.raises(DataError, match="has 2 sheets, and which is meant is not said"):
        parse(both, "x.xlsx", wanted=STOCK.columns)
    file = tmp_path / "x.xlsx"
    file.write_bytes(both)
    assert take(f"{file}#two", STOCK)["value"].to_list() == [1000]


def test_letters_that_look_the_same_are_the_same() -> None:
    composed, apart = "Ard\u00e9nia Sur", "Arde\u0301nia\u00a0Sur"
    rows = {"origin": [composed, apart], "year": [2020, 2021], "value": [1, 2]}
    assert take(rows, STOCK)["origin"].n_unique() == 1


@pytest.mark.parametrize("code", ["SJM", "ALA", "Norfolk Island", "CX"])
def test_codes_held_elsewhere_say_where(code: str) -> None:
    with pytest.raises(NotFound, match="is not in the register: counted with"):
        places.code(code)


def test_a_cell_in_which_a_formula_failed_is_no_missing_figure() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        sheet = workbook.add_worksheet("final")
        sheet.write_row(0, 0, ["origin", "year", "value"])
        sheet.write_row(1, 0, ["MEX", 2020])
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    with pytest.raises(DataError, match=r"1 cell in which a formula failed\s+row 1, column 3: Div0"):
        parse(buffer.getvalue(), "x.xlsx")


def test_a_year_that_is_a_date_is_said_to_be_one() -> None:
    row = {"treaty": ["crc"], "country": ["KEN"], "state_party_since": ["1990-07-30 00:00:00"]}
    with pytest.raises(DataError, match="a date and not a number"):
        validate("treaty", row)


def test_dollars_for_millions_are_refused() -> None:
    rows = {"country": ["PHL", "KEN"], "year": [2022, 2022], "received": [38_049e6, 4_092e6]}
    money = pl.DataFrame(rows).with_columns(paid=pl.lit(None, pl.Float64))
    with pytest.raises(DataError, match="column 'received' is of another unit than gdp_usd_million"):
        load(tables={"remittances": money})


def test_births_in_thousands_are_refused() -> None:
    people = load().table("population").drop("source").with_columns(births=pl.col("births") // 1000)
    with pytest.raises(DataError, match="column 'births' is of another unit"):
        check_scales({"population": people}, only="population")


@pytest.mark.parametrize("total", ["Total", "World", "All countries", "Grand total"])
def test_totals_move_nowhere(total: str) -> None:
    people = {"country": ["Ardenia", total], "year": [2010, 2010], "population": [5, 5]}
    with pytest.raises(DataError, match="holds a total of several places in 1 row"):
        take(people, TableSpec("people", texts=["country"], any_places=["country"], whole=["year"]))


def test_regions_may_be_places_but_not_beside_countries() -> None:
    spec = TableSpec("people", texts=["country"], any_places=["country"])
    assert take({"country": ["Africa", "Asia"]}, spec).height == 2
    with pytest.raises(DataError, match=r"row 1: country=Africa"):
        take({"country": ["Africa", "Kenya"]}, spec)


def test_known_places_are_known_after_any_number_of_unknown_ones() -> None:
    names = ["World", "Africa", "Asia", "Europe", "Oceania", "Arab World", "France", "Germany"]
    rows = {"treaty": ["crc"] * 8, "country": names, "state_party_since": [1990] * 8}
    with pytest.raises(DataError) as refused:
        validate("treaty", rows)
    assert "6 values are a total of places" in str(refused.value)
    assert "France" not in str(refused.value)


def test_no_text_of_a_csv_is_a_formula_and_it_reads_back_the_same() -> None:
    rows = pl.DataFrame(
        {"note": ["=cmd|' /C calc'!A0", "+1 more", "-x", "@me", "-5", "Mali"], "change": [-1.5] * 6}
    )
    written = csv_bytes(rows, mark=True)
    assert written.startswith(b"\xef\xbb\xbf")
    cells = [line.split(",")[0].strip('"') for line in written.decode("utf-8-sig").splitlines()[1:]]
    assert [cell[0] for cell in cells] == ["'", "'", "'", "'", "-", "M"]
    assert parse(written, "x.csv")["note"].to_list() == rows["note"].to_list()
    assert b",-1.5" in written


@pytest.mark.parametrize(
    ("code", "year", "words"),
    [
        ("YUG", 2010, "stood from 1918 to 1991; today BIH, HRV, MKD, MNE, SRB, SVN, XKX"),
        ("SCG", 2012, "stood from 1992 to 2005"),
        ("SUD", 2015, "today SDN, SSD"),
        ("DDR", 1995, "stood from 1949 to 1990"),
    ],
)
def test_places_out_of_their_years_are_findings(code: str, year: int, words: str) -> None:
    table = table_schema("displacement")
    row = {"origin": [code], "asylum": ["DEU"], "year": [year], "refugees": [7], "asylum_seekers": [1]}
    found = recorded(table, validate("displacement", row))
    assert words in found["message"].item()
    assert recorded(table, validate("displacement", {**row, "year": [1980]})).height == (code in ("SCG",))


def test_places_before_their_years_are_pointed_out(tmp_path: Path) -> None:
    file = tmp_path / "displacement.csv"
    file.write_text("origin,asylum,year,refugees,asylum_seekers\nSSD,UGA,1995,7,1\nSSD,UGA,2015,7,1\n")
    said = screen(examine(file)[0])
    assert "SSD in 1995, when its ground was part of Sudan (before 2011) (SUD)" in said
    assert "wrong:" not in said


@pytest.mark.parametrize("name", ["Gebiet", "Kingdom", "Todos juntos", "Z"])
def test_totals_are_told_by_their_sums(name: str) -> None:
    rows = {
        "place": ["A", "B", "C", name],
        "refugees": [120, 75, 31, 226],
        "population": [9000, 700, 1200, 10900],
    }
    with pytest.raises(DataError, match=rf"holds the sum of the other places in 1 row\s+row 4: place={name}"):
        refugees_by_origin(rows)
    assert refugees_by_origin({**rows, "refugees": [120, 75, 31, 227]}).table.height == 5


def test_the_settings_that_are_printed_are_accepted(tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    file.write_text(
        "Displaced people\n\nOrigin;Asylum;Year;Refugees;Asylum seekers\nSYR;DEU;2019;573.000;61.000\n"
    )
    one = examine(file)[0]
    assert one.wrong
    lines = [line.removeprefix("# ") if "decimal" in line else line for line in settings_of(one)]
    (tmp_path / "corridors.toml").write_text("\n".join(lines).replace('"."  # or ","', '","  # or "."'))
    (checked,) = examine(tmp_path)
    assert not checked.wrong
    assert checked.frame is not None
    assert checked.frame.select("refugees", "asylum_seekers").row(0) == (573_000, 61_000)


@pytest.mark.parametrize("name", ["remittances", "remittance_price", "treaty", "labour_agreement"])
def test_embedded_tables_pass_their_own_check(name: str) -> None:
    folder = packaged.path("evidence/figures")
    suffix = next(s for s in (".csv", ".csv.gz") if folder.joinpath(name + s).is_file())
    with as_file(folder.joinpath(name + suffix)) as file:
        (one,) = examine(file)
    assert not one.wrong
    assert "corridors.toml:" in screen(one)


def test_the_odd_one_out_is_named() -> None:
    found = numerals(pl.Series(["12,5", "7,25", "3,5", "12.5"]))
    assert found.ambiguous.to_list() == [False, False, False, True]
    assert found.values.null_count() == 4
    assert not found.wrong.any()
