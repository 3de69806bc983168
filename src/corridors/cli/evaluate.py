"""Estimates held against what offices have counted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corridors.cli.options import AtlasOption, FormatOption, OutputOption, SexOption, examples
from corridors.cli.output import emit_rows

app = typer.Typer(no_args_is_help=True, help="Hold estimates against what offices have counted.")


@app.callback()
def group() -> None:
    """Hold estimates against what offices have counted."""


@app.command(
    epilog=examples(
        "corridors evaluate flows reported.csv",
        "corridors evaluate flows reported.csv --by reporter --method pseudo-bayes -f csv",
        "corridors evaluate flows annual.csv.gz --criterion citizenship --least-years 5",
    )
)
def flows(
    reported: Annotated[
        Path, typer.Argument(help="file with origin, destination, year, value; reporter, side, criterion")
    ],
    method: Annotated[
        list[str] | None, typer.Option("--method", "-m", help="method, several times for several [all]")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="tell apart by reporter, side, size, period_start or another column")
    ] = None,
    criterion: Annotated[str, typer.Option(help="residence, citizenship or birth")] = "residence",
    least_years: Annotated[
        int, typer.Option(min=1, help="least number of years of a period that a pair must have")
    ] = 4,
    sex: SexOption = "total",
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Flows of the atlas beside flows that offices report: correlations, errors, coverage of intervals.

    Reported flows of calendar years are added up over the periods of the atlas. How much was compared, and
    what was set aside, is written to the standard error. The measures are explained in the page "How right
    are these flows?" of the documentation.
    """
    from corridors.atlas import open_atlas
    from corridors.intake.files import read_file
    from corridors.migration.evaluation import evaluate_flows, reported_flows

    world = open_atlas(atlas)
    estimates = world.table("migrant_flow", where="kind = 'total'").filter(sex=sex)
    periods = sorted(set(estimates.select("period_start", "period_end").iter_rows()))
    counts = reported_flows(
        read_file(reported, ["origin", "destination", "year", "value"]),
        periods,
        criterion=criterion,
        least_years=least_years,
    )
    found = evaluate_flows(estimates, counts, world.table("population"), methods=method, by=by)
    typer.echo(found.summary(), err=True)
    emit_rows(found.to_polars(), format, output)
