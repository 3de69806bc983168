"""Projected inflows with intervals, hosts, history and back-tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from corridors.errors import NotFound
from corridors.numerics.typing import Array
from corridors.remittances.stress.track_record import StressBackTest
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class StressTotal:
    """Sum over receivers, USD million.

    Attributes
    ----------
    before, after, lower, upper
        Inflows, and the interval of those after.
    percentile
        Share of recorded yearly changes of the same sum that were lower; NaN without a record.
    """

    before: float
    after: float
    lower: float
    upper: float
    percentile: float

    @property
    def change(self) -> float:
        """Relative change; NaN from nothing."""
        return self.after / self.before - 1 if self.before else float("nan")


@dataclass(frozen=True, slots=True)
class StressTest(Result, keys=("country",)):
    """Inflows of ``n`` places after a shock, USD million.

    Attributes
    ----------
    label
        Places.
    before, after
        Inflows, shape ``(n,)``.
    change
        Change of each corridor, sending by receiving, shape ``(n, n)``: columns sum to
        ``after - before``.
    draws
        Inflows after of each draw of elasticities and corridors, shape ``(draws, n)``.
    level
        Probability of intervals.
    history
        Recorded inflows by year, shape ``(y, n)``; empty where not given.
    back_tests
        How the same kind of model did.
    """

    label: tuple[str, ...]
    before: Array
    after: Array
    change: Array
    draws: Array
    level: float
    history: Array
    back_tests: tuple[StressBackTest, ...]

    @property
    def lower(self) -> Array:
        """Lower bound of inflows after, shape ``(n,)``."""
        return _bounds(self.draws, self.after, self.level)[0]

    @property
    def upper(self) -> Array:
        """Upper bound of inflows after, shape ``(n,)``."""
        return _bounds(self.draws, self.after, self.level)[1]

    @property
    def percentile(self) -> Array:
        """Share of each place's recorded yearly changes below the projected one; NaN without a record."""
        return np.array([self.total([place]).percentile for place in self.label])

    def total(self, members: Iterable[str] | None = None) -> StressTotal:
        """Sum over some receivers, or all, with the interval of the sum.

        Parameters
        ----------
        members
            Receivers; those not in the table are passed over.

        Raises
        ------
        NotFound
            None of them is in the table.
        """
        wanted = set(self.label if members is None else members)
        at = [k for k, label in enumerate(self.label) if label in wanted]
        if not at:
            raise NotFound("none of these receivers is in the table", ", ".join(sorted(wanted)[:10]))
        before, after = float(self.before[at].sum()), float(self.after[at].sum())
        low, high = _bounds(self.draws[:, at].sum(1, keepdims=True), np.array([after]), self.level)
        change = after / before - 1 if before else np.nan
        return StressTotal(
            before, after, float(low[0]), float(high[0]), _percentile(self.history, at, change)
        )

    def by_host(self, receiver: str) -> pl.DataFrame:
        """Change of one receiver's inflow by sending country, largest first; sums to its change.

        Raises
        ------
        NotFound
            No such receiver.
        """
        if receiver not in self.label:
            raise NotFound(f"no receiver is called {receiver!r}", f"known: {', '.join(self.label[:20])}")
        column = self.change[:, self.label.index(receiver)]
        order = np.argsort(-np.abs(column), kind="stable")
        order = order[column[order] != 0]
        return pl.DataFrame({"host": [self.label[k] for k in order], "change": column[order]})

    def to_polars(self) -> pl.DataFrame:
        """One row a receiver; relative change null where nothing came in before."""
        relative = np.divide(
            self.after - self.before,
            self.before,
            out=np.full_like(self.before, np.nan),
            where=self.before > 0,
        )
        columns = {name: getattr(self, name) for name in ("before", "after", "lower", "upper")}
        frame = pl.DataFrame(
            {"country": self.label, **columns, "relative": relative, "percentile": self.percentile}
        )
        return frame.with_columns(pl.col("relative", "percentile").fill_nan(None))

    def summary(self) -> str:
        """The projection, and what its kind was worth before."""
        sums = self.total()
        span = f"[{sums.lower / 1e3:,.1f}, {sums.upper / 1e3:,.1f}] at {self.level:.0%}"
        lines = [
            "projected inflows, USD billion (interval: elasticities and corridors, not the model)",
            f"  all  {sums.before / 1e3:,.1f} to {sums.after / 1e3:,.1f}  {span}  {sums.change:+.1%}",
        ]
        if np.isfinite(sums.percentile):
            lines.append(f"  {sums.percentile:.0%} of recorded yearly changes were lower")
        worst = np.argsort(self.after - self.before)[:5]
        for k in worst[self.after[worst] < self.before[worst]]:
            lost = self.after[k] - self.before[k]
            lines.append(f"  {self.label[k]}  {lost / 1e3:+,.2f}  {lost / self.before[k]:+.1%}")
        return "\n".join([*lines, *_verdict(self.back_tests)])


def _verdict(tests: tuple[StressBackTest, ...]) -> list[str]:
    if not tests:
        return ["no back-test: it needs a record, and can only test responses to the income of hosts"]
    shown = [t for t in tests if t.name in {"2009", "2020"}] or list(tests)
    lines = [f"back-test ({tests[0].model}; low- and middle-income receivers)"]
    lines += [f"  {test.summary()}" for test in shown]
    if len(tests) > len(shown):
        missed = [abs(t.predicted_total - t.actual_total) for t in tests]
        still = [abs(t.actual_total) for t in tests]
        lines.append(
            f"  {tests[0].name} to {tests[-1].name}: the total was off by {np.mean(missed):.1%} on average "
            f"(no change: {np.mean(still):.1%})"
        )
    return lines


def _bounds(draws: Array, after: Array, level: float) -> tuple[Array, Array]:
    if not draws.shape[0]:
        return after, after
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return np.minimum(low, after), np.maximum(high, after)


def _percentile(history: Array, at: list[int], change: float) -> float:
    past: list[float] = []
    for old, new in zip(history[:-1, at], history[1:, at], strict=True):
        both = np.isfinite(old) & np.isfinite(new)
        if old[both].sum() > 0:
            past.append(float(new[both].sum() / old[both].sum() - 1))
    return float(np.mean(np.array(past) < change)) if past and np.isfinite(change) else float("nan")
