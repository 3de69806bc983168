"""Time and memory of flows from stocks and of connectivity indices, beside a straightforward port.

    python bench/flows.py [--quick] [--peer] [--no-projection] [--output FILE]

Worlds of 20 to 230 made-up countries, and the real one of 2010-2015 from the embedded figures. Each case
runs in a process of its own; the time is the best of several. Beside each, in the same run, stands what a
direct translation of the published algorithms into NumPy takes: proportional fitting of the whole cube that
stops when no cell changes by 1e-3 persons, alternate scaling for the birthplace totals, Gini indices by
comparing all pairs. With --peer the real case is also given to the R package migest, where it is installed.
Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from corridors import packaged
from corridors.evidence import load, territories
from corridors.migration import (
    METHODS,
    SEXES,
    demographic_account,
    estimate_flows,
    independence,
    minimum,
    of_sex,
    period_tables,
    pseudo_bayes,
    with_natives,
)
from corridors.migration.indices import migration_indices
from corridors.migration.projection import fit_net_rates, rate_panel
from corridors.numerics.typing import Array

SIZES = ("20", "50", "100", "200", "230", "world")
QUICK_SIZES = ("20", "50", "world")
STARTS = (1990, 1995, 2000, 2005, 2010, 2015)
WEIGHT = 0.87
STOP = 1e-3  # persons: where the port stops


@dataclass(frozen=True)
class World:
    """What one period needs, and a table of flows for the indices."""

    start: Array
    end: Array
    births: Array
    deaths: Array
    seed: Array
    places: list[str]
    repair: bool

    def net(self) -> Array:
        """Net migration by the accounting identity once the world is balanced."""
        start, end = balanced(self)
        return end.sum(0) - start.sum(0) - self.births + self.deaths


# Worlds -------------------------------------------------------------------------------------


def made_up(n: int) -> World:
    """Countries of very different size, natives nearly everywhere the most, errors in the stocks."""
    rng = np.random.default_rng(np.random.SeedSequence([20260101, n]))
    people = np.exp(rng.normal(15.5, 1.8, n))
    at = rng.random((n, 2))
    distance = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) + 0.02
    pull = people[None] * np.exp(rng.normal(0, 1.2, (n, n))) / distance**1.5
    np.fill_diagonal(pull, 0.0)
    abroad = pull / pull.sum(1)[:, None] * (people * rng.uniform(0.01, 0.15, n))[:, None]
    start = abroad + np.diag(people - abroad.sum(1))
    deaths = start.sum(0) * rng.uniform(0.03, 0.06, n)
    births = start.sum(0) * rng.uniform(0.05, 0.16, n)
    leave = rng.uniform(0.002, 0.02, n)
    move = pull / pull.sum(1)[:, None] * leave[:, None] + np.diag(1 - leave)
    end = (start - start * (deaths / start.sum(0))) @ move
    for stock in (start, end):
        foreign = ~np.eye(n, dtype=bool)
        stock[foreign] *= np.exp(rng.normal(0, 0.05, foreign.sum()))
        stock[stock < 20] = 0.0
    end += np.diag(births)
    tables = (np.rint(x) for x in (start, end, births, deaths))
    return World(*tables, _seed(distance), [f"P{i:03}" for i in range(n)], False)


def _seed(distance: Array) -> Array:
    seed = 1.0 / np.where(distance > 0, distance, 1.0)
    np.fill_diagonal(seed, 0.0)
    np.fill_diagonal(seed, seed.max())
    return seed


def units_of(start: int) -> dict[str, str]:
    rows = territories().filter(
        pl.col("first_period") <= start, pl.col("last_period").fill_null(9999) >= start
    )
    return {member: unit for unit, member in rows.select("unit", "member").iter_rows() if unit != member}


def tables_by_sex() -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Stock and population of each sex."""
    known = load()
    outside = ["OTH", "VAT"]
    inside = ~pl.col("origin").is_in(outside) & ~pl.col("destination").is_in(outside)
    stock = known.table("migrant_stock").filter(inside)
    people, ages, events = (known.table(n) for n in ("population", "age_structure", "events_by_sex"))
    count = {"total": pl.col("female") + pl.col("male"), "female": pl.col("female"), "male": pl.col("male")}
    stocks = {
        sex: stock.select("origin", "destination", "year", value=count[sex].cast(pl.Float64)) for sex in SEXES
    }
    return stocks, {sex: of_sex(people, ages, events, sex) for sex in SEXES}


