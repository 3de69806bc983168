"""No publisher's reader makes another number of what a cell says, and none loses a row silently."""

from __future__ import annotations

import csv
import io
import json
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest
import test_sources_money as money
import test_sources_people as people
import test_sources_un as un

from corridors.errors import DataError
from corridors.evidence import publishers
from corridors.evidence.sources import catalogue
from corridors.evidence.sources.tabular import counts, numbers
from corridors.remittances.prices import generated_quotes, write_generated

Files = dict[str, bytes]


@dataclass(frozen=True)
class Sample:
    """Files of a source in which one cell of a column of numbers can be written at will.

    ``figures`` are the columns whose cells may be blank, ``keys`` those that tell years and places.
    """

    source: str
    files: Callable[[Path, str, str], Files]
    figures: Sequence[str]
    keys: Sequence[str] = ()

    def read(self, folder: Path, column: str, text: str) -> dict[str, pl.DataFrame]:
        return money.read(self.source, self.files(folder, column, text), folder)


def csv_cell(body: bytes, column: str, text: str, row: int) -> bytes:
    """A CSV file with one cell written anew."""
    header, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig")))
    rows[row][header.index(column)] = text
    return people.table(header, rows)


def json_cell(rows: Sequence[Mapping[str, Any]], column: str, text: str, row: int) -> list[dict[str, Any]]:
    return [dict(r) | ({column: text} if at == row else {}) for at, r in enumerate(rows)]


def abel_cohen(folder: Path, column: str, text: str) -> Files:
    body = people.table(people.FLOWS, people.FLOW_ROWS)
    return {"bilat_mig_sex.csv": csv_cell(body, column, text, 0)}


def eurostat(folder: Path, column: str, text: str) -> Files:
    return {"x": csv_cell(people.table(people.EUROSTAT, people.IMMIGRATION), column, text, 1)}


def oecd(folder: Path, column: str, text: str) -> Files:
    return {"B11_inflows.csv": csv_cell(people.table(people.OECD, people.OECD_ROWS), column, text, 1)}


def unhcr(folder: Path, column: str, text: str) -> Files:
    return {"population.json": people.unhcr_page(json_cell(people.UNHCR, column, text, 1))}


def who(folder: Path, column: str, text: str) -> Files:
    rows = json_cell(people.PHYSICIANS, column, text, 1)
    return {"HWF_0001.json": people.who_answer(rows), "HWF_0006.json": people.who_answer(people.NURSES)}


def sdg(folder: Path, column: str, text: str) -> Files:
    page = people.sdg_page(json_cell(people.SDG, column, text, 1))
    return people.EMPTY | {"SG_CPA_MIGRS.json": page}


def missing_migrants(folder: Path, column: str, text: str) -> Files:
    names = [*people.NEWER, "Latitude", "Longitude"]
    rows = [
        [*people.newer(f"2023.MMP{n:05}", "2023-01-02", 2023, 3, 1, 4), "32.88", "13.17"] for n in range(40)
    ]
    return {"x": csv_cell(people.table(names, rows), column, text, 1)}


def un_migrant_stock(folder: Path, column: str, text: str) -> Files:
    rows = [un.row(840, 484, [5, 6], [7, 8]), un.row(276, 792, [1, 2], [3, 4])]
    # Codes of destination and origin, then years of both sexes, of men and of women.
    rows[1][{"destination": 4, "origin": 6, "male": 9, "female": 11}[column]] = text
    return {"x": un.workbook(folder / "stock.xlsx", rows, (1990, 2020)).read_bytes()}


def wpp(folder: Path, column: str, text: str) -> Files:
    return {money.WPP_FILE: csv_cell(money.csv_bytes(money.WPP_HEADER, money.WPP_ROWS), column, text, 3)}


def world_bank(folder: Path, column: str, text: str) -> Files:
    meta, rows = json.loads(money.bank_page(money.BX, money.RECEIVED))
    page = json.dumps([meta, json_cell(rows, column, text, 3)]).encode()
    return money.remittance_files() | {f"{money.BX}.json": page}


def knomad(folder: Path, column: str, text: str) -> Files:
    return money.flow_pages(json_cell(money.FLOWS, column, text, 2))


