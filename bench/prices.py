"""How long quotes of prices take: 250,000 of them, from the workbook and from Parquet.

The workbook is generated, in the layout and at the size of the real one (50 MB, 300 MB of XML).

    python bench/prices.py [--corridors 296] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from corridors import evidence
from corridors.remittances.prices import (
    average_cost,
    distance_to_targets,
    generated_quotes,
    read_quotes,
    smart_average,
    waves,
    write_generated,
)

TARGETS = {"workbook": 10.0, "parquet": 1.0}


def peak_memory() -> float:
    """Most MB that this process has held; getrusage would count the parent's at the time of the fork."""
    with Path("/proc/self/status").open(encoding="utf-8") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024


def read_and_average(path: Path) -> dict[str, float]:
    """What a child process does: read, then the average of all quarters."""
    began = time.perf_counter()
    quotes = read_quotes(path)
    read = time.perf_counter()
    world = average_cost(quotes).table
    done = time.perf_counter()
    return {
        "read": read - began,
        "average": done - read,
        "peak": peak_memory(),
        "rows": quotes.table.height / 2,
        "mean": float(world["mean_pct"][-1]),
    }


def child(path: Path, runs: int = 3) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", str(path)]
    found = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for _ in range(runs)
    ]
    return min(found, key=lambda run: run["read"] + run["average"])


def with_fastexcel(path: Path) -> dict[str, float]:
    """The same cells by fastexcel, whole sheets at once, without any interpretation."""
    program = (
        "import fastexcel, json, sys, time\n"
        "began = time.perf_counter()\n"
        "book = fastexcel.read_excel(sys.argv[1])\n"
        "for name in book.sheet_names[-2:]:\n"
        "    book.load_sheet(name, header_row=None, dtypes='string').to_polars()\n"
        "print(json.dumps({'read': time.perf_counter() - began, 'peak': peak_memory()}))\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from pathlib import Path\n" + inspect.getsource(peak_memory) + program,
            str(path),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def others(path: Path) -> dict[str, float]:
    quotes = read_quotes(path)
    flows = (
        evidence.load()
        .table("remittance_price")
        .select("sending", "receiving")
        .unique()
        .with_columns(value=pl.lit(1.0))
    )
    cases: dict[str, Callable[[], object]] = {
        "by firm type, 200 draws of firms": lambda: average_cost(quotes, by="firm_type", draws=200),
        "by corridor": lambda: average_cost(quotes, by="corridor"),
        "weighted by flows, 200 draws of firms": lambda: average_cost(quotes, weights=flows, draws=200),
        "three cheapest qualifying": lambda: smart_average(quotes),
        "distance of corridors to targets": lambda: distance_to_targets(quotes),
    }
    return {name: timed(run) for name, run in cases.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corridors", type=int, default=296, help="296 make 250,000 quotes")
    parser.add_argument("--keep", type=Path, help="folder for the generated files")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(read_and_average(arguments.one)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.keep or Path(name)
        book, parquet = folder / "generated.xlsx", folder / "generated.parquet"
        if not book.exists():
            write_generated(book, generated_quotes(0, arguments.corridors, waves("2011Q1", "2025Q3")))
        read_quotes(book).write_parquet(parquet)
        print(f"Python {platform.python_version()}, polars {pl.__version__}, {os.cpu_count()} cores, "
              f"load before {os.getloadavg()[0]:.2f}\n")  # fmt: skip
        print("| from | quotes | MB | read, s | average, s | target, s | met | peak, MB |")
        print("|---|--:|--:|--:|--:|--:|---|--:|")
        for kind, path in (("workbook", book), ("parquet", parquet)):
            found = child(path)
            met = "yes" if found["read"] + found["average"] < TARGETS[kind] else "NO"
            size, seconds = path.stat().st_size / 1e6, f"{found['read']:.2f} | {found['average']:.2f}"
            print(f"| {kind} | {found['rows']:,.0f} | {size:.1f} | {seconds} | {TARGETS[kind]:g} | {met} "
                  f"| {found['peak']:,.0f} |")  # fmt: skip
        plain = with_fastexcel(book)
        print(
            f"| cells by fastexcel, not interpreted | | | {plain['read']:.2f} | | | | {plain['peak']:,.0f} |"
        )
        print()
        for case, seconds in others(parquet).items():
            print(f"- {case}: {seconds:.2f} s")


if __name__ == "__main__":
    main()
