"""Measures of how near estimated flows are to reported ones."""

from __future__ import annotations

import numpy as np
import polars as pl

from corridors.numerics.typing import Array

MEASURES = (
    "count",
    "log",
    "proportion",
    "rate",
    "emigration",
    "immigration",
    "net",
    "mean_error",
    "median_error",
    "bias",
    "coverage",
)
"""Names of the measures, in their order; see :func:`flow_measures`."""

# Errors of a few people are no relative errors.
LEAST_REPORTED = 100.0


def flow_measures(pairs: pl.DataFrame) -> dict[str, float | None]:
    """Measures over pairs of an estimate and a report.

    Parameters
    ----------
    pairs
        ``origin``, ``reporter``, ``side``, ``period_start``, ``value`` (estimate, persons), ``reported``
        (persons); where known ``people`` (of the origin, persons) and bounds ``lower``, ``upper``.

    Returns
    -------
    dict
        By name of ``MEASURES``; None where there is too little to tell. Correlations (Pearson) of
        ``count``; ``log`` of one more than the count; ``proportion`` of what the reporting origin sends in
        all; ``rate`` of the origin's people; ``emigration``, ``immigration`` and ``net``: totals over the
        pairs of each reporter that reports them. ``mean_error``: mean absolute error, persons.
        ``median_error``: median of the relative errors, and ``bias``: median ratio less one, over reports
        of 100 people or more. ``coverage``: share of reports between the bounds.

    Notes
    -----
    The six correlations are those of Abel and Cohen (2019, 2022).

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.evaluation import flow_measures
    >>> pairs = pl.DataFrame({"origin": ["A", "A", "A", "B"], "reporter": ["A"] * 4,
    ...     "side": ["emigrants"] * 3 + ["immigrants"], "period_start": [2000] * 4,
    ...     "value": [150.0, 300.0, 75.0, 40.0], "reported": [100.0, 200.0, 50.0, 30.0]})
    >>> found = flow_measures(pairs)
    >>> round(found["proportion"], 6), found["median_error"], found["mean_error"]
    (1.0, 0.5, 46.25)
    """
    x, y = (pairs[name].to_numpy() for name in ("value", "reported"))
    totals = pairs.group_by("reporter", "period_start", "side", maintain_order=True).agg(
        pl.col("value", "reported").sum()
    )
    left, came = (totals.filter(side=side) for side in ("emigrants", "immigrants"))
    both = came.join(left, on=["reporter", "period_start"], suffix="_left")
    large = y >= LEAST_REPORTED
    ratio = x[large] / y[large]
    return {
        "count": _correlation(x, y),
        "log": _correlation(np.log1p(x), np.log1p(y)),
        "proportion": _proportion(pairs),
        "rate": _rate(pairs),
        "emigration": _correlation(left["value"].to_numpy(), left["reported"].to_numpy()),
        "immigration": _correlation(came["value"].to_numpy(), came["reported"].to_numpy()),
        "net": _correlation(
            (both["value"] - both["value_left"]).to_numpy(),
            (both["reported"] - both["reported_left"]).to_numpy(),
        ),
        "mean_error": float(np.abs(x - y).mean()) if x.size else None,
        "median_error": float(np.median(np.abs(ratio - 1))) if ratio.size else None,
        "bias": float(np.median(ratio) - 1) if ratio.size else None,
        "coverage": _coverage(pairs),
    }


def _correlation(x: Array, y: Array) -> float | None:
    if x.size < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return float(np.corrcoef(x, y)[0, 1])


def _proportion(pairs: pl.DataFrame) -> float | None:
    """Of what an origin sends: only its own reports know all destinations."""
    whole = pl.col("value", "reported").sum().over("origin", "period_start").name.suffix("_all")
    sent = pairs.filter(side="emigrants").with_columns(whole)
    sent = sent.filter(pl.col("value_all") > 0, pl.col("reported_all") > 0)
    return _correlation(
        (sent["value"] / sent["value_all"]).to_numpy(), (sent["reported"] / sent["reported_all"]).to_numpy()
    )


def _rate(pairs: pl.DataFrame) -> float | None:
    if "people" not in pairs.columns:
        return None
    known = pairs.filter(pl.col("people") > 0)
    people = known["people"].to_numpy()
    return _correlation(known["value"].to_numpy() / people, known["reported"].to_numpy() / people)


def _coverage(pairs: pl.DataFrame) -> float | None:
    if not {"lower", "upper"} <= set(pairs.columns):
        return None
    bounded = pairs.filter(pl.col("lower").is_not_null(), pl.col("upper").is_not_null())
    if bounded.is_empty():
        return None
    inside = bounded["reported"].is_between(bounded["lower"], bounded["upper"]).to_numpy()
    return float(inside.mean())
