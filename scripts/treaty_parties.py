"""Make the figure `treaty`: which states are party to which human rights treaty, and since which year.

python scripts/treaty_parties.py FOLDER

The folder holds ``hr_status_<treaty>.csv``, one file a treaty, as the World Politics Data Lab re-tabulated
them from the United Nations Treaty Collection (https://treaties.un.org, chapter IV) in May and June 2022:
https://github.com/world-politics-datalab/humanrights-treaties-ratification-status, commit fdb779e of
25 August 2022. They list the members of the United Nations only, and a few rows are wrong. What is added and
put right stands below with where it was read, or a star where the date is as publicly known; with it the
numbers of parties are those that were published for the end of 2015, and for 2020 and 2022.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from figure_file import FIGURES, write

from corridors import places

TREATIES = ("cat", "cedaw", "cped", "crc", "crpd", "iccpr", "icerd", "icescr", "icrmw", "op_crc_sc")
FILES = {"icrmw": "icmw"}
# The source still has the code of East Timor.
CODES = {"TP": "TLS"}

# Parties that are no members of the United Nations: treaties and the year of ratification or accession.
OTHERS = {
    # 2 April 2014 (reporting status of the State of Palestine, High Commissioner for Human Rights).
    ("PSE", 2014): ("cat", "cedaw", "crc", "crpd", "iccpr", "icerd", "icescr"),
    # * 29 December 2017, as the protocol to the convention against torture on that page.
    ("PSE", 2017): ("op_crc_sc",),
    # Holy See: * 1 May 1969; * 20 April 1990; 24 October 2001 (initial report, paragraph 1); * 26 June 2002.
    ("VAT", 1969): ("icerd",),
    ("VAT", 1990): ("crc",),
    ("VAT", 2001): ("op_crc_sc",),
    ("VAT", 2002): ("cat",),
    # Cook Islands: 1997 (Cook Islands Herald, 11 January 2012); * 11 August 2006; * 8 May 2009.
    ("COK", 1997): ("crc",),
    ("COK", 2006): ("cedaw",),
    ("COK", 2009): ("crpd",),
    # Niue: 20 December 1995 (its initial report, CRC/C/NIU/1, was due two years later, in 1998).
    ("NIU", 1995): ("crc",),
}
# Moldova: left out, * 21 September 2010 (it had pledged it in March); and 1993, where the source has the year
# and the status of a party and forgets its mark.
LEFT_OUT = {("MDA", 2010): ("crpd",), ("MDA", 1993): ("icescr",)}
# The source takes the ratification of the United Kingdom for theirs, and says so; at independence they did
# not succeed to it.
NOT_PARTIES = {("icerd", "BRN"), ("iccpr", "SLB"), ("iccpr", "TUV"), ("icescr", "TUV")}


def parties(folder: Path) -> pl.DataFrame:
    """Parties by treaty, with the year."""
    rows = [*_of_the_source(folder), *_added()]
    kept = [row for row in rows if row[:2] not in NOT_PARTIES]
    table = pl.DataFrame(kept, schema=["treaty", "country", "state_party_since"], orient="row")
    twice = table.filter(pl.struct("treaty", "country").is_duplicated())
    if twice.height:
        raise ValueError(f"a party stands there twice: {twice.rows()}")
    return table.sort("treaty", "country")


def _of_the_source(folder: Path) -> Iterator[tuple[str, str, int]]:
    iso = {place.iso2: place.code for place in places.every() if place.iso2} | CODES
    for treaty in TREATIES:
        table = pl.read_csv(folder / f"hr_status_{FILES.get(treaty, treaty)}.csv", infer_schema=False)
        for row in table.filter(pl.col("state party") == "1").iter_rows(named=True):
            yield treaty, iso[row["iso2"]], int(row["year ratification or accession"])


def _added() -> Iterator[tuple[str, str, int]]:
    for (country, year), treaties in (OTHERS | LEFT_OUT).items():
        for treaty in treaties:
            yield treaty, country, year


if __name__ == "__main__":
    found = parties(Path(sys.argv[1]))
    write(FIGURES / "treaty.csv", found.write_csv())
    print(found.group_by("treaty", maintain_order=True).len())
