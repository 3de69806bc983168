"""Estimates from files: figures in, figures out."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from corridors.cli.output import Format, emit_rows

app = typer.Typer(no_args_is_help=True, help="Estimate from your own files: figures in, figures out.")


@app.callback()
def group() -> None:
    """Estimate from your own files: figures in, figures out."""


@app.command(
    epilog="[bold]Examples[/bold]\n\n"
    "  corridors estimate flows --stocks stocks.csv --population people.xlsx -o flows.csv\n\n"
    "  corridors estimate flows --stocks stocks.csv --population people.csv "
    "--method minimum-closed --method independence --repair"
)
def flows(
    stocks: Annotated[Path, typer.Option(help="file with origin, destination, year, value")],
    population: Annotated[Path, typer.Option(help="file with country, year, population, births, deaths")],
    method: Annotated[
        list[str] | None, typer.Option("--method", "-m", help="method, several times for several [all]")
    ] = None,
    seed_file: Annotated[
        Path | None, typer.Option("--seed-file", help="file with origin, destination, value: a prior")
    ] = None,
    weight: Annotated[float | None, typer.Option(help="weight of minimum migration [0.87]")] = None,
    sex: Annotated[str, typer.Option(help="label of the result")] = "total",
    repair: Annotated[bool, typer.Option(help="repair contradictions and name them")] = False,
    draws: Annotated[int, typer.Option(min=0, help="draws behind intervals; 0 for none")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="seed of the draws")] = 0,
    format: Annotated[
        Format | None, typer.Option("--format", "-f", help="table (default), csv, json or parquet")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="write to this file instead")] = None,
) -> None:
    """Bilateral flows between consecutive years of your stocks.

    Places can be countries, provinces or anything else, as long as both files spell them alike. What
    had to be repaired is written to the standard error.
    """
    import polars as pl

    from corridors.errors import DataError
    from corridors.evidence import read_file
    from corridors.migration import METHODS, estimate_flows

    stock, people = read_file(stocks, "stocks"), read_file(population, "people")
    prior = read_file(seed_file, "seed") if seed_file is not None else None
    years = sorted(set(stock["year"]))
    if len(years) < 2:
        raise DataError(f"{stocks} has stocks of one year only", remedy="give stocks of two years or more")
    estimates = [
        estimate_flows(
            stock,
            people,
            period,
            sex=sex,
            methods=method or METHODS,
            weight=weight,
            seed_table=prior,
            repair=repair,
            draws=draws,
            seed=seed,
        )
        for period in pairwise(years)
    ]
    for estimate in estimates:
        for change in estimate.adjustments:
            typer.echo(f"{estimate.period[0]}–{estimate.period[1]}: {change.message}", err=True)
    emit_rows(pl.concat(e.to_polars() for e in estimates), format, output)
