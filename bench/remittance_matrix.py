"""Time of a world matrix of remittances: by each rule, reconciled, and all of them with their range.

Run from the repository: ``python bench/remittance_matrix.py``. Uses the embedded figures only.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from corridors import packaged
from corridors.remittances.matrix import (
    RULES,
    Recipe,
    bilateral_remittances,
    estimated_by_rules,
    fit_exponent,
    fit_two_way_poisson,
    matrix_inputs,
    reconcile_years,
    solve,
)

YEAR = 2020


def figure(name: str) -> pl.DataFrame:
    return pl.read_csv(packaged.path("evidence/figures").joinpath(f"{name}.csv.gz").read_bytes())


def best(run: Callable[[], Any], runs: int = 7) -> float:
    found = []
    for _ in range(runs):
        began = time.perf_counter()
        run()
        found.append(time.perf_counter() - began)
    return min(found)


def main() -> None:
    tables = [figure(n) for n in ("migrant_stock", "economy", "remittances")]
    inputs = matrix_inputs(*tables, YEAR)
    n = len(inputs.places)
    free = {rule: Recipe(rule, 0.7785, "mean") for rule in RULES}
    soft = Recipe("income-gap", 0.7785, "mean", outflow_sd=np.where(inputs.outflow > 0, 0.5, np.inf))
    tight = Recipe("income-gap", 0.7785, "mean", outflow_sd=np.where(inputs.outflow > 0, 0.1, np.inf))
    rows: list[tuple[str, float]] = [(f"matrix, rule {rule}", best(lambda r=r: solve(inputs, r)))
                                     for rule, r in free.items()]  # fmt: skip
    rows.append(("the same from tables", best(lambda: bilateral_remittances(*tables, YEAR))))
    rows.append(("reconciled, medium reliability", best(lambda: solve(inputs, soft))))
    rows.append(("reconciled, high reliability", best(lambda: solve(inputs, tight))))
    rows.append(("four rules and their range", best(lambda: estimated_by_rules(inputs))))
    estimate = solve(inputs, free["income-gap"]).table
    inflow = np.nan_to_num(inputs.inflow)
    rows.append(
        (
            "exponent fitted to a matrix",
            best(
                lambda: fit_exponent(
                    inputs.stock, inputs.income, inflow, reference=estimate[:, :n], missing="mean"
                ),
                3,
            ),
        )
    )
    years = [matrix_inputs(*tables, year) for year in range(2001, 2021)]
    same = sorted(set.intersection(*(set(y.places) for y in years)))
    stacked = []
    for each in years:
        at = [each.places.index(p) for p in same]
        prior = solve(each, free["income-gap"]).table[np.ix_(at, at)]
        stacked.append((prior, prior.sum(1), np.where(each.outflow[at] > 0, each.outflow[at], np.nan)))
    parts = [list(column) for column in zip(*stacked, strict=True)]
    rows.append(("20 years reconciled at once", best(lambda: reconcile_years(*parts, outflow_sd=0.5), 1)))
    rng = np.random.default_rng(0)
    x = {name: rng.normal(size=(n, n)) for name in "abcde"}
    flows = np.where(rng.random((n, n)) < 0.7, rng.lognormal(0, 2, (n, n)), 0)
    rows.append(
        (
            "two-way Poisson, 5 covariates",
            best(lambda: fit_two_way_poisson(flows, x, estimated_by="observed"), 3),
        )
    )
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {os.cpu_count()} cores, "
          f"load {os.getloadavg()[0]:.2f}; {n} places\n")  # fmt: skip
    print("| what | ms |\n|---|--:|")
    for what, seconds in rows:
        print(f"| {what} | {seconds * 1e3:,.1f} |")


if __name__ == "__main__":
    main()
