"""How much a ranking owes to choices that could as well have been others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from corridors.cooperation.composite.items import Items, arrange
from corridors.cooperation.composite.score import Choices, as_rows, levels, ranks
from corridors.cooperation.composite.sensitivity import (
    rank_intervals,
    ranker,
    reversed_pairs,
    shifts_without,
    sobol_shares,
)
from corridors.errors import DataError
from corridors.intake import IntoTable
from corridors.parameters import value
from corridors.results import Result

_DRAWS, _CONCENTRATION = int(value("audit_draws")), value("audit_concentration")


@dataclass(frozen=True, slots=True)
class Audit(Result, keys=("unit",)):
    """What becomes of a ranking under other choices.

    Attributes
    ----------
    items
        What was scored.
    table
        One row a unit: unit, score, rank (of the plain means), rank_median, rank_lower, rank_upper.
    reversals
        Share of pairs of units that stand in another order than under the plain means, over pairs and draws.
    pairs
        unit, other, reversed: share of draws in which ``unit``, ahead under plain means, is behind ``other``.
    shares
        factor, first_order, total: shares of the variance of ranks (Sobol), over all units.
    left_out
        item, shift: greatest change of a rank when the item alone is left out.
    level
        Share of draws that rank intervals hold.
    draws, seed
        Number and seed of the draws.
    """

    items: Items
    table: pl.DataFrame
    reversals: float
    pairs: pl.DataFrame
    shares: pl.DataFrame
    left_out: pl.DataFrame
    level: float
    draws: int
    seed: int

    def to_polars(self) -> pl.DataFrame:
        """Ranks with their intervals as a polars table."""
        return self.table

    def summary(self) -> str:
        """Reversals, the choice that matters most, and ranks."""
        top = self.shares.sort("first_order", descending=True, nulls_last=True).row(0, named=True)
        lines = [
            f"{self.table.height} units, {self.draws} draws: {self.reversals:.0%} of pairs change order",
            f"  most due to: {top['factor']} ({top['first_order'] or 0:.0%} of the variance of ranks alone)",
        ]
        lines += [
            f"  {r['unit']}: rank {r['rank']:g}, {self.level:.0%} of draws "
            f"{r['rank_lower']:g} to {r['rank_upper']:g}"
            for r in self.table.iter_rows(named=True)
        ]
        return "\n".join(lines)


def score_items(answers: IntoTable, scale: str | tuple[float, float]) -> pl.DataFrame:
    """Plain hierarchical means of answers: no ranks.

    Parameters
    ----------
    answers
        ``unit, area, dimension, item, answer``; a missing answer is left out of its mean.
    scale
        Name of a scale, or the least and greatest possible answer.

    Returns
    -------
    DataFrame
        unit, level (dimension, area, overall), label, score.

    Raises
    ------
    DataError, NotFound
        As :func:`corridors.cooperation.composite.items.arrange`.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.composite import score_items
    >>> rows = pl.DataFrame({"unit": "A", "area": ["x", "x"], "dimension": ["d", "e"], "item": ["i", "j"],
    ...                      "answer": [50, 100]})
    >>> score_items(rows, "mipex").filter(level="overall")["score"].item()
    75.0
    """
    items = arrange(answers, scale)
    return as_rows(items, levels(items, Choices()))


def audit_score(
    answers: IntoTable,
    scale: str | tuple[float, float],
    *,
    draws: int = _DRAWS,
    seed: int = 0,
    level: float = 0.9,
    concentration: float = _CONCENTRATION,
) -> Audit:
    """Draw weights, normalisation, aggregation, imputation and items, and rank anew each time.

    Parameters
    ----------
    answers, scale
        As :func:`score_items`.
    draws
        Number of draws of each of two samples; the ranking is made ``draws * 7`` times.
    seed
        Draw *k* is made from ``SeedSequence([seed, k])``, so fewer draws are the first of more.
    level
        Share of draws that rank intervals hold.
    concentration
        Of the symmetric Dirichlet distribution of area weights; 1 is uniform, large ones stay near equal.

    Returns
    -------
    Audit

    Raises
    ------
    DataError
        There is one unit only, or too few draws.

    Notes
    -----
    OECD and JRC (2008), Handbook on Constructing Composite Indicators; Saisana, Saltelli and Tarantola
    (2005), JRSS A 168(2). First-order shares by Saltelli et al. (2010), total ones by Jansen (1999), summed
    over units before the ratio (Gamboa et al. 2014); at few draws they can be slightly negative. Geometric
    means need positive scores: min-max goes to 1 to 100, z-scores to mean 100 and standard deviation 10.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.composite import audit_score
    >>> rows = pl.DataFrame({"unit": ["A", "A", "B", "B"], "area": ["x", "y"] * 2,
    ...                      "dimension": ["d", "e"] * 2, "item": ["i", "j"] * 2, "answer": [100, 0, 0, 50]})
    >>> audit_score(rows, "mipex", draws=64).reversals > 0
    True
    """
    items = arrange(answers, scale)
    if len(items.units) < 2:
        raise DataError("one unit can not be ranked", remedy="give two units or more")
    if draws < 8 or not 0 < level < 1 or not concentration > 0:
        raise DataError(
            f"draws {draws}, level {level} or concentration {concentration} can not be used",
            remedy="give 8 draws or more, a level within 0 and 1, a concentration above 0",
        )
    rank_of = ranker(items, concentration)
    width = len(items.areas) + 4
    both = np.stack(
        [np.random.default_rng(np.random.SeedSequence([seed, k])).random(2 * width) for k in range(draws)]
    )
    first, second = both[:, :width], both[:, width:]
    one, two = (np.stack([rank_of(u) for u in sample]) for sample in (first, second))
    plain = levels(items, Choices())[2]
    every = np.concatenate([one, two])
    base = ranks(plain)
    reversed_, pairs = reversed_pairs(items, base, every)
    return Audit(
        items,
        rank_intervals(items, plain, base, every, level),
        reversed_,
        pairs,
        sobol_shares(first, second, one, two, rank_of, len(items.areas)),
        shifts_without(items, base),
        level,
        draws,
        seed,
    )


def rank_units(
    answers: IntoTable, scale: str | tuple[float, float], *, audit: Audit | None = None
) -> pl.DataFrame:
    """Ranks of units, only together with the audit that says how firm they are.

    Parameters
    ----------
    answers, scale
        As :func:`score_items`.
    audit
        From :func:`audit_score` of the same answers.

    Returns
    -------
    DataFrame
        unit, score, rank, rank_median, rank_lower, rank_upper.

    Raises
    ------
    DataError
        There is no audit, or it is one of other answers.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.composite import rank_units
    >>> rows = pl.DataFrame({"unit": ["A", "B"], "area": "x", "dimension": "d", "item": "i",
    ...                      "answer": [0, 50]})
    >>> rank_units(rows, "mipex")
    Traceback (most recent call last):
    corridors.errors.DataError: no rank without a sensitivity audit
      Remedy: give audit=audit_score(answers, scale)
    """
    remedy = "give audit=audit_score(answers, scale)"
    if audit is None:
        raise DataError("no rank without a sensitivity audit", remedy=remedy)
    items, other = arrange(answers, scale), audit.items
    same = (items.units, items.items, items.scale) == (other.units, other.items, other.scale)
    same = same and (items.dimensions, items.areas) == (other.dimensions, other.areas)
    if not same or not np.array_equal(items.answers, other.answers, equal_nan=True):
        raise DataError("the audit is one of other answers", remedy=remedy)
    return audit.table
