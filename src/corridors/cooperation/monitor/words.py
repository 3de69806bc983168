"""Verdicts as sentences."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl

from corridors.cooperation.monitor.verdicts import status_rules
from corridors.wording import number

# Calibrated words of Mastrandrea et al. (2010), guidance note of the IPCC on uncertainties.
_LIKELIHOOD = (
    (0.99, "virtually certain"),
    (0.90, "very likely"),
    (0.66, "likely"),
    (0.33, "about as likely as not"),
    (0.10, "unlikely"),
    (0.01, "very unlikely"),
    (0.0, "exceptionally unlikely"),
)
_BLANK = "unknown"
_figure = partial(number, digits=4, blank=_BLANK)
# Judged all the same: a promise does not vanish because it was given up.
CLOSED = ("lapsed", "superseded")


def likelihood(probability: float) -> str:
    """The calibrated word for a probability.

    Parameters
    ----------
    probability
        0 to 1.

    Notes
    -----
    Mastrandrea et al. (2010). Of the overlapping classes the strongest on its side is used.

    Examples
    --------
    >>> from corridors.cooperation.monitor import likelihood
    >>> likelihood(0.7), likelihood(0.5), likelihood(0.05)
    ('likely', 'about as likely as not', 'very unlikely')
    """
    return next(word for least, word in _LIKELIHOOD if probability >= least)


def explanations(table: pl.DataFrame) -> pl.Series:
    """One sentence a row, from the words of its rule.

    Parameters
    ----------
    table
        As :func:`corridors.cooperation.monitor.verdicts.with_cases` gives it.

    Examples
    --------
    >>> from datetime import date
    >>> from corridors.cooperation.monitor import Thresholds
    >>> from corridors.cooperation.monitor.baseline import with_baselines
    >>> from corridors.cooperation.monitor.inputs import read_commitments, read_observations
    >>> from corridors.cooperation.monitor.paths import with_paths
    >>> from corridors.cooperation.monitor.verdicts import with_cases
    >>> from corridors.cooperation.monitor.words import explanations
    >>> promise = read_commitments({"commitment": ["5x5"], "indicator": ["cost"], "place": ["WORLD"],
    ...     "direction": ["decrease"], "baseline_year": [2009], "baseline_value": [10.0],
    ...     "target_value": [5.0], "target_date": [date(2014, 12, 31)]})
    >>> seen = read_observations(
    ...     {"indicator": ["cost"], "place": ["WORLD"], "year": [2012], "value": [8.5]}, log=False)
    >>> points = with_baselines(promise, seen)
    >>> paths = with_paths(promise, points, scale="level", thresholds=Thresholds())
    >>> explanations(with_cases(paths, as_of=date(2013, 6, 1), thresholds=Thresholds())).item()
    '8.5 in 2012 against 7 required: the line from the baseline reaches 7.5 by 2014, target 5.'
    """
    words = dict(status_rules().select("case", "words").iter_rows())
    sentences = [
        words[row["case"]].format(**_named(row)) + _closed(row) for row in table.iter_rows(named=True)
    ]
    return pl.Series("explanation", [s[:1].upper() + s[1:] + "." for s in sentences], dtype=pl.String)


def _closed(row: dict[str, Any]) -> str:
    if row["state"] not in CLOSED:
        return ""
    return f"; {row['state']} since {row['state_since']}" if row["state_since"] else f"; {row['state']}"


def _named(row: dict[str, Any]) -> dict[str, str]:
    numbers = ("required", "projected", "projected_lower", "projected_upper")
    told = {name: _figure(row[name]) for name in numbers}
    prefix = "deciding_" if row["case"] in ("met", "met-uncertain") else ""
    told |= {name: _figure(row[prefix + name]) for name in ("observed", "lower", "upper")}
    chance = row["probability"]
    plain = ("target_date", "target_year", "late_year", "indicator", "direction")
    told |= {name: _BLANK if row[name] is None else str(row[name]) for name in plain}
    reason = row["no_indicator_reason"]
    return told | {
        "observed_year": str(row[prefix + "observed_year"]),
        "target": _figure(row["target_value"]),
        "baseline": _figure(row["used_baseline"]),
        "baseline_year": str(row["used_baseline_year"]),
        "place": row["place"] or "no place",
        "since": f" since {row['used_baseline_year']}" if row["used_baseline_year"] else "",
        "reason": f": {reason.rstrip('.')}" if reason else "",
        "probability": _BLANK if chance is None else f"{chance:.2f}",
        "likelihood": _BLANK if chance is None else likelihood(chance),
        "hold": ", a threshold to hold" if row["hold"] else "",
        "wanted": f" wanted by {row['target_year']}" if row["target_year"] else "",
        "chance": _still(row),
        "odds": f" (probability of reaching it by {row['target_year']}: {chance:.2f})" if _ahead(row) else "",
    }


def _still(row: dict[str, Any]) -> str:
    if not _ahead(row):
        return ""
    return f"; probability that it does in {row['target_year']}: {row['probability']:.2f}"


def _ahead(row: dict[str, Any]) -> bool:
    return not row["passed"] and row["probability"] is not None and row["target_year"] is not None
