"""Publishers' files on people and money, in their own layouts."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import FULL_DATA
from corridors.errors import CorridorsError, DataError, NotFound
from corridors.evidence import load, validate
from corridors.evidence.sources import Client, Fetcher, SourceCard, Store, source
from corridors.evidence.sources.fetching import fetch_source
from corridors.evidence.sources.offers import reader
from corridors.remittances.prices import average_cost, generated_quotes, read_quotes, write_generated
from corridors.workbooks import Workbook, read_rows
from publisher import Publisher, publisher

Files = dict[str, bytes]


def read(name: str, files: Files, folder: Path) -> dict[str, pl.DataFrame]:
    """Read files of a source as the store keeps them: under other names."""
    card, paths = source(name), {}
    for number, (file, content) in enumerate(files.items()):
        paths[file] = folder / f"{number}"
        paths[file].write_bytes(content)
    return dict(reader(card).read(card, paths))


def refused(name: str, files: Files, folder: Path) -> str:
    with pytest.raises(DataError) as caught:
        read(name, files, folder)
    assert caught.value.remedy
    return str(caught.value)


def delivered(name: str, files: Mapping[str, bytes], folder: Path) -> dict[str, pl.DataFrame]:
    """Fetch a source from loopback, where files are by path with query, then read it."""
    with publisher() as server, Client(attempts=1, timeout=5.0) as client:
        card = at_server(source(name), server)
        server.files |= {
            path: content.replace(b"{root}", server.root.encode()) for path, content in files.items()
        }
        fetcher = Fetcher(client, Store(folder / "cache"))
        entries = fetch_source(card, fetcher)
        paths = {entry.file: fetcher.store.verified(entry.sha256) for entry in entries}
        return dict(reader(card).read(card, paths))


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def at_server(card: SourceCard, server: Publisher) -> SourceCard:
    moved = {file: server.root + path_of(address) for file, address in card.addresses.items()}
    return replace(card, addresses=MappingProxyType(moved), pause=0.0)


def csv_bytes(header: Sequence[str], rows: Sequence[Sequence[object]], bom: bool = False) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if v is None else v for v in row] for row in rows)
    return ("\ufeff" if bom else "").encode() + text.getvalue().encode()


# World Population Prospects ---------------------------------------------------------------------

WPP_FILE = "WPP2024_Demographic_Indicators_Medium.csv.gz"
WPP_HEADER = next(csv.reader([
    "SortOrder,LocID,Notes,ISO3_code,ISO2_code,SDMX_code,LocTypeID,LocTypeName,ParentID,Location,VarID,Variant,"
    "Time,TPopulation1Jan,TPopulation1July,TPopulationMale1July,TPopulationFemale1July,PopDensity,PopSexRatio,"
    "MedianAgePop,NatChange,NatChangeRT,PopChange,PopGrowthRate,DoublingTime,Births,Births1519,CBR,TFR,NRR,MAC,"
    "SRB,Deaths,DeathsMale,DeathsFemale,CDR,LEx,NetMigrations,CNMR"
]))  # fmt: skip


def wpp_row(iso: str, kind: str, year: object, figures: Sequence[object]) -> list[object]:
    values: dict[str, object] = dict(
        zip(("TPopulation1July", "Births", "Deaths", "NetMigrations"), figures, strict=True)
    )
    values |= {
        "ISO3_code": iso,
        "LocTypeName": kind,
        "Time": year,
        "Variant": "Medium",
        "Location": "name, of",
    }
    return [values.get(name, "") for name in WPP_HEADER]


WPP_ROWS = [
    wpp_row("", "World", 2020, (7_887_001.292, 134_000, 63_000, 0)),
    wpp_row("", "Region", 2020, (600_000, 1, 1, 1)),
    wpp_row("MEX", "Country/Area", 1950, (27_000.5, 1, 1, 1)),
    wpp_row("MEX", "Country/Area", 2020, (126_799.054, 2073.9, 1086.743, -66.109)),
    wpp_row("NAM", "Country/Area", 2020, (2748.394, 78.5, "..", "")),
    wpp_row("MEX", "Country/Area", 2023, (129_739.759, 2037.694, 799.371, -101.043)),
    wpp_row("MEX", "Country/Area", 2024, (130_861.007, 2000, 800, -100)),
    wpp_row("MEX", "Country/Area", 2101, ("", "", "", "")),
]


def wpp_files(rows: Sequence[Sequence[object]], header: Sequence[str] = WPP_HEADER) -> Files:
    return {WPP_FILE: gzip.compress(csv_bytes(header, rows, bom=True), 1, mtime=0)}


def test_population_is_in_persons_and_ends_with_the_estimates(tmp_path: Path) -> None:
    found = read("un-population", wpp_files(WPP_ROWS), tmp_path)["population"]
    assert found.rows() == [
        ("MEX", 2020, 126_799_054, 2_073_900, 1_086_743, -66_109),
        ("NAM", 2020, 2_748_394, 78_500, None, None),
        ("MEX", 2023, 129_739_759, 2_037_694, 799_371, -101_043),
    ]
    with pytest.raises(DataError, match="net_migration"):
        validate("population", found)


def test_embedded_population_comes_out_as_it_went_in(tmp_path: Path) -> None:
    # The file of estimates ends in 2023.
    known = load().table("population").drop("source").filter(pl.col("year").is_between(2015, 2023))
    rows = [
        wpp_row(country, "Country/Area", year, [v / 1000 for v in values])
        for country, year, *values in known.iter_rows()
    ]
    files = {path_of(source("un-population").addresses[WPP_FILE]): wpp_files(rows)[WPP_FILE]}
    found = delivered("un-population", files, tmp_path)["population"]
    assert validate("population", found).equals(known)


def test_population_of_the_full_file_is_that_of_the_embedded_figures(tmp_path: Path) -> None:
    path = FULL_DATA / "wpp2024_annual_1950_2023.csv.gz"
    if not path.exists():
        pytest.skip("the full figures are not beside the project")
    table = pl.read_csv(path)
    figures = table.select("pop_mid_k", "births_k", "deaths_k", "net_mig_k").rows()
    rows = [
        wpp_row(c, "Country/Area", y, f)
        for (c, y), f in zip(table.select("iso3", "year").rows(), figures, strict=True)
    ]
    found = validate("population", read("un-population", wpp_files(rows), tmp_path)["population"])
    known = load().table("population").drop("source").filter(pl.col("year") <= 2023)
    assert found.select("country", "year").equals(known.select("country", "year"))
    for column in ("population", "births", "deaths", "net_migration"):
        assert (found[column] - known[column]).abs().max() <= 5  # type: ignore[operator]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.replace("NetMigrations", "NetMigration"), "no column NetMigrations"),
        (lambda t: t.replace("Country/Area", "Country"), "no country or area"),
        (
            lambda t: t.replace("Region", "Country/Area").replace("600000", "99000000"),
            "the world 7,887,001,292",
        ),
        (lambda t: t.replace("2073.9", "2 073.9"), "'2 073.9'"),
        (lambda t: t.replace("MEX", "484").replace("NAM", "516"), "places unknown"),
    ],
)
def test_population_of_another_layout_is_refused(
    tmp_path: Path, change: Callable[[str], str], words: str
) -> None:
    text = gzip.decompress(wpp_files(WPP_ROWS)[WPP_FILE]).decode()
    assert words in refused(
        "un-population", {WPP_FILE: gzip.compress(change(text).encode(), mtime=0)}, tmp_path
    )


def test_a_revision_whose_last_estimate_is_unknown_is_refused(tmp_path: Path) -> None:
    card = replace(source("un-population"), revision="World Population Prospects 2026")
    (tmp_path / "x").write_bytes(wpp_files(WPP_ROWS)[WPP_FILE])
    with pytest.raises(DataError, match="2026"):
        reader(card).read(card, {WPP_FILE: tmp_path / "x"})


# World Bank indicators --------------------------------------------------------------------------

BANK_NAMES = {
    "BX.TRF.PWKR.CD.DT": "Personal remittances, received (current US$)",
    "BM.TRF.PWKR.CD.DT": "Personal remittances, paid (current US$)",
    "NY.GDP.MKTP.CD": "GDP (current US$)",
    "NY.GDP.PCAP.CD": "GDP per capita (current US$)",
    "NY.GDP.PCAP.PP.KD": "GDP per capita, PPP (constant 2021 international $)",
    "PA.NUS.FCRF": "Official exchange rate (LCU per US$, period average)",
    "NE.CON.PRVT.ZS": "Households and NPISHs final consumption expenditure (% of GDP)",
}
BX = "BX.TRF.PWKR.CD.DT"
COUNTRY_LIST = [("MEX", "LCN"), ("NAM", "SSF"), ("XKX", "ECS"), ("WLD", "NA"), ("LMY", "NA")]


def country_list(codes: Sequence[tuple[str, str]] = COUNTRY_LIST) -> bytes:
    rows = [
        {
            "id": c,
            "iso2Code": c[:2],
            "name": c,
            "region": {"id": r, "iso2code": r, "value": "x"},
            "capitalCity": "",
        }
        for c, r in codes
    ]
    return json.dumps([{"page": 1, "pages": 1, "per_page": "1000", "total": len(rows)}, rows]).encode()


def bank_row(code: str, country: str, year: int, value: float | None) -> dict[str, Any]:
    return {
        "indicator": {"id": code, "value": BANK_NAMES[code]}, "countryiso3code": country,
        "country": {"id": country[:2], "value": country}, "date": str(year), "value": value,
        "unit": "", "obs_status": "", "decimal": 0,
    }  # fmt: skip


def bank_page(code: str, values: Sequence[tuple[str, int, float | None]], page: int = 1, pages: int = 1,
              total: int | None = None) -> bytes:  # fmt: skip
    meta = {"page": page, "pages": pages, "per_page": 20000, "total": len(values) if total is None else total,
            "sourceid": "2", "lastupdated": "2026-07-13"}  # fmt: skip
    return json.dumps([meta, [bank_row(code, *value) for value in values]]).encode()


RECEIVED = [("MEX", 2021, 54_130_300_000.0), ("NAM", 2021, None), ("WLD", 2021, 7.8e11), ("XKX", 2021, 0),
            ("MEX", 1970, 1.0), ("LMY", 2021, 6e11)]  # fmt: skip
PAID = [("MEX", 2021, 1_057_150_000.0), ("NAM", 2021, 61_250_001), ("NAM", 2022, None)]


def remittance_files() -> Files:
    return {
        "countries.json": country_list(),
        "BX.TRF.PWKR.CD.DT.json": bank_page("BX.TRF.PWKR.CD.DT", RECEIVED),
        "BM.TRF.PWKR.CD.DT.json": bank_page("BM.TRF.PWKR.CD.DT", PAID),
    }


def test_remittances_in_millions_without_aggregates_null_is_missing(tmp_path: Path) -> None:
    found = read("world-bank-remittances", remittance_files(), tmp_path)["remittances"]
    assert validate("remittances", found).rows() == [
        ("MEX", 2021, 54_130.3, 1_057.15, None),
        ("NAM", 2021, None, 61.250001, None),
        ("XKX", 2021, 0.0, None, None),
    ]


def test_pages_of_the_bank_are_followed(tmp_path: Path) -> None:
    card = source("world-bank-remittances")
    paths = {file: path_of(address) for file, address in card.addresses.items()}
    files = {paths[file]: content for file, content in remittance_files().items()}
    code = "BX.TRF.PWKR.CD.DT"
    pages = [RECEIVED[:2], RECEIVED[2:4], RECEIVED[4:]]
    for number, part in enumerate(pages, 1):
        where = paths[f"{code}.json"] + (f"&page={number}" if number > 1 else "")
        files[where] = bank_page(code, part, number, 3, len(RECEIVED))
    found = delivered("world-bank-remittances", files, tmp_path)["remittances"]
    assert found.sort("country").equals(
        read("world-bank-remittances", remittance_files(), tmp_path)["remittances"].sort("country")
    )


@pytest.mark.parametrize(
    ("name", "series"),
    [
        ("remittances", {"received": ("BX.TRF.PWKR.CD.DT", 1e6), "paid": ("BM.TRF.PWKR.CD.DT", 1e6)}),
        ("economy", {"gdp_usd_million": ("NY.GDP.MKTP.CD", 1e6),
                     "gdp_per_capita_usd": ("NY.GDP.PCAP.CD", 1.0),
                     "gdp_per_capita_ppp2021": ("NY.GDP.PCAP.PP.KD", 1.0),
                     "lcu_per_usd": ("PA.NUS.FCRF", 1.0),
                     "household_consumption_pct_gdp": ("NE.CON.PRVT.ZS", 1.0)}),
    ],
)  # fmt: skip
def test_embedded_figures_of_the_bank_come_out_as_they_went_in(
    tmp_path: Path, name: str, series: dict[str, tuple[str, float]]
) -> None:
    known = load().table(name).drop("source")
    codes = [(c, "LCN") for c in known["country"].unique().sort()]
    files = {"countries.json": country_list([*codes, ("WLD", "NA")])}
    for column, (code, unit) in series.items():
        rows = known.select("country", "year", unit * pl.col(column)).rows()
        files[f"{code}.json"] = bank_page(code, [*rows, ("WLD", 2020, 1e15)])
    found = validate(name, read(f"world-bank-{name}", files, tmp_path)[name])
    some = known.filter(pl.any_horizontal(pl.col(*series).is_not_null()))
    assert found.select("country", "year").equals(some.select("country", "year"))
    for column in series:
        assert found[column].null_count() == some[column].null_count()
        assert (found[column] - some[column]).abs().max() < 1e-6  # type: ignore[operator]


def test_remittances_of_the_publishers_own_figures(tmp_path: Path) -> None:
    path = FULL_DATA / "wdi_remittances_2023-05.csv.gz"
    if not path.exists():
        pytest.skip("the full figures are not beside the project")
    table = pl.read_csv(path)
    known = set(load().table("place")["country"])
    codes = table["iso3"].unique().sort().to_list()
    files = {"countries.json": country_list([(c, "LCN" if c in known else "NA") for c in codes])}
    for code in ("BX.TRF.PWKR.CD.DT", "BM.TRF.PWKR.CD.DT"):
        files[f"{code}.json"] = bank_page(
            code, table.filter(indicator=code).select("iso3", "year", "value").rows()
        )
    found = validate("remittances", read("world-bank-remittances", files, tmp_path)["remittances"])
    both = found.join(load().table("remittances"), on=["country", "year"]).filter(pl.col("year") < 2020)
    ratio = both.filter(pl.col("received_right") > 10).select(pl.col("received") / pl.col("received_right"))
    close = ratio.to_series().is_between(0.99, 1.01)
    assert both.height > 3000
    assert close.mean() > 0.95  # type: ignore[operator]


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        (f"{BX}.json", b'[{"message":[{"id":"120","value":"The indicator was not found"}]}]', "120"),
        (f"{BX}.json", b'{"error": "down"}', "down"),
        (f"{BX}.json", b"[]", "not [what it says of itself, rows]"),
        (f"{BX}.json", bank_page("BM.TRF.PWKR.CD.DT", PAID), "found BM.TRF.PWKR.CD.DT"),
        (f"{BX}.json", bank_page(BX, RECEIVED, total=99), "publisher counts 99"),
        (f"{BX}.json", bank_page(BX, RECEIVED[:1] * 2), "two rows of MEX"),
        (f"{BX}.json", bank_page(BX, RECEIVED).replace(b'"date"', b'"day"'), "date"),
        (f"{BX}.json", bank_page(BX, RECEIVED).replace(b'"2021"', b'"MRV"'), "MRV"),
        ("countries.json", country_list([("MEX", "LCN")]), "aggregates (region NA)"),
        ("countries.json", country_list([("WLD", "NA")]), "aggregates (region NA)"),
    ],
)  # fmt: skip
def test_answers_of_the_bank_that_changed_are_refused(
    tmp_path: Path, file: str, change: bytes, words: str
) -> None:
    assert words in refused("world-bank-remittances", remittance_files() | {file: change}, tmp_path)


def test_purchasing_power_of_another_year_is_refused(tmp_path: Path) -> None:
    files = {"countries.json": country_list()}
    for code in ("NY.GDP.MKTP.CD", "NY.GDP.PCAP.CD", "NY.GDP.PCAP.PP.KD", "PA.NUS.FCRF", "NE.CON.PRVT.ZS"):
        files[f"{code}.json"] = bank_page(code, [("MEX", 2020, 5.0)])
    found = read("world-bank-economy", files, tmp_path)["economy"]
    assert found.rows() == [("MEX", 2020, 5e-6, 5.0, 5.0, 5.0, 5.0)]
    files["NY.GDP.PCAP.PP.KD.json"] = files["NY.GDP.PCAP.PP.KD.json"].replace(
        b"constant 2021", b"constant 2027"
    )
    assert "constant 2027" in refused("world-bank-economy", files, tmp_path)


# KNOMAD -----------------------------------------------------------------------------------------


def flow(sending: str, receiving: str, value: object, year: str = "2021") -> dict[str, Any]:
    return {
        "OBS_VALUE": value, "DATABASE_ID": "WB_KNOMAD", "INDICATOR": "WB_KNOMAD_BRE", "REF_AREA": sending,
        "SEX": "_T", "AGE": "_T", "FREQ": "A", "UNIT_MEASURE": "USD_CUR", "UNIT_MULT": 0, "TIME_PERIOD": year,
        "COMP_BREAKDOWN_1": f"WB_KNOMAD_{receiving}", "OBS_STATUS": "A", "LATEST_DATA": True,
    }  # fmt: skip


FLOWS = [flow("USA", "MEX", "52629.43"), flow("USA", "WLD", "200216.09"), flow("ARE", "IND", 19_825.5),
         flow("DEU", "TUR", None), flow("FRA", "XKX", 0), flow("WLD", "MEX", 54_130.0)]  # fmt: skip


def flow_pages(flows: Sequence[dict[str, Any]], size: int = 1000) -> Files:
    pages = {}
    for skip in range(0, max(len(flows), 1), size):
        name = "WB_KNOMAD_BRE.json" if not skip else f"WB_KNOMAD_BRE.skip{skip}.json"
        pages[name] = json.dumps({"count": len(flows), "value": flows[skip : skip + size]}).encode()
    return pages


def test_the_published_matrix_without_totals(tmp_path: Path) -> None:
    found = read("knomad-remittance-matrix", flow_pages(FLOWS), tmp_path)["published_remittance_flow"]
    assert found.rows() == [
        ("USA", "MEX", 2021, 52_629.43),
        ("ARE", "IND", 2021, 19_825.5),
        ("FRA", "XKX", 2021, 0.0),
    ]


def test_pages_of_the_matrix_are_followed(tmp_path: Path) -> None:
    countries = load().table("place")["country"].sort().to_list()
    flows = [
        flow(a, b, i + 0.5) for i, (a, b) in enumerate((a, b) for a in countries[:50] for b in countries[60:])
    ]
    pages = flow_pages(flows)
    where = path_of(source("knomad-remittance-matrix").addresses["WB_KNOMAD_BRE.json"])
    files = {
        where
        + ("" if name == "WB_KNOMAD_BRE.json" else f"&skip={name.split('skip')[1].split('.')[0]}"): content
        for name, content in pages.items()
    }
    found = delivered("knomad-remittance-matrix", files, tmp_path)["published_remittance_flow"]
    assert len(files) == len(flows) // 1000 + 1
    assert found.height == len(flows)
    assert found["value"].sum() == pytest.approx(sum(f["OBS_VALUE"] for f in flows))
    assert found.sort("value").equals(
        read("knomad-remittance-matrix", pages, tmp_path)["published_remittance_flow"].sort("value")
    )


def test_a_matrix_that_was_published_comes_out_as_it_went_in(tmp_path: Path) -> None:
    path = FULL_DATA / "wb_bilateral_remittances_2010.csv.gz"
    if not path.exists():
        pytest.skip("the full figures are not beside the project")
    known = pl.read_csv(path).select("source", "recipient", "usd_million")
    flows = [flow(a, b, str(v), "2010") for a, b, v in known.iter_rows()]
    totals = [flow(a, "WLD", 1.0, "2010") for a in known["source"].unique()]
    found = read("knomad-remittance-matrix", flow_pages(flows + totals), tmp_path)[
        "published_remittance_flow"
    ]
    assert found.height == 7628
    assert found["value"].sum() == pytest.approx(446_635, abs=1)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"WB_KNOMAD_BRE.json": b'{"count": 2, "value": []}'}, "publisher counts 2"),
        ({"WB_KNOMAD_BRE.json": b'{"message": "Resource not found"}'}, "Resource not found"),
        ({"WB_KNOMAD_BRE.json": b'{"value": []}'}, "no number 'count'"),
        (flow_pages(FLOWS[1:2]), "no pair of countries"),
        (flow_pages([flow("USA", "MEX", 52_629_430_000)]), "no USD million"),
        (flow_pages([flow("USA", "MEX", "many")]), "'many'"),
        (flow_pages([{**flow("USA", "MEX", 1), "REF_AREA": "ZZZ"}]), "places unknown"),
        (flow_pages([{"REF_AREA": "USA"}]), "no field INDICATOR"),
    ],
)
def test_a_matrix_of_another_layout_is_refused(tmp_path: Path, files: Files, words: str) -> None:
    assert words in refused("knomad-remittance-matrix", files, tmp_path)


def test_pages_without_end_are_refused(tmp_path: Path) -> None:
    card = source("knomad-remittance-matrix")
    module = reader(card)
    page = tmp_path / "page"
    page.write_bytes(json.dumps({"count": 10_000_000, "value": FLOWS}).encode())
    with pytest.raises(DataError, match="first page has 6"):
        module.more(card, module.requests(card)[0], page)
    page.write_bytes(json.dumps({"count": 5, "value": []}).encode())
    with pytest.raises(DataError, match="first page has 0"):
        module.more(card, module.requests(card)[0], page)


# Poverty and Inequality Platform ----------------------------------------------------------------

PIP_HEADER = next(csv.reader([
    "region_name,region_code,country_name,country_code,reporting_year,reporting_level,survey_acronym,"
    "survey_coverage,survey_year,welfare_type,survey_comparability,comparable_spell,poverty_line,headcount,"
    "poverty_gap,poverty_severity,watts,mean,median,mld,gini,polarization,decile1,decile2,decile3,decile4,"
    "decile5,decile6,decile7,decile8,decile9,decile10,cpi,ppp,reporting_pop,reporting_gdp,reporting_pce,"
    "is_interpolated,distribution_type,estimation_type,spl,spr,pg,estimate_type"
]))  # fmt: skip
LINES = {"2.15": "215", "3.65": "365", "6.85": "685"}
SHARES = [f"0.{n}" for n in range(1, 10)]


def survey(
    country: str, year: int, kind: str = "income", level: str = "national", **more: object
) -> dict[str, Any]:
    """A survey with made-up figures, in the columns of the embedded table."""
    made: dict[str, Any] = {
        "country": country, "survey_year": year, "welfare_type": kind, "level": level,
        "reporting_pop": 1_000_000, "mean_ppp2017_day": 10.0, "median_ppp2017_day": 8.0, "gini": 0.3,
    }  # fmt: skip
    made |= {f"decile{n}_share": 10.0 for n in range(1, 11)}
    made |= {f"decile{n}_thr": float(n) + 0.01 * len(country + kind) + year / 1e5 for n in range(1, 10)}
    for line in LINES.values():
        made |= {f"headcount_ratio_{line}": 5.0, f"poverty_gap_index_{line}": 2.0,
                 f"poverty_severity_{line}": 1.0}  # fmt: skip
    made |= {"cpi": 1.1, "ppp": 9.8}
    return made | more


def divided(value: object) -> object:
    return None if value is None else float(value) / 100  # type: ignore[arg-type]


def pip_files(surveys: Sequence[dict[str, Any]]) -> Files:
    def answer(line: Callable[[dict[str, Any]], object], code: str) -> bytes:
        rows = []
        for s in surveys:
            fields = {
                "country_code": s["country"], "country_name": "Name, of", "reporting_year": s["survey_year"],
                "survey_year": s["survey_year"] + 0.5, "reporting_level": s.get("level", "national"),
                "welfare_type": s["welfare_type"], "poverty_line": line(s), "mean": s["mean_ppp2017_day"],
                "headcount": divided(s[f"headcount_ratio_{code}"]), "median": s["median_ppp2017_day"],
                "poverty_gap": divided(s[f"poverty_gap_index_{code}"]), "gini": s["gini"],
                "poverty_severity": divided(s[f"poverty_severity_{code}"]),
                "cpi": "NA" if s["cpi"] is None else s["cpi"], "ppp": "NA" if s["ppp"] is None else s["ppp"],
                "reporting_pop": s["reporting_pop"], "is_interpolated": "FALSE", "reporting_gdp": "NA",
            } | {f"decile{n}": divided(s[f"decile{n}_share"]) for n in range(1, 11)}  # fmt: skip
            rows.append([fields.get(name, "") for name in PIP_HEADER])
        return csv_bytes(PIP_HEADER, rows)

    files = {f"poverty_line_{line}.csv": answer(lambda _, v=line: v, code) for line, code in LINES.items()}
    for n, share in enumerate(SHARES, 1):
        files[f"people_share_{share}.csv"] = answer(lambda s, n=n: s[f"decile{n}_thr"], "215")
    return files


def test_embedded_distributions_come_out_as_they_went_in(tmp_path: Path) -> None:
    known = load().table("income_distribution").drop("source")
    card = source("world-bank-poverty")
    asked = {r.file: path_of(r.address) for r in reader(card).requests(card)}
    assert len(set(asked.values())) == 12
    files = {asked[file]: content for file, content in pip_files(known.rows(named=True)).items()}
    found = validate(
        "income_distribution", delivered("world-bank-poverty", files, tmp_path)["income_distribution"]
    )
    assert found.select(pl.col(pl.String, pl.Int64)).equals(known.select(pl.col(pl.String, pl.Int64)))
    for column in known.select(pl.col(pl.Float64)).columns:
        assert found[column].null_count() == known[column].null_count()
        assert (found[column] - known[column]).abs().max() < 1e-9  # type: ignore[operator]


def test_of_all_surveys_ever_the_embedded_ones_are_chosen(tmp_path: Path) -> None:
    path = FULL_DATA / "pip_ppp2017_distribution_deciles_2022-09.csv.gz"
    if not path.exists():
        pytest.skip("the full figures are not beside the project")
    table = pl.read_csv(path).drop("survey_year", "country").rename(
        {"iso3": "country", "year": "survey_year", "reporting_level": "level",
         "mean": "mean_ppp2017_day", "median": "median_ppp2017_day"}
    ).with_columns(pl.col("^poverty_severity_.*$") * 100)  # fmt: skip
    found = read("world-bank-poverty", pip_files(table.rows(named=True)), tmp_path)["income_distribution"]
    found, known = validate("income_distribution", found), load().table("income_distribution").drop("source")
    assert found.select("country", "survey_year", "welfare_type").equals(
        known.select("country", "survey_year", "welfare_type")
    )
    for column in known.select(pl.col(pl.Float64).exclude("cpi", "ppp")).columns:
        assert (found[column] - known[column]).abs().max() < 5.1e-5  # type: ignore[operator]
    # Zeros taken off the money since, or factors of town and country alone.
    factor = [table["cpi"] * table["ppp"] for table in (found, known)]
    away = (factor[0] / factor[1] - 1).abs().fill_null(1.0) > 2e-5
    assert known.filter(away)["country"].to_list() == ["AZE", "BLR", "CHN", "IDN", "IND", "MRT", "STP"]


def test_the_latest_national_survey_with_all_figures_counts(tmp_path: Path) -> None:
    surveys = [
        survey("MEX", 2018), survey("MEX", 2020, "consumption"), survey("MEX", 2020),
        survey("MEX", 2021, level="urban"), survey("PHL", 2015), survey("PHL", 2018, median_ppp2017_day=None),
        survey("ALB", 2019, decile3_share=None), survey("CHN", 2020, level="rural"),
    ]  # fmt: skip
    found = read("world-bank-poverty", pip_files(surveys), tmp_path)["income_distribution"].sort("country")
    assert found.select("country", "survey_year", "welfare_type", "decile3_share").rows() == [
        ("ALB", 2019, "income", None),
        ("MEX", 2020, "income", 10.0),
        ("PHL", 2015, "income", 10.0),
    ]


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        ("poverty_line_2.15.csv", lambda t: t.replace("headcount", "head_count"), "no column headcount"),
        ("poverty_line_3.65.csv", lambda t: t.replace(",3.65,", ",3,"), "asked for the line 3.65"),
        ("people_share_0.5.csv", lambda t: re.sub(r"5\.1\d+", "3", t), "of one line"),
        ("poverty_line_2.15.csv", lambda t: t.replace("national", "urban"), "no national survey"),
        (
            "poverty_line_2.15.csv",
            lambda t: t.replace("2018", "2020").replace(".5,", ",", 1),
            "two national surveys",
        ),
        ("poverty_line_2.15.csv", lambda t: '{"error": ["Invalid query arguments"]}', "no column"),
        ("poverty_line_2.15.csv", lambda t: "", "can not be read as CSV"),
    ],
)
def test_surveys_of_another_layout_are_refused(
    tmp_path: Path, file: str, change: Callable[[str], str], words: str
) -> None:
    files = pip_files([survey("MEX", 2018), survey("MEX", 2020)])
    text = files[file].decode()
    assert change(text) != text
    assert words in refused("world-bank-poverty", files | {file: change(text).encode()}, tmp_path)


# Remittance Prices Worldwide --------------------------------------------------------------------

RPW_FILE = "rpw_dataset_2011_2025_q3.xlsx"
RPW_AT = "/ddh-published/0037898/DR0095523/"
WAVES = ["2013Q1", "2016Q1", "2016Q2", "2020Q1", "2024Q3", "2024Q4", "2025Q3"]


@pytest.fixture(scope="module")
def sheets() -> dict[str, pl.DataFrame]:
    return generated_quotes(seed=7, corridors=12, quarters=WAVES)


@pytest.fixture(scope="module")
def quotes(sheets: dict[str, pl.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_generated(tmp_path_factory.mktemp("rpw") / RPW_FILE, sheets).read_bytes()


def catalogue_entry(*names: str) -> bytes:
    resources = [
        {"resource_unique_id": "DR0095523", "name": name, "url": f"{{root}}{RPW_AT}{name}?versionId=1"}
        for name in names
    ]
    guide = {"name": "Methodology", "url": "https://example.org/methodology.pdf"}
    return json.dumps({"dataset_unique_id": "0037898", "Resources": [guide, *resources]}).encode()


def test_the_latest_workbook_is_found_and_averaged(
    tmp_path: Path, sheets: dict[str, pl.DataFrame], quotes: bytes
) -> None:
    where = path_of(source("world-bank-remittance-prices").addresses["catalogue.json"])
    names = ("rpw_dataset_2011_2025_q1.xlsx", RPW_FILE, "rpw_dataset_2011_2024_q4.xlsx")
    files = {where: catalogue_entry(*names), f"{RPW_AT}{RPW_FILE}?versionId=1": quotes}
    found = validate(
        "remittance_price", delivered("world-bank-remittance-prices", files, tmp_path)["remittance_price"]
    )
    rows = pl.concat(
        table.select("period", "source_code", "destination_code", "cc1 total cost %", "transparent")
        for table in sheets.values()
    ).filter(pl.col("transparent").str.to_lowercase() == "yes")
    by_hand = rows.group_by(
        sending=pl.col("source_code").replace("KSV", "XKX"),
        receiving=pl.col("destination_code").replace("KSV", "XKX"),
        quarter=pl.col("period").str.replace(r"(\d{4})_(\d)Q", "${1}Q$2"),
    ).agg(mean=pl.col("cc1 total cost %").cast(pl.Float64).mean(), count=pl.col("cc1 total cost %").count())
    both = found.join(by_hand, on=["sending", "receiving", "quarter"])
    assert both.height == found.height == by_hand.height > 50
    assert (both["cost_usd200_pct"] - both["mean"]).abs().max() < 1e-9  # type: ignore[operator]
    assert both["quotes"].to_list() == both["count"].to_list()


def test_averages_over_all_quotes_come_from_the_workbook(
    tmp_path: Path, sheets: dict[str, pl.DataFrame], quotes: bytes
) -> None:
    made = read("world-bank-remittance-prices", {RPW_FILE: quotes}, tmp_path)
    found = validate("quote_average", made["quote_average"])
    rows = pl.concat(
        table.select("period", "transparent", cost="cc1 total cost %", margin="cc1 fx margin")
        for table in sheets.values()
    ).filter(pl.col("transparent").str.to_lowercase() == "yes", pl.col("cost").is_not_null())
    by_hand = (
        rows.with_columns(pl.col("cost", "margin").cast(pl.Float64))
        .group_by(quarter=pl.col("period").str.replace(r"(\d{4})_(\d)Q", "${1}Q$2"))
        .agg(n=pl.len(), mean=pl.mean("cost"), median=pl.median("cost"), fx=pl.mean("margin"))
    )
    both = found.join(by_hand, on="quarter").sort("quarter")
    assert both["quarter"].to_list() == WAVES
    for ours, theirs in (("mean_cost_pct", "mean"), ("median_cost_pct", "median"), ("quotes", "n")):
        assert both[ours].to_list() == pytest.approx(both[theirs].to_list())
    assert both["mean_fx_margin_pct"].to_list() == pytest.approx(both["fx"].to_list())
    parts = both["mean_fee_pct"] + both["mean_fx_margin_pct"]
    assert parts.to_list() == pytest.approx(both["mean_cost_pct"].to_list(), abs=0.02)
    # The mean over corridors, each by the number of its quotes, is the mean over quotes.
    prices = made["remittance_price"]
    over = average_cost(prices, over="services").table.sort("quarter")
    assert over["mean_pct"].to_list() == pytest.approx(found["mean_cost_pct"].to_list())
    assert found["corridors"].to_list() == over["corridors"].to_list()


def test_averages_are_those_of_the_room_of_prices(tmp_path: Path, quotes: bytes) -> None:
    found = read("world-bank-remittance-prices", {RPW_FILE: quotes}, tmp_path)["remittance_price"]
    path = tmp_path / "quotes.xlsx"
    path.write_bytes(quotes)
    table = average_cost(read_quotes(path, trust_notes=False), by="corridor", over="services").table
    both = found.join(table, on=["sending", "receiving", "quarter"])
    assert both.height == found.height
    gap = (both["cost_usd200_pct"] - both["mean_pct"]).abs()
    # Rows that are there twice, or of an odd amount, count differently there; they are few.
    assert (gap < 1e-9).mean() > 0.8  # type: ignore[operator]


def test_embedded_averages_come_out_as_they_went_in(tmp_path: Path) -> None:
    known = load().table("remittance_price").drop("source").filter(pl.col("quarter") >= "2016Q2")
    made = generated_quotes(seed=1, corridors=1, quarters=["2020Q1"], faults=False)
    sheet = "Dataset (from Q2 2016)"
    blank = made[sheet].head(1).with_columns(pl.lit(None, pl.String).alias(c) for c in made[sheet].columns)
    rows = known.select(
        period=pl.col("quarter").str.replace("Q", "_") + "Q", source_code="sending",
        destination_code="receiving",
        cost=pl.col("cost_usd200_pct").cast(pl.String), transparent=pl.lit("yes"),
    ).rename({"cost": "cc1 total cost %"})  # fmt: skip
    hidden = rows.with_columns(pl.lit("0").alias("cc1 total cost %"), transparent=pl.lit("no"))
    table = pl.concat([blank, rows, hidden], how="diagonal").slice(1)
    content = write_generated(tmp_path / RPW_FILE, {sheet: table}).read_bytes()
    found = read("world-bank-remittance-prices", {RPW_FILE: content}, tmp_path)["remittance_price"]
    assert validate("remittance_price", found).equals(known.with_columns(quotes=pl.lit(1, pl.Int64)))


def test_empty_costs_are_missing_and_hidden_ones_left_out(tmp_path: Path) -> None:
    made = generated_quotes(seed=1, corridors=1, quarters=["2020Q1"], faults=False)
    sheet = "Dataset (from Q2 2016)"
    table = (
        made[sheet]
        .head(4)
        .with_columns(
            pl.Series("cc1 total cost %", ["4", None, "8", "0"]),
            pl.Series("transparent", ["Yes", "yes", "yes", "no"]),
        )
    )
    content = write_generated(tmp_path / RPW_FILE, {sheet: table}).read_bytes()
    found = read("world-bank-remittance-prices", {RPW_FILE: content}, tmp_path)["remittance_price"]
    assert found["cost_usd200_pct"].to_list() == [6.0]
    assert found["quotes"].to_list() == [2]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("cc1 total cost %", "cheap", "'cheap'"),
        ("cc1 fx margin", "none", "'none'"),
        ("period", "2020", "no quarter: '2020'"),
        ("source_code", "ZZZ", "places unknown"),
        ("transparent", "no", "no quote of a transparent service"),
    ],
)
def test_quotes_that_can_not_be_read(tmp_path: Path, column: str, value: str, words: str) -> None:
    made = generated_quotes(seed=1, corridors=1, quarters=["2020Q1"], faults=False)
    made = {
        name: table.with_columns(pl.lit(value).alias(column)) for name, table in made.items() if table.height
    }
    content = write_generated(tmp_path / RPW_FILE, made).read_bytes()
    assert words in refused("world-bank-remittance-prices", {RPW_FILE: content}, tmp_path)


def test_workbooks_of_another_layout_are_refused(tmp_path: Path, sheets: dict[str, pl.DataFrame]) -> None:
    name = "Dataset (from Q2 2016)"
    other = write_generated(tmp_path / "a.xlsx", {"Sheet1": sheets[name]}).read_bytes()
    assert "Countries, Sheet1" in refused("world-bank-remittance-prices", {RPW_FILE: other}, tmp_path)
    less = write_generated(tmp_path / "b.xlsx", {name: sheets[name].drop("transparent")}).read_bytes()
    said = refused("world-bank-remittance-prices", {RPW_FILE: less}, tmp_path)
    assert "lacks 1 column(s)" in said
    assert "transparent (for transparent)" in said
    assert "no workbook" in refused("world-bank-remittance-prices", {"catalogue.json": b"{}"}, tmp_path)


@pytest.mark.parametrize(
    "entry", [catalogue_entry(), b'{"Resources": "rpw_dataset_2011_2025_q3.xlsx"}', b"[]"]
)
def test_a_catalogue_that_names_no_workbook_is_refused(tmp_path: Path, entry: bytes) -> None:
    card = source("world-bank-remittance-prices")
    module = reader(card)
    (tmp_path / "x").write_bytes(entry)
    with pytest.raises(DataError, match="names no address"):
        module.more(card, module.requests(card)[0], tmp_path / "x")


def test_a_workbook_leads_to_no_other(tmp_path: Path) -> None:
    card = source("world-bank-remittance-prices")
    module = reader(card)
    asked = replace(module.requests(card)[0], file=RPW_FILE)
    assert module.more(card, asked, tmp_path / "not read") == ()


def test_sheets_of_any_workbook_are_read_in_pieces(tmp_path: Path, quotes: bytes) -> None:
    path = tmp_path / "content"
    path.write_bytes(quotes)
    with Workbook(path, RPW_FILE) as book:
        assert [rows.cells.row(0)[0] for rows in book.rows("Legend")] == ["id"]
        with pytest.raises(NotFound, match="no sheet 'Legends'"):
            next(book.rows("Legends"))


SHEET = (
    b'<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1"><v>1.5</v></c></row>'
    b'<row r="3"><c r="B3" t="inlineStr"><is><t>a &amp; b</t></is></c></row></sheetData></worksheet>'
)


def cells(xml: bytes) -> list[tuple[Any, ...]]:
    shared = pl.Series("shared", ["first"])
    pieces = list(read_rows(io.BytesIO(xml), shared, "sheet 'x'"))
    return [(int(n), *row) for p in pieces for n, row in zip(p.number, p.cells.iter_rows(), strict=True)]


def test_cells_stand_where_their_references_say() -> None:
    assert cells(SHEET) == [(1, "first", None, "1.5"), (3, None, "a & b", None)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r="C1"', b'r="ZZZ1"'),
        (b'r="C1"', b'r="11"'),
        (b"a &amp; b", b"a \xff\xfe b"),
        (b'<row r="1">', b""),
        (b"</row></sheetData></worksheet>", b""),
    ],
)
def test_damaged_cells_are_refused(old: bytes, new: bytes) -> None:
    assert old in SHEET
    with pytest.raises(DataError, match="sheet 'x'"):
        cells(SHEET.replace(old, new))


# Whatever comes, the reader answers in words ----------------------------------------------------


def whole(name: str, quotes: bytes) -> Files:
    return {
        "un-population": wpp_files(WPP_ROWS),
        "world-bank-remittances": remittance_files(),
        "knomad-remittance-matrix": flow_pages(FLOWS),
        "world-bank-poverty": pip_files([survey("MEX", 2018), survey("PHL", 2020)]),
        "world-bank-remittance-prices": {"catalogue.json": catalogue_entry(RPW_FILE), RPW_FILE: quotes},
    }[name]


@st.composite
def damage(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Cut short, change, put in or take out some bytes at places drawn."""
    kind = draw(st.sampled_from(["cut", "change", "insert", "remove", "swap"]))
    at = draw(st.lists(st.floats(0, 1), min_size=1, max_size=6))
    put = draw(
        st.binary(min_size=1, max_size=8)
        | st.sampled_from([b"null", b"{}", b"[", b'"', b",", b"1e999", b"-"])
    )

    def change(content: bytes) -> bytes:
        if kind == "cut":
            return content[: int(at[0] * len(content))]
        made = bytearray(content)
        for place in at:
            where = int(place * len(made))
            if kind == "change":
                made[where : where + len(put)] = put
            elif kind == "insert":
                made[where:where] = put
            elif kind == "remove":
                del made[where : where + len(put)]
            else:
                made[where : where + 40], made[:40] = made[:40], made[where : where + 40]
        return bytes(made)

    return change


