"""The reader of the price workbook: every quirk of the real one, and faults it must refuse."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest
import xlsxwriter

from corridors.errors import DataError, NotFound
from corridors.remittances.prices import (
    FLAGS,
    Quotes,
    as_quotes,
    generated_quotes,
    read_quotes,
    write_generated,
)
from corridors.remittances.prices.layout import AFTER, BEFORE, schema
from corridors.remittances.prices.tidy import typed
from corridors.remittances.prices.workbook import QuoteWorkbook
from corridors.workbooks import cells as cells_module

Sheets = dict[str, pl.DataFrame]
WAVES = ["2013Q1", "2016Q1", "2016Q2", "2020Q1", "2024Q3", "2024Q4", "2025Q1", "2025Q3"]


@pytest.fixture(scope="module")
def sheets() -> Sheets:
    return generated_quotes(seed=3, corridors=30, quarters=WAVES)


@pytest.fixture(scope="module")
def file(sheets: Sheets, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_generated(tmp_path_factory.mktemp("prices") / "generated.xlsx", sheets)


@pytest.fixture(scope="module")
def quotes(file: Path) -> Quotes:
    return read_quotes(file)


def clean(quarter: str = "2020Q1") -> Sheets:
    return generated_quotes(seed=1, corridors=3, quarters=[quarter], faults=False)


def changed(
    column: str, value: str | None, row: int = 0, sheet: str = AFTER, quarter: str = "2020Q1"
) -> Sheets:
    made = clean(quarter)
    table = made[sheet].with_row_index("at")
    cell = pl.when(pl.col("at") == row).then(pl.lit(value, pl.String)).otherwise(column)
    return made | {sheet: table.with_columns(cell.alias(column)).drop("at")}


def first(tmp_path: Path, made: Sheets, row: int = 0, **options: Any) -> dict[str, Any]:
    """The price at USD 200 of a row of the data, as it is read."""
    table = read_quotes(write_generated(tmp_path / "one.xlsx", made), **options).table
    return table.filter(pl.col("row") == row + 2, pl.col("price_point") == 200).row(0, named=True)


# What is read ---------------------------------------------------------------------------------


def test_both_sheets_give_two_prices_a_row(sheets: Sheets, quotes: Quotes) -> None:
    assert {name: table.height for name, table in sheets.items()} == dict(quotes.sheets)
    assert quotes.table.height == 2 * sum(quotes.sheets.values())
    assert quotes.table.columns == [row["column"] for row in schema()]
    assert quotes.table.group_by("sheet").agg(pl.col("quarter").unique().sort()).sort("sheet").rows() == [
        ("after", [q for q in WAVES if q > "2016Q1"]),
        ("before", [q for q in WAVES if q <= "2016Q1"]),
    ]


@pytest.mark.parametrize(("block", "amount"), [("cc1", 200), ("cc2", 500)])
def test_every_number_survives_whatever_its_cell(
    sheets: Sheets, quotes: Quotes, block: str, amount: int
) -> None:
    pairs = {
        "lcu amount": "amount_lcu",
        "denomination amount": "amount_usd",
        "lcu fee": "fee_lcu",
        "lcu fx rate": "rate_applied",
        "fx margin": "margin_reported_pct",
        "total cost %": "total_reported_pct",
    }
    for name, layout in ((BEFORE, "before"), (AFTER, "after")):
        read = quotes.table.filter(pl.col("sheet") == layout, pl.col("price_point") == amount).sort("row")
        for header, column in pairs.items():
            assert read[column].to_list() == sheets[name][f"{block} {header}"].cast(pl.Float64).to_list()
        assert read["id"].to_list() == sheets[name]["id"].to_list()


def test_cells_are_those_that_another_reader_finds(file: Path) -> None:
    book = fastexcel.read_excel(file)
    with QuoteWorkbook(file) as ours:
        for sheet in (BEFORE, AFTER):
            theirs = book.load_sheet(sheet, header_row=None, dtypes="string").to_polars()
            mine = pl.concat(rows.cells for rows in ours.rows(sheet))
            assert mine.shape == theirs.shape
            for place in range(mine.width):
                if sheet == AFTER and place == 40:  # days: serial numbers here, formatted there
                    continue
                for a, b in zip(mine[f"c{place}"], theirs.to_series(place), strict=True):
                    assert a == b or float(a) == float(b)


def test_small_pieces_give_the_same(file: Path, quotes: Quotes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells_module, "_PIECE", 30_000)
    assert read_quotes(file).table.equals(quotes.table)


@pytest.mark.parametrize("constant_memory", [False, True])
def test_workbooks_of_other_writers_read_the_same(tmp_path: Path, constant_memory: bool) -> None:
    made = clean("2016Q2") | {BEFORE: clean("2016Q1")[BEFORE]}
    with xlsxwriter.Workbook(tmp_path / "x.xlsx", {"constant_memory": constant_memory}) as book:
        for name, table in made.items():
            sheet = book.add_worksheet(name)
            for place, title in enumerate(table.columns):
                sheet.write(0, place, title)
            for at, row in enumerate(table.iter_rows(), start=1):
                for place, value in enumerate(row):
                    if value is not None:
                        sheet.write(at, place, value)
    other = read_quotes(tmp_path / "x.xlsx").table
    assert other.equals(read_quotes(write_generated(tmp_path / "y.xlsx", made)).table)


def test_days_of_both_kinds(quotes: Quotes) -> None:
    days = quotes.table.filter(pl.col("flags").list.len() == 0)
    start = pl.date(
        pl.col("quarter").str.head(4).cast(pl.Int32), pl.col("quarter").str.tail(1).cast(pl.Int32) * 3 - 2, 1
    )
    inside = pl.col("date").is_between(start, start.dt.offset_by("3mo"))
    assert days.select(inside.all()).item()
    assert set(days.filter(inside)["quarter"]) == set(WAVES)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03/Sep/2012", dt.date(2012, 9, 3)),
        ("2020-02-01", dt.date(2020, 2, 1)),
        ("1/2/2020", dt.date(2020, 2, 1)),
        ("2020-02-01 00:00:00", dt.date(2020, 2, 1)),
        ("43862", dt.date(2020, 2, 1)),
        ("yesterday", None),
    ],
)
def test_spellings_of_days(tmp_path: Path, text: str, day: dt.date | None) -> None:
    read = first(tmp_path, changed("date", text))
    assert read["date"] == day
    assert ("unreadable_date" in read["flags"]) == (day is None)


def test_days_counted_from_1904(tmp_path: Path) -> None:
    path = write_generated(tmp_path / "a.xlsx", clean("2025Q1"))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b"<sheets>", b'<workbookPr date1904="1"/><sheets>'))
    shift = read_quotes(tmp_path / "b.xlsx").table["date"] - read_quotes(path).table["date"]
    assert shift.unique().to_list() == [dt.timedelta(days=1462)]


@pytest.mark.parametrize("text", ["2020_1Q", "2020Q1", "YR2020Q1", " 2020_1q "])
def test_spellings_of_quarters(tmp_path: Path, text: str) -> None:
    assert first(tmp_path, changed("period", text))["quarter"] == "2020Q1"


@pytest.mark.parametrize(
    ("column", "header", "text", "read"),
    [
        ("instrument", "payment instrument", "Cash,mobile MONEY", "cash, mobile money"),
        ("instrument", "payment instrument", "Debit card , Cash", "cash, debit card"),
        ("firm_type", "firm_type", "Post Office", "Post office"),
        ("firm_type", "firm_type", "Bank / Money Transfer Operator", "Mixed"),
        ("firm_type", "firm_type", "Teleport", "Other"),
        ("speed_days", "speed actual", "1-3 days", 3.0),
        ("speed_days", "speed actual", "Less Than One Hour", 0.0),
        ("speed_days", "speed actual", "6 days or more", float("inf")),
        ("speed", "speed actual", "N/A", None),
        ("coverage", "receiving network coverage", "low", "low"),
        ("receiving_income", "destination_income", "Lower income", "Low income"),
        ("receiving_income", "destination_income", "High income: nonOECD", "High income"),
        ("sending_region", "source_region", "..", None),
        ("receiving", "destination_code", "KSV", "XKX"),
        ("receiving", "destination_code", "NAM", "NAM"),
        ("transparent", "transparent", "Yes", True),
        ("paid_in", "payment instrument", "Cash,Debit card", "either"),
        ("sent_through", "access point", "Agent,Internet", "either"),
        ("paid_out", "pickup method", "ATM Network, Bank Acciunt", "several"),
        ("note", "Standard Note", "Fee & tax <5>", "Fee & tax <5>"),
        ("firm", "firm", "Transferwise", "Wise"),
        ("amount_lcu", "cc1 lcu amount", "1,234.5", 1234.5),
    ],
)
def test_words(tmp_path: Path, column: str, header: str, text: str, read: object) -> None:
    assert first(tmp_path, changed(header, text))[column] == read


def test_layouts_keep_what_the_other_has_not(quotes: Quotes) -> None:
    by = {sheet: part for (sheet,), part in quotes.table.group_by("sheet")}
    for column, sheet in (
        ("product", "after"),
        ("reach", "after"),
        ("instrument", "before"),
        ("coverage", "before"),
    ):
        assert by[sheet][column].null_count() == by[sheet].height
    assert by["before"]["access"].null_count() == 0
    assert by["before"]["sent_through"].drop_nulls().is_in(["online", "in person"]).all()


def test_names_of_firms_are_united(quotes: Quotes) -> None:
    raw, united = quotes.table["firm_raw"].n_unique(), quotes.table["firm"].n_unique()
    assert united < raw
    assert quotes.table["firm"].str.to_lowercase().n_unique() == united


def test_parquet_gives_back_the_same(quotes: Quotes, tmp_path: Path) -> None:
    again = read_quotes(quotes.write_parquet(tmp_path / "quotes.parquet"))
    assert again.table.equals(quotes.table)
    assert sum(again.sheets.values()) == sum(quotes.sheets.values())


def test_columns_beyond_the_headers_are_left_alone(file: Path) -> None:
    with QuoteWorkbook(file) as book:
        pieces = list(book.pieces(AFTER, "after"))
    assert sum(typed(piece).height for piece in pieces) == pieces[-1].table["row"].max() - 1  # type: ignore[operator]
    assert all(" " not in name or ":" in name for piece in pieces for name in piece.table.columns)


def test_header_below_other_rows_and_blank_rows(tmp_path: Path) -> None:
    made = clean()
    blank = made[AFTER].clear(1)
    path = write_generated(tmp_path / "x.xlsx", made | {AFTER: pl.concat([blank, made[AFTER], blank])})
    assert read_quotes(path).sheets[AFTER] == made[AFTER].height


def test_rich_text_and_phonetic_text(tmp_path: Path) -> None:
    path = write_generated(tmp_path / "a.xlsx", changed("firm", "PLACEHOLDER"))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            rich = "<si><r><t>Rich </t></r><r><rPr/><t>Bank</t></r><rPh><t>x</t></rPh></si>"
            new.writestr(name, re.sub(r"<si><t[^>]*>PLACEHOLDER</t></si>", rich, part))
    assert "Rich Bank" in set(read_quotes(tmp_path / "b.xlsx").table["firm"])


# Anomalies ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "text", "flag"),
    [
        ("transparent", "no", "undisclosed_margin"),
        ("transparent", None, "no_transparency"),
        ("cc1 fx margin", "-1", "negative_margin"),
        ("cc1 total cost %", "-1", "negative_total"),
        ("cc1 total cost %", "307.2", "above_50"),
        ("cc1 total cost %", "1.23456", "identity"),
        ("cc1 lcu amount", "0", "no_amount"),
        ("cc1 denomination amount", "201", "denomination"),
        ("cc1 denomination amount", None, "denomination"),
        ("inter lcu bank fx", "0", "zero_rate"),
        ("cc1 lcu fx rate", "0", "zero_rate"),
        ("cc1 lcu code", "CLF", "currency_code"),
        ("date", "01/Jan/2018", "stale_date"),
        ("date", "15/Jul/2023", "late_date"),
        ("corridor", "AAABBB", "corridor_code"),
        ("cc1 lcu fee", None, None),
    ],
)
def test_flags(tmp_path: Path, header: str, text: str | None, flag: str | None) -> None:
    read = first(tmp_path, changed(header, text))
    assert flag is None or flag in read["flags"]
    assert set(read["flags"]) <= set(FLAGS)


def test_clean_quotes_have_no_flag(tmp_path: Path) -> None:
    quotes = read_quotes(write_generated(tmp_path / "x.xlsx", clean()))
    found = set(quotes.table["flags"].explode().drop_nulls())
    assert found <= {"negative_margin", "negative_total"}


def test_an_undisclosed_margin_is_missing_not_zero(tmp_path: Path, quotes: Quotes) -> None:
    made = changed("transparent", "no")
    made[AFTER] = made[AFTER].with_columns(pl.lit("0").alias("cc1 fx margin"))
    read = first(tmp_path, made)
    assert (read["margin_pct"], read["total_pct"], read["margin_reported_pct"]) == (None, None, 0.0)
    hidden = quotes.table.filter(~pl.col("transparent"))
    assert hidden.height > 0
    assert hidden["margin_pct"].null_count() == hidden["total_pct"].null_count() == hidden.height


@pytest.mark.parametrize("trust", [True, False])
def test_a_note_may_say_that_the_margin_is_not_disclosed(tmp_path: Path, trust: bool) -> None:
    made = changed(
        "note2",
        "The 0% in the exchange rate margin does NOT necessarily mean that there is no exchange rate cost",
    )
    made[AFTER] = made[AFTER].with_columns(pl.lit("0").alias("cc1 fx margin"))
    read = first(tmp_path, made, trust_notes=trust)
    assert ("undisclosed_note" in read["flags"]) == trust
    assert (read["margin_pct"] is None) == trust


def test_a_fee_left_out_of_the_total(tmp_path: Path) -> None:
    made = changed("cc1 fx margin", "4")
    made[AFTER] = made[AFTER].with_columns(
        pl.lit("4").alias("cc1 total cost %"), pl.lit("900").alias("cc1 lcu fee")
    )
    assert {"fee_omitted", "identity"} <= set(first(tmp_path, made)["flags"])


def test_a_missing_total_is_computed_where_it_can_be(tmp_path: Path) -> None:
    read = first(tmp_path, changed("cc1 total cost %", None))
    assert read["total_pct"] == pytest.approx(read["fee_pct"] + read["margin_pct"])
    assert "no_total" in first(tmp_path, _without_costs())["flags"]


def _without_costs() -> Sheets:
    made = changed("cc1 total cost %", None)
    made[AFTER] = made[AFTER].with_columns(pl.lit(None, pl.String).alias("cc1 lcu fee"))
    return made


def test_duplicates(tmp_path: Path) -> None:
    made = clean()
    again = made[AFTER].head(1)
    other = again.with_columns(id=pl.lit("123"))
    quotes = read_quotes(
        write_generated(tmp_path / "x.xlsx", made | {AFTER: pl.concat([made[AFTER], again, other])})
    )
    flags = quotes.table.filter(price_point=200).sort("row")["flags"].to_list()
    assert flags[0] == ["duplicate_id"]
    assert flags[-2:] == [["duplicate", "duplicate_id"], ["duplicate"]]


def test_prices_hold_together(quotes: Quotes) -> None:
    clear = quotes.table.filter(~pl.col("flags").list.contains("identity"), pl.col("total_pct").is_not_null())
    gap = (clear["fee_pct"] + clear["margin_pct"] - clear["total_pct"]).abs()
    assert gap.max() <= 0.0101  # type: ignore[operator]


def test_summary_and_counts(quotes: Quotes) -> None:
    assert "undisclosed_margin" in quotes.summary()
    assert quotes.flag_counts()["flag"].to_list() == list(FLAGS)
    assert quotes.to_polars() is quotes.table


# Refusals -------------------------------------------------------------------------------------


def refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_quotes(path)
    assert caught.value.remedy
    return str(caught.value)


def test_wrong_sheet(tmp_path: Path) -> None:
    path = write_generated(tmp_path / "x.xlsx", {"Sheet1": clean()[AFTER]})
    said = refused(path)
    assert AFTER in said
    assert "Terms of Use, Methodology, Legend, Countries, Sheet1" in said


def test_one_of_the_two_sheets_is_enough(tmp_path: Path) -> None:
    made = clean()
    assert (
        read_quotes(write_generated(tmp_path / "x.xlsx", {AFTER.upper() + " ": made[AFTER]})).table.height > 0
    )


def test_missing_columns(tmp_path: Path) -> None:
    made = clean()
    table = made[AFTER].drop("cc2 total cost %", "transparent").rename({"firm": "firms"})
    said = refused(write_generated(tmp_path / "x.xlsx", {AFTER: table}))
    for words in (AFTER, "lacks 3 column(s)", "row 1", "cc2 total cost %", "transparent", "is it 'firms'?"):
        assert words in said


def test_columns_twice(tmp_path: Path) -> None:
    table = clean()[AFTER].with_columns(pl.col("firm").alias("FIRM "))
    assert "firm_raw: firm, FIRM" in refused(write_generated(tmp_path / "x.xlsx", {AFTER: table}))


@pytest.mark.parametrize(
    ("header", "text", "said"),
    [
        ("cc1 total cost %", "abc", "row 5: 'abc'"),
        ("cc2 lcu fee", "3,5", "row 5: '3,5'"),
        ("period", "2020", "row 5: '2020'"),
        ("period", "2020_5Q", "row 5"),
        ("period", None, "row 5: empty"),
        ("source_code", "ZZZ", "row 5: 'ZZZ'"),
        ("destination_code", None, "row 5: empty"),
        ("cc1 lcu amount", "inf", "row 5: 'inf'"),
    ],
)
def test_cells_that_can_not_be_read(tmp_path: Path, header: str, text: str | None, said: str) -> None:
    words = refused(write_generated(tmp_path / "x.xlsx", changed(header, text, row=3)))
    assert said in words
    assert f"sheet '{AFTER}', column '{header}'" in words


def test_many_bad_cells_are_counted(tmp_path: Path) -> None:
    made = clean()
    table = made[AFTER].with_columns(pl.lit("?").alias("cc1 lcu fee"))
    said = refused(write_generated(tmp_path / "x.xlsx", {AFTER: table}))
    assert f"{table.height} cell(s)" in said
    assert f"and {table.height - 5} more" in said


def test_no_rows(tmp_path: Path) -> None:
    made = clean()
    assert "no rows" in refused(write_generated(tmp_path / "x.xlsx", {AFTER: made[AFTER].clear()}))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"period,source_code\r\n2020_1Q,USA\r\n", "it is text: 'period,source_code'"),
        (b"", "it is empty"),
        (b"<!DOCTYPE html><html>", "a page of the web"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "of the old kind"),
        (b"\x00\x01\x02", "something else"),
    ],
)
def test_what_is_no_workbook_is_said_to_be_none(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "quotes.xlsx"
    file.write_bytes(content)
    with pytest.raises(DataError, match=r"quotes.xlsx is no Excel workbook \(.xlsx\)") as refused:
        read_quotes(file)
    assert words in str(refused.value)
    assert refused.value.remedy


@pytest.mark.parametrize("damage", [lambda b: b[:500], lambda b: b[: len(b) // 2]])
def test_damaged_files(tmp_path: Path, file: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(damage(file.read_bytes()))
    assert "can not be read" in refused(path)


def _rewritten(file: Path, to: Path, change: Callable[[bytes], bytes]) -> Path:
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name.startswith("xl/worksheets/") else part)
    return to


def test_xml_of_another_style(tmp_path: Path) -> None:
    path = write_generated(tmp_path / "a.xlsx", clean())
    bare = _rewritten(path, tmp_path / "b.xlsx", lambda part: re.sub(rb' r="[A-Z]+\d+"', b"", part))
    assert "another style" in refused(bare)
    prefixed = _rewritten(path, tmp_path / "c.xlsx", lambda part: re.sub(rb"<(/?)([a-z])", rb"<\1x:\2", part))
    assert "another style" in refused(prefixed)


def test_sheets_that_end_early_or_point_nowhere(tmp_path: Path) -> None:
    path = write_generated(tmp_path / "a.xlsx", clean())
    short = _rewritten(path, tmp_path / "b.xlsx", lambda part: part[: part.rfind(b"</row>")])
    assert "middle of row" in refused(short)
    lost = _rewritten(
        path, tmp_path / "c.xlsx", lambda part: re.sub(rb't="s"><v>\d+<', b't="s"><v>9999999<', part)
    )
    assert "9999999" in refused(lost)


def test_no_such_file_and_no_such_table(tmp_path: Path) -> None:
    for name in ("x.xlsx", "x.parquet"):
        with pytest.raises(NotFound, match="there is no file"):
            read_quotes(tmp_path / name)
    (tmp_path / "y.parquet").write_bytes(b"nothing")
    assert "Parquet" in refused(tmp_path / "y.parquet")
    with pytest.raises(DataError, match="lacks columns"):
        as_quotes(pl.DataFrame({"id": [1]}))


def test_generator_refuses(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="ask for 1 to"):
        generated_quotes(corridors=9999)
    with pytest.raises(DataError, match="no prices were surveyed in 2011Q2"):
        generated_quotes(quarters=["2011Q2"])


def test_generator_is_plain_about_itself(sheets: Sheets) -> None:
    again = generated_quotes(seed=3, corridors=30, quarters=WAVES)
    other = generated_quotes(seed=4, corridors=30, quarters=WAVES)
    for name, table in sheets.items():
        assert table["firm"].str.to_lowercase().str.starts_with("generated").all()
        assert table.equals(again[name])
        assert not table.equals(other[name])


def test_texts_inside_a_sheet_may_hold_any_sign(tmp_path: Path) -> None:
    path = write_generated(tmp_path / "a.xlsx", clean())

    def inline(part: bytes) -> bytes:
        told = b'<c r="O2" t="inlineStr"><is><t xml:space="preserve"> A > B = t="s" &amp; C</t></is></c>'
        return re.sub(rb'<c r="O2" t="s"><v>\d+</v></c>', told, part)

    table = read_quotes(_rewritten(path, tmp_path / "b.xlsx", inline)).table
    assert table["firm_raw"][0] == 'A > B = t="s" & C'
    assert table.drop("firm", "firm_raw").equals(read_quotes(path).table.drop("firm", "firm_raw"))
