"""Savings of diasporas with what is not known about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from corridors.errors import NotFound
from corridors.numerics.typing import Array
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class DiasporaSavings(Result, keys=("country",)):
    """Income and savings of the diasporas of ``n`` countries, USD million a year.

    Attributes
    ----------
    label
        Countries of birth.
    persons, uncovered
        People abroad, and those of them in hosts whose income is not known: they are left out.
    income_least, income_most
        Income where the share with tertiary education is unknown and could be 0 or 1; equal where it is
        known.
    least, most
        Savings, likewise, at the central parameters.
    least_draws, most_draws
        The same with parameters and stocks varied, shape ``(draws, n)``.
    level
        Probability of intervals.
    """

    label: tuple[str, ...]
    persons: Array
    uncovered: Array
    income_least: Array
    income_most: Array
    least: Array
    most: Array
    least_draws: Array
    most_draws: Array
    level: float

    @property
    def savings(self) -> Array:
        """Savings where education is known, shape ``(n,)``; NaN elsewhere."""
        return np.where(np.isclose(self.least, self.most, rtol=1e-12), self.most, np.nan)

    @property
    def lower(self) -> Array:
        """Lower bound of savings: least of the range, and of the interval over parameters."""
        if not self.least_draws.shape[0]:
            return self.least
        return np.minimum(np.quantile(self.least_draws, (1 - self.level) / 2, axis=0), self.least)

    @property
    def upper(self) -> Array:
        """Upper bound of savings: most of the range, and of the interval over parameters."""
        if not self.most_draws.shape[0]:
            return self.most
        return np.maximum(np.quantile(self.most_draws, (1 + self.level) / 2, axis=0), self.most)

    def total(self, members: Iterable[str] | None = None, name: str = "total") -> DiasporaSavings:
        """Sum of some countries, or all; its interval is that of the sum.

        Parameters
        ----------
        members
            Countries of birth; those without diaspora in the table are passed over.
        name
            Label of the sum.

        Raises
        ------
        NotFound
            None of the members has a diaspora here.
        """
        wanted = set(self.label if members is None else members)
        at = [k for k, label in enumerate(self.label) if label in wanted]
        if not at:
            raise NotFound("none of these countries is in the table", ", ".join(sorted(wanted)[:10]))

        def summed(x: Array) -> Array:
            return x[..., at].sum(-1, keepdims=True)

        return DiasporaSavings(
            (name,),
            summed(self.persons),
            summed(self.uncovered),
            summed(self.income_least),
            summed(self.income_most),
            summed(self.least),
            summed(self.most),
            summed(self.least_draws),
            summed(self.most_draws),
            self.level,
        )

    def to_polars(self) -> pl.DataFrame:
        """One row a country; ``savings`` null where education is not known, and only the range is.

        All figures are null where the income of no host is known.
        """
        names = ("persons", "uncovered", "income_least", "income_most", "least", "most", "lower", "upper")
        frame = pl.DataFrame({"country": self.label, **{name: getattr(self, name) for name in names}})
        savings = pl.Series("savings", self.savings).fill_nan(None)
        figures = [name for name in names if name not in {"persons", "uncovered"}]
        nowhere = (pl.col("persons") > 0) & (pl.col("uncovered") >= pl.col("persons"))
        known = [pl.when(~nowhere).then(pl.col(name)) for name in ("savings", *figures)]
        return frame.insert_column(5, savings).with_columns(known)

    def summary(self) -> str:
        """Total, and the largest countries."""
        whole = self.total(name="all")
        rows = [(whole, 0)] + [(self, int(k)) for k in np.argsort(-self.most)[:5] if len(self.label) > 1]
        lines = ["savings of people living abroad, USD billion a year"]
        for x, k in rows:
            known = np.isclose(x.least[k], x.most[k], rtol=1e-12)
            central = (
                f"{x.most[k] / 1e3:,.2f}" if known else f"{x.least[k] / 1e3:,.2f} to {x.most[k] / 1e3:,.2f}"
            )
            lines.append(
                f"  {x.label[k]:<8}{central:>18}  [{x.lower[k] / 1e3:,.2f}, {x.upper[k] / 1e3:,.2f}]"
            )
        if whole.least[0] < whole.most[0]:
            lines.append("  a range where the share with tertiary education is unknown: none to all")
        if whole.uncovered[0]:
            share = whole.uncovered[0] / whole.persons[0]
            lines.append(f"  {share:.1%} of the people live where income is unknown and are left out")
        return "\n".join(lines)
