"""What agreements provide for: shares, trends, what goes with what."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.stats import false_discovery_control

from corridors.cooperation.agreements.coded_agreements import PROVISIONS, as_agreements
from corridors.cooperation.agreements.groups import Grouping, check_grouping, with_groups
from corridors.cooperation.agreements.trend import trend_test
from corridors.intake import IntoTable
from corridors.numerics.blas import one_blas_thread
from corridors.numerics.intervals import wilson
from corridors.parameters import value

ALL = "all"


def provisions(
    agreements: IntoTable,
    *,
    by: Grouping | None = None,
    places: IntoTable | None = None,
    level: float | None = None,
) -> pl.DataFrame:
    """Share of agreements that have each provision.

    Parameters
    ----------
    agreements
        As for :func:`as_agreements`.
    by
        ``"decade"`` of signature, ``"region_pair"``, ``"income_pair"``; None for all together.
    places
        Regions and income groups; default the register of places.
    level
        Probability of the interval; default the project's ``interval_level``.

    Returns
    -------
    polars.DataFrame
        ``provision``, ``group``, ``agreements``, ``coded``, ``present``, ``share`` of the coded (null
        where none is), ``lower``, ``upper`` (Wilson), ``low_bound`` and ``high_bound``: the share of all
        agreements if none, or all, of those not coded had it.

    Notes
    -----
    The interval treats coded texts as drawn by chance from texts like them; they are those that
    could be found, so the bounds are what is certain.

    Examples
    --------
    >>> from corridors.cooperation.agreements import provisions
    >>> table = {"agreement": [1, 2, 3], "party_a": ["PHL"] * 3, "party_b": ["JOR", "SAU", "KOR"],
    ...          "year": [2010, 2013, 2017], "remittances": [1, 0, None]}
    >>> provisions(table).filter(provision="remittances").select(
    ...     "coded", "share", "low_bound", "high_bound").row(0)
    (2, 0.5, 0.3333333333333333, 0.6666666666666666)
    """
    check_grouping(by)
    table = as_agreements(agreements)
    grouped = table.with_columns(group=pl.lit(ALL))
    if by is not None:
        grouped = with_groups(table, places).with_columns(group=pl.col(by))
    return _counted(grouped, value("interval_level") if level is None else level)


def _counted(grouped: pl.DataFrame, level: float) -> pl.DataFrame:
    sizes = grouped.group_by("group").agg(
        pl.len().cast(pl.Int64).alias("agreements"),
        *(pl.col(name).count().cast(pl.Int64).alias(f"n:{name}") for name in PROVISIONS),
        *(pl.col(name).sum().cast(pl.Int64).alias(f"x:{name}") for name in PROVISIONS),
    )
    index = ["group", "agreements"]
    long = [
        sizes.select(*index, pl.col(f"^{mark}:.*$"))
        .unpivot(index=index, variable_name="provision", value_name=name)
        .with_columns(pl.col("provision").str.slice(2))
        for mark, name in (("n", "coded"), ("x", "present"))
    ]
    counts = long[0].join(long[1], on=["group", "agreements", "provision"])
    lower, upper = wilson(counts["present"].to_numpy(), counts["coded"].to_numpy(), level=level)
    order = pl.col("provision").replace_strict({p: i for i, p in enumerate(PROVISIONS)})
    unknown = pl.col("agreements") - pl.col("coded")
    return (
        counts.with_columns(
            share=pl.when(pl.col("coded") > 0).then(pl.col("present") / pl.col("coded")),
            lower=pl.Series(lower).fill_nan(None),
            upper=pl.Series(upper).fill_nan(None),
            low_bound=pl.col("present") / pl.col("agreements"),
            high_bound=(pl.col("present") + unknown) / pl.col("agreements"),
        )
        .sort(order, "group")
        .select("provision", "group", "agreements", "coded", "present", pl.col("share", "lower", "upper"),
                "low_bound", "high_bound")
    )  # fmt: skip


def provision_trends(agreements: IntoTable) -> pl.DataFrame:
    """Whether provisions became more common, decade by decade.

    Parameters
    ----------
    agreements
        As for :func:`as_agreements`; only coded provisions count.

    Returns
    -------
    polars.DataFrame
        ``provision``, ``coded``, ``change_per_decade`` (share), ``z``, ``p_value`` (Cochran-Armitage,
        two-sided), ``p_adjusted`` (Benjamini and Hochberg over all provisions).

    Examples
    --------
    >>> from corridors.cooperation.agreements import provision_trends
    >>> table = {"agreement": range(8), "party_a": ["PHL"] * 8, "party_b": ["JOR"] * 8,
    ...          "year": [1995] * 4 + [2015] * 4, "remittances": [0, 0, 0, 1, 1, 1, 1, 0]}
    >>> row = provision_trends(table).filter(provision="remittances")
    >>> row["change_per_decade"].item()
    0.25
    """
    counts = _counted(as_agreements(agreements).with_columns(group=pl.col("year") // 10), 0.8)
    rows = []
    for (name,), part in counts.group_by("provision", maintain_order=True):
        found = trend_test(part["present"].to_numpy(), part["coded"].to_numpy(), part["group"].to_numpy())
        rows.append((name, part["coded"].sum(), *found))
    schema = ["provision", "coded", "change_per_decade", "z", "p_value"]
    table = pl.DataFrame(rows, schema=schema, orient="row", infer_schema_length=None)
    p = table["p_value"].to_numpy()
    adjusted = np.full(p.shape, np.nan)
    if (known := ~np.isnan(p)).any():
        adjusted[known] = false_discovery_control(p[known])
    return table.with_columns(p_adjusted=adjusted).with_columns(pl.col(pl.Float64).fill_nan(None))


def co_occurrence(agreements: IntoTable) -> pl.DataFrame:
    """Which provisions go together.

    Parameters
    ----------
    agreements
        As for :func:`as_agreements`; a pair counts agreements in which both are coded.

    Returns
    -------
    polars.DataFrame
        ``provision_a``, ``provision_b``, ``coded``, ``both``, ``expected`` (were they independent),
        ``jaccard`` (both over either), ``phi`` (correlation); each pair once, strongest phi first.

    Examples
    --------
    >>> from corridors.cooperation.agreements import co_occurrence
    >>> table = {"agreement": [1, 2], "party_a": ["PHL"] * 2, "party_b": ["JOR", "SAU"],
    ...          "year": [2010, 2013], "quota": [1, 0], "remittances": [1, 0]}
    >>> co_occurrence(table).row(0, named=True)["phi"]
    1.0
    """
    table = as_agreements(agreements).select(PROVISIONS)
    coded = table.select(pl.all().is_not_null()).cast(pl.Float64).to_numpy()
    yes = table.fill_null(False).cast(pl.Float64).to_numpy()
    with one_blas_thread():
        n, both, one = coded.T @ coded, yes.T @ yes, yes.T @ coded
    first, second = np.triu_indices(len(PROVISIONS), 1)
    size, a, b, joint = n[first, second], one[first, second], one[second, first], both[first, second]
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(a * (size - a) * b * (size - b))
        columns = {
            "expected": a * b / size,
            "jaccard": joint / (a + b - joint),
            "phi": (size * joint - a * b) / spread,
        }
    names = np.array(PROVISIONS)
    frame = pl.DataFrame(
        {"provision_a": names[first], "provision_b": names[second]}
        | {"coded": size.astype(np.int64), "both": joint.astype(np.int64)}
        | {name: np.where(np.isfinite(values), values, np.nan) for name, values in columns.items()}
    )
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None)).sort(
        "phi", descending=True, nulls_last=True, maintain_order=True
    )
