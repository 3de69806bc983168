"""Publishers of figures on people: each reader on files in the publisher's layout."""

from __future__ import annotations

import csv
import functools
import gzip
import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import FULL_DATA
from corridors import places
from corridors.errors import CorridorsError, DataError
from corridors.evidence import load, validate
from corridors.evidence.publishers.unhcr import last_year_end
from corridors.evidence.sources import Client, Fetcher, SourceCard, Store, source
from corridors.evidence.sources.fetching import fetch_source
from corridors.evidence.sources.offers import reader
from publisher import Publisher, publisher

M49 = dict(places.table().filter(pl.col("m49").is_not_null()).select("country", "m49").iter_rows())
ISO2 = dict(places.table().filter(pl.col("iso2").is_not_null()).select("country", "iso2").iter_rows())


@pytest.fixture
def server() -> Iterator[Publisher]:
    with publisher() as made:
        yield made


def real(name: str) -> pl.DataFrame:
    path = FULL_DATA / name
    if not path.is_file():
        pytest.skip(f"the figures {name} are not here")
    return pl.read_csv(path, infer_schema=False)


def local(card: SourceCard, root: str) -> SourceCard:
    """The card with the server's root instead of the publisher's host."""
    moved = {
        file: root + address.removeprefix("https://" + (urlsplit(address).hostname or ""))
        for file, address in card.addresses.items()
    }
    return replace(card, addresses=moved, pause=0.0)


def fetched(
    server: Publisher, tmp_path: Path, name: str, bodies: Mapping[str, bytes]
) -> dict[str, pl.DataFrame]:
    """Fetch a source from the server, which has these bodies by file of the card, and read it."""
    card = local(source(name), server.root)
    for request in reader(card).requests(card):
        if request.file in bodies:
            server.files[request.address.removeprefix(server.root)] = bodies[request.file]
    with Client(attempts=2, wait=0.01, timeout=5.0) as client:
        store = Store(tmp_path / "cache")
        entries = fetch_source(card, Fetcher(client, store))
    found = reader(card).read(card, {e.file: store.verified(e.sha256) for e in entries})
    assert set(found) == set(card.tables)
    return dict(found)


