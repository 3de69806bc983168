"""Countries and areas are found by any name or code, and never mistaken for one another."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corridors import places
from corridors.errors import NotFound
from corridors.places.keys import entries, holders, stood

COUNTRIES = places.every("country")


def test_every_code_leads_back_to_its_place() -> None:
    assert len(COUNTRIES) == 237
    for place in places.every(None):
        known = [
            place.code,
            place.code.lower(),
            f" {place.code} ",
            place.name,
            place.name.upper(),
        ]
        if place.iso2:
            known += [place.iso2, place.iso2.lower()]
        if place.m49:
            known += [str(place.m49), f"{place.m49:03d}"]
            assert places.find(place.m49) is place
        for query in known:
            assert places.find(query) is place, query


def test_every_country_is_complete() -> None:
    for place in COUNTRIES:
        assert re.fullmatch("[A-Z]{3}", place.code)
        assert place.iso2 is not None
        assert re.fullmatch("[A-Z]{2}", place.iso2)
        assert place.m49
        assert place.region
        assert place.lat is not None
        assert place.lon is not None
        assert place.income_group in {"L", "LM", "UM", "H", None}
    assert len({place.iso2 for place in COUNTRIES}) == len(COUNTRIES)
    assert len({place.m49 for place in COUNTRIES}) == len(COUNTRIES)


def test_no_key_means_two_places() -> None:
    meanings: dict[str, set[str]] = defaultdict(set)
    for key, code in entries():
        meanings[key].add(code)
    assert {key: codes for key, codes in meanings.items() if len(codes) > 1} == {}
    assert "" not in meanings


def test_every_variant_belongs_to_a_place() -> None:
    codes = places.codes()
    assert {name.country for name in places.names()} <= codes
    assert all(name.text and name.language for name in places.names())


@pytest.mark.parametrize(
    ("queries", "code"),
    [
        ("Bolivia", "BOL"),
        ("Iran|IRAN, Islamic Rep.|Iran (Islamic Rep. of)|ایران", "IRN"),
        ("Venezuela|Venezuela, RB", "VEN"),
        ("Tanzania|United Rep. of Tanzania", "TZA"),
        ("Moldova|Rep. of Moldova", "MDA"),
        ("Russia|Россия|Russie|Rusia|Fédération de Russie", "RUS"),
        ("Syria|Syrian Arab Rep.", "SYR"),
        ("Laos|Lao PDR", "LAO"),
        ("Vietnam|Viet Nam|Việt Nam", "VNM"),
        ("South Korea|Korea, Rep.|Republic of Korea|Rep. of Korea|한국", "KOR"),
        ("North Korea|Korea, Dem. People's Rep.|DPRK", "PRK"),
        (
            "USA|US|U.S.A.|United States|the United States of America|America|États-Unis",
            "USA",
        ),
        ("UK|GB|Britain|Great Britain|Royaume-Uni", "GBR"),
        ("UAE|United Arab Emirates", "ARE"),
        ("Turkey|Turkiye|Türkiye, Rep. of|TÜRKİYE|Türkiye|turquie", "TUR"),
        ("Ivory Coast|cote d'ivoire|Côte d’Ivoire|COTE DIVOIRE", "CIV"),
        ("Czech Republic|Czechia|Česko", "CZE"),
        ("Palestine|Palestinian territories|West Bank and Gaza|WBG", "PSE"),
        ("Kosovo|XK|KSV|Kosovë", "XKX"),
        ("Swaziland|Eswatini|eSwatini", "SWZ"),
        ("DR Congo|DRC|Congo-Kinshasa|Zaire|Congo, Dem. Rep.|ZAR", "COD"),
        (
            "Congo|Congo-Brazzaville|Republic of the Congo|Congo, Rep.|République du Congo",
            "COG",
        ),
        ("Burma|Myanmar", "MMR"),
        ("Cape Verde|Cabo Verde", "CPV"),
        ("East Timor|Timor Leste|Timor|TMP", "TLS"),
        ("Macedonia|FYROM|North Macedonia", "MKD"),
        ("Holland|The Netherlands|Nederland|Pays-Bas", "NLD"),
        ("Hong Kong|Hong Kong SAR, China|香港", "HKG"),
        ("Macau|Macao", "MAC"),
        ("Taiwan|Taiwan, China|台灣|台湾", "TWN"),
        ("Brunei", "BRN"),
        ("Micronesia|Micronesia, Fed. Sts.", "FSM"),
        ("Gambia|The Gambia|Gambia, The", "GMB"),
        ("St. Kitts & Nevis|Saint Kitts and Nevis|St Kitts and Nevis", "KNA"),
        ("Trinidad & Tobago|trinidad and tobago", "TTO"),
        ("Deutschland|Allemagne|Alemania|West Germany", "DEU"),
        ("España|Espagne", "ESP"),
        ("México|Mexique|mexico", "MEX"),
        ("Brasil|Brésil", "BRA"),
        ("Polska", "POL"),
        ("Österreich|osterreich", "AUT"),
        ("中国|中國", "CHN"),
        ("日本|Nippon", "JPN"),
        ("Україна", "UKR"),
        ("مصر", "EGY"),
        ("भारत|Bharat", "IND"),
        ("ROM|România", "ROU"),
        ("South Sudan", "SSD"),
        ("Guinea", "GIN"),
        ("Guinea Bissau", "GNB"),
        ("Dominica", "DMA"),
        ("Niger", "NER"),
        ("AND", "AND"),
        ("ST", "STP"),
        ("Stateless|XXA", "XXA"),
        ("Other", "OTH"),
        ("Channel Islands", "CHI"),
    ],
)
def test_names_people_use(queries: str, code: str) -> None:
    for query in queries.split("|"):
        assert places.code(query) == code, query


def test_names_are_shown_as_they_are_spelt() -> None:
    shown = {code: places.find(code).name for code in ("TUR", "CIV", "REU", "CUW", "BLM")}
    assert list(shown.values()) == [
        "Türkiye",
        "Côte d'Ivoire",
        "Réunion",
        "Curaçao",
        "Saint-Barthélemy",
    ]


def test_namibia_is_not_missing() -> None:
    assert places.find("NA").code == "NAM"
    assert places.find("Namibia").iso2 == "NA"
    assert places.table().filter(country="NAM")["iso2"].item() == "NA"


def test_blank_income_group_is_none() -> None:
    assert places.find("AIA").income_group is None
    assert places.find("MEX").income_group == "UM"


@pytest.mark.parametrize(
    ("query", "year", "code"),
    [
        ("Sudan", 2005, "SUD"),
        ("SDN", 2005, "SUD"),
        ("SDN", 2010, "SUD"),
        ("SDN", 2011, "SDN"),
        ("Sudan", None, "SDN"),
        ("South Sudan", 2000, "SUD"),
        ("SDN_old", None, "SUD"),
        ("Serbia", 2000, "SCG"),
        ("Serbia", 2005, "SCG"),
        ("Serbia", 2006, "SRB"),
        ("Serbia", None, "SRB"),
        ("Serbia", 1985, "YUG"),
        ("Croatia", 1990, "YUG"),
        ("Croatia", 1992, "HRV"),
        ("Yugoslavia", None, "YUG"),
        ("Yugoslavia", 1990, "YUG"),
        ("YUG", 2000, "SCG"),
        ("Netherlands Antilles", None, "ANT"),
        ("CUW", 2010, "ANT"),
        ("CUW", 2011, "CUW"),
        ("Aruba", 2000, "ABW"),
        ("Germany", 1980, "DEU"),
        ("East Germany", 1980, "DDR"),
        ("Ukraine", 1990, "SUN"),
        ("Russia", 1992, "RUS"),
        ("Slovakia", 1992, "CSK"),
        ("Slovakia", 1993, "SVK"),
        ("Mexico", 1950, "MEX"),
        ("CHI", 1990, "CHI"),
        (736, None, "SUD"),
        (729, 2000, "SUD"),
    ],
)
def test_a_year_gives_the_place_of_that_year(query: str | int, year: int | None, code: str) -> None:
    assert places.code(query, year=year) == code


def test_a_place_out_of_its_years_names_its_successors() -> None:
    with pytest.raises(NotFound, match="1954 to 2010, not of 2020") as caught:
        places.find("ANT", year=2020)
    assert "BES, CUW, SXM" in caught.value.detail
    with pytest.raises(NotFound, match="1992 to 2005, not of 1985"):
        places.find("SCG", year=1985)


def test_historical_places_hold_together() -> None:
    countries = places.codes("country")
    for place in places.every("historical"):
        assert place.valid_from
        assert place.valid_to
        assert place.valid_from < place.valid_to
        assert place.members
        assert set(place.members) <= countries
        assert list(place.members) == sorted(place.members)
        assert place.note
        assert place.region
    for code in places.codes():
        for year in range(1900, 2031):
            held_by = [unit for unit in holders().get(code, ()) if stood(unit, year)]
            assert len(held_by) <= 1, (code, year)


@pytest.mark.parametrize("query", ["Atlantis", "", "the", "-4", "4.0", "0", "999", -4, 0, 10**30])
def test_what_is_not_in_the_register_is_not_found(query: str | int) -> None:
    with pytest.raises(NotFound, match="no place is called") as caught:
        places.find(query)
    assert "corridors table place" in caught.value.remedy


def test_a_slip_of_the_pen_gets_a_suggestion() -> None:
    with pytest.raises(NotFound, match=r"did you mean Mexico \(MEX\)") as caught:
        places.find("Mexcio")
    assert 1 <= caught.value.detail.count("(") <= 5
    with pytest.raises(NotFound, match="Northern America"):
        places.members("North America")


@given(st.text())
@example("\x00")
@example("²")
@example("٠٠٤")
@example("9" * 5000)
def test_any_text_is_a_place_or_not_found(text: str) -> None:
    try:
        place = places.find(text)
    except NotFound:
        return
    assert place in places.every(None)


@given(
    st.sampled_from(places.every(None)),
    st.sampled_from([str.upper, str.lower, str.title, "  {}. ".format, "The {}".format]),
)
def test_dress_does_not_matter(place: places.Place, dress: Callable[[str], str]) -> None:
    assert places.find(dress(place.name)) is place


def test_members_of_groups() -> None:
    assert places.members("World") == tuple(place.code for place in COUNTRIES)
    assert places.members("Northern America") == ("BMU", "CAN", "GRL", "SPM", "USA")
    assert places.members("Australia and New Zealand") == ("AUS", "NZL")
    assert "FSM" in places.members("Micronesia")
    assert len(places.members("Micronesia")) > 1
    assert places.members("SCG") == ("MNE", "SRB", "XKX")
    assert places.members("Channel Islands") == ("GGY", "JEY")
    by_income = [places.members(letter) for letter in ("L", "LM", "UM", "H")]
    assert by_income[0] == places.members("Low income") == places.members("low-income")
    assert sorted(sum(by_income[:3], ())) == list(places.members("Low and middle income"))
    assert all(list(group) == sorted(group) for group in by_income)


@pytest.mark.parametrize("group", ["Mexico", "Middle Earth", ""])
def test_members_of_what_is_no_group(group: str) -> None:
    with pytest.raises(NotFound, match="no group of places"):
        places.members(group)


def test_regions_share_out_the_world() -> None:
    regions = {str(place.region) for place in COUNTRIES}
    parts = [code for region in regions for code in places.members(region)]
    assert sorted(parts) == list(places.members("World"))


def test_kinds() -> None:
    assert places.codes("special") == {"UNK", "XXA", "TIB", "OTH"}
    assert places.codes("group") == {"CHI"}
    assert places.codes("historical") == {
        "ANT",
        "CSK",
        "DDR",
        "SCG",
        "SUD",
        "SUN",
        "YUG",
    }
    assert places.codes() == {place.code for place in places.every(None)}
    with pytest.raises(NotFound, match="no kind"):
        places.every("planet")


def test_table_has_a_row_for_each_place() -> None:
    table = places.table()
    assert table["country"].to_list() == [place.code for place in places.every(None)]
    assert table["country"].is_unique().all()
    assert table.filter(country="ANT")["members"].item() == "BES CUW SXM"
    assert table.filter(country="AIA")["income_group"].item() is None
    assert table["m49"].drop_nulls().is_unique().all()


def test_looking_up_needs_no_heavy_module() -> None:
    program = (
        "import sys; from corridors import places; places.find('Peru'); "
        "sys.exit(bool({'polars', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
