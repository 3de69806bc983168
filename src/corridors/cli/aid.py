"""Aid about migration from project files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from corridors.cli.options import FormatOption, OutputOption, examples
from corridors.cli.output import emit_rows

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
        Path | None, typer.Option(help="CSV of projects you labelled: project_title, relevant (1 or 0), …")
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
    emit_rows(found.to_polars(), format, output)


def _measured(file: Path, humanitarian: bool, in_donor: bool) -> Any:
    import polars as pl

    from corridors.cooperation.aid import accuracy_of
    from corridors.errors import DataError, NotFound

    if not file.is_file():
        raise NotFound(f"there is no file {file}", remedy="give a CSV of labelled projects")
    try:
        rows = pl.read_csv(file, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(f"{file} can not be read as CSV", str(error).split("\n")[0]) from error
    if "purpose_code" in rows.columns:
        rows = rows.with_columns(pl.col("purpose_code").cast(pl.Int64, strict=False))
    return accuracy_of(rows, humanitarian=humanitarian, in_donor=in_donor, origin=file.name)
