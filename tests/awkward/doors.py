"""Every door through which a file of a user comes in, with a good table for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import polars as pl

from awkward.files import Good, as_csv
from corridors.cooperation import agreements, aid, sdg
from corridors.cooperation.monitor.inputs import read_observations
from corridors.cooperation.register import load as load_register
from corridors.evidence import read_file
from corridors.evidence.checks.whole_table import conform
from corridors.evidence.own import piece_of
from corridors.evidence.publishers import missing_migrants
from corridors.evidence.settings import TableSetting
from corridors.evidence.sources import source
from corridors.evidence.table_schemas import table_schema
from corridors.migration import estimate_flows, gravity_panel
from corridors.remittances.prices import remittance_cost


@dataclass(frozen=True)
class Door:
    """Where a file comes in: what reads it, and a table that it reads."""

    read: Callable[[Path], pl.DataFrame]
    table: Good


def _own(name: str) -> Callable[[Path], pl.DataFrame]:
    def read(path: Path) -> pl.DataFrame:
        piece = piece_of(name, path, TableSetting(), {})
        return conform(table_schema(name), piece.raw, piece.where)

    return read


def _rows(*rows: tuple[object, ...]) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


REMITTANCES = Good(
    ["country", "year", "received", "paid"],
    _rows(("PHL", 2021, 36685.9, 204.25), ("PHL", 2022, 38049.25, 188.5), ("KEN", 2021, 3770.4, 83.75),
          ("KEN", 2022, 4092.75, None), ("MEX", 2021, 54130.5, 1104.8), ("MEX", 2022, 61101.6, 1250.4)),
    known=["country"], years=["year"], numbers=["received", "paid"], blank=["received", "paid"],
    signed=[], key=["country", "year"], suffixes=(".csv", ".xlsx", ".csv.gz"),
)  # fmt: skip
DISPLACEMENT = Good(
    ["origin", "asylum", "year", "refugees", "asylum_seekers"],
    _rows(("SYR", "DEU", 2019, 572818, 61304), ("AFG", "DEU", 2019, 139550, 42017), ("SYR", "DEU", 2020, 605347, 7012),
          ("AFG", "DEU", 2020, 147994, 38911), ("SYR", "KEN", 2020, 1412, 310)),
    known=["origin", "asylum"], years=["year"], whole=["refugees", "asylum_seekers"],
    blank=["refugees", "asylum_seekers"], key=["origin", "asylum", "year"], suffixes=(".csv", ".xlsx", ".csv.gz"),
)  # fmt: skip
TREATY = Good(
    ["treaty", "country", "state_party_since"],
    _rows(("crc", "KEN", 1990), ("crc", "MEX", 1991), ("icrmw", "MEX", 1999), ("icrmw", "PHL", 1995)),
    known=["country"], years=["state_party_since"], key=["treaty", "country"],
)  # fmt: skip

_FREE = ("Ardénia", "Borland", "Cassia")
_STOCKS = {("Ardénia", "Borland"): (1200, 1525), ("Ardénia", "Cassia"): (310, 421), ("Borland", "Ardénia"): (812, 764),
           ("Borland", "Cassia"): (1150, 1213), ("Cassia", "Ardénia"): (91, 133), ("Cassia", "Borland"): (644, 702)}  # fmt: skip
STOCKS = Good(
    ["origin", "destination", "year", "value"],
    _rows(*((*pair, year, values[n]) for pair, values in _STOCKS.items() for n, year in enumerate((2010, 2015)))),
    free=["origin", "destination"], years=["year"], numbers=["value"], key=["origin", "destination", "year"],
    suffixes=(".csv", ".xlsx", ".csv.gz"),
)  # fmt: skip
_LIFE = {"Ardénia": (20125, 404, 203), "Borland": (30250, 611, 309), "Cassia": (12480, 251, 128)}
PEOPLE = Good(
    ["country", "year", "population", "births", "deaths"],
    _rows(*((name, year, size + 103 * (year - 2010), born, died) for (name, (size, born, died)), year
            in product(_LIFE.items(), range(2010, 2016)))),
    free=["country"], years=["year"], numbers=["population", "births", "deaths"], key=["country", "year"],
)  # fmt: skip


@cache
def _beside(name: str) -> pl.DataFrame:
    good, table = {"stocks": (STOCKS, "stocks"), "people": (PEOPLE, "people")}[name]
    frame = pl.DataFrame(good.rows, schema=good.columns, orient="row")
    return conform(table_schema(table, "own"), frame)


def _flows(stocks: Path | None = None, people: Path | None = None) -> pl.DataFrame:
    stock = _beside("stocks") if stocks is None else read_file(stocks, "stocks")
    population = _beside("people") if people is None else read_file(people, "people")
    years = sorted(set(stock["year"]))
    period = (years[0], years[-1])
    return estimate_flows(stock, population, period, methods=["minimum-closed"]).to_polars()


WORKERS = Good(
    ["cost", "earnings", "weight", "group"],
    _rows((4150.5, 512.25, 1.5, "men"), (1075.25, 433.5, 2, "women"), (2310.75, 390.5, 1.25, "men"), (0, 301, 1, "women")),
    numbers=["cost", "earnings", "weight"], blank=["cost", "earnings", "weight"],
)  # fmt: skip
ANSWERS = Good(
    ["place", "domain", "subcategory", "score"],
    _rows(*((place, domain, part, score) for place, score in (("KEN", 1), ("MEX", 0))
            for domain, part in product("123456", "abcde"))),
    free=["place"], numbers=[], key=["place", "domain", "subcategory"],
)  # fmt: skip
INCIDENTS = Good(
    ["incident", "year", "route", "dead", "missing"],
    _rows(("a1", 2019, "Central", 3, 12), ("a2", 2019, "Western", 1022, 1), ("a3", 2020, "Central", 5, 4),
          ("a4", 2020, "Western", 11, 7)),
    years=["year"], whole=["dead", "missing"], blank=["dead", "missing"], signed=["dead", "missing"], key=["incident"],
)  # fmt: skip
COUNTS = Good(
    ["place", "year", "refugees", "population"],
    _rows(("Ardénia", 2019, 25122, 750345), ("Ardénia", 2020, 26007, 751200), ("Borland", 2019, 1200, 912455),
          ("Borland", 2020, 1317, 915004), ("Cassia", 2019, 70311, 2004150), ("Cassia", 2020, 70902, 2010377)),
    free=["place"], years=["year"], numbers=["refugees", "population"], key=["place", "year"],
)  # fmt: skip
COSTS = Good(
    ["sending", "receiving", "year", "cost_pct"],
    _rows(("USA", "MEX", 2020, 4.25), ("USA", "PHL", 2020, 5.75), ("DEU", "KEN", 2020, 7.5), ("DEU", "PHL", 2020, 3.25)),
    free=["sending", "receiving"], years=["year"], numbers=["cost_pct"], signed=["cost_pct"],
    key=["sending", "receiving", "year"],
)  # fmt: skip
OBSERVATIONS = Good(
    ["indicator", "place", "year", "value"],
    _rows(("remittance_cost", "KEN", 2018, 9.25), ("remittance_cost", "KEN", 2020, 7.5),
          ("remittance_cost", "MEX", 2018, 5.25), ("remittance_cost", "MEX", 2020, 4.75)),
    known=["place"], years=["year"], numbers=["value"], blank=["value"], signed=["value"],
    key=["indicator", "place", "year"],
)  # fmt: skip
AGREEMENTS = Good(
    ["agreement", "party_a", "party_b", "year", "wage_protection"],
    _rows((1, "KEN", "DEU", 2011, 1), (2, "PHL", "DEU", 2013, 0), (3, "MEX", "PHL", 2015, 1)),
    known=["party_a", "party_b"], years=["year"], key=["agreement"],
)  # fmt: skip
REGISTER = Good(
    ["id", "kind", "title", "text", "actor", "document", "concern", "indicator", "place", "direction",
     "baseline_year", "baseline_value", "target_value", "target_date", "transitions"],
    _rows(*((f"a-{n}", "commitment", f"Cost {n}", "The cost of sending will fall", "Kenya", "Made-up plan", "remittances",
             "remittance_cost", place, "at-most", 2015, 9.25, 5.5, "2022-12-31", "stated:2015-01-01:Made-up plan")
            for n, place in enumerate(("KEN", "MEX", "PHL"), 1))),
    known=["place"], years=["baseline_year"], numbers=["baseline_value", "target_value"],
    blank=["baseline_value", "target_value"], signed=["baseline_value", "target_value"], texts=["text"], key=["id"],
    separators=",;\t",
)  # fmt: skip
PROJECTS = Good(
    ["Year", "DonorName", "RecipientName", "PurposeCode", "FlowName", "ProjectTitle", "ShortDescription",
     "LongDescription", "USD_Commitment", "USD_Disbursement", "USD_Commitment_Defl", "USD_Disbursement_Defl"],
    _rows((2021, "Germany", "Kenya", 15190, "ODA Grants", "Hub", "Migration", "x", 1.25, 2.5, 1.25, 2.5),
          (2021, "France", "Mali", 15190, "ODA Grants", "School", "y", "z", 1.5, 5.25, 1.5, 5.25),
          (2021, "Italy", "Mali", 15190, "ODA Grants", "Return", "help", "x", 1.75, 7.5, 1.75, 7.5),
          (2021, "Spain", "Mali", 15190, "ODA Grants", "Plain", "a", "b", 1100.5, 1111.25, 1100.5, 1111.25)),
    numbers=["USD_Disbursement_Defl"], years=["Year"], blank=["USD_Disbursement_Defl"], signed=["USD_Disbursement_Defl"],
    texts=["ShortDescription", "LongDescription"], suffixes=(".txt", ".csv"), separators="|,;\t",
)  # fmt: skip
LABELLED = Good(
    ["project_title", "short_description", "relevant"],
    _rows(("Fair recruitment of migrants", "x", 1), ("Roads", "y", 0), ("Lower cost of remittances", "z", 1)),
    texts=["short_description"],
)  # fmt: skip
GUIDED = Good(
    ["block", "item", "question", "column"],
    _rows(("pay", "bank", "Paid by bank?", "wage_protection"), ("pay", "limit", "Is there a limit?", "quota"),
          ("pay", "home", "Is there a home?", "housing_provided")),
    texts=["question"], key=["item"],
)  # fmt: skip
TIES = Good(
    ["origin", "destination", "distance_km", "contiguous", "common_language", "colonial_tie"],
    _rows(("KEN", "DEU", 6350.5, 0, 0, 0), ("KEN", "MEX", 14900.25, 0, 0, 0), ("DEU", "MEX", 9500.75, 0, 0, 1)),
    free=["origin", "destination"], numbers=["distance_km"], blank=["distance_km"], key=["origin", "destination"],
)  # fmt: skip
MOVES = Good(
    ["origin", "destination", "value"],
    _rows(("KEN", "DEU", 635.5), ("KEN", "MEX", 14.25), ("DEU", "MEX", 9500.75), ("MEX", "DEU", 1504.5)),
    free=["origin", "destination"], numbers=["value"], key=["origin", "destination"],
)  # fmt: skip
MISSING = Good(
    ["Main ID", "Incident ID", "Incident year", "Region of Incident", "Migration Route", "Number of Dead",
     "Minimum Estimated Number of Missing", "Total Number of Dead and Missing", "Coordinates"],
    _rows(*((n, n, 2021, "Mediterranean", "Central", dead, gone, dead + gone, "35.1, 12.2")
            for n, (dead, gone) in enumerate(((3, 2), (1, 1), (1022, 11), (5, 17)), 1))),
    years=["Incident year"], whole=["Number of Dead", "Minimum Estimated Number of Missing"],
    blank=["Number of Dead", "Minimum Estimated Number of Missing"],
    signed=["Number of Dead", "Minimum Estimated Number of Missing"], suffixes=(".csv",), separators=",",
)  # fmt: skip


def _register(path: Path) -> pl.DataFrame:
    found = load_register(path)
    columns = ["id", "place", "baseline_year", "baseline_value", "target_value", "target_date", "text"]
    rows = [tuple(getattr(entry, name) for name in columns) for entry in found.entries]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _gravity(flows: Path | None = None, ties: Path | None = None) -> pl.DataFrame:
    given = {name: pl.DataFrame(good.rows, schema=good.columns, orient="row") for name, good
             in (("flows", MOVES), ("ties", TIES))}  # fmt: skip
    return gravity_panel(flows or given["flows"], ties or given["ties"])


def _incidents(path: Path) -> pl.DataFrame:
    return missing_migrants.read(source("missing-migrants"), {"incidents": path})["route_death"]


DOORS: dict[str, Door] = {
    "own remittances": Door(_own("remittances"), REMITTANCES),
    "own displacement": Door(_own("displacement"), DISPLACEMENT),
    "own treaties": Door(_own("treaty"), TREATY),
    "estimate flows, stocks": Door(lambda path: _flows(stocks=path), STOCKS),
    "estimate flows, people": Door(lambda path: _flows(people=path), PEOPLE),
    "indicator 10.7.1": Door(lambda path: sdg.recruitment_cost(path).table, WORKERS),
    "indicator 10.7.2": Door(lambda path: sdg.policy_index(path).table, ANSWERS),
    "indicator 10.7.3": Door(
        lambda path: sdg.deaths_in_migration(path, by=["year", "route"]).table, INCIDENTS
    ),
    "indicator 10.7.4": Door(lambda path: sdg.refugees_by_origin(path).table, COUNTS),
    "indicator 10.c.1": Door(lambda path: remittance_cost(path).table, COSTS),
    "observations": Door(read_observations, OBSERVATIONS),
    "agreements": Door(agreements.read_agreements, AGREEMENTS),
    "guidance": Door(agreements.as_guidance, GUIDED),
    "register": Door(_register, REGISTER),
    "aid": Door(lambda path: aid.migration_aid(path, by="donor").table, PROJECTS),
    "labelled projects": Door(lambda path: aid.accuracy_of(path).to_polars(), LABELLED),
    "gravity, flows": Door(lambda path: _gravity(flows=path), MOVES),
    "gravity, ties": Door(lambda path: _gravity(ties=path), TIES),
    "publisher's incidents": Door(_incidents, MISSING),
}


def good_file(door: Door, folder: Path) -> Path:
    """The good table of a door as a file."""
    table = door.table
    path = folder / f"good{table.suffixes[0]}"
    path.write_text(as_csv(table.columns, table.rows, separator=table.separators[0]), "utf-8")
    return path
