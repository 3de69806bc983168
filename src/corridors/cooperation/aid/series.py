"""How much aid is about migration: a low, a central and a high figure, and one put right for errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from corridors.cooperation.aid.about_migration import flagged
from corridors.cooperation.aid.accuracy import Accuracy, embedded_accuracy
from corridors.cooperation.aid.adjust import adjusted
from corridors.cooperation.aid.reading import open_activities
from corridors.errors import DataError
from corridors.intake import IntoTable
from corridors.numerics.typing import Array
from corridors.results import Result

By = Literal["year", "donor", "recipient", "concern"]
Amount = Literal["disbursement", "commitment"]
_GROUPS = {"year": "year", "donor": "donor_name", "recipient": "recipient_name", "concern": "concern"}


@dataclass(frozen=True, slots=True)
class MigrationAid(Result):
    """Aid about migration, by group.

    Attributes
    ----------
    table
        One row a group: ``low`` (purpose 15190), ``central`` (and confident keywords), ``high`` (and
        plausible ones), ``adjusted`` with ``lower`` and ``upper`` (USD million); ``projects``;
        ``without_amount``: flagged rows whose amount is missing and counts in no sum; ``rates_from``:
        on what the rates of the adjustment were measured.
    by, amount, deflated
        What was asked for.
    projects
        The flagged rows with stratum, score and concern.
    accuracy
        What the adjustment rests on.
    """

    table: pl.DataFrame
    by: tuple[By, ...]
    amount: Amount
    deflated: bool
    projects: pl.DataFrame
    accuracy: Accuracy

    def to_polars(self) -> pl.DataFrame:
        """The table by group."""
        return self.table

    def summary(self) -> str:
        """What is counted, the totals, and how far the keywords can be trusted."""
        total = aggregated(self.projects, (), amount_column(self.amount, self.deflated), self.accuracy)
        price = "deflated" if self.deflated else "current"
        lines = [f"Aid about migration: {self.amount}s, USD million, {price}"]
        if total.height:
            row = total.to_dicts()[0]
            ends = ("low", "central", "high", "adjusted", "lower", "upper")
            cells = {k: "not known" if row[k] is None else f"{row[k]:,.1f}" for k in ends}
            lines += [
                f"  purpose 15190 alone {cells['low']}; with confident keywords {cells['central']}; "
                f"with plausible ones {cells['high']}",
                f"  put right for errors of the keywords {cells['adjusted']}, 80 % interval "
                f"{cells['lower']} to {cells['upper']} (rates of {self.accuracy.origin})",
                f"  {row['projects']:,} projects, {row['without_amount']:,} of them without an amount",
            ]
        return "\n".join([*lines, self.accuracy.summary()])

    def key_columns(self) -> tuple[str, ...]:
        """Columns that name a row."""
        return tuple(self.by)


def migration_aid(
    files: str | Path | Sequence[str | Path],
    *,
    by: By | Sequence[By] = "year",
    amount: Amount = "disbursement",
    deflated: bool = True,
    humanitarian: bool = False,
    in_donor: bool = False,
    words: IntoTable | None = None,
    accuracy: Accuracy | None = None,
) -> MigrationAid:
    """Aid about migration in project files of the Creditor Reporting System.

    Parameters
    ----------
    files
        One or several files; see :func:`open_activities`. Only flagged rows are held in memory.
    by
        ``year``, ``donor``, ``recipient`` or ``concern``, or several.
    amount
        ``disbursement`` or ``commitment``.
    deflated
        Constant prices (of the base year of the file) or current ones. Files of different base years
        must not be mixed.
    humanitarian, in_donor, words
        As in :func:`classify`.
    accuracy
        From your own labelled projects; default :func:`embedded_accuracy`.

    Returns
    -------
    MigrationAid

    Raises
    ------
    DataError
        A file lacks the amount, or is no project file.

    Notes
    -----
    With C and P the sums of the confident and plausible strata, p their precision and r the recall of the
    keywords, adjusted = coded + (C p_c + P p_p) / r. The interval holds the error of the three rates and
    the chance that single projects are not about migration or were missed; see
    :func:`corridors.cooperation.aid.adjust.adjusted`. Rates count projects, not money, and those of the
    sample are taken to hold in every group. Purpose 15190 is taken as the donor reported it.
    """
    chosen: tuple[By, ...] = (by,) if isinstance(by, str) else tuple(by)
    if unknown := [name for name in chosen if name not in _GROUPS]:
        raise DataError(f"can not group by {', '.join(unknown)}", remedy=f"use {', '.join(_GROUPS)}")
    paths = [files] if isinstance(files, str | Path) else list(files)
    if not paths:
        raise DataError("no file is given", remedy="give project files of the OECD")
    column = amount_column(amount, deflated)
    parts: list[pl.DataFrame] = []
    for path in paths:
        with open_activities(path) as rows:
            some = flagged(rows, humanitarian=humanitarian, in_donor=in_donor, words=words)
            part = some.collect(engine="streaming").with_columns(file=pl.lit(Path(path).name))
        if part.height and part[column].is_null().all():
            raise DataError(
                f"{Path(path).name} has no {column} for any project about migration",
                remedy="ask for current prices, or for the other of commitments and disbursements",
            )
        parts.append(part)
    projects = pl.concat(parts)
    trust = accuracy or embedded_accuracy()
    return MigrationAid(
        aggregated(projects, chosen, column, trust), chosen, amount, deflated, projects, trust
    )


def amount_column(amount: str, deflated: bool) -> str:
    """Name of the column of an amount.

    Examples
    --------
    >>> amount_column("commitment", True)
    'usd_commitment_defl'
    """
    if amount not in ("disbursement", "commitment"):
        raise DataError(f"amounts are disbursement or commitment, not {amount!r}")
    return f"usd_{amount}{'_defl' if deflated else ''}"


def aggregated(projects: pl.DataFrame, by: Sequence[By], column: str, accuracy: Accuracy) -> pl.DataFrame:
    """Sums of flagged projects by group.

    Parameters
    ----------
    projects
        Rows with ``stratum``, the amount and the columns of the groups.
    by
        Groups; none for one row.
    column
        The amount.
    accuracy
        Precision by stratum and recall.

    Returns
    -------
    DataFrame
        As :attr:`MigrationAid.table`.
    """
    keys = [pl.col(_GROUPS[name]).alias(name) for name in by] or [pl.lit("all").alias("all")]

    def total(*strata: str) -> pl.Expr:
        return pl.col(column).filter(pl.col("stratum").is_in(strata)).sum()

    table = projects.group_by(keys).agg(
        low=total("coded"),
        central=total("coded", "confident"),
        high=total("coded", "confident", "plausible"),
        projects=pl.len(),
        without_amount=pl.col(column).null_count(),
    )
    # Where no amount at all is known the sums are not zero but unknown.
    known = pl.col("without_amount") < pl.col("projects")
    table = table.with_columns(pl.when(known).then(pl.col("low", "central", "high")))
    amounts = _keyword_amounts(projects.select(*keys, "stratum", column).drop_nulls(column), keys, column)
    pool = np.concatenate([one for pair in amounts.values() for one in pair] or [np.empty(0)])
    nothing = (np.empty(0), np.empty(0))
    names = list(by) or ["all"]
    put_right = [
        (None, None, None)
        if row["low"] is None
        else adjusted(row["low"], *amounts.get(tuple(row[n] for n in names), nothing), accuracy, others=pool)
        for row in table.iter_rows(named=True)
    ]
    ends = pl.DataFrame(
        put_right, schema=dict.fromkeys(("adjusted", "lower", "upper"), pl.Float64), orient="row"
    )
    table = table.hstack(ends.fill_nan(None)).with_columns(rates_from=pl.lit(accuracy.origin))
    order = [*names, "low", "central", "high", "adjusted", "lower", "upper", "projects", "without_amount",
             "rates_from"]  # fmt: skip
    return table.select(order).sort(names, nulls_last=True).drop("all", strict=False)


def _keyword_amounts(
    projects: pl.DataFrame, keys: list[pl.Expr], column: str
) -> dict[tuple[object, ...], tuple[Array, Array]]:
    """Amounts of the projects that keywords found, surely and plausibly, by group."""
    names = projects.columns[: len(keys)]
    found = projects.filter(pl.col("stratum").is_in(["confident", "plausible"]))
    return {
        key: (
            rows.filter(stratum="confident")[column].to_numpy(),
            rows.filter(stratum="plausible")[column].to_numpy(),
        )
        for key, rows in found.group_by(names, maintain_order=True)
    }


def labelling_sample(projects: pl.DataFrame, per_stratum: int = 60, *, seed: int = 0) -> pl.DataFrame:
    """Flagged projects to read and label: write 1 or 0 in ``relevant``, then call :func:`accuracy_of`.

    Parameters
    ----------
    projects
        ``MigrationAid.projects``. Recall needs projects that were not flagged too: add some at random
        from the file.
    per_stratum
        How many of each keyword stratum, at most.
    seed
        Of the draw.

    Returns
    -------
    DataFrame
        The texts, ``purpose_code``, ``stratum`` and an empty ``relevant``.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"project_title": ["a", "b"], "short_description": "", "long_description": "",
    ...     "purpose_code": 1, "stratum": ["coded", "confident"]})
    >>> labelling_sample(rows)["project_title"].to_list()
    ['b']
    """
    drawn = [
        some.sample(min(per_stratum, some.height), seed=seed, shuffle=True)
        for stratum in ("confident", "plausible")
        if (some := projects.filter(stratum=stratum)).height
    ]
    rows = pl.concat(drawn) if drawn else projects.clear()
    texts = ("project_title", "short_description", "long_description", "purpose_code", "stratum")
    return rows.select(texts).with_columns(relevant=pl.lit(None, pl.Int64))
