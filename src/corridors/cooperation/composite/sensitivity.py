"""What moves ranks: draws of choices and their shares of the variance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import gamma

from corridors.cooperation.composite.items import Items
from corridors.cooperation.composite.score import (
    AGGREGATIONS,
    IMPUTATIONS,
    NORMALISATIONS,
    Choices,
    levels,
    ranks,
)
from corridors.numerics.typing import Array

FACTORS = ("weights", "normalisation", "aggregation", "imputation", "item left out")


def ranker(items: Items, concentration: float) -> Callable[[Array], Array]:
    """From uniform numbers to choices to ranks.

    Parameters
    ----------
    items
        What is scored.
    concentration
        Of the Dirichlet distribution of area weights.

    Returns
    -------
    callable
        Takes ``areas + 4`` uniform numbers, gives ranks of shape ``(units,)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.composite.items import arrange
    >>> from corridors.cooperation.composite.sensitivity import ranker
    >>> items = arrange({"unit": ["A", "A", "B", "B"], "area": ["x", "y"] * 2, "dimension": ["d", "e"] * 2,
    ...                  "item": ["i", "j"] * 2, "answer": [100, 0, 0, 50]}, "mipex")
    >>> rank_of = ranker(items, concentration=1.0)
    >>> much_of_x, much_of_y = np.array([0.9, 0.1, 0, 0, 0, 0]), np.array([0.1, 0.9, 0, 0, 0, 0])
    >>> rank_of(much_of_x).tolist(), rank_of(much_of_y).tolist()
    ([1.0, 2.0], [2.0, 1.0])
    """
    areas = len(items.areas)

    def pick(u: float, options: tuple[str, ...]) -> str:
        return options[min(int(u * len(options)), len(options) - 1)]

    def rank_of(u: Array) -> Array:
        # Gamma variables over their sum are Dirichlet; by quantiles, so that one uniform moves one weight.
        weight = np.maximum(gamma.ppf(u[:areas], concentration), 1e-12)
        choices = Choices(
            weight / weight.sum(),
            pick(u[areas], NORMALISATIONS),
            pick(u[areas + 1], AGGREGATIONS),
            pick(u[areas + 2], IMPUTATIONS),
            min(int(u[areas + 3] * (len(items.items) + 1)), len(items.items)) - 1,
        )
        return ranks(levels(items, choices)[2])

    return rank_of


def sobol_shares(
    first: Array, second: Array, one: Array, two: Array, rank_of: Callable[[Array], Array], areas: int
) -> pl.DataFrame:
    """First-order and total shares of the variance of ranks by group of choices.

    Parameters
    ----------
    first, second
        Two samples of uniform numbers, shape ``(draws, areas + 4)``.
    one, two
        Their ranks, shape ``(draws, units)``.
    rank_of
        From :func:`ranker`.
    areas
        Number of areas.

    Notes
    -----
    Saltelli et al. (2010), Computer Physics Communications 181(2); Jansen (1999).

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.composite.items import arrange
    >>> from corridors.cooperation.composite.sensitivity import ranker, sobol_shares
    >>> items = arrange({"unit": ["A", "A", "B", "B"], "area": ["x", "y"] * 2, "dimension": ["d", "e"] * 2,
    ...                  "item": ["i", "j"] * 2, "answer": [100, 0, 0, 50]}, "mipex")
    >>> rank_of = ranker(items, concentration=1.0)
    >>> first, second = np.random.default_rng(0).random((2, 64, 6))
    >>> one, two = (np.stack([rank_of(u) for u in sample]) for sample in (first, second))
    >>> shares = sobol_shares(first, second, one, two, rank_of, areas=2)
    >>> shares.filter(factor="weights")["total"].round(2).item()
    0.38
    """
    columns = [np.arange(areas), *(np.array([areas + k]) for k in range(4))]
    variance = np.concatenate([one, two]).var(0).sum()
    shares: list[dict[str, object]] = []
    for name, which in zip(FACTORS, columns, strict=True):
        mixed = first.copy()
        mixed[:, which] = second[:, which]
        swapped = np.stack([rank_of(u) for u in mixed])
        main = (two * (swapped - one)).mean(0).sum()
        total = ((one - swapped) ** 2).mean(0).sum() / 2
        known = variance > 0
        shares.append(
            {
                "factor": name,
                "first_order": float(main / variance) if known else None,
                "total": float(total / variance) if known else None,
            }
        )
    return pl.DataFrame(shares, schema={"factor": pl.String, "first_order": pl.Float64, "total": pl.Float64})


def rank_intervals(items: Items, score: Array, base: Array, every: Array, level: float) -> pl.DataFrame:
    """Ranks under plain means and their intervals over draws.

    Parameters
    ----------
    items
        What was scored.
    score, base
        Score and rank under plain means, shape ``(units,)``.
    every
        Ranks of all draws, shape ``(draws, units)``.
    level
        Share of draws that an interval holds.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.composite.items import arrange
    >>> from corridors.cooperation.composite.sensitivity import rank_intervals
    >>> items = arrange({"unit": ["A", "A", "B", "B"], "area": ["x", "y"] * 2, "dimension": ["d", "e"] * 2,
    ...                  "item": ["i", "j"] * 2, "answer": [100, 0, 0, 50]}, "mipex")
    >>> every = np.array([[1.0, 2.0], [1.0, 2.0], [2.0, 1.0]])
    >>> found = rank_intervals(items, np.array([50.0, 25.0]), np.array([1.0, 2.0]), every, level=0.9)
    >>> found.select("unit", "rank", "rank_median", "rank_lower", "rank_upper").row(0)
    ('A', 1.0, 1.0, 1.0, 1.9)
    """
    tail = (1 - level) / 2
    low, middle, high = np.quantile(every, [tail, 0.5, 1 - tail], axis=0)
    return (
        pl.DataFrame(
            {
                "unit": items.units, "score": score, "rank": base,
                "rank_median": middle, "rank_lower": low, "rank_upper": high,
            }
        )
        .with_columns(pl.col("score").fill_nan(None))
        .sort("rank", "unit")
    )  # fmt: skip


def reversed_pairs(items: Items, base: Array, every: Array) -> tuple[float, pl.DataFrame]:
    """Share of draws in which two units change their order: over all pairs, and by pair.

    Parameters
    ----------
    items
        What was scored.
    base
        Ranks under plain means, shape ``(units,)``; pairs that tie have no order.
    every
        Ranks of all draws, shape ``(draws, units)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.composite.items import arrange
    >>> from corridors.cooperation.composite.sensitivity import reversed_pairs
    >>> items = arrange({"unit": ["A", "A", "B", "B"], "area": ["x", "y"] * 2, "dimension": ["d", "e"] * 2,
    ...                  "item": ["i", "j"] * 2, "answer": [100, 0, 0, 50]}, "mipex")
    >>> every = np.array([[1.0, 2.0], [2.0, 1.0]])
    >>> reversed_pairs(items, np.array([1.0, 2.0]), every)[1].rows()
    [('A', 'B', 0.5)]
    """
    ahead, behind = np.nonzero(base[:, None] < base[None, :])
    turned: NDArray[np.float64] = (every[:, ahead] > every[:, behind]).mean(0)
    units = np.array(items.units)
    table = pl.DataFrame({"unit": units[ahead], "other": units[behind], "reversed": turned})
    return float(turned.mean()) if turned.size else 0.0, table


def shifts_without(items: Items, base: Array) -> pl.DataFrame:
    """Greatest change of a rank when one item is left out, by item.

    Parameters
    ----------
    items
        What was scored.
    base
        Ranks under plain means, shape ``(units,)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.composite.items import arrange
    >>> from corridors.cooperation.composite.sensitivity import shifts_without
    >>> items = arrange({"unit": ["A", "A", "B", "B"], "area": ["x", "y"] * 2, "dimension": ["d", "e"] * 2,
    ...                  "item": ["i", "j"] * 2, "answer": [100, 0, 0, 50]}, "mipex")
    >>> shifts_without(items, np.array([1.0, 2.0])).rows()
    [('i', 1.0), ('j', 0.0)]
    """
    shift = [
        float(np.abs(ranks(levels(items, Choices(without=k))[2]) - base).max())
        for k in range(len(items.items))
    ]
    return pl.DataFrame({"item": items.items, "shift": shift}).sort("shift", "item", descending=[True, False])