def real() -> World:
    """The world of 2010-2015; stocks larger than the population are scaled down first."""
    stocks, people = tables_by_sex()
    tables = period_tables(stocks["total"], people["total"], (2010, 2015), units=units_of(2010))
    ends = [
        with_natives(foreign, population, least_native=least, repair=True)[0]
        for foreign, population, least in (
            (tables.foreign_start, tables.population_start, tables.least_native_start),
            (tables.foreign_end, tables.population_end, tables.least_native_end),
        )
    ]
    places = list(tables.places)
    index = {place: i for i, place in enumerate(places)}
    far = load().table("proximity").select("origin", "destination", "distance_km").drop_nulls()
    distance = np.full((len(places), len(places)), float(far["distance_km"].median()))  # type: ignore[arg-type]
    for o, d, km in far.iter_rows():
        if o in index and d in index:
            distance[index[o], index[d]] = distance[index[d], index[o]] = max(km, 50.0)
    return World(*ends, tables.births, tables.deaths, _seed(distance), places, True)


def world_of(size: str) -> World:
    return real() if size == "world" else made_up(int(size))


# This package -------------------------------------------------------------------------------


def closed(w: World) -> tuple[Array, Array]:
    account = demographic_account(w.start, w.end, w.births, w.deaths, repair=w.repair, labels=w.places)
    return account.start, account.end


def our_minimum(w: World) -> Array:
    return minimum(*closed(w)).total


def our_pseudo_bayes(w: World) -> Array:
    return pseudo_bayes(*closed(w), weight=WEIGHT).total


def our_seeded(w: World) -> Array:
    return independence(*closed(w), seed=w.seed).total


def our_indices(flows: Array) -> list[float]:
    found = migration_indices(flows)
    return [float(found[name]) for name in ("gini_total", "inequality_similarity", "mean_weighted_gini")]


# The port: published formulas, nothing clever -----------------------------------------------


def balanced(w: World) -> tuple[Array, Array]:
    """Change the natives so that the world grows by births less deaths."""
    excess = (w.births.sum() - w.deaths.sum()) - (w.end.sum() - w.start.sum())
    tables = []
    for stock, sign in ((w.start, -1), (w.end, 1)):
        table = stock.copy()
        natives = np.diag(stock)
        np.fill_diagonal(table, natives * (1 + sign * excess / 2 / natives.sum()))
        tables.append(table)
    return tables[0], tables[1]


def scaled(table: Array, rows: Array, columns: Array) -> Array:
    """Rows and columns in turn until no cell changes by STOP persons."""
    for _ in range(20_000):
        before = table
        table = table * _ratio(rows, table.sum(1))[:, None]
        table = table * _ratio(columns, table.sum(0))[None]
        if np.abs(table - before).max() < STOP:
            break
    return table


def fitted_cube(seed: Array, start: Array, end: Array) -> Array:
    """Three-way proportional fitting: birthplace by origin, birthplace by destination."""
    cube = np.broadcast_to(seed, (len(start), *seed.shape)).copy()
    for _ in range(5_000):
        before = cube
        cube = cube * _ratio(start, cube.sum(2))[:, :, None]
        cube = cube * _ratio(end, cube.sum(1))[:, None, :]
        if np.abs(cube - before).max() < STOP:
            break
    return cube


def _ratio(wanted: Array, have: Array) -> Array:
    return np.divide(wanted, have, out=np.zeros_like(wanted), where=have > 0)


def port_closed(w: World) -> tuple[Array, Array]:
    start, end = balanced(w)
    start = start - start * _ratio(w.deaths, start.sum(0))
    end = end - np.diag(w.births)
    middle = (start.sum(1) + end.sum(1)) / 2
    return scaled(start, middle, start.sum(0)), scaled(end, middle, end.sum(0))


def _moves(cube: Array) -> Array:
    table = cube.sum(0)
    np.fill_diagonal(table, 0.0)
    return table


def _port_minimum(start: Array, end: Array) -> Array:
    stay = np.minimum(start, end)
    seed = 1.0 - np.eye(len(start))
    return _moves(fitted_cube(seed, start - stay, end - stay))


def port_minimum(w: World) -> Array:
    return _port_minimum(*port_closed(w))


def port_pseudo_bayes(w: World) -> Array:
    start, end = port_closed(w)
    free = _moves(fitted_cube(np.ones_like(start), start, end))
    return WEIGHT * _port_minimum(start, end) + (1 - WEIGHT) * free


def port_seeded(w: World) -> Array:
    return _moves(fitted_cube(w.seed, *port_closed(w)))


def _pairs(x: Array) -> float:
    return float(sum(np.abs(value - x).sum() for value in x))


def port_indices(flows: Array) -> list[float]:
    n, moved = len(flows), flows.sum()
    off = ~np.eye(n, dtype=bool)
    cells = flows[off]
    total = _pairs(cells) / (2 * (cells.size - 1) * moved)
    expected = scaled(off.astype(float), flows.sum(1), flows.sum(0))
    similarity = np.abs(flows - expected).sum() / moved / 2
    fields = []
    for table in (flows, flows.T):
        rows = table[off].reshape(n, n - 1)
        each = [_pairs(row) / (2 * (n - 2) * row.sum()) if row.sum() > 0 else 0.0 for row in rows]
        fields.append(float(np.dot(each, rows.sum(1)) / moved))
    return [float(total), float(similarity), sum(fields) / 2]


