"""Time of fitting and forecasting net-migration rates of all countries, in one process.

    python bench/projection.py [--draws N] [--trajectories N] [--horizon N] [--back-test]

Uses the embedded population figure. Prints seconds of the clock and of the processor, and whether
the chains converged; with --back-test also how well the last ten years would have been forecast.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import TypeVar

import polars as pl

from corridors import packaged
from corridors.migration.projection import back_test, fit_net_rates, forecast, rate_panel

Made = TypeVar("Made")


def timed(what: str, run: Callable[[], Made]) -> Made:
    clock, processor = time.perf_counter(), time.process_time()
    made = run()
    passed, used = time.perf_counter() - clock, time.process_time() - processor
    print(f"{what}: {passed:.1f} s, {used:.1f} s of processor")
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--trajectories", type=int, default=1_000)
    parser.add_argument("--horizon", type=int, default=77)
    parser.add_argument("--back-test", action="store_true")
    arguments = parser.parse_args()
    figure = packaged.path("evidence/figures").joinpath("population.csv.gz")
    panel = rate_panel(pl.read_csv(figure.read_bytes()))
    fit = timed(
        f"fit, {arguments.draws:,} draws kept, {len(panel.labels)} countries, {len(panel.years)} years",
        lambda: fit_net_rates(panel.rates, draws=arguments.draws, labels=panel.labels),
    )
    print(fit.summary())
    ahead = timed(
        f"forecast, {arguments.trajectories:,} trajectories, {arguments.horizon} years, balanced",
        lambda: forecast(
            fit,
            panel.rates,
            panel.population[:, -1],
            arguments.horizon,
            last_year=panel.years[-1],
            trajectories=arguments.trajectories,
            zero_sum=True,
        ),
    )
    print(ahead.summary())
    if arguments.back_test:
        test = timed("back-test, ten years", lambda: back_test(panel.rates, 10, labels=panel.labels))
        print(test.summary())


if __name__ == "__main__":
    main()
