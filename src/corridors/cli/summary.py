"""What a person sees while and after the atlas is built."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import polars as pl

from corridors.figure_age import old_words

if TYPE_CHECKING:
    from corridors.building import BuildSummary

_RULES = {
    "repeated-stock": "the same stock in two stock years, one figure repeated",
    "stock-over-population": "migrant stock too large for the population: scaled down",
    "birthplace-total": "account infeasible: birthplace total changed by the least amount",
    "borrowed-stock": "stock not published at an end of a period: shares of the nearest year",
    "left-out": "no bilateral stock at all: left out of flows",
    "years-exceed-period": "years that do not add up to their period, because net migration swings",
}


@contextmanager
def progress_bar(silent: bool) -> Generator[Callable[[str, int, int], None] | None]:
    """A progress bar on the standard error; nothing when ``silent``."""
    if silent:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<34}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading figures", total=None)

        def show(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield show


def build_text(summary: BuildSummary) -> str:
    """The result of a build in a dozen lines."""
    lines = [
        f"Atlas of the world in {summary.path} ({summary.path.stat().st_size / 1e6:.0f} MB, "
        f"{summary.seconds:.1f} s)",
        "",
        f"  {summary.countries} countries and areas, {summary.corridors:,} corridors",
        f"  {summary.world_stock / 1e6:,.1f} million migrants in {summary.last_year}, of whom "
        f"{summary.unknown_origin / 1e6:,.1f} million of other and unknown origins",
        "  flows, million people (pseudo-Bayes estimate):  in the period  per year",
        *(
            f"    {start}–{end} ({end - start} years)           {total / 1e6:18.1f}  "
            f"{total / 1e6 / (end - start):8.1f}"
            for (start, end), total in summary.flows.items()
        ),
        "",
        *_findings(summary.findings),
        f"How old the figures are: {old_words(len(summary.old), summary.sources, summary.day)}",
        *(f"  {line}" for line in summary.old),
        "",
        "Try next:",
        "  corridors serve                              the atlas in a browser",
        "  corridors corridor MEX USA",
        "  corridors country PHL",
        "  corridors why migrant_flow MEX USA 2010",
        "  corridors claims --paragraph 3               what was said, checked",
        "",
    ]
    return "\n".join(lines)


def _findings(findings: pl.DataFrame) -> list[str]:
    lines = ["Contradictions and gaps in the figures, and what was done:"]
    for rule, words in _RULES.items():
        rows = findings.filter(rule=rule)
        if not rows.is_empty():
            named = sorted({key.split(",")[0] for key in rows["key"]})
            more = f" and {len(named) - 8} more" if len(named) > 8 else ""
            lines.append(f"  {words}: {', '.join(named[:8])}{more}")
    others = findings.filter(~pl.col("rule").is_in([*_RULES, "world-balance"]))
    counts = others.group_by("table_name").len().sort("len", descending=True)
    lines.append("  others: " + ", ".join(f"{table} {number:,}" for table, number in counts.iter_rows()))
    return [*lines, "  'corridors table finding' has them all, a row each", ""]