# Measuring ----------------------------------------------------------------------------------

FLOW_CASES: dict[str, tuple[Callable[[World], Array], Callable[[World], Array]]] = {
    "closed minimum": (our_minimum, port_minimum),
    "pseudo-Bayes": (our_pseudo_bayes, port_pseudo_bayes),
    "seeded independence": (our_seeded, port_seeded),
}


def measured(run: Callable[[], Any], budget: float, most: int = 25) -> dict[str, float]:
    """Best time within a budget of seconds, peak of the process, then peak of arrays in one more run."""
    best, spent, runs = math.inf, 0.0, 0
    while runs < most and (runs == 0 or spent < budget):
        began = time.perf_counter()
        run()
        passed = time.perf_counter() - began
        best, spent, runs = min(best, passed), spent + passed, runs + 1
    process = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    tracemalloc.start()
    run()
    arrays = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return {"seconds": best, "process": process, "arrays": arrays}


def one_case(case: str, size: str, who: str, budget: float) -> dict[str, float]:
    """What a child process does."""
    if case == "all periods":
        return all_periods(METHODS if who == "seven methods" else ("pseudo-bayes",), budget)
    w = world_of(size)
    if case == "connectivity":
        flows = our_pseudo_bayes(w)
        compute = our_indices if who == "corridors" else port_indices
        return {**measured(lambda: compute(flows), budget), "answer": compute(flows)[0]}
    compute_flows = FLOW_CASES[case][who != "corridors"]
    flows = compute_flows(w)
    error = float(np.abs(flows.sum(0) - flows.sum(1) - w.net()).max())
    return {**measured(lambda: compute_flows(w), budget), "error": error, "answer": float(flows.sum())}


def all_periods(methods: tuple[str, ...], budget: float) -> dict[str, float]:
    stocks, people = tables_by_sex()

    def run() -> None:
        for start in STARTS:
            for sex in SEXES:
                estimate_flows(
                    stocks[sex],
                    people[sex],
                    (start, start + 5),
                    sex=sex,
                    units=units_of(start),
                    methods=methods,
                    repair=True,
                )

    return measured(run, budget, 3)


def child(case: str, size: str, who: str, budget: float) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", case, size, who, str(budget)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


# The R package ------------------------------------------------------------------------------

R_SCRIPT = """
folder <- commandArgs(trailingOnly = TRUE)[1]
read <- function(name) as.matrix(read.csv(file.path(folder, name), row.names = 1, check.names = FALSE))
start <- read("start.csv"); end <- read("end.csv"); events <- read("events.csv")
run <- function(stay) {
  suppressWarnings(suppressMessages(migest::ffs_demo(
    start, end, births = events[, "births"], deaths = events[, "deaths"], stayer_assumption = stay)))
}
closed <- system.time(run(TRUE))[["elapsed"]]
free <- system.time(run(FALSE))[["elapsed"]]
cat(sprintf("MEASURED %s %s %.3f %.3f\\n",
            getRversion(), packageVersion("migest"), closed, closed + free))
"""