def pip(folder: Path, column: str, text: str) -> Files:
    surveys = [money.survey("MEX", 2018), money.survey("PHL", 2017), money.survey("PHL", 2018)]
    files = money.pip_files(surveys)
    return files | {
        "poverty_line_2.15.csv": csv_cell(files["poverty_line_2.15.csv"], column, text, 2),
    }


@cache
def rpw_sheet() -> pl.DataFrame:
    made = generated_quotes(seed=1, corridors=1, quarters=["2020Q1"], faults=False)
    return made["Dataset (from Q2 2016)"].head(3).with_columns(pl.lit("yes").alias("transparent"))


def rpw(folder: Path, column: str, text: str) -> Files:
    cells = rpw_sheet()[column].to_list()
    sheet = rpw_sheet().with_columns(pl.Series(column, [cells[0], text or None, cells[2]], pl.String))
    path = write_generated(folder / "quotes.xlsx", {"Dataset (from Q2 2016)": sheet})
    return {money.RPW_FILE: path.read_bytes()}


SAMPLES = {
    "abel_cohen": Sample("abel-cohen-flows", abel_cohen, people.FLOWS[4:], ["year0"]),
    "eurostat": Sample("eurostat-migration", eurostat, ["OBS_VALUE"], ["TIME_PERIOD"]),
    "knomad": Sample("knomad-remittance-matrix", knomad, ["OBS_VALUE"], ["TIME_PERIOD"]),
    "missing_migrants": Sample(
        "missing-migrants",
        missing_migrants,
        ["Number of Dead", "Minimum Estimated Number of Missing", "Total Number of Dead and Missing",
         "Number of Survivors", "Latitude", "Longitude"],
        ["Incident Year"],
    ),
    "oecd": Sample("oecd-migration", oecd, ["OBS_VALUE"], ["TIME_PERIOD"]),
    "pip": Sample(
        "world-bank-poverty",
        pip,
        ["reporting_pop", "mean", "median", "gini", "headcount", "poverty_gap", "decile1", "decile10"],
        ["reporting_year", "poverty_line"],
    ),
    "rpw": Sample("world-bank-remittance-prices", rpw, ["cc1 total cost %", "cc1 fx margin"]),
    "sdg": Sample("un-sdg-migration", sdg, ["value"], ["geoAreaCode", "timePeriodStart"]),
    "un_migrant_stock": Sample(
        "un-migrant-stock", un_migrant_stock, ["male", "female"], ["origin", "destination"]
    ),
    "unhcr": Sample("unhcr-population", unhcr, ["refugees", "oip", "asylum_seekers"], ["year"]),
    "who": Sample("who-health-workforce", who, ["NumericValue"], ["TimeDim"]),
    "world_bank": Sample("world-bank-remittances", world_bank, ["value"], ["date"]),
    "wpp": Sample(
        "un-population", wpp, ["TPopulation1July", "Births", "Deaths", "NetMigrations"], ["Time"]
    ),
}  # fmt: skip
NO_NUMBERS = ("1.234,5", "705 765*", "12 345", "3.752.317", "1O234", "n/k", "1e999")