NAMES = ["un-population", "world-bank-remittances", "knomad-remittance-matrix", "world-bank-poverty",
         "world-bank-remittance-prices"]  # fmt: skip


def inner_change(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Damage what is packed: inside of gzip, and parts of workbooks, so that it can be unpacked still."""
    if content[:2] == b"\x1f\x8b":
        return gzip.compress(change(gzip.decompress(content)), 1)
    if content[:2] != b"PK":
        return change(content)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name.startswith("xl/") else part)
    return made.getvalue()


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=int(os.environ.get("CORRIDORS_EXAMPLES", "40")), deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(change=damage(), inside=st.booleans(), which=st.integers(0, 11))
def test_damaged_files_raise_nothing_but_refusals(
    tmp_path: Path, quotes: bytes, name: str, change: Callable[[bytes], bytes], inside: bool, which: int
) -> None:
    files = whole(name, quotes)
    hit = list(files)[which % len(files)]
    files[hit] = inner_change(files[hit], change) if inside else change(files[hit])
    card = source(name)
    module = reader(card)
    for request in module.requests(card):
        path = tmp_path / "answer"
        path.write_bytes(files.get(request.file, b""))
        with suppress(CorridorsError):
            assert all(r.address for r in module.more(card, request, path))
    with suppress(CorridorsError):
        assert set(read(name, files, tmp_path)) == set(card.tables)


@settings(max_examples=int(os.environ.get("CORRIDORS_EXAMPLES", "150")), deadline=None)
@given(change=damage(), again=damage())
def test_damaged_cells_raise_nothing_but_refusals(
    change: Callable[[bytes], bytes], again: Callable[[bytes], bytes]
) -> None:
    with suppress(CorridorsError):
        assert all(row[0] >= 0 for row in cells(again(change(SHEET))))
