"""What is known: the embedded figures, and a user's own."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import xlsxwriter

from corridors.errors import DataError, NotFound
from corridors.evidence import load, schema, territories, validate

EMBEDDED = load()
STOCK = {"origin": "MEX", "destination": "USA", "year": 2020, "female": 5, "male": 4}
OWN_CARD = '[{0}]\nmode = "extend"\n[{0}.card]\nrevision = "{1}"\n'


def own(folder: Path, table: str, frame: pl.DataFrame, settings: str = "") -> Path:
    """Write a folder with one own table."""
    frame.write_csv(folder / f"{table}.csv")
    if settings:
        (folder / "corridors.toml").write_text(settings, encoding="utf-8")
    return folder


def workbook(path: Path, rows: list[list[Any]], sheet: str = "Table 1") -> None:
    """Write rows to a sheet, leaving None cells empty."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if value is not None:
                    page.write(i, j, value)


# Embedded figures


def test_tables_follow_the_schema_and_name_their_source() -> None:
    for name, table in schema().items():
        frame = EMBEDDED.table(name)
        assert frame.columns == [*table.names, "source"]
        assert frame.dtypes[:-1] == [column.dtype for column in table.columns]
        assert frame.equals(frame.sort(table.keys))
        [card] = [card for card in EMBEDDED.cards if card.table == name]
        assert frame["source"].unique().to_list() == [card.id]
        assert card.rows == frame.height
        assert re.fullmatch(r"[0-9a-f]{64}", card.sha256)
        assert EMBEDDED.card(card.id) is card


def test_every_column_is_described_and_bounded() -> None:
    for table in schema().values():
        assert table.keys
        for column in table.columns:
            assert len(column.description) > 5
            assert column.key <= (not column.nullable)
    assert schema("nowhere") == {}


def test_known_values() -> None:
    stock = EMBEDDED.table("migrant_stock").filter(year=2020)
    pair = stock.filter(origin="MEX", destination="USA")
    assert (pair["female"] + pair["male"]).item() == 11_177_052
    assert "NAM" in EMBEDDED.table("population")["country"]
    assert EMBEDDED.table("labour_agreement")["coded"].sum() == 570


def test_world_totals_are_the_published_ones() -> None:
    stock = EMBEDDED.table("migrant_stock").with_columns(value=pl.col("female") + pl.col("male"))
    world = dict(stock.group_by("year").agg(pl.col("value").sum()).iter_rows())
    assert sorted(world) == [1990, 1995, 2000, 2005, 2010, 2015, 2020, 2024]
    assert world[1990] == 153_916_063
    assert world[2020] == 275_284_032
    assert world[2024] == 304_021_813
    named = stock.filter(pl.col("origin") != "OTH", pl.col("year") == 2024)
    assert named["value"].sum() == 281_956_199
    assert stock.filter(origin="OTH", destination="USA", year=2024)["value"].item() == 3_519_423
    assert stock.filter(destination="USA", year=2024)["value"].sum() == 52_375_047


def test_population_ends_with_2024() -> None:
    people = EMBEDDED.table("population")
    last = people.filter(year=2024)
    assert last.height == people["country"].n_unique() == 236
    assert last["population"].sum() / 1000 == pytest.approx(8_161_973, rel=1e-6)
    assert last["births"].null_count() == last["deaths"].null_count() == 236
    assert people.filter(pl.col("year") < 2024)["births"].null_count() == 0
    grown = people.filter(pl.col("year") >= 2023).sort("country", "year").group_by("country").agg(
        change=pl.col("population").diff().last() / pl.col("population").first(),
        accounted=(pl.col("births") - pl.col("deaths")).first() / pl.col("population").first()
        + pl.col("net_migration").mean() / pl.col("population").first(),
    )  # fmt: skip
    gap = (grown["change"] - grown["accounted"]).abs()
    assert gap.max() < 0.015
    assert gap.median() < 2e-4


def test_every_destination_says_what_it_counts() -> None:
    basis = EMBEDDED.table("destination_basis")
    assert set(basis["destination"]) == set(EMBEDDED.table("migrant_stock")["destination"])
    counts = basis.select(pl.col("foreign_born", "foreign_citizens", "refugees_added", "imputed").sum())
    assert counts.row(0) == (182, 48, 159, 5)
    emirates = basis.filter(destination="ARE")
    assert (emirates["foreign_born"].item(), emirates["foreign_citizens"].item()) == (False, True)