def readers() -> dict[str, ModuleType]:
    """All modules of publishers that read, whether somebody thought of them here or not."""
    names = [module.name for module in pkgutil.iter_modules(publishers.__path__)]
    modules = {name: import_module(f"{publishers.__name__}.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "read")}


def cells(figures: bool = True, keys: bool = True) -> list[tuple[str, str]]:
    return [
        (name, column)
        for name, sample in SAMPLES.items()
        for column in ([*sample.figures] if figures else []) + ([*sample.keys] if keys else [])
    ]


def test_every_reader_has_a_sample_and_states_its_blanks() -> None:
    found = readers()
    assert set(found) == set(SAMPLES)
    assert set(found) == {card.module for card in catalogue().values()}
    assert {name: catalogue()[sample.source].module for name, sample in SAMPLES.items()} == {
        name: name for name in SAMPLES
    }
    for module in found.values():
        assert isinstance(module.BLANKS, tuple)
        assert "BLANKS" in module.__all__


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize(("name", "column"), cells())
def test_what_is_no_number_is_refused_and_quoted(tmp_path: Path, name: str, column: str, text: str) -> None:
    with pytest.raises(DataError, match=r"is no (whole )?number") as caught:
        SAMPLES[name].read(tmp_path, column, text)
    assert f"'{text}'" in caught.value.detail
    assert "=" in caught.value.detail
    assert "own file" in caught.value.remedy


@pytest.mark.parametrize(("name", "column"), cells(keys=False))
def test_documented_blanks_are_missing_and_others_refused(tmp_path: Path, name: str, column: str) -> None:
    sample, own = SAMPLES[name], readers()[name].BLANKS
    empty = sample.read(tmp_path, column, "")
    for blank in own:
        found = sample.read(tmp_path, column, blank)
        assert all(found[table].equals(empty[table], null_equal=True) for table in empty), blank
    filled = sample.read(tmp_path, column, "9")
    assert any(not filled[table].equals(empty[table], null_equal=True) for table in empty), "the cell counts"
    others = {blank for module in readers().values() for blank in module.BLANKS}
    for blank in others - set(own) - {b.lower() for b in own}:
        with pytest.raises(DataError, match=r"no (whole )?number"):
            sample.read(tmp_path, column, blank)


@pytest.mark.parametrize(("name", "column"), cells(figures=False))
def test_a_row_without_year_or_place_is_not_lost_silently(tmp_path: Path, name: str, column: str) -> None:
    if name == "missing_migrants":
        found = SAMPLES[name].read(tmp_path, column, "")["route_death"]
        assert found.height == 39, "one incident in twenty may lack its year"
    else:
        with pytest.raises(
            DataError, match=r"is no year|without both codes|without the code of an area|asked for the line"
        ):
            SAMPLES[name].read(tmp_path, column, "")


def test_three_million_refugees_do_not_vanish(tmp_path: Path) -> None:
    items = [
        people.unhcr_item("SYR", "DEU", 2024, "705,765", "-", 5),
        people.unhcr_item("AFG", "IRN", 2024, "3.752.317", "-", 5),
        people.unhcr_item("UKR", "POL", 2024, "956 635*", "-", 5),
        people.unhcr_item("SYR", "EGY", 2024, 147_955, "-", "7890"),
    ]
    with pytest.raises(DataError) as caught:
        money.read("unhcr-population", {"population.json": people.unhcr_page(items)}, tmp_path)
    assert str(caught.value).splitlines()[:4] == [
        "a file of source 'unhcr-population' has 3 cells that are no numbers",
        "  origin=SYR, asylum=DEU, year=2024, refugees='705,765'",
        "  origin=AFG, asylum=IRN, year=2024, refugees='3.752.317'",
        "  origin=UKR, asylum=POL, year=2024, refugees='956 635*'",
    ]


def test_people_in_a_thousandth_are_refused(tmp_path: Path) -> None:
    items = [people.unhcr_item("SYR", "DEU", 2024, "705.765", "-", 5)]
    with pytest.raises(DataError, match="is no whole number"):
        money.read("unhcr-population", {"population.json": people.unhcr_page(items)}, tmp_path)


@pytest.mark.parametrize(
    ("text", "thousands", "value"),
    [("1,022", ",", 1022.0), ("-1,234,567.5", ",", -1234567.5), (" 12 345 ", " ", 12345.0),
     ("1,02", ",", None), ("1,0222", ",", None), (",022", ",", None), ("1.234,5", ",", None),
     ("1,022", "", None), ("1.022", ".", 1022.0), ("5", ",", 5.0), ("1e3", ",", 1000.0)],
)  # fmt: skip
def test_thousands_only_where_they_are_documented(text: str, thousands: str, value: float | None) -> None:
    card = catalogue()["missing-migrants"]
    table = pl.DataFrame({"x": [text]})
    if value is None:
        with pytest.raises(DataError, match="is no number"):
            numbers(table, ["x"], card, thousands=thousands)
    else:
        assert numbers(table, ["x"], card, thousands=thousands)["x"].item() == value


def test_whole_numbers_that_no_float_can_tell_apart_are_refused() -> None:
    card = catalogue()["un-migrant-stock"]
    assert counts(pl.DataFrame({"x": ["9007199254740992"]}), ["x"], card)["x"].item() == 2**53
    with pytest.raises(DataError, match="no whole number"):
        counts(pl.DataFrame({"x": ["1e300"]}), ["x"], card, rounded=True)
