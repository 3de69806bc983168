"""Parties to treaties are as many as were published, and who was left out is there."""

from __future__ import annotations

import polars as pl
import pytest

from corridors.evidence import load

PARTIES = load().table("treaty")

# As printed near the end of the year. The European Union, which is party to the convention on the rights of
# persons with disabilities, is in the printed numbers (160, 182, 185) and is no state: one less here.
END_OF_2015 = {
    "icerd": 177, "iccpr": 168, "icescr": 164, "cat": 158, "cedaw": 189, "crc": 196, "op_crc_sc": 171,
    "icrmw": 48, "crpd": 159, "cped": 51,
}  # fmt: skip
OCTOBER_2020 = {"icescr": 171, "cat": 171, "crpd": 181, "cped": 63, "icerd": 182}
AUGUST_2022 = {
    "icerd": 182, "iccpr": 173, "icescr": 171, "cat": 173, "cedaw": 189, "crc": 196, "op_crc_sc": 178,
    "icrmw": 57, "crpd": 184, "cped": 68,
}  # fmt: skip


@pytest.mark.parametrize(
    ("year", "published"),
    [(2011, {"icrmw": 45}), (2015, END_OF_2015), (2020, OCTOBER_2020), (2022, AUGUST_2022)],
)
def test_numbers_of_parties_are_those_published(year: int, published: dict[str, int]) -> None:
    joined = PARTIES.filter(pl.col("state_party_since") <= year)
    found = dict(joined["treaty"].value_counts().iter_rows())
    # Between October and December 2020 nobody joined the five that are compared for that year.
    assert {treaty: found[treaty] for treaty in published} == published


MAIN = ("cat", "cedaw", "crc", "iccpr", "icerd", "icescr")


@pytest.mark.parametrize(
    ("country", "since"),
    [
        ("TLS", dict.fromkeys((*MAIN, "op_crc_sc"), 2003) | {"icrmw": 2004}),
        ("PSE", dict.fromkeys((*MAIN, "crpd"), 2014) | {"op_crc_sc": 2017}),
        ("VAT", {"icerd": 1969, "crc": 1990, "op_crc_sc": 2001, "cat": 2002}),
        ("COK", {"crc": 1997, "cedaw": 2006, "crpd": 2009}),
        ("NIU", {"crc": 1995}),
        ("TUV", {"crc": 1995, "cedaw": 1999, "crpd": 2013}),
    ],
)
def test_parties_that_lists_of_members_forget(country: str, since: dict[str, int]) -> None:
    rows = PARTIES.filter(country=country)
    assert dict(rows.select("treaty", "state_party_since").iter_rows()) == since


@pytest.mark.parametrize(("treaty", "country"), [("icerd", "BRN"), ("iccpr", "SLB"), ("iccpr", "USA")])
def test_ratification_of_a_colonial_power_or_a_party_itself(treaty: str, country: str) -> None:
    assert PARTIES.filter(treaty=treaty, country=country).height == (country == "USA")