def peer(closed_seconds: float, bayes_seconds: float) -> str:
    """The real case in the R package migest, or why not."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return "Peer: Rscript is not on this machine, so migest was not run."
    asked = [rscript, "-e", 'if (!requireNamespace("migest", quietly = TRUE)) quit(status = 1)']
    if subprocess.run(asked, check=False, capture_output=True).returncode:
        return "Peer: Rscript is here, but the R package migest is not, so it was not run."
    w = real()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, table, columns in (
            ("start.csv", w.start, w.places),
            ("end.csv", w.end, w.places),
            ("events.csv", np.column_stack([w.births, w.deaths]), ["births", "deaths"]),
        ):
            frame = pl.DataFrame({"place": w.places, **dict(zip(columns, table.T, strict=True))})
            frame.write_csv(folder / file)
        (folder / "peer.R").write_text(R_SCRIPT, encoding="utf-8")
        done = subprocess.run(
            [rscript, str(folder / "peer.R"), name], check=False, capture_output=True, text=True
        )
    lines = [line for line in done.stdout.splitlines() if line.startswith("MEASURED")]
    if done.returncode or not lines:
        return f"Peer: migest stopped with an error:\n{done.stderr.strip()[-500:]}"
    _, r, package, closed_peer, bayes_peer = lines[-1].split()
    return (
        f"Peer, in this run, once: migest {package} on R {r}, 2010-2015: closed {float(closed_peer):.1f} s "
        f"({float(closed_peer) / closed_seconds:,.0f} times corridors), closed and independence "
        f"{float(bayes_peer):.1f} s ({float(bayes_peer) / bayes_seconds:,.0f} times)."
    )


# Reporting ----------------------------------------------------------------------------------


def ms(seconds: float) -> str:
    return f"{seconds * 1e3:,.2f}" if seconds < 0.01 else f"{seconds * 1e3:,.0f}"


def megabytes(found: dict[str, float]) -> str:
    return f"{found['arrays']:,.1f} / {found['process']:,.0f}"


def row(case: str, size: str, ours: dict[str, float], port: dict[str, float] | None) -> str:
    def wrong(found: dict[str, float]) -> str:
        return f"{found['error']:.1g}" if "error" in found else ""

    left = f"| {case} | {size} | {ms(ours['seconds'])} | {megabytes(ours)} | {wrong(ours)} |"
    if port is None:
        return f"{left} | | | |"
    ratio = port["seconds"] / ours["seconds"]
    return f"{left} {ms(port['seconds'])} | {megabytes(port)} | {wrong(port)} | {ratio:,.1f} |"


def compared(sizes: tuple[str, ...], budget: float, say: Callable[[str], None]) -> dict[tuple[str, str], Any]:
    say("| case | n | corridors, ms | arrays / process, MB | net error, persons "
        "| port, ms | arrays / process, MB | net error, persons | port / corridors |")  # fmt: skip
    say("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    found: dict[tuple[str, str], Any] = {}
    for case in (*FLOW_CASES, "connectivity"):
        for size in sizes:
            ours = child(case, size, "corridors", budget)
            slow = sizes == QUICK_SIZES and (case, size) == ("seeded independence", "world")
            port = None if slow else child(case, size, "port", budget)
            found[case, size] = ours
            say(row(case, size, ours, port))
    return found


def posterior() -> tuple[float, str]:
    """Seconds for 10,000 draws of the model of net-migration rates of all countries."""
    figure = packaged.path("evidence/figures").joinpath("population.csv.gz")
    panel = rate_panel(pl.read_csv(figure.read_bytes()))
    began = time.perf_counter()
    fit = fit_net_rates(panel.rates, draws=10_000, labels=panel.labels)
    passed = time.perf_counter() - began
    return passed, f"{len(panel.labels)} countries, {'' if fit.converged else 'not '}converged"


def targets(
    found: dict[tuple[str, str], Any], quick: bool, project: bool, say: Callable[[str], None]
) -> None:
    periods = child("all periods", "world", "pseudo-bayes", 1.0)
    seven = child("all periods", "world", "seven methods", 1.0)
    rows = [
        ("world, one period, pseudo-Bayes", 0.05, found["pseudo-Bayes", "world"]["seconds"], ""),
        ("six periods × three sexes, pseudo-Bayes, from tables", 2.0, periods["seconds"], megabytes(periods)),
        ("the same, all seven methods", None, seven["seconds"], megabytes(seven)),
    ]
    if not quick:
        rows.append(("connectivity indices, n = 200", 0.05, found["connectivity", "200"]["seconds"], ""))
    if project:
        seconds, note = posterior()
        rows.append(("10,000 posterior draws of the net-rate model", 60.0, seconds, note))
    say("")
    say("| what | target, s | measured, s | met | note |")
    say("|---|--:|--:|---|---|")
    for what, target, seconds, note in rows:
        met = "" if target is None else ("yes" if seconds < target else "NO")
        say(f"| {what} | {'' if target is None else target} | {seconds:.3f} | {met} | {note} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, one run or two each")
    parser.add_argument("--peer", action="store_true", help="also run the R package migest, if installed")
    parser.add_argument("--no-projection", action="store_true", help="leave out the net-rate model")
    parser.add_argument("--output", type=Path, help="also write the Markdown to a file")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        case, size, who, budget = arguments.one
        print(json.dumps(one_case(case, size, who, float(budget))))
        return
    lines: list[str] = []

    def say(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    load_now = os.getloadavg()[0]
    busy = "" if load_now < 0.7 else " (BUSY: times may be too long)"
    say(f"Python {platform.python_version()}, NumPy {np.__version__}, {os.cpu_count()} cores, "
        f"load before {load_now:.2f}{busy}.\n")  # fmt: skip
    found = compared(QUICK_SIZES if arguments.quick else SIZES, 0.2 if arguments.quick else 2.0, say)
    targets(found, arguments.quick, not (arguments.quick or arguments.no_projection), say)
    if arguments.peer:
        say("")
        say(peer(*(found[case, "world"]["seconds"] for case in ("closed minimum", "pseudo-Bayes"))))
    say(f"\nLoad after {os.getloadavg()[0]:.2f}, of which this run makes about one.")
    if arguments.output:
        arguments.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