def test_contradictions_are_recorded() -> None:
    found = EMBEDDED.findings
    over = found.filter(rule="stock_within_population")
    bonaire = [f"destination=BES, year={year}" for year in (1990, 2005, 2010, 2015, 2020)]
    assert over["key"].to_list() == bonaire
    assert (over["value"] / over["limit"]).max() < 1.0015
    deciles = found.filter(rule="deciles_missing")["key"].to_list()
    assert deciles == ["country=SOM", "country=SSD", "country=ZWE"]
    assert found.filter(rule="coded_yet_blank")["key"].to_list() == ["agreement=334"]
    zeros = found.filter(pl.col("rule").is_in(["zero_received", "zero_paid"]))
    assert "country=SGP, year=2010" in zeros.filter(rule="zero_received")["key"].to_list()
    assert zeros["rule"].value_counts().sort("rule").rows() == [("zero_paid", 36), ("zero_received", 362)]
    repeated = found.filter(rule="carried_forward")["key"].to_list()
    codes = ["AFG", "BRB", "CYM", "FSM", "MHL", "NCL", "OMN", "PYF", "YEM"]
    assert repeated == [f"country={code}, year=2024" for code in codes]
    aged = found.filter(pl.col("rule").is_in(["ages_add_up", "sex_not_known"]))
    assert aged.height == 15 + 2
    gone = found.filter(rule="place_out_of_years")
    assert gone["table"].value_counts().sort("table").rows() == [
        ("income_class", 14),
        ("labour_agreement", 1),
        ("remittance_price", 15),
    ]
    assert found.height - zeros.height - len(repeated) - aged.height - gone.height == 9


def test_unknown_names_get_suggestions() -> None:
    with pytest.raises(NotFound, match="did you mean 'migrant_stock'"):
        EMBEDDED.table("migrants_stock")
    with pytest.raises(NotFound, match="did you mean 'proximity@2011'"):
        EMBEDDED.card("proximity@2012")
    with pytest.raises(NotFound, match="did you mean 'female'"):
        schema()["migrant_stock"].column("females")


def test_territories_hold_known_places() -> None:
    rows = territories()
    assert rows.columns == ["unit", "member", "first_period", "last_period", "reason"]
    assert set(rows["unit"]) == {"CHI", "SRB", "SUD"}
    assert rows.filter(unit="SRB", first_period=1990)["member"].to_list() == ["SRB", "XKX"]


def test_territories_are_those_of_the_stock_in_use() -> None:
    years = {"SRB": range(1990, 2021, 5), "MNE": range(2010, 2021, 5)}
    older = pl.DataFrame(
        [{"origin": "BIH", "destination": place, "year": y} for place, of in years.items() for y in of]
    )
    rows = territories(older)
    assert rows.filter(unit="SCG")["member"].to_list() == ["SRB", "MNE", "XKX"]
    assert rows.filter(unit="SRB")["first_period"].to_list() == [2010, 2010]
    assert territories(EMBEDDED.table("migrant_stock")).equals(territories())


# Own figures


@pytest.mark.parametrize("make", [pl.DataFrame, pd.DataFrame, pa.Table.from_pylist])
def test_frames_of_any_make(make: Any) -> None:
    evidence = load(tables={"migrant_stock": make([STOCK])})
    stock = evidence.table("migrant_stock")
    assert stock.row(0)[:-1] == ("MEX", "USA", 2020, 5, 4)
    card = evidence.card(stock["source"].item())
    assert (card.publisher, card.licence, card.rows) == ("own file", "not stated", 1)
    assert card.revision.startswith("own table (sha256 ")


def test_pandas_column_of_mixed_objects() -> None:
    mixed = pd.DataFrame({"country": ["FRA", "ESP"], "year": [2020, "2020"]}, dtype=object)
    mixed["received"] = [np.nan, 1.5]
    mixed["paid"] = pd.Series([2, None], dtype=object)
    assert validate("remittances", mixed).rows() == [
        ("ESP", 2020, 1.5, None, None),
        ("FRA", 2020, None, 2.0, None),
    ]


