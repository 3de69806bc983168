"""Tables of the atlas that are made, not taken over."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from corridors.atlas.schema import PUBLISHED
from corridors.evidence import Evidence
from corridors.migration import SEXES, FlowEstimate
from corridors.parameters import parameters
from corridors.version import __version__

# Table, rule, key, message, value, reference: a row of the table ``finding``.
Finding = tuple[str, str, str, str, float | None, float | None]


def stock_table(known: Evidence) -> pl.DataFrame:
    """Migrant stock, one row a sex; the total is female + male."""
    wide = known.table("migrant_stock").with_columns(total=pl.col("female") + pl.col("male"))
    return wide.unpivot(
        on=list(SEXES), index=["origin", "destination", "year", "source"], variable_name="sex"
    ).with_columns(pl.col("value").cast(pl.Float64))


def source_table(known: Evidence) -> pl.DataFrame:
    """The cards of all sources."""
    return pl.DataFrame(
        [
            {
                "source": card.id,
                "table_name": PUBLISHED.get(card.table, card.table),
                **{name: getattr(card, name) for name in _CARD_FIELDS},
                "accessed": card.accessed or None,
                "superseded": card.superseded or None,
            }
            for card in known.cards
        ],
        schema_overrides={"last_year": pl.Int64, "accessed": pl.String, "superseded": pl.String},
    )


_CARD_FIELDS = (
    "title",
    "publisher",
    "revision",
    "licence",
    "unit",
    "years",
    "note",
    "last_year",
    "file",
    "sha256",
    "rows",
)


def net_table(estimate: FlowEstimate) -> pl.DataFrame:
    """Arrivals, departures and net migration by method, beside the accounting identity."""
    closed = estimate.account.net
    return pl.concat(
        estimate.net(method).rename({"net_migration": "value"}).with_columns(
            period_start=pl.lit(estimate.period[0]),
            period_end=pl.lit(estimate.period[1]),
            sex=pl.lit(estimate.sex),
            method=pl.lit(method),
            identity=estimate.implied_net,
            world_balance=closed - estimate.implied_net,
        )
        for method in estimate.flows
    )  # fmt: skip


def evidence_findings(known: Evidence) -> pl.DataFrame:
    """Contradictions among the published figures."""
    return known.findings.select(
        table_name=pl.col("table").replace(dict(PUBLISHED)),
        rule="rule",
        key="key",
        message="message",
        value=pl.col("value").cast(pl.Float64),
        reference=pl.col("limit").cast(pl.Float64),
    )


def flow_findings(estimate: FlowEstimate) -> pl.DataFrame:
    """What was changed or left out so that the accounts close."""
    label = f"{estimate.period[0]}–{estimate.period[1]}, {estimate.sex}"
    rows = [
        ("migrant_flow", a.rule, f"{a.place}, {label}", a.message, a.before, a.after)
        for a in estimate.adjustments
    ]
    return finding_table(rows)


def finding_table(rows: Sequence[Finding]) -> pl.DataFrame:
    """Findings: table, rule, key, message, value, reference."""
    names = ["table_name", "rule", "key", "message", "value", "reference"]
    types = dict.fromkeys(names[:4], pl.String) | dict.fromkeys(names[4:], pl.Float64)
    return pl.DataFrame(rows, schema=names, schema_overrides=types, orient="row")


def parameter_table() -> pl.DataFrame:
    """The parameters of all methods."""
    names = ("name", "value", "unit", "distribution", "source", "source_status", "description")
    return pl.DataFrame([{n: getattr(p, n) for n in names} for p in parameters().values()])


def run_table(
    draws: int, seed: int, figures: str | Path | None, lock: str | Path | None, as_of: date
) -> pl.DataFrame:
    """One row about this build."""
    return pl.DataFrame(
        {
            "version": [f"{__version__} (Python {platform.python_version()})"],
            "built_at": [datetime.now(UTC).isoformat(timespec="seconds")],
            "seed": [seed],
            "draws": [draws],
            "figures": [str(figures) if figures is not None else "embedded"],
            "fetched": [str(lock) if lock is not None else "nothing"],
            "as_of": [as_of.isoformat()],
        }
    )
