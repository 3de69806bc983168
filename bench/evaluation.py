"""How near every method of flows comes to reported ones: the table of docs/explanation/how_right_flows.md.

    python bench/evaluation.py ATLAS [REPORTED ...]

REPORTED are files as ``corridors evaluate flows`` takes them; default those of ``../shared/data/reported``
beside the checkout that hold flows of calendar years. Without any file nothing is measured, and that is said.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

import corridors as co
from corridors.intake.files import read_file
from corridors.migration import evaluate_flows, reported_flows

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "reported"
FILES = ("un_flows_2015rev_annual_1980_2013.csv.gz", "eurostat_imm5prv_intra_europe_1998_2023.csv.gz")


def main(atlas: str, *files: str) -> None:
    """Print one table a file."""
    asked = [Path(file) for file in files] or [BESIDE / name for name in FILES if (BESIDE / name).exists()]
    if not asked:
        print("no file of reported flows beside the checkout: nothing to hold the estimates against")
    world = co.open(atlas)
    estimates = world.table("migrant_flow", where="kind = 'total'").filter(sex="total")
    periods = sorted(set(estimates.select("period_start", "period_end").iter_rows()))
    for file in asked:
        counts = reported_flows(read_file(file, ["origin", "destination", "year", "value"]), periods)
        found = evaluate_flows(estimates, counts, world.table("population"))
        print(f"\n{file.name}: {found.summary()}")
        with pl.Config(
            tbl_cols=-1, tbl_rows=-1, tbl_width_chars=200, float_precision=3, tbl_formatting="MARKDOWN"
        ):
            print(found.table)


if __name__ == "__main__":
    main(*sys.argv[1:])