def read(name: str, bodies: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Read bodies by file name, as they lie in the store."""
    card = source(name)
    with tempfile.TemporaryDirectory() as folder:
        files = {file: Path(folder) / str(at) for at, file in enumerate(bodies)}
        for file, body in bodies.items():
            files[file].write_bytes(body)
        return dict(reader(card).read(card, files))


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([header, *rows])
    return text.getvalue().encode()


# UNHCR ------------------------------------------------------------------------------------------


def unhcr_item(origin: str, asylum: str, year: object, refugees: object, oip: object, seekers: object) -> Any:
    # Codes of UNHCR's own beside those of ISO: its ARE is Egypt.
    own = {"EGY": "ARE", "DEU": "GFR", "UNK": "UKN", "XXA": "STA"}
    return {
        "year": year, "coo_id": 1, "coo_name": "…", "coo": own.get(origin, origin), "coo_iso": origin,
        "coa_id": 2, "coa_name": "…", "coa": own.get(asylum, asylum), "coa_iso": asylum,
        "refugees": refugees, "asylum_seekers": seekers, "returned_refugees": 0, "idps": "0",
        "returned_idps": "0", "stateless": "0", "ooc": "0", "oip": oip, "hst": "0",
    }  # fmt: skip


def unhcr_page(items: Sequence[Any], page: int = 1, pages: int = 1) -> bytes:
    answer = {"page": page, "short-url": "NPv651", "maxPages": pages, "total": [], "items": list(items)}
    return json.dumps(answer).encode()


UNHCR = [
    unhcr_item("SYR", "EGY", 2024, 147_955, "-", "7890"),
    unhcr_item("VEN", "COL", 2024, "2810", 2_777_860, 28_290),
    unhcr_item("XXA", "THA", 2024, "0", "0", 5),
    unhcr_item("SDN", "SDN", 2024, "0", "0", "0"),
    unhcr_item("AFG", "IRN", 2024, None, "-", 5),
]


def test_unhcr_follows_pages_and_joins_on_iso_codes(server: Publisher, tmp_path: Path) -> None:
    first = next(
        iter(reader(source("unhcr-population")).requests(local(source("unhcr-population"), server.root)))
    )
    for page in (2, 3):
        path = first.address.removeprefix(server.root).replace("page=1", f"page={page}")
        server.files[path] = unhcr_page(UNHCR[page - 1 : page] if page < 3 else UNHCR[2:], page, 3)
    found = fetched(server, tmp_path, "unhcr-population", {"population.json": unhcr_page(UNHCR[:1], 1, 3)})
    assert sorted(found["displacement"].rows()) == [
        ("SYR", "EGY", 2024, 147_955, 7_890),
        ("VEN", "COL", 2024, 2_780_670, 28_290),
        ("XXA", "THA", 2024, 0, 5),
    ]
    assert len(server.log) == 3
    assert "limit=10000&page=3" in server.log[2][0]
    validate("displacement", found["displacement"])


def test_unhcr_gives_the_embedded_figures_back() -> None:
    known = load().table("displacement").drop("source").filter(pl.col("year") >= 2020)
    items = [unhcr_item(o, a, y, r, "0", s) for o, a, y, r, s in known.iter_rows()]
    pages = {"population.json": unhcr_page(items[:1000], 1, 2)}
    pages["population.page0002.json"] = unhcr_page(items[1000:], 2, 2)
    found = read("unhcr-population", pages)["displacement"]
    assert validate("displacement", found).equals(known)


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ({"population.json": unhcr_page(UNHCR, 1, 2)}, "lacks page 2 of 2"),
        (
            {
                "population.json": unhcr_page(UNHCR[:1], 1, 2),
                "population.page0002.json": unhcr_page(UNHCR[1:], 2, 3),
            },
            "changed while it was fetched",
        ),
        ({"population.json": unhcr_page([unhcr_item("-", "-", 2024, 30_958_200, 5, 8)])}, "one sum instead"),
        ({"population.json": unhcr_page([])}, "no rows of figures"),
        ({"population.json": unhcr_page([{"year": 2024, "coo": "AFG"}])}, "no field"),
        ({"population.json": unhcr_page([UNHCR[0], UNHCR[0] | {"refugees": 4}])}, "a key that another row"),
        ({"population.json": unhcr_page([unhcr_item("GFR", "ARE", 2024, 5, 5, 5)])}, "places unknown"),
        ({"population.json": b'{"items": []}'}, "no number of pages"),
        ({"population.json": b"[]"}, "a list and not an object"),
        ({"population.json": b'{"maxPages": 1, "items": 7}'}, "no list of rows"),
    ],
)
def test_unhcr_refuses_what_is_no_figure_of_pairs(pages: dict[str, bytes], words: str) -> None:
    with pytest.raises(DataError, match=words):
        read("unhcr-population", pages)


def test_years_that_are_not_over_are_not_asked_for() -> None:
    assert last_year_end(date(2026, 6, 30)) == 2024
    assert last_year_end(date(2026, 12, 31)) == 2025
    asked = reader(source("unhcr-population")).requests(source("unhcr-population"))
    assert "{" not in asked[0].address


# OECD -------------------------------------------------------------------------------------------

OECD = ("DATAFLOW", "REF_AREA", "CITIZENSHIP", "FREQ", "MEASURE", "SEX", "BIRTH_PLACE", "EDUCATION_LEV",
        "UNIT_MEASURE", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "UNIT_MULT", "DECIMALS")  # fmt: skip


def oecd_row(
    reporter: str, partner: str, measure: str, year: object, value: object, sex: str = "_T", mult: object = 0
) -> list[object]:
    flow = "OECD.ELS.IMD:DSD_MIG@DF_MIG(1.0)"
    return [flow, reporter, partner, "A", measure, sex, "_Z", "_Z", "PS", year, value, "A", mult, 0]


# Syrians in Germany in 2023, as published.
OECD_ROWS = [
    oecd_row("DEU", "SYR", "B11", 2023, 128742),
    oecd_row("DEU", "SYR", "B12", 2023, 18419),
    oecd_row("DEU", "SYR", "B13", 2023, 102930),
    oecd_row("DEU", "SYR", "B15", 2023, 923805),
    oecd_row("DEU", "SYR", "B16", 2023, 75485),
    oecd_row("DEU", "W", "B11", 2023, 1741153),
    oecd_row("DEU", "W_X", "B11", 2023, 5),
    oecd_row("DEU", "SYR", "B11", 2023, 50000, "F"),
    oecd_row("DEU", "SYR", "B21", 2023, 7),
    oecd_row("DEU", "XKV", "B15", 2023, 280_000),
    oecd_row("USA", "MEX", "B15", 2024, 8226106.247),
    oecd_row("DEU", "ERI", "B11", 2023, ""),
]


def test_oecd_measures_without_sums_and_sexes(server: Publisher, tmp_path: Path) -> None:
    bodies = {
        file: table(OECD, [r for r in OECD_ROWS if r[4] == file[:3]])
        for file in source("oecd-migration").addresses
    }
    found = fetched(server, tmp_path, "oecd-migration", bodies)["observed_flow"]
    rows = found.select("measure", "reporter", "partner", "year", "reported_by", "value").rows()
    assert rows == [
        ("acquisition", "DEU", "SYR", 2023, "destination", 75485.0),
        ("asylum_inflow", "DEU", "SYR", 2023, "destination", 102930.0),
        ("inflow", "DEU", "SYR", 2023, "destination", 128742.0),
        ("outflow", "DEU", "SYR", 2023, "origin", 18419.0),
        ("stock", "DEU", "SYR", 2023, "destination", 923805.0),
        ("stock", "DEU", "XKX", 2023, "destination", 280000.0),
        ("stock", "USA", "MEX", 2024, "destination", 8226106.247),
    ]
    assert all("sdmx.data+csv" in headers["Accept"] for _, headers in server.log)
    assert set(found["concept"]) == {"citizenship"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (table([c for c in OECD if c != "CITIZENSHIP"], []), "no column CITIZENSHIP"),
        (table(OECD, []), "no yearly figures"),
        (table(OECD, [oecd_row("DEU", "SYR", "B11", 2023, 1, mult=3)]), "UNIT_MULT is 3 instead of 0"),
        (table(OECD, [oecd_row("DEU", "SYR", "B11", 2023, 1), oecd_row("DEU", "SYR", "B11", 2023, 2)]),
         "a key that another row has"),
        (table(OECD, [oecd_row("DEU", "XXX", "B11", 2023, 1)]), "places unknown"),
        (table(OECD, [oecd_row("DEU", "SYR", "B11", 2023, -1)]), "is negative"),
        (table(OECD, [oecd_row("DEU", "SYR", "B11", 2023, "..")]), "no figures between"),
        (b"", "can not be read as CSV"),
    ],
)  # fmt: skip
def test_oecd_refuses_another_layout(body: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read("oecd-migration", {"B11_inflows.csv": body})


# Eurostat ---------------------------------------------------------------------------------------

EUROSTAT = ("DATAFLOW", "LAST UPDATE", "freq", "partner", "agedef", "age", "unit", "sex", "geo",
            "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG", "CONF_STATUS")  # fmt: skip


def eurostat_row(
    partner: str, geo: str, year: object, value: object, flag: str = "", *, dataset: str = "MIGR_IMM5PRV",
    age: str = "TOTAL", sex: str = "T", agedef: str = "COMPLET",
) -> list[object]:  # fmt: skip
    flow = f"ESTAT:{dataset}(1.0)"
    return [flow, "02/07/26 23:00:00", "A", partner, agedef, age, "NR", sex, geo, year, value, flag, ""]


def emigration(*args: Any) -> list[object]:
    return eurostat_row(*args, dataset="MIGR_EMI3NXT")


# Syrians' arrivals in Germany as published; the others stand for rows of their kind.
IMMIGRATION = [
    eurostat_row("SY", "DE", 2023, 88973),
    eurostat_row("SY", "DE", 2024, 63444),
    eurostat_row("UK", "EL", 2019, 5000, "e"),
    eurostat_row("XK", "DE", 2023, 31000, "bp"),
    eurostat_row("TOTAL", "DE", 2023, 9),
    eurostat_row("EU27_2020", "DE", 2023, 9),
    eurostat_row("SY", "EU27_2020", 2023, 9),
    eurostat_row("SY", "DE", 2023, 88973, agedef="REACH"),
    eurostat_row("SY", "DE", 2023, 40000, sex="F"),
    eurostat_row("SY", "DE", 2023, 4000, age="Y_LT5"),
    eurostat_row("SY", "DE", 2022, "", "c"),
]
EMIGRATION = [emigration("DE", "EL", 2023, 7000), emigration("SY", "DE", 2023, 3000, "p")]


def test_eurostat_gives_both_mirrors_with_flags(server: Publisher, tmp_path: Path) -> None:
    bodies = {
        "migr_imm5prv.csv.gz": gzip.compress(table(EUROSTAT, IMMIGRATION), mtime=0),
        "migr_emi3nxt.csv.gz": gzip.compress(table(EUROSTAT, EMIGRATION), mtime=0),
    }
    found = fetched(server, tmp_path, "eurostat-migration", bodies)["observed_flow"]
    rows = found.select("measure", "reported_by", "reporter", "partner", "year", "value", "flag").rows()
    assert rows == [
        ("outflow", "origin", "DEU", "SYR", 2023, 3000.0, "p"),
        ("outflow", "origin", "GRC", "DEU", 2023, 7000.0, None),
        ("inflow", "destination", "DEU", "SYR", 2023, 88973.0, None),
        ("inflow", "destination", "DEU", "SYR", 2024, 63444.0, None),
        ("inflow", "destination", "DEU", "XKX", 2023, 31000.0, "bp"),
        ("inflow", "destination", "GRC", "GBR", 2019, 5000.0, "e"),
    ]
    assert set(found["concept"]) == {"residence"}


def test_eurostat_plain_files_are_read_as_well() -> None:
    found = read("eurostat-migration", {"x": table(EUROSTAT, IMMIGRATION)})["observed_flow"]
    assert found.height == 4


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (table([c for c in EUROSTAT if c != "partner"], []), "no column partner"),
        (table(EUROSTAT, [emigration("TOTAL", "DE", 2023, 1)]), "no yearly numbers"),
        (table(EUROSTAT, [eurostat_row("SY", "DE", 2023, 1, dataset="MIGR_IMM1CTZ")]), "migr_imm1ctz"),
        (table(EUROSTAT, [eurostat_row("QQ", "DE", 2023, 1)]), "places unknown"),
        (table(EUROSTAT, [eurostat_row("SY", "DE", 2023, 1), eurostat_row("SY", "DE", 2023, 2)]), "a key"),
        (gzip.compress(table(EUROSTAT, IMMIGRATION), mtime=0)[:40], "can not be read|in a new way"),
    ],
)  # fmt: skip
def test_eurostat_refuses_another_layout(body: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read("eurostat-migration", {"x": body})


# WHO --------------------------------------------------------------------------------------------


def who_row(indicator: str, country: str, year: object, value: object, **fields: object) -> dict[str, object]:
    return {
        "Id": 1, "IndicatorCode": indicator, "SpatialDimType": "COUNTRY", "SpatialDim": country,
        "ParentLocationCode": "AFR", "TimeDimType": "YEAR", "ParentLocation": "Africa", "Dim1Type": None,
        "Dim1": None, "TimeDim": year, "Dim2Type": None, "Dim2": None, "Dim3Type": None, "Dim3": None,
        "DataSourceDimType": None, "DataSourceDim": None, "Value": str(value), "NumericValue": value,
        "Low": None, "High": None, "Comments": None, "Date": "2025-01-01T00:00:00+01:00",
    } | fields  # fmt: skip


def who_answer(rows: Sequence[object], following: str | None = None) -> bytes:
    answer: dict[str, object] = {"@odata.context": "https://ghoapi/api/$metadata#X", "value": list(rows)}
    return json.dumps(answer | ({"@odata.nextLink": following} if following else {})).encode()


PHYSICIANS = [
    who_row("HWF_0001", "GHA", 2019, 1.5),
    who_row("HWF_0001", "GHA", 2022, 2.0),
    who_row("HWF_0001", "GHA", 2023, None),
    who_row("HWF_0001", "NOR", 2022, 51.7),
    who_row("HWF_0001", "KEN", 2021, 2.3),
    who_row("HWF_0001", "AFR", 2022, 3.1, SpatialDimType="REGION"),
]
NURSES = [who_row("HWF_0006", "GHA", 2022, 36.5), who_row("HWF_0006", "NOR", 2022, 186.0)]


def test_who_latest_densities_with_the_flag_of_the_list(server: Publisher, tmp_path: Path) -> None:
    following = "/api/HWF_0001?$skip=1000"
    server.files[following] = who_answer(PHYSICIANS[3:])
    bodies = {
        "HWF_0001.json": who_answer(PHYSICIANS[:3], server.root + following),
        "HWF_0006.json": who_answer(NURSES),
    }
    found = validate(
        "health_workforce", fetched(server, tmp_path, "who-health-workforce", bodies)["health_workforce"]
    )
    assert found.rows() == [
        ("GHA", 36.5, 2.0, 2022, 2022, True),
        ("NOR", 186.0, 51.7, 2022, 2022, False),
    ]  # fmt: skip


def test_who_gives_the_embedded_figures_back() -> None:
    known = load().table("health_workforce").drop("source")
    bodies = {
        f"{code}.json": who_answer(
            [who_row(code, c, y, v) for c, y, v in known.select("country", f"{n}_year", n).iter_rows()]
        )
        for code, n in (("HWF_0001", "physicians_per_10000"), ("HWF_0006", "nurses_midwives_per_10000"))
    }
    assert validate("health_workforce", read("who-health-workforce", bodies)["health_workforce"]).equals(
        known
    )


@pytest.mark.parametrize(
    ("physicians", "words"),
    [
        (who_answer([]), "no figures of countries for indicator HWF_0001"),
        (who_answer([who_row("HWF_0001", "GHA", 2022, 6420)]), "physicians_per_10000 that is none"),
        (who_answer([{"Code": "GHA"}]), "no field"),
        (who_answer([who_row("HWF_0001", "GHA", 2022, v) for v in (1, 2)]), "a key that another row"),
        (who_answer([who_row("HWF_0001", "KEN", 2022, 1)]), "no country with both"),
        (b'{"rows": []}', "no list of rows 'value'"),
    ],
)
def test_who_refuses_what_is_no_density(physicians: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read("who-health-workforce", {"HWF_0001.json": physicians, "HWF_0006.json": who_answer(NURSES)})


def test_who_does_not_follow_a_link_to_another_host(server: Publisher, tmp_path: Path) -> None:
    bodies = {"HWF_0001.json": who_answer([], "http://elsewhere.example/x"), "HWF_0006.json": who_answer([])}
    with pytest.raises(DataError, match="the next page is elsewhere"):
        fetched(server, tmp_path, "who-health-workforce", bodies)


# SDG --------------------------------------------------------------------------------------------


def sdg_row(series: str, area: str, year: float, value: str, **dimensions: str) -> dict[str, object]:
    return {
        "goal": ["10"], "target": ["10.7"], "indicator": ["10.7.3"], "series": series,
        "seriesDescription": "…", "seriesCount": "1", "geoAreaCode": area, "geoAreaName": "…",
        "timePeriodStart": year, "value": value, "valueType": "Float", "time_detail": None, "source": "…",
        "footnotes": [""], "attributes": {"Nature": "C", "Units": "NUMBER"},
        "dimensions": {"Reporting Type": "G", **dimensions},
    }  # fmt: skip


def sdg_page(rows: Sequence[object], page: int = 1, pages: int = 1) -> bytes:
    answer = {"size": 1000, "totalElements": len(rows), "totalPages": pages, "pageNumber": page,
              "attributes": [], "dimensions": [], "data": list(rows)}  # fmt: skip
    return json.dumps(answer).encode()


EMPTY = {file: sdg_page([], 1, 0) for file in source("un-sdg-migration").addresses}
SDG = [
    sdg_row("SG_CPA_MIGRS", "484", 2021.0, "4", **{"Policy Domains": "PD_1"}),
    sdg_row("SG_CPA_MIGRS", "484", 2021.0, "3", **{"Policy Domains": "PD_2"}),
    sdg_row("SG_CPA_MIGRS", "250", 2021.0, "<5"),
    sdg_row("SG_CPA_MIGRS", "276", 2021.0, "N"),
    sdg_row("SG_CPA_MIGRS", "276", 2019.0, "NaN"),
    sdg_row("SG_CPA_MIGRS", "1", 2021.0, "62.2"),
    sdg_row("SG_CPA_MIGRS", "199", 2021.0, "50"),
]


def test_sdg_series_of_countries_page_by_page(server: Publisher, tmp_path: Path) -> None:
    second = "/SDGAPI/v1/sdg/Series/Data?seriesCode=SG_CPA_MIGRS&pageSize=1000&page=2"
    server.files[second] = sdg_page(SDG[3:], 2, 2)
    found = fetched(
        server, tmp_path, "un-sdg-migration", EMPTY | {"SG_CPA_MIGRS.json": sdg_page(SDG[:3], 1, 2)}
    )["indicator_series"]
    assert found.select("country", "breakdown", "value", "qualifier").rows() == [
        ("FRA", "Reporting Type=G", 5.0, "<"),
        ("MEX", "Policy Domains=PD_1; Reporting Type=G", 4.0, None),
        ("MEX", "Policy Domains=PD_2; Reporting Type=G", 3.0, None),
    ]
    assert found.select("series", "year", "unit", "nature").unique().rows() == [
        ("SG_CPA_MIGRS", 2021, "NUMBER", "C")
    ]


def test_sdg_codes_of_all_countries_are_known() -> None:
    rows = [sdg_row("SM_DTH_MIGR", str(code), 2022.0, "3") for code in sorted(M49.values())]
    found = read("un-sdg-migration", EMPTY | {"SM_DTH_MIGR.json": sdg_page(rows)})["indicator_series"]
    assert found.height == sum(code < 900 for code in M49.values())


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (sdg_page([]), "no figures of countries in 6 pages"),
        (sdg_page([sdg_row("S", "1", 2020.0, "4")]), "no figures of countries"),
        (
            sdg_page([sdg_row("S", "484", 2020.0, "4"), sdg_row("S", "484", 2020.0, "5")]),
            "a key that another",
        ),
        (sdg_page([sdg_row("S", "899", 2020.0, "4")]), "places unknown"),
        (sdg_page([{"series": "S"}]), "no field"),
        (sdg_page([], 1, 10**9), "no number of pages"),
    ],
)
def test_sdg_refuses_another_layout(page: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read("un-sdg-migration", EMPTY | {"SM_DTH_MIGR.json": page})


# Abel and Cohen ---------------------------------------------------------------------------------

FLOWS = ("year0", "sex", "orig", "dest", "sd_drop_neg", "sd_rev_neg", "mig_rate", "da_min_open",
         "da_min_closed", "da_pb_closed")  # fmt: skip
FLOW_ROWS = [
    [2010, "female", "MEX", "USA", 1, 2, 3, 4, 5, 6],
    [2010, "male", "MEX", "USA", 7, 8, 9, 10, 11, ""],
    [2010, "female", "SDN_old", "EGY", 0, 0, 0, 0, 0, 12],
    [2010, "female", "USA", "USA", 9, 9, 9, 9, 9, 9],
]


def article(body: bytes | None, root: str = "https://ndownloader", name: str = "bilat_mig_sex.csv") -> bytes:
    md5 = "" if body is None else hashlib.md5(body, usedforsecurity=False).hexdigest()
    listed = {"id": 53235860, "name": name, "size": 1, "is_link_only": False, "computed_md5": md5,
              "download_url": f"{root}/files/53235860"}  # fmt: skip
    other = listed | {"name": "country_list.csv", "download_url": root + "/files/1"}
    return json.dumps({"id": 12845711, "version": 6, "title": "…", "files": [other, listed]}).encode()


def test_the_record_of_the_deposit_leads_to_the_flows(server: Publisher, tmp_path: Path) -> None:
    body = table(FLOWS, FLOW_ROWS)
    server.files["/files/53235860"] = body
    found = fetched(server, tmp_path, "abel-cohen-flows", {"article.json": article(body, server.root)})
    flows = found["published_flow"]
    assert flows.height == 6 + 5 + 6, "a blank is missing and not zero; stayers are left out"
    assert flows.filter(method="da_pb_closed").rows() == [
        ("MEX", "USA", 2010, "da_pb_closed", "female", 6.0),
        ("SUD", "EGY", 2010, "da_pb_closed", "female", 12.0),
    ]


def test_parts_by_type_of_move_are_summed() -> None:
    header = ("year0", "sex", "orig", "dest", "type", "da_min_open", "da_min_closed", "da_pb_closed")
    rows = [
        [2015, "male", "MEX", "USA", "outward", 5, "", 100],
        [2015, "male", "MEX", "USA", "return", 1, "", 20],
        [2015, "male", "MEX", "USA", "transit", "", "", 3],
    ]
    body = table(header, rows)
    flows = read("abel-cohen-flows", {"article.json": article(body), "bilat_mig_sex.csv": body})
    assert flows["published_flow"].select("method", "value").rows() == [
        ("da_min_open", 6.0),
        ("da_pb_closed", 123.0),
    ]


def test_the_published_flows_come_out_as_they_went_in() -> None:
    flows = real("abel_cohen_flows_1990_2010.csv.gz").filter(pl.col("year0") == "2010")
    body = flows.write_csv().encode()
    found = read("abel-cohen-flows", {"article.json": article(body), "bilat_mig_sex.csv": body})[
        "published_flow"
    ]
    assert found["sex"].unique().to_list() == ["all"]
    assert set(found["method"]) == set(flows.columns[3:])
    for method in flows.columns[3:]:
        whole = flows[method].cast(pl.Float64).sum()
        assert found.filter(method=method)["value"].sum() == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"article.json": article(None)}, "lacks 'bilat_mig_sex.csv'"),
        ({"article.json": article(None, name="x.csv"), "bilat_mig_sex.csv": b""}, "lists no 'bilat"),
        ({"article.json": article(b"x"), "bilat_mig_sex.csv": table(FLOWS, FLOW_ROWS)}, "is not the file"),
        ({"article.json": b"{}", "bilat_mig_sex.csv": b""}, "lists no files"),
        ({"bilat_mig_sex.csv": table(("year0", "orig", "dest"), [])}, "none of the methods"),
        ({"bilat_mig_sex.csv": table(FLOWS[1:], [])}, "no column year0"),
        ({"bilat_mig_sex.csv": table(FLOWS, [])}, "no flow between"),
        ({"bilat_mig_sex.csv": table(FLOWS, [[2010, "both", "MEX", "USA", 1, 2, 3, 4, 5, 6]])}, "is both"),
        ({"bilat_mig_sex.csv": table(FLOWS, [[2010, "male", "MEX", "USA", -1, 2, 3, 4, 5, 6]])}, "negative"),
        ({"bilat_mig_sex.csv": table(FLOWS, [[2010, "male", "MEX", "USA", i, 2, 3, 4, 5, 6] for i in "12"])},
         "a key that another row"),
    ],
)  # fmt: skip
def test_another_deposit_is_refused(files: dict[str, bytes], words: str) -> None:
    with pytest.raises(DataError, match=words):
        read("abel-cohen-flows", files)


# Missing Migrants Project -----------------------------------------------------------------------

NEWER = ("Main ID", "Incident ID", "Incident Type", "Region of Incident", "Incident Date", "Incident Year",
         "Month", "Number of Dead", "Minimum Estimated Number of Missing",
         "Total Number of Dead and Missing", "Number of Survivors", "Number of Females", "Number of Males",
         "Number of Children", "Country of Origin", "Region of Origin", "Cause of Death",
         "Country of Incident", "Migration Route", "Location of Incident", "Information Source",
         "Coordinates", "UNSD Geographical Grouping", "Source Quality", "URL")  # fmt: skip
OLDER = ("Web ID", "Region of Incident", "Reported Date", "Reported Year", "Reported Month", "Number Dead",
         "Minimum Estimated Number of Missing", "Total Dead and Missing", "Number of Survivors",
         "Number of Females", "Number of Males", "Number of Children", "Cause of Death",
         "Location Description", "Information Source", "Location Coordinates", "Migration Route", "URL",
         "UNSD Geographical Grouping", "Source Quality")  # fmt: skip


def newer(
    incident: str, day: str, year: object, dead: object, missing: object, total: object
) -> list[object]:
    return [incident, incident, "Incident", "Mediterranean", day, year, "January", dead, missing, total, "",
            "", "", "", "Unknown", "Unknown", "Drowning", "Libya", "Central Mediterranean", "off Libya",
            "IOM", "32.88, 13.17", "Uncategorized", 5, "https://example.org"]  # fmt: skip


def older(
    incident: str, day: str, year: object, dead: object, missing: object, total: object
) -> list[object]:
    return [incident, "US-Mexico Border", day, year, "Jan", dead, missing, total, "", "", "", "",
            "Exposure", "near Tucson", "Pima County", "POINT (-110.36 31.65)", "", "",
            "Northern America", 5]  # fmt: skip


def test_both_layouts_of_the_project(server: Publisher, tmp_path: Path) -> None:
    rows = [
        newer("2023.MMP00001", "2023-01-02", 2023, 3, 1, 4),
        newer("2023.MMP00002", "", 2023, "", "1,022", "1,022"),
        newer("2023.MMP00003", "2022-12-31", 2023, 5, -2, 3),
    ]
    file = next(iter(source("missing-migrants").addresses))
    found = fetched(server, tmp_path, "missing-migrants", {file: table(NEWER, rows)})["route_death"]
    assert found.select("incident", "date", "dead", "missing", "total", "latitude", "longitude").rows() == [
        ("2023.MMP00001", "2023-01-02", 3, 1, 4, 32.88, 13.17),
        ("2023.MMP00002", None, None, 1022, 1022, 32.88, 13.17),
        ("2023.MMP00003", None, 5, -2, 3, 32.88, 13.17),
    ]
    assert found.select("region", "route", "country", "cause").row(0) == (
        "Mediterranean", "Central Mediterranean", "Libya", "Drowning"
    )  # fmt: skip
    rows = [older("51591", "March 28, 2019", 2019, "", 2, 2), older("51591", "03/29/2019", 2019, 1, "", 1)]
    old = read("missing-migrants", {"x": table(OLDER, rows)})["route_death"]
    assert old.select("incident", "date", "total", "latitude", "longitude", "route").rows() == [
        ("51591", "2019-03-28", 2, 31.65, -110.36, None),
        ("51591/2", "2019-03-29", 1, 31.65, -110.36, None),
    ]


def test_the_project_s_figures_come_out_as_they_went_in() -> None:
    incidents = real("iom_missing_migrants_subset_2014_2026.csv.gz")
    found = read("missing-migrants", {"x": incidents.write_csv().encode()})["route_death"]
    assert found.height == incidents.height
    assert found["incident"].n_unique() == found.height
    for column, heading in (("dead", "No. dead"), ("total", "No. dead/missing"), ("latitude", "Latitude")):
        assert found[column].sum() == pytest.approx(incidents[heading].cast(pl.Float64).sum())
    assert found["date"].to_list() == incidents["incident_date_clean"].to_list()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (table(NEWER[2:], []), "no column of incident"),
        (table(("Incident ID", "Incident Year", "Route", "Region of Incident"), []), "number of dead"),
        (table([c for c in OLDER if "Route" not in c], []), "no column of route"),
        (table(NEWER, []), "0 of 0 incidents"),
        (
            table(NEWER, [newer("1", "", 2020, "", "", ""), newer("2", "", 2020, 1, "", 1)]),
            "1 of 2 incidents",
        ),
        (table(("Year", "Year"), []), "twice|no column"),
    ],
)
def test_the_project_s_other_layouts_are_refused(body: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read("missing-migrants", {"x": body})


# All --------------------------------------------------------------------------------------------

BODIES: Mapping[str, Mapping[str, bytes]] = {
    "unhcr-population": {"population.json": unhcr_page(UNHCR)},
    "oecd-migration": {"B11_inflows.csv": table(OECD, OECD_ROWS)},
    "eurostat-migration": {"migr_imm5prv.csv.gz": table(EUROSTAT, IMMIGRATION)},
    "who-health-workforce": {"HWF_0001.json": who_answer(PHYSICIANS), "HWF_0006.json": who_answer(NURSES)},
    "un-sdg-migration": EMPTY | {"SG_CPA_MIGRS.json": sdg_page(SDG)},
    "abel-cohen-flows": {"article.json": article(None), "bilat_mig_sex.csv": table(FLOWS, FLOW_ROWS)},
    "missing-migrants": {"x": table(NEWER, [newer("1", "2023-01-02", 2023, 3, 1, 4)])},
}
DAMAGES: Sequence[Callable[[bytes, int, bytes], bytes]] = (
    lambda body, at, other: body[:at],
    lambda body, at, other: body[:at] + other + body[at:],
    lambda body, at, other: body[:at] + other + body[at + len(other) :],
    lambda body, at, other: body[:at] + body[at + 1 + len(other) :],
)
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from([b'"', b",", b"\n", b"null", b"[]", b"{}", b"-1", b"1e999", b"NaN", b"true", b"\\ud800",
                     b"999999999999999999999", b"\xff\xfe", b"\x1f\x8b", b"\0", b"\xef\xbb\xbf"]),
)  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_files_are_read_or_refused_in_words(name: str, data: st.DataObject) -> None:
    bodies = dict(BODIES[name])
    whole = read(name, bodies)
    file = data.draw(st.sampled_from(sorted(bodies)))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(bodies[file])))
        bodies[file] = data.draw(st.sampled_from(DAMAGES))(bodies[file], at, data.draw(PIECES))
    with suppress(CorridorsError):
        found = read(name, bodies)
        assert {t: f.schema for t, f in found.items()} == {t: f.schema for t, f in whole.items()}


LINKS = ("maxPages", "totalPages", "@odata.nextLink", "files", "name", "download_url")
VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=4) | st.floats(),
    lambda inner: st.dictionaries(st.sampled_from(LINKS), inner) | st.lists(inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    "name", ["unhcr-population", "who-health-workforce", "un-sdg-migration", "abel-cohen-flows"]
)
@given(content=st.binary(max_size=60) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_answer_leads_to_pages_or_is_refused(name: str, content: bytes) -> None:
    card = source(name)
    first = reader(card).requests(card)[0]
    with tempfile.NamedTemporaryFile() as file, suppress(CorridorsError):
        file.write(content)
        file.flush()
        for request in reader(card).more(card, first, Path(file.name)):
            assert request.file != first.file


def fits(frame: pl.DataFrame, table_name: str) -> None:
    """The columns, types and keys that the dictionary promises."""
    types = {"str": pl.String(), "int": pl.Int64(), "float": pl.Float64()}
    wanted = DICTIONARY[table_name]
    assert dict(frame.schema) == {column: types[kind] for column, kind, _, _ in wanted}
    keys = [column for column, _, key, _ in wanted if key]
    assert not frame.select(keys).is_duplicated().any()
    assert all(frame[column].null_count() == 0 for column, _, _, nullable in wanted if not nullable)


@functools.cache
def written() -> Mapping[str, pl.DataFrame]:
    return {t: f for name, bodies in BODIES.items() for t, f in read(name, bodies).items()}


# Column, type, key, may be blank.
DICTIONARY: Mapping[str, Sequence[tuple[str, str, bool, bool]]] = {
    "observed_flow": [
        ("dataset", "str", True, False), ("measure", "str", True, False), ("concept", "str", True, False),
        ("reporter", "str", True, False), ("partner", "str", True, False), ("year", "int", True, False),
        ("reported_by", "str", False, False), ("value", "float", False, False), ("flag", "str", False, True),
    ],
    "published_flow": [
        ("origin", "str", True, False), ("destination", "str", True, False),
        ("period_start", "int", True, False), ("method", "str", True, False), ("sex", "str", True, False),
        ("value", "float", False, False),
    ],
    "indicator_series": [
        ("series", "str", True, False), ("country", "str", True, False), ("year", "int", True, False),
        ("breakdown", "str", True, False), ("value", "float", False, False),
        ("qualifier", "str", False, True), ("unit", "str", False, True), ("nature", "str", False, True),
    ],
    "route_death": [
        ("incident", "str", True, False), ("date", "str", False, True), ("year", "int", False, False),
        ("region", "str", False, True), ("route", "str", False, True), ("country", "str", False, True),
        ("cause", "str", False, True), ("dead", "int", False, True), ("missing", "int", False, True),
        ("total", "int", False, False), ("survivors", "int", False, True),
        ("latitude", "float", False, True), ("longitude", "float", False, True),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", DICTIONARY)
def test_tables_have_the_columns_of_the_dictionary(name: str) -> None:
    fits(written()[name], name)


def test_a_next_page_is_asked_for_as_the_first_was(tmp_path: Path) -> None:
    card = source("who-health-workforce")
    module, first = reader(card), reader(card).requests(card)[0]
    path = tmp_path / "x.json"
    path.write_bytes(who_answer([], "http://ghoapi.azureedge.net/api/HWF_0001?$skip=1000"))
    second = module.more(card, first, path)[0]
    assert (second.file, second.address) == ("HWF_0001.page0002.json", first.address + "?$skip=1000")
    assert module.more(card, second, path)[0].file == "HWF_0001.page0003.json"


@pytest.mark.parametrize(
    ("days", "read_as"),
    [
        (("25/06/2021", "05/06/2021", "01/02/2021"), ["2021-06-25", "2021-06-05", "2021-02-01"]),
        (("06/25/2021", "06/05/2021", "02/01/2021"), ["2021-06-25", "2021-06-05", "2021-02-01"]),
        (("05/06/2021", "01/02/2021"), [None, None]),
        (("25/06/2021", "06/25/2021"), [None, None]),
    ],
)
def test_the_column_tells_whether_day_or_month_comes_first(
    days: tuple[str, ...], read_as: list[str | None]
) -> None:
    rows = [newer(str(n), day, 2021, 1, 0, 1) for n, day in enumerate(days)]
    found = read("missing-migrants", {"x": table(NEWER, rows)})["route_death"].sort("incident")
    assert found["date"].to_list() == read_as
