"""What each source of income, remittances among them, does to the Gini coefficient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.welfare.measures import positive_mean, rank_weights
from corridors.remittances.welfare.refusals import incomes, positive_weights
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class SourceDecomposition(Result, keys=("source",)):
    """The Gini coefficient as a sum over sources of income.

    Attributes
    ----------
    source
        Names of the ``k`` sources.
    share
        Of the source in all income, shape ``(k,)``; sums to one.
    own_gini
        Gini coefficient of the source itself; NaN for a source of mean zero.
    correlation
        Gini correlation of the source with the rank in total income, -1 to 1.
    contribution
        ``share * own_gini * correlation``; sums to the Gini coefficient.
    elasticity
        Per cent change of the Gini coefficient if the source grew by one per cent for all;
        sums to zero.
    gini
        Of total income.
    aversion
        2 for the Gini coefficient.
    """

    source: tuple[str, ...]
    share: Array
    own_gini: Array
    correlation: Array
    contribution: Array
    elasticity: Array
    gini: float
    aversion: float

    @classmethod
    def of(
        cls, source: tuple[str, ...], means: Array, joint: Array, alone: Array, gini: float, v: float = 2.0
    ) -> SourceDecomposition:
        """From the mean of each source and its covariances with the ranks of all and of its own.

        Parameters
        ----------
        source
            Names of the sources.
        means, joint, alone
            Mean of each source; minus its covariance with the rank weights of total income,
            and with those of itself; shape ``(k,)``.
        gini
            Of total income.
        v
            Aversion.
        """
        mean = means.sum()
        share = means / mean
        nothing = np.full(means.size, np.nan)
        own = np.divide(alone, means, out=nothing.copy(), where=means != 0)
        correlation = np.divide(joint, alone, out=nothing.copy(), where=np.abs(alone) > 1e-15 * abs(mean))
        elasticity = joint / mean / gini - share if abs(gini) > 1e-12 else nothing
        return cls(source, share, own, correlation, joint / mean, elasticity, gini, float(v))

    def to_polars(self) -> pl.DataFrame:
        """One row a source."""
        columns = ("share", "own_gini", "correlation", "contribution", "elasticity")
        return pl.DataFrame({"source": self.source, **{c: getattr(self, c) for c in columns}})

    def summary(self) -> str:
        """One line a source."""
        lines = [f"Gini {self.gini:.4f} by source (share, own Gini, correlation, % per +1 %)"]
        for k, name in enumerate(self.source):
            lines.append(
                f"  {name:<24}{self.share[k]:>8.3f}{self.own_gini[k]:>8.3f}"
                f"{self.correlation[k]:>8.3f}{self.elasticity[k]:>+9.4f}"
            )
        return "\n".join(lines)


def gini_by_source(
    sources: Mapping[str, ArrayLike], *, weights: ArrayLike | None = None, aversion: float = 2.0
) -> SourceDecomposition:
    """Decompose the Gini coefficient by source of income.

    Parameters
    ----------
    sources
        Income of each row by source, each of shape ``(n,)``; total income is their sum.
    weights
        Shape ``(n,)``, positive.
    aversion
        2 for the Gini coefficient; see :func:`gini`.

    Returns
    -------
    SourceDecomposition

    Raises
    ------
    DataError
        No source, columns of different length, or a total whose mean is not positive.

    Notes
    -----
    Lerman and Yitzhaki (1985) ``G = sum S_k G_k R_k``; marginal effects by Stark, Taylor and
    Yitzhaki (1986) ``S_k G_k R_k / G - S_k``. The effect holds ranks fixed: it says what more
    of the same would do, not what the world would be without.

    Examples
    --------
    >>> from corridors.remittances.welfare import gini_by_source
    >>> parts = gini_by_source({"farm": [1, 2, 3], "remittances": [0, 0, 2]})
    >>> parts.contribution.round(4).tolist(), round(parts.gini, 4)
    ([0.1667, 0.1667], 0.3333)
    >>> parts.elasticity.round(4).tolist()
    [-0.25, 0.25]
    """
    if not sources:
        raise DataError("give at least one source of income")
    names = tuple(sources)
    parts = [incomes(sources[name], name) for name in names]
    if len({part.size for part in parts}) > 1:
        raise DataError("sources of income have different numbers of rows")
    weight = positive_weights(weights, parts[0].size)
    weight = weight / weight.sum()
    total = np.sum(parts, axis=0)
    mean = positive_mean(total, weight)
    rank = rank_weights(total, weight, aversion)
    means = np.array([part @ weight for part in parts])
    joint = np.array([m - (part * rank) @ weight for m, part in zip(means, parts, strict=True)])
    alone = np.array(
        [
            m - (part * rank_weights(part, weight, aversion)) @ weight
            for m, part in zip(means, parts, strict=True)
        ]
    )
    return SourceDecomposition.of(names, means, joint, alone, float(joint.sum() / mean), aversion)


def gini_change(
    sources: Mapping[str, ArrayLike],
    changes: Mapping[str, float],
    *,
    weights: ArrayLike | None = None,
    aversion: float = 2.0,
) -> float:
    """Relative change of the Gini coefficient if sources grow by given fractions, re-ranking all.

    Parameters
    ----------
    sources, weights, aversion
        As in :func:`gini_by_source`.
    changes
        Growth by source: 0.1 for ten per cent more for every receiver.

    Examples
    --------
    >>> from corridors.remittances.welfare import gini_change
    >>> round(gini_change({"farm": [1, 2, 3], "remittances": [0, 0, 2]}, {"remittances": 0.1}), 4)
    0.0244
    """
    unknown = set(changes) - set(sources)
    if unknown:
        raise DataError(f"no source is called {sorted(unknown)[0]!r}", f"known: {', '.join(sources)}")
    grown = {name: incomes(values, name) * (1.0 + changes.get(name, 0.0)) for name, values in sources.items()}
    before = gini_by_source(sources, weights=weights, aversion=aversion).gini
    return gini_by_source(grown, weights=weights, aversion=aversion).gini / before - 1.0
