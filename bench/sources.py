"""How long publishers' workbooks take to read, and in how much memory, at their real sizes.

The workbook of migrant stocks is written at the size of the United Nations' (230 x 230 corridors, 8 years, 3
blocks), that of remittance prices is generated at the size of the World Bank's (250,000 quotes).

    python bench/sources.py [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
import xlsxwriter

from corridors import places
from corridors.evidence.sources import source
from corridors.evidence.sources.offers import reader
from corridors.remittances.prices import generated_quotes, waves, write_generated

YEARS = (1990, 1995, 2000, 2005, 2010, 2015, 2020, 2024)
FILES = {
    "un-migrant-stock": "undesa_pd_2024_ims_stock_by_sex_destination_and_origin.xlsx",
    "world-bank-remittance-prices": "rpw_dataset_2011_2025_q3.xlsx",
}
MOST_SECONDS, MOST_MB = 15.0, 1536.0


def write_stocks(path: Path, countries: int = 230) -> None:
    """Every pair of countries with made-up stocks, in the layout of the published workbook."""
    register = places.table().filter(pl.col("m49").is_not_null()).head(countries)
    codes = register["m49"].to_list()
    header = ["Index", "Region, development group, country or area of destination", "Coverage", "Data type",
              "Location code of destination", "Region, development group, country or area of origin",
              "Location code of origin", *YEARS, *YEARS, *YEARS]  # fmt: skip
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet("Table 1")
        page.write(7, 0, "Table 1. Made up for a benchmark.")
        page.write_row(10, 0, header)
        row = 11
        for destination in codes:
            for origin in codes:
                female = [(destination * origin + year) % 90_000 for year in YEARS]
                male = [(destination * origin * 3 + year) % 90_000 for year in YEARS]
                both = [f + m for f, m in zip(female, male, strict=True)]
                page.write_row(
                    row, 0, [row, f"Country {destination}", "", "B", destination, f"Country {origin}", origin,
                             *both, *male, *female],
                )  # fmt: skip
                row += 1


def peak_memory() -> float:
    """Most MB that this process has held; getrusage would count the parent's at the time of the fork."""
    with Path("/proc/self/status").open(encoding="utf-8") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024


def read(name: str, path: Path) -> dict[str, float]:
    """What a child process does."""
    card = source(name)
    before = peak_memory()
    began = time.perf_counter()
    tables = reader(card).read(card, {path.name: path})
    return {
        "seconds": time.perf_counter() - began,
        "before": before,
        "peak": peak_memory(),
        "rows": sum(table.height for table in tables.values()),
    }


def child(name: str, path: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", name, str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--keep", type=Path, help="folder for the files")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(read(arguments.one[0], Path(arguments.one[1]))))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = arguments.keep or Path(made)
        paths = {name: folder / file for name, file in FILES.items()}
        if not paths["un-migrant-stock"].exists():
            write_stocks(paths["un-migrant-stock"])
        if not paths["world-bank-remittance-prices"].exists():
            quotes = generated_quotes(0, 296, waves("2011Q1", "2025Q3"))
            write_generated(paths["world-bank-remittance-prices"], quotes)
        print(f"Python {platform.python_version()}, polars {pl.__version__}, {os.cpu_count()} cores, "
              f"load before {os.getloadavg()[0]:.2f}\n")  # fmt: skip
        print("| source | MB | rows of the table | seconds | peak, MB | of them before reading | met |")
        print("|---|--:|--:|--:|--:|--:|---|")
        for name, path in paths.items():
            found = min((child(name, path) for _ in range(2)), key=lambda run: run["seconds"])
            met = "yes" if found["seconds"] < MOST_SECONDS and found["peak"] < MOST_MB else "NO"
            size, time_taken = path.stat().st_size / 1e6, found["seconds"]
            print(f"| {name} | {size:.1f} | {found['rows']:,.0f} | {time_taken:.2f} "
                  f"| {found['peak']:,.0f} | {found['before']:,.0f} | {met} |")  # fmt: skip


if __name__ == "__main__":
    main()
