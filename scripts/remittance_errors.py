"""How far a modelled corridor is from a published one: the parameters behind the ranges of remittances.

    python scripts/remittance_errors.py [FOLDER] [--splits N]

FOLDER (default ``../shared/data``) holds ``wb_bilateral_remittances_2010.csv.gz``: sending, receiving and
USD million of the bilateral remittance matrix of 2010, which the World Bank has on its pages on migration and
remittances data. Prints the rows of ``parameters.csv`` named ``remittance_…_error_…``, what share of the
published cells the ranges hold when they are fitted to one half of the corridors (or of the recipients) and
tried on the other, and the shares by size.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import linprog

from corridors import evidence, places
from corridors.numerics.intervals import z_of_level
from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.remittances.matrix import REST, RULES, estimated_by_rules, matrix_inputs

Mask = NDArray[np.bool_]
LEVEL = value("interval_level")
OUTSIDE = (1 - LEVEL) / 2
FLOOR = 10.0
SIZES = ((0, 1), (1, 10), (10, 100), (100, 1000), (1000, np.inf))


def estimates() -> tuple[pl.DataFrame, dict[str, float]]:
    """Corridors of 2010 by every rule, and what each place received, USD million."""
    known = evidence.load()
    named = ~pl.col("origin").is_in(places.codes("special"))
    both = pl.col("female") + pl.col("male")
    stock = known.table("migrant_stock").filter(named)
    stock = stock.select("origin", "destination", "year", value=both)
    inputs = matrix_inputs(stock, known.table("economy"), known.table("remittances"), 2010)
    tables = [
        matrix.to_polars().select("sending", "receiving", "value", rule=pl.lit(rule))
        for rule, matrix in estimated_by_rules(inputs).items()
    ]
    made = pl.concat(tables).pivot("rule", index=["sending", "receiving"], values="value")
    return made.filter(pl.col("sending") != REST), dict(zip(inputs.places, inputs.inflow, strict=True))


def log_odds(share: Array) -> Array:
    kept = np.clip(share, 1e-12, 0.99)
    return np.log(kept / (1 - kept))


class Errors:
    """By how much each published cell lies outside of the rules, downwards and upwards, in log odds."""

    def __init__(self, made: pl.DataFrame, inflow_sd: float) -> None:
        slack = np.exp(z_of_level(LEVEL) * inflow_sd)
        received = made["received"].to_numpy()
        rules = made.select(*RULES, "reconciled").to_numpy() / received[:, None]
        below, above = log_odds(rules.min(1)), log_odds(rules.max(1))
        share = made["published"].to_numpy() / received
        self.low = below - np.log(np.clip(share * slack, 1e-12, 0.999) / np.clip(1 - share * slack, 1e-3, 1))
        self.high = np.log(np.clip(share / slack, 1e-12, 0.999) / np.clip(1 - share / slack, 1e-3, 1)) - above
        size = received / (1 + np.exp(-(below + above) / 2))
        ends = np.log10([value("remittance_small_corridor"), value("remittance_large_corridor")])
        at = np.clip((np.log10(size) - ends[0]) / (ends[1] - ends[0]), 0, 1)
        self.line = np.column_stack([1 - at, at])

    def fitted(self, use: Mask) -> tuple[Array, Array]:
        """Errors of small and of large corridors that leave out a tenth on either side."""
        sides = (self.low, self.high)
        return tuple(quantile_line(self.line[use], side[use], 1 - OUTSIDE) for side in sides)  # type: ignore[return-value]

    def held(self, low: Array, high: Array) -> Mask:
        return (self.low <= self.line @ low) & (self.high <= self.line @ high)


def quantile_line(x: Array, y: Array, share: float) -> Array:
    """Coefficients of the line below which lies a share of the values (Koenker and Bassett 1978)."""
    n, k = x.shape
    cost = np.concatenate([np.zeros(k), np.full(n, share), np.full(n, 1 - share)])
    equal = np.hstack([x, np.eye(n), -np.eye(n)])
    found = linprog(cost, A_eq=equal, b_eq=y, bounds=[(0, None)] * (k + 2 * n), method="highs")
    return found.x[:k]


def halves(errors: Errors, groups: NDArray[np.str_], splits: int, big: Mask) -> Iterator[tuple[float, float]]:
    """Coverage above the floor, inside the half it was fitted to and in the other one."""
    names = np.unique(groups)
    for split in range(splits):
        rng = np.random.default_rng(split)
        mine = np.isin(groups, rng.permutation(names)[: names.size // 2])
        held = errors.held(*errors.fitted(mine))
        yield float(held[mine & big].mean()), float(held[~mine & big].mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--splits", type=int, default=10)
    arguments = parser.parse_args()
    every, received = estimates()
    published = pl.read_csv(arguments.folder / "wb_bilateral_remittances_2010.csv.gz").rename(
        {"source": "sending", "recipient": "receiving", "usd_million": "published"}
    )
    published = published.with_columns(received=pl.col("receiving").replace_strict(received, default=None))
    totals = published.group_by("receiving").agg(pl.sum("published"), pl.first("received"))
    totals = totals.filter(pl.col("received") > 0)
    made = published.join(every, on=["sending", "receiving"])
    distance = np.abs(np.log((totals["published"] / totals["received"]).to_numpy()))
    print(f"remittance_inflow_error_sd {np.median(distance) / 0.6745:.3f} ({distance.size} recipients)")
    errors = Errors(made, value("remittance_inflow_error_sd"))
    truth = made["published"].to_numpy()
    big = truth > FLOOR
    low, high = errors.fitted(np.ones(truth.size, dtype=bool))
    for name, (small, large) in (("low", low), ("high", high)):
        print(f"remittance_share_error_{name}_small {small:.3f}, …_large {large:.3f}")
    print(f"{truth.size:,} cells, {big.sum():,} above USD {FLOOR:g} million")
    missed = published.filter(pl.col("published") > FLOOR).join(made, on=["sending", "receiving"], how="anti")
    print(f"without an estimate above it: {missed.height}, USD {missed['published'].sum():,.0f} million")
    held = errors.held(low, high)
    for least, most in SIZES:
        some = (truth > least) & (truth <= most)
        print(f"  published above {least:,} to {most:,}: {held[some].mean():.0%} of {some.sum():,}")
    pairs = np.array([f"{a}{b}" for a, b in made.select("sending", "receiving").iter_rows()])
    for words, groups in (("corridors", pairs), ("recipients", made["receiving"].to_numpy())):
        found = np.array(list(halves(errors, groups, arguments.splits, big)))
        mean, spread = found.mean(0), f"{found[:, 1].min():.1%} to {found[:, 1].max():.1%}"
        print(f"halves of {words}: fitted {mean[0]:.1%}, left out {mean[1]:.1%} ({spread})")
    sent = published.group_by("sending").agg(pl.sum("published")).filter(pl.col("published") > 0)
    sent = sent.join(every.group_by("sending").agg(pl.sum(*RULES, "reconciled")), on="sending")
    logs = np.log(sent.drop("sending").to_numpy())
    for name, gap in (("low", logs[:, 1:].min(1) - logs[:, 0]), ("high", logs[:, 0] - logs[:, 1:].max(1))):
        print(f"remittance_sent_error_{name} {np.quantile(gap, 1 - OUTSIDE):.2f} ({gap.size} senders)")


if __name__ == "__main__":
    main()
