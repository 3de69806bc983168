"""Commitments against the record, and indicators from files."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridors.cli.options import AtlasOption, FormatOption, OutputOption, examples
from corridors.cli.output import Format, emit_rows, format_of

if TYPE_CHECKING:
    import polars as pl

app = typer.Typer()

# What fits on a terminal; the other formats have all columns.
_SHOWN = ("commitment", "status", "probability", "explanation", "data_note", "alert")


@app.command(
    epilog=examples(
        "corridors monitor",
        "corridors monitor --register my_register --as-of 2026-06-30 -o judged.csv",
        "corridors monitor --register pledges.toml --observations survey.csv",
    )
)
def monitor(
    register: Annotated[
        Path | None, typer.Option(help="file or folder of commitments [those of the atlas]")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="day of judgement [today]")
    ] = None,
    observations: Annotated[
        Path | None,
        typer.Option(help="file with indicator, place, year, value, lower, upper; goes before the atlas"),
    ] = None,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Judge commitments: met, on course, off course, regressing, overdue or no data.

    Without a register: the commitments of the atlas as it judged them. With one: judged anew against the
    indicators of the atlas and your observations.
    """
    from corridors.errors import DataError
    from corridors.figure_age import judged_headline

    if register is None:
        if observations is not None or as_of is not None:
            raise DataError(
                "the commitments of the atlas are judged when it is built",
                remedy="give --register, with --as-of and --observations if you like",
            )
        from corridors.atlas import open_atlas

        opened = open_atlas(atlas)
        rows, day = opened.table("commitment"), opened.table("run")["as_of"].item()
    else:
        from corridors.building.steps.measures import measures, scopes
        from corridors.cooperation.monitor import judge
        from corridors.cooperation.monitor.inputs import (
            no_observations,
            read_observations,
            refuse_unknown_indicators,
        )
        from corridors.cooperation.register import load

        own = no_observations() if observations is None else read_observations(observations)
        record = _record(atlas, own)
        judged_on = date.today() if as_of is None else as_of.date()
        commitments = load(register, indicators=scopes()).commitments(judged_on)
        refuse_unknown_indicators(own, {*scopes(), *commitments["indicator"].drop_nulls()})
        judged = judge(commitments, record, as_of=judged_on, measures=measures())
        rows, day = judged.to_polars(), judged_on.isoformat()
    typer.echo(judged_headline(rows, day), err=True)
    if format_of(format, output) is Format.table:
        rows = rows.select(name for name in _SHOWN if name in rows.columns)
    emit_rows(rows, format, output)


@app.command(
    epilog=examples(
        "corridors indicator 10.7.1 workers.csv",
        "corridors indicator 10.7.3 incidents.csv --by route --by year --movers crossings.csv",
        "corridors indicator 10.c.1 corridors.xlsx --amount 200 -o cost.csv",
        "corridors indicator 10.7.1 workers.csv --observe --place Nepal --year 2024 -o survey.csv",
    )
)
def indicator(
    name: Annotated[str, typer.Argument(help="10.7.1, 10.7.2, 10.7.3, 10.7.4 or 10.c.1")],
    file: Annotated[Path, typer.Argument(help="CSV, Parquet or Excel file")],
    by: Annotated[
        list[str] | None, typer.Option("--by", help="10.7.3: year, route, region; several times for several")
    ] = None,
    movers: Annotated[
        Path | None, typer.Option(help="10.7.3: file with the columns of --by and movers")
    ] = None,
    amount: Annotated[float, typer.Option(help="10.c.1: what is sent, in the money of the fees")] = 200.0,
    observe: Annotated[
        bool, typer.Option("--observe", help="10.7.1, 10.7.2: write observations for 'corridors monitor'")
    ] = False,
    place: Annotated[str | None, typer.Option(help="of the observations: code or name")] = None,
    year: Annotated[int | None, typer.Option(help="of the observations")] = None,
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Work out a migration indicator of the Sustainable Development Goals from your file.

    What the interval is and what the figures do not say is written to the standard error.
    """
    from corridors.cooperation.sdg import INDICATORS, as_observations, deaths_in_migration
    from corridors.errors import NotFound

    key = name.lower()
    known = (*INDICATORS, "10.c.1")
    if key not in known:
        raise NotFound(f"no indicator is called {name!r}", f"known: {', '.join(known)}")
    if key == "10.7.3":
        found = deaths_in_migration(file, by=by or ["year"], movers=movers)
    elif key == "10.c.1":
        from corridors.remittances.prices import remittance_cost

        found = remittance_cost(file, amount=amount)
    else:
        found = INDICATORS[key](file)
    typer.echo(found.summary(), err=True)
    table = as_observations(found, place=place, year=year) if observe else found.table
    emit_rows(table, format, output)


def _record(atlas: Path | None, own: pl.DataFrame) -> pl.DataFrame:
    """Observations of the atlas, those of the user in their place where both have one."""
    import polars as pl

    from corridors.atlas import open_atlas
    from corridors.cooperation.monitor.inputs import read_observations
    from corridors.errors import NotFound

    try:
        known = read_observations(open_atlas(atlas).table("indicator"))
    except NotFound:
        # Own observations are enough to judge by; without any, the reader should build an atlas.
        if own.is_empty():
            raise
        return own
    key = ["indicator", "place", "year"]
    return pl.concat([own, known.join(own, on=key, how="anti", nulls_equal=True)])
