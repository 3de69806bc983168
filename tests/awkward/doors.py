"""Every door through which a file of a user comes in, with a good table for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from awkward import tables as good
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
    published: bool = False
    """Whether only files as their publisher made them come in here: no other layout needs to be read."""


def _own(name: str) -> Callable[[Path], pl.DataFrame]:
    def read(path: Path) -> pl.DataFrame:
        piece = piece_of(table_schema(name), path, TableSetting(), {})
        return conform(table_schema(name), piece.raw, piece.where)

    return read


@cache
def _beside(name: str) -> pl.DataFrame:
    return conform(table_schema(name, "own"), {"stocks": good.STOCKS, "people": good.PEOPLE}[name].frame)


def _flows(stocks: Path | None = None, people: Path | None = None) -> pl.DataFrame:
    stock = _beside("stocks") if stocks is None else read_file(stocks, "stocks")
    population = _beside("people") if people is None else read_file(people, "people")
    years = sorted(set(stock["year"]))
    period = (years[0], years[-1])
    return estimate_flows(stock, population, period, methods=["minimum-closed"]).to_polars()


def _register(path: Path) -> pl.DataFrame:
    found = load_register(path)
    columns = ["id", "place", "baseline_year", "baseline_value", "target_value", "target_date", "text"]
    rows = [tuple(getattr(entry, name) for name in columns) for entry in found.entries]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _gravity(flows: Path | None = None, ties: Path | None = None) -> pl.DataFrame:
    return gravity_panel(flows or good.MOVES.frame, ties or good.TIES.frame)


def _incidents(path: Path) -> pl.DataFrame:
    return missing_migrants.read(source("missing-migrants"), {"incidents": path})["route_death"]


DOORS: dict[str, Door] = {
    "own remittances": Door(_own("remittances"), good.REMITTANCES),
    "own displacement": Door(_own("displacement"), good.DISPLACEMENT),
    "own treaties": Door(_own("treaty"), good.TREATY),
    "estimate flows, stocks": Door(lambda path: _flows(stocks=path), good.STOCKS),
    "estimate flows, people": Door(lambda path: _flows(people=path), good.PEOPLE),
    "indicator 10.7.1": Door(lambda path: sdg.recruitment_cost(path).table, good.WORKERS),
    "indicator 10.7.2": Door(lambda path: sdg.policy_index(path).table, good.ANSWERS),
    "indicator 10.7.3": Door(
        lambda path: sdg.deaths_in_migration(path, by=["year", "route"]).table, good.INCIDENTS
    ),
    "indicator 10.7.4": Door(lambda path: sdg.refugees_by_origin(path).table, good.COUNTS),
    "indicator 10.c.1": Door(lambda path: remittance_cost(path).table, good.COSTS),
    "observations": Door(read_observations, good.OBSERVATIONS),
    "agreements": Door(agreements.read_agreements, good.AGREEMENTS),
    "guidance": Door(agreements.as_guidance, good.GUIDED),
    "register": Door(_register, good.REGISTER),
    "aid": Door(lambda path: aid.migration_aid(path, by="donor").table, good.PROJECTS),
    "labelled projects": Door(lambda path: aid.accuracy_of(path).to_polars(), good.LABELLED),
    "gravity, flows": Door(lambda path: _gravity(flows=path), good.MOVES),
    "gravity, ties": Door(lambda path: _gravity(ties=path), good.TIES),
    "publisher's incidents": Door(_incidents, good.MISSING, published=True),
}


def good_file(door: Door, folder: Path) -> Path:
    """The good table of a door as a file."""
    table = door.table
    path = folder / f"good{table.suffixes[0]}"
    path.write_text(as_csv(table.columns, table.rows, separator=table.separators[0]), "utf-8")
    return path
