"""Verdicts as sentences."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import polars as pl

from corridors.cooperation.monitor.changes import COUNTED
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
    >>> from corridors.cooperation.monitor.measures import with_measures
    >>> from corridors.cooperation.monitor.paths import with_paths
    >>> from corridors.cooperation.monitor.verdicts import with_cases
    >>> from corridors.cooperation.monitor.words import explanations
    >>> promise = with_measures(read_commitments({"commitment": ["5x5"], "indicator": ["cost"],
    ...     "place": ["WORLD"], "direction": ["decrease"], "baseline_year": [2009], "baseline_value": [10.0],
    ...     "target_value": [5.0], "target_date": [date(2014, 12, 31)]}), {})
    >>> seen = read_observations(
    ...     {"indicator": ["cost"], "place": ["WORLD"], "year": [2012], "value": [8.5]})
    >>> points = with_baselines(promise, seen)
    >>> paths = with_paths(promise, points, seen, thresholds=Thresholds())
    >>> explanations(with_cases(paths, as_of=date(2013, 6, 1), thresholds=Thresholds())).item()
    '8.5 in 2012 against 7 required: the line from the baseline reaches 7.5 by 2014, target 5.'
    """
    words = dict(status_rules().select("case", "words").iter_rows())
    sentences = [
        words[row["case"]].format(**_named(row)) + _closed(row) for row in table.iter_rows(named=True)
    ]
    return pl.Series("explanation", [s[:1].upper() + s[1:] + "." for s in sentences], dtype=pl.String)


def _closed(row: dict[str, Any]) -> str:
    if row["state"] not in CLOSED or row["case"].startswith("record-"):
        return ""
    return f"; {row['state']} since {row['state_since']}" if row["state_since"] else f"; {row['state']}"


def _named(row: dict[str, Any]) -> dict[str, str]:
    figure = partial(_figure, unit=row["unit"])
    numbers = ("required", "projected", "projected_lower", "projected_upper")
    told = {name: figure(row[name]) for name in numbers}
    prefix = "deciding_" if row["case"] in ("met", "met-untold", "overdue-untold") else ""
    told |= {name: figure(row[prefix + name]) for name in ("observed", "lower", "upper")}
    chance = row["probability"]
    plain = ("target_date", "target_year", "late_year", "indicator", "direction")
    told |= {name: _BLANK if row[name] is None else str(row[name]) for name in plain}
    reason = row["no_indicator_reason"]
    return told | {
        "observed_year": str(row[prefix + "observed_year"]),
        "target": figure(row["target_value"]),
        "baseline": figure(row["used_baseline"]),
        "baseline_year": str(row["used_baseline_year"]),
        "place": row["place"] or "no place",
        "from": f" since {row['used_baseline_year']}" if row["used_baseline_year"] else "",
        "reason": f": {reason.rstrip('.')}" if reason else "",
        "probability": _BLANK if chance is None else probability(chance),
        "likelihood": _BLANK if chance is None else likelihood(chance),
        "hold": ", a threshold to hold" if row["hold"] else "",
        "wanted": f" wanted by {row['target_year']}" if row["target_year"] else "",
        "short": _short(row, figure),
        "chance": _still(row),
        "odds": _odds(row),
    } | _changed(row, figure) | _recorded(row, figure)  # fmt: skip


def _changed(row: dict[str, Any], figure: Callable[[float | None], str]) -> dict[str, str]:
    """How much it changed, and what that was counted from."""
    counted = row["judged_as"] in COUNTED
    points = row["unit"] == "share" and not counted
    say = partial(_points if points else number, digits=3, blank="not defined")
    low, high = row["change_lower"], row["change_upper"]
    ends = f"{say(low)} or more" if high is None and low is not None else f"{say(low)} to {say(high)}"
    slower = row["change"] is not None and row["change"] < 1
    told = f"{100 * row['change_level']:.0f} % interval {ends}"
    times = "from none" if row["change"] is None else f"{say(row['change'])} times the rate"
    return {
        "change": say(row["change"]),
        "change_range": told,
        "times": f"{times} ({told})",
        "odds_ratio": "without bound" if row["change"] is None else say(row["change"]),
        "pace": "slower" if slower else "faster",
        "tally": _tally(row),
    }


def _tally(row: dict[str, Any]) -> str:
    before, of_before, since, of_since = (row[n] for n in ("before", "of_before", "since", "of_since"))
    if since is None:
        return ""
    start = row["used_baseline_year"]
    if row["judged_as"] == "total":
        rates = f"{number(since / of_since)} a year", f"{number(before / of_before)} a year"
        times = _years(start, of_since), _years(start - round(of_before), of_before)
        return f"{since:,} in {times[0]}, {rates[0]}, against {before:,} in {times[1]}, {rates[1]}"
    return (
        f"{since:,} of {of_since:,.0f} since {start} ({100 * since / of_since:.0f} %) against {before:,} of "
        f"{of_before:,.0f} until then ({100 * before / of_before:.0f} %)"
    )


def _years(after: int, length: float) -> str:
    """The years after one, as many as there are."""
    return str(after + 1) if round(length) == 1 else f"{after + 1}–{after + round(length)}"


def _recorded(row: dict[str, Any], figure: Callable[[float | None], str]) -> dict[str, str]:
    """What the follow-up says, with its source."""
    state, since, heard = row["state"] or "", row["state_since"], row["last_evidence"]
    source = f" ({row['last_source']})" if row["last_source"] else ""
    day = f" {'since' if state == 'under-way' else 'on'} {since}" if since else ""
    later = f", last heard of on {heard}" if heard and since and heard > since else ""
    named = f"; {row['indicator']} is {figure(row['observed'])} in {row['observed_year']}"
    return {
        "step": f"{state.replace('-', ' ')}{day}{later}{source}",
        "outcome": f". {row['outcome_note'].rstrip('.')}" if row["outcome_note"] else "",
        "figure": "" if row["observed"] is None else named,
    }


def _short(row: dict[str, Any], figure: Callable[[float | None], str]) -> str:
    """What did not reach the target: at the date itself, and since where something newer is known."""
    year, now = row["due_observed_year"], f"{figure(row['observed'])} in {row['observed_year']}"
    if year is None or year == row["observed_year"]:
        return f"{now} does not reach"
    return f"{figure(row['due_observed'])} in {year} and {now} do not reach"


def probability(chance: float) -> str:
    """A probability with two digits at most; what is beyond them is said as a bound.

    Examples
    --------
    >>> from corridors.cooperation.monitor.words import probability
    >>> probability(0.0146), probability(0.0049), probability(0.997)
    ('0.01', 'below 0.01', 'above 0.99')
    """
    if chance < 0.005:
        return "below 0.01"
    return "above 0.99" if chance > 0.995 else f"{chance:.2f}"


def _figure(found: float | None, unit: str = "") -> str:
    if unit == "share" and found is not None:
        return f"{number(100 * found, 3)} %"
    return number(found, digits=4, blank=_BLANK)


def _points(found: float | None, digits: int, blank: str) -> str:
    return blank if found is None else f"{number(100 * found, digits)} points"


def _still(row: dict[str, Any]) -> str:
    if not _ahead(row):
        return ""
    return f"; probability that it does in {row['target_year']}: {probability(row['probability'])}"


def _odds(row: dict[str, Any]) -> str:
    if not _ahead(row):
        return ""
    return f" (probability of reaching it by {row['target_year']}: {probability(row['probability'])})"


def _ahead(row: dict[str, Any]) -> bool:
    return not row["passed"] and row["probability"] is not None and row["target_year"] is not None
