"""Aid about migration from project files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from corridors.cli.options import FormatOption, OutputOption, examples
from corridors.cli.output import Format, emit_rows, format_of

app = typer.Typer()


@app.command(
    epilog=examples(
        'corridors aid "CRS 2021 data.txt"',
        "corridors aid CRS.parquet --by donor --by year -o aid.csv",
        "corridors aid CRS.parquet --to-label 60 -o label.csv",
        "corridors aid CRS.parquet --labelled label.csv --commitments",
    )
)
def aid(
    files: Annotated[list[Path], typer.Argument(help="project files of the OECD: .txt, .csv or .parquet")],
    by: Annotated[list[str] | None, typer.Option(help="year, donor, recipient or concern [year]")] = None,
    commitments: Annotated[bool, typer.Option(help="commitments instead of disbursements")] = False,
    current: Annotated[bool, typer.Option(help="current instead of constant prices")] = False,
    humanitarian: Annotated[bool, typer.Option(help="let humanitarian purposes count by keyword")] = False,
    in_donor: Annotated[bool, typer.Option(help="let refugees' costs in donor countries count")] = False,
    labelled: Annotated[
        Path | None, typer.Option(help="file of projects you labelled: project_title, relevant (1 or 0), …")
    ] = None,
    to_label: Annotated[
        int | None, typer.Option(min=1, help="print so many flagged projects of each kind to label")
    ] = None,
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Add up aid about migration: by purpose code, with keywords, and put right for their errors.

    How far the keywords can be trusted is written to the standard error.
    """
    from typing import cast

    from corridors.cooperation.aid import labelling_sample, migration_aid

    found = migration_aid(
        list(files),
        by=cast(Any, by or ["year"]),
        amount="commitment" if commitments else "disbursement",
        deflated=not current,
        humanitarian=humanitarian,
        in_donor=in_donor,
        accuracy=None if labelled is None else _measured(labelled, humanitarian, in_donor),
    )
    if to_label is not None:
        emit_rows(labelling_sample(found.projects, to_label), format, output)
        return
    typer.echo(found.summary(), err=True)
    rows = found.to_polars()
    emit_rows(rows.drop("rates_from") if format_of(format, output) is Format.table else rows, format, output)


def _measured(file: Path, humanitarian: bool, in_donor: bool) -> Any:
    from corridors.cooperation.aid import accuracy_of

    return accuracy_of(file, humanitarian=humanitarian, in_donor=in_donor, origin=file.name)