def test_names_and_two_letter_codes_are_understood() -> None:
    rows = [
        STOCK | {"origin": "Namibia"},
        STOCK | {"origin": "NA", "destination": "South Africa"},
    ]
    frame = validate("migrant_stock", pl.DataFrame(rows))
    assert frame.select("origin", "destination").rows() == [
        ("NAM", "USA"),
        ("NAM", "ZAF"),
    ]


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".parquet", ".xlsx"])
def test_a_file_named_like_a_table_replaces_it(tmp_path: Path, suffix: str) -> None:
    frame = pl.DataFrame([STOCK | {"origin": "NA"}])
    path = tmp_path / f"migrant_stock{suffix}"
    match suffix:
        case ".csv":
            path.write_text("\ufeff" + frame.write_csv().replace(",", ";"), encoding="utf-8")
        case ".csv.gz":
            path.write_bytes(gzip.compress(frame.write_csv().encode(), mtime=0))
        case ".parquet":
            frame.write_parquet(path)
        case _:
            workbook(path, [frame.columns, *map(list, frame.rows())])
    (tmp_path / "README.md").write_text("not a table")
    (tmp_path / "~$migrant_stock.xlsx").write_text("lock")
    evidence = load(tmp_path)
    assert evidence.table("migrant_stock").row(0)[:-1] == ("NAM", "USA", 2020, 5, 4)
    assert evidence.table("economy").equals(EMBEDDED.table("economy"))
    [card] = [card for card in evidence.cards if card.table == "migrant_stock"]
    assert card.revision == f"own file {path.name} (sha256 {card.sha256[:12]})"


def test_settings_describe_a_publishers_sheet(tmp_path: Path) -> None:
    workbook(
        tmp_path / "register.xlsx",
        [
            ["Foreign-born residents"],
            [],
            ["Born in", "Lives in", "Year", "Women", "Men", "Remark"],
            ["Mexico", "USA", 2020, 5, 4, "provisional"],
            [],
            ["Canada", "USA", 2020, 3, 2, None],
        ],
        sheet="S",
    )
    (tmp_path / "corridors.toml").write_text(
        """
        [migrant_stock]
        file = "register.xlsx"
        sheet = "S"
        header_row = 3
        [migrant_stock.columns]
        origin = "Born in"
        destination = "Lives in"
        year = "Year"
        female = "Women"
        male = "Men"
        [migrant_stock.card]
        publisher = "Statistical office"
        revision = "March"
        licence = "CC BY 4.0"
        """
    )
    (tmp_path / "figures.toml").write_text('[migrant_stock]\ntitle = "Residents"\nlicence = "?"')
    evidence = load(tmp_path)
    assert evidence.table("migrant_stock")["origin"].to_list() == ["CAN", "MEX"]
    card = evidence.card("migrant_stock@March")
    assert (card.title, card.publisher, card.licence) == (
        "Residents",
        "Statistical office",
        "CC BY 4.0",
    )
    [extra] = evidence.findings.filter(rule="extra_column").iter_rows(named=True)
    assert (extra["table"], extra["key"]) == ("migrant_stock", "column=Remark")


# Extending, and never differencing across revisions


def test_extend_adds_a_new_series(tmp_path: Path) -> None:
    base = EMBEDDED.table("remittances")
    others = pl.DataFrame({"country": ["PRK"], "year": [2020], "received": [1.0], "paid": [None]})
    assert "PRK" not in base["country"]
    evidence = load(own(tmp_path, "remittances", others, '[remittances]\nmode = "extend"'))
    table = evidence.table("remittances")
    assert table.height == base.height + 1
    assert table["source"].n_unique() == 2
    assert [c.rows for c in evidence.cards if c.table == "remittances"] == [
        base.height,
        1,
    ]


