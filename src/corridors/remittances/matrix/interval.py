"""The range of a corridor: over the rules, and over the errors they were measured to make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corridors.numerics.intervals import z_of_level
from corridors.numerics.typing import Array
from corridors.parameters import value

_MOST_SHARE = 0.99


@dataclass(frozen=True, slots=True)
class Intervals:
    """Ranges of corridors and of totals; every range holds the estimates of all rules.

    Attributes
    ----------
    lower, upper
        Shape ``(n, n + 1)``, the residual sender last, USD million.
    sent_lower, sent_upper
        Of what each place sends, shape ``(n + 1,)``.
    """

    lower: Array
    upper: Array
    sent_lower: Array
    sent_upper: Array


def matrix_intervals(tables: Sequence[Array], inflow: Array) -> Intervals:
    """Range of each corridor over several estimates of it and their measured errors.

    The least and the largest share of a sender in what a recipient receives are moved outwards, on the scale
    of log odds, by errors that fall with the size of the corridor; the inflow has an error of its own. So a
    range stays below what is received, and that of a sender who sends nearly all is narrow.

    Parameters
    ----------
    tables
        Estimates of one year by different rules, each of shape ``(n, n + 1)``, the residual sender last, USD
        million.
    inflow
        Received, shape ``(n,)``; NaN where unknown.

    Returns
    -------
    Intervals

    Notes
    -----
    Parameters ``remittance_share_error_…``, ``remittance_sent_error_…`` and ``remittance_inflow_error_sd``,
    measured on the World Bank's cells of 2010 (``scripts/remittance_errors.py``). That matrix is a model's as
    well: what both leave out, such as money carried by hand, is in no range.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.matrix import matrix_intervals
    >>> one, two = np.array([[0.0, 60, 40, 0]]), np.array([[0.0, 50, 50, 0]])
    >>> found = matrix_intervals([one, two], np.array([100.0]))
    >>> bool(found.lower[0, 1] < 50 < 60 < found.upper[0, 1] < 100)
    True
    """
    least, most = np.minimum.reduce(tables), np.maximum.reduce(tables)
    cells = np.nonzero(most)
    low, high, received = least[cells], most[cells], np.nan_to_num(inflow)[cells[0]]
    below, above = _log_odds(low / received), _log_odds(high / received)
    alone = low == 0
    down, up = _share_errors(received * _share(np.where(alone, above, (below + above) / 2)))
    slack = np.exp(z_of_level(value("interval_level")) * value("remittance_inflow_error_sd"))
    lower, upper = np.zeros_like(most), np.zeros_like(most)
    lower[cells] = np.where(alone, 0.0, received * _share(below - down) / slack)
    upper[cells] = received * _share(above + up) * slack
    sent = np.stack([table.sum(0) for table in tables])
    return Intervals(
        np.minimum(lower, least),
        np.maximum(upper, most),
        sent.min(0) * np.exp(-value("remittance_sent_error_low")),
        sent.max(0) * np.exp(value("remittance_sent_error_high")),
    )


def _share_errors(size: Array) -> tuple[Array, Array]:
    """Errors of log odds downwards and upwards: a straight line in the logarithm of the size."""
    low_small, low_large = (
        value("remittance_share_error_low_small"),
        value("remittance_share_error_low_large"),
    )
    high_small = value("remittance_share_error_high_small")
    high_large = value("remittance_share_error_high_large")
    ends = np.log([value("remittance_small_corridor"), value("remittance_large_corridor")])
    at = np.clip((np.log(size) - ends[0]) / (ends[1] - ends[0]), 0.0, 1.0)
    return low_small + (low_large - low_small) * at, high_small + (high_large - high_small) * at


def _log_odds(share: Array) -> Array:
    kept = np.clip(share, np.finfo(np.float64).tiny, _MOST_SHARE)
    return np.log(kept) - np.log1p(-kept)


def _share(log_odds: Array) -> Array:
    return 1 / (1 + np.exp(-log_odds))