def test_extend_refuses_to_mix_revisions_in_a_series(tmp_path: Path) -> None:
    folder = own(
        tmp_path,
        "migrant_stock",
        pl.DataFrame([STOCK]),
        OWN_CARD.format("migrant_stock", "2020"),
    )
    with pytest.raises(DataError) as refused:
        load(folder)
    assert str(refused.value) == (
        "table 'migrant_stock': 1 series of destination would mix two revisions, which must not "
        "be compared\n"
        "  destination=USA\n"
        "  revisions: migrant_stock@2020 and migrant_stock@International Migrant Stock 2024\n"
        "  Remedy: supply all rows of the series for all years, or declare the same revision "
        "in [migrant_stock.card]"
    )


def test_extend_within_the_same_revision(tmp_path: Path) -> None:
    revision = "International Migrant Stock 2024"
    folder = own(
        tmp_path,
        "migrant_stock",
        pl.DataFrame([STOCK]),
        OWN_CARD.format("migrant_stock", revision),
    )
    evidence = load(folder)
    stock = evidence.table("migrant_stock")
    assert stock.height == EMBEDDED.table("migrant_stock").height
    assert stock.filter(origin="MEX", destination="USA", year=2020)["female"].item() == 5
    card = evidence.card(f"migrant_stock@{revision}")
    assert card.file == "migrant_stock.csv.gz + migrant_stock.csv"
    assert card.rows == stock.height


def test_a_whole_series_may_come_from_another_revision(tmp_path: Path) -> None:
    tuvalu = EMBEDDED.table("population").filter(country="TUV").drop("source")
    settings = OWN_CARD.format("population", "census")
    evidence = load(own(tmp_path, "population", tuvalu, settings))
    sources = evidence.table("population").filter(country="TUV")["source"].unique()
    assert sources.to_list() == ["population@census"]


# Figures that have to fit one another


def population(people: int) -> pl.DataFrame:
    """Population of the United States in 2010 and 2011 without any event."""
    return pl.DataFrame(
        [
            {"country": "USA", "year": year, "population": people}
            | {"births": 0, "deaths": 0, "net_migration": 0}
            for year in (2010, 2011)
        ]
    )


def test_stock_larger_than_the_population() -> None:
    stock = pl.DataFrame([STOCK | {"year": 2010, "female": 60, "male": 46}])
    tables = {"migrant_stock": stock, "population": population(100)}
    with pytest.raises(DataError) as refused:
        load(tables=tables)
    assert str(refused.value) == (
        "tables 'migrant_stock' and 'population' contradict each other: 1 foreign-born stock "
        "above the population by more than 5%\n"
        "  destination=USA, year=2010, foreign_born=106, population=100\n"
        "  Remedy: give both tables in persons and for the same territory, or own figures "
        "for both tables"
    )
    slightly = load(tables=tables | {"population": population(102)})
    assert slightly.findings.filter(rule="stock_within_population").height == 1


def test_territories_are_put_together() -> None:
    people = EMBEDDED.table("population").drop("source")
    serbia = people.filter(country="SRB", year=2000)["population"].item()
    stock = STOCK | {
        "destination": "SRB",
        "year": 2000,
        "female": serbia,
        "male": serbia // 4,
    }
    frame = pl.DataFrame([stock])
    assert load(tables={"migrant_stock": frame}).findings.filter(table="migrant_stock").is_empty()
    with pytest.raises(DataError, match="destination=SRB, year=2010"):
        load(tables={"migrant_stock": frame.with_columns(year=2010, male=serbia)})
    alone = people.filter(pl.col("country") != "XKX")
    unknown = load(tables={"migrant_stock": frame, "population": alone})
    assert unknown.findings.filter(table="migrant_stock").is_empty()


def test_population_account_that_does_not_close() -> None:
    people = EMBEDDED.table("population").drop("source")
    france = (pl.col("country") == "FRA") & (pl.col("year") == 2010)
    for factor, kind in ((1.01, "finding"), (1.3, "error")):
        scaled = (pl.col("population") * factor).round().cast(pl.Int64)
        bent = people.with_columns(population=pl.when(france).then(scaled).otherwise("population"))
        if kind == "finding":
            found = load(tables={"population": bent}).findings.filter(rule="account_closes")
            assert found["key"].to_list() == [
                "country=FRA, year=2009",
                "country=FRA, year=2010",
            ]
        else:
            with pytest.raises(DataError, match="2 years in which births, deaths and net"):
                load(tables={"population": bent})
